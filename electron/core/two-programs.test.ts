// One account in two programs, each with its own data, on a real mailbox and one real server for sending: what both of them
// were told to send is delivered once.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startDovecot, type Dovecot } from '../../e2e/servers/dovecot.ts'
import { startSmtp, type Smtp } from '../../e2e/servers/smtp.ts'
import type { Draft } from '../../shared/model/draft.ts'
import type { MessageId, OutgoingId } from '../../shared/model/ids.ts'
import { movableClock, startTestProgram, type TestProgram } from './test-program.ts'

type Computer = TestProgram & { readonly skip: (ms: number) => void }

const minute = 60_000
const soon = { timeout: 30_000, interval: 100 }

let dovecot: Dovecot
let smtp: Smtp
let one: Computer
let two: Computer

beforeEach(async () => {
  dovecot = await startDovecot()
  smtp = await startSmtp({ dovecot, open: true, startTls: false })
  one = await computer()
  two = await computer()
}, 60_000)
afterEach(async () => {
  await one.close()
  await two.close()
  await smtp.stop()
  await dovecot.dispose()
})

/** A program whose clock can be moved on. */
async function computer(): Promise<Computer> {
  const clock = movableClock()
  const program = await startTestProgram({ clock })
  await program.api.settings.set({ undoSendSeconds: 0 })
  const plain = (port: number) => ({ host: '127.0.0.1', port, security: 'plain' as const })
  const settings = { kind: 'imap' as const, incoming: plain(dovecot.port), outgoing: { server: plain(smtp.port), signIn: 'none' as const, userName: '', sentCopy: 'here' as const }, userName: 'anna', plainConsent: true, trusted: [] }
  await program.api.accounts.add({ draft: { name: 'Anna Berg', address: 'anna@firm.example', settings }, password: 'geheim', outgoingPassword: null, keep: { bodies: 'all', attachments: 'all' } })
  await expect.poll(async () => (await program.api.accounts.list())[0]?.state.upToDate, soon).toBe(true)
  return { ...program, skip: clock.skip }
}

/** Writes a draft on the first computer and opens it on the second, by way of the server's Drafts. */
async function shared(subject: string): Promise<readonly [Draft, Draft]> {
  const begun = await one.api.drafts.create({ kind: 'new', sourceMessageId: null, accountId: null, identityId: null, to: [{ name: '', address: 'kari@nordmann.example' }], mailto: null })
  await one.api.drafts.save({ id: begun.id, content: { ...begun.content, subject, html: '<p>Hello</p>' }, basedOn: begun.version })
  const draft = async (): Promise<Draft> => (await one.api.drafts.get({ id: begun.id })) ?? expect.fail('the draft is gone')
  await expect.poll(async () => {
    one.skip(5_000)
    const { version, copiedVersion } = await draft()
    return copiedVersion === version
  }, soon).toBe(true)
  let there: MessageId | undefined
  await expect.poll(async () => {
    const [account] = await two.api.accounts.list()
    if (account) await two.api.accounts.syncNow({ id: account.account.id })
    const folder = (await two.api.folders.list()).find((each) => each.special === 'drafts')
    if (!folder) return undefined
    const { rows } = await two.api.threads.list({ source: folder.id, filter: 'all', lane: null, after: null, limit: 20 })
    there = rows.find((row) => row.subject === subject)?.newestMessageId
    return there
  }, soon).toBeDefined()
  if (there === undefined) return expect.fail('no draft on the second computer')
  return [await draft(), await two.api.drafts.open({ messageId: there })]
}

const send = async (on: Computer, draft: Draft, at: number | null): Promise<OutgoingId> => (await on.api.outbox.send({ draftId: draft.id, version: draft.version, at, timeZone: null })).id
const stateOf = async (on: Computer, id: OutgoingId): Promise<string | undefined> => (await on.api.outbox.get({ id }))?.state

