// The rows of one thread list as far as they were looked at: a head that grows downwards by cursor, and grows or shrinks
// anywhere when mail comes and goes. Rows are ordered by their rank, highest first.
// Refreshing asks again only for the parts of the list that are in view and the top; the rest is marked stale and asked
// for when it is scrolled to. So an event costs the same with a hundred rows loaded or fifty thousand.
import type { Page } from '../../shared/api/contract.ts'
import type { ThreadId } from '../../shared/model/ids.ts'
import type { ThreadRow } from '../../shared/model/message.ts'

/** A run of rows that was fetched together. `after` is the cursor it begins at. */
export type Run = {
  readonly after: string | null
  readonly rows: readonly ThreadRow[]
  readonly stale: boolean
}

export type ThreadPages = {
  readonly runs: readonly Run[]
  /** Cursor of the rows after the last run; null at the end of the list. */
  readonly next: string | null
  /** All rows, in order, each thread once. */
  readonly rows: readonly ThreadRow[]
}

export type FetchRows = (after: string | null, limit: number) => Promise<Page>

/** Rows in view, as indices into `rows`. */
export type Range = { readonly first: number; readonly last: number }

const pageSize = 100
const largest = 200

function pagesOf(runs: readonly Run[], next: string | null): ThreadPages {
  const seen = new Set<ThreadId>()
  const rows: ThreadRow[] = []
  for (const run of runs) {
    for (const row of run.rows) {
      if (seen.has(row.id)) continue
      seen.add(row.id)
      rows.push(row)
    }
  }
  return { runs, next, rows }
}

export async function firstPage(fetch: FetchRows): Promise<ThreadPages> {
  const page = await fetch(null, pageSize)
  return pagesOf([{ after: null, rows: page.rows, stale: false }], page.next)
}

/** The list with its next page. The same list when it is complete. */
export async function morePages(pages: ThreadPages, fetch: FetchRows, limit = pageSize): Promise<ThreadPages> {
  if (pages.next === null) return pages
  const page = await fetch(pages.next, Math.min(limit, largest))
  return pagesOf([...pages.runs, { after: pages.next, rows: page.rows, stale: false }], page.next)
}

function intersects(run: { readonly start: number; readonly end: number }, view: Range): boolean {
  return run.start <= view.last && run.end >= view.first
}

/** Where each run lies among all rows. */
function spans(runs: readonly Run[]): readonly { readonly start: number; readonly end: number }[] {
  let at = 0
  return runs.map((run) => {
    const start = at
    at += run.rows.length
    return { start, end: at }
  })
}

/** Marks everything stale; `refresh` then mends what is in view. */
export function staled(pages: ThreadPages): ThreadPages {
  return { ...pages, runs: pages.runs.map((run) => ({ ...run, stale: true })) }
}

export function isStaleIn(pages: ThreadPages, view: Range): boolean {
  const places = spans(pages.runs)
  return pages.runs.some((run, at) => {
    const place = places[at]
    return run.stale && place !== undefined && intersects(place, view)
  })
}

/** Fetches the stale runs that are in view, and the first one, again. `keep` are threads to leave in although gone. */
export async function refreshed(pages: ThreadPages, view: Range, fetch: FetchRows, keep: ReadonlySet<ThreadId>): Promise<ThreadPages> {
  const places = spans(pages.runs)
  const runs: Run[] = []
  let next = pages.next
  for (const [at, run] of pages.runs.entries()) {
    const place = places[at]
    const wanted = run.stale && place !== undefined && (at === 0 || intersects(place, view))
    if (!wanted) {
      runs.push(run)
      continue
    }
    const isLast = at === pages.runs.length - 1
    const oldLast = run.rows.at(-1)
    let after = run.after
    // The last run may grow to a page; the others go on until the rows they ended with, however many came in between.
    for (;;) {
      const page = await fetch(after, largest)
      if (isLast && (pages.next === null || oldLast === undefined)) {
        runs.push({ after, rows: page.rows, stale: false })
        next = page.next
        break
      }
      const bound = oldLast?.rank ?? Number.MAX_SAFE_INTEGER
      const within = page.rows.filter((row) => row.rank >= bound)
      runs.push({ after, rows: within, stale: false })
      if (page.next === null || within.length < page.rows.length) break
      if (page.rows.length === 0) break
      after = page.next
    }
  }
  const known = new Map(pages.rows.map((row) => [row.id, row]))
  const settled = runs.filter((run, at) => run.rows.length > 0 || at === 0).map((run) => ({ ...run, rows: run.rows.map((row) => sameRow(known.get(row.id), row)) }))
  const fresh = pagesOf(settled, next)
  return keep.size === 0 ? fresh : withKept(fresh, pages.rows, keep)
}

/** The row as it was when nothing of it changed, so that nobody draws it again. */
function sameRow(old: ThreadRow | undefined, now: ThreadRow): ThreadRow {
  return old && JSON.stringify(old) === JSON.stringify(now) ? old : now
}

/** The list without these threads. What is left of each run still begins at its cursor, so that refreshing finds what comes there. */
export function without(pages: ThreadPages, gone: ReadonlySet<ThreadId>): ThreadPages {
  if (!pages.rows.some((row) => gone.has(row.id))) return pages
  const runs: Run[] = []
  // An emptied run gives its beginning to the next one.
  let after: string | null | undefined
  for (const run of pages.runs) {
    const rows = run.rows.filter((row) => !gone.has(row.id))
    const beginsAt = after === undefined ? run.after : after
    if (rows.length === 0 && run.rows.length > 0) {
      after = beginsAt
      continue
    }
    runs.push(after === undefined && rows.length === run.rows.length ? run : { ...run, after: beginsAt, rows })
    after = undefined
  }
  if (runs.length === 0) return pagesOf([{ after: null, rows: [], stale: true }], pages.next)
  return pagesOf(runs, pages.next)
}

/** The list with these rows where they belong, for rows that were taken out too early. */
export function withRows(pages: ThreadPages, rows: readonly ThreadRow[]): ThreadPages {
  return withKept(pages, rows, new Set(rows.map((row) => row.id)))
}

/** Puts kept rows that a refresh took away back where they belong. */
function withKept(fresh: ThreadPages, old: readonly ThreadRow[], keep: ReadonlySet<ThreadId>): ThreadPages {
  const here = new Set(fresh.rows.map((row) => row.id))
  const missing = old.filter((row) => keep.has(row.id) && !here.has(row.id))
  if (missing.length === 0) return fresh
  const runs = fresh.runs.map((run) => ({ ...run, rows: [...run.rows] }))
  for (const row of missing) {
    const holder = runs.find((run) => (run.rows.at(-1)?.rank ?? 0) <= row.rank) ?? runs.at(-1)
    if (!holder) continue
    const at = holder.rows.findIndex((other) => other.rank < row.rank)
    holder.rows.splice(at < 0 ? holder.rows.length : at, 0, row)
  }
  return pagesOf(runs, fresh.next)
}

/** Changes rows in place, for showing a change before the main side confirms it. The same list when nothing changed. */
export function patched(pages: ThreadPages, change: (row: ThreadRow) => ThreadRow): ThreadPages {
  const runs = pages.runs.map((run) => {
    const rows = run.rows.map(change)
    return rows.every((row, at) => row === run.rows[at]) ? run : { ...run, rows }
  })
  return runs.every((run, at) => run === pages.runs[at]) ? pages : pagesOf(runs, pages.next)
}
