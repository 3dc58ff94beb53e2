// Read, unread and starred: shown at once everywhere, told to the main side, and taken back when that fails.
import { api, client, queryClient } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { findThreadRow, keepRow, patchThreadRows } from '../api/thread-lists.ts'
import { text } from '../locales/text.ts'
import type { TextKey } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import { useApp } from '../state.ts'
import type { Thread } from '../../shared/model/message.ts'
import type { MessageId, ThreadId } from '../../shared/model/ids.ts'

export type Flags = { readonly seen?: boolean; readonly flagged?: boolean }

function showFlags(ids: ReadonlySet<ThreadId>, { seen, flagged }: Flags): void {
  patchThreadRows(ids, (row) => ({
    ...row,
    ...(seen === undefined ? {} : { unread: !seen, people: row.people.map((person) => ({ ...person, unread: seen ? false : person.unread })) }),
    ...(flagged === undefined ? {} : { flagged }),
  }))
  for (const id of ids) {
    queryClient.setQueryData<Thread | null>(api.threads.get.queryKey({ input: { id } }), (thread) => {
      if (!thread) return thread
      // A star or an unread mark goes to the newest message; taking them away takes them from all.
      const last = thread.messages.length - 1
      return {
        ...thread,
        messages: thread.messages.map((message, at) => ({
          ...message,
          ...(seen === true || (seen === false && at === last) ? { seen } : {}),
          ...(flagged === false || (flagged === true && at === last) ? { flagged } : {}),
        })),
      }
    })
  }
}

/** What the contract takes at a time. */
const chunk = 1000

async function tell(ids: readonly ThreadId[], { seen, flagged }: Flags): Promise<void> {
  const newest: MessageId[] = []
  const whole: ThreadId[] = []
  for (const id of ids) {
    const row = seen === false || flagged === true ? findThreadRow(id) : undefined
    if (row) newest.push(row.newestMessageId)
    else whole.push(id)
  }
  const flags = { ...(seen === undefined ? {} : { seen }), ...(flagged === undefined ? {} : { flagged }) }
  if (newest.length > 0) await client.messages.setFlags({ ids: newest, ...flags })
  if (whole.length > 0) await client.threads.setFlags({ ids: whole, ...flags })
}

/**
 * Sets flags on threads. A star and an unread mark are put on the newest message of each, not on every message of a long
 * conversation; read and unstarred mean all of it.
 */
export async function setThreadFlags(ids: readonly ThreadId[], flags: Flags): Promise<void> {
  if (ids.length === 0) return
  const { source, filter } = useApp.getState()
  if (source !== null) for (const id of ids) keepRow(source, filter, id)
  showFlags(new Set(ids), flags)
  try {
    for (let at = 0; at < ids.length; at += chunk) await tell(ids.slice(at, at + chunk), flags)
  } catch (error) {
    void queryClient.invalidateQueries()
    const failure = failureFrom(error)
    showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
  }
}

/** The same on the person's wish: says what was done when it was done to several, and offers to undo it. */
export async function setFlagsByHand(ids: readonly ThreadId[], flags: Flags, told: TextKey): Promise<void> {
  const changed = ids.filter((id) => {
    const row = findThreadRow(id)
    return !row || (flags.seen !== undefined && row.unread === flags.seen) || (flags.flagged !== undefined && row.flagged !== flags.flagged)
  })
  const done = setThreadFlags(ids, flags)
  if (ids.length > 1) {
    const opposite: Flags = { ...(flags.seen === undefined ? {} : { seen: !flags.seen }), ...(flags.flagged === undefined ? {} : { flagged: !flags.flagged }) }
    showToast({
      key: 'flags',
      message: text(told, { count: ids.length }),
      ...(changed.length > 0 ? { action: { label: text('shell:undo'), perform: () => void setThreadFlags(changed, opposite) } } : {}),
    })
  }
  await done
}
