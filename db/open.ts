// Opens the database and owns its one writer. Queries are plain functions over a Reader; a write is one synchronous
// transaction over a Tx, which also notes what it touched. What was touched is announced after the commit and
// coalesced, never before and never for a transaction that rolled back. Nothing here awaits inside a transaction.
// The search index is a second file that only the index worker writes, from what the mail database says is to be indexed;
// it also takes the log back into the database, so that neither costs this thread anything.
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import Database from 'better-sqlite3'
import type { Topic } from '../shared/api/events.ts'
import type { AccountId, FolderId, MessageId, ThreadId } from '../shared/model/ids.ts'
import { createSearch, derivedTriggers, searchVersion } from './derived.sql.ts'
import type { ChangeSet, Db, Reader, Tx, Value } from './handles.ts'
import type { IndexDone, IndexWork } from './index-worker.ts'
import { refreshThreads } from './queries/thread-summary.ts'

export type DbPlace = {
  /** The mail database; the search index lies beside it. */
  readonly file: string
  readonly migrationsDir: string
  /** The built index-worker, or its .ts source where Node strips types itself. */
  readonly indexWorkerUrl: URL
}

type MutableChanges = {
  folders: Set<FolderId>
  threads: Set<ThreadId>
  bodies: Map<MessageId, ThreadId>
  trees: Set<AccountId>
  accounts: boolean
  tasks: Set<AccountId>
  topics: Set<Topic>
  searchable: boolean
}
const noChanges = (): MutableChanges => ({ folders: new Set(), threads: new Set(), bodies: new Map(), trees: new Set(), accounts: false, tasks: new Set(), topics: new Set(), searchable: false })

/** A burst of commits is indexed together, milliseconds after the first. */
const indexAfterMs = 20
/** How long changes gather before they are announced, milliseconds: at most ten redraws a second during a sync. */
const announceAfterMs = 60

export class DatabaseTooNew extends Error {}

