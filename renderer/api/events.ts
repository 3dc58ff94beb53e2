// Events say what may have changed; this turns them into refetching. They are gathered for a moment so that a burst (a
// sync can send hundreds a second) costs one refetch of each thing. Reconnecting refetches everything.
import type { QueryKey } from '@tanstack/react-query'
import type { AppEvent } from '../../shared/api/events.ts'
import type { FolderId, ThreadId } from '../../shared/model/ids.ts'
import { api, client, onOpen, queryClient } from './api.ts'
import { staleAfter } from './stale.ts'
import type { Stale, StaleList } from './stale.ts'
import { refreshThreadLists } from './thread-lists.ts'

const keys: Readonly<Record<StaleList, QueryKey>> = {
  folders: api.folders.list.key(),
  'server-drafts': api.drafts.others.key(),
  accounts: api.accounts.list.key(),
  settings: api.settings.get.key(),
  info: api.app.info.key(),
  search: api.search.run.key(),
  ledger: api.ledger.get.key(),
  queue: api.queue.key(),
  undo: api.triage.key(),
  lanes: api.lanes.key(),
  identities: api.identities.key(),
  signatures: api.signatures.key(),
  drafts: api.drafts.key(),
  outbox: api.outbox.key(),
  templates: api.templates.key(),
  library: api.library.key(),
}

function refetch({ lists, threadLists, threads, messages }: Stale): void {
  for (const list of lists) void queryClient.invalidateQueries({ queryKey: keys[list] })
  if (threadLists !== 'none') refreshThreadLists(threadLists)
  if (threads === 'all') {
    void queryClient.invalidateQueries({ queryKey: api.threads.get.key() })
    void queryClient.invalidateQueries({ queryKey: api.messages.key() })
    return
  }
  for (const id of threads) void queryClient.invalidateQueries({ queryKey: api.threads.get.key({ input: { id } }) })
  for (const id of messages) {
    for (const call of [api.messages.get, api.messages.text, api.messages.source]) void queryClient.invalidateQueries({ queryKey: call.key({ input: { id } }) })
  }
}

const pause = 150
/** What keys do is on the screen before the main side speaks of it. So long after the last key, milliseconds, its word waits. */
const restAfterKey = 400
const longestHold = 4_000

let lastKey = Number.NEGATIVE_INFINITY

function noteKey({ target }: KeyboardEvent): void {
  // Whoever writes is served at once.
  if (!(target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select')))) lastKey = performance.now()
}

/** Bodies are what the person waits for. */
const canWait = (event: AppEvent): boolean => event.type === 'mail' || event.type === 'folders' || event.type === 'account-state' || event.type === 'changed'

export type EventHandlers = {
  readonly onOpenThread: (threadId: ThreadId, folderId: FolderId) => void
  readonly onNotice: (notice: Extract<AppEvent, { type: 'notice' }>) => void
  readonly onJob: (job: Extract<AppEvent, { type: 'job' }>) => void
}

/** Follows the main side's events for as long as the window lives. */
export function followEvents(handlers: EventHandlers): void {
  let gathered: AppEvent[] = []
  let due: ReturnType<typeof setTimeout> | null = null
  let last = 0
  let heldSince: number | null = null
  addEventListener('keydown', noteKey, { capture: true, passive: true })

  const release = () => {
    const now = performance.now()
    const rest = lastKey + restAfterKey - now
    const holds = rest > 0 && now - (heldSince ??= now) < longestHold
    const ready = holds ? gathered.filter((event) => !canWait(event)) : gathered
    gathered = holds ? gathered.filter(canWait) : []
    if (!holds) heldSince = null
    due = gathered.length > 0 ? setTimeout(release, rest) : null
    if (ready.length === 0) return
    last = now
    refetch(staleAfter(ready))
  }
  const gather = (event: AppEvent) => {
    if (event.type === 'open-thread') handlers.onOpenThread(event.threadId, event.folderId)
    else if (event.type === 'notice') handlers.onNotice(event)
    else if (event.type === 'job') handlers.onJob(event)
    else {
      gathered.push(event)
      if (due !== null && heldSince !== null && !canWait(event)) {
        clearTimeout(due)
        due = null
      }
      // The first of a burst is shown in the next frame, the rest a moment later together.
      due ??= setTimeout(release, Math.max(16, last + pause - performance.now()))
    }
  }

  onOpen((again) => {
    if (again) void queryClient.invalidateQueries()
    void (async () => {
      try {
        for await (const event of await client.app.events()) gather(event)
      } catch {
        // The channel broke; the next opening starts over.
      }
    })()
  })
}
