import { describe, expect, it } from 'vitest'
import { reconnectDelay } from './connection.ts'

describe('reconnectDelay', () => {
  it('begins short, doubles, and never waits longer than eight seconds', () => {
    expect([0, 1, 2, 3].map((attempt) => reconnectDelay(attempt, 0))).toEqual([200, 400, 800, 1600])
    expect(reconnectDelay(30, 0)).toBe(8000)
  })

  it('spreads attempts by up to a third', () => {
    expect(reconnectDelay(5, 0.999)).toBeGreaterThanOrEqual(Math.floor((6400 * 2) / 3))
    expect(reconnectDelay(5, 0.999)).toBeLessThan(6400)
  })
})
