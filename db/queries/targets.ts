// What an action is done to: the threads of a list or of a search, and the placements that stand for them there.
import type { ThreadFilter, ThreadSource } from '../../shared/api/lists.ts'
import type { SpecialUse } from '../../shared/model/folder.ts'
import type { AccountId, FolderId, MessageId, PlacementId, ThreadId } from '../../shared/model/ids.ts'
import type { Lane } from '../../shared/model/lane.ts'
import type { Reader } from '../handles.ts'
import { foldersOf } from './threads.ts'

const filters: Readonly<Record<ThreadFilter, string>> = { all: '', unread: 'AND unread = 1', flagged: 'AND flagged = 1', attachments: 'AND has_attachment = 1' }

/** The next threads of a list after (rank, thread) of the last one, newest first; of 'snoozed' all at once. */
export function threadsOfList(db: Reader, folder: FolderId, filter: ThreadFilter, lane: Lane | null, after: { rank: number; id: ThreadId } | null, limit: number): { rank: number; id: ThreadId }[] {
  const { rank, id } = after ?? { rank: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }
  return db.all(
    `SELECT rank, thread_id AS id FROM thread_folder WHERE folder_id = ? AND rank <= ? AND (rank < ? OR thread_id < ?) ${filters[filter]} ${lane === null ? '' : 'AND lane = ?'}
     ORDER BY rank DESC, thread_id DESC LIMIT ?`,
    folder, rank, rank, id, ...(lane === null ? [] : [lane]), limit,
  )
}

export function snoozedThreads(db: Reader, filter: ThreadFilter, lane: Lane | null): ThreadId[] {
  return db
    .all<{ id: ThreadId }>(`SELECT id FROM thread WHERE snoozed_until IS NOT NULL ${filters[filter]} ${lane === null ? '' : 'AND lane = ?'}`, ...(lane === null ? [] : [lane]))
    .map((row) => row.id)
}

export type Placed = {
  readonly id: PlacementId
  readonly messageId: MessageId
  readonly threadId: ThreadId
  readonly accountId: AccountId
  readonly folderId: FolderId
  readonly special: SpecialUse | null
}

const columns = 'p.id, p.message_id AS messageId, m.thread_id AS threadId, m.account_id AS accountId, p.folder_id AS folderId, f.special'

/** Every placement of a thread's messages, oldest message first. */
export function placedOfThread(db: Reader, thread: ThreadId): Placed[] {
  return db.all(
    `SELECT ${columns} FROM message m CROSS JOIN placement p ON p.message_id = m.id CROSS JOIN folder f ON f.id = p.folder_id
     WHERE m.thread_id = ? AND f.removing = 0 ORDER BY m.id, p.id`,
    thread,
  )
}

export function placedOfMessage(db: Reader, message: MessageId): Placed[] {
  return db.all(
    `SELECT ${columns} FROM placement p JOIN message m ON m.id = p.message_id JOIN folder f ON f.id = p.folder_id WHERE p.message_id = ? AND f.removing = 0 ORDER BY p.id`,
    message,
  )
}

export function threadOfMessage(db: Reader, message: MessageId): ThreadId | null {
  return db.get<{ id: ThreadId }>('SELECT thread_id AS id FROM message WHERE id = ?', message)?.id ?? null
}

export function accountOfThread(db: Reader, thread: ThreadId): AccountId | null {
  return db.get<{ id: AccountId }>('SELECT account_id AS id FROM thread WHERE id = ?', thread)?.id ?? null
}

/** The placements of a thread that a list shows. From a search, and from the snoozed, all but what was sent, is being written,
 *  or was thrown away. */
export function shownIn(db: Reader, placed: readonly Placed[], source: ThreadSource | null): Placed[] {
  if (source !== null && source !== 'snoozed') {
    const folders = new Set(foldersOf(db, source))
    return placed.filter((one) => folders.has(one.folderId))
  }
  const real = placed.filter((one) => one.special !== 'sent' && one.special !== 'drafts' && one.special !== 'trash')
  return real.filter((one) => !isView(one) || !real.some((other) => other.messageId === one.messageId && !isView(other)))
}

/** All Mail and Starred show what is elsewhere as well. */
export function isView(one: Placed): boolean {
  return one.special === 'all' || one.special === 'flagged'
}

/** An account's folder for a use. */
export function specialFolder(db: Reader, account: AccountId, special: SpecialUse): FolderId | null {
  return db.get<{ id: FolderId }>('SELECT id FROM folder WHERE account_id = ? AND special = ? AND removing = 0 ORDER BY id LIMIT 1', account, special)?.id ?? null
}

/** An account's topmost folder of a name, whatever its case. */
export function namedFolder(db: Reader, account: AccountId, name: string): FolderId | null {
  return db.get<{ id: FolderId }>('SELECT id FROM folder WHERE account_id = ? AND parent_id IS NULL AND lower(name) = lower(?) AND selectable = 1 AND removing = 0 LIMIT 1', account, name)?.id ?? null
}


/** A message that has just been stored. */
export function newcomer(db: Reader, message: MessageId): { threadId: ThreadId; from: string; date: number } | null {
  return db.get<{ threadId: ThreadId; from: string; date: number }>('SELECT thread_id AS threadId, from_address AS "from", date FROM message WHERE id = ?', message) ?? null
}
