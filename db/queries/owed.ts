// What is owed to a server for single messages: the local halves of moves, copies, deletions and flag changes, and what
// becomes of them when the server was told, refused, or no longer has the message.
// A placement moved here stands in its new folder under a remote id of our own, 'local:' and the number of the debt, until
// the server gives it one; the debt remembers where the server still has it, and sync passes over that place. Moves follow
// each other as a chain: what a later debt departs from may be the 'local:' id of an earlier one. A message the server has
// under a number it did not tell, or changed, is 'lost:' until the next listing of the folder shows it (adoptListed).
// No function here talks to a server or inserts a task.
import type { AccountId, FolderId, MessageId, PlacementId, TaskId, ThreadId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'
import { endTask } from './tasks.ts'

export type FlagField = 'seen' | 'flagged' | 'answered'

export type Placement = {
  readonly id: PlacementId
  readonly accountId: AccountId
  readonly messageId: MessageId
  readonly threadId: ThreadId
  readonly folderId: FolderId
  readonly remoteId: string
  readonly seen: boolean
  readonly flagged: boolean
  readonly answered: boolean
  readonly draft: boolean
  /** Separated by spaces. */
  readonly keywords: string
}

type PlacementRow = {
  id: PlacementId; account_id: AccountId; message_id: MessageId; thread_id: ThreadId; folder_id: FolderId; remote_id: string
  seen: number; flagged: number; answered: number; draft: number; keywords: string
}
const placement = (row: PlacementRow): Placement => ({
  id: row.id, accountId: row.account_id, messageId: row.message_id, threadId: row.thread_id, folderId: row.folder_id, remoteId: row.remote_id,
  seen: row.seen === 1, flagged: row.flagged === 1, answered: row.answered === 1, draft: row.draft === 1, keywords: row.keywords,
})
const placementColumns = 'p.id, m.account_id, p.message_id, m.thread_id, p.folder_id, p.remote_id, p.seen, p.flagged, p.answered, p.draft, p.keywords'

export function getPlacement(db: Reader, id: PlacementId): Placement | null {
  const row = db.get<PlacementRow>(`SELECT ${placementColumns} FROM placement p JOIN message m ON m.id = p.message_id WHERE p.id = ?`, id)
  return row ? placement(row) : null
}

/** A message's placements, in one folder if one is named. */
export function placementsIn(db: Reader, message: MessageId, folder: FolderId | null): Placement[] {
  return db
    .all<PlacementRow>(
      `SELECT ${placementColumns} FROM placement p JOIN message m ON m.id = p.message_id WHERE p.message_id = ? AND (? IS NULL OR p.folder_id = ?) ORDER BY p.id`,
      message, folder, folder,
    )
    .map(placement)
}

/** SQL: the remote id is one of ours, not the server's. */
export const unnumbered = (column: string): string => `${column} GLOB 'lo[cs]*:*'`

/** SQL: how many messages of ours the server has in folder `f`, as far as it told. */
export const heldByServer = `(f.total
  - (SELECT count(*) FROM placement p WHERE p.folder_id = f.id AND p.remote_id >= 'local:' AND p.remote_id < 'local;')
  + (SELECT count(*) FROM owed o WHERE o.folder_id = f.id AND o.gone = 0 AND o.remote_id NOT GLOB 'local:*'))`

type OwedRow = {
  id: number; task_id: TaskId; kind: string; started: number; message_id: MessageId; placement_id: PlacementId; field: string | null; before: string | null
  folder_id: FolderId | null; remote_id: string | null; flags: string | null; gone: number; told: string | null; made_id: PlacementId | null
}
const owedColumns = 'o.id, o.task_id, t.kind, t.started, o.message_id, o.placement_id, o.field, o.before, o.folder_id, o.remote_id, o.flags, o.gone, o.told, o.made_id'

const localId = (owed: number): string => `local:${String(owed)}`

function touch(tx: Tx, message: MessageId, ...folders: readonly FolderId[]): void {
  const found = tx.get<{ thread_id: ThreadId }>('SELECT thread_id FROM message WHERE id = ?', message)
  if (found) tx.touch.thread(found.thread_id)
  for (const folder of folders) tx.touch.folder(folder)
}

function noteOrphan(tx: Tx, message: MessageId, now: number): void {
  tx.run('UPDATE message SET orphaned_at = ? WHERE id = ? AND orphaned_at IS NULL AND NOT EXISTS (SELECT 1 FROM placement WHERE message_id = message.id)', now, message)
}

function endIfPaid(tx: Tx, task: TaskId): void {
  if (!tx.get('SELECT 1 FROM owed WHERE task_id = ? LIMIT 1', task)) endTask(tx, task)
}

function forgive(tx: Tx, owed: OwedRow): void {
  tx.run('DELETE FROM owed WHERE id = ?', owed.id)
  endIfPaid(tx, owed.task_id)
}

/** The placement a debt is about, if it is still there; its number may have been given to another message's since. */
function placementOf(tx: Tx, owed: OwedRow): Placement | null {
  const found = getPlacement(tx, owed.placement_id)
  return found?.messageId === owed.message_id ? found : null
}

function lowerPending(tx: Tx, owed: OwedRow): void {
  tx.run('UPDATE placement SET pending = max(0, pending - 1) WHERE id = ? AND message_id = ?', owed.placement_id, owed.message_id)
}

const snapshot = (p: Placement): string => JSON.stringify([Number(p.seen), Number(p.flagged), Number(p.answered), Number(p.draft), p.keywords])

// ---- local halves

/** The move or copy that brought the placement where it is, if no server can have heard of it yet. */
function unsentArrival(tx: Tx, p: Placement): OwedRow | null {
  const match = /^local:(\d+)$/.exec(p.remoteId)
  if (!match) return null
  const row = tx.get<OwedRow>(`SELECT ${owedColumns} FROM owed o JOIN task t ON t.id = o.task_id WHERE o.id = ?`, Number(match[1]))
  return row && row.started === 0 ? row : null
}

function isUsable(tx: Tx, folder: FolderId | null): folder is FolderId {
  return folder !== null && tx.get('SELECT 1 FROM folder WHERE id = ? AND removing = 0', folder) !== undefined
}

/** Puts a placement into another folder. A move not yet sent is replaced by the whole way, and a way back by nothing at all;
 *  then no task is asked for. Gives the folder it left, or null when nothing was to be done. */
export function moveLocal(tx: Tx, id: PlacementId, to: FolderId, task: (from: FolderId) => TaskId): FolderId | null {
  const found = getPlacement(tx, id)
  if (found?.folderId === to || !found) return null
  const left = found.folderId
  let from = found
  const arrival = unsentArrival(tx, found)
  if (arrival?.remote_id && arrival.gone === 0 && isUsable(tx, arrival.folder_id)) {
    tx.run('UPDATE placement SET folder_id = ?, remote_id = ?, pending = max(0, pending - 1) WHERE id = ?', arrival.folder_id, arrival.remote_id, id)
    forgive(tx, arrival)
    from = { ...found, folderId: arrival.folder_id, remoteId: arrival.remote_id }
  }
  if (from.folderId !== to) {
    const owed = tx.run(
      'INSERT INTO owed (task_id, message_id, placement_id, folder_id, remote_id, flags) VALUES (?, ?, ?, ?, ?, ?)',
      task(from.folderId), from.messageId, id, from.folderId, from.remoteId, snapshot(from),
    ).id
    tx.run('UPDATE placement SET folder_id = ?, remote_id = ?, pending = pending + 1 WHERE id = ?', to, localId(owed), id)
  }
  touch(tx, found.messageId, left, to)
  return left
}

/** Puts a copy into a folder. Gives the copy, or null when the folder holds the message already. */
export function copyLocal(tx: Tx, id: PlacementId, to: FolderId, task: () => TaskId): PlacementId | null {
  const from = getPlacement(tx, id)
  if (!from || placementsIn(tx, from.messageId, to).length > 0) return null
  const owed = tx.run('INSERT INTO owed (task_id, message_id, placement_id) VALUES (?, ?, ?)', task(), from.messageId, id).id
  const copy = tx.run(
    'INSERT INTO placement (message_id, folder_id, remote_id, seen, flagged, answered, draft, keywords, pending) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)',
    from.messageId, to, localId(owed), Number(from.seen), Number(from.flagged), Number(from.answered), Number(from.draft), from.keywords,
  ).id as PlacementId
  tx.run('UPDATE owed SET made_id = ? WHERE id = ?', copy, owed)
  touch(tx, from.messageId, to)
  return copy
}

/** Takes a placement away for good. Gives the number by which it can be brought back until the server was told; null when
 *  nothing remains to be told: it was a copy no server knows of. */
export function deleteLocal(tx: Tx, id: PlacementId, now: number, task: () => TaskId): number | null {
  const found = getPlacement(tx, id)
  if (!found) return null
  let from: { folderId: FolderId; remoteId: string } = found
  const arrival = unsentArrival(tx, found)
  let owed: number | null = null
  if (arrival?.remote_id === null && arrival.field === null) forgive(tx, arrival)
  else {
    if (arrival?.remote_id && arrival.folder_id !== null && arrival.gone === 0) {
      // Deleted where it still is; the way in between is nobody's business any more.
      from = { folderId: arrival.folder_id, remoteId: arrival.remote_id }
      forgive(tx, arrival)
    }
    owed = tx.run(
      'INSERT INTO owed (task_id, message_id, placement_id, folder_id, remote_id, flags) VALUES (?, ?, ?, ?, ?, ?)',
      task(), found.messageId, id, from.folderId, from.remoteId, snapshot(found),
    ).id
  }
  tx.run('DELETE FROM placement WHERE id = ?', id)
  noteOrphan(tx, found.messageId, now)
  touch(tx, found.messageId, found.folderId)
  return owed
}

/** Sets a flag. Setting it back before the server heard of it leaves nothing to tell. Gives whether anything changed. */
export function flagLocal(tx: Tx, id: PlacementId, field: FlagField, value: boolean, task: () => TaskId): boolean {
  const found = getPlacement(tx, id)
  if (found?.[field] !== !value) return false
  oweField(tx, found, field, value ? '1' : '0', value ? '0' : '1', task)
  tx.run(`UPDATE placement SET ${field} = ? WHERE id = ?`, Number(value), id)
  touch(tx, found.messageId, found.folderId)
  return true
}

/** Sets keywords. Gives the keywords before, or null when nothing changed. */
export function keywordsLocal(tx: Tx, id: PlacementId, add: readonly string[], remove: readonly string[], task: () => TaskId): string | null {
  const found = getPlacement(tx, id)
  if (!found) return null
  const before = found.keywords.split(' ').filter((one) => one !== '')
  const after = [...new Set([...before, ...add])].filter((one) => !remove.includes(one)).join(' ')
  if (after === found.keywords) return null
  oweField(tx, found, 'keywords', after, found.keywords, task)
  tx.run('UPDATE placement SET keywords = ? WHERE id = ?', after, id)
  touch(tx, found.messageId, found.folderId)
  return found.keywords
}

function oweField(tx: Tx, p: Placement, field: string, value: string, before: string, task: () => TaskId): void {
  const last = tx.get<OwedRow>(
    `SELECT ${owedColumns} FROM owed o JOIN task t ON t.id = o.task_id WHERE o.placement_id = ? AND o.message_id = ? AND o.field = ? ORDER BY o.id DESC LIMIT 1`,
    p.id, p.messageId, field,
  )
  if (last?.started === 0 && last.told === null && last.before === value) {
    tx.run('UPDATE placement SET pending = max(0, pending - 1) WHERE id = ?', p.id)
    forgive(tx, last)
    return
  }
  tx.run('INSERT INTO owed (task_id, message_id, placement_id, field, before) VALUES (?, ?, ?, ?, ?)', task(), p.messageId, p.id, field, before)
  tx.run('UPDATE placement SET pending = pending + 1 WHERE id = ?', p.id)
}

// ---- what a task is to tell the server

export type Owed = {
  readonly id: number
  readonly taskId: TaskId
  readonly messageId: MessageId
  readonly placementId: PlacementId
  /** Where the server has the message now; null when its folder or itself is gone from there. */
  readonly folderId: FolderId | null
  /** Null while the server has not told its number. */
  readonly remoteId: string | null
  /** The message is known to be gone from there. */
  readonly gone: boolean
}

/** Everything owed by these tasks, in order, each with the place where the server has it by now. */
export function owedBy(db: Reader, tasks: readonly TaskId[]): Owed[] {
  type Line = { id: number; task_id: TaskId; message_id: MessageId; placement_id: PlacementId; folder_id: FolderId | null; remote_id: string | null; gone: number }
  return db
    .all<Line>(
      // A flag change or a copy finds its message where the first move still to be told departs from, else where it stands.
      `SELECT o.id, o.task_id, o.message_id, o.placement_id, o.gone OR coalesce(d.gone, 0) AS gone,
         coalesce(o.folder_id, d.folder_id, p.folder_id) AS folder_id, coalesce(o.remote_id, d.remote_id, p.remote_id) AS remote_id
       FROM owed o
       LEFT JOIN owed d ON o.remote_id IS NULL AND d.id = (SELECT min(x.id) FROM owed x WHERE x.placement_id = o.placement_id AND x.message_id = o.message_id AND x.remote_id IS NOT NULL)
       LEFT JOIN placement p ON p.id = o.placement_id AND p.message_id = o.message_id
       WHERE o.task_id IN (SELECT value FROM json_each(?)) ORDER BY o.id`,
      JSON.stringify(tasks),
    )
    .map((row) => ({
      id: row.id,
      taskId: row.task_id,
      messageId: row.message_id,
      placementId: row.placement_id,
      folderId: row.remote_id === null ? null : row.folder_id,
      remoteId: row.remote_id !== null && /^lo(?:cal|st):/.test(row.remote_id) ? null : row.remote_id,
      gone: row.gone === 1,
    }))
}

/** The placements a task is about, those it makes included. */
export function placementsOwed(db: Reader, task: TaskId): PlacementId[] {
  return db
    .all<{ placement_id: PlacementId; made_id: PlacementId | null }>('SELECT placement_id, made_id FROM owed WHERE task_id = ?', task)
    .flatMap((row) => (row.made_id === null ? [row.placement_id] : [row.placement_id, row.made_id]))
}

export function countOwed(db: Reader, task: TaskId): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM owed WHERE task_id = ?', task)?.n ?? 0
}

