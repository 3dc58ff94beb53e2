// Which stored files are here and who still needs them. The bytes are a matter of the file store; a row says they are
// complete. A file nobody needs is kept for a while, because what was just put down may be picked up again.
import { FileHash } from '../../shared/model/draft.ts'
import type { Reader, Tx } from '../handles.ts'

export type FileOwner = 'draft' | 'signature' | 'template' | 'library' | 'outgoing'

export function hasStoredFile(db: Reader, hash: FileHash): boolean {
  return db.get('SELECT 1 FROM stored_file WHERE hash = ?', hash) !== undefined
}

/** Sizes of those of the files that are here, bytes. */
export function storedSizes(db: Reader, hashes: readonly FileHash[]): ReadonlyMap<FileHash, number> {
  return new Map(db.all<{ hash: FileHash; size: number }>('SELECT hash, size FROM stored_file WHERE hash IN (SELECT value FROM json_each(?))', JSON.stringify(hashes)).map((row) => [row.hash, row.size]))
}

export function noteStoredFile(tx: Tx, hash: FileHash, size: number, now: number): void {
  tx.run('INSERT INTO stored_file (hash, size, touched_at) VALUES (?, ?, ?) ON CONFLICT (hash) DO UPDATE SET touched_at = excluded.touched_at', hash, size, now)
}

/** The files an owner needs, all of them. Hashes that are not stored here are left out: they cannot be kept. */
export function setFileUses(tx: Tx, owner: FileOwner, id: number, hashes: readonly FileHash[], now: number): void {
  const wanted = new Set<string>(hashes)
  for (const { hash } of tx.all<{ hash: FileHash }>('SELECT hash FROM file_use WHERE owner = ? AND owner_id = ?', owner, id)) {
    if (wanted.has(hash)) continue
    tx.run('DELETE FROM file_use WHERE owner = ? AND owner_id = ? AND hash = ?', owner, id, hash)
    tx.run('UPDATE stored_file SET touched_at = ? WHERE hash = ?', now, hash)
  }
  addFileUses(tx, owner, id, hashes)
}

/** Files an owner needs beside those it already has. */
export function addFileUses(tx: Tx, owner: FileOwner, id: number, hashes: readonly FileHash[]): void {
  for (const hash of new Set(hashes)) tx.run('INSERT OR IGNORE INTO file_use (owner, owner_id, hash) SELECT ?, ?, hash FROM stored_file WHERE hash = ?', owner, id, hash)
}

/** The owner is gone. What only it needed goes with the next cleaning, unless it was stored just now. */
export function dropFileUses(tx: Tx, owner: FileOwner, id: number): void {
  tx.run('DELETE FROM file_use WHERE owner = ? AND owner_id = ?', owner, id)
}

/** Forgets up to `limit` files that nobody has needed since `before`, and gives them, for their bytes to be deleted at once. */
export function forgetUnusedFiles(tx: Tx, before: number, limit: number): FileHash[] {
  // Drafts go with their account, without saying so.
  tx.run("DELETE FROM file_use WHERE owner = 'draft' AND owner_id NOT IN (SELECT id FROM draft)")
  const unused = tx.all<{ hash: FileHash }>(
    'SELECT hash FROM stored_file f WHERE touched_at < ? AND NOT EXISTS (SELECT 1 FROM file_use u WHERE u.hash = f.hash) ORDER BY touched_at LIMIT ?',
    before, limit,
  )
  for (const { hash } of unused) tx.run('DELETE FROM stored_file WHERE hash = ?', hash)
  return unused.map((row) => row.hash)
}

/** The stored files that HTML written here shows as pictures. */
export function cidsIn(html: string): FileHash[] {
  const found = new Set<FileHash>()
  for (const match of html.matchAll(/\bcid:([0-9a-f]{64})\b/g)) {
    const hash = FileHash.safeParse(match[1])
    if (hash.success) found.add(hash.data)
  }
  return [...found]
}
