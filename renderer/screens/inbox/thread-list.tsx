import clsx from 'clsx'
import { ArrowUp, TriangleAlert } from 'lucide-react'
import type { RefObject } from 'react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useFolders } from '../../api/shared-query.ts'
import { useSettings } from '../../api/settings.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { releaseRows, useThreadList } from '../../api/thread-lists.ts'
import { on } from '../../commands/meant.ts'
import { perform } from '../../commands/all.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { VirtualList } from '../../parts/virtual-list.tsx'
import type { ListHandle, RowState } from '../../parts/virtual-list.tsx'
import { select, showFilter, useApp } from '../../state.ts'
import type { ThreadFilter, ThreadSource } from '../../../shared/api/lists.ts'
import type { FolderId, ThreadId } from '../../../shared/model/ids.ts'
import type { ThreadRow } from '../../../shared/model/message.ts'
import { useFolderNames } from './folder-names.ts'
import { isInbox } from './lane-commands.ts'
import { LaneTabs } from './lane-tabs.tsx'
import { ListBanner } from './list-banner.tsx'
import { ListEmpty } from './list-empty.tsx'
import { LoadingMore, RowMenu } from './list-parts.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { SelectionNote } from './selection-note.tsx'
import { startThreadDrag } from './thread-drag.ts'
import { ThreadRowView, threadLabel } from './thread-row.tsx'
import type { RowLook } from './thread-row.tsx'
import { useThreadNavigator } from './use-thread-navigator.ts'

const filters: readonly ThreadFilter[] = ['all', 'unread', 'flagged', 'attachments']
const heights = { stacked: { comfortable: 58, compact: 58 }, line: { comfortable: 40, compact: 32 } } as const
/** Where each list was scrolled to, for coming back to it. */
const places = new Map<string, number>()

type Props = {
  readonly source: ThreadSource
  readonly filter: ThreadFilter
  readonly list: RefObject<ListHandle | null>
  /** Whether the thread is read beside the list. */
  readonly beside: boolean
  readonly enterThread: () => void
}

