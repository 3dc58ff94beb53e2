import { describe, expect, it } from 'vitest'
import { FolderId } from '../../../shared/model/ids.ts'
import type { LedgerLine } from '../../../shared/model/folder.ts'
import { nextSort, sortedLines, totalsOf, verdictOf } from './ledger-rows.ts'

const line = (id: number, path: string, rest: Partial<LedgerLine> = {}): LedgerLine => ({
  folderId: FolderId.parse(id), path, serverCount: 10, ourCount: 10, toFetch: 0, bodiesToFetch: 0, unparsed: 0, expunged: 0, pending: 0, unexplained: 0, comparedAt: 100, provedAt: 100, ...rest,
})

describe('the verdict', () => {
  it('is proved only when every folder agrees and was compared, and dates from the oldest comparison', () => {
    expect(verdictOf([line(1, 'INBOX'), line(2, 'Sent', { comparedAt: 50 })])).toEqual({ kind: 'proved', folders: 2, comparedAt: 50 })
    expect(verdictOf([line(1, 'INBOX'), line(2, 'Sent', { comparedAt: null })])).toEqual({ kind: 'agrees', folders: 2, notCompared: 1 })
  })
  it('a difference nothing explains is a fault, even if two of them cancel out', () => {
    expect(verdictOf([line(1, 'A', { ourCount: 8, unexplained: 2 }), line(2, 'B', { ourCount: 12, unexplained: -2 })])).toEqual({ kind: 'fault', folders: 2, messages: 4 })
  })
  it('is incomplete while messages are still to fetch or a folder was never looked at', () => {
    expect(verdictOf([line(1, 'A', { ourCount: 4, toFetch: 6 }), line(2, 'B', { serverCount: null, ourCount: 0 })])).toEqual({ kind: 'incomplete', folders: 2, messages: 6, notLookedAt: 1 })
  })
})

describe('the table', () => {
  it('sorts numbers by size, paths as people count, and keeps ties in path order', () => {
    const lines = [line(1, 'Role 10', { ourCount: 5 }), line(2, 'Role 9', { ourCount: 5 }), line(3, 'Åpne', { ourCount: 7 })]
    expect(sortedLines(lines, { column: 'ourCount', descending: true }, 'nb').map((one) => one.path)).toEqual(['Åpne', 'Role 9', 'Role 10'])
    expect(sortedLines(lines, { column: 'path', descending: false }, 'nb').map((one) => one.path)).toEqual(['Role 9', 'Role 10', 'Åpne'])
  })
  it('keeps faults on top of the order of paths, whichever way round', () => {
    const lines = [line(1, 'A'), line(2, 'B', { unexplained: 1 }), line(3, 'C')]
    expect(sortedLines(lines, { column: 'path', descending: false }, 'en').map((one) => one.path)).toEqual(['B', 'A', 'C'])
    expect(sortedLines(lines, { column: 'path', descending: true }, 'en').map((one) => one.path)).toEqual(['B', 'C', 'A'])
  })
  it('adds up, counting a folder never looked at as nothing on the server', () => {
    expect(totalsOf([line(1, 'A', { ourCount: 4, toFetch: 6 }), line(2, 'B', { serverCount: null, ourCount: 0 })])).toMatchObject({ serverCount: 10, ourCount: 4, difference: 6, notLookedAt: 1 })
  })
  it('a second click turns the order round', () => {
    const first = nextSort({ column: 'path', descending: false }, 'unexplained')
    expect(first).toEqual({ column: 'unexplained', descending: true })
    expect(nextSort(first, 'unexplained').descending).toBe(false)
  })
})
