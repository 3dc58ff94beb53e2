import { IconButton } from '../parts/icon-button.tsx'
import { useText } from '../locales/text.ts'
import { allCommands, run } from './all.ts'

/** A command as a toolbar button: its icon, its name, its key. */
export function CommandButton({ id, disabled = false, size = 'medium' }: { readonly id: string; readonly disabled?: boolean; readonly size?: 'small' | 'medium' }) {
  const t = useText()
  const command = allCommands.find((candidate) => candidate.id === id)
  if (!command) return null
  return <IconButton icon={command.icon} label={t(command.labelKey)} shortcut={command.keys[0]} size={size} disabled={disabled} onClick={() => run(command)} />
}
