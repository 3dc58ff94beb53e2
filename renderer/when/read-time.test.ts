import { describe, expect, it } from 'vitest'
import type { Locale } from '../../shared/model/settings.ts'
import { readTime } from './read-time.ts'
import { instantOf, wallIn } from './zones.ts'

const zone = 'Europe/Berlin'
/** A Saturday, 14:00. */
const now = instantOf({ year: 2026, month: 11, day: 21, hour: 14, minute: 0 }, zone)

function read(typed: string, locale: Locale, options: { tag?: string; zone?: string } = {}): string | null {
  const at = readTime(typed, { locale, tag: options.tag ?? locale, now, zone: options.zone ?? zone, morning: 510 })
  if (at === null) return null
  const { year, month, day, hour, minute } = wallIn(at, options.zone ?? zone)
  const two = (value: number) => String(value).padStart(2, '0')
  return `${String(year)}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`
}

describe('reading a time', () => {
  it.each([
    ['tomorrow 8:30', '2026-11-22 08:30'],
    ['tomorrow', '2026-11-22 08:30'],
    ['Monday morning', '2026-11-23 08:30'],
    ['friday afternoon', '2026-11-27 15:00'],
    ['tonight', '2026-11-21 18:00'],
    ['in 2 hours', '2026-11-21 16:00'],
    ['in two days', '2026-11-23 08:30'],
    ['next week', '2026-11-28 08:30'],
    ['15 Jan', '2027-01-15 08:30'],
    ['8:30', '2026-11-22 08:30'],
    ['today', '2026-11-21 15:00'],
    ['15.1. 9:00', '2027-01-15 09:00'],
  ])('understands “%s”', (typed, meant) => expect(read(typed, 'en')).toBe(meant))

  it.each([
    ['morgen 8:30', '2026-11-22 08:30'],
    ['morgen früh', '2026-11-22 08:30'],
    ['Montag früh', '2026-11-23 08:30'],
    ['Montagmorgen', '2026-11-23 08:30'],
    ['nächste Woche', '2026-11-28 08:30'],
    ['in 3 Tagen', '2026-11-24 08:30'],
    ['übermorgen um 9', '2026-11-23 09:00'],
    ['heute Abend', '2026-11-21 18:00'],
    ['morgen Nachmittag', '2026-11-22 15:00'],
    ['15. Januar 9 Uhr', '2027-01-15 09:00'],
    ['15.1.', '2027-01-15 08:30'],
    ['in einer Stunde', '2026-11-21 15:00'],
    ['Montag halb 9', '2026-11-23 08:30'],
  ])('versteht „%s“', (typed, meant) => expect(read(typed, 'de')).toBe(meant))

  it.each([
    ['i morgen kl. 8.30', '2026-11-22 08:30'],
    ['i morgen tidlig', '2026-11-22 08:30'],
    ['mandag morgen', '2026-11-23 08:30'],
    ['på tirsdag klokka 9', '2026-11-24 09:00'],
    ['om to timer', '2026-11-21 16:00'],
    ['om en halv time', '2026-11-21 14:30'],
    ['om 3 dager', '2026-11-24 08:30'],
    ['neste uke', '2026-11-28 08:30'],
    ['i kveld', '2026-11-21 18:00'],
    ['15. januar kl 9', '2027-01-15 09:00'],
    ['mandag halv ni', '2026-11-23 08:30'],
    ['i overmorgen', '2026-11-23 08:30'],
  ])('forstår «%s»', (typed, meant) => expect(read(typed, 'nb')).toBe(meant))

  it('puts the month where the country does', () => {
    expect(read('3/4', 'en', { tag: 'en-US' })).toBe('2027-03-04 08:30')
    expect(read('3/4', 'en', { tag: 'en-GB' })).toBe('2027-04-03 08:30')
  })

  it('means the clock of the zone it is asked for', () => {
    expect(read('tomorrow 8:30', 'en', { zone: 'America/New_York' })).toBe('2026-11-22 08:30')
    // It is already the next day in Auckland.
    expect(read('tomorrow 8:30', 'en', { zone: 'Pacific/Auckland' })).toBe('2026-11-23 08:30')
  })

  it('says so when the words name no time', () => {
    expect(read('when pigs fly', 'en')).toBeNull()
    expect(read('', 'de')).toBeNull()
  })
})