/** How many messages each of these tasks is about; those about none are not named. */
export function countsOwed(db: Reader, tasks: readonly TaskId[]): ReadonlyMap<TaskId, number> {
  const rows = db.all<{ task_id: TaskId; n: number }>('SELECT task_id, count(*) AS n FROM owed WHERE task_id IN (SELECT value FROM json_each(?)) GROUP BY task_id', JSON.stringify(tasks))
  return new Map(rows.map(({ task_id: id, n }) => [id, n]))
}

/** What each of these tasks is about: the subject of the first conversation, and how many there are beside it. Tasks about
 *  no message that is known are not named. */
export function conversationsOwed(db: Reader, tasks: readonly TaskId[]): ReadonlyMap<TaskId, { readonly subject: string; readonly others: number }> {
  const ids = JSON.stringify(tasks)
  // A problem owes nothing any more: what it was about is in its payload. The columns beside min() are those of its row.
  const rows = db.all<{ task_id: TaskId; subject: string; threads: number }>(
    `SELECT a.task_id, t.subject, a.threads FROM (
       SELECT o.task_id, min(o.place), m.thread_id, count(DISTINCT m.thread_id) AS threads FROM (
         SELECT task_id, id AS place, message_id FROM owed WHERE task_id IN (SELECT value FROM json_each(?))
         UNION ALL
         SELECT p.id, j.key, j.value FROM task p, json_each(p.payload, '$.messages') j WHERE p.problem = 1 AND p.id IN (SELECT value FROM json_each(?))
       ) o JOIN message m ON m.id = o.message_id GROUP BY o.task_id
     ) a JOIN thread t ON t.id = a.thread_id`,
    ids, ids,
  )
  return new Map(rows.map(({ task_id: id, subject, threads }) => [id, { subject, others: threads - 1 }]))
}