export function openDb({ file, migrationsDir, indexWorkerUrl }: DbPlace): Db {
  const sqlite = new Database(file)
  sqlite.pragma('page_size = 8192')
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = NORMAL')
  sqlite.pragma('cache_size = -32768')
  // The log shrinks again after a long sync, bytes.
  sqlite.pragma('journal_size_limit = 67108864')
  sqlite.pragma('temp_store = MEMORY')
  migrate(sqlite, migrationsDir)
  sqlite.pragma('foreign_keys = ON')
  const searchFile = `${file.replace(/\.db$/, '')}-search.db`
  if (prepareSearch(searchFile)) sqlite.exec('DELETE FROM index_queue; INSERT INTO index_queue (message_id) SELECT id FROM message')
  sqlite.prepare('ATTACH ? AS idx').run(searchFile)
  // The index worker checkpoints; here it would block a frame.
  sqlite.pragma('wal_autocheckpoint = 0')

  const statements = new Map<string, Database.Statement>()
  const prepared = (sql: string): Database.Statement => {
    let statement = statements.get(sql)
    if (!statement) {
      statement = sqlite.prepare(sql)
      statements.set(sql, statement)
    }
    return statement
  }
  const reading = (sql: string): Database.Statement => {
    const statement = prepared(sql)
    if (!statement.readonly) throw new Error('A query must not write.')
    return statement
  }
  const reader: Reader = {
    all: <T>(sql: string, ...values: readonly Value[]) => reading(sql).all(...values) as T[],
    get: <T>(sql: string, ...values: readonly Value[]) => reading(sql).get(...values) as T | undefined,
  }

  const listeners = new Set<(changes: ChangeSet) => void>()
  let gathered = noChanges()
  let timer: NodeJS.Timeout | null = null
  const announce = (): void => {
    timer = null
    const changes = gathered
    gathered = noChanges()
    for (const listener of listeners) listener(changes)
  }
  const gather = (changes: MutableChanges): void => {
    for (const id of changes.folders) gathered.folders.add(id)
    for (const id of changes.threads) gathered.threads.add(id)
    for (const [id, thread] of changes.bodies) gathered.bodies.set(id, thread)
    for (const id of changes.trees) gathered.trees.add(id)
    for (const id of changes.tasks) gathered.tasks.add(id)
    for (const topic of changes.topics) gathered.topics.add(topic)
    gathered.accounts ||= changes.accounts
    gathered.searchable ||= changes.searchable
    timer ??= setTimeout(announce, announceAfterMs)
  }

  const worker = new Worker(indexWorkerUrl, { workerData: { file, searchFile } satisfies IndexWork, name: 'index' })
  worker.unref()
  const workerEnded = once(worker, 'exit').catch(() => undefined)
  let nudged: NodeJS.Timeout | null = null
  const indexSoon = (): void => {
    nudged ??= setTimeout(() => {
      nudged = null
      worker.postMessage('work')
    }, indexAfterMs)
  }
  const waiting = new Set<() => void>()
  const queueIsEmpty = (): boolean => reader.get('SELECT 1 FROM index_queue LIMIT 1') === undefined
  worker.on('message', (done: IndexDone) => {
    db.write('note what was indexed', (tx) => tx.run('DELETE FROM index_queue WHERE seq <= ?', done.through))
    if (!queueIsEmpty()) return
    gather({ ...noChanges(), searchable: true })
    for (const resolve of waiting) resolve()
    waiting.clear()
  })
  worker.on('error', (error) => {
    // Search falls behind and says so; the next start indexes what is left.
    console.error('The index worker ended:', error)
  })

  let writing = false
  const db: Db = {
    ...reader,
    write(label, change, how) {
      if (writing) throw new Error(`Write '${label}' inside another write.`)
      const changes = noChanges()
      const tx: Tx = {
        ...reader,
        run(sql, ...values) {
          const { changes, lastInsertRowid } = prepared(sql).run(...values)
          return { id: Number(lastInsertRowid), changes }
        },
        touch: {
          folder: (id) => void changes.folders.add(id),
          thread: (id) => void changes.threads.add(id),
          body: (id, thread) => void changes.bodies.set(id, thread),
          tree: (id) => void changes.trees.add(id),
          accounts: () => void (changes.accounts = true),
          tasks: (id) => void changes.tasks.add(id),
          topic: (topic) => void changes.topics.add(topic),
        },
      }
      writing = true
      // With NORMAL a commit survives the end of the process, but not always that of the computer.
      if (how?.durable) sqlite.pragma('synchronous = FULL')
      try {
        // Not IMMEDIATE, which would lock the attached index as well; nobody else writes this file.
        prepared('BEGIN').run()
        try {
          const result = change(tx)
          if (result instanceof Promise) throw new Error(`Write '${label}' awaited: a transaction is synchronous.`)
          refreshThreads(tx, changes.threads)
          prepared('COMMIT').run()
          indexSoon()
          gather(changes)
          return result
        } catch (error) {
          if (sqlite.inTransaction) prepared('ROLLBACK').run()
          throw error
        }
      } finally {
        writing = false
        if (how?.durable) sqlite.pragma('synchronous = NORMAL')
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    bytes() {
      const size = (schema: string): number => (sqlite.pragma(`${schema}.page_count`, { simple: true }) as number) * (sqlite.pragma(`${schema}.page_size`, { simple: true }) as number)
      return size('main') + size('idx')
    },
    async indexed() {
      if (queueIsEmpty()) return
      worker.postMessage('work')
      await new Promise<void>((resolve) => waiting.add(resolve))
    },
    async close() {
      if (timer) clearTimeout(timer)
      if (nudged) clearTimeout(nudged)
      listeners.clear()
      worker.removeAllListeners('message')
      // Held until it has ended: nothing else may keep the process alive by now.
      worker.ref()
      worker.postMessage('close')
      await workerEnded
      statements.clear()
      sqlite.close()
    },
  }
  indexSoon()
  return db
}

/** Makes the index file if it is missing, damaged or of another version; true when everything is to be indexed. */
function prepareSearch(file: string): boolean {
  try {
    const index = new Database(file)
    try {
      if (index.pragma('user_version', { simple: true }) === searchVersion) return false
    } finally {
      index.close()
    }
  } catch {
    // Not a database any more: it is built anew.
  }
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
  const index = new Database(file)
  index.pragma('page_size = 8192')
  index.pragma('journal_mode = WAL')
  index.exec(createSearch)
  index.pragma(`user_version = ${String(searchVersion)}`)
  index.close()
  return true
}

/** Runs the migrations this file has not seen, in the order of their names. A database from a newer version is refused. */
function migrate(sqlite: Database.Database, dir: string): void {
  const files = readdirSync(dir)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()
  const at = sqlite.pragma('user_version', { simple: true }) as number
  if (at > files.length) throw new DatabaseTooNew(`The data folder was written by a newer version (${String(at)} > ${String(files.length)}).`)
  // Inside a transaction this pragma does nothing, and a table rebuilt with it on takes its dependents' rows along.
  sqlite.pragma('foreign_keys = OFF')
  sqlite.transaction(() => {
    // Triggers name tables that a migration may rebuild; they come back below.
    if (at < files.length) dropTriggers(sqlite)
    for (const [index, name] of files.entries()) {
      if (index < at) continue
      sqlite.exec(readFileSync(join(dir, name), 'utf8'))
    }
    const broken = at < files.length ? (sqlite.pragma('foreign_key_check') as unknown[]) : []
    if (broken.length > 0) throw new Error(`A migration left ${String(broken.length)} rows without their parent.`)
    sqlite.exec(derivedTriggers)
    sqlite.pragma(`user_version = ${String(files.length)}`)
  })()
}

function dropTriggers(sqlite: Database.Database): void {
  const names = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all() as string[]
  for (const name of names) sqlite.exec(`DROP TRIGGER "${name}"`)
}
