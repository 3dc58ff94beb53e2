import type { Signature } from '../../shared/model/draft.ts'
import type { SignatureId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'
import { cidsIn, dropFileUses, setFileUses } from './stored-files.ts'

type Row = { id: SignatureId; name: string; html: string; updated_at: number }

const signature = (row: Row): Signature => ({ id: row.id, name: row.name, html: row.html, updatedAt: row.updated_at })

export function listSignatures(db: Reader): Signature[] {
  return db.all<Row>('SELECT * FROM signature ORDER BY name COLLATE NOCASE, id').map(signature)
}

export function getSignature(db: Reader, id: SignatureId): Signature | null {
  const row = db.get<Row>('SELECT * FROM signature WHERE id = ?', id)
  return row ? signature(row) : null
}

/** Null when it is to be changed and is gone. */
export function saveSignature(tx: Tx, saved: { readonly id: SignatureId | null; readonly name: string; readonly html: string }, now: number): Signature | null {
  let { id } = saved
  if (id === null) id = tx.run('INSERT INTO signature (name, html, updated_at) VALUES (?, ?, ?)', saved.name, saved.html, now).id as SignatureId
  else if (tx.run('UPDATE signature SET name = ?, html = ?, updated_at = ? WHERE id = ?', saved.name, saved.html, now, id).changes === 0) return null
  setFileUses(tx, 'signature', id, cidsIn(saved.html), now)
  tx.touch.topic('signatures')
  return { id, name: saved.name, html: saved.html, updatedAt: now }
}

/** Identities that used it go without; what was written with it keeps its text. */
export function removeSignature(tx: Tx, id: SignatureId): void {
  tx.run('DELETE FROM signature WHERE id = ?', id)
  dropFileUses(tx, 'signature', id)
  tx.touch.topic('signatures')
  tx.touch.topic('identities')
}
