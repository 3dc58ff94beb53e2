// The folder tree as the flat list of rows that are shown. Pure.
import type { Account, AccountState } from '../../../shared/model/account.ts'
import type { Folder, SpecialUse } from '../../../shared/model/folder.ts'
import type { AccountId, FolderId } from '../../../shared/model/ids.ts'

export type TreeRow =
  | { readonly kind: 'unified'; readonly key: string; readonly depth: 0; readonly unread: number }
  | { readonly kind: 'local'; readonly key: string; readonly depth: 0; readonly place: LocalPlace; readonly unread: number; readonly waits: boolean }
  | { readonly kind: 'account'; readonly key: string; readonly depth: 0; readonly account: Account; readonly state: AccountState; readonly open: boolean; readonly unread: number }
  | {
      readonly kind: 'folder'
      readonly key: string
      readonly depth: number
      readonly folder: Folder
      /** Null without children. */
      readonly open: boolean | null
      /** Unread messages, those of the folders inside included while it is closed. */
      readonly unread: number
      /** What a folder for drafts holds, with those of its account that are only here; 0 for others. */
      readonly drafts: number
      /** Neighbours of the same parent, for moving up and down. */
      readonly siblings: readonly FolderId[]
    }
  | { readonly kind: 'hidden'; readonly key: string; readonly depth: number; readonly accountId: AccountId; readonly count: number; readonly open: boolean }

/** Places of this computer's own, shown while they hold something. */
export type LocalPlace = 'snoozed' | 'drafts' | 'outbox' | 'scheduled'
export type LocalEntry = { readonly place: LocalPlace; readonly count: number; /** Something in it waits for the person. */ readonly waits: boolean }

const specialOrder: readonly SpecialUse[] = ['inbox', 'flagged', 'drafts', 'sent', 'archive', 'all', 'junk', 'trash']

export const accountKey = (id: AccountId): string => `account:${id}`
export const folderKey = (id: FolderId): string => `folder:${String(id)}`
export const unifiedKey = 'inboxes'
export const localKey = (place: LocalPlace): string => `local:${place}`

/** A special folder right under the inbox is shown beside it: some servers put everything there. */
function shownParent(folder: Folder, byId: ReadonlyMap<FolderId, Folder>): FolderId | null {
  const parent = folder.parentId === null ? undefined : byId.get(folder.parentId)
  if (!parent) return null
  return folder.special !== null && parent.special === 'inbox' && parent.parentId === null ? null : parent.id
}

/** By the person's own order, then special folders in the usual order, then by name. */
export function compareFolders(nameOf: (folder: Folder) => string, compareNames: (a: string, b: string) => number) {
  const rank = (folder: Folder) => (folder.special === null ? specialOrder.length : specialOrder.indexOf(folder.special))
  return (a: Folder, b: Folder): number => {
    if (a.position !== null || b.position !== null) {
      const difference = (a.position ?? Infinity) - (b.position ?? Infinity)
      if (difference !== 0 && !Number.isNaN(difference)) return difference
    }
    return rank(a) - rank(b) || compareNames(nameOf(a), nameOf(b)) || a.id - b.id
  }
}

type Input = {
  /** How many drafts each account has, wherever they lie. */
  readonly drafts: ReadonlyMap<AccountId, number>
  readonly local: readonly LocalEntry[]
  readonly accounts: readonly { readonly account: Account; readonly state: AccountState }[]
  readonly folders: readonly Folder[]
  readonly closed: ReadonlySet<string>
  /** Accounts whose hidden folders are shown for now. */
  readonly showHidden: ReadonlySet<AccountId>
  readonly nameOf: (folder: Folder) => string
  readonly compareNames: (a: string, b: string) => number
}

/** Whether a count of unread mail means anything for this folder. */
export function countsUnread(folder: Folder): boolean {
  return folder.special !== 'sent' && folder.special !== 'trash' && folder.special !== 'drafts'
}

export function treeRows({ local, drafts, accounts, folders, closed, showHidden, nameOf, compareNames }: Input): readonly TreeRow[] {
  const byId = new Map(folders.map((folder) => [folder.id, folder]))
  const compare = compareFolders(nameOf, compareNames)
  const several = accounts.length > 1
  const rows: TreeRow[] = []

  if (several) {
    const unread = folders.reduce((sum, folder) => sum + (folder.special === 'inbox' ? folder.unread : 0), 0)
    rows.push({ kind: 'unified', key: unifiedKey, depth: 0, unread })
  }

  const places = local.filter(({ count }) => count > 0).map(({ place, count, waits }): TreeRow => ({ kind: 'local', key: localKey(place), depth: 0, place, unread: count, waits }))
  if (several) rows.push(...places)

  for (const { account, state } of accounts.toSorted((a, b) => a.account.position - b.account.position)) {
    const own = folders.filter((folder) => folder.accountId === account.id)
    const hidden = own.filter((folder) => folder.hidden)
    const withHidden = showHidden.has(account.id)
    const children = new Map<FolderId | null, Folder[]>()
    for (const folder of own) {
      if (folder.hidden && !withHidden) continue
      const parent = shownParent(folder, byId)
      children.set(parent, [...(children.get(parent) ?? []), folder])
    }
    for (const list of children.values()) list.sort(compare)

    const unreadInside = (id: FolderId): number =>
      (children.get(id) ?? []).reduce((sum, child) => sum + (countsUnread(child) && child.special !== 'junk' ? child.unread : 0) + unreadInside(child.id), 0)
    const add = (parent: FolderId | null, depth: number): void => {
      const list = children.get(parent) ?? []
      for (const folder of list) {
        const open = children.has(folder.id) ? !closed.has(folderKey(folder.id)) : null
        const ownUnread = countsUnread(folder) ? folder.unread : 0
        rows.push({
          kind: 'folder',
          key: folderKey(folder.id),
          depth,
          folder,
          open,
          unread: ownUnread + (open === false ? unreadInside(folder.id) : 0),
          drafts: folder.special === 'drafts' ? (drafts.get(folder.accountId) ?? 0) : 0,
          siblings: list.map(({ id }) => id),
        })
        if (open === true) add(folder.id, depth + 1)
      }
    }

    const open = !several || !closed.has(accountKey(account.id))
    if (several) {
      const inboxes = own.filter((folder) => folder.special === 'inbox')
      rows.push({ kind: 'account', key: accountKey(account.id), depth: 0, account, state, open, unread: inboxes.reduce((sum, folder) => sum + folder.unread, 0) })
    }
    if (open) {
      add(null, several ? 1 : 0)
      if (!several) {
        // Under the only inbox, which stays where it is while they come and go.
        const at = rows.findIndex((row) => row.kind === 'folder' && row.depth === 0 && row.folder.special !== 'inbox')
        rows.splice(at < 0 ? rows.length : at, 0, ...places)
      }
      if (hidden.length > 0) rows.push({ kind: 'hidden', key: `hidden:${account.id}`, depth: several ? 1 : 0, accountId: account.id, count: hidden.length, open: withHidden })
    }
  }
  return rows
}

/** A folder and everything inside it. */
export function withInside(folders: readonly Folder[], id: FolderId): ReadonlySet<FolderId> {
  const inside = new Set([id])
  for (let grew = true; grew; ) {
    grew = false
    for (const folder of folders) {
      if (folder.parentId !== null && inside.has(folder.parentId) && !inside.has(folder.id)) {
        inside.add(folder.id)
        grew = true
      }
    }
  }
  return inside
}