export function messagesOwed(db: Reader, task: TaskId): MessageId[] {
  return db.all<{ message_id: MessageId }>('SELECT DISTINCT message_id FROM owed WHERE task_id = ?', task).map((row) => row.message_id)
}

/** The folder's listing has shown a moved or copied message since. */
export function isAdopted(db: Reader, owed: Pick<Owed, 'id' | 'messageId'>): boolean {
  const mine = localId(owed.id)
  return !db.get(
    'SELECT 1 FROM placement WHERE message_id = ? AND remote_id = ? UNION ALL SELECT 1 FROM owed WHERE message_id = ? AND remote_id = ?',
    owed.messageId, mine, owed.messageId, mine,
  )
}

// ---- the server was told

/** Ends one debt of a move or copy: `remoteId` as the server gave it in the folder, or null when it did not say. */
export function settleArrival(tx: Tx, owed: Owed, to: FolderId, remoteId: string | null, now: number): void {
  const row = tx.get<OwedRow>(`SELECT ${owedColumns} FROM owed o JOIN task t ON t.id = o.task_id WHERE o.id = ?`, owed.id)
  if (!row) return
  if (row.remote_id !== null && row.folder_id !== null) tx.run('UPDATE folder SET server_total = max(0, server_total - 1) WHERE id = ? AND server_total IS NOT NULL', row.folder_id)
  tx.run('UPDATE folder SET server_total = server_total + 1 WHERE id = ? AND server_total IS NOT NULL', to)
  const holder = tx.get<{ id: PlacementId }>('SELECT id FROM placement WHERE folder_id = ? AND remote_id = ?', to, localId(row.id))
  const name = remoteId ?? `lost:${String(row.id)}`
  if (holder) {
    tx.run('UPDATE placement SET pending = max(0, pending - 1) WHERE id = ?', holder.id)
    const twin = tx.get<{ id: PlacementId }>('SELECT id FROM placement WHERE folder_id = ? AND remote_id = ?', to, name)
    if (twin) dropPlacement(tx, holder.id, now)
    else tx.run('UPDATE placement SET remote_id = ? WHERE id = ?', name, holder.id)
  } else {
    // Moved on or deleted here since: the next debt departs from there.
    const next = tx.get<{ id: number }>('SELECT id FROM owed WHERE folder_id = ? AND remote_id = ?', to, localId(row.id))
    if (next) {
      lowerPending(tx, row.made_id === null ? row : { ...row, placement_id: row.made_id })
      const stray = tx.get<{ id: PlacementId }>('SELECT id FROM placement WHERE folder_id = ? AND remote_id = ?', to, name)
      if (stray) dropPlacement(tx, stray.id, now)
      tx.run('UPDATE OR IGNORE owed SET remote_id = ? WHERE id = ?', name, next.id)
    } else lowerPending(tx, row.made_id === null ? row : { ...row, placement_id: row.made_id })
  }
  forgive(tx, row)
}

