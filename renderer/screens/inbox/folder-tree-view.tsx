import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ChevronRight, CloudUpload, EyeOff, Inbox, MoreHorizontal, TriangleAlert } from 'lucide-react'
import type { DragEvent, KeyboardEvent, ReactNode } from 'react'
import { createElement, useEffect, useMemo, useRef, useState } from 'react'
import { api } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useSettings } from '../../api/settings.ts'
import { commandItems } from '../../commands/menu-items.ts'
import { perform } from '../../commands/all.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { ContextMenu, Menu } from '../../parts/menu.tsx'
import type { MenuItem } from '../../parts/menu.tsx'
import { showToast } from '../../parts/toast.tsx'
import { showSettings, showSource, useApp } from '../../state.ts'
import type { ThreadSource } from '../../../shared/api/contract.ts'
import type { AccountId, FolderId } from '../../../shared/model/ids.ts'
import { createFolder, currentFolder, currentFolders, moveFolder, orderFolders, presentFolder, renameFolder, toggleBranch } from './folder-changes.ts'
import { folderIcon } from './folder-icons.ts'
import { useFolderNames } from './folder-names.ts'
import { toggleHidden, useFolderState } from './folder-state.ts'
import { accountKey, folderKey, treeRows, unifiedKey, withInside } from './folder-tree.ts'
import type { TreeRow } from './folder-tree.ts'
import { NameField } from './name-field.tsx'

const menu = [
  'folder.new-inside', '-', 'folder.rename', 'folder.shown-name', 'folder.icon', '-', 'folder.move', 'folder.up', 'folder.down', '-',
  'folder.subscribe', 'folder.hide', 'folder.show', '-', 'folder.delete',
]
const dragType = 'application/x-shortlist-folder'

type Drop = { readonly key: string; readonly where: 'before' | 'inside' | 'after' }

function sourceOf(row: TreeRow): ThreadSource | null {
  if (row.kind === 'unified') return 'inboxes'
  return row.kind === 'folder' && row.folder.selectable ? row.folder.id : null
}

function tellFailure(error: unknown): void {
  const failure = failureFrom(error)
  showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
}

