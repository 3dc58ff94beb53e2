import { useQuery } from '@tanstack/react-query'
import type { DragEvent, KeyboardEvent, ReactNode } from 'react'
import { Fragment, useEffect, useMemo, useRef, useState } from 'react'
import { api } from '../../api/api.ts'
import { useAccounts, useFolders } from '../../api/shared-query.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useSettings } from '../../api/settings.ts'
import { perform } from '../../commands/all.ts'
import { rememberFolder } from '../../commands/recent-folders.ts'
import { triage } from '../../commands/triage.ts'
import { commandItems } from '../../commands/menu-items.ts'
import { useFormat } from '../../locales/format.ts'
import { text, useText } from '../../locales/text.ts'
import type { TextKey } from '../../locales/text.ts'
import { ContextMenu } from '../../parts/menu.tsx'
import type { MenuItem } from '../../parts/menu.tsx'
import { showToast } from '../../parts/toast.tsx'
import { showSettings, showSource, useApp } from '../../state.ts'
import type { ThreadSource } from '../../../shared/api/lists.ts'
import type { Folder } from '../../../shared/model/folder.ts'
import type { AccountId, FolderId } from '../../../shared/model/ids.ts'
import { createFolder, currentFolder, currentFolders, moveFolder, orderFolders, presentFolder, renameFolder, toggleBranch } from './folder-changes.ts'
import { shownName, useFolderNames } from './folder-names.ts'
import { FolderRow } from './folder-row.tsx'
import type { DropPlace, RowEvents } from './folder-row.tsx'
import { toggleHidden, useFolderState } from './folder-state.ts'
import { draggedThreads, threadDragType } from './thread-drag.ts'
import { accountKey, folderKey, localKey, treeRows, unifiedKey, withInside } from './folder-tree.ts'
import type { LocalEntry, LocalPlace, TreeRow } from './folder-tree.ts'
import { showDrafts, useDraftCounts, useShownDrafts } from '../drafts/drafts-state.ts'
import { showOutbox, useOutbox } from '../outbox/outbox-state.ts'
import { NameField } from './name-field.tsx'

const folderMenu = [
  'folder.new-inside', '-', 'folder.rename', 'folder.shown-name', 'folder.icon', '-', 'folder.move', 'folder.up', 'folder.down', '-',
  'folder.subscribe', 'folder.hide', 'folder.show', '-', 'folder.delete',
]
const dragType = 'application/x-shortlist-folder'

function showPlace(place: LocalPlace): void {
  if (place === 'snoozed') showSource('snoozed')
  else if (place === 'drafts') showDrafts(null)
  else showOutbox(place === 'scheduled' ? 'scheduled' : 'open')
}

function sourceOf(row: TreeRow): ThreadSource | null {
  if (row.kind === 'unified') return 'inboxes'
  return row.kind === 'folder' && row.folder.selectable ? row.folder.id : null
}

function tellFailure(error: unknown): void {
  const failure = failureFrom(error)
  showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
}

function activate(row: TreeRow): void {
  const shown = sourceOf(row)
  // One place for drafts: what lies in the folder and what is only here.
  if (row.kind === 'folder' && row.folder.special === 'drafts') showDrafts(row.folder.accountId)
  else if (shown !== null) showSource(shown)
  else if (row.kind === 'local') showPlace(row.place)
  else if (row.kind === 'hidden') toggleHidden(row.accountId)
  else void toggleBranch(row.key).catch(tellFailure)
}

/** Performs a folder command on this row rather than on the folder whose mail is shown. */
function performOn(row: TreeRow, command: string): void {
  if (row.kind !== 'folder') return
  useFolderState.setState({ menuOn: row.folder.id })
  perform(command)
  useFolderState.setState({ menuOn: null })
}

function menuFor(row: TreeRow | undefined): readonly MenuItem[] {
  if (row?.kind === 'folder') {
    useFolderState.setState({ menuOn: row.folder.id })
    return commandItems(folderMenu)
  }
  if (row?.kind === 'account') {
    return [
      { label: text('inbox:folders.new'), onSelect: () => useFolderState.setState({ editing: { kind: 'new', accountId: row.account.id, parentId: null } }) },
      { type: 'line' },
      { label: text('inbox:accountSettings'), onSelect: () => showSettings('accounts') },
    ]
  }
  return commandItems(['folder.new'])
}

