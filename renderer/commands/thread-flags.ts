// Read, unread and starred: shown at once everywhere, told to the main side, and taken back when that fails.
import { api, client, queryClient } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { findThreadRow, keepRow, patchThreadRows } from '../api/thread-lists.ts'
import { text } from '../locales/text.ts'
import type { TextKey } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import { useApp } from '../state.ts'
import type { Thread } from '../../shared/model/message.ts'
import type { ThreadId } from '../../shared/model/ids.ts'

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
      // Starring a thread stars its newest message only, as the main side does; reading reads all of it.
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

/** Sets flags on whole threads. Chunked, since the contract takes a thousand at a time. */
export async function setThreadFlags(ids: readonly ThreadId[], flags: Flags): Promise<void> {
  if (ids.length === 0) return
  const { source, filter } = useApp.getState()
  if (source !== null) for (const id of ids) keepRow(source, filter, id)
  showFlags(new Set(ids), flags)
  try {
    for (let at = 0; at < ids.length; at += 1000) await client.threads.setFlags({ ids: ids.slice(at, at + 1000), ...flags })
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
