import type { FolderId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import type { Thread, ThreadRow } from '../../shared/model/message.ts'
import type { Page } from '../../shared/api/contract.ts'
import type { Lane } from '../../shared/model/lane.ts'
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
  forwarded: number
  has_attachment: number
  has_invite: number
  lane: Lane
  muted: number
  snoozed_until: number | null
  returned: number
  rank: number
}

const rowColumns = `t.id, t.account_id, a.address, t.subject, t.people, t.snippet, m.date, t.message_count, t.answered, t.forwarded, t.has_attachment, t.has_invite,
  t.lane, t.muted, t.snoozed_until, t.returned`

/** How many recipients a row names. */
const namedAtMost = 4

function threadRow(row: Row): Omit<ThreadRow, 'to'> {
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
    rank: row.rank,
    messageCount: row.message_count,
    unread: row.unread === 1,
    flagged: row.flagged === 1,
    answered: row.answered === 1,
    forwarded: row.forwarded === 1,
    hasAttachment: row.has_attachment === 1,
    hasInvite: row.has_invite === 1,
    lane: row.lane,
    muted: row.muted === 1,
    snoozedUntil: row.snoozed_until,
    returned: row.returned === 1,
  }
}

/** A row is about the other side: where that has not written yet, it is those who were written to. */
function withRecipients(db: Reader, rows: readonly Omit<ThreadRow, 'to'>[]): ThreadRow[] {
  const own = rows.filter(({ people }) => people.length > 0 && people.every(({ me }) => me))
  const named = new Map<MessageId, ThreadRow['to']>()
  if (own.length > 0) {
    const found = db.all<{ id: MessageId; name: string; address: string }>(
      `SELECT m.id, json_extract(one.value, '$.name') AS name, json_extract(one.value, '$.address') AS address
       FROM json_each(?) wanted CROSS JOIN message m ON m.id = wanted.value CROSS JOIN json_each(m.people, '$.to') one
       WHERE one.key < ? ORDER BY m.id, one.key`,
      JSON.stringify(own.map(({ newestMessageId }) => newestMessageId)), namedAtMost,
    )
    for (const { id, name, address } of found) named.set(id, [...(named.get(id) ?? []), { name, address }])
  }
  const asked = new Set(own.map(({ id }) => id))
  return rows.map((row) => ({ ...row, to: asked.has(row.id) ? (named.get(row.newestMessageId) ?? []) : [] }))
}

const filters: Readonly<Record<ThreadFilter, string>> = {
  all: '',
  unread: 'AND tf.unread = 1',
  flagged: 'AND tf.flagged = 1',
  attachments: 'AND tf.has_attachment = 1',
}

/** The folders whose lists a source shows together. */
export function foldersOf(db: Reader, source: FolderId | 'inboxes'): FolderId[] {
  if (source !== 'inboxes') return [source]
  return db.all<{ id: FolderId }>("SELECT id FROM folder WHERE special = 'inbox' AND removing = 0").map((row) => row.id)
}

/** A page of a folder's threads, newest first. Several inboxes are merged from their own sorted lists; what is snoozed
 *  comes in the order of its return. */
export function listThreads(db: Reader, source: ThreadSource, filter: ThreadFilter, lane: Lane | null, after: string | null, limit: number): Page {
  const rows = source === 'snoozed' ? snoozedRows(db, filter, lane, after, limit + 1) : folderRows(db, foldersOf(db, source), filter, lane, after, limit + 1)
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return { rows: withRecipients(db, page.map(threadRow)), next: rows.length > limit && last ? `${String(last.rank)}.${String(last.id)}` : null }
}

function folderRows(db: Reader, folders: readonly FolderId[], filter: ThreadFilter, lane: Lane | null, after: string | null, limit: number): Row[] {
  const [beforeRank, beforeThread] = cursorOf(after)
  return folders
    .flatMap((folder) =>
      db.all<Row>(
        `SELECT ${rowColumns}, tf.newest_id, tf.unread, tf.flagged, tf.rank
         FROM thread_folder tf CROSS JOIN thread t ON t.id = tf.thread_id CROSS JOIN message m ON m.id = tf.newest_id CROSS JOIN account a ON a.id = t.account_id
         WHERE tf.folder_id = ? AND tf.rank <= ? AND (tf.rank < ? OR tf.thread_id < ?) ${filters[filter]} ${lane === null ? '' : 'AND tf.lane = ?'}
         ORDER BY tf.rank DESC, tf.thread_id DESC LIMIT ?`,
        folder, beforeRank, beforeRank, beforeThread, ...(lane === null ? [] : [lane]), limit,
      ),
    )
    .sort((a, b) => b.rank - a.rank || b.id - a.id)
}

