// What a search found, with the conversation beside it. The list is the one of the folders in its ways; its rows show
// where the words stand.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Bookmark, BookmarkPlus, MailSearch, TriangleAlert } from 'lucide-react'
import type { RefObject } from 'react'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { api } from '../../api/api.ts'
import { useFolders } from '../../api/shared-query.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useSettings } from '../../api/settings.ts'
import { perform } from '../../commands/all.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Conversation } from '../../message/conversation.tsx'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { Spinner } from '../../parts/spinner.tsx'
import { SplitPane } from '../../parts/split-pane.tsx'
import { VirtualList } from '../../parts/virtual-list.tsx'
import type { ListHandle } from '../../parts/virtual-list.tsx'
import { runSearch, useApp } from '../../state.ts'
import { parseSearch } from '../../../shared/model/search-query.ts'
import type { SearchHit, SearchPage } from '../../../shared/api/contract.ts'
import type { ThreadSource } from '../../../shared/api/lists.ts'
import { useFolderNames } from '../inbox/folder-names.ts'
import { LoadingMore, RowMenu } from '../inbox/list-parts.tsx'
import { SelectionBar } from '../inbox/selection-bar.tsx'
import { SelectionNote } from '../inbox/selection-note.tsx'
import { startThreadDrag } from '../inbox/thread-drag.ts'
import { ThreadToolbar } from '../inbox/thread-toolbar.tsx'
import { useMarkRead } from '../inbox/use-mark-read.ts'
import { useThreadNavigator } from '../inbox/use-thread-navigator.ts'
import { NothingFound } from './nothing-found.tsx'
import { SearchHitRow, hitLabel } from './search-hit-row.tsx'
import { SearchStart } from './search-help.tsx'
import { rememberSearch, useSearch } from './search-state.ts'
import { ServerSearch } from './server-search.tsx'

export { SearchField } from './search-field.tsx'

const pageSize = 50
const ahead = 20
const heights = { comfortable: 82, compact: 66 } as const

export function SearchScreen() {
  const t = useText()
  const { query, source } = useApp((state) => state.search)
  const open = useApp((state) => state.open)
  const { readingPane } = useSettings()
  const reading = useRef<HTMLElement>(null)
  const list = useRef<ListHandle>(null)
  const found = useHits(query, source)
  useMarkRead(open)

  const enter = useRef(false)
  const enterThread = (): void => {
    enter.current = true
    reading.current?.focus({ preventScroll: true })
  }
  useEffect(() => {
    if (!enter.current || !reading.current) return
    enter.current = false
    reading.current.focus({ preventScroll: true })
  }, [open])

  // What was opened was worth searching for.
  const opened = open?.threadId
  useEffect(() => {
    if (opened !== undefined && query !== '') rememberSearch(query)
  }, [opened, query])

  if (!asksForSomething(query)) return <div className="h-full bg-surface"><SearchStart /></div>
  const hit = open === null ? undefined : found.hits.find((candidate) => candidate.id === open.threadId)
  const results = <Results query={query} source={source} found={found} list={list} beside={readingPane} enterThread={enterThread} />
  const conversation = (
    <section ref={reading} tabIndex={-1} aria-label={t('message:conversation.label')} className="flex h-full flex-col bg-surface outline-none">
      {open ? (
        <>
          <ThreadToolbar threadId={open.threadId} onBack={readingPane ? undefined : () => perform('list.back')} />
          <div className="min-h-0 flex-1">
            <Conversation key={`${String(open.threadId)}-${String(hit?.messageId ?? 0)}`} threadId={open.threadId} sourceFolderId={null} words={found.words} messageId={hit?.messageId ?? null} />
          </div>
        </>
      ) : (
        <EmptyState icon={MailSearch} title={t('search:results.noneOpen')} />
      )}
    </section>
  )
  if (!readingPane) {
    return (
      <div className="h-full">
        <div className="h-full" hidden={open !== null}>
          {results}
        </div>
        {open && conversation}
      </div>
    )
  }
  return (
    <SplitPane
      name="search"
      label={() => t('shell:pane.resize', { name: t('shell:pane.list') })}
      panes={[
        { id: 'results', content: results, start: 440, min: 300, max: 680, fixed: true },
        { id: 'conversation', content: conversation, start: '60%', min: 360 },
      ]}
    />
  )
}

