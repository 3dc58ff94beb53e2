import { describe, expect, it } from 'vitest'
import { instantOf, isTimeZone, wallAt } from './wall-clock.ts'

describe('a wall clock', () => {
  it('shows the time of its zone, on both sides of a change', () => {
    expect(wallAt(Date.UTC(2026, 2, 29, 0, 30), 'Europe/Oslo')).toBe('2026-03-29T01:30:00')
    expect(wallAt(Date.UTC(2026, 2, 29, 1, 30), 'Europe/Oslo')).toBe('2026-03-29T03:30:00')
    expect(wallAt(Date.UTC(2026, 5, 1), 'Asia/Kathmandu')).toBe('2026-06-01T05:45:00')
  })

  it('leads back to the instant, in every zone and season', () => {
    for (const zone of ['Europe/Oslo', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC']) {
      for (let hour = 0; hour < 24 * 400; hour += 7) {
        const at = Date.UTC(2026, 0, 1, hour)
        expect(instantOf(wallAt(at, zone), zone, at)).toBe(at)
        expect(wallAt(instantOf(wallAt(at, zone), zone, 0), zone)).toBe(wallAt(at, zone))
      }
    }
  })

  it('that shows a time twice means the one that was meant', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30)
    const second = Date.UTC(2026, 9, 25, 1, 30)
    expect(wallAt(first, 'Europe/Berlin')).toBe(wallAt(second, 'Europe/Berlin'))
    expect(instantOf('2026-10-25T02:30:00', 'Europe/Berlin', first)).toBe(first)
    expect(instantOf('2026-10-25T02:30:00', 'Europe/Berlin', second)).toBe(second)
  })

  it('that skips a time goes on as before the change', () => {
    expect(instantOf('2026-03-29T02:30:00', 'Europe/Berlin', 0)).toBe(Date.UTC(2026, 2, 29, 1, 30))
  })

  it('whose rules changed after the time was chosen still shows it', () => {
    // Chosen under rules that put the zone an hour off.
    const asChosen = Date.UTC(2027, 5, 1, 7, 30)
    expect(instantOf('2027-06-01T08:30:00', 'Europe/Oslo', asChosen)).toBe(Date.UTC(2027, 5, 1, 6, 30))
  })

  it('belongs to a zone that exists', () => {
    expect([isTimeZone('Europe/Oslo'), isTimeZone('Mars/Base')]).toEqual([true, false])
  })
})
