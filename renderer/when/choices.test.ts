import { describe, expect, it } from 'vitest'
import { timeChoices } from './choices.ts'
import { instantOf, likelyZone, offsetAt, wallIn } from './zones.ts'

const zone = 'Europe/Oslo'
const at = (day: number, hour: number, minute = 0, month = 11) => instantOf({ year: 2026, month, day, hour, minute }, zone)
const names = (now: number) => timeChoices(now, zone, 510).map(({ name }) => name)

describe('the usual choices', () => {
  it('are the ones that make sense at this time of this day', () => {
    // A Wednesday.
    expect(names(at(18, 9))).toEqual(['later', 'evening', 'tomorrow', 'monday', 'week'])
    expect(names(at(18, 19))).toEqual(['tomorrow', 'monday', 'week'])
    expect(names(at(18, 1))).toEqual(['evening', 'tomorrow', 'monday', 'week'])
  })

  it('name an instant once: on a Sunday, tomorrow is Monday', () => {
    expect(names(at(22, 19))).toEqual(['tomorrow', 'week'])
    expect(timeChoices(at(22, 19), zone, 510)[0]?.at).toBe(at(23, 8, 30))
  })

  it('keep the wall clock when the clocks change in between', () => {
    // Clocks go back on Sunday, 25 October 2026.
    const monday = timeChoices(at(24, 12, 0, 10), zone, 510).find(({ name }) => name === 'monday')
    expect(monday && wallIn(monday.at, zone)).toEqual({ year: 2026, month: 10, day: 26, hour: 8, minute: 30 })
  })
})

describe('wall clocks', () => {
  it('that a spring change skips come after it', () => {
    const skipped = instantOf({ year: 2027, month: 3, day: 28, hour: 2, minute: 30 }, zone)
    expect(wallIn(skipped, zone)).toEqual({ year: 2027, month: 3, day: 28, hour: 3, minute: 30 })
  })

  it('that come twice in autumn mean the first', () => {
    const twice = instantOf({ year: 2026, month: 10, day: 25, hour: 2, minute: 30 }, zone)
    expect(offsetAt(twice, zone)).toBe(120)
  })
})

describe('where somebody lives', () => {
  it('is guessed from the clock of their mail at that time', () => {
    const summer = Date.UTC(2026, 6, 1)
    expect(likelyZone(60, summer, zone)).toBe('Europe/London')
    expect(likelyZone(120, summer, zone)).toBe(zone)
    expect(likelyZone(330, summer, zone)).toBe('Asia/Kolkata')
    expect(likelyZone(17, summer, zone)).toBeNull()
  })
})
