import { describe, expect, it } from 'vitest'
import { hueOf, initialsOf } from './initials.ts'

describe('initialsOf', () => {
  it.each([
    ['Anna Berg', 'AB'],
    ['Berg, Anna', 'AB'],
    ['Dr. Katharina von Reichenbach-Hohenfels', 'DH'],
    ['Jean-Luc', 'JL'],
    ['anna', 'A'],
    ['Yuki Tanaka 🌸', 'YT'],
    ['Élodie Ørsted', 'ÉØ'],
    ['שרה לוי', 'של'],
    ['Priya (Northwind)', 'P'],
  ])('of %s are %s', (name, initials) => {
    expect(initialsOf(name, '')).toBe(initials)
  })

  it('come from the address when there is no name', () => {
    expect(initialsOf('', 'anna.berg@example.org')).toBe('AB')
    expect(initialsOf('', '')).toBe('?')
  })
})

describe('hueOf', () => {
  it('stays with an address however it is written', () => {
    expect(hueOf('Anna@Example.org ')).toBe(hueOf('anna@example.org'))
    expect(hueOf('a@b.c') % 20).toBe(0)
  })
})
