import type { Folder, LedgerLine, SpecialUse } from '../../shared/model/folder.ts'
import type { AccountId, FolderId, ThreadId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'
import { firstIdFrom } from './message-ids.ts'
import { heldByServer, unnumbered } from './owed.ts'

type Row = {
  id: FolderId
  account_id: AccountId
  remote_id: string | null
  parent_id: FolderId | null
  name: string
  special: SpecialUse | null
  selectable: number
  subscribed: number
  icon: string | null
  position: number | null
  shown_name: string | null
  hidden: number
  pending: number
  removing: number
  total: number
  unread: number
}

const folder = (row: Row): Folder => ({
  id: row.id,
  accountId: row.account_id,
  parentId: row.parent_id,
  name: row.name,
  special: row.special,
  selectable: row.selectable === 1,
  subscribed: row.subscribed === 1,
  total: row.total,
  unread: row.unread,
  icon: row.icon,
  position: row.position,
  shownName: row.shown_name,
  hidden: row.hidden === 1,
  pending: row.pending > 0,
})

export function listFolders(db: Reader): Folder[] {
  return db.all<Row>('SELECT * FROM folder WHERE removing = 0 ORDER BY account_id, name').map(folder)
}

export function getFolder(db: Reader, id: FolderId): Folder | null {
  const row = db.get<Row>('SELECT * FROM folder WHERE id = ?', id)
  return row ? folder(row) : null
}

/** What the sync engine keeps about a folder. */
export type SyncFolder = {
  readonly id: FolderId
  readonly remoteId: string
  readonly name: string
  readonly special: SpecialUse | null
  readonly selectable: boolean
  readonly pending: boolean
  readonly cursor: string | null
  readonly mark: string | null
  /** How many of the messages here the server is known to have in it. */
  readonly held: number
  readonly serverTotal: number | null
  readonly toFetch: number
}

type SyncRow = Row & { held: number; cursor: string | null; mark: string | null; server_total: number | null; to_fetch: number }
const readSyncFolder = (row: SyncRow & { remote_id: string }): SyncFolder => ({
  id: row.id,
  remoteId: row.remote_id,
  name: row.name,
  special: row.special,
  selectable: row.selectable === 1,
  pending: row.pending > 0,
  cursor: row.cursor,
  mark: row.mark,
  held: row.held,
  serverTotal: row.server_total,
  toFetch: row.to_fetch,
})

/** Folders the server knows, the inbox first, then the other special ones, then the rest by name. */
export function syncFolders(db: Reader, account: AccountId): SyncFolder[] {
  return db
    .all<SyncRow & { remote_id: string }>(
      `SELECT f.*, ${heldByServer} AS held FROM folder f WHERE account_id = ? AND remote_id IS NOT NULL AND removing = 0
       ORDER BY CASE special WHEN 'inbox' THEN 0 WHEN 'sent' THEN 1 WHEN 'drafts' THEN 2 WHEN 'archive' THEN 4 WHEN 'all' THEN 5 WHEN 'trash' THEN 6 WHEN 'junk' THEN 7
         ELSE 3 END, name`,
      account,
    )
    .map(readSyncFolder)
}

export function syncFolder(db: Reader, id: FolderId): SyncFolder | null {
  const row = db.get<SyncRow & { remote_id: string }>(`SELECT f.*, ${heldByServer} AS held FROM folder f WHERE id = ? AND remote_id IS NOT NULL`, id)
  return row ? readSyncFolder(row) : null
}

export function remoteIdOf(db: Reader, id: FolderId): string | null {
  return db.get<{ remote_id: string | null }>('SELECT remote_id FROM folder WHERE id = ?', id)?.remote_id ?? null
}

export type ListedFolder = {
  readonly remoteId: string
  readonly parentRemoteId: string | null
  readonly name: string
  readonly special: SpecialUse | null
  readonly selectable: boolean
  readonly subscribed: boolean
}

/** Makes the tree equal to the server's listing, except where a change made here is on its way. Gives the folders that
 *  are gone from the server; their placements are the caller's to remove first. */
export function mirrorFolders(tx: Tx, account: AccountId, listed: readonly ListedFolder[]): FolderId[] {
  const known = new Map(tx.all<Row>('SELECT * FROM folder WHERE account_id = ? AND remote_id IS NOT NULL', account).map((row) => [row.remote_id, row]))
  let changed = false
  for (const one of listed) {
    const row = known.get(one.remoteId)
    if (!row) {
      tx.run(
        'INSERT INTO folder (account_id, remote_id, name, special, selectable, subscribed) VALUES (?, ?, ?, ?, ?, ?)',
        account, one.remoteId, one.name, one.special, Number(one.selectable), Number(one.subscribed),
      )
      changed = true
    } else if (
      row.pending === 0 &&
      (row.name !== one.name || row.special !== one.special || row.selectable !== Number(one.selectable) || row.subscribed !== Number(one.subscribed))
    ) {
      tx.run(
        'UPDATE folder SET name = ?, special = ?, selectable = ?, subscribed = ? WHERE id = ?',
        one.name, one.special, Number(one.selectable), Number(one.subscribed), row.id,
      )
      changed = true
    }
  }
  const byRemote = new Map(
    tx.all<{ id: FolderId; remote_id: string; parent_id: FolderId | null; pending: number }>('SELECT id, remote_id, parent_id, pending FROM folder WHERE account_id = ? AND remote_id IS NOT NULL', account).map((row) => [row.remote_id, row]),
  )
  for (const one of listed) {
    const row = byRemote.get(one.remoteId)
    if (!row || row.pending > 0) continue
    const parent = one.parentRemoteId === null ? null : (byRemote.get(one.parentRemoteId)?.id ?? null)
    if (row.parent_id === parent) continue
    tx.run('UPDATE folder SET parent_id = ? WHERE id = ?', parent, row.id)
    changed = true
  }
  if (changed) tx.touch.tree(account)
  const present = new Set(listed.map((one) => one.remoteId))
  return [...known.values()].filter((row) => row.remote_id !== null && !present.has(row.remote_id) && row.pending === 0).map((row) => row.id)
}

/** Forgets a folder without placements. */
export function deleteFolderRow(tx: Tx, id: FolderId): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM folder WHERE id = ?', id)
  if (!row) return
  tx.run('DELETE FROM folder WHERE id = ?', id)
  tx.touch.tree(row.account_id)
}

