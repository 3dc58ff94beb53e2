import { describe, expect, it } from 'vitest'
import { moved, placeAt } from './reorder.ts'

describe('reordering', () => {
  it('moves one item and keeps the others in order', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
  })
  it('stops at the ends', () => {
    const items = ['a', 'b']
    expect(moved(items, 0, -1)).toBe(items)
    expect(moved(items, 1, 9)).toBe(items)
  })
  it('finds the place under a pointer', () => {
    expect(placeAt(5, [10, 30, 50])).toBe(0)
    expect(placeAt(31, [10, 30, 50])).toBe(2)
    expect(placeAt(500, [10, 30, 50])).toBe(2)
  })
})