async function inSent(subject: string): Promise<number> {
  const session = await dovecot.session('anna')
  try {
    await session.do('EXAMINE Sent')
    return (await session.search(`SUBJECT "${subject}"`)).length
  } finally {
    await session.close()
  }
}

describe('a draft that lies in Drafts for both', () => {
  it('sent by the one and then by the other goes once, and the other asks', async () => {
    const [mine, theirs] = await shared('Both press Send')
    const first = await send(one, mine, null)
    await expect.poll(() => stateOf(one, first), soon).toBe('sent')
    const second = await send(two, theirs, null)
    await expect.poll(() => stateOf(two, second), soon).toBe('uncertain')
    expect((await two.api.outbox.get({ id: second }))?.failure).toMatchObject({ code: 'sent-elsewhere' })
    expect(smtp.received).toHaveLength(1)
    // Told that it arrived, nothing more goes and nothing more is filed.
    await two.api.outbox.resolve({ id: second, answer: 'arrived' })
    await expect.poll(() => stateOf(two, second), soon).toBe('sent')
    expect(smtp.received).toHaveLength(1)
    expect(await inSent('Both press Send')).toBe(1)
  }, 120_000)

  it('is one mail still when the other wrote on in it', async () => {
    const [mine, theirs] = await shared('Both write')
    const { version } = await two.api.drafts.save({ id: theirs.id, content: { ...theirs.content, html: '<p>Hello again</p>' }, basedOn: theirs.version })
    await expect.poll(async () => {
      two.skip(5_000)
      return (await two.api.drafts.get({ id: theirs.id }))?.copiedVersion
    }, soon).toBe(version)
    const session = await dovecot.session('anna')
    try {
      await session.do('EXAMINE Drafts')
      // What a third computer reads there leads to the same name.
      const { untagged } = await session.do('FETCH 1:* BODY.PEEK[HEADER]')
      expect(untagged.join('\n')).toMatch(/;\s+sends=[\w-]{10,60}/)
    } finally {
      await session.close()
    }
    const first = await send(two, { ...theirs, version }, null)
    await expect.poll(() => stateOf(two, first), soon).toBe('sent')
    const second = await send(one, mine, null)
    await expect.poll(() => stateOf(one, second), soon).toBe('uncertain')
    expect(smtp.received).toHaveLength(1)
  }, 120_000)

  it('scheduled by both for the same time goes once when both have that time at once', async () => {
    const [mine, theirs] = await shared('Both at half past eight')
    const at = Date.now() + 30 * minute
    const first = await send(one, mine, at)
    const second = await send(two, theirs, at)
    for (const each of [one, two]) each.skip(30 * minute + 1000)
    await expect.poll(() => stateOf(one, first), soon).toBe('sent')
    await expect.poll(() => stateOf(two, second), soon).toBe('waiting')
    two.skip(30_000)
    await expect.poll(() => stateOf(two, second), soon).toBe('uncertain')
    expect(smtp.received).toHaveLength(1)
    expect(await inSent('Both at half past eight')).toBe(1)
  }, 120_000)

  it('scheduled by both goes once at its time, also from a program whose clock is behind', async () => {
    const [mine, theirs] = await shared('Both schedule')
    const at = Date.now() + 30 * minute
    const first = await send(one, mine, at)
    const second = await send(two, theirs, at)
    expect(await Promise.all([stateOf(one, first), stateOf(two, second)])).toEqual(['scheduled', 'scheduled'])
    one.skip(31 * minute)
    await expect.poll(() => stateOf(one, first), soon).toBe('sent')
    two.skip(31 * minute)
    await expect.poll(() => stateOf(two, second), soon).toBe('uncertain')
    expect((await two.api.outbox.get({ id: second }))?.failure).toMatchObject({ code: 'sent-elsewhere' })
    expect(smtp.received).toHaveLength(1)
    expect(await inSent('Both schedule')).toBe(1)
    // Dropped, it is a draft again, not a mail.
    await two.api.outbox.resolve({ id: second, answer: 'drop' })
    expect(smtp.received).toHaveLength(1)
  }, 120_000)
})
