// How a mail begins, by language, formality and what is known of the person.
import type { PersonName } from './person-name.ts'

export type Formality = 'formal' | 'informal'

/** Without the comma or line end that follows: those are the template's. */
export function greetingFor(person: PersonName, language: string, formality: Formality): string {
  switch (language) {
    case 'de':
      return formality === 'formal' ? germanFormal(person) : joined('Hallo', person.first || person.full)
    case 'nb':
    case 'nn':
    case 'no':
      // 'Kjære' takes every gender; 'Hei' with the first name is what people write, also to strangers.
      return joined('Hei', person.first || person.full)
    case 'sv':
    case 'da':
      return joined('Hej', person.first || person.full)
    default:
      return formality === 'formal' ? englishFormal(person) : joined('Hi', person.first || person.full)
  }
}

function germanFormal(person: PersonName): string {
  const called = [person.title, person.last].filter(Boolean).join(' ')
  if (person.last === '' || person.gender === 'unknown') return joined('Guten Tag', [person.title, person.full].filter(Boolean).join(' '))
  return person.gender === 'female' ? `Sehr geehrte Frau ${called}` : `Sehr geehrter Herr ${called}`
}

function englishFormal(person: PersonName): string {
  if (person.full === '') return 'Hello'
  if (person.last === '') return joined('Dear', person.full)
  // A title is said instead of Mr or Ms.
  const title = /prof/i.test(person.title) ? 'Professor' : person.title !== '' ? 'Dr' : person.gender === 'female' ? 'Ms' : person.gender === 'male' ? 'Mr' : ''
  return title === '' ? joined('Dear', person.full) : `Dear ${title} ${person.last}`
}

function joined(word: string, name: string): string {
  return name === '' ? word : `${word} ${name}`
}
