// Sets of UIDs as ranges, the way IMAP writes them (RFC 9051 sequence-set). A mailbox of a hundred thousand messages is
// usually a handful of ranges; nothing here grows with the number of UIDs unless it is asked for them one by one.

/** Ascending, disjoint, not touching each other; both ends included. */
export type UidSet = readonly (readonly [number, number])[]

export const emptySet: UidSet = []

const highestUid = 0xffff_ffff

/** From UIDs in any order, duplicates allowed. */
export function uidSet(uids: Iterable<number>): UidSet {
  const ranges: [number, number][] = []
  for (const uid of [...uids].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && uid <= last[1] + 1) last[1] = Math.max(last[1], uid)
    else ranges.push([uid, uid])
  }
  return ranges
}

export function uidRange(from: number, to: number): UidSet {
  return from <= to ? [[from, to]] : emptySet
}

/** Reads `1:5,7`, as servers send it in any order. What is not a number is left out. */
export function parseUidSet(text: string): UidSet {
  const ranges: [number, number][] = []
  for (const part of text.split(',')) {
    const [a, b = a] = part.trim().split(':').map(Number)
    if (!isUid(a) || !isUid(b)) continue
    ranges.push(a <= b ? [a, b] : [b, a])
  }
  return normalise(ranges)
}

function isUid(value: number | undefined): value is number {
  return Number.isInteger(value) && value !== undefined && value > 0 && value <= highestUid
}

function normalise(ranges: [number, number][]): UidSet {
  ranges.sort((a, b) => a[0] - b[0])
  const joined: [number, number][] = []
  for (const [from, to] of ranges) {
    const last = joined.at(-1)
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

export function formatUidSet(set: UidSet): string {
  return set.map(([from, to]) => (from === to ? String(from) : `${String(from)}:${String(to)}`)).join(',')
}

export function countOf(set: UidSet): number {
  let count = 0
  for (const [from, to] of set) count += to - from + 1
  return count
}

export function hasUid(set: UidSet, uid: number): boolean {
  let low = 0
  let high = set.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const range = set[middle]
    if (!range) return false
    if (uid < range[0]) high = middle - 1
    else if (uid > range[1]) low = middle + 1
    else return true
  }
  return false
}

export function union(a: UidSet, b: UidSet): UidSet {
  return normalise([...a, ...b].map(([from, to]) => [from, to]))
}

export function subtract(from: UidSet, what: UidSet): UidSet {
  const left: [number, number][] = []
  let at = 0
  for (const [start, end] of from) {
    let next = start
    while (at > 0 && (what[at - 1]?.[1] ?? 0) >= start) at--
    for (let other = what[at]; other && other[0] <= end; other = what[++at]) {
      if (other[1] < next) continue
      if (other[0] > next) left.push([next, other[0] - 1])
      next = other[1] + 1
      if (next > end) break
    }
    if (next <= end) left.push([next, end])
  }
  return left
}

export function intersect(a: UidSet, b: UidSet): UidSet {
  const both: [number, number][] = []
  let i = 0
  let j = 0
  for (;;) {
    const left = a[i]
    const right = b[j]
    if (!left || !right) return both
    const from = Math.max(left[0], right[0])
    const to = Math.min(left[1], right[1])
    if (from <= to) both.push([from, to])
    if (left[1] < right[1]) i++
    else j++
  }
}

/** The highest UIDs of the set: at most `count` of them, and no more ranges than a command line should carry. */
export function newest(set: UidSet, count: number, maxRanges = 400): UidSet {
  const taken: [number, number][] = []
  let left = count
  for (let at = set.length - 1; at >= 0 && left > 0 && taken.length < maxRanges; at--) {
    const range = set[at]
    if (!range) break
    const from = Math.max(range[0], range[1] - left + 1)
    taken.unshift([from, range[1]])
    left -= range[1] - from + 1
  }
  return taken
}

/** Pieces with few enough ranges for one command line; servers may refuse lines over 8,000 characters (RFC 7162 section 4). */
export function commandSized(set: UidSet, maxRanges = 400): readonly UidSet[] {
  const pieces: UidSet[] = []
  for (let at = 0; at < set.length; at += maxRanges) pieces.push(set.slice(at, at + maxRanges))
  return pieces
}

export function* uidsOf(set: UidSet): Generator<number> {
  for (const [from, to] of set) for (let uid = from; uid <= to; uid++) yield uid
}

export function lowestOf(set: UidSet): number | null {
  return set[0]?.[0] ?? null
}

export function highestOf(set: UidSet): number | null {
  return set.at(-1)?.[1] ?? null
}
