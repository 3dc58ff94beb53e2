// Sending beside a bare nodemailer loop: the same messages to the same SMTP server on loopback, over one connection each.
// The whole way of the outbox is measured too, with everything that makes it certain: freezing, durable writes, filing.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { addAccount, openTestDb } from '../db/test-rows.ts'
import { listOutgoing } from '../db/queries/outgoing.ts'
import { startSmtp } from '../e2e/servers/smtp.ts'
import { createSubmitter } from '../electron/mail/smtp/submitter.ts'
import type { Mailbox } from '../electron/mail/mailbox.ts'
import { frozenMailIn } from '../electron/tasks/frozen-mail.ts'
import { openOutbox } from '../electron/tasks/outbox.ts'

const count = Number(process.argv[2] ?? 200)
const kilobytes = Number(process.argv[3] ?? 20)

await using smtp = await startSmtp({ implicitTls: true })
const raw = (id: string): Buffer => Buffer.from(`From: a@x.example\r\nTo: b@x.example\r\nMessage-ID: <${id}>\r\nSubject: bench\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(Math.ceil((kilobytes * 1024) / 78))}`)
const ids = (name: string): string[] => Array.from({ length: count }, (_, at) => `${name}.${String(at)}@x.example`)
const rows: { what: string; messages: number; ms: number; 'per second': number }[] = []
async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const from = performance.now()
  await work()
  const ms = performance.now() - from
  rows.push({ what, messages: count, ms: Math.round(ms), 'per second': Math.round((count / ms) * 1000) })
}

await timed('nodemailer, one pooled connection', async () => {
  const transport = createTransport({ host: smtp.host, port: smtp.port, secure: true, pool: true, maxConnections: 1, maxMessages: Number.POSITIVE_INFINITY, tls: { ca: smtp.certificate.pem }, auth: { user: 'anna', pass: 'geheim' } })
  for (const id of ids('nodemailer')) await transport.sendMail({ envelope: { from: 'a@x.example', to: ['b@x.example'] }, raw: raw(id) })
  transport.close()
})

const server = {
  server: { host: smtp.host, port: smtp.port, security: 'tls' as const },
  plainConsent: false,
  trusted: [{ host: smtp.host, fingerprint: smtp.certificate.fingerprint256, pem: smtp.certificate.pem }],
  signIn: { kind: 'password' as const, userName: 'anna', password: () => Promise.resolve('geheim') },
}
await timed('submitter', async () => {
  const submitter = createSubmitter({ server })
  const { signal } = new AbortController()
  for (const id of ids('submitter')) {
    await submitter.submit({ raw: raw(id), headerMessageId: id, from: 'a@x.example', to: ['b@x.example'], holdUntil: null, notify: false }, { signal, onPointOfNoReturn: () => undefined, onRoute: () => undefined })
  }
  submitter.close()
})

const dir = mkdtempSync(join(tmpdir(), 'shortlist-bench-send-'))
const db = openTestDb(join(dir, 'a.db'))
try {
  const account = addAccount(db)
  const submitter = createSubmitter({ server })
  const sent: string[] = []
  // A mailbox whose folder for sent mail costs nothing: what is measured is the sending.
  const mailbox: Pick<Mailbox, 'submit' | 'savesSent' | 'listFolders' | 'append' | 'findByMessageId' | 'holdLimit'> = {
    submit: submitter.submit,
    holdLimit: submitter.holdLimit,
    savesSent: () => Promise.resolve(false),
    listFolders: () => Promise.resolve([{ remoteId: 'Sent', parentRemoteId: null, name: 'Sent', special: 'sent', selectable: true, subscribed: true, status: null }]),
    append: () => Promise.resolve(String(sent.push(''))),
    findByMessageId: () => Promise.resolve([]),
  }
  const outbox = openOutbox({
    db,
    clock: { now: Date.now, after: (ms, run) => { const timer = setTimeout(run, ms); return () => { clearTimeout(timer) } } },
    random: Math.random,
    frozen: frozenMailIn(join(dir, 'outgoing')),
    mailboxOf: () => mailbox as Mailbox,
    policy: () => ({ undoSendSeconds: 0, lateSend: 'late', lateSendHours: 2 }),
    onDelivered: () => undefined, onReturned: () => undefined, notice: () => undefined, onProgress: () => undefined,
    perMinute: Number.POSITIVE_INFINITY,
  })
  await timed('outbox, from Send to Sent', async () => {
    for (const id of ids('outbox')) {
      const bytes = raw(id)
      const frozen = await outbox.freeze({ raw: bytes, copy: bytes, headerMessageId: id, identityId: null, from: { name: '', address: 'a@x.example' }, subject: 'bench', recipients: [{ name: '', address: 'b@x.example', kind: 'to' }], notify: false })
      db.write('send', (tx) => outbox.take(tx, frozen, { accountId: account, draftId: null, sourceMessageId: null, sourceMark: null, lookFirst: false, at: null, timeZone: null }), { durable: true })
    }
    while (listOutgoing(db, 'open', null, 1).rows.length > 0) await new Promise((later) => setTimeout(later, 5))
  })
  await outbox.close()
  submitter.close()
} finally {
  await db.close()
  rmSync(dir, { recursive: true })
}
console.table(rows)
