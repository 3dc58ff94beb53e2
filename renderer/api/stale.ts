// Which parts of the screen a batch of events makes stale. Pure.
import type { AppEvent, Topic } from '../../shared/api/events.ts'
import type { FolderId, MessageId, ThreadId } from '../../shared/model/ids.ts'

export type StaleList = Topic | 'folders' | 'server-drafts' | 'accounts' | 'settings' | 'info' | 'search' | 'ledger'

export type Stale = {
  readonly threadLists: ReadonlySet<FolderId> | 'all' | 'none'
  readonly threads: ReadonlySet<ThreadId> | 'all'
  readonly messages: ReadonlySet<MessageId>
  readonly lists: ReadonlySet<StaleList>
}

export function staleAfter(events: readonly AppEvent[]): Stale {
  const folders = new Set<FolderId>()
  let threadLists: 'all' | 'none' | 'some' = 'none'
  const threads = new Set<ThreadId>()
  let allThreads = false
  const messages = new Set<MessageId>()
  const lists = new Set<StaleList>()
  const add = (...names: readonly StaleList[]) => {
    for (const name of names) lists.add(name)
  }
  for (const event of events) {
    switch (event.type) {
      case 'mail':
        if (event.folderIds === null) threadLists = 'all'
        else {
          if (threadLists === 'none') threadLists = 'some'
          for (const id of event.folderIds) folders.add(id)
        }
        if (event.threadIds === null) allThreads = true
        else for (const id of event.threadIds) threads.add(id)
        add('folders', 'server-drafts', 'search', 'ledger', 'lanes')
        break
      case 'folders':
        add('folders', 'ledger')
        break
      case 'accounts':
        threadLists = 'all'
        add('accounts', 'folders', 'ledger', 'info')
        break
      case 'account-state':
        add('accounts', 'ledger')
        break
      case 'settings':
        add('settings')
        break
      case 'body':
        threads.add(event.threadId)
        messages.add(event.messageId)
        break
      case 'changed':
        add(...event.topics)
        break
      case 'job':
      case 'open-thread':
      case 'notice':
        break
    }
  }
  return { threadLists: threadLists === 'some' ? folders : threadLists, threads: allThreads ? 'all' : threads, messages, lists }
}
