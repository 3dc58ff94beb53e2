// The journal of what the person did: steps, newest last, each with all that is needed to take it back exactly. Written in
// the same transaction as what it tells of; an item is gone once it was taken back.
import type { AccountId, UndoId } from '../../shared/model/ids.ts'
import type { UndoStep } from '../../shared/model/triage.ts'
import type { Reader, Tx } from '../handles.ts'

/** Steps that can be taken back. */
export const stepsKept = 20
/** Items of forgotten steps deleted in one write. */
const trimmedAtOnce = 1000

export function insertStep(tx: Tx, code: string, now: number): UndoId {
  // Threads and messages are counted as the step grows.
  const { id } = tx.run('INSERT INTO undo_step (at, code, threads, messages) VALUES (?, ?, 0, 0)', now, code)
  tx.touch.topic('undo')
  return id as UndoId
}

export function growStep(tx: Tx, id: UndoId, threads: number, messages: number): void {
  tx.run('UPDATE undo_step SET threads = threads + ?, messages = messages + ? WHERE id = ?', threads, messages, id)
  tx.touch.topic('undo')
}

export function insertUndoItem(tx: Tx, step: UndoId, account: AccountId | null, data: unknown): void {
  tx.run('INSERT INTO undo_item (step_id, account_id, data) VALUES (?, ?, ?)', step, account, JSON.stringify(data))
}

/** Newest first. */
export function listSteps(db: Reader): UndoStep[] {
  return db.all<UndoStep>(
    'SELECT id, at, code, threads, messages FROM undo_step s WHERE EXISTS (SELECT 1 FROM undo_item WHERE step_id = s.id) ORDER BY id DESC LIMIT ?',
    stepsKept,
  )
}

/** The last items of a step, last first: the order in which they are taken back. */
export function lastUndoItems(db: Reader, step: UndoId, limit: number): { id: number; data: unknown }[] {
  return db
    .all<{ id: number; data: string }>('SELECT id, data FROM undo_item WHERE step_id = ? ORDER BY id DESC LIMIT ?', step, limit)
    .map((row) => ({ id: row.id, data: JSON.parse(row.data) as unknown }))
}

export function countUndoItems(db: Reader, step: UndoId): number {
  return db.get<{ items: number }>('SELECT count(*) AS items FROM undo_item WHERE step_id = ?', step)?.items ?? 0
}

export function deleteUndoItem(tx: Tx, id: number): void {
  tx.run('DELETE FROM undo_item WHERE id = ?', id)
}

export function deleteStep(tx: Tx, id: UndoId): void {
  tx.run('DELETE FROM undo_step WHERE id = ?', id)
  tx.touch.topic('undo')
}

/** Forgets, bit by bit, the steps that are too old to be shown. */
export function trimSteps(tx: Tx): void {
  const old = tx.get<{ id: UndoId }>('SELECT id FROM undo_step ORDER BY id DESC LIMIT 1 OFFSET ?', stepsKept)
  if (!old) return
  const { changes } = tx.run('DELETE FROM undo_item WHERE id IN (SELECT id FROM undo_item WHERE step_id <= ? LIMIT ?)', old.id, trimmedAtOnce)
  if (changes < trimmedAtOnce) tx.run('DELETE FROM undo_step WHERE id <= ?', old.id)
}