/** The server no longer has what was to be moved, copied or deleted. Gives true when that leaves it nowhere in `to`. */
export function settleGone(tx: Tx, owed: Owed, to: FolderId | null, now: number): boolean {
  const row = tx.get<OwedRow>(`SELECT ${owedColumns} FROM owed o JOIN task t ON t.id = o.task_id WHERE o.id = ?`, owed.id)
  if (!row) return false
  const holder = tx.get<{ id: PlacementId }>('SELECT id FROM placement WHERE remote_id = ? AND message_id = ?', localId(row.id), row.message_id)
  if (holder) dropPlacement(tx, holder.id, now)
  tx.run('UPDATE owed SET gone = 1 WHERE remote_id = ? AND message_id = ?', localId(row.id), row.message_id)
  forgive(tx, row)
  if (to === null) return true
  return !tx.get('SELECT 1 FROM placement WHERE message_id = ? AND folder_id = ?', row.message_id, to)
}

/** Ends one debt of a deletion or of a flag change. */
export function settleTold(tx: Tx, owed: Owed): void {
  const row = tx.get<OwedRow>(`SELECT ${owedColumns} FROM owed o JOIN task t ON t.id = o.task_id WHERE o.id = ?`, owed.id)
  if (!row) return
  if (row.field !== null) lowerPending(tx, row)
  else if (row.folder_id !== null && row.gone === 0) tx.run('UPDATE folder SET server_total = max(0, server_total - 1) WHERE id = ? AND server_total IS NOT NULL', row.folder_id)
  forgive(tx, row)
}

