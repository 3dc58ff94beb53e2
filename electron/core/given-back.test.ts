// A mail whose fate nobody knows, given back as a draft and sent again, on a real mailbox and a real server for sending.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startDovecot, type Dovecot } from '../../e2e/servers/dovecot.ts'
import { startSmtp, type Smtp } from '../../e2e/servers/smtp.ts'
import type { Draft } from '../../shared/model/draft.ts'
import type { OutgoingId } from '../../shared/model/ids.ts'
import { movableClock, startTestProgram, type TestProgram } from './test-program.ts'

const soon = { timeout: 30_000, interval: 100 }
const clock = movableClock()

let dovecot: Dovecot
let smtp: Smtp
let program: TestProgram

beforeEach(async () => {
  dovecot = await startDovecot()
  smtp = await startSmtp({ dovecot, open: true, startTls: false })
  program = await startTestProgram({ clock })
  await program.api.settings.set({ undoSendSeconds: 0 })
  const plain = (port: number) => ({ host: '127.0.0.1', port, security: 'plain' as const })
  const settings = { kind: 'imap' as const, incoming: plain(dovecot.port), outgoing: { server: plain(smtp.port), signIn: 'none' as const, userName: '', sentCopy: 'here' as const }, userName: 'anna', plainConsent: true, trusted: [] }
  await program.api.accounts.add({ draft: { name: 'Anna Berg', address: 'anna@firm.example', settings }, password: 'geheim', outgoingPassword: null, keep: { bodies: 'all', attachments: 'all' } })
  await expect.poll(async () => (await program.api.accounts.list())[0]?.state.upToDate, soon).toBe(true)
}, 60_000)
afterEach(async () => {
  await program.close()
  await smtp.stop()
  await dovecot.dispose()
})

const stateOf = async (id: OutgoingId): Promise<string | undefined> => (await program.api.outbox.get({ id }))?.state
const send = async ({ id }: Draft): Promise<OutgoingId> => {
  const { version, copiedVersion } = (await program.api.drafts.get({ id })) ?? expect.fail('the draft is gone')
  expect(copiedVersion).toBeNull()
  return (await program.api.outbox.send({ draftId: id, version, at: null, timeZone: null })).id
}

/** Sent without an answer, and given back when it was not found in Sent. */
async function givenBack(): Promise<Draft> {
  const { api } = program
  const draft = await api.drafts.create({ kind: 'new', sourceMessageId: null, accountId: null, identityId: null, to: [{ name: '', address: 'kari@nordmann.example' }], mailto: null })
  await api.drafts.save({ id: draft.id, content: { ...draft.content, subject: 'No answer', html: '<p>Hello</p>' }, basedOn: draft.version })
  smtp.loseAnswers(1)
  const id = await send(draft)
  await expect.poll(async () => {
    clock.skip(5_000)
    return stateOf(id)
  }, soon).toBe('uncertain')
  await api.outbox.resolve({ id, answer: 'drop' })
  return draft
}

it('that arrived after all is noticed and asked about, not sent twice', async () => {
  const draft = await givenBack()
  const [first] = smtp.received
  await dovecot.deliver('anna', 'Sent', first?.raw ?? expect.fail('nothing was sent'))
  const id = await send(draft)
  await expect.poll(() => stateOf(id), soon).toBe('uncertain')
  expect((await program.api.outbox.get({ id }))?.failure).toMatchObject({ code: 'sent-elsewhere' })
  expect(smtp.received).toHaveLength(1)
}, 120_000)

it('that is not in Sent goes under the same Message-ID, by which servers know the second one', async () => {
  const id = await send(await givenBack())
  await expect.poll(() => stateOf(id), soon).toBe('sent')
  const names = smtp.received.map(({ raw }) => /^Message-ID: (.*)$/im.exec(raw.toString())?.[1])
  expect(names).toHaveLength(2)
  expect(names[1]).toBe(names[0])
}, 120_000)
