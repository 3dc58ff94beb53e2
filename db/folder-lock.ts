// One program per data folder. The lock is SQLite's own exclusive lock on an empty file beside the database: the
// operating system holds it for the process and lets go when the process ends in any way, so it is never stale.
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** Takes the folder; null when another process has it. The function returned gives it back. */
export function lockFolder(dir: string): (() => void) | null {
  const file = join(dir, 'lock')
  closeSync(openSync(file, 'a', 0o600))
  const sqlite = new Database(file, { timeout: 0 })
  try {
    sqlite.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    sqlite.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null
    throw error
  }
  return () => sqlite.close()
}
