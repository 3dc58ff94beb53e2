// The search field's words, where the person was before searching, and how they get back. The query being shown is in the
// app's state, since the palette sets it too.
import { create } from 'zustand'
import { changeSettings, currentSettings } from '../../api/settings.ts'
import { runSearch, useApp } from '../../state.ts'
import type { AppState } from '../../state.ts'

type Place = Pick<AppState, 'view' | 'source' | 'filter' | 'cursor' | 'open'>

type SearchState = {
  /** What stands in the field, a moment ahead of the query. */
  readonly text: string
  readonly cameFrom: Place | null
  /** The results' list takes the focus as soon as it shows what was searched for. */
  readonly awaited: boolean
}

export const useSearch = create<SearchState>(() => ({ text: '', cameFrom: null, awaited: false }))

const typingPauseMs = 80
const mostRecent = 20
let timer: ReturnType<typeof setTimeout> | undefined

/** Takes what is typed; the search follows when the typing rests. An emptied field leads back to the start page. */
export function typeSearch(text: string): void {
  useSearch.setState({ text, awaited: false })
  clearTimeout(timer)
  const { view } = useApp.getState()
  if (text.trim() === '' && view !== 'search') return
  timer = setTimeout(() => runSearch(text.trim(), useApp.getState().search.source), typingPauseMs)
}

/** Searches at once and goes to what is found, as Enter does, and remembers the search. */
export function searchNow(text: string): void {
  clearTimeout(timer)
  const query = text.trim()
  if (query === '') return
  useSearch.setState({ text, awaited: true })
  runSearch(query, useApp.getState().search.source)
  rememberSearch(query)
}

export function searchEverywhere(): void {
  runSearch(useApp.getState().search.query, null)
}

/** Back to where the person was before the search. */
export function leaveSearch(): void {
  clearTimeout(timer)
  const { cameFrom } = useSearch.getState()
  useSearch.setState({ text: '', cameFrom: null, awaited: false })
  if (useApp.getState().view !== 'search') return
  useApp.setState({ search: { query: '', source: null }, ...(cameFrom ?? { view: 'inbox' as const, open: null }) })
}

export function rememberSearch(query: string): void {
  const { recentSearches } = currentSettings()
  if (query.length < 2 || recentSearches[0] === query) return
  // What was typed on the way to this search is not worth keeping beside it.
  const others = recentSearches.filter((recent) => recent !== query && !query.startsWith(recent))
  void changeSettings({ recentSearches: [query, ...others].slice(0, mostRecent) }).catch(() => undefined)
}

export function forgetSearch(query: string): void {
  void changeSettings({ recentSearches: currentSettings().recentSearches.filter((recent) => recent !== query) }).catch(() => undefined)
}

export function isSaved(query: string): boolean {
  return currentSettings().savedSearches.some((saved) => saved.query === query)
}

export async function saveSearch(name: string, query: string): Promise<void> {
  await changeSettings({ savedSearches: [...currentSettings().savedSearches.filter((saved) => saved.query !== query), { name, query }].slice(-100) })
}

export async function dropSaved(query: string): Promise<void> {
  await changeSettings({ savedSearches: currentSettings().savedSearches.filter((saved) => saved.query !== query) })
}

useApp.subscribe((now, before) => {
  if (now.view === 'search' && before.view !== 'search') {
    const { view, source, filter, cursor, open } = before
    useSearch.setState({ cameFrom: { view, source, filter, cursor, open } })
  }
  // Another screen was chosen: the field is done with.
  if (now.view !== 'search' && before.view === 'search' && now.view !== 'settings' && now.view !== 'ledger' && now.view !== 'queue' && now.view !== 'outbox') {
    clearTimeout(timer)
    useSearch.setState({ text: '', cameFrom: null, awaited: false })
    useApp.setState({ search: { query: '', source: null } })
  }
  // Set from elsewhere, such as the palette.
  if (now.search !== before.search && now.search.query !== useSearch.getState().text.trim()) useSearch.setState({ text: now.search.query })
})
