// Changes to folders, shown at once. The main side commits them locally and carries them to the server in its own time.
import { api, client, queryClient } from '../../api/api.ts'
import { changeSettings, currentSettings } from '../../api/settings.ts'
import { text } from '../../locales/text.ts'
import { showToast } from '../../parts/toast.tsx'
import type { Folder } from '../../../shared/model/folder.ts'
import type { AccountId, FolderId } from '../../../shared/model/ids.ts'
import { shownName } from './folder-names.ts'

const key = api.folders.list.queryKey()

export function currentFolders(): readonly Folder[] {
  return queryClient.getQueryData<Folder[]>(key) ?? []
}

export function currentFolder(id: FolderId | null): Folder | undefined {
  return id === null ? undefined : currentFolders().find((folder) => folder.id === id)
}

async function changing(id: FolderId, change: Partial<Folder>, tell: () => Promise<unknown>): Promise<void> {
  await queryClient.cancelQueries({ queryKey: key })
  queryClient.setQueryData<Folder[]>(key, (folders) => folders?.map((folder) => (folder.id === id ? { ...folder, ...change } : folder)))
  try {
    await tell()
  } finally {
    void queryClient.invalidateQueries({ queryKey: key })
  }
}

type Look = { readonly icon?: string | null; readonly shownName?: string | null; readonly hidden?: boolean; readonly position?: number | null }

/** The local look of a folder. */
export async function presentFolder(id: FolderId, look: Look): Promise<void> {
  const folder = currentFolder(id)
  if (!folder) return
  const whole = { icon: folder.icon, shownName: folder.shownName, hidden: folder.hidden, position: folder.position, ...look }
  await changing(id, whole, () => client.folders.present({ id, ...whole }))
}

export async function hideFolder(folder: Folder): Promise<void> {
  await presentFolder(folder.id, { hidden: true })
  showToast({
    message: text('inbox:folders.hiddenDone', { name: shownName(folder, text) }),
    action: { label: text('shell:undo'), perform: () => void presentFolder(folder.id, { hidden: false }) },
  })
}

export async function createFolder(accountId: AccountId, parentId: FolderId | null, name: string): Promise<void> {
  const created = await client.folders.create({ accountId, parentId, name })
  queryClient.setQueryData<Folder[]>(key, (folders) => (folders?.some(({ id }) => id === created.id) ? folders : [...(folders ?? []), created]))
  void queryClient.invalidateQueries({ queryKey: key })
}

export async function renameFolder(id: FolderId, name: string): Promise<void> {
  await changing(id, { name, pending: true }, () => client.folders.rename({ id, name }))
}

export async function moveFolder(folder: Folder, parentId: FolderId | null): Promise<void> {
  if (folder.parentId === parentId) return
  const before = folder.parentId
  await changing(folder.id, { parentId, pending: true }, () => client.folders.move({ id: folder.id, parentId }))
  const moveBack = () => {
    const now = currentFolder(folder.id)
    if (now) void moveFolder(now, before)
  }
  showToast({ key: 'folder-moved', message: text('inbox:folders.movedDone', { name: shownName(folder, text) }), action: { label: text('shell:undo'), perform: moveBack } })
}

export async function subscribeFolder(folder: Folder): Promise<void> {
  await changing(folder.id, { subscribed: !folder.subscribed }, () => client.folders.subscribe({ id: folder.id, subscribed: !folder.subscribed }))
}

export async function removeFolder(folder: Folder): Promise<void> {
  await client.folders.remove({ id: folder.id })
  queryClient.setQueryData<Folder[]>(key, (folders) => folders?.filter(({ id }) => id !== folder.id))
  void queryClient.invalidateQueries({ queryKey: key })
  showToast({ message: text('inbox:folders.deletedDone', { name: shownName(folder, text) }) })
}

/** Puts the folders in this order, by giving all of them a position. Stays on this computer. */
export async function orderFolders(ids: readonly FolderId[]): Promise<void> {
  const moved = ids.map((id, position) => ({ id, position })).filter(({ id, position }) => currentFolder(id)?.position !== position)
  await Promise.all(moved.map(({ id, position }) => presentFolder(id, { position })))
}

export async function toggleBranch(branch: string, open?: boolean): Promise<void> {
  const closed = new Set(currentSettings().closedBranches)
  const close = open === undefined ? !closed.has(branch) : !open
  if (close === closed.has(branch)) return
  if (close) closed.add(branch)
  else closed.delete(branch)
  await changeSettings({ closedBranches: [...closed] })
}