function dropPlacement(tx: Tx, id: PlacementId, now: number): void {
  const found = getPlacement(tx, id)
  if (!found) return
  tx.run('DELETE FROM placement WHERE id = ?', id)
  noteOrphan(tx, found.messageId, now)
  touch(tx, found.messageId, found.folderId)
}

// ---- taking back

/** Takes back the local half of a whole task, the last of it first, and forgets what it owed. The task itself stays. */
export function takeBackTask(tx: Tx, task: TaskId, now: number): void {
  for (const row of tx.all<OwedRow>(`SELECT ${owedColumns} FROM owed o JOIN task t ON t.id = o.task_id WHERE o.task_id = ? ORDER BY o.id DESC`, task)) {
    if (row.field !== null) takeBackField(tx, row, row.field)
    else if (row.remote_id !== null && row.folder_id !== null) takeBackDeparture(tx, row, row.folder_id, row.remote_id, now)
    else takeBackCopy(tx, row, now)
    tx.run('DELETE FROM owed WHERE id = ?', row.id)
  }
}

function takeBackField(tx: Tx, row: OwedRow, field: string): void {
  const before = row.told ?? row.before ?? ''
  lowerPending(tx, row)
  const later = tx.get<{ id: number }>('SELECT id FROM owed WHERE placement_id = ? AND message_id = ? AND field = ? AND id > ? ORDER BY id LIMIT 1', row.placement_id, row.message_id, field, row.id)
  if (later) {
    tx.run('UPDATE owed SET before = ? WHERE id = ?', before, later.id)
    return
  }
  const found = placementOf(tx, row)
  if (!found) return
  if (field === 'keywords') tx.run('UPDATE placement SET keywords = ? WHERE id = ?', before, found.id)
  else tx.run(`UPDATE placement SET ${flagColumn(field)} = ? WHERE id = ?`, Number(before), found.id)
  touch(tx, found.messageId, found.folderId)
}

