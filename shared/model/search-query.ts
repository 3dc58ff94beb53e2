// The search language: words, "phrases", prefix*, -not, and field:value. Parsing only; db/queries/search.ts runs it, and
// the search field uses it to explain what was understood. Dates are read as local days, as the person means them.
import { isValid, parse, startOfDay, subDays, subMonths, subYears, addDays, addMonths, addYears } from 'date-fns'

export const searchFields = ['from', 'to', 'subject', 'in', 'has', 'is', 'before', 'after', 'account', 'filename'] as const
export type SearchField = (typeof searchFields)[number]

export type SearchTerm = {
  readonly column: 'any' | 'sender' | 'recipients' | 'subject' | 'filenames'
  readonly text: string
  /** Matches words that begin with the last word of `text`. */
  readonly prefix: boolean
  readonly negated: boolean
}

export type SearchQuery = {
  readonly terms: readonly SearchTerm[]
  readonly folders: readonly string[]
  readonly accounts: readonly string[]
  readonly hasAttachment: boolean | null
  readonly unread: boolean | null
  readonly flagged: boolean | null
  readonly answered: boolean | null
  readonly forwarded: boolean | null
  /** UTC milliseconds: from this instant on. */
  readonly after: number | null
  /** UTC milliseconds: up to and not including this instant. */
  readonly before: number | null
  /** Parts that could not be understood, as typed. */
  readonly ignored: readonly string[]
}

const token = /(-?)(?:(\p{L}+):)?(?:"([^"]*)"?|(\S+))/gu
const columns = { from: 'sender', to: 'recipients', subject: 'subject', filename: 'filenames' } as const
const hasWord = (text: string): boolean => /[\p{L}\p{N}]/u.test(text)

/** Below this many letters a word is not taken as the beginning of longer ones: nearly every mail would match. */
const shortestPrefix = 3

/** `typing`: the last word may still be growing, so it also matches as a beginning. `now` is UTC milliseconds. */
export function parseSearch(query: string, now: number, typing = true): SearchQuery {
  const terms: SearchTerm[] = []
  const folders: string[] = []
  const accounts: string[] = []
  const ignored: string[] = []
  let hasAttachment: boolean | null = null
  let unread: boolean | null = null
  let flagged: boolean | null = null
  let answered: boolean | null = null
  let forwarded: boolean | null = null
  let after: number | null = null
  let before: number | null = null

  const found = [...query.matchAll(token)]
  for (const [position, match] of found.entries()) {
    const whole = match[0]
    const negated = match[1] === '-'
    const field = match[2]?.toLowerCase()
    const phrase = match[3]
    const value = phrase ?? match[4] ?? ''
    const last = position === found.length - 1 && typing && phrase === undefined && !/\s$/.test(query)

    const addTerm = (column: SearchTerm['column'], text: string): void => {
      const bare = text.replace(/\*+$/, '')
      if (!hasWord(bare)) {
        if (bare !== '') ignored.push(whole)
        return
      }
      const starred = text.endsWith('*')
      const lastWord = /[\p{L}\p{N}]+$/u.exec(bare)?.[0] ?? ''
      terms.push({ column, text: bare, prefix: starred || (last && lastWord.length >= shortestPrefix), negated })
    }

    switch (field) {
      case undefined:
        addTerm('any', value)
        break
      case 'from':
      case 'to':
      case 'subject':
      case 'filename':
        if (value !== '') addTerm(columns[field], value)
        break
      case 'in':
        if (value !== '') folders.push(value.toLowerCase())
        break
      case 'account':
        if (value !== '') accounts.push(value.toLowerCase())
        break
      case 'has':
        if (/^(attachments?|file|anhang|vedlegg)$/i.test(value)) hasAttachment = !negated
        else ignored.push(whole)
        break
      case 'is': {
        const word = value.toLowerCase()
        if (word === 'unread') unread = !negated
        else if (word === 'read') unread = negated
        else if (word === 'starred' || word === 'flagged') flagged = !negated
        else if (word === 'answered' || word === 'replied') answered = !negated
        else if (word === 'forwarded') forwarded = !negated
        else ignored.push(whole)
        break
      }
      case 'before':
      case 'after': {
        const day = parseDay(value, now)
        if (!day) ignored.push(whole)
        else if (field === 'before') before = day.from
        else after = day.to
        break
      }
      default:
        // 'http://x', 'Re:word' and the like are text.
        addTerm('any', `${match[2] ?? ''} ${value}`.trim())
    }
  }
  return { terms, folders, accounts, hasAttachment, unread, flagged, answered, forwarded, after, before, ignored }
}

/** A day, month or year as [from, to) in local time: `after:2025` means after that year, `before:2025` before it began.
 *  Relative: today, yesterday, 7d, 3m, 1y (that long ago). */
function parseDay(text: string, now: number): { from: number; to: number } | null {
  const today = startOfDay(now)
  const word = text.toLowerCase()
  if (word === 'today') return { from: today.getTime(), to: addDays(today, 1).getTime() }
  if (word === 'yesterday') return { from: subDays(today, 1).getTime(), to: today.getTime() }
  const ago = /^(\d{1,4})([dwmy])$/.exec(word)
  if (ago) {
    const count = Number(ago[1])
    const at = ago[2] === 'd' ? subDays(today, count) : ago[2] === 'w' ? subDays(today, 7 * count) : ago[2] === 'm' ? subMonths(today, count) : subYears(today, count)
    return { from: at.getTime(), to: at.getTime() }
  }
  const shapes = [
    ['yyyy-MM-dd', addDays], ['yyyy/MM/dd', addDays], ['d.M.yyyy', addDays], ['yyyy-MM', addMonths], ['MM.yyyy', addMonths], ['yyyy', addYears],
  ] as const
  for (const [shape, add] of shapes) {
    const day = parse(text, shape, today)
    const year = day.getFullYear()
    if (isValid(day) && year >= 1970 && year <= 2200) return { from: day.getTime(), to: add(day, 1).getTime() }
  }
  return null
}
