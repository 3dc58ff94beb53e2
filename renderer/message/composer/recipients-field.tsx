// A line of recipients: chips that can be walked, mended, moved between the lines and taken out by keyboard or pointer, and
// a field behind them that completes from everyone written to.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { TriangleAlert, X } from 'lucide-react'
import type { ClipboardEvent, DragEvent, KeyboardEvent, ReactNode, Ref } from 'react'
import { useId, useImperativeHandle, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import type { Recipient, RecipientSuggestion } from '../../../shared/model/draft.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { api, client, queryClient } from '../../api/api.ts'
import { useText } from '../../locales/text.ts'
import { Avatar } from '../../parts/avatar.tsx'
import { spelledAddress } from '../people.ts'
import { isAddress, isInsideQuotes, sameAddress, splitAddresses, splitTyped, withRecipients } from './address-list.ts'
import { tellFailure } from './composer-actions.ts'

export type RecipientsHandle = {
  /** `typed`: what was typed before the field was there; a line for every Enter or Tab. */
  readonly focus: (typed?: string) => void
  /** Takes in what is typed and not yet a chip. */
  readonly commit: () => void
}

type Props = {
  readonly label: string
  readonly value: readonly Recipient[]
  readonly accountId: AccountId | null
  readonly onChange: (value: readonly Recipient[]) => void
  readonly handle?: Ref<RecipientsHandle>
  /** Beside the line: Cc and Bcc while they are not shown. */
  readonly children?: ReactNode
}

/** The chip being dragged, so that dropping it elsewhere takes it out of its line. */
let dragged: { readonly recipient: Recipient; readonly take: () => void; readonly from: string } | null = null

export function RecipientsField({ label, value, accountId, onChange, handle, children }: Props) {
  const t = useText()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const chips = useRef<HTMLDivElement>(null)
  const [typed, setTyped] = useState('')
  const [closed, setClosed] = useState(false)
  const [focused, setFocused] = useState(false)
  const [at, setAt] = useState(0)
  const [mending, setMending] = useState<{ readonly recipient: Recipient; readonly at: number } | null>(null)
  const [over, setOver] = useState(false)

  const words = typed.trim()
  const asking = { text: words, accountId, limit: 8 }
  const { data: found, isPlaceholderData } = useQuery({ ...api.recipients.suggest.queryOptions({ input: asking }), enabled: words !== '', placeholderData: keepPreviousData })
  const fresh = (row: RecipientSuggestion): boolean => !value.some((known) => sameAddress(known.address, row.address))
  // What was found for fewer letters is shown until the rest comes, as far as it still fits.
  const rows = words === '' ? [] : (found ?? []).filter((row) => fresh(row) && (!isPlaceholderData || beginsAWord(`${row.name} ${row.address}`, words) >= 0))
  const open = focused && !closed && rows.length > 0
  const active = Math.min(at, rows.length - 1)

  const put = (more: readonly Recipient[]): void => {
    setTyped('')
    setAt(0)
    setClosed(false)
    if (mending === null) onChange(withRecipients(value, more))
    else onChange(withRecipients(value.slice(0, mending.at), [...more, ...value.slice(mending.at)]))
    setMending(null)
  }
  const commit = (): void => {
    if (words !== '') put(splitAddresses(typed))
    else setMending(null)
  }
  /** Whoever types a name and Enter faster than it is looked up means the one who would have been first. */
  const takeBest = async (): Promise<void> => {
    const best = (await client.recipients.suggest(asking)).find(fresh)
    put(best === undefined ? splitAddresses(typed) : [{ name: best.name, address: best.address }])
  }
  const choose = (row: RecipientSuggestion): void => {
    put([{ name: row.name, address: row.address }])
    input.current?.focus()
  }
  const forget = async (row: RecipientSuggestion): Promise<void> => {
    await client.recipients.forget({ address: row.address })
    await queryClient.invalidateQueries({ queryKey: api.recipients.key() })
  }
  const remove = (index: number, then: 'chip' | 'input'): void => {
    onChange(value.filter((_one, position) => position !== index))
    if (then === 'input' || value.length === 1) input.current?.focus()
    else focusChip(Math.min(index, value.length - 2))
  }
  const mend = (index: number): void => {
    const recipient = value[index]
    if (recipient === undefined) return
    setMending({ recipient, at: index })
    setTyped(spelledAddress(recipient))
    setClosed(true)
    onChange(value.filter((_one, position) => position !== index))
    requestAnimationFrame(() => {
      input.current?.focus()
      input.current?.select()
    })
  }
  const focusChip = (index: number): void => {
    requestAnimationFrame(() => chips.current?.querySelectorAll<HTMLElement>('[data-chip]')[index]?.focus())
  }
  useImperativeHandle(handle, () => ({
    focus: (ahead = '') => {
      input.current?.focus()
      if (ahead === '') return
      // Before the next key: what React still had to write into the field would be overwritten by that key's letter.
      queueMicrotask(() => flushSync(() => {
        const { whole, rest } = splitTyped(typed + ahead)
        if (whole.length > 0) put(whole)
        setTyped(rest)
      }))
    },
    commit,
  }))

  const onKey = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { key } = event
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    const row = open ? rows[active] : undefined
    const field = event.currentTarget
    if (open && (key === 'ArrowDown' || key === 'ArrowUp')) setAt((active + (key === 'ArrowDown' ? 1 : rows.length - 1)) % rows.length)
    else if (row !== undefined && key === 'Delete' && event.shiftKey) void forget(row).catch(tellFailure)
    else if (key === 'Escape' && open) setClosed(true)
    else if (key === 'Escape' && mending !== null) put([mending.recipient])
    else if ((key === 'Enter' || (key === 'Tab' && !event.shiftKey)) && words !== '') {
      if (row !== undefined) choose(row)
      else if (typed.includes('@') || closed) commit()
      else void takeBest().catch(commit)
    } else if (key === 'Enter') {
      // Nothing typed: nothing to do, and no form to send.
    } else if ((key === ',' || key === ';') && words !== '' && !isInsideQuotes(typed.slice(0, field.selectionStart ?? 0))) {
      // A comma after a bare word may be a family name: the address decides.
      if (key === ',' && !typed.includes('@')) return
      commit()
    } else if (key === ' ' && isAddress(words)) commit()
    else if ((key === 'Backspace' || key === 'ArrowLeft') && field.selectionStart === 0 && field.selectionEnd === 0 && value.length > 0) focusChip(value.length - 1)
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  const onChipKey = (event: KeyboardEvent<HTMLElement>, index: number): void => {
    const { key } = event
    const recipient = value[index]
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === 'c' && recipient !== undefined) void navigator.clipboard.writeText(spelledAddress(recipient))
    else if (event.ctrlKey || event.metaKey || event.altKey) return
    else if (key === 'ArrowLeft') focusChip(Math.max(0, index - 1))
    else if (key === 'ArrowRight' && index < value.length - 1) focusChip(index + 1)
    else if (key === 'ArrowRight' || key === 'Escape' || key === 'End') input.current?.focus()
    else if (key === 'Home') focusChip(0)
    else if (key === 'Delete') remove(index, index === value.length - 1 ? 'input' : 'chip')
    else if (key === 'Backspace') remove(index, index === 0 ? 'input' : 'chip')
    else if (key === 'Enter' || key === 'F2') mend(index)
    else if (key.length === 1) {
      // Typing on means the next recipient.
      input.current?.focus()
      return
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  const onPaste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const pasted = event.clipboardData.getData('text/plain')
    const read = splitAddresses(pasted)
    if (typed !== '' || !(read.length > 1 || read.some(({ address }) => isAddress(address)))) return
    event.preventDefault()
    put(read)
  }

  const takes = (event: DragEvent): boolean => dragged !== null || event.dataTransfer.types.includes('text/plain')
  const onDrop = (event: DragEvent): void => {
    setOver(false)
    if (event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    if (dragged !== null) {
      if (dragged.from === id) return
      onChange(withRecipients(value, [dragged.recipient]))
      dragged.take()
    } else onChange(withRecipients(value, splitAddresses(event.dataTransfer.getData('text/plain'))))
  }

  return (
    <div
      className={clsx('relative flex items-start gap-2 border-b border-line px-4 py-1 transition-colors duration-100', over && 'bg-accent-soft')}
      onDragOver={(event) => {
        if (!takes(event) || event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        event.dataTransfer.dropEffect = dragged === null ? 'copy' : 'move'
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      onClick={(event) => {
        if (event.target === event.currentTarget) input.current?.focus()
      }}
    >
      <label htmlFor={`${id}-input`} className="w-11 shrink-0 pt-1 text-xs leading-5 text-ink-3">
        {label}
      </label>
      <div ref={chips} className="flex max-h-36 min-w-0 flex-1 flex-wrap items-center gap-1 overflow-y-auto py-0.5" onClick={(event) => event.target === event.currentTarget && input.current?.focus()}>
        {value.map((recipient, index) => (
          <Chip
            key={recipient.address}
            recipient={recipient}
            onKeyDown={(event) => onChipKey(event, index)}
            onEdit={() => mend(index)}
            onRemove={() => remove(index, 'input')}
            onDragStart={() => {
              dragged = { recipient, from: id, take: () => onChange(value.filter((one) => one !== recipient)) }
            }}
          />
        ))}
        <input
          ref={input}
          id={`${id}-input`}
          role="combobox"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={open ? `${id}-${String(active)}` : undefined}
          aria-describedby={`${id}-hint`}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            setClosed(false)
            setAt(0)
          }}
          onKeyDown={onKey}
          onPaste={onPaste}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false)
            commit()
          }}
          className={clsx('h-6 flex-1 bg-transparent text-sm outline-none', typed === '' && value.length > 0 ? 'min-w-6' : 'min-w-24')}
        />
        <span id={`${id}-hint`} className="sr-only">
          {value.length > 0 ? t('composer:to.count', { count: value.length }) : t('composer:to.hint')}
        </span>
      </div>
      {children !== undefined && <div className="flex shrink-0 items-center pt-0.5">{children}</div>}
      <div role="status" className="sr-only">
        {open ? t('composer:to.found', { count: rows.length }) : ''}
      </div>
      {open && (
        <div id={`${id}-list`} role="listbox" aria-label={t('composer:to.suggestions')} className="absolute top-full left-12 z-20 -mt-0.5 w-[min(26rem,calc(100%-4rem))] animate-rise rounded-lg bg-raised p-1 shadow-raised">
          {rows.map((row, index) => (
            <div
              key={row.address}
              id={`${id}-${String(index)}`}
              role="option"
              aria-selected={index === active}
              onPointerMove={() => setAt(index)}
              onPointerDown={(event) => {
                event.preventDefault()
                choose(row)
              }}
              className={clsx('group flex items-center gap-2.5 rounded-md px-2 py-1', index === active && 'bg-fill-strong')}
            >
              <Avatar name={row.name} address={row.address} />
              <span className="min-w-0 flex-1 leading-4">
                <Matched className="block truncate font-medium" text={row.name === '' ? row.address : row.name} words={words} />
                {row.name !== '' && <Matched className="block truncate text-xs text-ink-3" text={row.address} words={words} />}
              </span>
              <button
                type="button"
                tabIndex={-1}
                aria-label={t('composer:to.forget', { address: row.address })}
                title={t('composer:to.forget', { address: row.address })}
                className={clsx('flex size-5 items-center justify-center rounded-sm text-ink-3 hover:bg-fill-strong hover:text-ink', index === active ? 'opacity-100' : 'opacity-0')}
                onPointerDown={(event) => {
                  event.preventDefault()
                  event.stopPropagation()
                  void forget(row).catch(tellFailure)
                }}
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </div>
          ))}
          <p aria-hidden className="px-2 pt-1 pb-0.5 text-2xs text-ink-3">
            {t('composer:to.keys')}
          </p>
        </div>
      )}
    </div>
  )
}

