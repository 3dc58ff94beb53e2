// The queue of what is owed to servers. A task row is written in the same transaction as its local half.
import type { Failure } from '../../shared/model/failure.ts'
import type { AccountId, TaskId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'

export type TaskRow = { readonly id: TaskId; readonly kind: string; readonly payload: unknown; readonly attempts: number; readonly runAt: number }

export function insertTask(tx: Tx, account: AccountId, kind: string, payload: unknown, now: number): TaskId {
  const { id } = tx.run('INSERT INTO task (account_id, kind, payload, created_at, run_at) VALUES (?, ?, ?, ?, ?)', account, kind, JSON.stringify(payload), now, now)
  tx.touch.tasks(account)
  return id as TaskId
}

/** The oldest task of an account. Order is kept: a later task waits while it backs off. */
export function nextTask(db: Reader, account: AccountId): TaskRow | null {
  const row = db.get<{ id: TaskId; kind: string; payload: string; attempts: number; run_at: number }>(
    'SELECT id, kind, payload, attempts, run_at FROM task WHERE account_id = ? ORDER BY id LIMIT 1',
    account,
  )
  return row ? { id: row.id, kind: row.kind, payload: JSON.parse(row.payload) as unknown, attempts: row.attempts, runAt: row.run_at } : null
}

export function countTasks(db: Reader, account: AccountId): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM task WHERE account_id = ?', account)?.n ?? 0
}

export function postponeTask(tx: Tx, id: TaskId, runAt: number, failure: Failure): void {
  tx.run('UPDATE task SET attempts = attempts + 1, run_at = ?, failure = ? WHERE id = ?', runAt, JSON.stringify(failure), id)
}

export function endTask(tx: Tx, id: TaskId): void {
  tx.run('DELETE FROM task WHERE id = ?', id)
}
