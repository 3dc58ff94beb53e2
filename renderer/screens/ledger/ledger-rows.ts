// The arithmetic of the ledger table: what to add up, what to sort by, and what the whole of it proves.
import type { LedgerLine } from '../../../shared/model/folder.ts'

/** The columns that hold message counts, in the order they are shown. `difference` is computed; the rest are stored. */
export const explanations = ['toFetch', 'expunged', 'pending'] as const
export const notes = ['bodiesToFetch', 'unparsed'] as const

export type LedgerColumn = 'path' | 'serverCount' | 'ourCount' | 'difference' | (typeof explanations)[number] | (typeof notes)[number] | 'unexplained' | 'comparedAt' | 'provedAt'

export type LedgerSort = { readonly column: LedgerColumn; readonly descending: boolean }

export type LedgerTotals = Pick<LedgerLine, 'ourCount' | 'toFetch' | 'bodiesToFetch' | 'unparsed' | 'expunged' | 'pending' | 'unexplained'> & {
  /** Over the folders looked at so far. */
  readonly serverCount: number
  readonly difference: number
  readonly folders: number
  readonly notLookedAt: number
}

/** Server minus ours; null before the folder was first looked at. */
export function differenceOf(line: LedgerLine): number | null {
  return line.serverCount === null ? null : line.serverCount - line.ourCount
}

export function totalsOf(lines: readonly LedgerLine[]): LedgerTotals {
  const sum = (value: (line: LedgerLine) => number): number => lines.reduce((total, line) => total + value(line), 0)
  return {
    serverCount: sum((line) => line.serverCount ?? 0),
    ourCount: sum((line) => line.ourCount),
    difference: sum((line) => differenceOf(line) ?? 0),
    toFetch: sum((line) => line.toFetch),
    bodiesToFetch: sum((line) => line.bodiesToFetch),
    unparsed: sum((line) => line.unparsed),
    expunged: sum((line) => line.expunged),
    pending: sum((line) => line.pending),
    // Faults of opposite sign must not cancel out.
    unexplained: sum((line) => Math.abs(line.unexplained)),
    folders: lines.length,
    notLookedAt: lines.filter((line) => line.serverCount === null).length,
  }
}

export type LedgerVerdict =
  | { readonly kind: 'empty' }
  | { readonly kind: 'fault'; readonly folders: number; readonly messages: number }
  | { readonly kind: 'incomplete'; readonly folders: number; readonly messages: number; readonly notLookedAt: number }
  /** All counts equal or explained, and the ids themselves compared; `comparedAt` is the oldest comparison. */
  | { readonly kind: 'proved'; readonly folders: number; readonly comparedAt: number }
  | { readonly kind: 'agrees'; readonly folders: number; readonly notCompared: number }

export function verdictOf(lines: readonly LedgerLine[]): LedgerVerdict {
  if (lines.length === 0) return { kind: 'empty' }
  const totals = totalsOf(lines)
  const faulty = lines.filter((line) => line.unexplained !== 0)
  if (faulty.length > 0) return { kind: 'fault', folders: faulty.length, messages: totals.unexplained }
  const behind = lines.filter((line) => line.serverCount === null || line.toFetch > 0)
  if (behind.length > 0) return { kind: 'incomplete', folders: behind.length, messages: totals.toFetch, notLookedAt: totals.notLookedAt }
  const notCompared = lines.filter((line) => line.comparedAt === null).length
  if (notCompared > 0) return { kind: 'agrees', folders: lines.length, notCompared }
  return { kind: 'proved', folders: lines.length, comparedAt: Math.min(...lines.map((line) => line.comparedAt ?? 0)) }
}

/** A fresh array; equal rows keep the order of their paths. Never-looked-at folders sort below every number. In the order
 *  of paths, folders with a fault come first either way: they must not be scrolled out of sight. */
export function sortedLines(lines: readonly LedgerLine[], sort: LedgerSort, locale: string): readonly LedgerLine[] {
  const byPath = new Intl.Collator(locale, { numeric: true, sensitivity: 'base' })
  const value = (line: LedgerLine): number => {
    switch (sort.column) {
      case 'path':
        return (line.unexplained !== 0) === sort.descending ? 1 : 0
      case 'difference':
        return differenceOf(line) ?? -Infinity
      case 'unexplained':
        return Math.abs(line.unexplained)
      default:
        return line[sort.column] ?? -Infinity
    }
  }
  const sign = sort.descending ? -1 : 1
  return lines.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x !== y) return sign * (x < y ? -1 : 1)
    return (sort.column === 'path' ? sign : 1) * byPath.compare(a.path, b.path)
  })
}

/** A first click on a count shows the largest first; on the folder, A first; a second click turns it round. */
export function nextSort(now: LedgerSort, column: LedgerColumn): LedgerSort {
  return now.column === column ? { column, descending: !now.descending } : { column, descending: column !== 'path' }
}
