// The queue of what is owed to servers. A task row is written in the same transaction as its local half. A problem is a task
// that could not be done: it is out of the order and waits for the person.
import type { Failure } from '../../shared/model/failure.ts'
import type { AccountId, TaskId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'

export type TaskRow = {
  readonly id: TaskId
  readonly accountId: AccountId
  readonly kind: string
  readonly payload: unknown
  readonly createdAt: number
  readonly runAt: number
  readonly attempts: number
  readonly failure: Failure | null
  /** An attempt was begun: the server may know of it. */
  readonly started: boolean
  readonly problem: boolean
}

type Row = { id: TaskId; account_id: AccountId; kind: string; payload: string; created_at: number; run_at: number; attempts: number; failure: string | null; started: number; problem: number }

const task = (row: Row): TaskRow => ({
  id: row.id,
  accountId: row.account_id,
  kind: row.kind,
  payload: JSON.parse(row.payload) as unknown,
  createdAt: row.created_at,
  runAt: row.run_at,
  attempts: row.attempts,
  failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
  started: row.started === 1,
  problem: row.problem === 1,
})

export function insertTask(tx: Tx, account: AccountId, kind: string, payload: unknown, now: number): TaskId {
  const { id } = tx.run('INSERT INTO task (account_id, kind, payload, created_at, run_at) VALUES (?, ?, ?, ?, ?)', account, kind, JSON.stringify(payload), now, now)
  tx.touch.tasks(account)
  return id as TaskId
}

/** The oldest tasks of an account. Order is kept: a later task waits while the first backs off. */
export function nextTasks(db: Reader, account: AccountId, limit: number): TaskRow[] {
  return db.all<Row>('SELECT * FROM task INDEXED BY task_waiting WHERE account_id = ? AND problem = 0 ORDER BY id LIMIT ?', account, limit).map(task)
}

export function getTask(db: Reader, id: TaskId): TaskRow | null {
  const row = db.get<Row>('SELECT * FROM task WHERE id = ?', id)
  return row ? task(row) : null
}

export function taskExists(db: Reader, id: TaskId): boolean {
  return db.get('SELECT 1 FROM task WHERE id = ?', id) !== undefined
}

export function countTasks(db: Reader, account: AccountId): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM task INDEXED BY task_waiting WHERE account_id = ? AND problem = 0', account)?.n ?? 0
}

/** Everything owed by all accounts: problems first, then oldest first. */
export function listTasks(db: Reader, limit: number): TaskRow[] {
  return db.all<Row>('SELECT * FROM task ORDER BY problem DESC, id LIMIT ?', limit).map(task)
}

/** All tasks, and how many of them are problems. */
export function taskCounts(db: Reader): { total: number; problems: number } {
  const counts = db.get<{ total: number; problems: number | null }>('SELECT count(*) AS total, sum(problem) AS problems FROM task')
  return { total: counts?.total ?? 0, problems: counts?.problems ?? 0 }
}

export function markStarted(tx: Tx, id: TaskId): void {
  tx.run('UPDATE task SET started = 1 WHERE id = ? AND started = 0', id)
}

export function postponeTask(tx: Tx, id: TaskId, runAt: number, failure: Failure): void {
  tx.run('UPDATE task SET attempts = attempts + 1, run_at = ?, failure = ? WHERE id = ?', runAt, JSON.stringify(failure), id)
}

/** Has it tried at once. Gives its account, or null when it is gone. */
export function hurryTask(tx: Tx, id: TaskId, now: number): AccountId | null {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM task WHERE id = ?', id)
  if (!row) return null
  tx.run('UPDATE task SET run_at = min(run_at, ?) WHERE id = ?', now, id)
  tx.touch.tasks(row.account_id)
  return row.account_id
}

export function endTask(tx: Tx, id: TaskId): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM task WHERE id = ?', id)
  if (!row) return
  tx.run('DELETE FROM task WHERE id = ?', id)
  tx.touch.tasks(row.account_id)
}

/** Lists something that could not be done. `payload` must say all that is needed to try it once more. */
export function insertProblem(tx: Tx, account: AccountId, kind: string, payload: unknown, failure: Failure, now: number): TaskId {
  const id = insertTask(tx, account, kind, payload, now)
  tx.run('UPDATE task SET problem = 1, attempts = 1, failure = ? WHERE id = ?', JSON.stringify(failure), id)
  return id
}

/** A task becomes a problem: out of the order, and listed with what the server answered. */
export function makeProblem(tx: Tx, id: TaskId, payload: unknown, failure: Failure): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM task WHERE id = ?', id)
  if (!row) return
  tx.run('UPDATE task SET problem = 1, started = 0, attempts = attempts + 1, payload = ?, failure = ? WHERE id = ?', JSON.stringify(payload), JSON.stringify(failure), id)
  tx.touch.tasks(row.account_id)
}

export function rewriteTask(tx: Tx, id: TaskId, payload: unknown): void {
  tx.run('UPDATE task SET payload = ? WHERE id = ?', JSON.stringify(payload), id)
}
