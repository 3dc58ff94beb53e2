import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { api } from '../../api/api.ts'
import { useSettings } from '../../api/settings.ts'
import { findThreadRow } from '../../api/thread-lists.ts'
import { markOpened } from '../../commands/thread-flags.ts'
import type { MessageId } from '../../../shared/model/ids.ts'
import type { OpenThread } from '../../state.ts'

/**
 * Marks the open thread as read after the time in the settings, while the window is looked at. Each message is handled
 * once per opening: one that the person marks unread again stays so, one that arrives meanwhile is marked too.
 */
export function useMarkRead(open: OpenThread | null): void {
  const { markReadAfterMs } = useSettings()
  const id = open?.threadId
  const staysUnread = open?.staysUnread === true
  const thread = useQuery({ ...api.threads.get.queryOptions({ input: { id: id ?? (1 as NonNullable<typeof id>) } }), enabled: id !== undefined }).data
  const handled = useRef<{ readonly id: typeof id; readonly messages: Set<MessageId> }>({ id: undefined, messages: new Set() })

  useEffect(() => {
    if (id === undefined || thread?.id !== id) return
    if (handled.current.id !== id) handled.current = { id, messages: new Set() }
    const { messages } = handled.current
    // One that was read already is done with, so that marking it unread now is the person's last word.
    for (const message of thread.messages) if (message.seen) messages.add(message.id)
    const fresh = thread.messages.filter((message) => !message.seen && !messages.has(message.id))
    if (fresh.length === 0) {
      // What came back from being snoozed is as good as new until it was opened, read or not.
      if (findThreadRow(id)?.returned === true && thread.messages.every((message) => message.seen)) void markOpened(id)
      return
    }
    if (staysUnread) {
      for (const message of fresh) messages.add(message.id)
      return
    }
    if (markReadAfterMs === null) return
    const mark = () => {
      for (const message of thread.messages) messages.add(message.id)
      void markOpened(id)
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    const start = () => {
      clearTimeout(timer)
      if (!document.hidden) timer = setTimeout(mark, markReadAfterMs)
    }
    start()
    document.addEventListener('visibilitychange', start)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', start)
    }
  }, [id, thread, staysUnread, markReadAfterMs])
}
