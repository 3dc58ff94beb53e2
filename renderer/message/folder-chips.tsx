import { useMemo } from 'react'
import type { FolderId } from '../../shared/model/ids.ts'
import type { Message } from '../../shared/model/message.ts'
import { useFolders } from '../api/shared-query.ts'
import { folderIcon } from '../screens/inbox/folder-icons.ts'
import { useFolderNames } from '../screens/inbox/folder-names.ts'
import { showSource } from '../state.ts'

const mostChips = 4

/** The folders the messages of a conversation lie in, as small doors to them. */
export function FolderChips({ messages, sourceFolderId }: { readonly messages: readonly Message[]; readonly sourceFolderId: FolderId | null }) {
  const folders = useFolders()
  const names = useFolderNames()
  const shown = useMemo(() => {
    const ids = new Set(messages.flatMap((message) => message.folderIds))
    return (folders ?? []).filter((folder) => ids.has(folder.id))
  }, [messages, folders])
  // One folder, and the person came from it: nothing to tell.
  if (shown.length === 0 || (shown.length === 1 && shown[0]?.id === sourceFolderId)) return null
  return (
    <>
      {shown.slice(0, mostChips).map((folder) => {
        const Icon = folderIcon(folder)
        return (
          <button
            key={folder.id}
            type="button"
            title={names.full(folder)}
            className="inline-flex h-5 max-w-48 items-center gap-1 rounded-sm bg-fill px-1.5 text-2xs font-medium text-ink-2 transition-colors duration-100 hover:bg-fill-strong hover:text-ink"
            onClick={() => showSource(folder.id)}
          >
            <Icon aria-hidden className="size-3 shrink-0" strokeWidth={2} />
            <bdi className="truncate">{names.shown(folder)}</bdi>
          </button>
        )
      })}
      {shown.length > mostChips && <span>+{shown.length - mostChips}</span>}
    </>
  )
}
