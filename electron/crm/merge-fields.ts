// The fields a template may name, and what they are for one mail. Some are known from the recipient, the sender and the
// day; the rest are asked for. Anything under 'custom' is a field of the person's own.
import type { Recipient } from '../../shared/model/draft.ts'
import type { Gender, MergeField } from '../../shared/model/template.ts'
import { greetingFor } from './greeting.ts'
import { nameOf, type PersonName } from './person-name.ts'

const field = (name: string, asked: boolean): MergeField => ({ name, labelKey: name.replaceAll('.', '_'), asked })

export const mergeFields: readonly MergeField[] = [
  ...[
    'candidate.first_name', 'candidate.last_name', 'candidate.name', 'candidate.title', 'candidate.email', 'candidate.gender', 'greeting', 'greeting_informal',
    'sender.name', 'sender.first_name', 'sender.email', 'account.name', 'today', 'weekday',
  ].map((name) => field(name, false)),
  ...[
    'position.title', 'position.company', 'position.location', 'client.name', 'client.contact', 'interview.date', 'interview.time', 'interview.place',
    'offer.salary', 'offer.start_date',
  ].map((name) => field(name, true)),
]

const known = new Set(mergeFields.map((one) => one.name))

export function isField(name: string): boolean {
  return known.has(name) || /^custom\.[\p{L}_][\p{L}\p{N}_-]*$/u.test(name)
}

/** The field most likely meant, or null when none is near. */
export function nearestField(name: string): string | null {
  return nearest(name, [...known]) ?? nearest(name.split('.').at(-1) ?? '', [...known], (one) => one.split('.').at(-1) ?? '')
}

/** What is longer is no slip of the fingers. */
const longestSlip = 60

export function nearest(typed: string, names: readonly string[], seen: (name: string) => string = (name) => name): string | null {
  if (typed.length > longestSlip) return null
  let best: string | null = null
  let distance = Math.max(1, Math.floor(typed.length / 3)) + 1
  for (const name of names) {
    const away = editDistance(typed.toLowerCase(), seen(name))
    if (away < distance) [best, distance] = [name, away]
  }
  return best
}

/** Letters to change, add, leave out or swap with their neighbour. */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)]
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0
  for (let i = 1; i <= a.length; i++) {
    rows.push([i])
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      rows[i]?.push(Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + same, swapped))
    }
  }
  return at(a.length, b.length)
}

export type MergeGiven = {
  readonly to: Recipient | null
  readonly gender: Gender | null
  readonly sender: { readonly name: string; readonly address: string } | null
  readonly accountName: string
  readonly language: string
  readonly now: number
  /** By hand, by field name; they win. An empty one gives nothing. */
  readonly values: Readonly<Record<string, string>>
}

/** What is known, by field name. A field without a value is not in it. */
export function fieldValues(given: MergeGiven): { readonly values: ReadonlyMap<string, string>; readonly person: PersonName } {
  const values = new Map<string, string>()
  const hand = new Map(Object.entries(given.values).map(([name, value]) => [name, value.trim()]))
  const derived = nameOf(given.to ?? { name: '', address: '' })
  const first = hand.get('candidate.first_name') || derived.first
  const last = hand.get('candidate.last_name') || derived.last
  const typedGender = hand.get('candidate.gender')
  const person: PersonName = {
    first,
    last,
    full: hand.get('candidate.name') || (first || last ? [first, last].filter(Boolean).join(' ') : derived.full),
    title: hand.get('candidate.title') || derived.title,
    gender: typedGender === 'female' || typedGender === 'male' ? typedGender : (given.gender ?? derived.gender),
  }
  const put = (name: string, value: string): void => {
    if (value !== '') values.set(name, value)
  }
  put('candidate.first_name', person.first)
  put('candidate.last_name', person.last)
  put('candidate.name', person.full)
  put('candidate.title', person.title)
  put('candidate.email', given.to?.address ?? '')
  put('candidate.gender', person.gender === 'unknown' ? '' : person.gender)
  put('greeting', greetingFor(person, given.language, 'formal'))
  put('greeting_informal', greetingFor(person, given.language, 'informal'))
  put('sender.name', given.sender?.name ?? '')
  put('sender.first_name', given.sender ? nameOf(given.sender).first : '')
  put('sender.email', given.sender?.address ?? '')
  put('account.name', given.accountName)
  put('today', dayText(given.now, given.language, 'date'))
  put('weekday', dayText(given.now, given.language, 'weekday'))
  for (const [name, value] of hand) put(name, value)
  return { values, person }
}

export const dayStyles = ['date', 'short', 'weekday', 'full'] as const
export type DayStyle = (typeof dayStyles)[number]

const dayFormats: Readonly<Record<DayStyle, Intl.DateTimeFormatOptions>> = {
  date: { dateStyle: 'long' },
  short: { dateStyle: 'short' },
  weekday: { weekday: 'long' },
  full: { dateStyle: 'full' },
}

/** A day in the words of a language; English as it is written in Europe. */
export function dayText(at: number, language: string, style: DayStyle): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, dayFormats[style]).format(at)
}
