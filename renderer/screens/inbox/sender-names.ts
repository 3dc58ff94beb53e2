import type { ThreadRow } from '../../../shared/model/message.ts'

export type Sender = { readonly name: string; readonly unread: boolean }

function fullName(person: ThreadRow['people'][number]): string {
  return person.name.trim() || person.address
}

/** A first name for a row that several share: 'Berg, Anna' and 'Anna Berg' are both Anna; titles are skipped. */
export function shortName(name: string): string {
  const [last, first] = name.split(',', 2)
  const words = (first !== undefined && last !== undefined && !last.includes(' ') ? first : name).trim().split(/\s+/)
  const word = words.find((candidate) => !/^(dr|prof|mr|mrs|ms|herr|frau|fru|hr)\.?$/i.test(candidate))
  // An address or a one-word name stays whole.
  return word ?? name
}

/** Who wrote, for one row: the full name of one, the first names of several. 'Me' comes as a word. */
export function sendersOf(people: ThreadRow['people'], me: string, nobody: string): readonly Sender[] {
  const first = people[0]
  if (!first) return [{ name: nobody, unread: false }]
  if (people.length === 1) return [{ name: first.me ? me : fullName(first), unread: first.unread }]
  return people.map((person) => ({ name: person.me ? me : shortName(fullName(person)), unread: person.unread }))
}