const threadFilters: Readonly<Record<ThreadFilter, string>> = {
  all: '',
  unread: 'AND t.unread = 1',
  flagged: 'AND t.flagged = 1',
  attachments: 'AND t.has_attachment = 1',
}

function snoozedRows(db: Reader, filter: ThreadFilter, lane: Lane | null, after: string | null, limit: number): Row[] {
  const [fromUntil, fromThread] = after === null ? [0, 0] : cursorOf(after)
  return db.all<Row>(
    `SELECT ${rowColumns}, t.newest_id, t.unread, t.flagged, t.snoozed_until AS rank
     FROM thread t JOIN message m ON m.id = t.newest_id JOIN account a ON a.id = t.account_id
     WHERE t.snoozed_until >= ? AND (t.snoozed_until > ? OR t.id > ?) AND a.removing = 0 ${threadFilters[filter]} ${lane === null ? '' : 'AND t.lane = ?'}
     ORDER BY t.snoozed_until, t.id LIMIT ?`,
    fromUntil, fromUntil, fromThread, ...(lane === null ? [] : [lane]), limit,
  )
}

/** Threads of each lane in a list, and how many of them are unread. */
export function laneCounts(db: Reader, source: ThreadSource): Record<Lane, { total: number; unread: number }> {
  const counts: Record<Lane, { total: number; unread: number }> = {
    candidates: { total: 0, unread: 0 }, clients: { total: 0, unread: 0 }, unknown: { total: 0, unread: 0 }, bulk: { total: 0, unread: 0 },
  }
  type Count = { lane: Lane; total: number; unread: number }
  const rows =
    source === 'snoozed'
      ? db.all<Count>('SELECT lane, count(*) AS total, sum(unread) AS unread FROM thread WHERE snoozed_until IS NOT NULL GROUP BY lane')
      : foldersOf(db, source).flatMap((folder) =>
          db.all<Count>('SELECT lane, count(*) AS total, sum(unread) AS unread FROM thread_folder INDEXED BY thread_folder_lane WHERE folder_id = ? AND rank IS NOT NULL GROUP BY lane', folder),
        )
  for (const row of rows) {
    counts[row.lane].total += row.total
    counts[row.lane].unread += row.unread
  }
  return counts
}

function cursorOf(text: string | null): [number, number] {
  const match = text === null ? null : /^(\d{1,16})\.(\d{1,16})$/.exec(text)
  return match ? [Number(match[1]), Number(match[2])] : [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
}

/** Rows for threads in the order asked, dated by their newest message; threads that are gone are left out. */
export function threadRows(db: Reader, ids: readonly ThreadId[]): ThreadRow[] {
  const found = db.all<Row>(
    `SELECT ${rowColumns}, t.newest_id, t.unread, t.flagged, t.newest_id AS rank FROM thread t JOIN message m ON m.id = t.newest_id JOIN account a ON a.id = t.account_id
     WHERE t.id IN (SELECT value FROM json_each(?))`,
    JSON.stringify(ids),
  )
  const rows = new Map(withRecipients(db, found.map(threadRow)).map((row) => [row.id, row]))
  return ids.flatMap((id) => rows.get(id) ?? [])
}

export function getThread(db: Reader, id: ThreadId): Thread | null {
  const row = db.get<{ account_id: Thread['accountId']; subject: string; muted: number; snoozed_until: number | null }>('SELECT account_id, subject, muted, snoozed_until FROM thread WHERE id = ?', id)
  if (!row) return null
  const messages = messagesOfThread(db, id)
  return messages.length === 0 ? null : { id, accountId: row.account_id, subject: row.subject, messages, muted: row.muted === 1, snoozedUntil: row.snoozed_until }
}

export function messageIdsOf(db: Reader, threads: readonly ThreadId[]): MessageId[] {
  return db.all<{ id: MessageId }>('SELECT id FROM message WHERE thread_id IN (SELECT value FROM json_each(?))', JSON.stringify(threads)).map((row) => row.id)
}

export function threadsOf(db: Reader, messages: readonly MessageId[]): ThreadId[] {
  return db.all<{ id: ThreadId }>('SELECT DISTINCT thread_id AS id FROM message WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(messages)).map((row) => row.id)
}
