import { describe, expect, it } from 'vitest'
import { sendersOf, shortName } from './sender-names.ts'

const person = (name: string, more: { unread?: boolean; me?: boolean } = {}) => ({ name, address: `${name.replaceAll(' ', '.')}@example.org`, unread: false, me: false, ...more })

describe('sendersOf', () => {
  it('gives one sender in full and several by first name', () => {
    expect(sendersOf([person('Anna Berg')], 'me', '?')).toEqual([{ name: 'Anna Berg', unread: false }])
    expect(sendersOf([person('Anna Berg', { unread: true }), person('Maria Keller', { me: true })], 'me', '?')).toEqual([
      { name: 'Anna', unread: true },
      { name: 'me', unread: false },
    ])
  })

  it('falls back to the address, and to a word when there is nobody', () => {
    expect(sendersOf([{ name: ' ', address: 'a@b.c', unread: false, me: false }], 'me', '?')[0]?.name).toBe('a@b.c')
    expect(sendersOf([], 'me', 'nobody')[0]?.name).toBe('nobody')
  })
})

describe('shortName', () => {
  it.each([
    ['Berg, Anna', 'Anna'],
    ['Dr. Lena Hoffmann', 'Lena'],
    ['Bjørn-Erik Aas', 'Bjørn-Erik'],
    ['LinkedIn', 'LinkedIn'],
    ['jobs@example.org', 'jobs@example.org'],
    ['Meyer, Schulze und Partner', 'Schulze'],
  ])('of %s is %s', (name, short) => {
    expect(shortName(name)).toBe(short)
  })
})