function flagColumn(field: string): FlagField {
  if (field === 'seen' || field === 'flagged' || field === 'answered') return field
  throw new Error(`No flag is called '${field}'.`)
}

function takeBackDeparture(tx: Tx, row: OwedRow, folder: FolderId, remoteId: string, now: number): void {
  const mine = localId(row.id)
  const next = tx.get<{ id: number }>('SELECT id FROM owed WHERE remote_id = ? AND message_id = ?', mine, row.message_id)
  if (next) {
    // It was moved on: the way now begins where this one began.
    lowerPending(tx, row)
    tx.run('UPDATE owed SET folder_id = NULL, remote_id = NULL WHERE id = ?', row.id)
    tx.run('UPDATE owed SET folder_id = ?, remote_id = ?, gone = ? WHERE id = ?', folder, remoteId, row.gone, next.id)
    return
  }
  const holder = tx.get<{ id: PlacementId; folder_id: FolderId }>('SELECT id, folder_id FROM placement WHERE remote_id = ? AND message_id = ?', mine, row.message_id)
  const stands = row.gone === 0 && tx.get('SELECT 1 FROM folder WHERE id = ?', folder) !== undefined
  if (holder) {
    if (!stands) dropPlacement(tx, holder.id, now)
    else {
      tx.run('UPDATE placement SET folder_id = ?, remote_id = ?, pending = max(0, pending - 1) WHERE id = ?', folder, remoteId, holder.id)
      touch(tx, row.message_id, holder.folder_id, folder)
    }
    return
  }
  const placed = placementOf(tx, row)
  if (placed) {
    // A listing has shown it where it was to go: it has been done after all.
    lowerPending(tx, row)
    return
  }
  if (stands) restorePlacement(tx, row, folder, remoteId)
}

