// Turns committed changes and account states into the hints the renderer listens to. A hint lost is harmless.
import { EventPublisher } from '@orpc/server'
import type { AppEvent } from '../../shared/api/events.ts'
import type { Db } from '../../db/handles.ts'

export type Events = {
  readonly tell: (event: AppEvent) => void
  readonly listen: (signal: AbortSignal | undefined) => AsyncIterable<AppEvent>
  readonly close: () => void
}

/** Above this many folders or threads a hint names none: everything may have changed. */
const namedAtMost = 200

export function openEvents(db: Db): Events {
  const publisher = new EventPublisher<{ event: AppEvent }>()
  const tell = (event: AppEvent): void => {
    publisher.publish('event', event)
  }
  const stop = db.onChange((changes) => {
    if (changes.folders.size > 0 || changes.threads.size > 0 || changes.searchable) {
      tell({
        type: 'mail',
        folderIds: changes.folders.size > namedAtMost ? null : [...changes.folders],
        threadIds: changes.threads.size > namedAtMost ? null : [...changes.threads],
      })
    }
    // A sync stores texts by the hundred; only a reader who waits for one needs to hear, and the threads are named above.
    if (changes.bodies.size <= namedAtMost) {
      for (const [messageId, threadId] of changes.bodies) tell({ type: 'body', messageId, threadId })
    }
    for (const accountId of changes.trees) tell({ type: 'folders', accountId })
    const topics = [...changes.topics, ...(changes.tasks.size > 0 ? (['queue'] as const) : [])]
    if (topics.length > 0) tell({ type: 'changed', topics: [...new Set(topics)] })
    if (changes.accounts) tell({ type: 'accounts' })
  })
  return {
    tell,
    listen: (signal) => publisher.subscribe('event', signal ? { signal } : {}),
    close: stop,
  }
}
