// Moves the dates in seed mail so that a mailbox opened today looks lived in today. What the seed calls its reference day
// becomes the day of opening: its last hours become the last hours (closer together in the morning, so that none falls into
// yesterday), the six days before it the last six days. Everything older moves by whole weeks, so that business letters
// keep their weekdays, and so does what lies ahead. The order of any two dates is kept. Wall clocks are Oslo's, the
// recruiter's; daylight saving of the new date applies.

const minute = 60_000
const day = 24 * 60 * minute
const zone = 'Europe/Oslo'

/** Minutes east of Greenwich in Oslo at this instant. */
function offsetAt(instant: number): number {
  const parts = new Map(oslo.formatToParts(instant).map((part) => [part.type, Number(part.value)]))
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return Math.round((wall - Math.floor(instant / 1000) * 1000) / minute)
}

const oslo = new Intl.DateTimeFormat('en-GB', {
  timeZone: zone,
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** A wall clock is the number Date.UTC gives for its figures, whatever the zone. */
function wallOf(instant: number): number {
  return instant + offsetAt(instant) * minute
}

function instantOf(wall: number): number {
  const near = wall - offsetAt(wall) * minute
  return wall - offsetAt(near) * minute
}

/** `2026-11-20T15:00:00` as a wall clock. */
export function readWall(text: string): number {
  const wall = Date.parse(`${text}Z`)
  if (Number.isNaN(wall)) throw new RangeError(`Not a date of the seed: ${text}`)
  return wall
}

/** Gives the instant a wall clock of the seed is moved to. */
export type Shift = (wall: number) => number

export function shiftTo(reference: number, now: number): Shift {
  const referenceDay = Math.floor(reference / day)
  const today = Math.floor(wallOf(now) / day)
  const days = today - referenceDay
  const pace = Math.min(1, (now - instantOf(today * day)) / (reference - referenceDay * day))
  const odd = ((days % 7) + 7) % 7
  return (wall) => {
    const ago = referenceDay - Math.floor(wall / day)
    if (ago === 0) return wall <= reference ? now - Math.round((reference - wall) * pace) : instantOf(wall + days * day)
    const moved = ago < 0 ? days + (odd === 0 ? 0 : 7 - odd) : ago < 7 ? days : days - odd
    return instantOf(wall + moved * day)
  }
}

export type SeedLocale = 'en' | 'de' | 'nb'

/** A date somebody wrote into a text: as it stands there, its pattern, its wall clock, its language. */
export type ProseDate = readonly [text: string, pattern: string, wall: string, locale: SeedLocale]
/** How the texts that hold the dates are transferred. */
export type ProseEncoding = 'qp-utf8' | 'qp-latin1' | '8bit-latin1' | '8bit-utf8'

/** Rewrites header, calendar and prose dates of one message. */
export function shiftMail(source: Buffer, prose: readonly ProseDate[], encoding: ProseEncoding, shift: Shift): Buffer {
  const text = source.toString('latin1')
  return Buffer.from(shiftProse(shiftCalendar(shiftHeaders(text, shift), shift), prose, encoding, shift), 'latin1')
}

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const headerDate = /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}/g

function shiftHeaders(text: string, shift: Shift): string {
  return text.replace(headerDate, (written) => {
    const before = Date.parse(written)
    const sign = written.at(-5) === '-' ? -1 : 1
    const zoneWritten = sign * (Number(written.slice(-4, -2)) * 60 + Number(written.slice(-2)))
    const after = shift(wallOf(before))
    return rfc5322(after, zoneWritten === offsetAt(before) ? offsetAt(after) : zoneWritten)
  })
}

function rfc5322(instant: number, offset: number): string {
  const wall = new Date(instant + offset * minute)
  const two = (figure: number): string => String(figure).padStart(2, '0')
  const figures = [two(wall.getUTCHours()), two(wall.getUTCMinutes()), two(wall.getUTCSeconds())].join(':')
  const away = Math.abs(offset)
  return `${weekdays[wall.getUTCDay()] ?? ''}, ${two(wall.getUTCDate())} ${months[wall.getUTCMonth()] ?? ''} ${wall.getUTCFullYear()} ${figures} ${offset < 0 ? '-' : '+'}${two(Math.floor(away / 60))}${two(away % 60)}`
}

// A zone's own rules begin in 1970 and stay where they are.
const calendarDate = /^((?:DTSTART|DTEND|DTSTAMP)(?:;[^:\r\n]*)?:)(2\d{3})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(Z?)/gm

function shiftCalendar(text: string, shift: Shift): string {
  return text.replace(calendarDate, (_all, name: string, year: string, month: string, date: string, hour: string, min: string, second: string, utc: string) => {
    const figures = Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hour), Number(min), Number(second))
    const after = shift(utc === 'Z' ? wallOf(figures) : figures)
    const written = new Date(utc === 'Z' ? after : wallOf(after)).toISOString().replace(/[-:]/g, '').slice(0, 15)
    return `${name}${written}${utc}`
  })
}

