import { describe, expect, it } from 'vitest'
import { parseSearch } from './search-query.ts'

const now = new Date(2026, 10, 21, 15, 30).getTime()
const day = (year: number, month: number, date: number): number => new Date(year, month - 1, date).getTime()

describe('a search query', () => {
  it('takes the last word as a beginning only while it is typed and long enough', () => {
    expect(parseSearch('senior eng', now).terms).toEqual([
      { column: 'any', text: 'senior', prefix: false, negated: false },
      { column: 'any', text: 'eng', prefix: true, negated: false },
    ])
    expect(parseSearch('senior eng ', now).terms.at(-1)?.prefix).toBe(false)
    expect(parseSearch('en', now).terms[0]?.prefix).toBe(false)
    expect(parseSearch('en*', now).terms[0]?.prefix).toBe(true)
    expect(parseSearch('engineer', now, false).terms[0]?.prefix).toBe(false)
  })

  it('reads fields, quotes and minus', () => {
    expect(parseSearch('from:"Lena Hoffmann" -subject:re filename:cv.pdf', now, false).terms).toEqual([
      { column: 'sender', text: 'Lena Hoffmann', prefix: false, negated: false },
      { column: 'subject', text: 're', prefix: false, negated: true },
      { column: 'filenames', text: 'cv.pdf', prefix: false, negated: false },
    ])
    const query = parseSearch('in:Archive account:work has:attachment is:unread -is:starred', now)
    expect(query).toMatchObject({ folders: ['archive'], accounts: ['work'], hasAttachment: true, unread: true, flagged: false, terms: [], ignored: [] })
    expect(parseSearch('is:forwarded -is:answered', now)).toMatchObject({ forwarded: true, answered: false, terms: [], ignored: [] })
  })

  it('reads dates as the local days a person means', () => {
    expect(parseSearch('before:2026-03-01', now).before).toBe(day(2026, 3, 1))
    expect(parseSearch('after:2026-03-01', now).after).toBe(day(2026, 3, 2))
    expect(parseSearch('after:1.3.2026', now).after).toBe(day(2026, 3, 2))
    expect(parseSearch('after:2025', now).after).toBe(day(2026, 1, 1))
    expect(parseSearch('before:2025-06', now).before).toBe(day(2025, 6, 1))
    expect(parseSearch('after:yesterday', now).after).toBe(day(2026, 11, 21))
    expect(parseSearch('after:7d', now).after).toBe(day(2026, 11, 14))
  })

  it('says what it did not understand instead of guessing', () => {
    expect(parseSearch('before:someday is:purple has:money --- word', now, false).ignored).toEqual(['before:someday', 'is:purple', 'has:money', '---'])
  })

  it('takes an unknown field for text, as in an address of the web', () => {
    expect(parseSearch('https://firma.example/jobs', now, false).terms[0]?.text).toBe('https //firma.example/jobs')
  })
})
