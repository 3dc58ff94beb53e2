// Messages and their placements. A message is what was written; a placement is where a server keeps it. The same mail in
// two folders is one message with two placements, recognised by a hash of its header bytes and its size.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { createHash } from 'node:crypto'
import type { AccountId, FolderId, MessageId, PlacementId, ThreadId } from '../../shared/model/ids.ts'
import type { Address, Attachment, AttachmentKind, BodyState, CalendarInvite, Message } from '../../shared/model/message.ts'
import type { Reader, Tx } from '../handles.ts'
import { noteCorrespondence } from './correspondents.ts'
import { adoptListed, departedFrom, fieldsOwed, noteTold, unnumbered } from './owed.ts'
import { firstIdFrom, messageIdFor } from './message-ids.ts'
import { storeReplyHeader } from './reply-headers.ts'
import { threadForMessage, type ThreadingHeaders } from './threading.ts'

/** SQL: message `m` was forwarded: a server says so (RFC 5788), or it went from here, which servers that keep no keywords forget. */
export const forwardedMessage = `(EXISTS (SELECT 1 FROM placement WHERE message_id = m.id AND ' ' || lower(keywords) || ' ' LIKE '% $forwarded %')
  OR EXISTS (SELECT 1 FROM outgoing WHERE source_message_id = m.id AND source_mark = 'forwarded' AND sent_at IS NOT NULL))`

export type Flags = { readonly seen: boolean; readonly flagged: boolean; readonly answered: boolean; readonly draft: boolean; readonly keywords: readonly string[] }

/** What a message's header block says, decoded. */
export type MessageHeaders = ThreadingHeaders & {
  readonly subject: string
  readonly from: Address | null
  readonly replyTo: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly recipientsOmitted: number
  readonly date: number | null
  readonly automatic: boolean
  readonly listId: string | null
  readonly unsubscribe: Message['unsubscribe']
  /** Minutes east of UTC in the Date field; null when it names no zone. */
  readonly utcOffset: number | null
  readonly listPost?: string | null
  readonly followupTo?: readonly Address[]
}

export type NewMessage = {
  readonly remoteId: string
  readonly flags: Flags
  readonly receivedAt: number | null
  readonly size: number
  readonly hasAttachment: boolean
  /** The raw header bytes, for recognising the message elsewhere. */
  readonly rawHeaders: Uint8Array
  readonly headers: MessageHeaders
}

export type MessageBody = {
  /** Plain text, for reading and search. */
  readonly text: string
  /** zstd of the HTML as it came, not sanitised; null when the message has none. Compressed by whoever parsed it, off the
   *  main thread. */
  readonly htmlZstd: Uint8Array | null
  readonly snippet: string
  readonly attachments: readonly Omit<Attachment, 'messageId' | 'local'>[]
  readonly invite: CalendarInvite | null
}

const bodyStates: readonly BodyState[] = ['none', 'stored', 'unparsed']
const dayMs = 86_400_000

/** The date a list sorts by: the sender's Date, unless it lies in the future of the server's clock or is absurd. */
export function listDate(headerDate: number | null, receivedAt: number | null, now: number): number {
  const latest = (receivedAt ?? now) + dayMs
  if (headerDate !== null && headerDate > 0 && headerDate <= latest) return headerDate
  return Math.min(Math.max(receivedAt ?? now, 0), now + dayMs)
}

function identityOf(rawHeaders: Uint8Array, size: number): Uint8Array {
  return createHash('sha256').update(rawHeaders).update(`\0${String(size)}`).digest().subarray(0, 16)
}

const flagValues = (flags: Flags): [number, number, number, number, string] => [
  Number(flags.seen), Number(flags.flagged), Number(flags.answered), Number(flags.draft), flags.keywords.join(' '),
]

