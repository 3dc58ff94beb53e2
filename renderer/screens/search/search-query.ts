// The words of a search as they are typed: which one the caret stands in, and what could complete it. The meaning of a
// query is settled in shared/model/search-query.ts; this only helps to spell it.
import { searchFields } from '../../../shared/model/search-query.ts'
import type { SearchField } from '../../../shared/model/search-query.ts'

export type Operator = SearchField

/** Values an operator knows by itself; the others take names or words. */
export const fixedValues: Readonly<Partial<Record<Operator, readonly string[]>>> = {
  has: ['attachment'],
  is: ['unread', 'read', 'starred', 'answered', 'forwarded'],
  before: ['today', '7d', '1m', '3m', '1y'],
  after: ['today', '7d', '1m', '3m', '1y'],
}

export type QueryToken = {
  /** Where the token stands in the text; `end` is after its last character. */
  readonly start: number
  readonly end: number
  readonly negated: boolean
  readonly operator: Operator | null
  /** The word without operator, minus sign and quotes. */
  readonly value: string
}

/** The text's tokens in order. A quote opened and not closed runs to the end, as it does while being typed. */
export function tokensOf(text: string): readonly QueryToken[] {
  const tokens: QueryToken[] = []
  const pattern = /(-?)(?:([a-z]+):)?("[^"]*"?|[^\s"]*)/giuy
  let at = 0
  while (at < text.length) {
    if (/\s/u.test(text.charAt(at))) {
      at += 1
      continue
    }
    pattern.lastIndex = at
    const match = pattern.exec(text)
    const length = match?.[0].length ?? 0
    if (match === null || length === 0) {
      at += 1
      continue
    }
    const operator = searchFields.find((known) => known === match[2]?.toLowerCase()) ?? null
    const raw = match[3] ?? ''
    const value = operator === null && match[2] !== undefined ? `${match[2]}:${raw}` : raw
    tokens.push({ start: at, end: at + length, negated: match[1] === '-', operator, value: value.replace(/^"|"$/gu, '') })
    at += length
  }
  return tokens
}

/** The token the caret touches, or an empty one at the caret. */
export function tokenAt(text: string, caret: number): QueryToken {
  return (
    tokensOf(text).find((token) => token.start < caret && caret <= token.end) ?? { start: caret, end: caret, negated: false, operator: null, value: '' }
  )
}

/** Puts `operator:value` (or the bare operator, to go on typing after it) in a token's place. Gives text and caret. */
export function complete(text: string, token: QueryToken, operator: Operator, value: string | null): { readonly text: string; readonly caret: number } {
  const sign = token.negated ? '-' : ''
  const written = value === null ? '' : /[\s":]/u.test(value) ? `"${value.replaceAll('"', '')}"` : value
  const word = `${sign}${operator}:${written}`
  const before = text.slice(0, token.start)
  const after = text.slice(token.end).replace(/^\s+/u, '')
  // A finished word is followed by a space, so the next one can be typed; an operator waits for its value.
  const gap = value === null && after === '' ? '' : ' '
  return { text: `${before}${word}${gap}${after}`, caret: before.length + word.length + (value === null ? 0 : gap.length) }
}

/** Case and accents do not matter when names are matched. */
export function foldCase(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()
}

/** Names that fit what is typed so far: those beginning with it first, then those with a word beginning with it. */
export function matchingNames(names: readonly string[], typed: string, limit: number): readonly string[] {
  const wanted = foldCase(typed)
  const rank = (name: string): number => {
    const folded = foldCase(name)
    if (folded.startsWith(wanted)) return 0
    return folded.split(/[\s@._/-]+/u).some((word) => word.startsWith(wanted)) ? 1 : 2
  }
  return [...new Set(names)]
    .map((name) => ({ name, rank: rank(name) }))
    .filter((entry) => entry.rank < 2)
    .sort((a, b) => a.rank - b.rank)
    .slice(0, limit)
    .map((entry) => entry.name)
}