/** Where a pull stands, committed together with its page. `mark` is known only when a pull ended. */
export function notePull(tx: Tx, id: FolderId, at: { readonly cursor: string | null; readonly serverTotal: number; readonly toFetch: number }): void {
  tx.run('UPDATE folder SET cursor = ?, server_total = ?, to_fetch = ?, expunged = 0 WHERE id = ?', at.cursor, at.serverTotal, at.toFetch, id)
}

/** A pull ended. Proved when our count equals the server's. */
export function notePulled(tx: Tx, id: FolderId, mark: string | null, now: number): boolean {
  tx.run('UPDATE folder SET mark = ? WHERE id = ?', mark, id)
  return tx.run(`UPDATE folder AS f SET proved_at = ? WHERE id = ? AND ${heldByServer} = server_total AND to_fetch = 0`, now, id).changes > 0
}

/** The listing said how many messages the server holds, and that nothing changed since the folder was last pulled. */
export function noteUnchanged(tx: Tx, id: FolderId, serverTotal: number, now: number): void {
  tx.run('UPDATE folder SET server_total = ? WHERE id = ?', serverTotal, id)
  tx.run(`UPDATE folder AS f SET proved_at = ? WHERE id = ? AND ${heldByServer} = server_total AND to_fetch = 0`, now, id)
}

export function noteCompared(tx: Tx, id: FolderId, serverTotal: number, now: number): void {
  tx.run('UPDATE folder SET server_total = ?, compared_at = ? WHERE id = ?', serverTotal, now, id)
  tx.run(`UPDATE folder AS f SET proved_at = ? WHERE id = ? AND ${heldByServer} = server_total`, now, id)
}

/** The cursor is lost: the next pull starts from the beginning. */
export function resetFolder(tx: Tx, id: FolderId): void {
  tx.run('UPDATE folder SET cursor = NULL, mark = NULL, proved_at = NULL, compared_at = NULL, to_fetch = 0 WHERE id = ?', id)
}

/** Has the folder pulled again although the server's mark did not change. */
export function forgetMark(tx: Tx, id: FolderId): void {
  tx.run('UPDATE folder SET mark = NULL WHERE id = ?', id)
}

/** True when every folder that holds messages is proved equal to the server's count. */
export function allProved(db: Reader, account: AccountId): boolean {
  const row = db.get<{ n: number }>(
    `SELECT count(*) AS n FROM folder f WHERE account_id = ? AND selectable = 1 AND removing = 0 AND (remote_id IS NULL OR proved_at IS NULL OR server_total IS NOT ${heldByServer} OR to_fetch > 0)`,
    account,
  )
  return row?.n === 0
}

