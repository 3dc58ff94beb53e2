// Two thousand actions done offline and told to a real Dovecot when the line is back, next to a bare loop of the IMAP library
// that sends the same changes one command each. Prints a table; a ratio below 1 means the queue, with everything it
// remembers, is faster than the loop.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ImapFlow } from 'imapflow'
import { insertAccount } from '../db/queries/accounts.ts'
import { listFolders, mirrorFolders, syncFolder, syncFolders } from '../db/queries/folders.ts'
import { openTestDb } from '../db/test-rows.ts'
import { startDovecot } from '../e2e/servers/dovecot.ts'
import { pullFolder } from '../electron/mail/engine/pull-folder.ts'
import { createImapMailbox } from '../electron/mail/imap/imap-mailbox.ts'
import { parseHeaders } from '../electron/mail/mime/mime.ts'
import { openTaskQueue } from '../electron/tasks/task-queue.ts'
import { openTriage } from '../electron/tasks/triage.ts'
import type { AccountId, FolderId, MessageId } from '../shared/model/ids.ts'

const { values } = parseArgs({ options: { actions: { type: 'string', default: '2000' } } })
const actions = Number(values.actions)
const messages = actions / 2
const { signal } = new AbortController()
const user = 'bench'

const mail = (index: number): Buffer =>
  Buffer.from(`From: Ada <ada@x.example>\r\nTo: bench@x.example\r\nSubject: Mail ${String(index)}\r\nDate: Mon, 02 Nov 2026 09:00:00 +0000\r\nMessage-ID: <m${String(index)}@x>\r\n\r\nText ${String(index)}.\r\n`)

const dovecot = await startDovecot({ users: { [user]: user, bare: user } })
const dir = mkdtempSync(join(tmpdir(), 'shortlist-replay-'))
try {
  await dovecot.stop()
  for (const name of [user, 'bare']) {
    const maildir = dovecot.maildir(name)
    for (let index = 0; index < messages; index++) maildir.add([], { raw: mail(index), flags: [], date: new Date(Date.UTC(2026, 10, 2) + index * 1000) })
  }
  await dovecot.start()

  const db = openTestDb(join(dir, 'a.db'))
  const mailbox = createImapMailbox({
    settings: { kind: 'imap', incoming: { host: dovecot.host, port: dovecot.port, security: 'plain' }, outgoing: null, userName: user, plainConsent: true, trusted: [] },
    password: () => Promise.resolve(user),
  })
  const account = db.write('account', (tx) =>
    insertAccount(tx, 'bench' as AccountId, { name: 'B', address: 'bench@x.example', color: '#000', settings: { kind: 'sample' }, keep: { bodies: 'all', attachments: 'demand' } }, 0),
  )
  const parser = { parse: () => Promise.reject(new Error('No texts here.')), parseHeaders: (blocks: readonly Uint8Array[]) => Promise.resolve(blocks.map((block) => parseHeaders(block))) }
  const look = async (id: FolderId): Promise<void> => {
    const folder = syncFolder(db, id)
    if (folder) await pullFolder({ db, account, mailbox, folder, mark: null, parser, clock: { now: Date.now, after: () => () => undefined }, signal }, () => undefined)
  }
  const listing = await mailbox.listFolders(signal)
  db.write('mirror', (tx) => mirrorFolders(tx, account.id, listing))
  for (const folder of syncFolders(db, account.id)) if (folder.selectable) await look(folder.id)

  const triage = openTriage({ db, now: Date.now })
  const queue = openTaskQueue({ db, now: Date.now, onRefused: (_account, notice) => { throw new Error(notice.code) } })
  const ids = db.all<{ id: MessageId }>('SELECT id FROM message ORDER BY id').map((row) => row.id)
  const local: number[] = []
  for (const id of ids) {
    for (const action of [{ type: 'seen', seen: true }, { type: 'archive' }] as const) {
      const started = performance.now()
      await triage.act({ messages: [id] }, action)
      local.push(performance.now() - started)
    }
  }
  local.sort((a, b) => a - b)
  let started = performance.now()
  await queue.settle(account, mailbox, signal, look)
  const replayed = performance.now() - started
  const archive = listFolders(db).find((one) => one.special === 'archive')
  if (archive?.total !== messages) throw new Error('The replay lost something.')
  await mailbox.close()
  await db.close()

  const client = new ImapFlow({ host: '127.0.0.1', port: dovecot.port, secure: false, doSTARTTLS: false, tls: { rejectUnauthorized: false }, auth: { user: 'bare', pass: user }, logger: false })
  await client.connect()
  const lock = await client.getMailboxLock('INBOX')
  const uids = (await client.search({ all: true }, { uid: true })) || []
  started = performance.now()
  for (const uid of uids) {
    await client.messageFlagsAdd(String(uid), ['\\Seen'], { uid: true, silent: true })
    await client.messageMove(String(uid), 'Archive', { uid: true })
  }
  const bare = performance.now() - started
  lock.release()
  await client.logout()

  const rate = (ms: number): string => `${Math.round((actions / ms) * 1000).toLocaleString('en')}/s`
  const rows: readonly (readonly [string, string, string])[] = [
    ['an action here, local half, p50 / p95', `${(local[Math.floor(local.length / 2)] ?? 0).toFixed(2)} / ${(local[Math.floor(local.length * 0.95)] ?? 0).toFixed(2)} ms`, ''],
    [`${actions.toLocaleString('en')} queued actions replayed`, `${(replayed / 1000).toFixed(2)} s`, rate(replayed)],
    ['  bare imapflow loop, one command each', `${(bare / 1000).toFixed(2)} s`, rate(bare)],
    ['  ratio, below 1 is faster than the loop', (replayed / bare).toFixed(3), ''],
  ]
  for (const [what, value, more] of rows) console.log(`${what.padEnd(44)} ${value.padStart(16)}  ${more}`)
} finally {
  await dovecot.dispose()
  rmSync(dir, { recursive: true, force: true })
}