export function FolderTree() {
  const t = useText()
  const format = useFormat()
  const names = useFolderNames()
  const { closedBranches } = useSettings()
  const folders = useFolders()
  const accounts = useAccounts()
  const source = useApp((state) => (state.view === 'inbox' ? state.source : null))
  const place = useShownPlace()
  const drafts = useDraftCounts()
  const shownDrafts = useShownDrafts((state) => state.accountId)
  const local = useLocalEntries(drafts, folders)
  const editing = useFolderState((state) => state.editing)
  const showHidden = useFolderState((state) => state.showHidden)
  const tree = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const [menu, setMenu] = useState<{ readonly key: string | null; readonly items: readonly MenuItem[] } | null>(null)
  const menuTarget = useRef<string | null>(null)

  const rows = useMemo(
    () => treeRows({ local, drafts, accounts: accounts ?? [], folders: folders ?? [], closed: new Set(closedBranches), showHidden, nameOf: names.shown, compareNames: format.compare }),
    [local, drafts, accounts, folders, closedBranches, showHidden, names, format],
  )
  const latestRows = useRef(rows)
  useEffect(() => {
    latestRows.current = rows
  }, [rows])
  const several = (accounts?.length ?? 0) > 1
  const draftsFolder = place === 'drafts' ? folders?.find((folder) => folder.special === 'drafts' && (shownDrafts === null ? !several : folder.accountId === shownDrafts)) : undefined
  const selectedKey = draftsFolder ? folderKey(draftsFolder.id) : place !== null ? localKey(place) : source === 'inboxes' ? unifiedKey : typeof source === 'number' ? folderKey(source) : null
  const tabStop = [focused, selectedKey, rows[0]?.key].find((key) => rows.some((row) => row.key === key)) ?? null

  // A new folder is typed where it will be: its parents must be open.
  useEffect(() => {
    if (editing?.kind !== 'new') return
    void toggleBranch(editing.parentId === null ? accountKey(editing.accountId) : folderKey(editing.parentId), true).catch(tellFailure)
  }, [editing])

  const focusRow = (key: string | null | undefined) => {
    if (key === undefined || key === null) return
    setFocused(key)
    tree.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus()
  }
  const doneEditing = (key: string) => () => {
    useFolderState.setState({ editing: null })
    queueMicrotask(() => focusRow(key))
  }
  const { drop, dragged, dragEvents } = useFolderDrag((key) => latestRows.current.find((row) => row.key === key))
  const [events] = useState<RowEvents>(() => {
    const rowOf = (key: string) => latestRows.current.find((row) => row.key === key)
    return {
      ...dragEvents,
      focus: setFocused,
      activate: (key) => {
        const row = rowOf(key)
        if (row) activate(row)
      },
      toggle: (key) => void toggleBranch(key).catch(tellFailure),
    }
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return
    const at = rows.findIndex((row) => row.key === focused)
    const row = rows[at]
    if (!row || event.ctrlKey || event.metaKey) return
    if (!handleTreeKey(event, rows, at, row, focusRow)) return
    event.preventDefault()
    event.stopPropagation()
  }

  const nameOf = (row: TreeRow): string => {
    switch (row.kind) {
      case 'folder':
        return names.shown(row.folder)
      case 'account':
        return row.account.name
      case 'unified':
        return t('inbox:allInboxes')
      case 'local':
        return t(placeNames[row.place])
      case 'hidden':
        return t('inbox:folders.hidden', { count: row.count })
    }
  }
  const fieldFor = (row: TreeRow): ReactNode => {
    if (row.kind !== 'folder' || !editing || editing.kind === 'new' || editing.id !== row.folder.id) return null
    const { folder } = row
    if (editing.kind === 'rename') {
      return <NameField label={t('inbox:folders.renameLabel')} start={folder.name} onSave={(name) => renameFolder(folder.id, name)} onDone={doneEditing(row.key)} />
    }
    return (
      <NameField
        label={t('inbox:folders.shownNameLabel')}
        start={names.shown(folder)}
        mayBeEmpty
        onSave={(name) => presentFolder(folder.id, { shownName: name === '' || name === folder.name ? null : name })}
        onDone={doneEditing(row.key)}
      />
    )
  }
  const newField = (accountId: AccountId, parentId: FolderId | null, depth: number, back: string): ReactNode =>
    editing?.kind === 'new' && editing.accountId === accountId && editing.parentId === parentId ? (
      <div className="mx-2 flex h-8 items-center pr-2" style={{ paddingLeft: 26 + Math.max(0, several ? depth - 1 : depth) * 14 }}>
        <NameField label={t('inbox:folders.newLabel')} start="" onSave={(name) => createFolder(accountId, parentId, name)} onDone={doneEditing(back)} />
      </div>
    ) : null
  const onlyAccount = accounts?.length === 1 ? accounts[0]?.account.id : undefined

  return (
    <ContextMenu
      items={menu?.items ?? []}
      onOpenChange={(open) => {
        setMenu(open ? { key: menuTarget.current, items: menuFor(rows.find(({ key }) => key === menuTarget.current)) } : null)
        // The command that was chosen still needs to know its folder; it runs before this.
        if (!open) setTimeout(() => useFolderState.setState({ menuOn: null }))
      }}
      onClosed={(event) => {
        event.preventDefault()
        if (useFolderState.getState().editing === null) focusRow(menuTarget.current)
      }}
    >
      <div
        ref={tree}
        role="tree"
        aria-label={t('inbox:folders.label')}
        onKeyDown={onKeyDown}
        onContextMenuCapture={(event) => {
          const target = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-key]') : null
          menuTarget.current = target?.dataset['key'] ?? null
        }}
        className="min-h-0 flex-1 overflow-y-auto pt-1 pb-4"
      >
        {rows.map((row) => (
          <Fragment key={row.key}>
            <FolderRow
              row={row}
              name={nameOf(row)}
              indent={several ? Math.max(0, row.depth - 1) : row.depth}
              selected={row.key === selectedKey}
              tabStop={row.key === tabStop}
              menuOpen={menu?.key === row.key}
              drop={drop?.key === row.key ? drop.where : null}
              dragged={row.kind === 'folder' && row.folder.id === dragged}
              field={fieldFor(row)}
              events={events}
            />
            {row.kind === 'folder' && newField(row.folder.accountId, row.folder.id, row.depth + 1, row.key)}
            {row.kind === 'account' && newField(row.account.id, null, 1, row.key)}
          </Fragment>
        ))}
        {onlyAccount !== undefined && newField(onlyAccount, null, 0, rows[0]?.key ?? '')}
      </div>
    </ContextMenu>
  )
}

