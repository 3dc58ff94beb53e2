// The search field on top of every screen. It searches while one types, and helps to spell what can be searched for. A
// combobox: the focus stays in the field, the arrows walk the suggestions.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Bookmark, Clock, Search, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useId, useMemo, useRef, useState } from 'react'
import { searchFields } from '../../../shared/model/search-query.ts'
import { api } from '../../api/api.ts'
import { useAccounts, useFolders } from '../../api/shared-query.ts'
import { useSettings } from '../../api/settings.ts'
import { navigator } from '../../commands/navigator.ts'
import { hasText, useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { Kbd } from '../../parts/kbd.tsx'
import { useApp } from '../../state.ts'
import { useFolderNames } from '../inbox/folder-names.ts'
import { focusSearchField } from './search-commands.ts'
import { tokenAt } from './search-query.ts'
import { leaveSearch, searchNow, typeSearch, useSearch } from './search-state.ts'
import { suggestionsFor } from './suggestions.ts'
import type { Suggestion } from './suggestions.ts'

type Option = {
  readonly key: string
  readonly group: 'saved' | 'recent' | 'operators' | 'completions'
  readonly icon: LucideIcon | null
  readonly label: string
  readonly detail: string
  readonly choose: () => void
}

export function SearchField() {
  const t = useText()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const text = useSearch((state) => state.text)
  const inSearch = useApp((state) => state.view === 'search')
  const [focused, setFocused] = useState(false)
  const [closed, setClosed] = useState(false)
  const [caret, setCaret] = useState(0)
  const [active, setActive] = useState(-1)

  const put = (suggestion: Pick<Suggestion, 'text' | 'caret'>): void => {
    typeSearch(suggestion.text)
    setCaret(suggestion.caret)
    setActive(-1)
    setClosed(false)
    requestAnimationFrame(() => input.current?.setSelectionRange(suggestion.caret, suggestion.caret))
  }
  const options = useOptions(text, caret, focused && !closed, put)
  const shown = focused && !closed && options.length > 0
  const chosen = shown ? options[active] : undefined

  const toResults = (): void => {
    searchNow(text)
    setClosed(true)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        if (shown) setActive((at) => wrapped(at + (event.key === 'ArrowDown' ? 1 : -1), options.length))
        else if (event.key === 'ArrowDown' && inSearch) navigator()?.focus()
        break
      case 'Enter':
        if (chosen) chosen.choose()
        else if (text.trim() !== '') toResults()
        break
      case 'Tab':
        if (event.shiftKey || !shown || text === '' || (active < 0 && options[0]?.group !== 'completions')) return
        ;(chosen ?? options[0])?.choose()
        break
      case 'Escape':
        if (shown && active >= 0) setActive(-1)
        else {
          leaveSearch()
          input.current?.blur()
          requestAnimationFrame(() => navigator()?.focus())
        }
        break
      default:
        return
    }
    event.preventDefault()
    event.stopPropagation()
  }
  const follow = (): void => setCaret(input.current?.selectionStart ?? 0)

  return (
    <div className="relative w-full max-w-[40rem]" role="search">
      <div
        className={clsx(
          'flex h-8 items-center gap-2 rounded-lg pl-2.5 transition-[background-color,box-shadow] duration-100',
          focused ? 'bg-surface shadow-[0_0_0_1px_var(--accent)] dark:bg-raised' : 'bg-fill hover:bg-fill-strong',
        )}
      >
        <Search aria-hidden className={clsx('size-4 shrink-0', focused ? 'text-accent-ink' : 'text-ink-3')} strokeWidth={1.75} />
        <input
          ref={input}
          data-search-field
          type="text"
          role="combobox"
          aria-label={t('search:label')}
          aria-expanded={shown}
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen ? `${id}-${chosen.key}` : undefined}
          aria-autocomplete="list"
          aria-keyshortcuts="/"
          autoComplete="off"
          spellCheck={false}
          maxLength={500}
          placeholder={t('search:placeholder')}
          value={text}
          onChange={(event) => {
            typeSearch(event.target.value)
            setCaret(event.target.selectionStart ?? event.target.value.length)
            setActive(-1)
            setClosed(false)
          }}
          onSelect={follow}
          onFocus={() => {
            setFocused(true)
            setClosed(false)
            setActive(-1)
            follow()
          }}
          onBlur={() => setFocused(false)}
          onKeyDown={onKeyDown}
          className="h-full min-w-0 flex-1 bg-transparent outline-none!"
        />
        {text !== '' || inSearch ? (
          <IconButton
            icon={X}
            size="small"
            label={t('search:clear')}
            shortcut="escape"
            className="mr-1"
            onClick={() => {
              leaveSearch()
              requestAnimationFrame(() => navigator()?.focus())
            }}
          />
        ) : (
          !focused && <Kbd keys="/" className="mr-2" />
        )}
      </div>
      {shown && (
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={t('search:suggestions')}
          // A press must not take the focus from the field before the click arrives.
          onMouseDown={(event) => event.preventDefault()}
          className="absolute inset-x-0 top-full z-30 mt-1.5 max-h-[70vh] animate-rise overflow-y-auto rounded-lg bg-raised p-1 shadow-raised"
        >
          {options.map((option, at) => (
            <div key={option.key} role="presentation">
              {option.group !== options[at - 1]?.group && option.group !== 'completions' && (
                <p className={clsx('px-2 pb-1 text-2xs font-medium text-ink-3', at > 0 ? 'mt-1 border-t border-line pt-2' : 'pt-1')}>{groupTitle(option.group, t)}</p>
              )}
              <div
                id={`${id}-${option.key}`}
                role="option"
                aria-selected={at === active}
                onMouseEnter={() => setActive(at)}
                onClick={option.choose}
                className={clsx('flex h-7 items-center gap-2 rounded-sm px-2', at === active && 'bg-fill-strong')}
              >
                {option.icon && <option.icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />}
                <bdi className={clsx('truncate', option.icon === null && 'shrink-0 font-mono text-xs text-accent-ink')}>{option.label}</bdi>
                {option.detail !== '' && <bdi className="min-w-0 truncate text-ink-3">{option.detail}</bdi>}
              </div>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}

function wrapped(at: number, count: number): number {
  // One place before the first stands for the field itself.
  if (at < -1) return count - 1
  return at >= count ? -1 : at
}

function groupTitle(group: 'saved' | 'recent' | 'operators', t: Translate): string {
  return group === 'saved' ? t('search:saved.title') : group === 'recent' ? t('search:recent') : t('search:operators')
}

function useOptions(text: string, caret: number, wanted: boolean, put: (suggestion: Pick<Suggestion, 'text' | 'caret'>) => void): readonly Option[] {
  const t = useText()
  const { recentSearches, savedSearches } = useSettings()
  const names = useFolderNames()
  const folders = useFolders()
  const accounts = useAccounts()
  const token = useMemo(() => tokenAt(text, caret), [text, caret])
  const people = usePeople(wanted && (token.operator === 'from' || token.operator === 'to') ? token.value : '')

  if (!wanted) return []
  if (text.trim() === '') {
    const search = (query: string) => () => searchNow(query)
    return [
      ...savedSearches.slice(0, 6).map((saved): Option => ({ key: `saved-${saved.query}`, group: 'saved', icon: Bookmark, label: saved.name, detail: saved.name === saved.query ? '' : saved.query, choose: search(saved.query) })),
      ...recentSearches.slice(0, 5).map((recent): Option => ({ key: `recent-${recent}`, group: 'recent', icon: Clock, label: recent, detail: '', choose: search(recent) })),
      ...searchFields.map((operator): Option => ({
        key: `operator-${operator}`,
        group: 'operators',
        icon: null,
        label: `${operator}:`,
        detail: t(`search:operator.${operator}`),
        choose: () => {
          put({ text: `${operator}:`, caret: operator.length + 1 })
          focusSearchField()
          requestAnimationFrame(() => document.querySelector<HTMLInputElement>('[data-search-field]')?.setSelectionRange(operator.length + 1, operator.length + 1))
        },
      })),
    ]
  }
  const known = {
    folders: (folders ?? []).filter((folder) => folder.selectable).flatMap((folder) => (folder.special ? [folder.special] : [names.shown(folder)])),
    accounts: (accounts ?? []).map(({ account }) => account.name),
    people,
  }
  return suggestionsFor(text, caret, known).map((suggestion) => ({
    key: `${suggestion.operator}-${suggestion.value ?? ''}`,
    group: 'completions',
    icon: null,
    label: `${suggestion.operator}:${suggestion.value ?? ''}`,
    detail: suggestion.value === null ? t(`search:operator.${suggestion.operator}`) : valueText(suggestion.value, t),
    choose: () => put(suggestion),
  }))
}

function valueText(value: string, t: Translate): string {
  const key = `search:value.${value}`
  if (hasText(key)) return t(key)
  const special = `inbox:special.${value}`
  return hasText(special) ? t(special) : ''
}

/** People by what is typed of their name, found by the search itself. */
function usePeople(typed: string): readonly string[] {
  const query = `from:${typed.replaceAll('"', '')}`
  const found = useQuery({
    ...api.search.run.queryOptions({ input: { query, source: null, after: null, limit: 30 } }),
    enabled: typed.length >= 2 && !/\s/u.test(typed),
    placeholderData: (before) => before,
    gcTime: 10_000,
  }).data
  return useMemo(() => [...new Set((found?.hits ?? []).flatMap((hit) => hit.people.filter((person) => !person.me).flatMap((person) => (person.name === '' ? [person.address] : [person.name, person.address]))))], [found])
}
