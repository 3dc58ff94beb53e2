import { describe, expect, it } from 'vitest'
import { formatWall, readWall, shiftMail, shiftTo, type ProseDate } from './seed-dates.ts'

// A Friday in winter, 15:00 in Oslo.
const reference = readWall('2026-11-20T15:00:00')
const at = (text: string): number => Date.parse(text)
const iso = (instant: number): string => new Date(instant).toISOString()

describe('moving the dates of the seed', () => {
  it('leaves every date alone when opened at the reference itself', () => {
    const shift = shiftTo(reference, at('2026-11-20T14:00:00Z'))
    for (const wall of ['2025-11-14T09:12:00', '2026-07-02T23:59:00', '2026-11-16T08:00:00', '2026-11-20T14:36:00', '2026-11-24T13:00:00']) {
      expect(shift(readWall(wall))).toBe(at(`${wall}${wall.includes('-07-') ? '+02:00' : '+01:00'}`))
    }
  })

  it('keeps what came in minutes before the reference minutes old', () => {
    const evening = at('2027-03-03T19:10:00Z')
    expect(evening - shiftTo(reference, evening)(readWall('2026-11-20T14:36:00'))).toBe(24 * 60_000)
    const morning = at('2027-03-03T06:00:00Z')
    const age = morning - shiftTo(reference, morning)(readWall('2026-11-20T14:36:00'))
    expect(age).toBeGreaterThan(0)
    expect(age).toBeLessThan(24 * 60_000)
  })

  it('keeps yesterday yesterday, at the same time of day', () => {
    const shift = shiftTo(reference, at('2027-03-03T06:10:00Z'))
    expect(iso(shift(readWall('2026-11-19T21:09:00')))).toBe('2027-03-02T20:09:00.000Z')
  })

  it('keeps the weekday of older and of coming dates', () => {
    for (let offset = 0; offset < 14; offset++) {
      const shift = shiftTo(reference, at('2027-06-14T09:00:00Z') + offset * 86_400_000)
      expect(new Date(shift(readWall('2026-09-30T09:00:00'))).getUTCDay()).toBe(3)
      expect(new Date(shift(readWall('2026-11-24T13:00:00'))).getUTCDay()).toBe(2)
    }
  })

  it('never changes the order of two dates', () => {
    const walls = Array.from({ length: 3_000 }, (_, hours) => reference + 10 * 86_400_000 - hours * 3 * 3_600_000)
    for (const now of ['2026-11-20T14:00:00Z', '2026-11-22T11:00:00Z', '2027-03-28T23:30:00Z', '2027-03-28T07:00:00Z', '2031-10-26T12:00:00Z']) {
      const shift = shiftTo(reference, at(now))
      const moved = walls.map(shift)
      expect(moved).toEqual([...moved].sort((a, b) => b - a))
    }
  })

  it('keeps the time of day when daylight saving changes', () => {
    const shift = shiftTo(reference, at('2027-07-05T09:00:00Z'))
    expect(iso(shift(readWall('2026-11-05T09:00:00')))).toMatch(/T07:00:00/)
  })
})

describe('rewriting a message', () => {
  const shift = shiftTo(reference, at('2027-07-09T13:00:00Z'))
  const rewrite = (text: string, prose: readonly ProseDate[] = [], encoding: Parameters<typeof shiftMail>[2] = 'qp-utf8'): string => shiftMail(Buffer.from(text, 'latin1'), prose, encoding, shift).toString('latin1')

  it('moves header dates, keeping a foreign zone and following Oslo into summer time', () => {
    expect(rewrite('Date: Thu, 19 Nov 2026 15:52:07 +0100\r\n')).toBe('Date: Thu, 08 Jul 2027 15:52:07 +0200\r\n')
    expect(rewrite('Date: Thu, 05 Nov 2026 17:00:00 +0900\r\n')).toBe('Date: Thu, 24 Jun 2027 16:00:00 +0900\r\n')
  })

  it('moves calendar dates with and without a zone, and no zone rule', () => {
    const before = 'DTSTART;TZID=Europe/Oslo:20261124T130000\r\nDTEND:20261124T120000Z\r\nDTSTART:19700329T020000\r\n'
    expect(rewrite(before)).toBe('DTSTART;TZID=Europe/Oslo:20270713T130000\r\nDTEND:20270713T110000Z\r\nDTSTART:19700329T020000\r\n')
  })

  it('moves dates in prose, the longer one first, in the encoding of the text', () => {
    const prose: readonly ProseDate[] = [
      ['3. November', 'd. MMMM', '2026-11-03T09:00:00', 'de'],
      ['13. November 2026', 'd. MMMM yyyy', '2026-11-13T09:00:00', 'de'],
    ]
    expect(rewrite('am 13. November 2026 und am 3. November', prose)).toBe('am 2. Juli 2027 und am 22. Juni')
    const march = shiftTo(reference, at('2027-03-12T13:00:00Z'))
    expect(shiftMail(Buffer.from('am 13. November 2026'), prose, 'qp-utf8', march).toString()).toBe('am 5. M=C3=A4rz 2027')
    expect(shiftMail(Buffer.from('am 13. November 2026'), prose, '8bit-latin1', march).toString('latin1')).toBe('am 5. März 2027')
  })

  it('touches nothing else', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value))
    expect(shiftMail(bytes, [], 'qp-utf8', shift)).toEqual(bytes)
  })
})

describe('writing a date as a mail program does', () => {
  const wall = readWall('2026-03-07T15:04:00')
  it.each([
    ["EEE, MMM d, yyyy 'at' h:mm a", 'en', 'Sat, Mar 7, 2026 at 3:04 PM'],
    ["EEE, d. MMM yyyy 'um' HH:mm", 'de', 'Sa., 7. März 2026 um 15:04'],
    ["EEE d. MMM yyyy 'kl.' HH:mm", 'nb', 'lør. 7. mars 2026 kl. 15:04'],
    ['EEEE, MMMM d, yyyy h:mm a', 'en', 'Saturday, March 7, 2026 3:04 PM'],
    ["dd.MM.yy 'um' HH:mm", 'de', '07.03.26 um 15:04'],
  ] as const)('%s in %s', (pattern, locale, written) => {
    expect(formatWall(wall, pattern, locale)).toBe(written)
  })
})
