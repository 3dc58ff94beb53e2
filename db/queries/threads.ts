import type { FolderId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import type { Thread, ThreadRow } from '../../shared/model/message.ts'
import type { Page } from '../../shared/api/contract.ts'
import type { ThreadFilter, ThreadSource } from '../../shared/api/lists.ts'
import type { Reader } from '../handles.ts'
import { messagesOfThread } from './messages.ts'

type Row = {
  id: ThreadId
  account_id: ThreadRow['accountId']
  address: string
  subject: string
  people: string
  snippet: string
  newest_id: MessageId
  date: number
  message_count: number
  unread: number
  flagged: number
  answered: number
  has_attachment: number
  has_invite: number
}

const rowColumns = `t.id, t.account_id, a.address, t.subject, t.people, t.snippet, m.date, t.message_count, t.answered, t.has_attachment, t.has_invite`

function threadRow(row: Row): ThreadRow {
  const people = JSON.parse(row.people) as { name: string; address: string; unread: boolean }[]
  const me = row.address.toLowerCase()
  return {
    id: row.id,
    accountId: row.account_id,
    subject: row.subject,
    people: people.map((one) => ({ ...one, me: one.address.toLowerCase() === me })),
    snippet: row.snippet,
    newestMessageId: row.newest_id,
    date: row.date,
    messageCount: row.message_count,
    unread: row.unread === 1,
    flagged: row.flagged === 1,
    answered: row.answered === 1,
    hasAttachment: row.has_attachment === 1,
    hasInvite: row.has_invite === 1,
  }
}

const filters: Readonly<Record<ThreadFilter, string>> = {
  all: '',
  unread: 'AND tf.unread = 1',
  flagged: 'AND tf.flagged = 1',
  attachments: 'AND tf.has_attachment = 1',
}

function inboxes(db: Reader): FolderId[] {
  return db.all<{ id: FolderId }>("SELECT id FROM folder WHERE special = 'inbox' AND removing = 0").map((row) => row.id)
}

/** A page of a folder's threads, newest first. Several inboxes are merged from their own sorted lists. */
export function listThreads(db: Reader, source: ThreadSource, filter: ThreadFilter, after: string | null, limit: number): Page {
  const folders = source === 'inboxes' ? inboxes(db) : [source]
  const [beforeId, beforeThread] = after === null ? [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER] : cursorOf(after)
  const rows = folders
    .flatMap((folder) =>
      db.all<Row>(
        `SELECT ${rowColumns}, tf.newest_id, tf.unread, tf.flagged
         FROM thread_folder tf CROSS JOIN thread t ON t.id = tf.thread_id CROSS JOIN message m ON m.id = tf.newest_id CROSS JOIN account a ON a.id = t.account_id
         WHERE tf.folder_id = ? AND tf.newest_id <= ? AND (tf.newest_id < ? OR tf.thread_id < ?) ${filters[filter]}
         ORDER BY tf.newest_id DESC LIMIT ?`,
        folder, beforeId, beforeId, beforeThread, limit + 1,
      ),
    )
    .sort((a, b) => b.newest_id - a.newest_id || b.id - a.id)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: page.map(threadRow), next: rows.length > limit && last ? `${String(last.newest_id)}.${String(last.id)}` : null }
}

function cursorOf(text: string): [number, number] {
  const match = /^(\d{1,16})\.(\d{1,16})$/.exec(text)
  return match ? [Number(match[1]), Number(match[2])] : [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
}

/** Rows for threads in the order asked, dated by their newest message; threads that are gone are left out. */
export function threadRows(db: Reader, ids: readonly ThreadId[]): ThreadRow[] {
  const rows = new Map(
    db
      .all<Row>(
        `SELECT ${rowColumns}, t.newest_id, t.unread, t.flagged FROM thread t JOIN message m ON m.id = t.newest_id JOIN account a ON a.id = t.account_id
         WHERE t.id IN (SELECT value FROM json_each(?))`,
        JSON.stringify(ids),
      )
      .map((row) => [row.id, threadRow(row)]),
  )
  return ids.flatMap((id) => rows.get(id) ?? [])
}

export function getThread(db: Reader, id: ThreadId): Thread | null {
  const row = db.get<{ account_id: Thread['accountId']; subject: string }>('SELECT account_id, subject FROM thread WHERE id = ?', id)
  if (!row) return null
  const messages = messagesOfThread(db, id)
  return messages.length === 0 ? null : { id, accountId: row.account_id, subject: row.subject, messages }
}

export function messageIdsOf(db: Reader, threads: readonly ThreadId[]): MessageId[] {
  return db.all<{ id: MessageId }>('SELECT id FROM message WHERE thread_id IN (SELECT value FROM json_each(?))', JSON.stringify(threads)).map((row) => row.id)
}
