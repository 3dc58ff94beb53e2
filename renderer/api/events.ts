// Events say what may have changed; this turns them into refetching. They are gathered for a moment so that a burst (a
// sync can send hundreds a second) costs one refetch of each thing. Reconnecting refetches everything.
import type { QueryKey } from '@tanstack/react-query'
import type { AppEvent } from '../../shared/api/events.ts'
import type { FolderId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import { api, client, onOpen, queryClient } from './api.ts'
import { refreshThreadLists } from './thread-lists.ts'

/** What a batch of events asks for. Null stands for 'all of them'. */
export type Stale = {
  readonly lists: ReadonlySet<FolderId> | 'all' | 'none'
  readonly threads: ReadonlySet<ThreadId> | 'all'
  readonly messages: ReadonlySet<MessageId>
  readonly keys: readonly QueryKey[]
}

const mailKeys: readonly QueryKey[] = [api.folders.list.key(), api.search.run.key(), api.ledger.get.key()]
const accountKeys: readonly QueryKey[] = [api.accounts.list.key(), api.ledger.get.key()]

export function staleAfter(events: readonly AppEvent[]): Stale {
  let lists: Set<FolderId> | 'all' | 'none' = 'none'
  let threads: Set<ThreadId> | 'all' = new Set()
  const messages = new Set<MessageId>()
  const keys = new Set<QueryKey>()
  for (const event of events) {
    switch (event.type) {
      case 'mail': {
        if (event.folderIds === null) lists = 'all'
        else if (lists !== 'all') {
          const named: Set<FolderId> = lists === 'none' ? new Set() : lists
          for (const id of event.folderIds) named.add(id)
          lists = named
        }
        if (event.threadIds === null) threads = 'all'
        else if (threads !== 'all') for (const id of event.threadIds) threads.add(id)
        for (const key of mailKeys) keys.add(key)
        break
      }
      case 'folders':
        keys.add(api.folders.list.key())
        break
      case 'accounts':
        for (const key of [...accountKeys, api.folders.list.key(), api.app.info.key()]) keys.add(key)
        lists = 'all'
        break
      case 'account-state':
        for (const key of accountKeys) keys.add(key)
        break
      case 'settings':
        keys.add(api.settings.get.key())
        break
      case 'body':
        if (threads !== 'all') threads.add(event.threadId)
        messages.add(event.messageId)
        break
      case 'open-thread':
      case 'notice':
        break
    }
  }
  return { lists, threads, messages, keys: [...new Map([...keys].map((key) => [JSON.stringify(key), key])).values()] }
}

function refetch(stale: Stale): void {
  for (const queryKey of stale.keys) void queryClient.invalidateQueries({ queryKey })
  if (stale.lists !== 'none') refreshThreadLists(stale.lists)
  if (stale.threads === 'all') {
    void queryClient.invalidateQueries({ queryKey: api.threads.get.key() })
    void queryClient.invalidateQueries({ queryKey: api.messages.key() })
    return
  }
  for (const id of stale.threads) void queryClient.invalidateQueries({ queryKey: api.threads.get.key({ input: { id } }) })
  for (const id of stale.messages) {
    for (const call of [api.messages.get, api.messages.text, api.messages.source]) void queryClient.invalidateQueries({ queryKey: call.key({ input: { id } }) })
  }
}

const pause = 150

export type EventHandlers = {
  readonly onOpenThread: (threadId: ThreadId, folderId: FolderId) => void
  readonly onNotice: (notice: Extract<AppEvent, { type: 'notice' }>) => void
}

/** Follows the main side's events for as long as the window lives. */
export function followEvents(handlers: EventHandlers): void {
  let gathered: AppEvent[] = []
  let due: ReturnType<typeof setTimeout> | null = null
  let last = 0

  const release = () => {
    due = null
    last = performance.now()
    const events = gathered
    gathered = []
    refetch(staleAfter(events))
  }
  const gather = (event: AppEvent) => {
    if (event.type === 'open-thread') handlers.onOpenThread(event.threadId, event.folderId)
    else if (event.type === 'notice') handlers.onNotice(event)
    else {
      gathered.push(event)
      // The first of a burst is shown in the next frame, the rest a moment later together.
      due ??= setTimeout(release, Math.max(16, last + pause - performance.now()))
    }
  }

  onOpen((again) => {
    if (again) {
      void queryClient.invalidateQueries()
      refreshThreadLists('all')
    }
    void (async () => {
      try {
        for await (const event of await client.app.events()) gather(event)
      } catch {
        // The channel broke; the next opening starts over.
      }
    })()
  })
}
