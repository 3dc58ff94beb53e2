// Documents sent often. The bytes are stored files; a row here names one and says where it stands.
import type { StoredFile } from '../../shared/model/draft.ts'
import type { LibraryFileId } from '../../shared/model/ids.ts'
import type { LibraryFile } from '../../shared/model/template.ts'
import type { Reader, Tx } from '../handles.ts'
import { dropFileUses, setFileUses } from './stored-files.ts'
import { keepRemovedFor } from './templates.ts'

const columns = 'id, hash, filename, mime_type AS mimeType, size, folder, uses, added_at AS addedAt'

export function listLibrary(db: Reader): LibraryFile[] {
  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare
  return db
    .all<LibraryFile>(`SELECT ${columns} FROM library_file WHERE removed_at IS NULL`)
    .sort((a, b) => compare(a.folder, b.folder) || compare(a.filename, b.filename) || a.id - b.id)
}

export function getLibraryFile(db: Reader, id: LibraryFileId): LibraryFile | null {
  return db.get<LibraryFile>(`SELECT ${columns} FROM library_file WHERE id = ? AND removed_at IS NULL`, id) ?? null
}

/** Adds a file. The same bytes in the same folder are one entry, which takes the new name; a removed one comes back. */
export function addLibraryFile(tx: Tx, file: StoredFile & { readonly folder: string }, now: number): LibraryFileId {
  tx.touch.topic('library')
  const there = tx.get<{ id: LibraryFileId }>('SELECT id FROM library_file WHERE hash = ? AND folder = ? ORDER BY removed_at IS NOT NULL LIMIT 1', file.hash, file.folder)
  if (there) {
    tx.run('UPDATE library_file SET filename = ?, mime_type = ?, removed_at = NULL WHERE id = ?', file.filename, file.mimeType, there.id)
    return there.id
  }
  const { id } = tx.run('INSERT INTO library_file (hash, filename, mime_type, size, folder, added_at) VALUES (?, ?, ?, ?, ?, ?)', file.hash, file.filename, file.mimeType, file.size, file.folder, now)
  setFileUses(tx, 'library', id, [file.hash], now)
  return id as LibraryFileId
}

export function renameLibraryFile(tx: Tx, id: LibraryFileId, place: { readonly filename: string; readonly folder: string }): void {
  tx.run('UPDATE library_file SET filename = ?, folder = ? WHERE id = ?', place.filename, place.folder, id)
  tx.touch.topic('library')
}

export function removeLibraryFiles(tx: Tx, ids: readonly LibraryFileId[], now: number): void {
  for (const { id } of tx.all<{ id: LibraryFileId }>('SELECT id FROM library_file WHERE removed_at < ?', now - keepRemovedFor)) {
    tx.run('DELETE FROM library_file WHERE id = ?', id)
    dropFileUses(tx, 'library', id)
  }
  for (const id of ids) tx.run('UPDATE library_file SET removed_at = ? WHERE id = ? AND removed_at IS NULL', now, id)
  tx.touch.topic('library')
}

export function restoreLibraryFiles(tx: Tx, ids: readonly LibraryFileId[], now: number): void {
  for (const id of ids) tx.run('UPDATE library_file SET removed_at = NULL WHERE id = ? AND removed_at >= ?', id, now - keepRemovedFor)
  tx.touch.topic('library')
}

export function noteLibraryFileUsed(tx: Tx, id: LibraryFileId): void {
  tx.run('UPDATE library_file SET uses = uses + 1 WHERE id = ?', id)
  tx.touch.topic('library')
}