function restorePlacement(tx: Tx, row: OwedRow, folder: FolderId, remoteId: string): PlacementId {
  const [seen, flagged, answered, draft, keywords] = JSON.parse(row.flags ?? '[0,0,0,0,""]') as [number, number, number, number, string]
  const owing = tx.get<{ n: number }>('SELECT count(*) AS n FROM owed WHERE placement_id = ? AND message_id = ? AND made_id IS NULL AND id <> ?', row.placement_id, row.message_id, row.id)?.n ?? 0
  tx.run('UPDATE message SET orphaned_at = NULL WHERE id = ?', row.message_id)
  const id = tx.run(
    'INSERT INTO placement (id, message_id, folder_id, remote_id, seen, flagged, answered, draft, keywords, pending) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    getPlacement(tx, row.placement_id) ? null : row.placement_id, row.message_id, folder, remoteId, seen, flagged, answered, draft, keywords, owing,
  ).id as PlacementId
  if (id !== row.placement_id) tx.run('UPDATE owed SET placement_id = ? WHERE placement_id = ? AND message_id = ?', id, row.placement_id, row.message_id)
  touch(tx, row.message_id, folder)
  return id
}

function takeBackCopy(tx: Tx, row: OwedRow, now: number): void {
  const holder = tx.get<{ id: PlacementId }>('SELECT id FROM placement WHERE remote_id = ? AND message_id = ?', localId(row.id), row.message_id)
  if (holder) dropPlacement(tx, holder.id, now)
  else tx.run('UPDATE owed SET gone = 1 WHERE remote_id = ? AND message_id = ?', localId(row.id), row.message_id)
}

/** Brings back what was deleted for good, if no server can have heard of it. Gives whether it could. */
export function undelete(tx: Tx, owed: number): boolean {
  const row = tx.get<OwedRow>(`SELECT ${owedColumns} FROM owed o JOIN task t ON t.id = o.task_id WHERE o.id = ?`, owed)
  if (!row || row.started === 1 || row.gone === 1 || row.folder_id === null || row.remote_id === null || !isUsable(tx, row.folder_id)) return false
  restorePlacement(tx, row, row.folder_id, row.remote_id)
  forgive(tx, row)
  return true
}

// ---- what sync meets

/** True when the server's message of this number has left the folder here; its flags are still taken note of. */
export function departedFrom(db: Reader, folder: FolderId, remoteId: string): { owed: number; placementId: PlacementId } | null {
  const row = db.get<{ id: number; placement_id: PlacementId }>('SELECT id, placement_id FROM owed WHERE folder_id = ? AND remote_id = ?', folder, remoteId)
  return row ? { owed: row.id, placementId: row.placement_id } : null
}

/** A listing shows a message under a number we do not know. If it is one we put there, or know to be there without its
 *  number, that is its number from now on. Gives whether it was. */
