// What the program has stored, read from its files while it may be running. For what no screen can show: that nothing is
// there twice, and that nothing is left.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

function rowsOf(file: string, sql: string): readonly Record<string, unknown>[] {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    return db.prepare(sql).all()
  } finally {
    db.close()
  }
}

function read(dataDir: string, sql: string): readonly Record<string, unknown>[] {
  return rowsOf(join(dataDir, 'shortlist.db'), sql)
}

/** Messages listed in each folder, by the folder's remote id. */
export function storedCounts(dataDir: string): Readonly<Record<string, number>> {
  const rows = read(dataDir, 'SELECT f.remote_id AS path, count(p.id) AS count FROM folder f LEFT JOIN placement p ON p.folder_id = f.id WHERE f.selectable = 1 GROUP BY f.id')
  return Object.fromEntries(rows.map(({ path, count }) => [String(path), Number(count)]))
}

/** Every message of every folder with its marks, in an order that depends on nothing local. */
export function storedMail(dataDir: string): readonly string[] {
  const rows = read(
    dataDir,
    `SELECT f.remote_id AS path, p.remote_id AS id, p.seen, p.flagged, p.answered, p.draft, m.subject, hex(m.identity) AS identity
     FROM placement p JOIN folder f ON f.id = p.folder_id JOIN message m ON m.id = p.message_id`,
  )
  return rows.map((row) => JSON.stringify(row)).sort()
}

/** Messages that are in the mail database more than once. */
export function storedTwice(dataDir: string): number {
  return Number(read(dataDir, 'SELECT count(*) AS count FROM (SELECT 1 FROM message GROUP BY account_id, identity HAVING count(*) > 1)')[0]?.['count'])
}

/** Rows left in every table that holds something of an account's, and in the search index. Empty when nothing is left. */
export function leftOf(dataDir: string): Readonly<Record<string, number>> {
  const tables = ['account', 'folder', 'thread', 'message', 'placement', 'thread_folder', 'thread_ref', 'thread_choice', 'message_text', 'message_html', 'message_source', 'attachment', 'task', 'index_queue']
  const counts = tables.map((table) => [table, Number(read(dataDir, `SELECT count(*) AS count FROM ${table}`)[0]?.['count'])] as const)
  const indexed = Number(rowsOf(join(dataDir, 'shortlist-search.db'), 'SELECT count(*) AS count FROM search')[0]?.['count'])
  return Object.fromEntries([...counts, ['search', indexed] as const].filter(([, count]) => count > 0))
}

/** How many passwords are stored, sealed, beside the key. */
export function storedSecrets(dataDir: string): number {
  const dir = join(dataDir, '..', 'config', 'Shortlist', 'secrets')
  if (!existsSync(dir)) return 0
  return readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'key').length
}