/** Stores what a page listed. Repeating a page changes nothing. Gives the messages that were new to this computer. */
export function storeListed(tx: Tx, account: AccountId, folder: FolderId, listed: readonly NewMessage[], now: number): { id: MessageId; message: NewMessage }[] {
  const created: { id: MessageId; message: NewMessage }[] = []
  for (const message of listed) {
    if (tx.get('SELECT 1 FROM placement WHERE folder_id = ? AND remote_id = ?', folder, message.remoteId) || departedFrom(tx, folder, message.remoteId)) {
      setRemoteFlags(tx, folder, message.remoteId, message.flags)
      continue
    }
    const identity = identityOf(message.rawHeaders, message.size)
    const known = tx.get<{ id: MessageId; thread_id: ThreadId }>('SELECT id, thread_id FROM message WHERE account_id = ? AND identity = ?', account, identity)
    let id: MessageId
    if (known) {
      id = known.id
      if (adoptListed(tx, folder, id, message.remoteId)) {
        setRemoteFlags(tx, folder, message.remoteId, message.flags)
        continue
      }
      tx.run('UPDATE message SET orphaned_at = NULL WHERE id = ? AND orphaned_at IS NOT NULL', id)
      tx.touch.thread(known.thread_id)
    } else {
      id = insertMessage(tx, account, folder, identity, message, now)
      created.push({ id, message })
    }
    tx.run(
      'INSERT INTO placement (message_id, folder_id, remote_id, seen, flagged, answered, draft, keywords) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      id, folder, message.remoteId, ...flagValues(message.flags),
    )
    tx.touch.folder(folder)
  }
  return created
}

function keepsSent(tx: Tx, folder: FolderId): boolean {
  return tx.get("SELECT 1 FROM folder WHERE id = ? AND special = 'sent'", folder) !== undefined
}

