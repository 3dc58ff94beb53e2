import { describe, expect, it } from 'vitest'
import { namePretends, repliesElsewhere, spelledAddress } from './people.ts'

describe('spelling an address', () => {
  it('quotes names that need it and leaves the others', () => {
    expect(spelledAddress({ name: 'Kari Nordmann', address: 'kari@a.no' })).toBe('Kari Nordmann <kari@a.no>')
    expect(spelledAddress({ name: 'Nordmann, Kari "K"', address: 'kari@a.no' })).toBe('"Nordmann, Kari \\"K\\"" <kari@a.no>')
    expect(spelledAddress({ name: '', address: 'kari@a.no' })).toBe('kari@a.no')
  })
})

describe('a name that pretends to be an address', () => {
  it('is one that names another address than the real one', () => {
    expect(namePretends({ name: 'ceo@acme.com', address: 'x@evil.example' })).toBe(true)
    expect(namePretends({ name: 'ada@acme.com', address: 'Ada@acme.com' })).toBe(false)
    expect(namePretends({ name: 'Ada @ Acme', address: 'ada@acme.com' })).toBe(false)
  })
})

describe('answers that go elsewhere', () => {
  const person = (address: string) => ({ name: '', address })
  it('are those to another house, unless a list or a program sent the message', () => {
    const message = { from: person('a@acme.com'), replyTo: [person('x@evil.example')], listId: null, automatic: false }
    expect(repliesElsewhere(message)).toBe('x@evil.example')
    expect(repliesElsewhere({ ...message, replyTo: [person('b@ACME.com')] })).toBeNull()
    expect(repliesElsewhere({ ...message, listId: 'list.example' })).toBeNull()
    expect(repliesElsewhere({ ...message, replyTo: [] })).toBeNull()
  })
})
