// A process that sends one mail and ends itself as by kill -9 at a named point of its way; for tests. Started again on the
// same folder it goes on, and prints what became of the mail when nothing more happens by itself.
import { join } from 'node:path'
import { existsSync } from 'node:fs'
import { getAccount, insertAccount } from '../../db/queries/accounts.ts'
import { listOutgoing } from '../../db/queries/outgoing.ts'
import { openTestDb } from '../../db/test-rows.ts'
import type { AccountId } from '../../shared/model/ids.ts'
import { createImapMailbox } from '../mail/imap/imap-mailbox.ts'
import { frozenMailIn } from './frozen-mail.ts'
import { openOutbox } from './outbox.ts'

export type SendingOrder = {
  readonly dir: string
  readonly imapPort: number
  readonly smtpPort: number
  readonly sentCopy: 'auto' | 'here'
  readonly headerMessageId: string
  readonly bytes: number
  /** The point to end at, and which time it is passed; null: go on to the end. */
  readonly killAt: { readonly point: string; readonly nth: number } | null
}

const order = JSON.parse(process.argv[2] ?? '') as SendingOrder
const account = 'anna' as AccountId
const file = join(order.dir, 'a.db')
const isNew = !existsSync(file)
const db = openTestDb(file)
if (!getAccount(db, account)) {
  const plain = (port: number) => ({ host: '127.0.0.1', port, security: 'plain' as const })
  const settings = { kind: 'imap' as const, incoming: plain(order.imapPort), outgoing: { server: plain(order.smtpPort), signIn: 'incoming' as const, userName: '', sentCopy: order.sentCopy }, userName: 'anna', plainConsent: true, trusted: [] }
  db.write('account', (tx) => insertAccount(tx, account, { name: 'A', address: 'anna@x.example', color: '#000', settings, keep: { bodies: 'all', attachments: 'demand' } }, 0))
}
const { settings } = getAccount(db, account) ?? {}
if (settings?.kind !== 'imap' || !settings.outgoing) throw new Error('no account')
const mailbox = createImapMailbox({ settings: { ...settings, outgoing: { ...settings.outgoing, server: { ...settings.outgoing.server, port: order.smtpPort } } }, password: () => Promise.resolve('geheim') })
let passed = 0
const outbox = openOutbox({
  db,
  clock: { now: Date.now, after: (ms, run) => { const timer = setTimeout(run, ms); return () => { clearTimeout(timer) } } },
  random: () => 0,
  frozen: frozenMailIn(join(order.dir, 'outgoing')),
  mailboxOf: () => mailbox,
  policy: () => ({ undoSendSeconds: 0, lateSend: 'late', lateSendHours: 2 }),
  onDelivered: () => undefined,
  onReturned: () => undefined,
  notice: () => undefined,
  onProgress: () => undefined,
  onStep(point) {
    if (order.killAt?.point === point && ++passed === order.killAt.nth) process.kill(process.pid, 'SIGKILL')
  },
})
if (isNew) {
  const raw = Buffer.from(`From: anna@x.example\r\nTo: bert@x.example\r\nSubject: Once\r\nMessage-ID: <${order.headerMessageId}>\r\n\r\n${`${'x'.repeat(70)}\r\n.\r\n`.repeat(Math.ceil(order.bytes / 75))}`)
  const frozen = await outbox.freeze({ raw, copy: raw, headerMessageId: order.headerMessageId, identityId: null, from: { name: '', address: 'anna@x.example' }, subject: 'Once', recipients: [{ name: '', address: 'bert@x.example', kind: 'to' }], notify: false })
  db.write('send', (tx) => outbox.take(tx, frozen, { accountId: account, draftId: null, sourceMessageId: null, sourceMark: null, lookFirst: false, at: null, timeZone: null }), { durable: true })
}
const look = setInterval(() => {
  const mail = [...listOutgoing(db, 'open', null, 1).rows, ...listOutgoing(db, 'done', null, 1).rows][0]
  if (mail && mail.state !== 'sent' && mail.state !== 'uncertain' && mail.state !== 'refused') return
  clearInterval(look)
  // Once a mail is sent its files still go.
  void outbox.settled().then(() => process.stdout.write(`${JSON.stringify({ state: mail?.state ?? 'never-taken', failure: mail?.failure ?? null })}\n`, () => process.exit(0)))
}, 30)
