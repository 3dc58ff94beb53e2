// The folder tree: what the server lists, in the shape the program knows, and the changes made to it. A folder's remote id is
// its decoded path, always with the server's own separator. The personal namespace's prefix (`INBOX.` on some servers) counts
// as the root: nobody thinks of all folders as being inside the inbox.
import type { ListResponse, StatusObject } from 'imapflow'
import { MailFailure } from '../../../shared/model/failure.ts'
import { specialUseByName } from '../../../shared/model/special-folders.ts'
import type { SpecialUse } from '../../../shared/model/folder.ts'
import type { Applied, FolderChange, RemoteFolder, RemoteFolderStatus } from '../mailbox.ts'
import type { Connection } from './imap-connection.ts'

const inbox = 'INBOX'

const uses: Readonly<Record<string, SpecialUse>> = {
  '\\drafts': 'drafts',
  '\\sent': 'sent',
  '\\archive': 'archive',
  '\\junk': 'junk',
  '\\trash': 'trash',
  '\\all': 'all',
  '\\flagged': 'flagged',
}

type Hierarchy = { readonly prefix: string; readonly separator: string | null }

export async function listFolders(connection: Connection): Promise<readonly RemoteFolder[]> {
  const entries = await connection.run((client) =>
    client.list({ statusQuery: { messages: true, uidNext: true, uidValidity: true, unseen: true, highestModseq: true } }),
  )
  return shapeFolders(entries, { prefix: connection.prefix, separator: connection.separator })
}

export function shapeFolders(entries: readonly ListResponse[], hierarchy: Hierarchy): readonly RemoteFolder[] {
  const byPath = new Map<string, ListResponse>()
  for (const entry of entries) {
    // A name that is not valid text cannot be sent back to the server as it is.
    if (entry.path === '' || entry.path.includes('\ufffd')) continue
    const path = entry.path.toUpperCase() === inbox ? inbox : entry.path
    if (!byPath.has(path)) byPath.set(path, entry)
  }
  const special = specialUses(byPath, hierarchy)
  const folders = new Map<string, RemoteFolder>()
  for (const [path, entry] of byPath) {
    const flags = new Set([...entry.flags].map((flag) => flag.toLowerCase()))
    const selectable = !flags.has('\\noselect') && !flags.has('\\nonexistent')
    const separator = entry.delimiter || hierarchy.separator
    // Left out where it is false, whatever its type says.
    const { subscribed = false } = entry as Partial<ListResponse>
    folders.set(path, {
      remoteId: path,
      parentRemoteId: parentOf(path, separator, hierarchy.prefix),
      name: path === inbox ? inbox : nameOf(path, separator),
      special: special.get(path) ?? null,
      selectable,
      subscribed: path === inbox || subscribed,
      status: selectable ? statusOf(entry.status) : null,
    })
  }
  // A parent that is not listed is there all the same, as a name only.
  for (const folder of [...folders.values()]) {
    for (let parent = folder.parentRemoteId; parent !== null && !folders.has(parent); ) {
      const above = parentOf(parent, hierarchy.separator, hierarchy.prefix)
      folders.set(parent, { remoteId: parent, parentRemoteId: above, name: nameOf(parent, hierarchy.separator), special: null, selectable: false, subscribed: false, status: null })
      parent = above
    }
  }
  return [...folders.values()]
}

export function parentOf(path: string, separator: string | null, prefix: string): string | null {
  if (path === inbox || !separator) return null
  const at = path.lastIndexOf(separator)
  if (at <= 0 || path.slice(0, at + 1) === prefix) return null
  const parent = path.slice(0, at)
  return parent.toUpperCase() === inbox ? inbox : parent
}

function nameOf(path: string, separator: string | null): string {
  return separator ? path.slice(path.lastIndexOf(separator) + 1) : path
}

/** 0 for the top level and for what stands directly in the inbox. */
function depthOf(path: string, { prefix, separator }: Hierarchy): number {
  let depth = 0
  for (let parent = parentOf(path, separator, prefix); parent !== null && parent !== inbox; parent = parentOf(parent, separator, prefix)) depth++
  return depth
}

