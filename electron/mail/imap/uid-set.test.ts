import { describe, expect, it } from 'vitest'
import { commandSized, countOf, formatUidSet, hasUid, intersect, newest, parseUidSet, subtract, uidRange, uidSet, uidsOf, union } from './uid-set.ts'

const text = (set: Parameters<typeof formatUidSet>[0]): string => formatUidSet(set)

describe('a UID set', () => {
  it('joins neighbours and drops duplicates, in whatever order they come', () => {
    expect(text(uidSet([9, 1, 2, 3, 3, 7, 8]))).toBe('1:3,7:9')
    expect(text(parseUidSet('7:9,3,1:2'))).toBe('1:3,7:9')
    expect(text(parseUidSet('9:7'))).toBe('7:9')
  })
  it('leaves out what is no UID', () => {
    expect(text(parseUidSet('0,-1,a,*,5000000000,4294967295'))).toBe('4294967295')
    expect(text(parseUidSet(''))).toBe('')
  })
  it('counts, finds and lists its members', () => {
    const set = parseUidSet('1:3,7:9,4294967294:4294967295')
    expect(countOf(set)).toBe(8)
    expect([0, 1, 3, 4, 6, 7, 9, 10, 4294967295].map((uid) => hasUid(set, uid))).toEqual([false, true, true, false, false, true, true, false, true])
    expect([...uidsOf(parseUidSet('1:3,7'))]).toEqual([1, 2, 3, 7])
  })
  it('takes the newest, within the length of a command', () => {
    expect(text(newest(parseUidSet('1:10,20:21'), 4))).toBe('9:10,20:21')
    expect(text(newest(uidSet([1, 3, 5, 7]), 4, 2))).toBe('5,7')
    expect(commandSized(uidSet([1, 3, 5, 7, 9]), 2).map(text)).toEqual(['1,3', '5,7', '9'])
  })
  it('adds, subtracts and intersects like sets of numbers do', () => {
    let seed = 11
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) & 0x7fffffff
      return seed % below
    }
    for (let round = 0; round < 500; round++) {
      const a = new Set(Array.from({ length: random(30) }, () => 1 + random(40)))
      const b = new Set(Array.from({ length: random(30) }, () => 1 + random(40)))
      expect(text(subtract(uidSet(a), uidSet(b)))).toBe(text(uidSet(a.difference(b))))
      expect(text(intersect(uidSet(a), uidSet(b)))).toBe(text(uidSet(a.intersection(b))))
      expect(text(union(uidSet(a), uidSet(b)))).toBe(text(uidSet(a.union(b))))
    }
  })
  it('is empty for an empty range', () => {
    expect(uidRange(5, 4)).toEqual([])
    expect(text(subtract(uidRange(1, 10), uidRange(1, 10)))).toBe('')
  })
})