export function ThreadList({ source, filter, list, beside, enterThread }: Props) {
  const t = useText()
  const format = useFormat()
  const { density, lanes } = useSettings()
  const lane = useApp((state) => state.lane)
  const everything = useApp((state) => state.everything)
  const cursor = useApp((state) => state.cursor)
  const selection = useApp((state) => state.selection)
  const threads = useThreadList(source, filter, lane)
  const { rows, complete, look, loadAll } = threads
  const emptied = rows.length === 0 && !complete && threads.error === null
  const names = useFolderNames()
  const folders = useFolders()
  const folder = folders?.find(({ id }) => id === source)
  const title = source === 'inboxes' ? t('inbox:allInboxes') : source === 'snoozed' ? t('triage:snooze.list') : folder ? names.shown(folder) : ''
  const withLanes = lanes && isInbox(source, folders ?? [])
  const rowLook: RowLook = density === 'compact' || !beside ? 'line' : 'stacked'
  const rowHeight = heights[rowLook][density]

  // Rows a filter would drop now (the one just read) stay while this list is looked at.
  useEffect(() => () => releaseRows(source, filter, lane), [source, filter, lane])

  const folderOf = useCallback((): FolderId | null => (typeof source === 'number' ? source : null), [source])
  const wantsEnd = useRef(false)
  const runningToEnd = useRef(false)
  const navigate = useThreadNavigator<ThreadRow>({
    rows,
    list,
    folderOf,
    follow: beside,
    enterThread,
    onWantEnd: (wants) => {
      wantsEnd.current = wants
      if (!wants || complete || runningToEnd.current) return
      runningToEnd.current = true
      void loadAll(() => wantsEnd.current)
        .catch(() => undefined)
        .finally(() => (runningToEnd.current = false))
    },
  })
  const { toggle } = navigate

  // All that was loaded was taken out, but there is more: without rows nobody looks for it.
  useEffect(() => {
    if (emptied && !threads.loading) look(0, 0)
  }, [emptied, threads.loading, look])

  useCursorStays(rows, threads.loading)

  // On the way to the end the cursor is always on the last row that is here; the very last one is opened.
  const { open: openRow } = navigate
  useEffect(() => {
    const last = rows.at(-1)
    if (!wantsEnd.current || !last || useApp.getState().cursor === last.id) return
    if (complete && beside) openRow(last)
    else useApp.setState({ cursor: last.id })
  }, [rows, complete, beside, openRow])
  useEffect(
    () => () => {
      wantsEnd.current = false
    },
    [],
  )

  // Picked rows that left the list are no longer picked.
  useEffect(() => {
    if (selection.size === 0 || everything) return
    const here = new Set(rows.map(({ id }) => id))
    const left = [...selection].filter((id) => here.has(id))
    if (left.length !== selection.size) select(left)
  }, [rows, selection, everything])

  const shown = rows.length > 0
  useEffect(() => {
    // The keys belong to the list unless the person is somewhere on purpose.
    if (shown && (document.activeElement === document.body || document.activeElement?.hasAttribute('data-focus-home') === true)) list.current?.focus()
  }, [shown, list])

  const { fresh, atTop, onTopChange } = useNewOnTop(rows)
  const picking = selection.size > 0
  const onStar = useCallback((row: ThreadRow) => void on([row.id], () => perform(row.flagged ? 'thread.unstar' : 'thread.star')), [])

  const labelOf = useCallback((row: ThreadRow) => threadLabel(row, t, format), [t, format])
  const renderRow = useCallback(
    (row: ThreadRow, state: RowState) => <ThreadRowView row={row} look={rowLook} picking={picking} onToggle={toggle} onStar={onStar} {...state} />,
    [rowLook, picking, toggle, onStar],
  )
  const keyOf = useCallback((row: ThreadRow) => row.id, [])
  const name = JSON.stringify([source, filter, lane])
  const counts = folder ?? (source === 'inboxes' ? sumOf(folders?.filter(({ special }) => special === 'inbox') ?? []) : undefined)

  return (
    <section aria-label={title} className="flex h-full flex-col bg-surface">
      <header className="flex shrink-0 flex-col justify-center gap-1.5 border-b border-line py-3 pr-3 pl-4">
        {picking ? (
          <SelectionBar />
        ) : (
          <div className="flex h-6 items-baseline gap-2">
            <h1 className="min-w-0 truncate text-md font-semibold tracking-[-0.01em]">{title}</h1>
            {counts && counts.total > 0 && (
              <span className="tabular min-w-0 flex-1 truncate text-xs text-ink-3">
                {counts.unread > 0 ? t('inbox:list.unread', { shown: format.number(counts.unread) }) : t('inbox:list.count', { count: counts.total, shown: format.number(counts.total) })}
              </span>
            )}
          </div>
        )}
        {withLanes && <LaneTabs source={source} />}
        <Segmented
          label={t('inbox:filter.label')}
          look="plain"
          className="-ml-2"
          value={filter}
          choices={filters.map((value) => ({ value, label: t(`inbox:filter.${value}`) }))}
          onChange={(value) => {
            showFilter(value)
          }}
        />
      </header>
      <ListBanner source={source} />
      {picking && (everything || selection.size === rows.length) && <SelectionNote loaded={rows.length} complete={complete} everything={everything} name={title} />}
      <div className="relative min-h-0 flex-1">
        {threads.loading || emptied ? (
          <ListSkeleton height={rowHeight} look={rowLook} label={t('inbox:list.label', { name: title })} />
        ) : threads.error && rows.length === 0 ? (
          <EmptyState icon={TriangleAlert} title={t('inbox:list.failed')} action={<Button onClick={threads.retry}>{t('shell:retry')}</Button>}>
            <p>{failureText(failureFrom(threads.error))}</p>
            <p>{t('inbox:list.failedDetail')}</p>
          </EmptyState>
        ) : rows.length === 0 ? (
          <ListEmpty source={source} filter={filter} lane={lane} />
        ) : (
          <RowMenu list={list}>
            <VirtualList
              key={name}
              handle={list}
              label={t('inbox:list.label', { name: title })}
              multiple
              rows={rows}
              keyOf={keyOf}
              labelOf={labelOf}
              rowHeight={rowHeight}
              cursor={cursor}
              size={complete ? rows.length : undefined}
              isSelected={(row) => (picking ? everything || selection.has(row.id) : row.id === cursor)}
              start={places.get(name) ?? 0}
              onPlace={(top) => places.set(name, top)}
              renderRow={renderRow}
              onRowClick={navigate.onRowClick}
              onRowDoubleClick={(row) => {
                navigate.open(row)
                enterThread()
              }}
              onRowContextMenu={navigate.onRowContextMenu}
              onRowDragStart={(row, event) => startThreadDrag(row.id, event)}
              onKeyDown={navigate.onKeyDown}
              onFocus={navigate.onFocus}
              onVisible={look}
              onTopChange={onTopChange}
              footer={complete ? null : <LoadingMore label={t('inbox:list.loadingMore')} />}
            />
          </RowMenu>
        )}
        {fresh > 0 && !atTop && (
          <button
            type="button"
            onClick={() => {
              list.current?.scrollToTop()
              list.current?.focus()
            }}
            className="absolute top-2 left-1/2 flex h-7 -translate-x-1/2 animate-rise items-center gap-1.5 rounded-full bg-accent px-3 text-xs font-medium text-on-accent shadow-raised hover:bg-accent-hover"
          >
            <ArrowUp aria-hidden className="size-3.5" />
            {t('inbox:list.newMail', { count: fresh })}
          </button>
        )}
      </div>
      <div role="status" className="sr-only">
        {fresh > 0 ? t('inbox:list.newMail', { count: fresh }) : ''}
      </div>
    </section>
  )
}