export function adoptListed(tx: Tx, folder: FolderId, message: MessageId, remoteId: string): boolean {
  const placed = tx.get<{ id: PlacementId }>(
    `SELECT p.id FROM placement p WHERE p.message_id = ? AND p.folder_id = ? AND ${unnumbered('p.remote_id')} AND ${mayBeThere('p.remote_id')} ORDER BY p.remote_id GLOB 'lost:*' DESC LIMIT 1`,
    message, folder,
  )
  if (placed) {
    tx.run('UPDATE placement SET remote_id = ? WHERE id = ?', remoteId, placed.id)
    return true
  }
  // A copy that is to be deleted again is never guessed at: it might be the message itself, moved there by another program.
  const departed = tx.get<{ id: number }>(
    `SELECT d.id FROM owed d WHERE d.message_id = ? AND d.folder_id = ? AND ${unnumbered('d.remote_id')} AND ${mayBeThere('d.remote_id')}
       AND NOT EXISTS (SELECT 1 FROM owed c JOIN task t ON t.id = d.task_id WHERE 'local:' || c.id = d.remote_id AND c.message_id = d.message_id AND c.made_id IS NOT NULL AND t.kind = 'delete-messages')
     ORDER BY d.remote_id GLOB 'lost:*' DESC LIMIT 1`,
    message, folder,
  )
  if (departed) tx.run('UPDATE OR IGNORE owed SET remote_id = ? WHERE id = ?', remoteId, departed.id)
  return departed !== undefined
}

/** SQL: the server may have the message of this unnumbered id: it is lost, or the task that puts it there was begun. */
const mayBeThere = (column: string): string =>
  `(${column} GLOB 'lost:*' OR EXISTS (SELECT 1 FROM owed o JOIN task t ON t.id = o.task_id WHERE o.id = CAST(substr(${column}, 7) AS INTEGER) AND t.started = 1))`

/** The server numbers the folder anew: what is still owed for its messages is found again by the listing that follows. */
export function loseNumbers(tx: Tx, folder: FolderId): void {
  tx.run(`UPDATE owed SET remote_id = 'lost:' || id WHERE folder_id = ? AND NOT ${unnumbered('remote_id')}`, folder)
  tx.run(`UPDATE placement SET remote_id = 'lost:p' || id WHERE folder_id = ? AND pending > 0 AND NOT ${unnumbered('remote_id')}`, folder)
}

/** A complete listing of the folder did not show them: they are gone. */
export function dropLost(tx: Tx, folder: FolderId, now: number): void {
  for (const { id } of tx.all<{ id: PlacementId }>("SELECT id FROM placement WHERE folder_id = ? AND remote_id >= 'lost:' AND remote_id < 'lost;'", folder)) dropPlacement(tx, id, now)
  tx.run("UPDATE owed SET gone = 1 WHERE folder_id = ? AND remote_id GLOB 'lost:*'", folder)
}

/** The folder is gone from the server, and with it what was still to leave it. */
export function noteFolderGone(tx: Tx, folder: FolderId): void {
  tx.run('UPDATE owed SET gone = 1 WHERE folder_id = ?', folder)
}

/** Waiting tasks that put something into the folder. */
export function tasksInto(db: Reader, account: AccountId, folder: FolderId): { id: TaskId; kind: string; payload: unknown }[] {
  return db
    .all<{ id: TaskId; kind: string; payload: string }>("SELECT id, kind, payload FROM task WHERE account_id = ? AND problem = 0 AND json_extract(payload, '$.to') = ?", account, folder)
    .map((row) => ({ ...row, payload: JSON.parse(row.payload) as unknown }))
}

/** Fields of a placement that the server is still to be told of. */
export function fieldsOwed(db: Reader, id: PlacementId, message: MessageId): ReadonlySet<string> {
  return new Set(db.all<{ field: string }>('SELECT DISTINCT field FROM owed WHERE placement_id = ? AND message_id = ? AND field IS NOT NULL', id, message).map((row) => row.field))
}

export function noteTold(tx: Tx, id: PlacementId, message: MessageId, field: string, value: string): void {
  tx.run('UPDATE owed SET told = ? WHERE placement_id = ? AND message_id = ? AND field = ?', value, id, message, field)
}
