// Read and starred for single messages: shown at once, told to the main side, taken back when that fails.
import { api, client, queryClient } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { showToast } from '../parts/toast.tsx'
import type { Message, Thread } from '../../shared/model/message.ts'

type Flags = { readonly seen?: boolean; readonly flagged?: boolean }

export async function setMessageFlags(messages: readonly Message[], flags: Flags): Promise<void> {
  const ids = messages.map((message) => message.id)
  const first = messages[0]
  if (first === undefined) return
  const key = api.threads.get.queryKey({ input: { id: first.threadId } })
  const chosen = new Set(ids)
  queryClient.setQueryData<Thread | null>(key, (thread) =>
    thread ? { ...thread, messages: thread.messages.map((message) => (chosen.has(message.id) ? { ...message, ...flags } : message)) } : thread,
  )
  try {
    await client.messages.setFlags({ ids: ids.slice(0, 1000), ...flags })
  } catch (error) {
    await queryClient.invalidateQueries({ queryKey: key })
    const failure = failureFrom(error)
    showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
  }
}
