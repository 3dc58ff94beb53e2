// The end of the program while mail is in its seconds for taking back, or on its way, over a real SMTP server into a real Dovecot.
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { startDovecot, type Dovecot } from '../../e2e/servers/dovecot.ts'
import { startSmtp, type Smtp } from '../../e2e/servers/smtp.ts'
import type { Db } from '../../db/handles.ts'
import { getOutgoing } from '../../db/queries/outgoing.ts'
import { addAccount, openTestDb } from '../../db/test-rows.ts'
import type { AccountId, OutgoingId } from '../../shared/model/ids.ts'
import { createImapMailbox } from '../mail/imap/imap-mailbox.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { frozenMailIn } from './frozen-mail.ts'
import { openOutbox, type Outbox } from './outbox.ts'

/** Timers run this much faster, so that the longest wait is short. */
const haste = 10

let dovecot: Dovecot
let smtp: Smtp
let dir: string
let db: Db
let account: AccountId
let mailboxes: Mailbox[]

beforeAll(async () => {
  dovecot = await startDovecot({ users: { anna: 'geheim', bert: 'geheim' } })
  smtp = await startSmtp({ dovecot, users: { anna: 'geheim', bert: 'geheim' }, open: true, startTls: false })
}, 60_000)
afterAll(async () => {
  await smtp.stop()
  await dovecot.dispose()
})
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-closing-'))
  db = openTestDb(join(dir, 'a.db'))
  account = addAccount(db)
  mailboxes = []
})
afterEach(async () => {
  smtp.answerAfter(0)
  for (const mailbox of mailboxes) await mailbox.close()
  await db.close()
  rmSync(dir, { recursive: true })
})

function opened(smtpPort = smtp.port): Outbox {
  const plain = (port: number) => ({ host: '127.0.0.1', port, security: 'plain' as const })
  const mailbox = createImapMailbox({
    settings: { kind: 'imap', incoming: plain(dovecot.port), outgoing: { server: plain(smtpPort), signIn: 'incoming', userName: '', sentCopy: 'here' }, userName: 'anna', plainConsent: true, trusted: [] },
    password: () => Promise.resolve('geheim'),
  })
  mailboxes.push(mailbox)
  return openOutbox({
    db,
    clock: { now: Date.now, after: (ms, run) => { const timer = setTimeout(run, ms / haste); return () => { clearTimeout(timer) } } },
    random: () => 0,
    frozen: frozenMailIn(join(dir, 'outgoing')),
    mailboxOf: () => mailbox,
    // Never over by itself while a test runs.
    policy: () => ({ undoSendSeconds: 60, lateSend: 'late', lateSendHours: 2 }),
    onDelivered: () => undefined,
    onReturned: () => undefined,
    notice: () => undefined,
    onProgress: () => undefined,
  })
}

let mails = 0
async function send(outbox: Outbox, at: number | null = null): Promise<{ readonly id: OutgoingId; readonly headerMessageId: string }> {
  const headerMessageId = `closing.${String(++mails)}@x.example`
  const raw = Buffer.from(`From: anna@x.example\r\nTo: bert@x.example\r\nSubject: Last\r\nMessage-ID: <${headerMessageId}>\r\n\r\nBye\r\n`)
  const frozen = await outbox.freeze({ raw, copy: raw, headerMessageId, identityId: null, from: { name: '', address: 'anna@x.example' }, subject: 'Last', recipients: [{ name: '', address: 'bert@x.example', kind: 'to' }], notify: false })
  const id = db.write('send', (tx) => outbox.take(tx, frozen, { accountId: account, draftId: null, sourceMessageId: null, sourceMark: null, lookFirst: false, at, timeZone: null }))
  return { id, headerMessageId }
}

const stateOf = (id: OutgoingId): string | undefined => getOutgoing(db, id)?.state
const deliveriesOf = (headerMessageId: string): number => smtp.received.filter(({ raw }) => raw.includes(`Message-ID: <${headerMessageId}>`)).length
async function copiesOf(headerMessageId: string): Promise<number> {
  const session = await dovecot.session('anna')
  try {
    await session.do('EXAMINE Sent')
    return (await session.search(`HEADER Message-ID "<${headerMessageId}>"`)).length
  } finally {
    await session.close()
  }
}

it('sends and files what was in its seconds, and leaves what has a time', async () => {
  const outbox = opened()
  const now = await send(outbox)
  const later = await send(outbox, Date.now() + 3_600_000)
  await outbox.close()
  expect([stateOf(now.id), stateOf(later.id)]).toEqual(['sent', 'scheduled'])
  const next = opened()
  await next.settled()
  await next.close()
  expect([deliveriesOf(now.headerMessageId), await copiesOf(now.headerMessageId)]).toEqual([1, 1])
  expect([deliveriesOf(later.headerMessageId), await copiesOf(later.headerMessageId)]).toEqual([0, 0])
})

it('says that it waits for a slow server, and waits', async () => {
  smtp.answerAfter(400)
  const outbox = opened()
  const { id, headerMessageId } = await send(outbox)
  let waits = 0
  await outbox.close(() => waits++)
  expect(waits).toBe(1)
  expect(stateOf(id)).toBe('sent')
  expect([deliveriesOf(headerMessageId), await copiesOf(headerMessageId)]).toEqual([1, 1])
})

it('does not wait for ever for a server that says nothing; the mail goes at the next start, once', async () => {
  const mute = createServer(() => undefined)
  const guests = new Set<{ destroy(): unknown }>()
  mute.on('connection', (socket) => {
    guests.add(socket)
    socket.on('error', () => undefined)
  })
  mute.listen(0, '127.0.0.1')
  await once(mute, 'listening')
  const outbox = opened((mute.address() as AddressInfo).port)
  const { id, headerMessageId } = await send(outbox)
  await outbox.close()
  expect(guests.size).toBe(1)
  expect(stateOf(id)).toBe('waiting')
  for (const guest of guests) guest.destroy()
  mute.close()
  const next = opened()
  await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe('sent')
  await next.close()
  expect([deliveriesOf(headerMessageId), await copiesOf(headerMessageId)]).toEqual([1, 1])
}, 40_000)

it('leaves to the next start what no server takes now', async () => {
  const outbox = opened(1)
  const { id, headerMessageId } = await send(outbox)
  await outbox.close()
  expect(stateOf(id)).toBe('waiting')
  const next = opened()
  next.retry(id)
  await expect.poll(() => stateOf(id), { timeout: 20_000 }).toBe('sent')
  await next.close()
  expect([deliveriesOf(headerMessageId), await copiesOf(headerMessageId)]).toEqual([1, 1])
}, 40_000)
