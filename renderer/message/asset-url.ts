import type { AppInfo } from '../../shared/api/contract.ts'
import { api, queryClient } from '../api/api.ts'

/** The address of an asset, from one of `assetPaths`; null until the main side said where assets are. */
export function assetUrl(path: string, info = queryClient.getQueryData<AppInfo>(api.app.info.queryKey())): string | null {
  return info === undefined ? null : `${info.assetBase}${path}`
}
