import clsx from 'clsx'
import { AlarmClock, Ban, CalendarClock, ChevronRight, CloudUpload, EyeOff, FileText, Inbox, MoreHorizontal, SendHorizontal, TriangleAlert } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { DragEvent, ReactNode } from 'react'
import { createElement, memo } from 'react'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { folderIcon } from './folder-icons.ts'
import type { LocalPlace, TreeRow } from './folder-tree.ts'

/** Where what is dragged would go, or that it cannot go here. */
export type DropPlace = 'before' | 'inside' | 'after' | 'refused'

/** What can happen to a row, told by its key. One object for all rows, and never another one. */
export type RowEvents = {
  readonly focus: (key: string) => void
  readonly activate: (key: string) => void
  readonly toggle: (key: string) => void
  readonly dragStart: (key: string, event: DragEvent) => void
  readonly dragOver: (key: string, event: DragEvent) => void
  readonly drop: (key: string, event: DragEvent) => void
  readonly dragEnd: () => void
  readonly dragLeave: (key: string) => void
}

type Props = {
  readonly row: TreeRow
  readonly name: string
  /** Steps from the left edge: an account's folders begin where the account does. */
  readonly indent: number
  readonly selected: boolean
  readonly tabStop: boolean
  readonly menuOpen: boolean
  readonly drop: DropPlace | null
  readonly dragged: boolean
  /** A field in place of the name. */
  readonly field: ReactNode
  readonly events: RowEvents
}

function sameRow(a: TreeRow, b: TreeRow): boolean {
  if (a.kind === 'folder' && b.kind === 'folder') return a.folder === b.folder && a.open === b.open && a.unread === b.unread && a.drafts === b.drafts && a.depth === b.depth
  if (a.kind === 'account' && b.kind === 'account') return a.account === b.account && a.state === b.state && a.open === b.open && a.unread === b.unread
  if (a.kind === 'local' && b.kind === 'local') return a.key === b.key && a.unread === b.unread && a.waits === b.waits
  if (a.kind === 'unified' && b.kind === 'unified') return a.unread === b.unread
  if (a.kind === 'hidden' && b.kind === 'hidden') return a.key === b.key && a.count === b.count && a.open === b.open
  return false
}

function sameProps({ row: a, ...before }: Props, { row: b, ...now }: Props): boolean {
  return sameRow(a, b) && (Object.keys(now) as (keyof typeof now)[]).every((name) => before[name] === now[name])
}

const localIcons: Readonly<Record<LocalPlace, LucideIcon>> = { snoozed: AlarmClock, drafts: FileText, outbox: SendHorizontal, scheduled: CalendarClock }

function RowIcon({ row, selected }: { readonly row: TreeRow; readonly selected: boolean }) {
  if (row.kind === 'account') return null
  const icon = row.kind === 'folder' ? folderIcon(row.folder) : row.kind === 'local' ? localIcons[row.place] : row.kind === 'unified' ? Inbox : EyeOff
  return createElement(icon, { 'aria-hidden': true, className: clsx('size-4 shrink-0', selected ? 'text-accent-ink' : 'text-ink-3'), strokeWidth: 1.75 })
}

