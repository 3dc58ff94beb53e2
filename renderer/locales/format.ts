// Dates, numbers and sizes in the person's language, all through Intl.
import type { Locale } from '../../shared/model/settings.ts'
import { useLocale } from './text.ts'

const day = 86_400_000

/** The system's own tag for the language when there is one ('en-GB' rather than 'en'), so that dates look as at home. */
export function formatTag(locale: Locale, system: readonly string[]): string {
  return system.find((tag) => tag.toLowerCase().split('-')[0] === locale) ?? locale
}

function startOfDay(at: number): number {
  const date = new Date(at)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

function makeFormat(tag: string) {
  const time = new Intl.DateTimeFormat(tag, { timeStyle: 'short' })
  const weekday = new Intl.DateTimeFormat(tag, { weekday: 'short' })
  const dayMonth = new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' })
  const short = new Intl.DateTimeFormat(tag, { day: '2-digit', month: '2-digit', year: '2-digit' })
  const medium = new Intl.DateTimeFormat(tag, { dateStyle: 'medium' })
  const full = new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'short' })
  const dateTime = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' })
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const number = new Intl.NumberFormat(tag)
  const percent = new Intl.NumberFormat(tag, { style: 'percent' })
  const brief = new Intl.NumberFormat(tag, { notation: 'compact' })
  const list = new Intl.ListFormat(tag, { style: 'short', type: 'unit' })
  const sized = (unit: string, value: number) =>
    new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: value < 10 && unit !== 'byte' && unit !== 'kilobyte' ? 1 : 0 }).format(value)
  const collator = new Intl.Collator(tag, { numeric: true, sensitivity: 'base' })

  return {
    tag,
    /** For a list: the time today, the weekday within a week, the day this year, else the date. */
    listDate(at: number, now = Date.now()): string {
      const days = Math.round((startOfDay(now) - startOfDay(at)) / day)
      if (days === 0) return time.format(at)
      if (days > 0 && days < 7) return weekday.format(at)
      if (new Date(at).getFullYear() === new Date(now).getFullYear()) return dayMonth.format(at)
      return short.format(at)
    },
    time: (at: number) => time.format(at),
    date: (at: number) => medium.format(at),
    dateTime: (at: number) => dateTime.format(at),
    /** Everything, for a tooltip. */
    fullDate: (at: number) => full.format(at),
    /** 'in 5 minutes', 'yesterday'. */
    relative(at: number, now = Date.now()): string {
      const seconds = (at - now) / 1000
      const size = Math.abs(seconds)
      if (size < 45) return relative.format(Math.round(seconds), 'second')
      if (size < 45 * 60) return relative.format(Math.round(seconds / 60), 'minute')
      if (size < 22 * 3600) return relative.format(Math.round(seconds / 3600), 'hour')
      if (size < 26 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day')
      if (size < 320 * 86_400) return relative.format(Math.round(seconds / (30.4 * 86_400)), 'month')
      return relative.format(Math.round(seconds / (365.25 * 86_400)), 'year')
    },
    /** A length of time in its one or two largest units: '2 min', '1 hr, 5 min'. */
    duration(ms: number): string {
      const units = (value: number, unit: string) => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' }).format(value)
      const seconds = Math.max(1, Math.round(ms / 1000))
      if (seconds < 60) return units(seconds, 'second')
      const minutes = Math.round(seconds / 60)
      if (minutes < 60) return units(minutes, 'minute')
      const rest = minutes % 60
      return list.format([units(Math.floor(minutes / 60), 'hour'), ...(rest ? [units(rest, 'minute')] : [])])
    },
    number: (value: number) => number.format(value),
    /** A count for a badge: exact to 9,999, then '12K'. */
    count: (value: number) => (value < 10_000 ? number.format(value) : brief.format(value)),
    percent: (share: number) => percent.format(share),
    size(bytes: number): string {
      if (bytes < 1000) return sized('byte', bytes)
      if (bytes < 1_000_000) return sized('kilobyte', bytes / 1000)
      if (bytes < 1_000_000_000) return sized('megabyte', bytes / 1_000_000)
      return sized('gigabyte', bytes / 1_000_000_000)
    },
    compare: (a: string, b: string) => collator.compare(a, b),
  }
}

export type Format = ReturnType<typeof makeFormat>
const made = new Map<string, Format>()

export function formatFor(locale: Locale, system: readonly string[]): Format {
  const tag = formatTag(locale, system)
  const known = made.get(tag)
  if (known) return known
  const format = makeFormat(tag)
  made.set(tag, format)
  return format
}

export function useFormat(): Format {
  return formatFor(useLocale(), navigator.languages)
}