/** False for nothing at all and for an operator still waiting for its value. */
function asksForSomething(query: string): boolean {
  const { terms, folders, accounts, hasAttachment, unread, flagged, answered, forwarded, before, after, ignored } = parseSearch(query, 0)
  return terms.length + folders.length + accounts.length + ignored.length > 0 || [hasAttachment, unread, flagged, answered, forwarded, before, after].some((filter) => filter !== null)
}

type Found = {
  readonly hits: readonly SearchHit[]
  readonly words: readonly string[]
  readonly ignored: readonly string[]
  readonly notCovered: number
  readonly pending: boolean
  /** Still the results of what was typed before. */
  readonly older: boolean
  readonly complete: boolean
  readonly error: Error | null
  readonly retry: () => void
  readonly more: () => void
}

const noHits: readonly SearchHit[] = []
const noWords: readonly string[] = []

function useHits(query: string, source: ThreadSource | null): Found {
  const answer = useInfiniteQuery(
    api.search.run.infiniteOptions({
      input: (after: string | null) => ({ query, source, after, limit: pageSize }),
      initialPageParam: null,
      getNextPageParam: (page: SearchPage) => page.next,
      // The results of the word before stay until the next ones are here; a search that was typed over is given up.
      placeholderData: keepPreviousData,
      enabled: asksForSomething(query),
      gcTime: 30_000,
    }),
  )
  const pages = answer.data?.pages
  const hits = useMemo(() => {
    // A conversation is listed at its newest match; further pages may come upon it again.
    const seen = new Map<number, SearchHit>()
    for (const hit of pages?.flatMap((page) => page.hits) ?? noHits) if (!seen.has(hit.id)) seen.set(hit.id, hit)
    return [...seen.values()]
  }, [pages])
  const first = pages?.[0]
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = answer
  return {
    hits,
    words: first?.words ?? noWords,
    ignored: first?.ignored ?? noWords,
    notCovered: first?.notCovered ?? 0,
    pending: answer.isPending,
    older: answer.isPlaceholderData,
    complete: !hasNextPage,
    error: answer.error,
    retry: () => void answer.refetch(),
    more: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
  }
}

type ResultsProps = {
  readonly query: string
  readonly source: ThreadSource | null
  readonly found: Found
  readonly list: RefObject<ListHandle | null>
  readonly beside: boolean
  readonly enterThread: () => void
}