function sumOf(folders: readonly { readonly total: number; readonly unread: number }[]): { readonly total: number; readonly unread: number } {
  return folders.reduce((sum, one) => ({ total: sum.total + one.total, unread: sum.unread + one.unread }), { total: 0, unread: 0 })
}

/** How many rows came on top since the top was last looked at. */
function useNewOnTop(rows: readonly ThreadRow[]): { readonly fresh: number; readonly atTop: boolean; readonly onTopChange: (atTop: boolean) => void } {
  const [atTop, setAtTop] = useState(true)
  const newest = rows[0]?.rank ?? null
  const [seen, setSeen] = useState<number | null>(newest)
  if (newest !== null && (seen === null || (atTop && newest > seen))) setSeen(newest)
  const fresh = useMemo(() => {
    if (seen === null) return 0
    const until = rows.findIndex((row) => row.rank <= seen)
    return until < 0 ? 0 : rows.slice(0, until).filter((row) => row.unread).length
  }, [rows, seen])
  return { fresh, atTop, onTopChange: setAtTop }
}

/** When the row under the cursor goes, the cursor takes the one that came to its place. */
function useCursorStays(rows: readonly ThreadRow[], loading: boolean): void {
  const last = useRef<{ readonly id: ThreadId; readonly at: number } | null>(null)
  const cursor = useApp((state) => state.cursor)
  useEffect(() => {
    if (loading || cursor === null) {
      last.current = null
      return
    }
    const at = rows.findIndex(({ id }) => id === cursor)
    if (at >= 0) {
      last.current = { id: cursor, at }
      return
    }
    if (last.current?.id !== cursor) return
    const next = rows[Math.min(last.current.at, rows.length - 1)]
    last.current = null
    // The thread that went may be open and still being read: only the cursor moves on.
    useApp.setState({ cursor: next?.id ?? null })
  }, [rows, cursor, loading])
}

function ListSkeleton({ height, look, label }: { readonly height: number; readonly look: RowLook; readonly label: string }) {
  return (
    <div role="status" aria-label={label} aria-busy className="h-full overflow-hidden">
      {Array.from({ length: 24 }, (_, at) => (
        <div key={at} style={{ height }} className="flex items-center gap-3 pr-4 pl-8">
          {look === 'stacked' ? (
            <div className="flex flex-1 flex-col gap-2">
              <div className="flex justify-between">
                <Skeleton className={clsx('h-3', ['w-32', 'w-24', 'w-40', 'w-28'][at % 4])} />
                <Skeleton className="h-3 w-8" />
              </div>
              <Skeleton className={clsx('h-3', ['w-11/12', 'w-3/4', 'w-5/6', 'w-2/3'][at % 4])} />
            </div>
          ) : (
            <>
              <Skeleton className="h-3 w-28" />
              <Skeleton className={clsx('h-3', ['w-1/2', 'w-2/5', 'w-3/5'][at % 3])} />
            </>
          )}
        </div>
      ))}
    </div>
  )
}