type ChipProps = {
  readonly recipient: Recipient
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
  readonly onEdit: () => void
  readonly onRemove: () => void
  readonly onDragStart: () => void
}

function Chip({ recipient, onKeyDown, onEdit, onRemove, onDragStart }: ChipProps) {
  const t = useText()
  const valid = isAddress(recipient.address)
  const shown = recipient.name === '' ? recipient.address : recipient.name
  const spelled = spelledAddress(recipient)
  return (
    <span
      data-chip
      role="button"
      tabIndex={-1}
      draggable
      title={valid ? spelled : t('composer:to.invalid', { address: recipient.address })}
      aria-label={valid ? t('composer:to.chip', { who: spelled }) : t('composer:to.invalid', { address: recipient.address })}
      onKeyDown={onKeyDown}
      onDoubleClick={onEdit}
      onDragStart={(event) => {
        event.dataTransfer.setData('text/plain', spelled)
        event.dataTransfer.effectAllowed = 'copyMove'
        onDragStart()
      }}
      onDragEnd={() => {
        dragged = null
      }}
      className={clsx(
        'inline-flex h-6 max-w-full items-center gap-1 rounded-full pr-1 pl-2.5 text-xs font-medium select-none focus:outline-2 focus:outline-offset-0 focus:outline-ring',
        valid ? 'bg-fill-strong text-ink' : 'bg-danger-soft text-danger',
      )}
    >
      {!valid && <TriangleAlert aria-hidden className="size-3 shrink-0" />}
      <bdi className="truncate">{shown}</bdi>
      <button
        type="button"
        tabIndex={-1}
        aria-label={t('composer:to.remove', { who: shown })}
        className="flex size-4 shrink-0 items-center justify-center rounded-full opacity-60 hover:bg-fill-strong hover:opacity-100"
        onClick={onRemove}
      >
        <X aria-hidden className="size-3" />
      </button>
    </span>
  )
}

/** Where the words stand at the beginning of a word; -1 when they do not. */
function beginsAWord(text: string, words: string): number {
  return text.toLowerCase().search(new RegExp(`(?<![\\p{L}\\p{N}])${words.toLowerCase().replaceAll(/[.*+?^${}()|[\]\\]/gu, String.raw`\$&`)}`, 'u'))
}

/** The letters that were typed, where they begin a word. */
function Matched({ text, words, className }: { readonly text: string; readonly words: string; readonly className: string }) {
  const start = beginsAWord(text, words)
  if (start < 0) return <bdi className={className}>{text}</bdi>
  return (
    <bdi className={className}>
      {text.slice(0, start)}
      <mark className="bg-transparent text-accent-ink">{text.slice(start, start + words.length)}</mark>
      {text.slice(start + words.length)}
    </bdi>
  )
}
