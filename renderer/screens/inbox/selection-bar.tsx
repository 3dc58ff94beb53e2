// What can be done with the picked rows, in place of the list's title.
import { X } from 'lucide-react'
import { CommandButton } from '../../commands/command-button.tsx'
import { allCommands, currentContext } from '../../commands/all.ts'
import { isPossible } from '../../commands/command.ts'
import { useText } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { clearSelection, useApp } from '../../state.ts'

/** The commands offered for a selection, those that are possible. */
export const pickedCommands = ['thread.archive', 'thread.trash', 'thread.delete-here', 'thread.move', 'thread.snooze', 'thread.mark-read', 'thread.mark-unread', 'thread.join'] as const

export function possible(ids: readonly string[]): readonly string[] {
  const context = currentContext()
  return ids.filter((id) => {
    const command = allCommands.find((candidate) => candidate.id === id)
    return command !== undefined && isPossible(command, context)
  })
}

export function SelectionBar() {
  const t = useText()
  const count = useApp((state) => state.selection.size)
  const everything = useApp((state) => state.everything)
  const label = everything ? t('triage:everything.all') : t('inbox:list.selected', { count })
  return (
    <div role="toolbar" aria-label={label} className="flex h-6 items-center gap-0.5">
      <span className="min-w-0 flex-1 truncate text-md font-semibold">{label}</span>
      {possible(pickedCommands).map((id) => (
        <CommandButton key={id} id={id} size="small" />
      ))}
      <IconButton icon={X} size="small" label={t('commands:list.clear')} shortcut="escape" onClick={clearSelection} />
    </div>
  )
}
