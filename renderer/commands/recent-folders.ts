// The folders mail was moved or copied to last, newest first, kept for this window's profile.
import type { FolderId } from '../../shared/model/ids.ts'

const key = 'shortlist.recent-folders'
const most = 8

export function recentFolders(): readonly FolderId[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    return Array.isArray(stored) ? stored.filter((id): id is FolderId => Number.isInteger(id)) : []
  } catch {
    return []
  }
}

export function rememberFolder(id: FolderId): void {
  try {
    localStorage.setItem(key, JSON.stringify([id, ...recentFolders().filter((other) => other !== id)].slice(0, most)))
  } catch {
    // Without storage the folders are in their usual order.
  }
}
