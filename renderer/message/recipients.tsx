// A list of people in the details of a message. Some mails have ten thousand: they are shown a page at a time.
import { useState } from 'react'
import type { Address } from '../../shared/model/message.ts'
import { useText } from '../locales/text.ts'
import { copyText } from './copy-text.ts'
import { spelledAddress } from './people.ts'

const firstPage = 20
const nextPage = 200

export function Recipients({ people, omitted = 0 }: { readonly people: readonly Address[]; readonly omitted?: number }) {
  const t = useText()
  const [shown, setShown] = useState(firstPage)
  const left = people.length - shown
  return (
    <span className="flex max-h-72 flex-wrap gap-x-1 gap-y-0.5 overflow-y-auto">
      {people.slice(0, shown).map((person, at) => (
        // The same address may stand twice, and the list never changes its order.
        <Person key={at} person={person} />
      ))}
      {left > 0 && (
        <button type="button" className="rounded-sm px-1 font-medium text-accent-ink hover:bg-fill-strong" onClick={() => setShown(shown + nextPage)}>
          {t('message:header.more', { count: left })}
        </button>
      )}
      {left <= 0 && omitted > 0 && <span className="px-1 text-ink-3">{t('message:header.omitted', { count: omitted })}</span>}
    </span>
  )
}

/** Name and address; a click copies the address. */
export function Person({ person }: { readonly person: Address }) {
  const t = useText()
  return (
    <button
      type="button"
      title={t('message:header.copy', { address: person.address })}
      className="selectable max-w-full truncate rounded-sm px-1 text-left hover:bg-fill-strong"
      onClick={() => void copyText(spelledAddress(person), t('message:done.addressCopied', { address: person.address }))}
    >
      {person.name === '' || person.name === person.address ? (
        <bdi>{person.address}</bdi>
      ) : (
        <>
          <bdi>{person.name}</bdi> <bdi className="text-ink-3">{person.address}</bdi>
        </>
      )}
    </button>
  )
}
