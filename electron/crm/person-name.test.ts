import { describe, expect, it } from 'vitest'
import { greetingFor } from './greeting.ts'
import { nameOf } from './person-name.ts'

const parts = (name: string, address = 'x@x.example') => {
  const { first, last, title, gender } = nameOf({ name, address })
  return [first, last, title, gender]
}

describe('a name', () => {
  it.each([
    ['Anna Müller', ['Anna', 'Müller', '', 'unknown']],
    ['Müller, Anna', ['Anna', 'Müller', '', 'unknown']],
    ['"Müller, Dr. Anna"', ['Anna', 'Müller', 'Dr.', 'unknown']],
    ['Frau Prof. Dr. Eva-Maria von der Heide', ['Eva-Maria', 'von der Heide', 'Prof. Dr.', 'female']],
    ['Herr Möller', ['Möller', '', '', 'male']],
    ['Mr John Smith', ['John', 'Smith', '', 'male']],
    ['Ms. Jane Doe, PhD', ['Jane', 'Doe', '', 'female']],
    ['Ludwig van Beethoven', ['Ludwig', 'van Beethoven', '', 'unknown']],
    ['ANNA-LENA MÜLLER', ['Anna-Lena', 'Müller', '', 'unknown']],
    ['kari nordmann', ['Kari', 'Nordmann', '', 'unknown']],
    ['Ronan McDonald', ['Ronan', 'McDonald', '', 'unknown']],
    ["Siobhan O'NEILL", ['Siobhan', "O'Neill", '', 'unknown']],
    ['Anna Müller (Nordlys Energi)', ['Anna', 'Müller', '', 'unknown']],
    ['Anna Müller | Nordlys Energi', ['Anna', 'Müller', '', 'unknown']],
    ['Anna Müller via LinkedIn', ['Anna', 'Müller', '', 'unknown']],
    ['Kari', ['Kari', '', '', 'unknown']],
    ['Andrea Rossi', ['Andrea', 'Rossi', '', 'unknown']],
    ['Nordlys Energi AS', ['', '', '', 'unknown']],
    ['Brückner Maschinenbau GmbH', ['', '', '', 'unknown']],
    ['Team 42', ['', '', '', 'unknown']],
  ])('%s', (name, expected) => {
    expect(parts(name)).toEqual(expected)
  })

  it('is read from an address only where that spells one', () => {
    expect(parts('', 'anna.mueller@firma.example')).toEqual(['Anna', 'Mueller', '', 'unknown'])
    expect(parts('anna_lund@x.example', 'anna_lund@x.example')).toEqual(['Anna', 'Lund', '', 'unknown'])
    for (const address of ['amueller@x.example', 'a.mueller@x.example', 'info.team@x.example', 'anna.m.mueller@x.example', 'jobs@x.example', 'no.reply2@x.example', '']) {
      expect(parts('', address), address).toEqual(['', '', '', 'unknown'])
    }
  })

  it('never becomes slow', () => {
    for (const name of ['a '.repeat(250), 'Dr. '.repeat(125), '('.repeat(500), ' | '.repeat(160)]) expect(nameOf({ name, address: '' })).toBeDefined()
  })
})

describe('a greeting', () => {
  const greet = (name: string, language: string, formality: 'formal' | 'informal', gender?: 'female' | 'male') => {
    const person = nameOf({ name, address: '' })
    return greetingFor(gender ? { ...person, gender } : person, language, formality)
  }
  it.each([
    ['Frau Dr. Anna Müller', 'de', 'formal', undefined, 'Sehr geehrte Frau Dr. Müller'],
    ['Anna Müller', 'de', 'formal', 'female', 'Sehr geehrte Frau Müller'],
    ['Karl Möller', 'de', 'formal', 'male', 'Sehr geehrter Herr Möller'],
    ['Anna Müller', 'de', 'formal', undefined, 'Guten Tag Anna Müller'],
    ['Dr. Andrea Rossi', 'de', 'formal', undefined, 'Guten Tag Dr. Andrea Rossi'],
    ['Kari', 'de', 'formal', 'female', 'Guten Tag Kari'],
    ['', 'de', 'formal', undefined, 'Guten Tag'],
    ['Anna Müller', 'de', 'informal', undefined, 'Hallo Anna'],
    ['Kari Nordmann', 'nb', 'formal', undefined, 'Hei Kari'],
    ['Kari Nordmann', 'nb', 'informal', 'female', 'Hei Kari'],
    ['', 'nb', 'informal', undefined, 'Hei'],
    ['John Smith', 'en', 'formal', undefined, 'Dear John Smith'],
    ['Ms Jane Doe', 'en', 'formal', undefined, 'Dear Ms Doe'],
    ['Dr Jane Doe', 'en', 'formal', 'female', 'Dear Dr Doe'],
    ['John Smith', 'en', 'informal', undefined, 'Hi John'],
    ['', 'en', 'formal', undefined, 'Hello'],
    ['Nordlys Energi AS', 'en', 'informal', undefined, 'Hi Nordlys Energi AS'],
  ] as const)('to %j in %s, %s, %s: %s', (name, language, formality, gender, expected) => {
    expect(greet(name, language, formality, gender)).toBe(expected)
  })
})
