// What nearly every part of the screen asks for: the folders, the accounts, the settings, what the program is. One observer
// stands behind each, because opening a conversation makes dozens of parts, and an observer in each costs more than drawing it.
import { QueryObserver } from '@tanstack/react-query'
import type { QueryObserverOptions } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { api, queryClient } from './api.ts'

/** A hook that gives the query's data, undefined until it is here. Whoever shows loading or failing uses `useQuery`. */
function sharedQuery<Data>(options: QueryObserverOptions<Data, Error, Data>): () => Data | undefined {
  const observer = new QueryObserver(queryClient, options)
  const subscribe = (changed: () => void): (() => void) => observer.subscribe(changed)
  // The observer follows the query only while somebody listens.
  const now = (): Data | undefined => (observer.hasListeners() ? observer.getCurrentResult().data : queryClient.getQueryData<Data>(options.queryKey))
  return () => useSyncExternalStore(subscribe, now)
}

export const useFolders = sharedQuery(api.folders.list.queryOptions())
export const useAccounts = sharedQuery(api.accounts.list.queryOptions())
export const useAppInfo = sharedQuery(api.app.info.queryOptions())
export const useStoredSettings = sharedQuery(api.settings.get.queryOptions())
