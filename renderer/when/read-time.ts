// Reads a time as people type it: 'tomorrow 8:30', 'Montag früh', 'om to timer'. chrono-node knows English and German;
// what it has no words for (Norwegian, some German turns) is first put into words it knows. Pure.
import { GB, casual as american } from 'chrono-node/en'
import { casual as german } from 'chrono-node/de'
import type { Locale } from '../../shared/model/settings.ts'
import { instantOf, wallIn } from './zones.ts'
import type { Wall } from './zones.ts'

export type ReadTimeOptions = {
  readonly locale: Locale
  /** The language's tag with its region: '3/4' is in March in the US and in April elsewhere. */
  readonly tag: string
  readonly now: number
  /** Where the clock hangs that the words are about. */
  readonly zone: string
  /** What 'in the morning', or a day without a time, means, in minutes after midnight. */
  readonly morning: number
}

/** A group that did not take part in the match is undefined. */
type Rule = readonly [RegExp, string | ((...groups: readonly (string | undefined)[]) => string)]

const norwegianNumbers = ['null', 'en', 'to', 'tre', 'fire', 'fem', 'seks', 'sju', 'åtte', 'ni', 'ti', 'elleve', 'tolv']
const numberWord = `\\d+|${norwegianNumbers.join('|')}|ett|et|ei|syv`
const numberOf = (word: string): string => {
  if (/^\d/.test(word)) return word
  if (word === 'ett' || word === 'et' || word === 'ei') return '1'
  return String(word === 'syv' ? 7 : norwegianNumbers.indexOf(word))
}
const units: readonly (readonly [RegExp, string])[] = [
  [/^min/, 'minutes'],
  [/^tim/, 'hours'],
  [/^dag|^døgn/, 'days'],
  [/^uk/, 'weeks'],
  [/^måned/, 'months'],
]

/** Letters count as letters here, 'å' and 'ü' included, which \b does not know. */
const word = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\d])(?:${source})(?![\\p{L}\\d])`, 'giu')

const norwegian: readonly Rule[] = [
  [word(`om (?:en|ei) halv time`), 'in 30 minutes'],
  [word('halv (\\p{L}+|\\d+)'), (_, hour = '') => `${String((Number(numberOf(hour)) + 11) % 12 || 12)}:30`],
  [word('(?:kl\\.?|klokk(?:a|en)) ?(\\d{1,2})(?:[.:](\\d{2}))?'), (_, hour = '', minutes) => `at ${hour}:${minutes ?? '00'}`],
  [
    word(`om (${numberWord}) (min\\p{L}*|tim\\p{L}*|dag\\p{L}*|døgn|uk\\p{L}*|måned\\p{L}*)`),
    (_, count = '', unit = '') => `in ${numberOf(count.toLowerCase())} ${units.find(([start]) => start.test(unit.toLowerCase()))?.[1] ?? 'days'}`,
  ],
  [word('i overmorgen'), 'in 2 days'],
  [word('i morgen tidlig|i morgen formiddag'), 'tomorrow morning'],
  [word('i morgen ettermiddag'), 'tomorrow afternoon'],
  [word('i morgen kveld'), 'tomorrow evening'],
  [word('i morgen'), 'tomorrow'],
  [word('i dag'), 'today'],
  [word('i kveld'), 'this evening'],
  [word('i ettermiddag'), 'this afternoon'],
  [word('neste uke'), 'next week'],
  [word('neste måned'), 'next month'],
  [word('neste|førstkommende'), 'next'],
  [word('(mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag)(?:s? ?)(morgen|formiddag|ettermiddag|kveld)'), (_, day = '', part = '') => `${day} ${part}`],
  [word('mandag'), 'monday'],
  [word('tirsdag'), 'tuesday'],
  [word('onsdag'), 'wednesday'],
  [word('torsdag'), 'thursday'],
  [word('fredag'), 'friday'],
  [word('lørdag'), 'saturday'],
  [word('søndag'), 'sunday'],
  [word('morgen|formiddag|tidlig'), 'morning'],
  [word('ettermiddag'), 'afternoon'],
  [word('kveld'), 'evening'],
  [word('(\\d{1,2})\\.? (januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember)'), (_, day = '', month = '') => `${day} ${month}`],
  [word('januar'), 'january'],
  [word('februar'), 'february'],
  [word('mars'), 'march'],
  [word('mai'), 'may'],
  [word('juni'), 'june'],
  [word('juli'), 'july'],
  [word('oktober'), 'october'],
  [word('desember'), 'december'],
  [word('på|den'), ''],
]

const germanTurns: readonly Rule[] = [
  [word('(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)(morgen|früh|vormittag|mittag|nachmittag|abend)'), (_, day = '', part = '') => `${day} ${part}`],
  // 'Morgen' behind a day is the morning, alone it is tomorrow.
  [word('(\\p{L}+tag|mittwoch|sonnabend|übermorgen|morgen|heute) (?:morgen|früh|vormittags?)'), (_, day = '') => day],
  [word('halb (\\d{1,2})'), (_, hour = '') => `um ${String((Number(hour) + 11) % 12 || 12)}:30`],
  [word('(?<!um )(\\d{1,2})(?::(\\d{2}))? ?uhr'), (_, hour = '', minutes) => `um ${hour}:${minutes ?? '00'} Uhr`],
]

function put(text: string, rules: readonly Rule[]): string {
  let now = text
  for (const [pattern, by] of rules) now = typeof by === 'string' ? now.replace(pattern, by) : now.replace(pattern, (...groups: readonly (string | undefined)[]) => by(...groups))
  return now
}

/** '15.1.' and '15.01.2027' mean the same everywhere; a year left out is the next one that is to come. */
function datesWithPoints(text: string, today: Wall): string {
  return text.replace(/(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{2,4})?(?!\d)/g, (whole, day: string, month: string, year: string | undefined) => {
    const [d, m] = [Number(day), Number(month)]
    if (d < 1 || d > 31 || m < 1 || m > 12) return whole
    const past = m < today.month || (m === today.month && d < today.day)
    const y = year === undefined ? today.year + (past ? 1 : 0) : year.length === 2 ? 2000 + Number(year) : Number(year)
    return `${String(y)}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')} `
  })
}