/** Messages the account's folders hold on the server, and how many of them are listed here. */
export function listedCounts(db: Reader, account: AccountId): { server: number; here: number } {
  return (
    db.get<{ server: number; here: number }>(
      'SELECT coalesce(sum(server_total), 0) AS server, coalesce(sum(min(total, coalesce(server_total, total))), 0) AS here FROM folder WHERE account_id = ? AND removing = 0',
      account,
    ) ?? { server: 0, here: 0 }
  )
}

/** The server's ids of all we know to be in the folder there: what left it here is still there until the server was told. */
export function remoteIdsIn(db: Reader, id: FolderId): string[] {
  return db
    .all<{ remote_id: string }>(
      `SELECT remote_id FROM placement WHERE folder_id = ? AND NOT ${unnumbered('remote_id')}
       UNION ALL SELECT remote_id FROM owed WHERE folder_id = ? AND gone = 0 AND NOT ${unnumbered('remote_id')}`,
      id, id,
    )
    .map((row) => row.remote_id)
}

export function presentFolder(tx: Tx, id: FolderId, look: { icon: string | null; shownName: string | null; hidden: boolean; position: number | null }): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM folder WHERE id = ?', id)
  if (!row) return
  tx.run('UPDATE folder SET icon = ?, shown_name = ?, hidden = ?, position = ? WHERE id = ?', look.icon, look.shownName === '' ? null : look.shownName, Number(look.hidden), look.position, id)
  tx.touch.tree(row.account_id)
}

/** The local half of a change to the tree. Raises `pending`; the task that tells the server lowers it. */
export function createLocalFolder(tx: Tx, account: AccountId, parent: FolderId | null, name: string): FolderId {
  const { id } = tx.run('INSERT INTO folder (account_id, parent_id, name, pending) VALUES (?, ?, ?, 1)', account, parent, name)
  tx.touch.tree(account)
  return id as FolderId
}

export function placeLocalFolder(tx: Tx, id: FolderId, to: { readonly parentId: FolderId | null; readonly name: string }): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM folder WHERE id = ?', id)
  if (!row) return
  tx.run('UPDATE folder SET parent_id = ?, name = ?, pending = pending + 1 WHERE id = ?', to.parentId, to.name, id)
  tx.touch.tree(row.account_id)
}

export function subscribeLocalFolder(tx: Tx, id: FolderId, subscribed: boolean): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM folder WHERE id = ?', id)
  if (!row) return
  tx.run('UPDATE folder SET subscribed = ?, pending = pending + 1 WHERE id = ?', Number(subscribed), id)
  tx.touch.tree(row.account_id)
}

export function markRemoving(tx: Tx, id: FolderId, removing: boolean): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM folder WHERE id = ?', id)
  if (!row) return
  tx.run(`UPDATE folder SET removing = ?, pending = max(0, pending + ?) WHERE id = ?`, Number(removing), removing ? 1 : -1, id)
  tx.touch.tree(row.account_id)
}

/** The server confirmed a change of the tree. A new remote id changes the remote ids of everything below it as well;
 *  the provider says how by `renamed`. */
export function confirmFolder(tx: Tx, id: FolderId, remoteId: string | null, renamed: ReadonlyMap<string, string>): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM folder WHERE id = ?', id)
  if (!row) return
  tx.run('UPDATE folder SET pending = max(0, pending - 1), remote_id = coalesce(?, remote_id) WHERE id = ?', remoteId, id)
  for (const [from, to] of renamed) tx.run('UPDATE folder SET remote_id = ? WHERE account_id = ? AND remote_id = ?', to, row.account_id, from)
  tx.touch.tree(row.account_id)
}

/** A folder made here turned out to be there already: the row that a listing made for it, if any, becomes this one. */
export function adoptFolderRow(tx: Tx, id: FolderId, remoteId: string | null): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM folder WHERE id = ?', id)
  if (!row || remoteId === null) return
  const twin = tx.get<{ id: FolderId; special: SpecialUse | null; cursor: string | null; mark: string | null; server_total: number | null; to_fetch: number }>(
    'SELECT id, special, cursor, mark, server_total, to_fetch FROM folder WHERE account_id = ? AND remote_id = ? AND id <> ?', row.account_id, remoteId, id,
  )
  if (!twin) return
  tx.run('UPDATE placement SET folder_id = ? WHERE folder_id = ?', id, twin.id)
  tx.run('UPDATE owed SET folder_id = ? WHERE folder_id = ?', id, twin.id)
  tx.run('UPDATE folder SET parent_id = ? WHERE parent_id = ?', id, twin.id)
  for (const { thread_id } of tx.all<{ thread_id: ThreadId }>('SELECT thread_id FROM thread_folder WHERE folder_id = ?', twin.id)) tx.touch.thread(thread_id)
  tx.run('DELETE FROM folder WHERE id = ?', twin.id)
  tx.run('UPDATE folder SET special = coalesce(special, ?), cursor = ?, mark = ?, server_total = ?, to_fetch = ? WHERE id = ?', twin.special, twin.cursor, twin.mark, twin.server_total, twin.to_fetch, id)
}

