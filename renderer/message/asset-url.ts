import type { AppInfo } from '../../shared/api/contract.ts'
import { api, queryClient } from '../api/api.ts'
import { useInfo } from '../api/shared-query.ts'

export function useAppInfo(): AppInfo | null {
  return useInfo() ?? null
}

/** The address of an asset, from one of `assetPaths`; null until the main side said where assets are. */
export function assetUrl(path: string, info: AppInfo | null = queryClient.getQueryData<AppInfo>(api.app.info.queryKey()) ?? null): string | null {
  return info === null ? null : `${info.assetBase}${path}`
}
