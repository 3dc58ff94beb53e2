// Where the person is and what they have picked. What they prefer lives in the settings; what the mail is, in the queries.
import { create } from 'zustand'
import type { ThreadFilter, ThreadSource } from '../shared/api/lists.ts'
import type { FolderId, ThreadId } from '../shared/model/ids.ts'
import type { Lane } from '../shared/model/lane.ts'

export type View = 'inbox' | 'search' | 'settings' | 'ledger' | 'drafts' | 'queue' | 'outbox' | 'templates' | 'welcome'
export type SettingsTab = 'general' | 'accounts' | 'senders' | 'lanes'

/** A thread on show. The folder tells which of its messages were meant when it was opened from a list; null from search. */
export type OpenThread = {
  readonly threadId: ThreadId
  readonly sourceFolderId: FolderId | null
  /** The person said it stays unread, so having it open does not read it. */
  readonly staysUnread?: boolean
}

export type AppState = {
  readonly view: View
  /** Where 'back' leads from settings and the ledger. */
  readonly cameFrom: 'inbox' | 'search'
  readonly settingsTab: SettingsTab
  readonly addingAccount: boolean
  readonly source: ThreadSource | null
  readonly filter: ThreadFilter
  /** The lane of the inbox that is shown; null for all of it. */
  readonly lane: Lane | null
  /** The row the keyboard is on. */
  readonly cursor: ThreadId | null
  /** Picked rows; empty means the row under the cursor is meant. */
  readonly selection: ReadonlySet<ThreadId>
  /** The whole list or search is meant, also what is not loaded; any change of the selection ends it. */
  readonly everything: boolean
  readonly open: OpenThread | null
  readonly search: { readonly query: string; readonly source: ThreadSource | null }
  readonly palette: boolean
  readonly shortcuts: boolean
}

export const useApp = create<AppState>(() => ({
  view: 'inbox',
  cameFrom: 'inbox',
  settingsTab: 'general',
  addingAccount: false,
  source: null,
  filter: 'all',
  lane: null,
  cursor: null,
  selection: new Set<ThreadId>(),
  everything: false,
  open: null,
  search: { query: '', source: null },
  palette: false,
  shortcuts: false,
}))

const none: ReadonlySet<ThreadId> = new Set<ThreadId>()

export function showView(view: View): void {
  useApp.setState((state) => ({
    view,
    cameFrom: state.view === 'inbox' || state.view === 'search' ? state.view : state.cameFrom,
    // A thread opened from a search result is not a row of the folder's list, and the other way round.
    ...(view !== state.view && (view === 'inbox' || view === 'search') ? { open: null } : {}),
  }))
}

/** From settings, the ledger or what is on its way back to the mail. */
export function goBack(): void {
  useApp.setState((state) => ({ view: state.cameFrom }))
}

export function showSettings(tab: SettingsTab = 'general'): void {
  showView('settings')
  useApp.setState({ settingsTab: tab })
}

/** Opens the dialog for a new account, over whatever is shown. */
export function addAccount(adding = true): void {
  useApp.setState({ addingAccount: adding })
}

export function showSource(source: ThreadSource): void {
  const { source: shown, view } = useApp.getState()
  showView('inbox')
  if (source === shown && view === 'inbox') return
  useApp.setState(source === shown ? {} : { source, filter: 'all', lane: null, cursor: null, selection: none, open: null })
}

export function showFilter(filter: ThreadFilter): void {
  useApp.setState({ filter, cursor: null, selection: none, open: null })
}

export function showLane(lane: Lane | null): void {
  useApp.setState({ lane, cursor: null, selection: none, open: null })
}

export function openThread(threadId: ThreadId, sourceFolderId: FolderId | null): void {
  useApp.setState({ open: { threadId, sourceFolderId } })
}

export function closeThread(): void {
  useApp.setState({ open: null })
}

/** Shows the search screen for a query; an empty query shows its start page. `source` limits it to a folder. */
export function runSearch(query: string, source: ThreadSource | null = null): void {
  showView('search')
  useApp.setState({ search: { query, source } })
}

export function select(ids: Iterable<ThreadId>): void {
  useApp.setState({ selection: new Set(ids) })
}

export function clearSelection(): void {
  useApp.setState({ selection: none })
}

useApp.subscribe((now, before) => {
  if (now.everything && before.everything && (now.selection !== before.selection || now.view !== before.view || now.source !== before.source || now.filter !== before.filter || now.lane !== before.lane || now.search !== before.search))
    useApp.setState({ everything: false })
})
