import { describe, expect, it } from 'vitest'
import { formatFor, formatTag } from './format.ts'
import { localeFor } from './text.ts'

const now = new Date(2026, 10, 21, 15, 30).getTime()
const hour = 3_600_000
const plain = (text: string) => text.replace(/[\u202f\u00a0]/g, ' ')

describe('formatFor', () => {
  const en = formatFor('en', ['en-GB'])
  const de = formatFor('de', ['de-DE'])

  it('shows the time today, the weekday this week, the day this year, else the whole date', () => {
    expect(en.listDate(now - 2 * hour, now)).toBe('13:30')
    expect(en.listDate(now - 24 * hour, now)).toBe('Fri')
    expect(de.listDate(now - 6 * 24 * hour, now)).toMatch(/^So/)
    expect(en.listDate(now - 7 * 24 * hour, now)).toBe('14 Nov')
    expect(de.listDate(new Date(2025, 1, 3).getTime(), now)).toBe('03.02.25')
  })

  it('gives a date in the future its day, not a weekday of the past', () => {
    expect(en.listDate(now + 3 * 24 * hour, now)).toBe('24 Nov')
  })

  it('says sizes in the language', () => {
    expect(plain(en.size(999))).toBe('999 byte')
    expect(plain(de.size(1_540_000))).toBe('1,5 MB')
    expect(plain(en.size(340_000))).toBe('340 kB')
  })

  it('says how long something takes', () => {
    expect(plain(en.duration(30_000))).toBe('30 secs')
    expect(plain(en.duration(65 * 60_000))).toBe('1 hr, 5 mins')
  })

  it('says when, from now', () => {
    expect(en.relative(now - 24 * hour, now)).toBe('yesterday')
    expect(de.relative(now + 5 * 60_000, now)).toBe('in 5 Minuten')
  })
})

describe('languages', () => {
  it('takes the first of the system that is here, any Norwegian as Bokmål, else English', () => {
    expect(localeFor('system', ['fr-FR', 'de-AT', 'en'])).toBe('de')
    expect(localeFor('system', ['nn-NO'])).toBe('nb')
    expect(localeFor('system', ['fr'])).toBe('en')
    expect(localeFor('nb', ['de'])).toBe('nb')
  })

  it("writes dates as the system's own form of the language does", () => {
    expect(formatTag('en', ['de-DE', 'en-GB'])).toBe('en-GB')
    expect(formatTag('nb', ['de-DE'])).toBe('nb')
  })
})