/** Ids of the folder and everything below it. */
export function folderTree(db: Reader, id: FolderId): FolderId[] {
  return db
    .all<{ id: FolderId }>(
      `WITH RECURSIVE below (id) AS (SELECT ? UNION SELECT f.id FROM folder f JOIN below b ON f.parent_id = b.id) SELECT id FROM below`,
      id,
    )
    .map((row) => row.id)
}

/** A folder's path from the root, in shown names of the server. */
export function folderPaths(db: Reader, account: AccountId): Map<FolderId, string> {
  const rows = new Map(db.all<{ id: FolderId; parent_id: FolderId | null; name: string }>('SELECT id, parent_id, name FROM folder WHERE account_id = ?', account).map((row) => [row.id, row]))
  const path = (id: FolderId, depth: number): string => {
    const row = rows.get(id)
    if (!row) return ''
    return row.parent_id === null || depth > 50 ? row.name : `${path(row.parent_id, depth + 1)} / ${row.name}`
  }
  return new Map([...rows.keys()].map((id) => [id, path(id, 0)]))
}

/** The ledger: per folder the server's count against ours, and every difference explained. `bodiesFrom` is the date from
 *  which texts are kept here. */
export function ledgerLines(db: Reader, account: AccountId, bodiesFrom: number): LedgerLine[] {
  const rows = db.all<Row & { server_total: number | null; to_fetch: number; expunged: number; compared_at: number | null; proved_at: number | null; bodies: number; unparsed: number; waiting: number; held: number }>(
    `SELECT f.*,
       (SELECT count(*) FROM message m INDEXED BY message_without_body CROSS JOIN placement p ON p.message_id = m.id AND p.folder_id = f.id
        WHERE m.account_id = f.account_id AND m.body_state = 0 AND m.id >= ?) AS bodies,
       (SELECT count(*) FROM message m INDEXED BY message_unparsed CROSS JOIN placement p ON p.message_id = m.id AND p.folder_id = f.id WHERE m.body_state = 2) AS unparsed,
       (SELECT count(*) FROM placement p WHERE p.folder_id = f.id AND p.pending > 0) + (SELECT count(*) FROM owed o WHERE o.folder_id = f.id AND o.remote_id IS NOT NULL) AS waiting,
       ${heldByServer} AS held
     FROM folder f WHERE f.account_id = ? AND f.selectable = 1 AND f.removing = 0`,
    firstIdFrom(bodiesFrom), account,
  )
  const paths = folderPaths(db, account)
  return rows
    .map((row) => ({
      folderId: row.id,
      path: paths.get(row.id) ?? row.name,
      serverCount: row.server_total,
      ourCount: row.total,
      toFetch: row.to_fetch,
      bodiesToFetch: row.bodies,
      unparsed: row.unparsed,
      expunged: row.expunged,
      pending: row.waiting,
      unexplained: row.server_total === null ? 0 : row.server_total - row.held - row.to_fetch + row.expunged,
      comparedAt: row.compared_at,
      provedAt: row.proved_at,
    }))
    .sort((a, b) => a.path.localeCompare(b.path))
}

/** Messages found gone from the server after its count was taken; the next pull counts anew. */
export function noteExpunged(tx: Tx, id: FolderId, count: number): void {
  tx.run('UPDATE folder SET expunged = expunged + ? WHERE id = ?', count, id)
}

/** Takes back a rename or move the server refused. */
export function restoreFolder(tx: Tx, id: FolderId, before: { readonly parentId: FolderId | null; readonly name: string }): void {
  const row = tx.get<{ account_id: AccountId }>('SELECT account_id FROM folder WHERE id = ?', id)
  if (!row) return
  tx.run('UPDATE folder SET parent_id = ?, name = ?, pending = max(0, pending - 1) WHERE id = ?', before.parentId, before.name, id)
  tx.touch.tree(row.account_id)
}

export function setSubscribed(tx: Tx, id: FolderId, subscribed: boolean): void {
  tx.run('UPDATE folder SET subscribed = ? WHERE id = ?', Number(subscribed), id)
}
