import { describe, expect, it } from 'vitest'
import { ThreadRow } from '../../shared/model/message.ts'
import type { ThreadId } from '../../shared/model/ids.ts'
import { firstPage, isStaleIn, morePages, patched, refreshed, staled, without, withRows } from './thread-pages.ts'
import type { FetchRows, ThreadPages } from './thread-pages.ts'

function rowOf(thread: number, newest: number): ThreadRow {
  return ThreadRow.parse({
    id: thread, accountId: 'a', subject: `s${String(thread)}`, people: [], to: [], snippet: '', newestMessageId: newest, date: newest, rank: newest,
    messageCount: 1, unread: false, flagged: false, answered: false, forwarded: false, hasAttachment: false, hasInvite: false,
    lane: 'unknown', muted: false, snoozedUntil: null, returned: false,
  })
}

/** A list on the main side: threads by the id of their newest message, and a log of what was asked for. */
function mainSide(count: number) {
  const newest = new Map<number, number>()
  for (let at = 1; at <= count; at++) newest.set(at, at * 10)
  const asked: (string | null)[] = []
  const sorted = () => [...newest].map(([thread, id]) => rowOf(thread, id)).toSorted((a, b) => b.newestMessageId - a.newestMessageId)
  const fetch: FetchRows = (after, limit) => {
    asked.push(after)
    const rows = sorted().filter((row) => after === null || row.newestMessageId < Number(after))
    const page = rows.slice(0, limit)
    return Promise.resolve({ rows: page, next: rows.length > limit ? String(page.at(-1)?.newestMessageId) : null })
  }
  return { newest, asked, sorted, fetch }
}

async function loaded(fetch: FetchRows, pages: number): Promise<ThreadPages> {
  let list = await firstPage(fetch)
  for (let at = 1; at < pages; at++) list = await morePages(list, fetch)
  return list
}

const ids = (rows: readonly ThreadRow[]) => rows.map(({ id }) => Number(id))
const all = { first: 0, last: 100_000 }
const top = { first: 0, last: 20 }
const nobody: ReadonlySet<ThreadId> = new Set()

