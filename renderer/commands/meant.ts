// What a command on mail is about: rows named by whoever performs it (a row's own buttons, a drag), else everything when
// everything is selected, else the picked rows, the one under the cursor or the open one.
import type { ThreadSource } from '../../shared/api/lists.ts'
import type { TriageTarget } from '../../shared/api/triage.ts'
import type { ThreadId } from '../../shared/model/ids.ts'
import type { Message } from '../../shared/model/message.ts'
import type { AppState } from '../state.ts'
import type { CommandContext } from './command.ts'
import { navigator } from './navigator.ts'

export type Meant =
  /** `source` null: opened from a search. */
  | { readonly kind: 'threads'; readonly ids: readonly ThreadId[]; readonly source: ThreadSource | null }
  | { readonly kind: 'messages'; readonly messages: readonly Message[]; readonly source: ThreadSource | null }
  | { readonly kind: 'everything'; readonly target: TriageTarget; readonly source: ThreadSource | null }

let named: readonly ThreadId[] | null = null

/** Performs something on these rows, whatever is picked or under the cursor. */
export function on<T>(ids: readonly ThreadId[], act: () => T): T {
  const before = named
  named = ids
  try {
    return act()
  } finally {
    named = before
  }
}

const showsThreads = (app: AppState): boolean => app.view === 'inbox' || app.view === 'search'

/** The threads a command is about: the picked ones, else the one under the cursor, else the open one. */
export function meantThreads({ app }: CommandContext): readonly ThreadId[] {
  if (named !== null) return named
  if (!showsThreads(app)) return []
  if (app.selection.size > 0) return [...app.selection]
  const meant = navigator()?.meant() ?? []
  if (meant.length > 0) return meant
  return app.open ? [app.open.threadId] : []
}

export function sourceOf(app: AppState): ThreadSource | null {
  return app.view === 'inbox' ? app.source : null
}

export function meantBy(context: CommandContext): Meant | null {
  const { app } = context
  const source = sourceOf(app)
  if (named === null && app.everything) {
    if (app.view === 'search') return { kind: 'everything', target: { query: app.search.query, source: app.search.source }, source: null }
    if (app.view === 'inbox' && app.source !== null) return { kind: 'everything', target: { list: app.source, filter: app.filter, lane: app.lane }, source }
  }
  const ids = meantThreads(context)
  return ids.length === 0 ? null : { kind: 'threads', ids, source }
}
