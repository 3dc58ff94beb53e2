// What a folder's list and a search's results have in common beside their rows.
import type { ReactNode, RefObject } from 'react'
import { useState } from 'react'
import { commandItems } from '../../commands/menu-items.ts'
import { ContextMenu } from '../../parts/menu.tsx'
import type { MenuItem } from '../../parts/menu.tsx'
import { Spinner } from '../../parts/spinner.tsx'
import type { ListHandle } from '../../parts/virtual-list.tsx'

const rowMenu = [
  'thread.archive', 'thread.trash', 'thread.delete-here', 'thread.move', 'thread.copy', '-',
  'thread.snooze', 'thread.unsnooze', 'thread.mark-read', 'thread.mark-unread', 'thread.star', 'thread.unstar', '-',
  'thread.spam', 'thread.not-spam', 'thread.mute', 'thread.unmute', 'thread.lane', 'thread.join', '-',
  'list.open', 'list.toggle', '-', 'thread.delete',
]

/** The menu of the rows in it; the focus goes back to the list. */
export function RowMenu({ list, children }: { readonly list: RefObject<ListHandle | null>; readonly children: ReactNode }) {
  const [menu, setMenu] = useState<readonly MenuItem[]>([])
  return (
    <ContextMenu
      items={menu}
      onOpenChange={(open) => setMenu(open ? commandItems(rowMenu) : [])}
      onClosed={(event) => {
        event.preventDefault()
        list.current?.focus()
      }}
    >
      <div className="h-full">{children}</div>
    </ContextMenu>
  )
}

export function LoadingMore({ label }: { readonly label: string }) {
  return (
    <div className="flex h-12 items-center justify-center gap-2 text-xs text-ink-3">
      <Spinner className="size-3.5" />
      {label}
    </div>
  )
}
