// Opens the database and owns its one writer. Queries are plain functions over a Reader; a write is one synchronous
// transaction over a Tx, which also notes what it touched. What was touched is announced after the commit and
// coalesced, never before and never for a transaction that rolled back. Nothing here awaits inside a transaction.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { AccountId, FolderId, MessageId, ThreadId } from '../shared/model/ids.ts'
import { createSearch, derivedTriggers, searchVersion } from './derived.sql.ts'
import { refreshThreads } from './queries/thread-summary.ts'

export type Value = string | number | bigint | Uint8Array | null
export type Row = Record<string, Value>

/** Read access. The type parameter is the shape of a row as the SQL selects it. */
export type Reader = {
  readonly all: <T>(sql: string, ...values: readonly Value[]) => T[]
  readonly get: <T>(sql: string, ...values: readonly Value[]) => T | undefined
}

export type ChangeSet = {
  readonly folders: ReadonlySet<FolderId>
  readonly threads: ReadonlySet<ThreadId>
  readonly bodies: ReadonlyMap<MessageId, ThreadId>
  /** Accounts whose folder tree changed. */
  readonly trees: ReadonlySet<AccountId>
  readonly accounts: boolean
  readonly tasks: ReadonlySet<AccountId>
}

export type Tx = Reader & {
  /** Runs a statement; gives the row id it inserted and how many rows it changed. */
  readonly run: (sql: string, ...values: readonly Value[]) => { readonly id: number; readonly changes: number }
  readonly touch: {
    readonly folder: (id: FolderId) => void
    /** Also has the thread's summary and its place in every folder list computed again before the commit. */
    readonly thread: (id: ThreadId) => void
    readonly body: (id: MessageId, thread: ThreadId) => void
    readonly tree: (id: AccountId) => void
    readonly accounts: () => void
    readonly tasks: (id: AccountId) => void
  }
}

export type Db = Reader & {
  readonly write: <T>(label: string, change: (tx: Tx) => T) => T
  /** Calls back some milliseconds after commits, with everything touched since the last call. */
  readonly onChange: (listener: (changes: ChangeSet) => void) => () => void
  /** Bytes of the database on disk, its log included. */
  readonly bytes: () => number
  readonly close: () => void
}

type MutableChanges = {
  folders: Set<FolderId>
  threads: Set<ThreadId>
  bodies: Map<MessageId, ThreadId>
  trees: Set<AccountId>
  accounts: boolean
  tasks: Set<AccountId>
}
const noChanges = (): MutableChanges => ({ folders: new Set(), threads: new Set(), bodies: new Map(), trees: new Set(), accounts: false, tasks: new Set() })

/** How long changes gather before they are announced, milliseconds: at most ten redraws a second during a sync. */
const announceAfterMs = 60

export class DatabaseTooNew extends Error {}

export function openDb(file: string, migrationsDir: string): Db {
  const sqlite = new Database(file)
  sqlite.pragma('page_size = 8192')
  sqlite.pragma('journal_mode = WAL')
  sqlite.pragma('synchronous = NORMAL')
  sqlite.pragma('cache_size = -65536')
  sqlite.pragma('mmap_size = 268435456')
  sqlite.pragma('temp_store = MEMORY')
  migrate(sqlite, migrationsDir)
  sqlite.pragma('foreign_keys = ON')

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
    gathered.accounts ||= changes.accounts
    timer ??= setTimeout(announce, announceAfterMs)
  }

  let writing = false
  return {
    ...reader,
    write(label, change) {
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
        },
      }
      writing = true
      try {
        prepared('BEGIN IMMEDIATE').run()
        try {
          const result = change(tx)
          if (result instanceof Promise) throw new Error(`Write '${label}' awaited: a transaction is synchronous.`)
          refreshThreads(tx, changes.threads)
          prepared('COMMIT').run()
          gather(changes)
          return result
        } catch (error) {
          if (sqlite.inTransaction) prepared('ROLLBACK').run()
          throw error
        }
      } finally {
        writing = false
      }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    bytes() {
      const pages = sqlite.pragma('page_count', { simple: true }) as number
      const pageSize = sqlite.pragma('page_size', { simple: true }) as number
      return pages * pageSize
    },
    close() {
      if (timer) clearTimeout(timer)
      listeners.clear()
      statements.clear()
      sqlite.pragma('optimize')
      sqlite.close()
    },
  }
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
    applyDerived(sqlite)
    sqlite.pragma(`user_version = ${String(files.length)}`)
  })()
}

function dropTriggers(sqlite: Database.Database): void {
  const names = sqlite.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all() as string[]
  for (const name of names) sqlite.exec(`DROP TRIGGER "${name}"`)
}

function applyDerived(sqlite: Database.Database): void {
  sqlite.exec('CREATE TABLE IF NOT EXISTS derived (name TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT')
  const built = sqlite.prepare("SELECT version FROM derived WHERE name = 'search'").pluck().get() as number | undefined
  const exists = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'search'").pluck().get() === 1
  const fresh = built !== searchVersion || !exists
  if (fresh) sqlite.exec('DROP TABLE IF EXISTS search')
  sqlite.exec(createSearch)
  sqlite.exec(derivedTriggers)
  if (!fresh) return
  sqlite.exec("INSERT INTO search (search) VALUES ('rebuild')")
  sqlite.prepare("INSERT INTO derived (name, version) VALUES ('search', ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version").run(searchVersion)
}
