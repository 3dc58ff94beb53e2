import { ArrowLeft, MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { findThreadRow } from '../../api/thread-lists.ts'
import { allCommands } from '../../commands/all.ts'
import { CommandButton } from '../../commands/command-button.tsx'
import { on } from '../../commands/meant.ts'
import { commandItems } from '../../commands/menu-items.ts'
import { useText } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { Menu } from '../../parts/menu.tsx'
import type { MenuItem } from '../../parts/menu.tsx'
import type { ThreadId } from '../../../shared/model/ids.ts'
import { possible } from './selection-bar.tsx'

const first = ['thread.archive', 'thread.trash', 'thread.delete-here', 'thread.snooze', 'thread.unsnooze', 'thread.move', 'thread.spam', 'thread.not-spam'] as const
const inBar = [...first, 'thread.mark-unread', 'thread.mark-read', 'thread.star', 'thread.unstar']

/** What can be done with the open thread: the usual as buttons, every other command on conversations in a menu. */
export function ThreadToolbar({ threadId, onBack }: { readonly threadId: ThreadId; readonly onBack?: (() => void) | undefined }) {
  const t = useText()
  const [items, setItems] = useState<readonly MenuItem[]>([])
  const row = findThreadRow(threadId)
  const others = allCommands.filter(({ section, id, keyboardOnly }) => section === 'conversation' && keyboardOnly !== true && !inBar.includes(id)).map(({ id }) => id)
  // Rows may be picked in the list meanwhile; what is offered here is about what is read here.
  const aboutThis = (): readonly MenuItem[] =>
    on([threadId], () => commandItems(others)).map((item) => ('onSelect' in item ? { ...item, onSelect: () => on([threadId], item.onSelect) } : item))
  return (
    <div role="toolbar" aria-label={t('inbox:reading.toolbar')} className="flex h-11 shrink-0 items-center gap-0.5 border-b border-line bg-surface px-3">
      {onBack && <IconButton icon={ArrowLeft} label={t('inbox:reading.back')} shortcut="u" onClick={onBack} className="mr-1" />}
      {on([threadId], () => possible(first)).map((id) => (
        <CommandButton key={id} id={id} about={[threadId]} />
      ))}
      <span aria-hidden className="mx-1 h-4 w-px bg-line" />
      <CommandButton id={row?.unread === true ? 'thread.mark-read' : 'thread.mark-unread'} about={[threadId]} />
      <CommandButton id={row?.flagged === true ? 'thread.unstar' : 'thread.star'} about={[threadId]} />
      <span className="flex-1" />
      <CommandButton id="list.previous" />
      <CommandButton id="list.next" />
      {others.length > 0 && (
        <Menu items={items} align="end" onOpenChange={(open) => setItems(open ? aboutThis() : [])}>
          <IconButton icon={MoreHorizontal} label={t('inbox:reading.more')} />
        </Menu>
      )}
    </div>
  )
}
