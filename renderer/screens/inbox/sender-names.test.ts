import { describe, expect, it } from 'vitest'
import type { ThreadRow } from '../../../shared/model/message.ts'
import { text } from '../../locales/text.ts'
import { sendersOf, shortName, whoOf } from './sender-names.ts'

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

describe('whoOf', () => {
  const row = (to: ThreadRow['to']): ThreadRow => ({ people: [person('Maria Keller', { me: true })], to, unread: false }) as unknown as ThreadRow
  const names = (to: ThreadRow['to']) => whoOf(row(to), text).map(({ name }) => name)
  it('names the recipients of what only the account itself wrote', () => {
    expect(names([{ name: 'Kari Nordmann', address: 'kari@a.no' }])).toEqual(['To: Kari Nordmann'])
    expect(names([{ name: 'Nordmann, Kari', address: 'kari@a.no' }, { name: '', address: 'ola@a.no' }])).toEqual(['To: Kari, ola@a.no'])
    expect(names([])).toEqual(['me'])
  })
})