function insertMessage(tx: Tx, account: AccountId, folder: FolderId, identity: Uint8Array, message: NewMessage, now: number): MessageId {
  const { headers } = message
  const thread = threadForMessage(tx, account, headers)
  const date = listDate(headers.date, message.receivedAt, now)
  const id = messageIdFor(tx, date, folder, message.remoteId)
  tx.run(
    `INSERT INTO message (id, account_id, thread_id, identity, header_message_id, subject, from_name, from_address, people,
       recipients_omitted, date, size, has_attachment, automatic, list_id, unsubscribe)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id, account, thread, identity, headers.messageId, headers.subject, headers.from?.name ?? '', headers.from?.address ?? '',
    JSON.stringify({ replyTo: headers.replyTo, to: headers.to, cc: headers.cc, bcc: headers.bcc }),
    headers.recipientsOmitted, date, message.size, Number(message.hasAttachment), Number(headers.automatic), headers.listId,
    headers.unsubscribe ? JSON.stringify(headers.unsubscribe) : null,
  )
  // A draft was not sent to anybody.
  if (!message.flags.draft) noteCorrespondence(tx, account, { ...headers, date }, keepsSent(tx, folder))
  storeReplyHeader(tx, id, headers)
  return id
}

/** The server's flags for one message of a folder. Fields that the server is still to be told of keep what was set here. */
export function setRemoteFlags(tx: Tx, folder: FolderId, remoteId: string, flags: Flags): void {
  type Found = { id: PlacementId; message_id: MessageId; thread_id: ThreadId; pending: number; seen: number; flagged: number; answered: number; keywords: string }
  const columns = 'p.id, p.message_id, m.thread_id, p.pending, p.seen, p.flagged, p.answered, p.keywords'
  let found = tx.get<Found>(
    `SELECT ${columns} FROM placement p JOIN message m ON m.id = p.message_id
     WHERE p.folder_id = ? AND p.remote_id = ? AND (p.seen, p.flagged, p.answered, p.draft, p.keywords) IS NOT (?, ?, ?, ?, ?)`,
    folder, remoteId, ...flagValues(flags),
  )
  if (!found) {
    // It stands elsewhere here and still there on the server: its flags will move along with it.
    const departed = departedFrom(tx, folder, remoteId)
    if (!departed) return
    tx.run('UPDATE owed SET flags = ? WHERE id = ?', JSON.stringify(flagValues(flags)), departed.owed)
    found = tx.get<Found>(`SELECT ${columns} FROM owed o JOIN placement p ON p.id = o.placement_id AND p.message_id = o.message_id JOIN message m ON m.id = p.message_id WHERE o.id = ?`, departed.owed)
    if (!found) return
  }
  let told = flags
  if (found.pending > 0) {
    for (const field of fieldsOwed(tx, found.id, found.message_id)) {
      if (field === 'seen' || field === 'flagged' || field === 'answered') {
        if (Number(flags[field]) !== found[field]) noteTold(tx, found.id, found.message_id, field, flags[field] ? '1' : '0')
        told = { ...told, [field]: found[field] === 1 }
      } else if (field === 'keywords') {
        if (flags.keywords.join(' ') !== found.keywords) noteTold(tx, found.id, found.message_id, field, flags.keywords.join(' '))
        told = { ...told, keywords: found.keywords === '' ? [] : found.keywords.split(' ') }
      }
    }
  }
  const { changes } = tx.run(
    `UPDATE placement SET seen = ?, flagged = ?, answered = ?, draft = ?, keywords = ?
     WHERE id = ? AND (seen, flagged, answered, draft, keywords) IS NOT (?, ?, ?, ?, ?)`,
    ...flagValues(told), found.id, ...flagValues(told),
  )
  if (changes > 0) tx.touch.thread(found.thread_id)
}

/** Forgets placements the server removed. Messages left without one wait for `purgeOrphans`. Gives how many were here. */
export function removePlacements(tx: Tx, folder: FolderId, remoteIds: readonly string[], now: number): number {
  let removed = 0
  for (const remoteId of remoteIds) {
    const found = tx.get<{ id: PlacementId; message_id: MessageId; thread_id: ThreadId }>(
      'SELECT p.id, p.message_id, m.thread_id FROM placement p JOIN message m ON m.id = p.message_id WHERE p.folder_id = ? AND p.remote_id = ?',
      folder, remoteId,
    )
    if (!found) {
      // It had left the folder here; the task that tells so will find it gone.
      tx.run('UPDATE owed SET gone = 1 WHERE folder_id = ? AND remote_id = ?', folder, remoteId)
      continue
    }
    tx.run('DELETE FROM placement WHERE id = ?', found.id)
    tx.run('UPDATE message SET orphaned_at = ? WHERE id = ? AND NOT EXISTS (SELECT 1 FROM placement WHERE message_id = message.id)', now, found.message_id)
    tx.touch.thread(found.thread_id)
    tx.touch.folder(folder)
    removed++
  }
  return removed
}

/** Drops up to `limit` placements of a folder whose numbering the server changed or that is gone; what was put there and
 *  the server has not numbered yet stays. */
export function clearFolder(tx: Tx, folder: FolderId, now: number, limit: number): number {
  const ids = tx.all<{ remote_id: string }>(`SELECT remote_id FROM placement WHERE folder_id = ? AND NOT ${unnumbered('remote_id')} LIMIT ?`, folder, limit).map((row) => row.remote_id)
  return removePlacements(tx, folder, ids, now)
}

/** Deletes up to `limit` messages that lost their last placement before `before`. */
export function purgeOrphans(tx: Tx, before: number, limit: number): number {
  const rows = tx.all<{ id: MessageId; thread_id: ThreadId }>('SELECT id, thread_id FROM message WHERE orphaned_at < ? AND NOT EXISTS (SELECT 1 FROM owed WHERE message_id = message.id) LIMIT ?', before, limit)
  for (const row of rows) {
    tx.run('DELETE FROM message WHERE id = ?', row.id)
    tx.touch.thread(row.thread_id)
  }
  return rows.length
}

/** Stores a parsed body. The text is searchable when the write commits. */
export function storeBody(tx: Tx, id: MessageId, body: MessageBody): void {
  const found = tx.get<{ thread_id: ThreadId; has_attachment: number; has_invite: number; newest_id: MessageId }>(
    'SELECT m.thread_id, m.has_attachment, m.invite IS NOT NULL AS has_invite, t.newest_id FROM message m JOIN thread t ON t.id = m.thread_id WHERE m.id = ?',
    id,
  )
  if (!found) return
  const hasAttachment = Number(body.attachments.some((one) => !one.inline))
  tx.run(
    'UPDATE message SET snippet = ?, body_state = 1, body_note = NULL, has_attachment = ?, invite = ? WHERE id = ?',
    body.snippet, hasAttachment, body.invite ? JSON.stringify(body.invite) : null, id,
  )
  tx.run(
    'INSERT INTO message_text (message_id, body, filenames) VALUES (?, ?, ?) ON CONFLICT (message_id) DO UPDATE SET body = excluded.body, filenames = excluded.filenames',
    id, body.text, body.attachments.map((one) => one.filename).join(' '),
  )
  if (body.htmlZstd === null) tx.run('DELETE FROM message_html WHERE message_id = ?', id)
  else tx.run('INSERT OR REPLACE INTO message_html (message_id, html) VALUES (?, ?)', id, body.htmlZstd)
  tx.run('DELETE FROM attachment WHERE message_id = ?', id)
  for (const one of body.attachments) {
    tx.run(
      'INSERT INTO attachment (message_id, idx, filename, mime_type, size, content_id, inline, kind, dangerous) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      id, one.index, one.filename, one.mimeType, one.size, one.contentId, Number(one.inline), one.kind, Number(one.dangerous),
    )
  }
  // Most texts of a long sync change nothing that a list shows.
  const shows = id >= found.newest_id || hasAttachment !== found.has_attachment || Number(body.invite !== null) !== found.has_invite
  if (shows) tx.touch.thread(found.thread_id)
  tx.touch.body(id, found.thread_id)
}

/** Keeps a message raw that could not be parsed: it stays listed and can be opened as source. */
export function storeUnparsed(tx: Tx, id: MessageId, source: Uint8Array | null, why: string): void {
  const found = tx.get<{ thread_id: ThreadId }>('SELECT thread_id FROM message WHERE id = ?', id)
  if (!found) return
  tx.run('UPDATE message SET body_state = 2, body_note = ? WHERE id = ?', why.slice(0, 200), id)
  if (source) storeSource(tx, id, source)
  tx.touch.thread(found.thread_id)
  tx.touch.body(id, found.thread_id)
}

/** Forgets the texts and sources of an account's messages from before an instant; they stay listed. False when none are left. */
export function dropTexts(tx: Tx, account: AccountId, before: number, limit: number): boolean {
  const rows = tx.all<{ id: MessageId }>('SELECT id FROM message WHERE account_id = ? AND id < ? AND body_state = 1 LIMIT ?', account, firstIdFrom(before), limit)
  for (const { id } of rows) {
    tx.run('UPDATE message SET body_state = 0 WHERE id = ?', id)
    tx.run('DELETE FROM message_text WHERE message_id = ?', id)
    tx.run('DELETE FROM message_html WHERE message_id = ?', id)
    tx.run('DELETE FROM message_source WHERE message_id = ?', id)
  }
  return rows.length > 0
}

export function storeSource(tx: Tx, id: MessageId, source: Uint8Array): void {
  const found = tx.get<{ thread_id: ThreadId }>('SELECT thread_id FROM message WHERE id = ?', id)
  if (!found) return
  tx.run('INSERT OR REPLACE INTO message_source (message_id, source) VALUES (?, ?)', id, zstdCompressSync(source))
  tx.touch.body(id, found.thread_id)
}

export function readSource(db: Reader, id: MessageId): Uint8Array | null {
  const row = db.get<{ source: Uint8Array }>('SELECT source FROM message_source WHERE message_id = ?', id)
  return row ? zstdDecompressSync(row.source) : null
}

export function readBody(db: Reader, id: MessageId): { text: string; html: string | null; state: BodyState } | null {
  const row = db.get<{ body: string; body_state: number; html: Uint8Array | null }>(
    `SELECT coalesce(t.body, '') AS body, m.body_state, h.html FROM message m LEFT JOIN message_text t ON t.message_id = m.id
     LEFT JOIN message_html h ON h.message_id = m.id WHERE m.id = ?`,
    id,
  )
  if (!row) return null
  return { text: row.body, html: row.html ? zstdDecompressSync(row.html).toString('utf8') : null, state: bodyStates[row.body_state] ?? 'none' }
}

/** SQL: a placement's first debt of a move, which says where the server still has it. */
const firstDeparture = '(SELECT min(x.id) FROM owed x WHERE x.placement_id = p.id AND x.message_id = p.message_id AND x.remote_id IS NOT NULL)'

/** Where a server keeps the message by now, the inbox and other real folders before the rest. */
export function placementsOf(db: Reader, id: MessageId): { id: PlacementId; folderId: FolderId; folderRemoteId: string; remoteId: string; accountId: AccountId }[] {
  return db.all(
    `SELECT p.id, f.id AS folderId, f.remote_id AS folderRemoteId, coalesce(o.remote_id, p.remote_id) AS remoteId, f.account_id AS accountId
     FROM placement p LEFT JOIN owed o ON o.id = ${firstDeparture} JOIN folder f ON f.id = coalesce(o.folder_id, p.folder_id)
     WHERE p.message_id = ? AND f.remote_id IS NOT NULL AND NOT ${unnumbered('coalesce(o.remote_id, p.remote_id)')}`,
    id,
  )
}

export type BodyWanted = { readonly id: MessageId; readonly folderId: FolderId; readonly folderRemoteId: string; readonly remoteId: string; readonly size: number }

/** Those of a folder's messages with these remote ids whose text is not here, newest first. */
export function withoutBodyAmong(db: Reader, folder: FolderId, remoteIds: readonly string[], limit: number): BodyWanted[] {
  return db.all(
    `SELECT m.id, m.size, f.id AS folderId, f.remote_id AS folderRemoteId, p.remote_id AS remoteId
     FROM placement p JOIN message m ON m.id = p.message_id JOIN folder f ON f.id = p.folder_id
     WHERE p.folder_id = ? AND p.remote_id IN (SELECT value FROM json_each(?)) AND m.body_state = 0 ORDER BY m.id DESC LIMIT ?`,
    folder, JSON.stringify(remoteIds), limit,
  )
}

/** Messages of an account whose text is still to be fetched, newest first, each with one of its placements. */
export function withoutBody(
  db: Reader,
  account: AccountId,
  notBefore: number,
  limit: number,
): BodyWanted[] {
  return db.all(
    `SELECT m.id, m.size, f.id AS folderId, f.remote_id AS folderRemoteId, coalesce(o.remote_id, p.remote_id) AS remoteId
     FROM message m INDEXED BY message_without_body
     CROSS JOIN placement p ON p.id = (SELECT min(q.id) FROM placement q WHERE q.message_id = m.id)
     LEFT JOIN owed o ON o.id = ${firstDeparture}
     CROSS JOIN folder f ON f.id = coalesce(o.folder_id, p.folder_id)
     WHERE m.account_id = ? AND m.body_state = 0 AND m.body_note IS NULL AND m.id >= ? AND f.remote_id IS NOT NULL AND f.removing = 0
       AND NOT ${unnumbered('coalesce(o.remote_id, p.remote_id)')}
     ORDER BY m.id DESC LIMIT ?`,
    account, firstIdFrom(notBefore), limit,
  )
}

/** Messages of an account whose text is still to be fetched. */
export function countWithoutBody(db: Reader, account: AccountId, notBefore: number): number {
  return db.get<{ n: number }>(
    'SELECT count(*) AS n FROM message INDEXED BY message_without_body WHERE account_id = ? AND body_state = 0 AND body_note IS NULL AND orphaned_at IS NULL AND id >= ?',
    account, firstIdFrom(notBefore),
  )?.n ?? 0
}

/** Messages with attachments of which the source is not here yet, newest first. */
export function withoutSource(db: Reader, account: AccountId, notBefore: number, limit: number): { id: MessageId }[] {
  return db.all(
    `SELECT m.id FROM message m WHERE m.account_id = ? AND m.has_attachment = 1 AND m.body_state = 1 AND m.orphaned_at IS NULL AND m.body_note IS NULL
       AND m.id >= ? AND NOT EXISTS (SELECT 1 FROM message_source WHERE message_id = m.id) ORDER BY m.id DESC LIMIT ?`,
    account, firstIdFrom(notBefore), limit,
  )
}

/** Remembers that the server refused a body, so that the sync goes on with the others. Opening the message tries again. */
export function noteBodyRefused(tx: Tx, id: MessageId, why: string): void {
  tx.run('UPDATE message SET body_note = ? WHERE id = ? AND body_state = 0', why.slice(0, 200), id)
}

type MessageRow = {
  id: MessageId
  account_id: AccountId
  thread_id: ThreadId
  header_message_id: string | null
  subject: string
  from_name: string
  from_address: string
  people: string
  recipients_omitted: number
  date: number
  size: number
  snippet: string
  body_state: number
  invite: string | null
  automatic: number
  list_id: string | null
  unsubscribe: string | null
  has_source: number
  forwarded: number
}
type AttachmentRow = { message_id: MessageId; idx: number; filename: string; mime_type: string; size: number; content_id: string | null; inline: number; kind: string; dangerous: number }
type PlacementRow = { message_id: MessageId; folder_id: FolderId; seen: number; flagged: number; answered: number; draft: number }

const messageColumns = `m.id, m.account_id, m.thread_id, m.header_message_id, m.subject, m.from_name, m.from_address, m.people, m.recipients_omitted,
  m.date, m.size, m.snippet, m.body_state, m.invite, m.automatic, m.list_id, m.unsubscribe,
  EXISTS (SELECT 1 FROM message_source WHERE message_id = m.id) AS has_source, ${forwardedMessage} AS forwarded`

export function getMessage(db: Reader, id: MessageId): Message | null {
  return assemble(db, db.all<MessageRow>(`SELECT ${messageColumns} FROM message m WHERE m.id = ?`, id))[0] ?? null
}

export function accountOfMessage(db: Reader, id: MessageId): AccountId | null {
  return db.get<{ account_id: AccountId }>('SELECT account_id FROM message WHERE id = ?', id)?.account_id ?? null
}

/** All messages of a thread that some folder still holds, oldest first. Copies of drafts written here are left out where there
 *  is anything else: the draft itself is shown with the thread. */
export function messagesOfThread(db: Reader, thread: ThreadId): Message[] {
  const messages = assemble(db, db.all<MessageRow>(`SELECT ${messageColumns} FROM message m WHERE m.thread_id = ? AND m.orphaned_at IS NULL ORDER BY m.id`, thread))
  if (!messages.some((one) => one.draft)) return messages
  const copies = new Set(
    db
      .all<{ id: MessageId }>('SELECT m.id FROM message m JOIN draft_copy c ON c.header_message_id = m.header_message_id AND c.account_id = m.account_id WHERE m.thread_id = ?', thread)
      .map((row) => row.id),
  )
  const others = messages.filter((one) => !copies.has(one.id))
  return others.length > 0 ? others : messages
}

/** How many of a long list of recipients a screen is given; the source has them all. */
const shownRecipients = 500

function assemble(db: Reader, rows: readonly MessageRow[]): Message[] {
  const ids = JSON.stringify(rows.map((row) => row.id))
  const attachments = Map.groupBy(db.all<AttachmentRow>('SELECT * FROM attachment WHERE message_id IN (SELECT value FROM json_each(?)) ORDER BY message_id, idx', ids), (row) => row.message_id)
  const placements = Map.groupBy(
    db.all<PlacementRow>('SELECT message_id, folder_id, seen, flagged, answered, draft FROM placement WHERE message_id IN (SELECT value FROM json_each(?))', ids),
    (row) => row.message_id,
  )
  return rows.map((row) => {
    const people = JSON.parse(row.people) as { replyTo: Address[]; to: Address[]; cc: Address[]; bcc: Address[] }
    const places = placements.get(row.id) ?? []
    let omitted = row.recipients_omitted
    const shown = (list: Address[]): Address[] => {
      omitted += Math.max(0, list.length - shownRecipients)
      return list.slice(0, shownRecipients)
    }
    return {
      id: row.id,
      accountId: row.account_id,
      threadId: row.thread_id,
      folderIds: [...new Set(places.map((place) => place.folder_id))],
      headerMessageId: row.header_message_id,
      subject: row.subject,
      from: row.from_address || row.from_name ? { name: row.from_name, address: row.from_address } : null,
      replyTo: shown(people.replyTo),
      to: shown(people.to),
      cc: shown(people.cc),
      bcc: shown(people.bcc),
      recipientsOmitted: omitted,
      date: row.date,
      size: row.size,
      snippet: row.snippet,
      seen: places.every((place) => place.seen === 1),
      flagged: places.some((place) => place.flagged === 1),
      answered: places.some((place) => place.answered === 1),
      forwarded: row.forwarded === 1,
      draft: places.some((place) => place.draft === 1),
      bodyState: bodyStates[row.body_state] ?? 'none',
      attachments: (attachments.get(row.id) ?? []).map((one) => ({
        messageId: row.id,
        index: one.idx,
        filename: one.filename,
        mimeType: one.mime_type,
        size: one.size,
        contentId: one.content_id,
        inline: one.inline === 1,
        kind: one.kind as AttachmentKind,
        dangerous: one.dangerous === 1,
        local: row.has_source === 1,
      })),
      invite: row.invite ? (JSON.parse(row.invite) as CalendarInvite) : null,
      automatic: row.automatic === 1,
      listId: row.list_id,
      unsubscribe: row.unsubscribe ? (JSON.parse(row.unsubscribe) as Message['unsubscribe']) : null,
    }
  })
}
