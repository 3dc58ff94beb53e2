import { IconButton } from '../parts/icon-button.tsx'
import { useText } from '../locales/text.ts'
import { allCommands, run } from './all.ts'
import { on } from './meant.ts'
import type { ThreadId } from '../../shared/model/ids.ts'

type Props = {
  readonly id: string
  readonly disabled?: boolean
  readonly size?: 'small' | 'medium'
  /** The conversations it is for, where that is not what is picked or under the cursor. */
  readonly about?: readonly ThreadId[] | undefined
}

/** A command as a toolbar button: its icon, its name, its key. */
export function CommandButton({ id, disabled = false, size = 'medium', about }: Props) {
  const t = useText()
  const command = allCommands.find((candidate) => candidate.id === id)
  if (!command) return null
  return <IconButton icon={command.icon} label={t(command.labelKey)} shortcut={command.keys[0]} size={size} disabled={disabled} onClick={() => (about ? on(about, () => run(command)) : run(command))} />
}
