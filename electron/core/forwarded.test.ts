// A forward marks what it forwards: here, on the server, and so on the other computer and in other programs.
import { afterEach, expect, it } from 'vitest'
import { startDovecot, type Dovecot } from '../../e2e/servers/dovecot.ts'
import { mail } from '../../e2e/app/mail.ts'
import { startSmtp, type Smtp } from '../../e2e/servers/smtp.ts'
import type { ThreadRow } from '../../shared/model/message.ts'
import { startTestProgram, type TestProgram } from './test-program.ts'

const programs: TestProgram[] = []
const servers: (Dovecot | Smtp)[] = []
afterEach(async () => {
  for (const program of programs.splice(0)) await program.close()
  for (const server of servers.splice(0)) await server[Symbol.asyncDispose]()
})

const soon = { timeout: 30_000, interval: 100 }

async function started(sample: boolean): Promise<TestProgram> {
  const program = await startTestProgram({ sample })
  programs.push(program)
  await program.api.settings.set({ undoSendSeconds: 0 })
  return program
}

async function onDovecot(dovecot: Dovecot, smtp: Smtp): Promise<TestProgram> {
  const program = await started(false)
  const plain = (port: number) => ({ host: '127.0.0.1', port, security: 'plain' as const })
  const settings = { kind: 'imap' as const, incoming: plain(dovecot.port), outgoing: { server: plain(smtp.port), signIn: 'none' as const, userName: '', sentCopy: 'here' as const }, userName: 'anna', plainConsent: true, trusted: [] }
  await program.api.accounts.add({ draft: { name: 'Anna Berg', address: 'anna@firm.example', settings }, password: 'geheim', outgoingPassword: null, keep: { bodies: 'all', attachments: 'all' } })
  await expect.poll(async () => (await program.api.accounts.list())[0]?.state.upToDate, soon).toBe(true)
  return program
}

async function rowOf({ api }: TestProgram, subject: string): Promise<ThreadRow | undefined> {
  const [folder] = (await api.folders.list()).filter((one) => one.special === 'inbox')
  if (!folder) return undefined
  const { rows } = await api.threads.list({ source: folder.id, filter: 'all', lane: null, after: null, limit: 100 })
  return rows.find((row) => row.subject === subject)
}

async function forward({ api }: TestProgram, row: ThreadRow, to: string): Promise<void> {
  const draft = await api.drafts.create({ kind: 'forward', sourceMessageId: row.newestMessageId, accountId: null, identityId: null, to: [{ name: '', address: to }], mailto: null })
  const { version } = await api.drafts.save({ id: draft.id, content: { ...draft.content, to: [{ name: '', address: to }], html: '<p>For you.</p>' }, basedOn: draft.version })
  await api.outbox.send({ draftId: draft.id, version, at: null, timeZone: null })
}

it('is marked here and on the server, and the other computer reads it there', async () => {
  const dovecot = await startDovecot()
  const smtp = await startSmtp({ dovecot, open: true, startTls: false })
  servers.push(smtp, dovecot)
  await dovecot.deliver('anna', 'INBOX', mail({ subject: 'Her references' }))
  const one = await onDovecot(dovecot, smtp)
  const two = await onDovecot(dovecot, smtp)
  const row = await rowOf(one, 'Her references')
  if (!row) return expect.fail('no mail')
  expect(row.forwarded).toBe(false)
  await forward(one, row, 'kari@nordmann.example')
  await expect.poll(async () => (await rowOf(one, 'Her references'))?.forwarded, soon).toBe(true)
  expect(await one.api.messages.get({ id: row.newestMessageId })).toMatchObject({ forwarded: true, answered: false })

  const other = await dovecot.session('anna')
  try {
    await other.do('SELECT INBOX')
    await expect.poll(() => other.search('KEYWORD $Forwarded'), soon).toHaveLength(1)
    await expect.poll(async () => (await rowOf(two, 'Her references'))?.forwarded, soon).toBe(true)
    expect(await rowOf(two, 'Her references')).toMatchObject({ answered: false })

    // As on a server that keeps no keywords: who forwarded it knows all the same, who only read of it does not.
    await other.do('STORE 1 -FLAGS ($Forwarded)')
    await expect.poll(async () => (await rowOf(two, 'Her references'))?.forwarded, soon).toBe(false)
    await expect.poll(async () => (await one.api.accounts.list())[0]?.state.upToDate, soon).toBe(true)
    expect(await rowOf(one, 'Her references')).toMatchObject({ forwarded: true })
    expect(smtp.received).toHaveLength(1)
  } finally {
    await other.close()
  }
}, 90_000)

it('is marked once it is delivered and not while it can be taken back, in the sample mailbox too', async () => {
  const program = await started(true)
  await program.api.settings.set({ undoSendSeconds: 60 })
  let found: ThreadRow | undefined
  await expect.poll(async () => {
    const [folder] = (await program.api.folders.list()).filter((one) => one.special === 'inbox')
    if (!folder) return null
    found = (await program.api.threads.list({ source: folder.id, filter: 'all', lane: null, after: null, limit: 100 })).rows.find((row) => row.messageCount === 1 && !row.forwarded)
    return found ?? null
  }, soon).not.toBeNull()
  if (!found) return
  const { id, newestMessageId } = found
  const isForwarded = async (): Promise<boolean | undefined> => (await program.api.messages.get({ id: newestMessageId }))?.forwarded
  await forward(program, found, 'kari@nordlys.example')
  const [mailOut] = (await program.api.outbox.list({ part: 'open', after: null, limit: 10 })).rows
  if (!mailOut) return expect.fail('nothing to send')
  expect(await isForwarded()).toBe(false)
  await program.api.outbox.cancel({ id: mailOut.id })
  expect(await isForwarded()).toBe(false)

  await program.api.settings.set({ undoSendSeconds: 0 })
  await forward(program, found, 'kari@nordlys.example')
  await expect.poll(isForwarded, soon).toBe(true)
  await expect.poll(async () => (await program.api.queue.list()).rows, soon).toEqual([])
  expect((await program.api.threads.get({ id }))?.messages.find((one) => one.id === newestMessageId)).toMatchObject({ forwarded: true })
}, 90_000)
