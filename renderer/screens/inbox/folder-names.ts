import { useMemo } from 'react'
import { useAccounts, useFolders } from '../../api/shared-query.ts'
import { useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import type { Account } from '../../../shared/model/account.ts'
import type { Folder } from '../../../shared/model/folder.ts'

/** The person's own name for it, else the usual word for a special folder, else the server's name. */
export function shownName(folder: Pick<Folder, 'shownName' | 'special' | 'name'>, t: Translate): string {
  if (folder.shownName !== null && folder.shownName !== '') return folder.shownName
  return folder.special ? t(`inbox:special.${folder.special}`) : folder.name
}

export type FolderNames = {
  readonly shown: (folder: Folder) => string
  /** Where it is: parents, and the account when there are several. Undefined at the top of the only account. */
  readonly context: (folder: Folder) => string | undefined
  readonly full: (folder: Folder) => string
}

export function folderNames(folders: readonly Folder[], accounts: readonly Account[], t: Translate): FolderNames {
  const byId = new Map(folders.map((folder) => [folder.id, folder]))
  const shown = (folder: Folder) => shownName(folder, t)
  const context = (folder: Folder) => {
    const parts: string[] = []
    let parent = folder.parentId === null ? undefined : byId.get(folder.parentId)
    // A list that is just changing could hold a loop; no tree is this deep.
    for (let depth = 0; parent && depth < 50; depth++) {
      parts.unshift(shown(parent))
      parent = parent.parentId === null ? undefined : byId.get(parent.parentId)
    }
    const account = accounts.length > 1 ? accounts.find(({ id }) => id === folder.accountId) : undefined
    if (account) parts.unshift(account.name)
    return parts.length > 0 ? parts.join(' / ') : undefined
  }
  return { shown, context, full: (folder) => [context(folder), shown(folder)].filter((part) => part !== undefined).join(' / ') }
}

export function useFolderNames(): FolderNames {
  const t = useText()
  const folders = useFolders()
  const accounts = useAccounts()
  return useMemo(() => folderNames(folders ?? [], (accounts ?? []).map(({ account }) => account), t), [folders, accounts, t])
}