/** The instant that was meant, or null when the words name none. May lie in the past when a date in the past was typed. */
export function readTime(typed: string, { locale, tag, now, zone, morning }: ReadTimeOptions): number | null {
  const today = wallIn(now, zone)
  const points = datesWithPoints(typed.trim(), today)
  const words = locale === 'nb' ? put(points, norwegian) : locale === 'de' ? put(points, germanTurns) : points
  if (words === '') return null
  const chrono = locale === 'de' ? german : tag.endsWith('-US') ? american : GB
  // chrono-node counts on this computer's clock; it is given the wall clock of the zone as if it hung here.
  const reference = new Date(today.year, today.month - 1, today.day, today.hour, today.minute)
  const found = chrono.parse(words, reference, { forwardDate: true })[0]
  // English words are understood in every language.
  const { start } = found ?? GB.parse(points, reference, { forwardDate: true })[0] ?? {}
  if (!start) return null
  if (start.tags().has('result/relativeDateAndTime')) return now + start.date().getTime() - reference.getTime()
  const value = (part: 'year' | 'month' | 'day' | 'hour' | 'minute') => start.get(part) ?? 0
  if (start.isCertain('hour') && start.isCertain('timezoneOffset')) return start.date().getTime()
  const day = { year: value('year'), month: value('month'), day: value('day') }
  if (start.isCertain('hour')) return instantOf({ ...day, hour: value('hour'), minute: value('minute') }, zone)
  const part = [...start.tags()].find((name) => name.startsWith('casualReference/'))
  const minutes = start.tags().has('casualReference/afternoon') ? 15 * 60 : start.tags().has('casualReference/evening') || start.tags().has('casualReference/tonight') ? 18 * 60 : morning
  const meant = instantOf({ ...day, hour: Math.floor(minutes / 60), minute: minutes % 60 }, zone)
  // 'Today', typed at noon, cannot mean this morning: an hour from now.
  return meant <= now && part === 'casualReference/today' ? now + 3_600_000 : meant
}