/** Each use goes to one folder: to the one the server marked, else to the one named like it that stands highest. */
function specialUses(entries: ReadonlyMap<string, ListResponse>, hierarchy: Hierarchy): Map<string, SpecialUse> {
  const chosen = new Map<string, SpecialUse>()
  const taken = new Set<SpecialUse>()
  const give = (path: string, use: SpecialUse): void => {
    if (taken.has(use) || chosen.has(path)) return
    chosen.set(path, use)
    taken.add(use)
  }
  const paths = [...entries.keys()]
    .map((path) => ({ path, depth: depthOf(path, hierarchy) }))
    .sort((a, b) => a.depth - b.depth || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
  if (entries.has(inbox)) give(inbox, 'inbox')
  for (const { path } of paths) {
    for (const flag of entries.get(path)?.flags ?? []) {
      const use = uses[flag.toLowerCase()]
      if (use) give(path, use)
    }
  }
  for (const { path, depth } of paths) {
    if (path === inbox || entries.get(path)?.flags.has('\\Noselect')) continue
    const use = specialUseByName(nameOf(path, hierarchy.separator), depth)
    if (use) give(path, use)
  }
  return chosen
}

function statusOf(status: StatusObject | undefined | false): RemoteFolderStatus | null {
  if (!status || status.messages === undefined) return null
  const mark = [status.uidValidity ?? '', status.uidNext ?? '', status.messages, status.unseen ?? '', status.highestModseq ?? ''].map(String).join('.')
  return { total: status.messages, unseen: status.unseen ?? null, mark }
}

/** Names may hold anything but the separator and control characters. */
export function pathFor(name: string, parent: string | null, { prefix, separator }: Hierarchy): string {
  if (name === '' || /\p{Cc}/u.test(name)) throw new MailFailure('rejected', 'folder-name')
  if (separator !== null && name.includes(separator)) throw new MailFailure('rejected', 'folder-name-separator', separator)
  if (parent === null) {
    if (name.toUpperCase() === inbox) throw new MailFailure('rejected', 'already-exists')
    return prefix + name
  }
  if (separator === null) throw new MailFailure('rejected', 'no-subfolders')
  return parent + separator + name
}

export async function applyFolderChange(connection: Connection, change: FolderChange, leave: (path: string) => void): Promise<Applied> {
  const hierarchy: Hierarchy = { prefix: connection.prefix, separator: connection.separator }
  switch (change.kind) {
    case 'create-folder': {
      const path = pathFor(change.name, change.parentRemoteId, hierarchy)
      const { created } = await connection.must((client) => client.mailboxCreate(path))
      if (!created) throw new MailFailure('rejected', 'already-exists')
      return { remoteId: path, moved: new Map() }
    }
    case 'rename-folder': {
      const path = pathFor(change.name, change.parentRemoteId, hierarchy)
      return await renameFolder(connection, change.remoteId, path, leave)
    }
    case 'delete-folder': {
      if (change.remoteId === inbox) throw new MailFailure('rejected', 'cannot')
      await letGo(connection, [change.remoteId], leave)
      await connection.must((client) => client.mailboxDelete(change.remoteId))
      await subscribe(connection, change.remoteId, false)
      return { remoteId: null, moved: new Map() }
    }
    case 'subscribe-folder': {
      await connection.must((client) => (change.subscribed ? client.mailboxSubscribe(change.remoteId) : client.mailboxUnsubscribe(change.remoteId)))
      return { remoteId: null, moved: new Map() }
    }
  }
}

async function renameFolder(connection: Connection, from: string, to: string, leave: (path: string) => void): Promise<Applied> {
  // Renaming the inbox means something else: its messages move and it stays (RFC 9051 section 6.3.6).
  if (from === inbox) throw new MailFailure('rejected', 'cannot')
  if (from === to) return { remoteId: to, moved: new Map() }
  const { separator } = connection
  if (separator && to.startsWith(from + separator)) throw new MailFailure('rejected', 'into-itself')
  const before = await connection.run((client) => client.list())
  const below = separator ? before.filter((entry) => entry.path.startsWith(from + separator)) : []
  const own = before.find((entry) => entry.path === from)
  if (!own && below.length === 0) throw new MailFailure('gone', 'folder-gone')
  await letGo(connection, [from, ...below.map((entry) => entry.path)], leave)
  await connection.must((client) => client.mailboxRename(from, to))
  const moved = new Map(below.map((entry) => [entry.path, to + entry.path.slice(from.length)]))
  // Subscriptions are a list of names that a rename leaves alone (RFC 9051 section 6.3.6).
  for (const entry of [...(own ? [own] : []), ...below]) {
    if (!entry.subscribed) continue
    await subscribe(connection, to + entry.path.slice(from.length), true)
    await subscribe(connection, entry.path, false)
  }
  return { remoteId: to, moved }
}

/** A folder about to change its name or to go must not be open anywhere. Closing it could expunge; opening another does not. */
async function letGo(connection: Connection, paths: readonly string[], leave: (path: string) => void): Promise<void> {
  for (const path of paths) leave(path)
  if (connection.selected && paths.includes(connection.selected.path)) await connection.select(inbox, 'read')
}

/** Best effort: the folder itself is what was asked for. */
async function subscribe(connection: Connection, path: string, subscribed: boolean): Promise<void> {
  await connection.run((client) => (subscribed ? client.mailboxSubscribe(path) : client.mailboxUnsubscribe(path)))
}
