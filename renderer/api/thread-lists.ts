// Thread lists as queries. One list per source, filter and lane, kept in the query cache under its own key so that a
// change can be shown in all of them at once. Rows can be taken out before the main side has moved them: they stay out of
// everything fetched meanwhile, and only a fetch that began after the main side was done may bring them back.
import type { QueryKey } from '@tanstack/react-query'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { ThreadFilter, ThreadSource } from '../../shared/api/lists.ts'
import type { FolderId, ThreadId } from '../../shared/model/ids.ts'
import type { Lane } from '../../shared/model/lane.ts'
import type { ThreadRow } from '../../shared/model/message.ts'
import type { SearchPage } from '../../shared/api/contract.ts'
import { api, client, queryClient } from './api.ts'
import { firstPage, isStaleIn, morePages, patched, refreshed, staled, without, withRows } from './thread-pages.ts'
import type { FetchRows, Range, ThreadPages } from './thread-pages.ts'

const root = 'thread-list'
const keyFor = (source: ThreadSource, filter: ThreadFilter, lane: Lane | null): QueryKey => [root, source, filter, lane]

/** A thread that was taken out here. `done`: the main side has moved it, so that what it says from now on is true. */
type Leaving = { done: boolean }

/** What a list needs to know beyond its rows while it is on the screen. */
type Live = {
  view: Range
  /** Rows that stay although they no longer pass the filter, because the person is just reading them. */
  readonly keep: Set<ThreadId>
  readonly leaving: Map<ThreadId, Leaving>
  /** One change of the list at a time, so that two never build on the same state. */
  turn: Promise<unknown>
}
const lives = new Map<string, Live>()

function liveOf(key: QueryKey): Live {
  const name = JSON.stringify(key)
  const known = lives.get(name)
  if (known) return known
  const made: Live = { view: { first: 0, last: 0 }, keep: new Set(), leaving: new Map(), turn: Promise.resolve() }
  lives.set(name, made)
  return made
}

function inTurn<T>(live: Live, work: () => Promise<T>): Promise<T> {
  const result = live.turn.then(work, work)
  live.turn = result.catch(() => undefined)
  return result
}

function fetcher(source: ThreadSource, filter: ThreadFilter, lane: Lane | null): FetchRows {
  return (after, limit) => client.threads.list({ source, filter, lane, after, limit })
}

/** Asks for rows, and leaves out those that are on their way out of the list. */
async function fetched(live: Live, ask: () => Promise<ThreadPages>): Promise<ThreadPages> {
  const settled = [...live.leaving].filter(([, leaving]) => leaving.done)
  const pages = await ask()
  for (const [id, leaving] of settled) if (live.leaving.get(id) === leaving) live.leaving.delete(id)
  return live.leaving.size === 0 ? pages : without(pages, new Set(live.leaving.keys()))
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

export function useThreadList(source: ThreadSource | null, filter: ThreadFilter, lane: Lane | null): ThreadList {
  const shown = source ?? 'inboxes'
  const key = keyFor(shown, filter, lane)
  const query = useQuery<ThreadPages>({
    queryKey: key,
    enabled: source !== null,
    structuralSharing: false,
    queryFn: () => {
      const live = liveOf(key)
      const fetch = fetcher(shown, filter, lane)
      return inTurn(live, () =>
        fetched(live, () => {
          const known = queryClient.getQueryData<ThreadPages>(key)
          // What is snoozed is in the order it comes back in, which refreshing by message cannot follow.
          return known && shown !== 'snoozed' ? refreshed(staled(known), live.view, fetch, live.keep) : firstPage(fetch)
        }),
      )
    },
  })
  const { data, refetch } = query

  const grow = useCallback(
    (limit: number) => {
      const listKey = keyFor(shown, filter, lane)
      const live = liveOf(listKey)
      return inTurn(live, async () => {
        const known = queryClient.getQueryData<ThreadPages>(listKey)
        if (!known) return
        write(listKey, known, await fetched(live, () => morePages(known, fetcher(shown, filter, lane), limit)))
      })
    },
    [shown, filter, lane],
  )

  const look = useCallback(
    (first: number, last: number) => {
      if (source === null) return
      const listKey = keyFor(source, filter, lane)
      const live = liveOf(listKey)
      live.view = { first, last }
      const known = queryClient.getQueryData<ThreadPages>(listKey)
      if (!known) return
      if (isStaleIn(known, live.view) && source !== 'snoozed') {
        void inTurn(live, async () => {
          const now = queryClient.getQueryData<ThreadPages>(listKey)
          if (now && isStaleIn(now, live.view)) write(listKey, now, await fetched(live, () => refreshed(now, live.view, fetcher(source, filter, lane), live.keep)))
        }).catch(() => undefined)
      }
      // A failed page is asked for again at the next scroll.
      if (known.next !== null && last + ahead >= known.rows.length) void grow(100).catch(() => undefined)
    },
    [source, filter, lane, grow],
  )

  const loadAll = useCallback(
    async (goOn: () => boolean) => {
      const listKey = keyFor(shown, filter, lane)
      while (goOn() && queryClient.getQueryData<ThreadPages>(listKey)?.next != null) await grow(200)
    },
    [shown, filter, lane, grow],
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
    const here = new Set(now.rows.map((row) => row.id))
    const takenOut = new Set(from.rows.filter((row) => !here.has(row.id)).map((row) => row.id))
    return patched(without(to, takenOut), (row) => changed.get(row.id) ?? row)
  })
}

