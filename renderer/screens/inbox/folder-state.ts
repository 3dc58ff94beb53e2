// What is being done to a folder at the moment: a name being typed, a question being asked.
import { create } from 'zustand'
import type { AccountId, FolderId } from '../../../shared/model/ids.ts'

export type Editing =
  | { readonly kind: 'rename'; readonly id: FolderId }
  | { readonly kind: 'shown-name'; readonly id: FolderId }
  | { readonly kind: 'new'; readonly accountId: AccountId; readonly parentId: FolderId | null }

type FolderState = {
  /** The folder a menu was opened on; null means the one that is shown. */
  readonly menuOn: FolderId | null
  readonly editing: Editing | null
  readonly deleting: FolderId | null
  readonly moving: FolderId | null
  readonly choosingIcon: FolderId | null
  readonly showHidden: ReadonlySet<AccountId>
}

export const useFolderState = create<FolderState>(() => ({ menuOn: null, editing: null, deleting: null, moving: null, choosingIcon: null, showHidden: new Set<AccountId>() }))

export function toggleHidden(account: AccountId): void {
  useFolderState.setState(({ showHidden }) => {
    const now = new Set(showHidden)
    if (!now.delete(account)) now.add(account)
    return { showHidden: now }
  })
}
