import { Conversation } from '../../message/conversation.tsx'
import { useApp } from '../../state.ts'

export function InboxScreen() {
  const open = useApp((state) => state.open)
  return open ? <Conversation key={open.threadId} threadId={open.threadId} sourceFolderId={open.sourceFolderId} /> : null
}