function Results({ query, source, found, list, beside, enterThread }: ResultsProps) {
  const t = useText()
  const format = useFormat()
  const { density, savedSearches } = useSettings()
  const cursor = useApp((state) => state.cursor)
  const selection = useApp((state) => state.selection)
  const everything = useApp((state) => state.everything)
  const names = useFolderNames()
  const folders = useFolders()
  const saved = savedSearches.some((one) => one.query === query)
  const { hits, more, complete } = found
  const navigate = useThreadNavigator<SearchHit>({ rows: hits, list, folderOf: () => null, follow: beside, enterThread })
  const picking = selection.size > 0
  const folderName = useCallback((hit: SearchHit) => folders?.find(({ id }) => id === hit.folderId), [folders])

  // Whoever pressed Enter goes on in the list, once there is one. With nothing found, the words are what to change.
  const awaited = useSearch((state) => state.awaited)
  const settled = !found.pending && !found.older
  useEffect(() => {
    if (!awaited || !settled) return
    useSearch.setState({ awaited: false })
    list.current?.focus()
  }, [awaited, settled, list])

  // A new search begins at its top.
  useEffect(() => {
    list.current?.scrollToTop()
    useApp.setState({ cursor: useApp.getState().open?.threadId ?? null })
  }, [query, source, list])

  const count = found.pending ? t('search:results.searching') : hits.length === 0 ? t('search:results.none') : complete ? t('search:results.count', { count: hits.length }) : t('search:results.more', { shown: format.number(hits.length) })
  return (
    <section aria-label={t('search:results.title')} className="flex h-full flex-col bg-surface">
      <header className="flex h-[4.75rem] shrink-0 flex-col justify-center gap-1.5 border-b border-line pr-3 pl-4">
        {picking ? (
          <SelectionBar />
        ) : (
          <div className="flex h-6 items-center gap-2">
            <h1 className="truncate text-md font-semibold tracking-[-0.01em]">{t('search:results.title')}</h1>
            <span role="status" className="tabular min-w-0 flex-1 truncate text-xs text-ink-3">
              {count}
            </span>
            {found.older && <Spinner className="size-3.5 text-ink-3" />}
            <IconButton
              icon={saved ? Bookmark : BookmarkPlus}
              size="small"
              aria-pressed={saved}
              label={saved ? t('search:command.drop') : t('search:command.save')}
              onClick={() => perform(saved ? 'search.drop' : 'search.save')}
            />
          </div>
        )}
        <Scope query={query} source={source} />
      </header>
      {picking && (everything || selection.size === hits.length) && <SelectionNote loaded={hits.length} complete={complete} everything={everything} name={null} />}
      {found.ignored.length > 0 && (
        <p className="border-b border-line bg-warn-soft px-4 py-1.5 text-xs text-warn">{t('search:results.ignored', { parts: found.ignored.join(', ') })}</p>
      )}
      {found.notCovered > 0 && hits.length > 0 && <ServerSearch key={query} query={query} notCovered={found.notCovered} />}
      <div className="relative min-h-0 flex-1">
        {found.pending ? (
          <ResultsSkeleton label={t('search:results.searching')} />
        ) : found.error && hits.length === 0 ? (
          <EmptyState icon={TriangleAlert} title={t('search:results.failed')} action={<Button onClick={found.retry}>{t('shell:retry')}</Button>}>
            {failureText(failureFrom(found.error))}
          </EmptyState>
        ) : hits.length === 0 ? (
          <NothingFound query={query} source={source} ignored={found.ignored} notCovered={found.notCovered} />
        ) : (
          <RowMenu list={list}>
            <VirtualList
              handle={list}
              label={t('search:results.label')}
              multiple
              rows={hits}
              keyOf={keyOf}
              labelOf={(hit) => hitLabel(hit, t, format)}
              rowHeight={heights[density]}
              cursor={cursor}
              size={complete ? hits.length : undefined}
              isSelected={(hit) => (picking ? everything || selection.has(hit.id) : hit.id === cursor)}
              renderRow={(hit, state) => {
                const folder = folderName(hit)
                return <SearchHitRow hit={hit} folder={folder} folderName={folder ? names.shown(folder) : ''} picking={picking} onToggle={navigate.toggle} {...state} />
              }}
              onRowClick={navigate.onRowClick}
              onRowDoubleClick={(hit) => {
                navigate.open(hit)
                enterThread()
              }}
              onRowContextMenu={navigate.onRowContextMenu}
              onRowDragStart={(hit, event) => startThreadDrag(hit.id, event)}
              onKeyDown={navigate.onKeyDown}
              onFocus={navigate.onFocus}
              onVisible={(_, last) => {
                if (last + ahead >= hits.length) more()
              }}
              footer={complete ? null : <LoadingMore label={t('search:results.loadingMore')} />}
            />
          </RowMenu>
        )}
      </div>
    </section>
  )
}

const keyOf = (hit: SearchHit): SearchHit['id'] => hit.id

/** Everything, or only the folder the person came from. */
function Scope({ query, source }: { readonly query: string; readonly source: ThreadSource | null }) {
  const t = useText()
  const names = useFolderNames()
  const folders = useFolders()
  const from = useSearch((state) => state.cameFrom?.source ?? null)
  const place = source ?? from
  const folder = folders?.find(({ id }) => id === place)
  const label = place === 'inboxes' ? t('inbox:allInboxes') : folder ? names.shown(folder) : null
  return (
    <Segmented
      label={t('search:results.scope')}
      look="plain"
      className="-ml-2"
      value={source === null ? 'everywhere' : 'here'}
      choices={[{ value: 'everywhere' as const, label: t('search:results.everywhere') }, ...(label === null ? [] : [{ value: 'here' as const, label }])]}
      onChange={(value) => runSearch(query, value === 'here' ? place : null)}
    />
  )
}

function ResultsSkeleton({ label }: { readonly label: string }) {
  return (
    <div role="status" aria-label={label} aria-busy className="h-full overflow-hidden">
      {Array.from({ length: 14 }, (_, at) => (
        <div key={at} className="flex h-[82px] flex-col justify-center gap-2 pr-4 pl-8">
          <div className="flex justify-between">
            <Skeleton className="h-3 w-32" />
            <Skeleton className="h-3 w-10" />
          </div>
          <Skeleton className="h-3 w-2/3" />
          <Skeleton className="h-3 w-11/12" />
        </div>
      ))}
    </div>
  )
}

