// Runs in a thread of its own: keeps the search index equal to the mail database, whose queue says which messages changed,
// and takes the mail database's log back into it. The only writer of the index file; never writes the mail database.
// A batch is safe to repeat: a row is replaced, and a message that is gone is only removed.
import { parentPort, workerData } from 'node:worker_threads'
import { setImmediate } from 'node:timers/promises'
import Database from 'better-sqlite3'

export type IndexWork = { readonly file: string; readonly searchFile: string }
/** Every queue row up to this one is in the index. */
export type IndexDone = { readonly through: number }

const batchSize = 400
/** Characters of a text that are indexed. */
const indexedText = 512 * 1024
/** Pages of log (8 kB each) after which it is taken back into the database. */
const logPages = 2_000

type Person = { readonly name: string; readonly address: string }

const port = parentPort
if (port === null) throw new Error('The index worker runs as a worker thread.')
const { file, searchFile } = workerData as IndexWork

const mail = new Database(file)
mail.pragma('cache_size = -8192')
const index = new Database(searchFile)
index.pragma('journal_mode = WAL')
// The mail database forgets what was queued once the index says it has it, so the index must really have it.
index.pragma('synchronous = FULL')
index.pragma('cache_size = -16384')
index.pragma('journal_size_limit = 67108864')

const queued = mail.prepare('SELECT seq, message_id FROM index_queue WHERE seq > ? ORDER BY seq LIMIT ?')
const read = mail.prepare(
  `SELECT m.subject, m.from_name || ' ' || m.from_address AS sender, m.people, coalesce(substr(t.body, 1, ${String(indexedText)}), '') AS body, coalesce(t.filenames, '') AS filenames
   FROM message m LEFT JOIN message_text t ON t.message_id = m.id WHERE m.id = ?`,
)
const remove = index.prepare('DELETE FROM search WHERE rowid = ?')
const insert = index.prepare('INSERT INTO search (rowid, subject, sender, recipients, body, filenames) VALUES (?, ?, ?, ?, ?, ?)')

function recipients(json: string): string {
  const people = JSON.parse(json) as { to: Person[]; cc: Person[]; bcc: Person[] }
  return [...people.to, ...people.cc, ...people.bcc].map((one) => `${one.name} ${one.address}`).join(' ')
}

const writeBatch = index.transaction((ids: ReadonlySet<number>) => {
  for (const id of ids) {
    const row = read.get(id) as { subject: string; sender: string; people: string; body: string; filenames: string } | undefined
    remove.run(id)
    if (row) insert.run(id, row.subject, row.sender, recipients(row.people), row.body, row.filenames)
  }
})

let through = 0
/** Set from outside while a batch is at work. */
const asked = { again: false, close: false }
const askedAgain = (): boolean => asked.again
const closing = (): boolean => asked.close
let busy = false

async function work(): Promise<void> {
  if (busy) {
    asked.again = true
    return
  }
  busy = true
  do {
    asked.again = false
    for (;;) {
      const rows = queued.all(through, batchSize) as { seq: number; message_id: number }[]
      const last = rows.at(-1)
      if (!last || closing()) break
      writeBatch(new Set(rows.map((row) => row.message_id)))
      through = last.seq
      port?.postMessage({ through } satisfies IndexDone)
      checkpoint()
      await setImmediate()
    }
  } while (askedAgain() && !closing())
  checkpoint()
  busy = false
  if (closing()) close()
}

function checkpoint(): void {
  const [state] = mail.pragma('wal_checkpoint(NOOP)') as { log: number; checkpointed: number }[]
  if (state && state.log - Math.max(0, state.checkpointed) > logPages) mail.pragma('wal_checkpoint(PASSIVE)')
}

function close(): void {
  mail.pragma('wal_checkpoint(PASSIVE)')
  mail.close()
  index.close()
  process.exit(0)
}

port.on('message', (message: 'work' | 'close') => {
  if (message === 'close') {
    asked.close = true
    if (!busy) close()
  } else {
    void work()
  }
})
