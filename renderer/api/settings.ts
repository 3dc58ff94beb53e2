import { readSettings } from '../../shared/model/settings.ts'
import type { Settings } from '../../shared/model/settings.ts'
import { api, client, queryClient } from './api.ts'
import { useStoredSettings } from './shared-query.ts'

const defaults = readSettings(null)
const key = api.settings.get.queryKey()

/** The person's settings; the defaults until the stored ones are here. */
export function useSettings(): Settings {
  return useStoredSettings() ?? defaults
}

export function currentSettings(): Settings {
  return queryClient.getQueryData<Settings>(key) ?? defaults
}

/** Changes some settings: shown at once, stored right after. Rejects, with the old ones shown again, when storing fails. */
export async function changeSettings(change: Partial<Settings>): Promise<void> {
  await queryClient.cancelQueries({ queryKey: key })
  queryClient.setQueryData<Settings>(key, (old) => ({ ...(old ?? defaults), ...change }))
  try {
    const stored = await client.settings.set(change)
    queryClient.setQueryData<Settings>(key, stored)
  } catch (error) {
    await queryClient.invalidateQueries({ queryKey: key })
    throw error
  }
}
