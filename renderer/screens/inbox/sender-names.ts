import type { Translate } from '../../locales/text.ts'
import type { ThreadRow } from '../../../shared/model/message.ts'

export type Sender = { readonly name: string; readonly unread: boolean }

function fullName(person: Pick<ThreadRow['people'][number], 'name' | 'address'>): string {
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

/** Who a row is about: who wrote, or whom they wrote to where only the account itself did. */
export function whoOf(row: ThreadRow, t: Translate): readonly Sender[] {
  if (row.to.length === 0) return sendersOf(row.people, t('inbox:list.me'), t('inbox:list.noSender'))
  const names = row.to.map((person) => (row.to.length === 1 ? fullName(person) : shortName(fullName(person))))
  return [{ name: t('inbox:list.to', { people: names.join(', ') }), unread: row.unread }]
}
