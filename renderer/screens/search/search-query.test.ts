import { describe, expect, it } from 'vitest'
import { complete, matchingNames, tokenAt, tokensOf } from './search-query.ts'

describe('reading a query as it is typed', () => {
  it('splits words, phrases and operators', () => {
    expect(tokensOf('from:ada -is:unread "senior engineer" cv').map((token) => [token.negated, token.operator, token.value])).toEqual([
      [false, 'from', 'ada'], [true, 'is', 'unread'], [false, null, 'senior engineer'], [false, null, 'cv'],
    ])
  })

  it('takes quotes inside an operator and quotes still open', () => {
    expect(tokensOf('in:"Senior Eng').map((token) => [token.operator, token.value, token.start, token.end])).toEqual([['in', 'Senior Eng', 0, 14]])
  })

  it('leaves unknown operators and times as plain words', () => {
    expect(tokensOf('re:hello 10:30 http://x').map((token) => token.operator)).toEqual([null, null, null])
  })

  it('ends on anything typed', () => {
    for (const text of ['"', '""', ':', '-', '--', ' - ', 'from:', 'from:""x', 'a"b"c', '\u0000', '🎉"']) {
      const tokens = tokensOf(text)
      for (const token of tokens) expect(token.end).toBeGreaterThan(token.start)
    }
  })

  it('finds the token the caret touches', () => {
    expect(tokenAt('from:ada cv', 8)).toMatchObject({ operator: 'from', start: 0, end: 8 })
    expect(tokenAt('from:ada cv', 9)).toMatchObject({ value: '', start: 9, end: 9 })
    expect(tokenAt('', 0)).toMatchObject({ value: '', start: 0 })
  })
})

describe('completing a query', () => {
  it('replaces the word under the caret and goes on after it', () => {
    expect(complete('cv fro', tokenAt('cv fro', 6), 'from', null)).toEqual({ text: 'cv from:', caret: 8 })
    expect(complete('cv from:ad', tokenAt('cv from:ad', 10), 'from', 'Ada Lovelace')).toEqual({ text: 'cv from:"Ada Lovelace" ', caret: 23 })
    expect(complete('is: cv', tokenAt('is: cv', 3), 'is', 'unread')).toEqual({ text: 'is:unread cv', caret: 10 })
  })

  it('keeps a minus sign', () => {
    expect(complete('-in:tr', tokenAt('-in:tr', 6), 'in', 'Trash').text).toBe('-in:Trash ')
  })

  it('ranks names that begin with what is typed first and folds accents', () => {
    expect(matchingNames(['Søknader', 'Inbox', 'Gesendete Entwürfe', 'Entwürfe'], 'entwu', 5)).toEqual(['Entwürfe', 'Gesendete Entwürfe'])
  })
})