/** One line of the folder tree. Drawn again only when something of it changed: counts change all the time in a sync. */
export const FolderRow = memo(function FolderRow({ row, name, indent, selected, tabStop, menuOpen, drop, dragged, field, events }: Props) {
  const t = useText()
  const format = useFormat()
  const branch = row.kind === 'unified' || row.kind === 'local' ? null : row.open
  const unread = row.kind === 'hidden' || (row.kind === 'account' && row.open) ? 0 : row.unread
  const drafts = row.kind === 'folder' ? row.drafts : 0
  const pending = row.kind === 'folder' && row.folder.pending
  const hasMenu = row.kind === 'folder' || row.kind === 'account'
  const failing = row.kind === 'account' && row.state.failure !== null && row.state.failure.kind !== 'offline'
  const spoken = [
    name,
    row.kind === 'local' ? format.number(unread) : unread > 0 ? t('inbox:folders.unread', { count: unread }) : '',
    row.kind === 'local' && row.waits ? t('outbox:pane.waits') : '',
    drafts > 0 ? format.number(drafts) : '',
    pending ? t('inbox:folders.pending') : '',
  ]
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-selected={selected}
      aria-expanded={branch ?? undefined}
      aria-current={selected ? 'page' : undefined}
      aria-label={spoken.filter((part) => part !== '').join(', ')}
      title={field === null && name.length > 24 ? name : undefined}
      data-key={row.key}
      data-state={menuOpen ? 'open' : undefined}
      tabIndex={tabStop ? 0 : -1}
      draggable={row.kind === 'folder' && field === null}
      onFocus={(event) => {
        if (event.target === event.currentTarget) events.focus(row.key)
      }}
      onClick={() => events.activate(row.key)}
      onDragStart={(event) => events.dragStart(row.key, event)}
      onDragEnd={events.dragEnd}
      onDragEnter={(event) => events.dragOver(row.key, event)}
      onDragOver={(event) => events.dragOver(row.key, event)}
      onDragLeave={(event) => {
        if (!(event.relatedTarget instanceof Node && event.currentTarget.contains(event.relatedTarget))) events.dragLeave(row.key)
      }}
      onDrop={(event) => events.drop(row.key, event)}
      style={{ paddingLeft: 6 + indent * 14 }}
      className={clsx(
        'group relative mx-2 flex h-(--tree-row) items-center gap-2 rounded-md pr-2 ring-inset-focus',
        row.kind === 'account' ? 'mt-3 text-xs font-medium text-ink-3 hover:text-ink' : 'text-ink-2 hover:bg-fill',
        row.kind === 'folder' && (!row.folder.selectable || row.folder.hidden) && 'text-ink-3',
        selected && 'bg-fill-strong! font-medium text-ink!',
        menuOpen && !selected && 'bg-fill',
        drop === 'inside' && 'bg-accent-soft! text-accent-ink! outline-2 -outline-offset-2 outline-accent',
        drop === 'refused' && 'text-ink-3! outline-1 -outline-offset-1 outline-dashed outline-ink-3',
        dragged && 'opacity-45',
      )}
    >
      {(drop === 'before' || drop === 'after') && (
        <span className={clsx('pointer-events-none absolute inset-x-0 h-0.5 rounded-full bg-accent', drop === 'before' ? '-top-px' : '-bottom-px')} />
      )}
      {branch === null || row.kind === 'hidden' ? (
        <span className="w-3" />
      ) : (
        <span
          aria-hidden
          onClick={(event) => {
            event.stopPropagation()
            events.toggle(row.key)
          }}
          className="relative flex size-3 shrink-0 items-center justify-center text-ink-3 before:absolute before:-inset-1.5"
        >
          <ChevronRight className={clsx('size-3 transition-transform duration-100', branch && 'rotate-90')} strokeWidth={2} />
        </span>
      )}
      <RowIcon row={row} selected={selected} />
      {field ?? <span className="min-w-0 flex-1 truncate">{name}</span>}
      {drop === 'refused' && <Ban aria-hidden className="size-3.5 shrink-0" />}
      {field === null && drop !== 'refused' && (
        <>
          {(failing || (row.kind === 'local' && row.waits)) && <TriangleAlert aria-hidden className="size-3.5 text-warn" />}
          {pending && <CloudUpload aria-hidden className="size-3.5 shrink-0 text-ink-3" />}
          {unread > 0 && <span className={clsx('tabular text-xs', row.kind === 'local' ? 'text-ink-3' : 'font-semibold text-ink-2', hasMenu && 'group-hover:hidden group-data-[state=open]:hidden')}>{format.count(unread)}</span>}
          {drafts > 0 && <span className="tabular text-xs text-ink-3 group-hover:hidden group-data-[state=open]:hidden">{format.count(drafts)}</span>}
          {hasMenu && (
            // The same menu as by the secondary button or the menu key, for those who look for it with the pointer.
            <span
              aria-hidden
              title={t('shell:more')}
              onClick={(event) => {
                event.stopPropagation()
                const { left, bottom } = event.currentTarget.getBoundingClientRect()
                event.currentTarget.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom + 2 }))
              }}
              className="-mr-1 hidden size-5 items-center justify-center rounded-sm text-ink-3 group-hover:flex group-data-[state=open]:flex hover:bg-fill-strong hover:text-ink"
            >
              <MoreHorizontal className="size-3.5" />
            </span>
          )}
        </>
      )}
    </div>
  )
}, sameProps)
