// Menus drawn from commands: the ones that can be done now, in the order given, with lines where asked for.
import { text } from '../locales/text.ts'
import type { MenuItem } from '../parts/menu.tsx'
import { allCommands, currentContext, run } from './all.ts'
import { isPossible } from './command.ts'

export function commandItems(ids: readonly string[]): readonly MenuItem[] {
  const context = currentContext()
  const items: MenuItem[] = []
  for (const id of ids) {
    if (id === '-') {
      if (items.length > 0 && items.at(-1)?.type !== 'line') items.push({ type: 'line' })
      continue
    }
    const command = allCommands.find((candidate) => candidate.id === id)
    if (!command || !isPossible(command, context)) continue
    items.push({
      label: text(command.labelKey),
      icon: command.icon,
      shortcut: command.keys[0],
      danger: command.danger,
      checked: command.checked?.(context),
      onSelect: () => run(command),
    })
  }
  if (items.at(-1)?.type === 'line') items.pop()
  return items
}
