import { createTransport } from 'nodemailer'
import { describe, expect, it } from 'vitest'
import { startDovecot } from './dovecot.ts'
import type { Dovecot } from './dovecot.ts'
import { startSmtp } from './smtp.ts'
import type { Smtp } from './smtp.ts'

const MAIL = { from: 'anna@shortlist.example', to: 'bert@shortlist.example', subject: 'Hello', text: 'God dag' }
const USERS = { anna: 'geheim', bert: 'geheim' }

const transport = (smtp: Smtp, dovecot: Dovecot, pass = 'geheim'): ReturnType<typeof createTransport> =>
  createTransport({
    host: smtp.host,
    port: smtp.port,
    requireTLS: true,
    tls: { ca: dovecot.certificate.pem },
    auth: { user: 'anna', pass },
  })
const count = async (dovecot: Dovecot, user: string): Promise<string | undefined> => {
  const session = await dovecot.session(user)
  const { untagged } = await session.do('STATUS INBOX (MESSAGES)')
  await session.close()
  return /MESSAGES (\d+)/.exec(untagged.join())?.[1]
}

describe('an SMTP server for tests', () => {
  it('delivers to its users and keeps what it took', async () => {
    await using dovecot = await startDovecot({ users: USERS })
    await using smtp = await startSmtp({ dovecot, users: USERS })
    await transport(smtp, dovecot).sendMail({ ...MAIL, cc: 'somebody@elsewhere.example' })
    expect(smtp.received).toMatchObject([
      { from: MAIL.from, recipients: [MAIL.to, 'somebody@elsewhere.example'], user: 'anna' },
    ])
    expect(await count(dovecot, 'bert')).toBe('1')
    await expect(transport(smtp, dovecot, 'wrong').sendMail(MAIL)).rejects.toMatchObject({ code: 'EAUTH', responseCode: 535 })
    smtp.refuse(MAIL.to, { code: 550, text: '5.1.1 No such user' })
    await expect(transport(smtp, dovecot).sendMail(MAIL)).rejects.toMatchObject({ responseCode: 550 })
  })

  it('can take a message and never say so', async () => {
    await using dovecot = await startDovecot({ users: USERS })
    await using smtp = await startSmtp({ dovecot, users: USERS })
    smtp.loseAnswers(1)
    await expect(transport(smtp, dovecot).sendMail(MAIL)).rejects.toThrow()
    expect(await count(dovecot, 'bert')).toBe('1')
    await transport(smtp, dovecot).sendMail(MAIL)
    expect(await count(dovecot, 'bert')).toBe('2')
  })
})
