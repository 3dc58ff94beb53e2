import type { FolderId, ThreadId } from '../../shared/model/ids.ts'

export function Conversation(_props: { readonly threadId: ThreadId; readonly sourceFolderId: FolderId | null }) {
  return null
}
