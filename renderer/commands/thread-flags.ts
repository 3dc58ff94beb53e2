// Marks that are set by reading rather than by the person: shown at once everywhere, told to the main side, and no step
// to undo. What the person marks goes through triage.ts.
import { api, client, queryClient } from '../api/api.ts'
import { keepRow, patchThreadRows } from '../api/thread-lists.ts'
import { useApp } from '../state.ts'
import type { Thread } from '../../shared/model/message.ts'
import type { ThreadId } from '../../shared/model/ids.ts'

/** Marks a thread read because it was open long enough. A failure shows as the thread being unread again. */
export async function markOpened(id: ThreadId): Promise<void> {
  const { source, filter, lane } = useApp.getState()
  if (source !== null) keepRow(source, filter, lane, id)
  patchThreadRows(new Set([id]), (row) => ({ ...row, unread: false, returned: false, people: row.people.map((person) => ({ ...person, unread: false })) }))
  queryClient.setQueryData<Thread | null>(api.threads.get.queryKey({ input: { id } }), (thread) =>
    thread ? { ...thread, messages: thread.messages.map((message) => ({ ...message, seen: true })) } : thread,
  )
  try {
    await client.threads.setFlags({ ids: [id], seen: true })
  } catch {
    void queryClient.invalidateQueries()
  }
}
