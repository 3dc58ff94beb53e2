// The buttons on a row under the pointer: the usual ways to be done with it. For the pointer only; the keys say the same.
import { allCommands, run } from '../../commands/all.ts'
import { isPossible } from '../../commands/command.ts'
import { on } from '../../commands/meant.ts'
import { currentContext } from '../../commands/all.ts'
import { useText } from '../../locales/text.ts'
import { Tooltip } from '../../parts/tooltip.tsx'
import type { ThreadId } from '../../../shared/model/ids.ts'

const offered = ['thread.archive', 'thread.trash', 'thread.delete-here', 'thread.unsnooze', 'thread.snooze'] as const

/** Drawn only while a row is pointed at: what is possible depends on the list. */
export function RowActions({ id }: { readonly id: ThreadId }) {
  const t = useText()
  const commands = on([id], () => {
    const context = currentContext()
    return offered.flatMap((name) => allCommands.find((command) => command.id === name && isPossible(command, context)) ?? [])
  })
  return (
    <span aria-hidden className="flex items-center" onDoubleClick={(event) => event.stopPropagation()}>
      {commands.slice(0, 3).map((command) => (
        <Tooltip key={command.id} label={t(command.labelKey)} shortcut={command.keys[0]}>
          <span
            data-row-action={command.id}
            className="flex size-6 items-center justify-center rounded-md text-ink-2 hover:bg-fill-strong hover:text-ink"
            onClick={(event) => {
              event.stopPropagation()
              on([id], () => run(command))
            }}
          >
            <command.icon className="size-4" strokeWidth={1.75} />
          </span>
        </Tooltip>
      ))}
    </span>
  )
}
