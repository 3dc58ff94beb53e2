// Completion of recipients: everybody written to or heard from, held ready in memory because a keystroke must not wait.
// Filled in slices and kept up from what is newer; a person's counts over all accounts are one. It answers from what it
// has and never writes.
import { setImmediate } from 'node:timers/promises'
import type { Reader } from '../../../db/handles.ts'
import { correspondentsAfter, correspondentsSince, countCorrespondents, type CorrespondentRow } from '../../../db/queries/recipients.ts'
import type { RecipientSuggestion } from '../../../shared/model/draft.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { folded, foldedSpelled } from './folded-text.ts'

type Entry = {
  name: string
  readonly address: string
  sent: number
  received: number
  lastAt: number
  utcOffset: number | null
  forgotten: boolean
  /** How much mail went to and fro, as a logarithm: the hundredth mail says less than the second. */
  often: number
  /** Every word of name and address, folded, each after a blank. */
  words: string
  readonly rows: Map<AccountId, CorrespondentRow>
}

export type RecipientIndex = {
  /** The best first. Waits only while the index is filled for the first time. */
  readonly suggest: (query: { readonly text: string; readonly accountId: AccountId | null; readonly limit: number }) => Promise<RecipientSuggestion[]>
  /** Mail was stored: what is held may be behind. */
  readonly stale: () => void
  /** Not to be suggested until written to again. */
  readonly forget: (address: string) => void
  /** Fills the index ahead of the first question. */
  readonly warm: () => void
}

const sliceSize = 200
/** More news than this are read as the whole table, in slices. */
const newsAtMost = 500
/** After so long without a word someone counts half, milliseconds. */
const halfLifeMs = 60 * 86_400_000

export function createRecipientIndex(db: Reader, now: () => number): RecipientIndex {
  let entries = new Map<string, Entry>()
  let rows = 0
  let newest = 0
  let behind = true
  let filling: Promise<void> | null = null
  let filled = false

  const fill = async (): Promise<void> => {
    const next = new Map<string, Entry>()
    let count = 0
    let last: CorrespondentRow | undefined
    for (;;) {
      const slice = correspondentsAfter(db, last?.accountId ?? '', last?.address ?? '', sliceSize)
      for (const row of slice) add(next, row)
      count += slice.length
      last = slice.at(-1)
      if (slice.length < sliceSize) break
      await setImmediate()
    }
    entries = next
    rows = count
    newest = latest(next)
    filled = true
  }
  const refill = (): Promise<void> => {
    filling ??= fill().finally(() => {
      filling = null
    })
    return filling
  }
  const catchUp = (): void => {
    behind = false
    // Also those of the same instant, which may have been written since.
    const news = correspondentsSince(db, newest, newsAtMost)
    for (const row of news) {
      if (!entries.get(row.address)?.rows.has(row.accountId)) rows++
      add(entries, row)
      newest = Math.max(newest, row.lastAt)
    }
    // Older mail that came later, or too much of the new: read again, while the next answers come from what is held.
    if (news.length === newsAtMost || countCorrespondents(db) !== rows) refill().catch(() => undefined)
  }

  return {
    async suggest({ text, accountId, limit }) {
      if (!filled) await refill()
      else if (behind && filling === null) catchUp()
      behind = false
      return best(entries, text, accountId, limit, now())
    },
    stale() {
      behind = true
    },
    forget(address) {
      const entry = entries.get(address.toLowerCase())
      if (entry) entry.forgotten = true
    },
    warm() {
      if (!filled) refill().catch(() => undefined)
    },
  }
}

function latest(entries: ReadonlyMap<string, Entry>): number {
  let newest = 0
  for (const entry of entries.values()) newest = Math.max(newest, entry.lastAt)
  return newest
}

function add(entries: Map<string, Entry>, row: CorrespondentRow): void {
  const known = entries.get(row.address)
  const entry: Entry = known ?? { name: '', address: row.address, sent: 0, received: 0, lastAt: 0, utcOffset: null, forgotten: false, often: 0, words: '', rows: new Map() }
  entry.rows.set(row.accountId, row)
  let named: CorrespondentRow | null = null
  entry.sent = entry.received = entry.lastAt = 0
  entry.utcOffset = null
  entry.forgotten = false
  for (const one of entry.rows.values()) {
    entry.sent += one.sent
    entry.received += one.received
    entry.forgotten ||= one.forgotten
    if (one.lastAt >= entry.lastAt) {
      entry.lastAt = one.lastAt
      entry.utcOffset = one.utcOffset ?? entry.utcOffset
    }
    if (one.name !== '' && (named === null || one.lastAt >= named.lastAt)) named = one
  }
  entry.often = Math.log2(1 + entry.sent * 2 + entry.received)
  const name = named?.name ?? ''
  if (!known || name !== entry.name) {
    entry.name = name
    entry.words = wordsOf(name, row.address)
  }
  if (!known) entries.set(row.address, entry)
}

function wordsOf(name: string, address: string): string {
  const plain = folded(`${name} ${address}`)
  const spelled = foldedSpelled(name)
  const pieces = [...plain.split(/\s+/), ...plain.split(/[^\p{L}\p{N}]+/u), ...(spelled === null ? [] : spelled.split(/[^\p{L}\p{N}]+/u)), address.slice(address.indexOf('@') + 1)]
  return [...new Set(pieces)].filter((piece) => piece !== '').map((piece) => ` ${piece}`).join('')
}

function best(entries: ReadonlyMap<string, Entry>, text: string, accountId: AccountId | null, limit: number, now: number): RecipientSuggestion[] {
  const asked = folded(text).split(/[\s,;"<>()]+/).filter((word) => word !== '').slice(0, 6).map((word) => ` ${word}`)
  // The best so far, the best first. A letter matches thousands, of which only a handful is ever sorted in.
  const found: { readonly entry: Entry; readonly score: number }[] = []
  const [first = '', ...others] = asked
  for (const entry of entries.values()) {
    if (entry.forgotten || !entry.words.includes(first) || !others.every((word) => entry.words.includes(word))) continue
    const score = scoreOf(entry, first, accountId, now)
    const last = found[limit - 1]
    if (last && last.score >= score) continue
    let at = found.length
    while (at > 0 && (found[at - 1]?.score ?? 0) < score) at--
    found.splice(at, 0, { entry, score })
    if (found.length > limit) found.pop()
  }
  return found
    .map(({ entry }) => ({ name: entry.name, address: entry.address, sent: entry.sent, received: entry.received, lastAt: entry.lastAt, utcOffset: entry.utcOffset }))
}

function scoreOf(entry: Entry, first: string, accountId: AccountId | null, now: number): number {
  // Somebody written to comes before all who only wrote; recent people before those of years ago.
  const recency = halfLifeMs / (halfLifeMs + Math.max(0, now - entry.lastAt))
  let score = (entry.sent > 0 ? 1_000 : 0) + entry.often * (0.25 + 0.75 * recency) * 4
  if (entry.words.startsWith(first)) score += 3
  if (accountId !== null && entry.rows.has(accountId)) score += 2
  return score
}
