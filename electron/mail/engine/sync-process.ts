// A process that keeps one mailbox in sync until it is killed; for tests that kill it. Prints 'done' when up to date.
import { openTestDb } from '../../../db/test-rows.ts'
import { getAccount, insertAccount } from '../../../db/queries/accounts.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { createImapMailbox } from '../imap/imap-mailbox.ts'
import { createParsePool } from '../mime/parse-pool.ts'
import { startEngine } from './engine.ts'

const [file = '', port = ''] = process.argv.slice(2)
const id = 'anna' as AccountId
const db = openTestDb(file)
if (!getAccount(db, id)) {
  const settings = { kind: 'imap' as const, incoming: { host: '127.0.0.1', port: Number(port), security: 'plain' as const }, outgoing: null, userName: 'anna', plainConsent: true, trusted: [] }
  db.write('account', (tx) => insertAccount(tx, id, { name: 'A', address: 'anna@x.example', color: '#000', settings, keep: { bodies: 'all', attachments: 'demand' } }, 0))
}
const engine = startEngine({
  db,
  clock: { now: Date.now, after: (ms, run) => { const timer = setTimeout(run, ms); return () => { clearTimeout(timer) } } },
  parser: createParsePool({ workerUrl: new URL('../mime/parse-worker.ts', import.meta.url), workers: 1 }),
  random: Math.random,
  openMailbox: (account) => {
    if (account.settings.kind !== 'imap') throw new Error('Not an IMAP account.')
    return createImapMailbox({ settings: account.settings, password: () => Promise.resolve('geheim') })
  },
  onState: () => undefined,
  onArrived: () => undefined,
  settleTasks: () => Promise.resolve({ again: null, touched: [] }),
})
const look = setInterval(() => {
  if (!engine.state(id).upToDate) return
  clearInterval(look)
  void db.indexed().then(() => process.stdout.write('done\n'))
}, 50)
