import { describe, expect, it } from 'vitest'
import { Account, AccountState } from '../../../shared/model/account.ts'
import { Folder } from '../../../shared/model/folder.ts'
import { AccountId } from '../../../shared/model/ids.ts'
import { treeRows, withInside } from './folder-tree.ts'
import type { LocalEntry, TreeRow } from './folder-tree.ts'

const account = (id: string, position: number) => ({
  account: Account.parse({ id, name: `Account ${id}`, address: `${id}@example.org`, color: '', settings: { kind: 'sample' }, keep: { bodies: 12, attachments: 'demand' }, paused: false, position }),
  state: AccountState.parse({ accountId: id, step: 'idle', folderName: null, done: 0, total: 0, leftMs: null, lastSuccessAt: null, failure: null, retryAt: null, connected: true, upToDate: true }),
})
const folder = (id: number, name: string, more: object = {}) =>
  Folder.parse({
    id, accountId: 'a', parentId: null, name, special: null, selectable: true, subscribed: true, total: 0, unread: 0,
    icon: null, position: null, shownName: null, hidden: false, pending: false, ...more,
  })
const rows = (folders: readonly Folder[], more: { accounts?: readonly ReturnType<typeof account>[]; closed?: readonly string[]; showHidden?: readonly string[]; local?: readonly LocalEntry[]; drafts?: ReadonlyMap<AccountId, number> } = {}) =>
  treeRows({
    drafts: more.drafts ?? new Map(),
    local: more.local ?? [],
    accounts: more.accounts ?? [account('a', 0)],
    folders,
    closed: new Set(more.closed),
    showHidden: new Set((more.showHidden ?? []).map((id) => AccountId.parse(id))),
    nameOf: ({ name }) => name,
    compareNames: (a, b) => a.localeCompare(b),
  })
const drawn = (list: readonly TreeRow[]) => list.map((row) => `${' '.repeat(row.depth)}${row.kind === 'folder' ? row.folder.name : row.kind}`)

describe('the folder tree', () => {
  it('lists special folders first in their usual order, then the rest by name, children inside', () => {
    expect(
      drawn(rows([folder(1, 'Zeta'), folder(2, 'Trash', { special: 'trash' }), folder(3, 'INBOX', { special: 'inbox' }), folder(4, 'Alpha'), folder(5, 'Inside', { parentId: 1 }), folder(6, 'Sent', { special: 'sent' })])),
    ).toEqual(['INBOX', 'Sent', 'Trash', 'Alpha', 'Zeta', ' Inside'])
  })

  it('shows special folders that a server keeps inside the inbox beside it', () => {
    expect(drawn(rows([folder(1, 'INBOX', { special: 'inbox' }), folder(2, 'Sent', { special: 'sent', parentId: 1 }), folder(3, 'Jobs', { parentId: 1 })]))).toEqual(['INBOX', ' Jobs', 'Sent'])
  })

  it("keeps the person's own order before any other", () => {
    expect(drawn(rows([folder(1, 'INBOX', { special: 'inbox', position: 2 }), folder(2, 'B', { position: 0 }), folder(3, 'A', { position: 1 }), folder(4, 'New')]))).toEqual(['B', 'A', 'INBOX', 'New'])
  })

  it('adds up the unread mail inside a closed folder', () => {
    const folders = [folder(1, 'Clients', { unread: 1 }), folder(2, 'Northwind', { parentId: 1, unread: 2 }), folder(3, 'Backend', { parentId: 2, unread: 4 })]
    expect(rows(folders).map((row) => ('unread' in row ? row.unread : null))).toEqual([1, 2, 4])
    expect(rows(folders, { closed: ['folder:1'] })).toMatchObject([{ open: false, unread: 7 }])
  })

  it('puts all inboxes on top when there are several accounts, in the order of the accounts', () => {
    const folders = [folder(1, 'INBOX', { special: 'inbox', unread: 3 }), folder(2, 'INBOX', { accountId: 'b', special: 'inbox', unread: 4 })]
    const list = rows(folders, { accounts: [account('b', 1), account('a', 0)] })
    expect(drawn(list)).toEqual(['unified', 'account', ' INBOX', 'account', ' INBOX'])
    expect(list[0]).toMatchObject({ unread: 7 })
    expect(list[1]).toMatchObject({ account: { id: 'a' } })
    expect(drawn(rows(folders, { accounts: [account('a', 0), account('b', 1)], closed: ['account:a'] }))).toEqual(['unified', 'account', 'account', ' INBOX'])
  })

  it('counts the drafts of an account on its folder for drafts, those only on this computer too', () => {
    const list = rows([folder(1, 'INBOX', { special: 'inbox' }), folder(2, 'Drafts', { special: 'drafts', total: 1 })], { drafts: new Map([[AccountId.parse('a'), 3], [AccountId.parse('b'), 5]]) })
    expect(list.map((row) => (row.kind === 'folder' ? row.drafts : null))).toEqual([0, 3])
  })

  it('leaves hidden folders out, with what is inside them, until they are asked for', () => {
    const folders = [folder(1, 'Seen'), folder(2, 'Old', { hidden: true }), folder(3, 'Older', { parentId: 2 })]
    expect(drawn(rows(folders))).toEqual(['Seen', 'hidden'])
    expect(drawn(rows(folders, { showHidden: ['a'] }))).toEqual(['Old', ' Older', 'Seen', 'hidden'])
  })
})

describe('withInside', () => {
  it('finds everything below a folder, however the list is ordered', () => {
    const folders = [folder(4, 'd', { parentId: 3 }), folder(3, 'c', { parentId: 2 }), folder(2, 'b'), folder(5, 'e')]
    const [, , second] = folders
    expect(second && [...withInside(folders, second.id)].toSorted()).toEqual([2, 3, 4])
  })

  it('shows what this computer keeps under the inbox, while there is something in it', () => {
    const local: readonly LocalEntry[] = [
      { place: 'snoozed', count: 2, waits: false },
      { place: 'drafts', count: 0, waits: false },
      { place: 'outbox', count: 1, waits: true },
    ]
    const list = rows([folder(1, 'INBOX', { special: 'inbox' }), folder(2, 'Sent', { special: 'sent' })], { local })
    expect(list.map((row) => (row.kind === 'local' ? `${row.place} ${String(row.unread)}` : row.kind))).toEqual(['folder', 'snoozed 2', 'outbox 1', 'folder'])
  })
})