const placeNames: Readonly<Record<LocalPlace, TextKey>> = { snoozed: 'triage:snooze.list', drafts: 'composer:drafts.title', outbox: 'outbox:title', scheduled: 'outbox:scheduledTitle' }

function useShownPlace(): LocalPlace | null {
  const view = useApp((state) => state.view)
  const source = useApp((state) => state.source)
  const part = useOutbox((state) => state.part)
  if (view === 'outbox') return part === 'scheduled' ? 'scheduled' : 'outbox'
  if (view === 'drafts') return 'drafts'
  return view === 'inbox' && source === 'snoozed' ? 'snoozed' : null
}

function useLocalEntries(draftCounts: ReadonlyMap<AccountId, number>, folders: readonly Folder[] | undefined): readonly LocalEntry[] {
  const snoozed = useQuery(api.lanes.counts.queryOptions({ input: { source: 'snoozed' } })).data
  // Accounts without a folder for drafts have theirs here.
  const drafts = [...draftCounts].reduce((sum, [id, count]) => sum + (folders?.some((folder) => folder.accountId === id && folder.special === 'drafts') === false ? count : 0), 0)
  const outbox = useQuery(api.outbox.counts.queryOptions()).data
  return useMemo(
    () => [
      { place: 'snoozed', count: Object.values(snoozed ?? {}).reduce((sum, { total }) => sum + total, 0), waits: false },
      { place: 'drafts', count: drafts, waits: false },
      { place: 'outbox', count: outbox?.open ?? 0, waits: (outbox?.needsPerson ?? 0) > 0 },
      { place: 'scheduled', count: outbox?.scheduled ?? 0, waits: false },
    ],
    [snoozed, drafts, outbox],
  )
}

/** The keys of a tree as the ARIA authoring practices have them, and those for folders. Says whether the key was one. */
function handleTreeKey(event: KeyboardEvent, rows: readonly TreeRow[], at: number, row: TreeRow, focusRow: (key: string | undefined) => void): boolean {
  const isOpen = row.kind === 'unified' || row.kind === 'local' ? null : row.open
  if (event.altKey) {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false
    performOn(row, event.key === 'ArrowUp' ? 'folder.up' : 'folder.down')
    return true
  }
  switch (event.key) {
    case 'ArrowDown':
      focusRow(rows[at + 1]?.key)
      return true
    case 'ArrowUp':
      focusRow(rows[at - 1]?.key)
      return true
    case 'Home':
      focusRow(rows[0]?.key)
      return true
    case 'End':
      focusRow(rows.at(-1)?.key)
      return true
    case 'ArrowRight':
      if (isOpen === false) activateBranch(row, true)
      else if (isOpen === true) focusRow(rows[at + 1]?.key)
      return true
    case 'ArrowLeft':
      if (isOpen === true) activateBranch(row, false)
      else focusRow(rows.slice(0, at).findLast((other) => other.depth < row.depth)?.key)
      return true
    case 'Enter':
    case ' ':
      activate(row)
      return true
    case 'F2':
      performOn(row, row.kind === 'folder' && row.folder.special === null ? 'folder.rename' : 'folder.shown-name')
      return true
    case 'Delete':
      performOn(row, 'folder.delete')
      return true
    default:
      return false
  }
}

function activateBranch(row: TreeRow, open: boolean): void {
  if (row.kind === 'hidden') toggleHidden(row.accountId)
  else void toggleBranch(row.key, open).catch(tellFailure)
}