export function FolderTree() {
  const t = useText()
  const format = useFormat()
  const names = useFolderNames()
  const { closedBranches } = useSettings()
  const folders = useQuery(api.folders.list.queryOptions()).data
  const accounts = useQuery(api.accounts.list.queryOptions()).data
  const source = useApp((state) => (state.view === 'inbox' ? state.source : null))
  const { editing, showHidden } = useFolderState()
  const tree = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<string | null>(null)
  const [dragged, setDragged] = useState<FolderId | null>(null)
  const [drop, setDrop] = useState<Drop | null>(null)

  const rows = useMemo(
    () => treeRows({ accounts: accounts ?? [], folders: folders ?? [], closed: new Set(closedBranches), showHidden, nameOf: names.shown, compareNames: format.compare }),
    [accounts, folders, closedBranches, showHidden, names, format],
  )
  const selectedKey = source === 'inboxes' ? unifiedKey : source === null ? null : folderKey(source)
  const tabStop = [focused, selectedKey, rows[0]?.key].find((key) => rows.some((row) => row.key === key)) ?? null

  // A new folder is typed where it will be: its parents must be open.
  useEffect(() => {
    if (editing?.kind !== 'new') return
    void toggleBranch(editing.parentId === null ? accountKey(editing.accountId) : folderKey(editing.parentId), true).catch(() => undefined)
  }, [editing])

  const focusRow = (key: string | undefined) => {
    if (key === undefined) return
    setFocused(key)
    tree.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus()
  }
  const doneEditing = (key: string) => () => {
    useFolderState.setState({ editing: null })
    queueMicrotask(() => focusRow(key))
  }

  const activate = (row: TreeRow) => {
    const shown = sourceOf(row)
    if (shown !== null) showSource(shown)
    else if (row.kind === 'hidden') toggleHidden(row.accountId)
    else void toggleBranch(row.key)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return
    const at = rows.findIndex((row) => row.key === focused)
    const row = rows[at]
    if (!row || event.ctrlKey || event.metaKey) return
    const isOpen = row.kind === 'unified' ? null : row.open
    const parentKey = rows.slice(0, at).findLast((other) => other.depth < row.depth)?.key
    const handled = (() => {
      if (event.altKey) {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return false
        if (row.kind === 'folder') {
          useFolderState.setState({ menuOn: row.folder.id })
          perform(event.key === 'ArrowUp' ? 'folder.up' : 'folder.down')
          useFolderState.setState({ menuOn: null })
        }
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
          if (isOpen === false) void toggleBranch(row.key, true)
          else if (isOpen === true) focusRow(rows[at + 1]?.key)
          return true
        case 'ArrowLeft':
          if (isOpen === true && row.kind !== 'hidden') void toggleBranch(row.key, false)
          else focusRow(parentKey)
          return true
        case 'Enter':
        case ' ':
          activate(row)
          return true
        case 'F2':
          if (row.kind === 'folder') useFolderState.setState({ editing: { kind: row.folder.special === null ? 'rename' : 'shown-name', id: row.folder.id } })
          return true
        case 'Delete':
          if (row.kind === 'folder') {
            useFolderState.setState({ menuOn: row.folder.id })
            perform('folder.delete')
            useFolderState.setState({ menuOn: null })
          }
          return true
        default:
          return false
      }
    })()
    if (handled) {
      event.preventDefault()
      event.stopPropagation()
    }
  }

  const onDragOver = (row: TreeRow) => (event: DragEvent) => {
    const folder = currentFolder(dragged)
    if (!folder || !event.dataTransfer.types.includes(dragType)) return
    const box = event.currentTarget.getBoundingClientRect()
    const height = (event.clientY - box.top) / box.height
    const where = ((): Drop['where'] | null => {
      if (row.kind === 'account') return row.account.id === folder.accountId && folder.special === null ? 'inside' : null
      if (row.kind !== 'folder' || row.folder.accountId !== folder.accountId || withInside(currentFolders(), folder.id).has(row.folder.id)) return null
      const isSibling = row.siblings.includes(folder.id)
      if (isSibling && height < 0.3) return 'before'
      if (isSibling && height > 0.7) return 'after'
      return folder.special === null && folder.parentId !== row.folder.id ? 'inside' : null
    })()
    setDrop((old) => (where === null ? null : old?.key === row.key && old.where === where ? old : { key: row.key, where }))
    if (where !== null) {
      event.preventDefault()
      event.dataTransfer.dropEffect = 'move'
    }
  }
  const onDrop = (row: TreeRow) => (event: DragEvent) => {
    event.preventDefault()
    const folder = currentFolder(dragged)
    const place = drop
    setDrop(null)
    setDragged(null)
    if (!folder || place?.key !== row.key) return
    if (place.where === 'inside') {
      void moveFolder(folder, row.kind === 'folder' ? row.folder.id : null).catch(tellFailure)
    } else if (row.kind === 'folder') {
      const order = row.siblings.filter((id) => id !== folder.id)
      order.splice(order.indexOf(row.folder.id) + (place.where === 'after' ? 1 : 0), 0, folder.id)
      void orderFolders(order).catch(tellFailure)
    }
  }

  const newFieldFor = (accountId: AccountId, parentId: FolderId | null, depth: number, back: string) =>
    editing?.kind === 'new' && editing.accountId === accountId && editing.parentId === parentId ? (
      <div className="mx-2 flex h-8 items-center pr-2" style={{ paddingLeft: 26 + Math.max(0, several ? depth - 1 : depth) * 14 }}>
        <NameField label={t('inbox:folders.newLabel')} start="" onSave={(name) => createFolder(accountId, parentId, name)} onDone={doneEditing(back)} />
      </div>
    ) : null

  const several = (accounts?.length ?? 0) > 1
  const onlyAccount = accounts?.length === 1 ? accounts[0]?.account.id : undefined
  return (
    <div ref={tree} role="tree" aria-label={t('inbox:folders.label')} onKeyDown={onKeyDown} className="min-h-0 flex-1 overflow-y-auto pt-1 pb-4">
      {rows.map((row) => (
        <RowFrame
          key={row.key}
          row={row}
          indent={several ? Math.max(0, row.depth - 1) : row.depth}
          selected={row.key === selectedKey}
          tabStop={row.key === tabStop}
          name={row.kind === 'folder' ? names.shown(row.folder) : row.kind === 'account' ? row.account.name : row.kind === 'unified' ? t('inbox:allInboxes') : t('inbox:folders.hidden', { count: row.count })}
          drop={drop?.key === row.key ? drop.where : null}
          dragged={row.kind === 'folder' && row.folder.id === dragged}
          onFocus={() => setFocused(row.key)}
          onActivate={() => activate(row)}
          onDragStart={(event) => {
            if (row.kind !== 'folder') return
            event.dataTransfer.setData(dragType, String(row.folder.id))
            event.dataTransfer.effectAllowed = 'move'
            setDragged(row.folder.id)
          }}
          onDragEnd={() => {
            setDragged(null)
            setDrop(null)
          }}
          onDragOver={onDragOver(row)}
          onDrop={onDrop(row)}
          onMenuClosed={() => focusRow(row.key)}
          field={
            row.kind === 'folder' && editing && editing.kind !== 'new' && editing.id === row.folder.id ? (
              editing.kind === 'rename' ? (
                <NameField label={t('inbox:folders.renameLabel')} start={row.folder.name} onSave={(name) => renameFolder(row.folder.id, name)} onDone={doneEditing(row.key)} />
              ) : (
                <NameField
                  label={t('inbox:folders.shownNameLabel')}
                  start={names.shown(row.folder)}
                  mayBeEmpty
                  onSave={(name) => presentFolder(row.folder.id, { shownName: name === '' || name === row.folder.name ? null : name })}
                  onDone={doneEditing(row.key)}
                />
              )
            ) : null
          }
          below={
            row.kind === 'folder'
              ? newFieldFor(row.folder.accountId, row.folder.id, row.depth + 1, row.key)
              : row.kind === 'account'
                ? newFieldFor(row.account.id, null, 1, row.key)
                : null
          }
        />
      ))}
      {onlyAccount !== undefined && newFieldFor(onlyAccount, null, 0, rows[0]?.key ?? '')}
    </div>
  )
}

