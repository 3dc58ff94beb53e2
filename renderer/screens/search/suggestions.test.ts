import { describe, expect, it } from 'vitest'
import { suggestionsFor } from './suggestions.ts'

const known = { folders: ['Inbox', 'Søknader 2026', 'Archive'], accounts: ['Northwind'], people: ['Ada Lovelace', 'ada@acme.com', 'Bjørn Aas'] }
const offered = (text: string, caret = text.length): readonly string[] => suggestionsFor(text, caret, known).map((suggestion) => suggestion.text)

describe('completing a search', () => {
  it('offers operators by their first letters', () => {
    expect(offered('cv f')).toEqual(['cv from:', 'cv filename:'])
    expect(offered('bef')).toEqual(['before:'])
    expect(offered('engineer')).toEqual([])
    expect(offered('')).toEqual([])
  })

  it('offers folders, accounts and fixed values', () => {
    expect(offered('in:')).toEqual(['in:Inbox ', 'in:"Søknader 2026" ', 'in:Archive '])
    expect(offered('in:so')).toEqual([])
    expect(offered('in:sø')).toEqual(['in:"Søknader 2026" '])
    expect(offered('is:un')).toEqual(['is:unread '])
    expect(offered('is:f')).toEqual(['is:forwarded '])
    expect(offered('account:n')).toEqual(['account:Northwind '])
  })

  it('offers people once a letter of their name is there', () => {
    expect(offered('from:')).toEqual([])
    expect(offered('from:ad')).toEqual(['from:"Ada Lovelace" ', 'from:ada@acme.com '])
    expect(offered('-to:bj cv', 6)).toEqual(['-to:"Bjørn Aas" cv'])
  })

  it('offers nothing that is there already', () => {
    expect(offered('is:unread')).toEqual([])
  })
})
