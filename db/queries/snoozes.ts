// Muted and snoozed conversations. Both are kept by the Message-IDs of the conversation's messages, so that they outlive a
// resync; what a thread shows of them is derived in thread-summary.ts.
import type { AccountId, ThreadId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'

/** SQL: what a message is remembered by. */
const keyOf = (message: string): string => `coalesce(${message}.header_message_id, '#' || hex(${message}.identity))`

export type Snooze = { readonly until: number; readonly setAt: number; readonly returnedAt: number | null; readonly opened: boolean }
type SnoozeRow = { until: number; set_at: number; returned_at: number | null; opened: number }
const snooze = (row: SnoozeRow): Snooze => ({ until: row.until, setAt: row.set_at, returnedAt: row.returned_at, opened: row.opened === 1 })

export function isMuted(db: Reader, thread: ThreadId): boolean {
  return db.get(`SELECT 1 FROM message m CROSS JOIN mute k ON k.account_id = m.account_id AND k.message_key = ${keyOf('m')} WHERE m.thread_id = ? LIMIT 1`, thread) !== undefined
}

export function setMuted(tx: Tx, thread: ThreadId, muted: boolean): void {
  if (muted) tx.run(`INSERT OR IGNORE INTO mute SELECT m.account_id, ${keyOf('m')} FROM message m WHERE m.thread_id = ?`, thread)
  else tx.run(`DELETE FROM mute WHERE (account_id, message_key) IN (SELECT m.account_id, ${keyOf('m')} FROM message m WHERE m.thread_id = ?)`, thread)
  tx.touch.thread(thread)
}

/** The latest snooze of any of the thread's messages. */
export function snoozeOf(db: Reader, thread: ThreadId): Snooze | null {
  const row = db.get<SnoozeRow>(
    `SELECT s.until, s.set_at, s.returned_at, s.opened FROM message m CROSS JOIN snooze s ON s.account_id = m.account_id AND s.message_key = ${keyOf('m')}
     WHERE m.thread_id = ? ORDER BY s.set_at DESC, s.returned_at DESC LIMIT 1`,
    thread,
  )
  return row ? snooze(row) : null
}

/** Sets or (null) forgets the snooze of a thread. */
export function setSnooze(tx: Tx, thread: ThreadId, to: Snooze | null): void {
  tx.run(`DELETE FROM snooze WHERE (account_id, message_key) IN (SELECT m.account_id, ${keyOf('m')} FROM message m WHERE m.thread_id = ?)`, thread)
  if (to) {
    tx.run(
      `INSERT OR REPLACE INTO snooze (account_id, message_key, until, set_at, returned_at, opened)
       SELECT m.account_id, ${keyOf('m')}, ?, ?, ?, ? FROM message m WHERE m.thread_id = ?`,
      to.until, to.setAt, to.returnedAt, Number(to.opened), thread,
    )
  }
  tx.touch.thread(thread)
}

/** Takes the mark off a thread that came back; its place in the list stays. True when there was one. */
export function noteOpened(tx: Tx, thread: ThreadId): boolean {
  const { changes } = tx.run(
    `UPDATE snooze SET opened = 1 WHERE returned_at IS NOT NULL AND opened = 0
       AND (account_id, message_key) IN (SELECT m.account_id, ${keyOf('m')} FROM message m WHERE m.thread_id = ?)`,
    thread,
  )
  if (changes > 0) tx.touch.thread(thread)
  return changes > 0
}

/** When the next snoozed thread comes back; null when none waits. */
export function nextReturn(db: Reader): number | null {
  return db.get<{ until: number | null }>('SELECT min(until) AS until FROM snooze WHERE returned_at IS NULL')?.until ?? null
}

/** Brings back what is due, at most `limit` threads. Gives them. */
export function returnDue(tx: Tx, now: number, limit: number): ThreadId[] {
  const due = tx.all<{ account_id: AccountId; message_key: string }>('SELECT account_id, message_key FROM snooze WHERE returned_at IS NULL AND until <= ? ORDER BY until LIMIT ?', now, limit)
  const threads = new Set<ThreadId>()
  for (const { account_id, message_key } of due) {
    tx.run('UPDATE snooze SET returned_at = ? WHERE account_id = ? AND message_key = ?', now, account_id, message_key)
    for (const row of tx.all<{ thread_id: ThreadId }>(
      message_key.startsWith('#') ? "SELECT thread_id FROM message WHERE account_id = ? AND header_message_id IS NULL AND '#' || hex(identity) = ?" : 'SELECT thread_id FROM message WHERE account_id = ? AND header_message_id = ?',
      account_id, message_key,
    )) {
      if (threads.has(row.thread_id)) continue
      threads.add(row.thread_id)
      // The rest of the conversation comes back in the same instant.
      const state = snoozeOf(tx, row.thread_id)
      if (state) setSnooze(tx, row.thread_id, { ...state, returnedAt: now })
    }
  }
  return [...threads]
}

/** Brings a thread back because somebody wrote; nothing when it is not asleep. */
export function returnEarly(tx: Tx, thread: ThreadId, now: number): boolean {
  const state = snoozeOf(tx, thread)
  if (state?.returnedAt !== null) return false
  setSnooze(tx, thread, { ...state, returnedAt: now })
  return true
}