/** Refetches the lists of these folders that are on the screen and forgets the loaded state of the others. */
export function refreshThreadLists(folders: ReadonlySet<FolderId> | 'all'): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) =>
      queryKey[0] === root && (folders === 'all' || queryKey[1] === 'inboxes' || queryKey[1] === 'snoozed' || (typeof queryKey[1] === 'number' && folders.has(queryKey[1] as FolderId))),
  })
}

/** Changes rows in every list at once, before the main side confirms. */
export function patchThreadRows(ids: ReadonlySet<ThreadId>, change: (row: ThreadRow) => ThreadRow): void {
  queryClient.setQueriesData<ThreadPages>({ queryKey: [root] }, (pages) => pages && patched(pages, (row) => (ids.has(row.id) ? change(row) : row)))
}

const byId = new WeakMap<ThreadPages, ReadonlyMap<ThreadId, ThreadRow>>()

function rowsById(pages: ThreadPages): ReadonlyMap<ThreadId, ThreadRow> {
  const known = byId.get(pages)
  if (known) return known
  const made = new Map(pages.rows.map((row) => [row.id, row]))
  byId.set(pages, made)
  return made
}

/** A row by its thread, from any list or search that holds it. */
export function findThreadRow(id: ThreadId): ThreadRow | undefined {
  for (const [, pages] of queryClient.getQueriesData<ThreadPages>({ queryKey: [root] })) {
    const row = pages && rowsById(pages).get(id)
    if (row) return row
  }
  for (const [, found] of queryClient.getQueriesData<{ readonly pages: readonly SearchPage[] }>({ queryKey: api.search.run.key() })) {
    for (const page of found?.pages ?? []) {
      const hit = page.hits.find((candidate) => candidate.id === id)
      if (hit) return hit
    }
  }
  return undefined
}

export type TakenOut = {
  /** The main side has done it: what it says of these threads from now on is true. */
  readonly confirm: () => void
  /** It was not done, or is undone: the rows are shown again where they were. */
  readonly putBack: () => void
  /** Ends the time in which rows that were put back stay whatever is fetched: the main side has put them back as well. */
  readonly settle: () => void
}

/** Takes threads out of the lists `from` accepts, in the same frame. */
export function takeOut(ids: ReadonlySet<ThreadId>, from: (source: ThreadSource) => boolean): TakenOut {
  const taken: { readonly key: QueryKey; readonly rows: readonly ThreadRow[]; readonly leaving: Leaving }[] = []
  for (const [key, pages] of queryClient.getQueriesData<ThreadPages>({ queryKey: [root] })) {
    if (!pages || !from(key[1] as ThreadSource)) continue
    const live = liveOf(key)
    const leaving: Leaving = { done: false }
    for (const id of ids) live.leaving.set(id, leaving)
    taken.push({ key, rows: pages.rows.filter((row) => ids.has(row.id)), leaving })
    queryClient.setQueryData<ThreadPages>(key, without(pages, ids))
  }
  return {
    confirm: () => {
      for (const { leaving } of taken) leaving.done = true
    },
    putBack: () => {
      for (const { key, rows, leaving } of taken) {
        const live = liveOf(key)
        for (const id of ids) {
          if (live.leaving.get(id) === leaving) live.leaving.delete(id)
          live.keep.add(id)
        }
        queryClient.setQueryData<ThreadPages>(key, (pages) => pages && withRows(pages, rows))
      }
    },
    settle: () => {
      for (const { key } of taken) for (const id of ids) liveOf(key).keep.delete(id)
    },
  }
}

/** Leaves a row in its filtered list while the person works with it. */
export function keepRow(source: ThreadSource, filter: ThreadFilter, lane: Lane | null, id: ThreadId): void {
  if (filter !== 'all') liveOf(keyFor(source, filter, lane)).keep.add(id)
}

/** Lets the kept rows of a list go, when the person leaves it. */
export function releaseRows(source: ThreadSource, filter: ThreadFilter, lane: Lane | null): void {
  const key = keyFor(source, filter, lane)
  const { keep } = liveOf(key)
  if (keep.size === 0) return
  keep.clear()
  queryClient.removeQueries({ queryKey: key, exact: true })
}
