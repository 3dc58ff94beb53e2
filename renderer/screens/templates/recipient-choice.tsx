// Choosing one person, from everyone written to.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { useId, useState } from 'react'
import type { Recipient } from '../../../shared/model/draft.ts'
import { api } from '../../api/api.ts'
import { Field, inputLook } from '../../parts/text-field.tsx'
import { useSettled } from './use-settled.ts'

type Props = { readonly label: string; readonly placeholder: string; readonly value: Recipient | null; readonly onChange: (recipient: Recipient | null) => void }

const shownAs = (recipient: Recipient | null): string => (recipient === null ? '' : recipient.name === '' ? recipient.address : `${recipient.name} <${recipient.address}>`)

export function RecipientChoice({ label, placeholder, value, onChange }: Props) {
  const listId = useId()
  const [typed, setTyped] = useState<string | null>(null)
  const [at, setAt] = useState(0)
  const sought = useSettled(typed ?? '', 80)
  const suggestions = useQuery({ ...api.recipients.suggest.queryOptions({ input: { text: sought, accountId: null, limit: 8 } }), enabled: typed !== null, placeholderData: keepPreviousData }).data ?? []
  const open = typed !== null && suggestions.length > 0
  const choose = (recipient: Recipient | null): void => {
    onChange(recipient)
    setTyped(null)
    setAt(0)
  }
  /** What was typed without choosing: an address, with or without a name. */
  const readTyped = (text: string): void => {
    const [, name = '', address = ''] = /^\s*(?:"?(.*?)"?\s*<)?\s*([^\s<>@]+@[^\s<>@]+?)\s*>?\s*$/.exec(text) ?? []
    if (text.trim() === '') choose(null)
    else if (address !== '') choose({ name: name.trim(), address })
    else choose({ name: text.trim(), address: '' })
  }
  return (
    <Field label={label} className="relative">
      {(control) => (
        <>
          <input
            {...control}
            role="combobox"
            aria-expanded={open}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={open ? `${listId}-${String(at)}` : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder={placeholder}
            value={typed ?? shownAs(value)}
            className={inputLook}
            onFocus={(event) => {
              event.target.select()
              setTyped('')
            }}
            onBlur={() => {
              if (typed !== null && typed.trim() !== '') readTyped(typed)
              else setTyped(null)
            }}
            onChange={(event) => {
              setTyped(event.target.value)
              setAt(0)
              if (event.target.value === '') onChange(null)
            }}
            onKeyDown={(event) => {
              if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
                if (typed === null) setTyped('')
                if (open) setAt((at + (event.key === 'ArrowDown' ? 1 : suggestions.length - 1)) % suggestions.length)
              } else if (event.key === 'Enter') {
                const chosen = open ? suggestions[at] : undefined
                if (chosen) choose({ name: chosen.name, address: chosen.address })
                else if (typed !== null) readTyped(typed)
              } else if (event.key === 'Escape' && typed !== null) {
                setTyped(null)
              } else return
              event.preventDefault()
              event.stopPropagation()
            }}
          />
          {open && (
            <ul id={listId} role="listbox" aria-label={label} className="absolute inset-x-0 top-full z-20 mt-1 max-h-64 overflow-y-auto rounded-lg bg-raised p-1 shadow-raised">
              {suggestions.map((one, index) => (
                <li
                  key={one.address}
                  id={`${listId}-${String(index)}`}
                  role="option"
                  aria-selected={index === at}
                  onPointerMove={() => setAt(index)}
                  onPointerDown={(event) => {
                    event.preventDefault()
                    choose({ name: one.name, address: one.address })
                  }}
                  className={clsx('rounded-sm px-2 py-1', index === at && 'bg-fill-strong')}
                >
                  <bdi className="block truncate">{one.name || one.address}</bdi>
                  {one.name !== '' && <bdi className="block truncate text-xs text-ink-3">{one.address}</bdi>}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Field>
  )
}
