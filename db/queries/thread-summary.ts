// Keeps each touched thread's summary and its row in every folder's list equal to what its messages say. Runs inside the
// write that touched them, so a list never shows a thread its messages do not support.
import type { FolderId, ThreadId } from '../../shared/model/ids.ts'
import type { SpecialUse } from '../../shared/model/folder.ts'
import type { Tx } from '../handles.ts'
import { isOwnAddress } from './correspondents.ts'
import { decidingSender, laneReason } from './lanes.ts'
import { isMuted, snoozeOf } from './snoozes.ts'
import { firstIdFrom } from './message-ids.ts'
import { forwardedMessage } from './messages.ts'

type Line = {
  id: number
  subject: string
  from_name: string
  from_address: string
  snippet: string
  has_attachment: number
  has_invite: number
  folder_id: FolderId | null
  seen: number | null
  flagged: number | null
  answered: number | null
  forwarded: number
  draft: number | null
  automatic: number
  list_id: string | null
  special: SpecialUse | null
}

type FolderLine = { special: SpecialUse | null; newest: number; unread: number; flagged: number; attachment: number }

const shownPeople = 4

export function refreshThreads(tx: Tx, threads: ReadonlySet<ThreadId>): void {
  for (const thread of threads) refreshThread(tx, thread)
}

function refreshThread(tx: Tx, thread: ThreadId): void {
  const lines = tx.all<Line>(
    `SELECT m.id, m.subject, m.from_name, m.from_address, m.snippet, m.has_attachment, m.invite IS NOT NULL AS has_invite,
            m.automatic, m.list_id, p.folder_id, p.seen, p.flagged, p.answered, p.draft, f.special, ${forwardedMessage} AS forwarded
     FROM message m LEFT JOIN placement p ON p.message_id = m.id LEFT JOIN folder f ON f.id = p.folder_id
     WHERE m.thread_id = ? AND m.orphaned_at IS NULL ORDER BY m.id`,
    thread,
  )
  if (lines.length === 0 && !tx.get('SELECT 1 FROM message WHERE thread_id = ?', thread)) {
    tx.run('DELETE FROM thread WHERE id = ?', thread)
    return
  }

  const folders = new Map<FolderId, FolderLine>()
  const ids = new Set<number>()
  const people = new Map<string, { name: string; address: string; unread: boolean }>()
  let unread = 0
  let flagged = 0
  let answered = 0
  let forwarded = 0
  let attachment = 0
  let invite = 0
  for (const line of lines) {
    ids.add(line.id)
    attachment |= line.has_attachment
    invite |= line.has_invite
    const isUnread = line.seen === 0
    const known = people.get(line.from_address)
    if (!known) people.set(line.from_address, { name: line.from_name || line.from_address, address: line.from_address, unread: isUnread })
    else if (isUnread) known.unread = true
    if (line.folder_id === null) continue
    unread |= isUnread ? 1 : 0
    flagged |= line.flagged ?? 0
    answered |= line.answered ?? 0
    forwarded |= line.forwarded
    const folder = folders.get(line.folder_id) ?? { special: line.special, newest: 0, unread: 0, flagged: 0, attachment: 0 }
    folder.newest = Math.max(folder.newest, line.id)
    folder.unread |= isUnread ? 1 : 0
    folder.flagged |= line.flagged ?? 0
    folder.attachment |= line.has_attachment
    folders.set(line.folder_id, folder)
  }
  const own = new Set(lines.filter((line) => line.special === 'sent' || line.special === 'drafts').map((line) => line.id))
  for (const address of people.keys()) {
    if (isOwnAddress(tx, address)) for (const line of lines) if (line.from_address === address) own.add(line.id)
  }
  const { lane } = laneReason(tx, decidingSender(lines.map((line) => ({ address: line.from_address, listId: line.list_id, automatic: line.automatic === 1, own: own.has(line.id) }))))
  const snooze = snoozeOf(tx, thread)
  const snoozedUntil = snooze?.returnedAt === null ? snooze.until : null
  // What somebody wrote says more than the answer that is still being written.
  const newest = lines.findLast((line) => line.draft !== 1) ?? lines.at(-1)
  const first = lines[0]
  if (newest && first) {
    const everyone = [...people.values()]
    // The first to write and the last ones say most about a conversation.
    const shown = everyone.length <= shownPeople ? everyone : [...everyone.slice(0, 1), ...everyone.slice(1 - shownPeople)]
    tx.run(
      `UPDATE thread SET subject = ?, people = ?, snippet = ?, newest_id = ?, message_count = ?, unread = ?, flagged = ?, answered = ?, forwarded = ?,
         has_attachment = ?, has_invite = ?, lane = ?, muted = ?, snoozed_until = ?, returned = ? WHERE id = ?`,
      first.subject, JSON.stringify(shown), newest.snippet, newest.id, ids.size, unread, flagged, answered, forwarded, attachment, invite,
      lane, Number(isMuted(tx, thread)), snoozedUntil, Number(snooze !== null && snooze.returnedAt !== null && !snooze.opened), thread,
    )
  }

  for (const { folder_id } of tx.all<{ folder_id: FolderId }>('SELECT folder_id FROM thread_folder WHERE thread_id = ?', thread)) {
    if (folders.has(folder_id)) continue
    tx.run('DELETE FROM thread_folder WHERE folder_id = ? AND thread_id = ?', folder_id, thread)
    tx.touch.folder(folder_id)
  }
  for (const [id, folder] of folders) {
    // Snoozing hides a thread from the inbox and from nothing else; what came back stands where that instant puts it.
    const inInbox = folder.special === 'inbox'
    const rank = inInbox && snoozedUntil !== null ? null : Math.max(folder.newest, inInbox && snooze?.returnedAt ? firstIdFrom(snooze.returnedAt) : 0)
    tx.run(
      `INSERT INTO thread_folder (folder_id, thread_id, newest_id, rank, lane, unread, flagged, has_attachment) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (folder_id, thread_id) DO UPDATE SET newest_id = excluded.newest_id, rank = excluded.rank, lane = excluded.lane, unread = excluded.unread,
         flagged = excluded.flagged, has_attachment = excluded.has_attachment`,
      id, thread, folder.newest, rank, lane, folder.unread, folder.flagged, folder.attachment,
    )
    tx.touch.folder(id)
  }
}