describe('a thread list of pages', () => {
  it('grows page by page to the end and then stays as it is', async () => {
    const { fetch, sorted } = mainSide(250)
    const list = await loaded(fetch, 3)
    expect(ids(list.rows)).toEqual(ids(sorted()))
    expect(list.next).toBeNull()
    expect(await morePages(list, fetch)).toBe(list)
  })

  it('asks again only for the top when only the top is in view', async () => {
    const { newest, fetch, asked, sorted } = mainSide(1000)
    const list = await loaded(fetch, 8)
    asked.length = 0
    newest.set(5000, 99_999)
    const fresh = await refreshed(staled(list), top, fetch, nobody)
    expect(asked).toEqual([null])
    expect(ids(fresh.rows)).toEqual(ids(sorted()).slice(0, 801))
  })

  it('mends what is scrolled to later, and then nothing is stale there', async () => {
    const { newest, fetch } = mainSide(1000)
    const list = await loaded(fetch, 8)
    newest.delete(400)
    const view = { first: 590, last: 610 }
    const fresh = await refreshed(staled(list), top, fetch, nobody)
    expect(ids(fresh.rows)).toContain(400)
    expect(isStaleIn(fresh, view)).toBe(true)
    const mended = await refreshed(fresh, view, fetch, nobody)
    expect(ids(mended.rows)).not.toContain(400)
    expect(isStaleIn(mended, view)).toBe(false)
  })

  it('takes in hundreds of rows that came on top at once without a gap', async () => {
    const { newest, fetch, sorted } = mainSide(300)
    const list = await loaded(fetch, 2)
    for (let at = 0; at < 950; at++) newest.set(10_000 + at, 50_000 + at)
    const fresh = await refreshed(staled(list), top, fetch, nobody)
    expect(ids(fresh.rows)).toEqual(ids(sorted()).slice(0, 1150))
  })

  it('lists a thread once when a new message moves it to the top', async () => {
    const { newest, fetch } = mainSide(500)
    const list = await loaded(fetch, 5)
    newest.set(7, 77_777)
    const fresh = await refreshed(staled(list), top, fetch, nobody)
    expect(ids(fresh.rows).filter((id) => id === 7)).toHaveLength(1)
    expect(fresh.rows[0]?.id).toBe(7)
  })

  it('follows a list that became empty, and one that fills again', async () => {
    const { newest, fetch, sorted } = mainSide(30)
    const list = await loaded(fetch, 1)
    newest.clear()
    const empty = await refreshed(staled(list), all, fetch, nobody)
    expect(empty.rows).toEqual([])
    for (let at = 1; at <= 450; at++) newest.set(at, at)
    let full = await refreshed(staled(empty), all, fetch, nobody)
    while (full.next !== null) full = await morePages(full, fetch)
    expect(ids(full.rows)).toEqual(ids(sorted()))
  })

  it('agrees with the main side after any mixture of changes, once all of it was looked at', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      let state = seed * 7919
      const random = (below: number) => (state = (state * 48271) % 2147483647) % below
      const { newest, fetch, sorted } = mainSide(100 + random(600))
      let list = await loaded(fetch, 1 + random(6))
      for (let round = 0; round < 6; round++) {
        for (let change = random(60); change > 0; change--) {
          const thread = 1 + random(900)
          if (random(3) === 0) newest.delete(thread)
          else newest.set(thread, 1 + random(90_000) * 1000 + thread)
        }
        const first = random(Math.max(1, list.rows.length))
        list = await refreshed(staled(list), { first, last: first + 30 }, fetch, nobody)
      }
      list = await refreshed(staled(list), all, fetch, nobody)
      while (list.next !== null) list = await morePages(list, fetch)
      expect(ids(list.rows), `seed ${String(seed)}`).toEqual(ids(sorted()))
    }
  })

  it('hands out the same row objects when nothing of them changed', async () => {
    const { newest, fetch } = mainSide(50)
    const list = await loaded(fetch, 1)
    newest.set(3, 9999)
    const fresh = await refreshed(staled(list), all, fetch, nobody)
    expect(fresh.rows.slice(1).every((row) => list.rows.includes(row))).toBe(true)
    expect(list.rows.includes(fresh.rows[0] ?? rowOf(1, 1))).toBe(false)
  })

  it('keeps the row that is being read in its place although the filter drops it', async () => {
    const { newest, fetch } = mainSide(20)
    const list = await loaded(fetch, 1)
    newest.delete(12)
    const fresh = await refreshed(staled(list), all, fetch, new Set(list.rows.filter(({ id }) => id === 12).map(({ id }) => id)))
    expect(ids(fresh.rows)).toEqual([20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  })

  it('is the same object when a change touches none of its rows', async () => {
    const list = await loaded(mainSide(5).fetch, 1)
    expect(patched(list, (row) => row)).toBe(list)
    const starred = patched(list, (row) => (row.id === 3 ? { ...row, flagged: true } : row))
    expect(starred.rows.filter(({ flagged }) => flagged).map(({ id }) => id)).toEqual([3])
  })
})

describe('rows taken out before the main side has moved them', () => {
  const gone = (rows: readonly ThreadRow[]) => new Set(rows.map(({ id }) => id))

  it('are out at once, and a refresh still finds what comes in their place', async () => {
    const main = mainSide(300)
    const list = await loaded(main.fetch, 3)
    const out = without(list, gone(list.rows.slice(0, 150)))
    expect(ids(out.rows)).toEqual(ids(list.rows).slice(150))
    for (const row of list.rows.slice(0, 150)) main.newest.delete(row.id)
    main.newest.set(999, 99_999)
    const fresh = await refreshed(staled(out), top, main.fetch, nobody)
    expect(ids(fresh.rows)).toEqual([999, ...ids(list.rows).slice(150)])
  })

  it('leave a list that fills again when all that was loaded is taken out', async () => {
    const main = mainSide(250)
    const list = await loaded(main.fetch, 1)
    const out = without(list, gone(list.rows))
    expect(out.rows).toEqual([])
    for (const row of list.rows) main.newest.delete(row.id)
    const fresh = await refreshed(staled(out), all, main.fetch, nobody)
    expect(ids(fresh.rows).slice(0, 3)).toEqual([150, 149, 148])
  })

  it('come back where they were', async () => {
    const list = await loaded(mainSide(250).fetch, 3)
    const taken = [list.rows[3], list.rows[120], list.rows[249]].filter((row) => row !== undefined)
    const back = withRows(without(list, gone(taken)), taken)
    expect(ids(back.rows)).toEqual(ids(list.rows))
  })

  it('are not looked for in a list that does not hold them', async () => {
    const list = await loaded(mainSide(20).fetch, 1)
    expect(without(list, new Set([5000 as ThreadId]))).toBe(list)
  })
})