function shiftProse(text: string, prose: readonly ProseDate[], encoding: ProseEncoding, shift: Shift): string {
  if (prose.length === 0) return text
  const encode = proseEncoders[encoding]
  const renewed = new Map(prose.map(([written, pattern, wall, locale]) => [encode(written), encode(formatWall(wallOf(shift(readWall(wall))), pattern, locale))]))
  // Longest first: '3. November' stands inside '13. November 2026'.
  const any = [...renewed.keys()].sort((a, b) => b.length - a.length).map((one) => RegExp.escape(one))
  return text.replace(new RegExp(any.join('|'), 'g'), (written) => renewed.get(written) ?? written)
}

const asQuotedPrintable = (bytes: Buffer): string => bytes.toString('latin1').replace(/[=\x80-\xff]/g, (char) => `=${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

/** To a string of bytes (latin1), as `shiftMail` works on. */
const proseEncoders: Readonly<Record<ProseEncoding, (text: string) => string>> = {
  'qp-utf8': (text) => asQuotedPrintable(Buffer.from(text, 'utf8')),
  'qp-latin1': (text) => asQuotedPrintable(Buffer.from(text, 'latin1')),
  '8bit-utf8': (text) => Buffer.from(text, 'utf8').toString('latin1'),
  '8bit-latin1': (text) => text,
}

/** Names as mail programs spell them; Intl's differ by a full stop here and there, and change between versions. */
const names: Readonly<Record<SeedLocale, { readonly days: string; readonly shortDays: string; readonly months: string; readonly shortMonths: string }>> = {
  en: {
    days: 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday',
    shortDays: 'Sun Mon Tue Wed Thu Fri Sat',
    months: 'January February March April May June July August September October November December',
    shortMonths: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec',
  },
  de: {
    days: 'Sonntag Montag Dienstag Mittwoch Donnerstag Freitag Samstag',
    shortDays: 'So. Mo. Di. Mi. Do. Fr. Sa.',
    months: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember',
    shortMonths: 'Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.',
  },
  nb: {
    days: 'søndag mandag tirsdag onsdag torsdag fredag lørdag',
    shortDays: 'søn. man. tir. ons. tor. fre. lør.',
    months: 'januar februar mars april mai juni juli august september oktober november desember',
    shortMonths: 'jan. feb. mars apr. mai juni juli aug. sep. okt. nov. des.',
  },
}

/** The pattern letters are Unicode's (UTS 35), as far as the seed uses them; text stands between apostrophes. */
export function formatWall(wall: number, pattern: string, locale: SeedLocale): string {
  const at = new Date(wall)
  const word = (list: string, index: number): string => list.split(' ')[index] ?? ''
  const two = (figure: number): string => String(figure).padStart(2, '0')
  return pattern.replace(/'[^']*'|EEEE|EEE|MMMM|MMM|MM|yyyy|yy|dd|d|HH|mm|h|a/g, (field) => {
    switch (field) {
      case 'EEEE':
        return word(names[locale].days, at.getUTCDay())
      case 'EEE':
        return word(names[locale].shortDays, at.getUTCDay())
      case 'MMMM':
        return word(names[locale].months, at.getUTCMonth())
      case 'MMM':
        return word(names[locale].shortMonths, at.getUTCMonth())
      case 'MM':
        return two(at.getUTCMonth() + 1)
      case 'yyyy':
        return String(at.getUTCFullYear())
      case 'yy':
        return two(at.getUTCFullYear() % 100)
      case 'dd':
        return two(at.getUTCDate())
      case 'd':
        return String(at.getUTCDate())
      case 'HH':
        return two(at.getUTCHours())
      case 'mm':
        return two(at.getUTCMinutes())
      case 'h':
        return String(at.getUTCHours() % 12 || 12)
      case 'a':
        return at.getUTCHours() < 12 ? 'AM' : 'PM'
      default:
        return field.slice(1, -1)
    }
  })
}
