// The renderer's door to the main side: the typed client, and query options for every call of the contract.
import { createTanstackQueryUtils } from '@orpc/tanstack-query'
import { notifyManager, QueryClient } from '@tanstack/react-query'
import { openChannel } from './channel.ts'
import { ConnectionLost, connect } from './connection.ts'

const connection = connect(openChannel())

export const { client, onOpen } = connection

/** `api.threads.get.queryOptions({ input })`, `api.folders.list.key()` and so on. */
export const api = createTanstackQueryUtils(client)

// In the same task as the change, so that a row that leaves and the conversation that opens are one frame.
notifyManager.setScheduler(queueMicrotask)

/** Nothing goes stale by time: events and reconnecting invalidate. The browser's idea of being online is no matter of ours. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      networkMode: 'always',
      staleTime: Infinity,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: (_count, error) => error instanceof ConnectionLost,
      retryDelay: 50,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})