type RowProps = {
  readonly row: TreeRow
  readonly name: string
  /** Steps from the left edge: an account's folders begin where the account does. */
  readonly indent: number
  readonly selected: boolean
  readonly tabStop: boolean
  readonly drop: Drop['where'] | null
  readonly dragged: boolean
  readonly field: ReactNode
  readonly below: ReactNode
  readonly onFocus: () => void
  readonly onActivate: () => void
  readonly onDragStart: (event: DragEvent) => void
  readonly onDragEnd: () => void
  readonly onDragOver: (event: DragEvent) => void
  readonly onDrop: (event: DragEvent) => void
  readonly onMenuClosed: () => void
}

function RowIcon({ row, selected }: { readonly row: TreeRow; readonly selected: boolean }) {
  if (row.kind === 'account') return null
  const icon = row.kind === 'folder' ? folderIcon(row.folder) : row.kind === 'unified' ? Inbox : EyeOff
  return createElement(icon, { 'aria-hidden': true, className: clsx('size-4 shrink-0', selected ? 'text-accent-ink' : 'text-ink-3'), strokeWidth: 1.75 })
}

function RowFrame(props: RowProps) {
  const { row, name, selected } = props
  const t = useText()
  const format = useFormat()
  const branch = row.kind === 'unified' ? null : row.open
  const unread = row.kind === 'hidden' || (row.kind === 'account' && row.open) ? 0 : row.unread
  const drafts = row.kind === 'folder' && row.folder.special === 'drafts' ? row.folder.total : 0
  const pending = row.kind === 'folder' && row.folder.pending
  const makeItems = (): readonly MenuItem[] => {
    if (row.kind === 'folder') {
      useFolderState.setState({ menuOn: row.folder.id })
      return commandItems(menu)
    }
    if (row.kind === 'account') {
      return [
        { label: t('inbox:folders.new'), onSelect: () => useFolderState.setState({ editing: { kind: 'new', accountId: row.account.id, parentId: null } }) },
        { type: 'line' },
        { label: t('inbox:accountSettings'), onSelect: () => showSettings('accounts') },
      ]
    }
    return []
  }
  const [menuItems, setMenuItems] = useState<readonly MenuItem[]>([])
  const menuOpen = menuItems.length > 0
  const hasMenu = row.kind === 'folder' || row.kind === 'account'
  const onMenu = (open: boolean) => {
    setMenuItems(open ? makeItems() : [])
    // The command that was chosen still needs to know its folder; it runs before this.
    if (!open) setTimeout(() => useFolderState.setState({ menuOn: null }))
  }
  const onClosed = (event: Event) => {
    event.preventDefault()
    if (useFolderState.getState().editing === null) props.onMenuClosed()
  }

  const content = (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={branch ?? undefined}
      aria-current={selected ? 'page' : undefined}
      aria-label={[name, unread > 0 ? t('inbox:folders.unread', { count: unread }) : '', drafts > 0 ? format.number(drafts) : '', pending ? t('inbox:folders.pending') : ''].filter((part) => part !== '').join(', ')}
      data-key={row.key}
      data-state={menuOpen ? 'open' : undefined}
      tabIndex={props.tabStop ? 0 : -1}
      draggable={row.kind === 'folder' && props.field === null}
      onFocus={(event) => {
        if (event.target === event.currentTarget) props.onFocus()
      }}
      onClick={props.onActivate}
      onDragStart={props.onDragStart}
      onDragEnd={props.onDragEnd}
      onDragOver={props.onDragOver}
      onDrop={props.onDrop}
      style={{ paddingLeft: row.kind === 'account' ? 6 : 6 + props.indent * 14 }}
      className={clsx(
        'group relative mx-2 flex h-(--tree-row) items-center gap-2 rounded-md pr-2 ring-inset-focus',
        row.kind === 'account' ? 'mt-3 text-xs font-medium text-ink-3 hover:text-ink' : 'text-ink-2 hover:bg-fill',
        row.kind === 'folder' && (!row.folder.selectable || row.folder.hidden) && 'text-ink-3',
        selected && 'bg-fill-strong! font-medium text-ink!',
        menuOpen && !selected && 'bg-fill',
        props.drop === 'inside' && 'bg-accent-soft!',
        props.dragged && 'opacity-45',
      )}
    >
      {props.drop !== null && props.drop !== 'inside' && (
        <span className={clsx('pointer-events-none absolute inset-x-0 h-0.5 rounded-full bg-accent', props.drop === 'before' ? '-top-px' : '-bottom-px')} />
      )}
      {branch === null || row.kind === 'hidden' ? (
        row.kind === 'account' ? null : <span className="w-3" />
      ) : (
        <span
          aria-hidden
          onClick={(event) => {
            event.stopPropagation()
            void toggleBranch(row.key)
          }}
          className="flex size-3 shrink-0 items-center justify-center text-ink-3 before:absolute before:h-full before:w-6"
        >
          <ChevronRight className={clsx('relative size-3 transition-transform duration-100', branch && 'rotate-90')} strokeWidth={2} />
        </span>
      )}
      <RowIcon row={row} selected={selected} />
      {props.field ?? <span className="min-w-0 flex-1 truncate">{name}</span>}
      {props.field === null && (
        <>
          {row.kind === 'account' && row.state.failure && row.state.failure.kind !== 'offline' && <TriangleAlert aria-hidden className="size-3.5 text-warn" />}
          {pending && <CloudUpload aria-hidden className="size-3.5 shrink-0 text-ink-3" />}
          {unread > 0 && <span className={clsx('tabular text-xs', hasMenu && 'group-hover:hidden group-data-[state=open]:hidden', 'font-semibold text-ink-2')}>{format.count(unread)}</span>}
          {drafts > 0 && <span className="tabular text-xs text-ink-3 group-hover:hidden group-data-[state=open]:hidden">{format.count(drafts)}</span>}
          {hasMenu && (
            <span
              aria-hidden
              onClick={(event) => event.stopPropagation()}
              className="hidden group-hover:inline-flex group-data-[state=open]:inline-flex"
            >
              <Menu items={menuItems} onOpenChange={onMenu} onClosed={onClosed}>
                <button type="button" tabIndex={-1} className="-mr-1 flex size-5 items-center justify-center rounded-sm text-ink-3 hover:bg-fill-strong hover:text-ink">
                  <MoreHorizontal className="size-3.5" />
                </button>
              </Menu>
            </span>
          )}
        </>
      )}
    </div>
  )
  return (
    <>
      {hasMenu ? (
        <ContextMenu items={menuItems} onOpenChange={onMenu} onClosed={onClosed}>
          {content}
        </ContextMenu>
      ) : (
        content
      )}
      {props.below}
    </>
  )
}
