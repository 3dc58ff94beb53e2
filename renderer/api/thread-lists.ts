// Thread lists as queries. One list per source and filter, kept in the query cache under its own key so that flags can be
// shown as changed in all of them at once.
import type { QueryKey } from '@tanstack/react-query'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { ThreadFilter, ThreadSource } from '../../shared/api/lists.ts'
import type { FolderId, ThreadId } from '../../shared/model/ids.ts'
import type { ThreadRow } from '../../shared/model/message.ts'
import { client, queryClient } from './api.ts'
import { firstPage, isStaleIn, morePages, patched, refreshed, staled } from './thread-pages.ts'
import type { FetchRows, Range, ThreadPages } from './thread-pages.ts'

const root = 'thread-list'
const keyFor = (source: ThreadSource, filter: ThreadFilter): QueryKey => [root, source, filter]

/** What a list needs to know beyond its rows while it is on the screen. */
type Live = {
  view: Range
  /** Rows that stay although they no longer pass the filter, because the person is just reading them. */
  readonly keep: Set<ThreadId>
  /** One change of the list at a time, so that two never build on the same state. */
  turn: Promise<unknown>
}
const lives = new Map<string, Live>()

function liveOf(key: QueryKey): Live {
  const name = JSON.stringify(key)
  const known = lives.get(name)
  if (known) return known
  const made: Live = { view: { first: 0, last: 0 }, keep: new Set(), turn: Promise.resolve() }
  lives.set(name, made)
  return made
}

function inTurn<T>(live: Live, work: () => Promise<T>): Promise<T> {
  const result = live.turn.then(work, work)
  live.turn = result.catch(() => undefined)
  return result
}

function fetcher(source: ThreadSource, filter: ThreadFilter): FetchRows {
  return (after, limit) => client.threads.list({ source, filter, after, limit })
}

export type ThreadList = {
  readonly rows: readonly ThreadRow[]
  readonly loading: boolean
  readonly complete: boolean
  readonly error: Error | null
  readonly retry: () => void
  /** Tell which rows are in view: loads what comes next, refreshes what is stale. */
  readonly look: (first: number, last: number) => void
  /** Loads the rest, page by page, while `goOn` says so. */
  readonly loadAll: (goOn: () => boolean) => Promise<void>
}

const noRows: readonly ThreadRow[] = []
const ahead = 40

export function useThreadList(source: ThreadSource | null, filter: ThreadFilter): ThreadList {
  const key = keyFor(source ?? 'inboxes', filter)
  const query = useQuery<ThreadPages>({
    queryKey: key,
    enabled: source !== null,
    structuralSharing: false,
    queryFn: () => {
      const live = liveOf(key)
      const fetch = fetcher(source ?? 'inboxes', filter)
      return inTurn(live, () => {
        const known = queryClient.getQueryData<ThreadPages>(key)
        return known ? refreshed(staled(known), live.view, fetch, live.keep) : firstPage(fetch)
      })
    },
  })
  const { data, refetch } = query

  const grow = useCallback(
    (limit: number) => {
      const live = liveOf(keyFor(source ?? 'inboxes', filter))
      return inTurn(live, async () => {
        const known = queryClient.getQueryData<ThreadPages>(keyFor(source ?? 'inboxes', filter))
        if (!known) return
        const grown = await morePages(known, fetcher(source ?? 'inboxes', filter), limit)
        write(keyFor(source ?? 'inboxes', filter), known, grown)
      })
    },
    [source, filter],
  )

  const look = useCallback(
    (first: number, last: number) => {
      if (source === null) return
      const listKey = keyFor(source, filter)
      const live = liveOf(listKey)
      live.view = { first, last }
      const known = queryClient.getQueryData<ThreadPages>(listKey)
      if (!known) return
      if (isStaleIn(known, live.view)) {
        void inTurn(live, async () => {
          const now = queryClient.getQueryData<ThreadPages>(listKey)
          if (now && isStaleIn(now, live.view)) write(listKey, now, await refreshed(now, live.view, fetcher(source, filter), live.keep))
        }).catch(() => undefined)
      }
      // A failed page is asked for again at the next scroll.
      if (known.next !== null && last + ahead >= known.rows.length) void grow(100).catch(() => undefined)
    },
    [source, filter, grow],
  )

  const loadAll = useCallback(
    async (goOn: () => boolean) => {
      const listKey = keyFor(source ?? 'inboxes', filter)
      while (goOn() && queryClient.getQueryData<ThreadPages>(listKey)?.next != null) await grow(200)
    },
    [source, filter, grow],
  )

  return {
    rows: data?.rows ?? noRows,
    loading: query.isPending && source !== null,
    complete: data?.next === null,
    error: query.error,
    retry: () => void refetch(),
    look,
    loadAll,
  }
}

/** Stores a list worked out from `from`, with what was patched into it meanwhile. */
function write(key: QueryKey, from: ThreadPages, to: ThreadPages): void {
  if (from === to) return
  queryClient.setQueryData<ThreadPages>(key, (now) => {
    if (!now || now === from) return to
    const old = new Map(from.rows.map((row) => [row.id, row]))
    const changed = new Map(now.rows.filter((row) => old.get(row.id) !== row).map((row) => [row.id, row]))
    return patched(to, (row) => changed.get(row.id) ?? row)
  })
}

/** Refetches the lists of these folders that are on the screen and forgets the loaded state of the others. */
export function refreshThreadLists(folders: ReadonlySet<FolderId> | 'all'): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) =>
      queryKey[0] === root && (folders === 'all' || queryKey[1] === 'inboxes' || (typeof queryKey[1] === 'number' && folders.has(queryKey[1] as FolderId))),
  })
}

/** Changes rows in every list at once, before the main side confirms. */
export function patchThreadRows(ids: ReadonlySet<ThreadId>, change: (row: ThreadRow) => ThreadRow): void {
  queryClient.setQueriesData<ThreadPages>({ queryKey: [root] }, (pages) => pages && patched(pages, (row) => (ids.has(row.id) ? change(row) : row)))
}

/** A row by its thread, from any list that holds it. */
export function findThreadRow(id: ThreadId): ThreadRow | undefined {
  for (const [, pages] of queryClient.getQueriesData<ThreadPages>({ queryKey: [root] })) {
    const row = pages?.rows.find((candidate) => candidate.id === id)
    if (row) return row
  }
  return undefined
}

/** Leaves a row in its filtered list while the person works with it. */
export function keepRow(source: ThreadSource, filter: ThreadFilter, id: ThreadId): void {
  if (filter !== 'all') liveOf(keyFor(source, filter)).keep.add(id)
}

/** Lets the kept rows of a list go, when the person leaves it. */
export function releaseRows(source: ThreadSource, filter: ThreadFilter): void {
  const key = keyFor(source, filter)
  const { keep } = liveOf(key)
  if (keep.size === 0) return
  keep.clear()
  queryClient.removeQueries({ queryKey: key, exact: true })
}
