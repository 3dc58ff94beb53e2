import { describe, expect, it } from 'vitest'
import { readTable } from './table-text.ts'

describe('reading a table', () => {
  it('reads quotes, doubled quotes, line breaks in cells and CRLF', () => {
    expect(readTable('name,note\r\n"Lovelace, Ada","said ""hi""\nand left"\r\n', 10).rows).toEqual([
      ['name', 'note'], ['Lovelace, Ada', 'said "hi"\nand left'],
    ])
  })

  it('finds semicolons and tabs by the first line', () => {
    expect(readTable('Name;Gehalt\nAda;1,5', 10).rows[1]).toEqual(['Ada', '1,5'])
    expect(readTable('a\tb\n1\t2', 10).rows[1]).toEqual(['1', '2'])
  })

  it('stops at the limit and says there is more', () => {
    expect(readTable('a\n'.repeat(100), 10)).toMatchObject({ more: true, rows: { length: 10 } })
    expect(readTable('a\nb', 10)).toMatchObject({ more: false, rows: { length: 2 } })
  })

  it('drops a byte order mark and survives a quote never closed', () => {
    expect(readTable('\uFEFFa,b\n"c,d', 10).rows).toEqual([['a', 'b'], ['c,d']])
  })
})