type Drop = { readonly key: string; readonly where: DropPlace }

/** Where the dragged folder would go: between its neighbours (an order kept here) or into another folder (a move on the server). */
function placeOf(row: TreeRow, dragged: FolderId | null, height: number): DropPlace | null {
  const folder = currentFolder(dragged)
  if (!folder) return null
  if (row.kind === 'account') return row.account.id === folder.accountId && folder.special === null && folder.parentId !== null ? 'inside' : null
  if (row.kind !== 'folder' || row.folder.accountId !== folder.accountId || withInside(currentFolders(), folder.id).has(row.folder.id)) return null
  const isSibling = row.siblings.includes(folder.id)
  if (isSibling && height < 0.3) return 'before'
  if (isSibling && height > 0.7) return 'after'
  return folder.special === null && folder.parentId !== row.folder.id ? 'inside' : null
}

/** With alt or ctrl (on a Mac: option) conversations are copied rather than moved. */
function copies(event: DragEvent): boolean {
  return event.altKey || event.ctrlKey
}

function takesThreads(row: TreeRow): boolean {
  const dragged = draggedThreads()
  if (!dragged || row.kind !== 'folder' || !row.folder.selectable || row.folder.special === 'all' || row.folder.special === 'flagged') return false
  return dragged.meant.source !== row.folder.id && [...dragged.accounts].every((id) => id === row.folder.accountId)
}

function dropThreads(row: TreeRow, copy: boolean): void {
  const dragged = draggedThreads()
  if (!dragged || row.kind !== 'folder') return
  const type = copy ? 'copy' : 'move'
  rememberFolder(row.folder.id)
  void triage(dragged.meant, { type, folderId: row.folder.id }, `triage:command.${type}`, { folder: shownName(row.folder, text) }).catch(tellFailure)
}

function useFolderDrag(rowOf: (key: string) => TreeRow | undefined) {
  const [dragged, setDragged] = useState<FolderId | null>(null)
  const [drop, setDrop] = useState<Drop | null>(null)
  const now = useRef<{ dragged: FolderId | null; drop: Drop | null }>({ dragged: null, drop: null })
  const show = (next: Drop | null) => {
    if (next?.key === now.current.drop?.key && next?.where === now.current.drop?.where) return
    now.current.drop = next
    setDrop(next)
  }
  const end = () => {
    show(null)
    now.current.dragged = null
    setDragged(null)
  }
  const dragEvents: Pick<RowEvents, 'dragStart' | 'dragOver' | 'drop' | 'dragEnd' | 'dragLeave'> = {
    dragStart: (key, event) => {
      const row = rowOf(key)
      if (row?.kind !== 'folder') return
      event.dataTransfer.setData(dragType, String(row.folder.id))
      event.dataTransfer.effectAllowed = 'move'
      now.current.dragged = row.folder.id
      setDragged(row.folder.id)
    },
    dragOver: (key, event: DragEvent) => {
      const row = rowOf(key)
      if (row && event.dataTransfer.types.includes(threadDragType)) {
        const takes = takesThreads(row)
        show({ key, where: takes ? 'inside' : 'refused' })
        if (!takes) return
        event.preventDefault()
        event.dataTransfer.dropEffect = copies(event) ? 'copy' : 'move'
        return
      }
      if (!row || !event.dataTransfer.types.includes(dragType)) return
      const box = event.currentTarget.getBoundingClientRect()
      const where = placeOf(row, now.current.dragged, (event.clientY - box.top) / box.height)
      show(where === null ? null : { key, where })
      if (where === null) return
      event.preventDefault()
      event.dataTransfer.dropEffect = 'move'
    },
    drop: (key, event) => {
      event.preventDefault()
      const onto = rowOf(key)
      if (event.dataTransfer.types.includes(threadDragType)) {
        show(null)
        if (onto && takesThreads(onto)) dropThreads(onto, copies(event))
        return
      }
      const [row, folder, place] = [rowOf(key), currentFolder(now.current.dragged), now.current.drop]
      end()
      if (!row || !folder || place?.key !== key) return
      if (place.where === 'inside') {
        void moveFolder(folder, row.kind === 'folder' ? row.folder.id : null).catch(tellFailure)
      } else if (row.kind === 'folder') {
        const order = row.siblings.filter((id) => id !== folder.id)
        order.splice(order.indexOf(row.folder.id) + (place.where === 'after' ? 1 : 0), 0, folder.id)
        void orderFolders(order).catch(tellFailure)
      }
    },
    dragEnd: end,
    // The next row is entered before this one is left.
    dragLeave: (key) => {
      if (now.current.drop?.key === key) show(null)
    },
  }
  return { dragged, drop, dragEvents }
}
