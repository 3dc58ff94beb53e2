// Events say what may have changed; this turns them into refetching, a burst of them into one refetch of each thing
// (event-gate.ts). Reconnecting refetches everything.
import type { QueryKey } from '@tanstack/react-query'
import type { AppEvent } from '../../shared/api/events.ts'
import type { FolderId, ThreadId } from '../../shared/model/ids.ts'
import { isField } from '../parts/fields.ts'
import { api, client, onOpen, queryClient } from './api.ts'
import { eventGate } from './event-gate.ts'
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

export type EventHandlers = {
  readonly onOpenThread: (threadId: ThreadId, folderId: FolderId) => void
  readonly onNotice: (notice: Extract<AppEvent, { type: 'notice' }>) => void
  readonly onJob: (job: Extract<AppEvent, { type: 'job' }>) => void
}

/** Follows the main side's events for as long as the window lives. */
export function followEvents(handlers: EventHandlers): void {
  const gate = eventGate((events) => refetch(staleAfter(events)))
  const noteKey = ({ target }: KeyboardEvent): void => {
    // Whoever writes is served at once.
    if (!isField(target)) gate.noteKey()
  }
  addEventListener('keydown', noteKey, { capture: true, passive: true })

  const gather = (event: AppEvent) => {
    if (event.type === 'open-thread') handlers.onOpenThread(event.threadId, event.folderId)
    else if (event.type === 'notice') handlers.onNotice(event)
    else if (event.type === 'job') handlers.onJob(event)
    else gate.add(event)
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
