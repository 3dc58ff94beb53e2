import { PanelsTopLeft } from 'lucide-react'
import type { Command } from './command.ts'

/** What F6 goes through, in the order it is on the screen. */
const stops = ['[role="tree"] [tabindex="0"]', '[data-pane="search"] input', '.virtual-list', '[data-pane="conversation"]']

function go(by: 1 | -1): void {
  const present = stops.flatMap((selector) => {
    const element = document.querySelector<HTMLElement>(selector)
    return element && element.offsetParent !== null ? [element] : []
  })
  const at = present.findIndex((element) => element.contains(document.activeElement) || element.closest('[role="tree"]')?.contains(document.activeElement) === true)
  const next = at < 0 ? present[0] : present[(at + by + present.length) % present.length]
  next?.focus()
}

export const paneCommands: readonly Command[] = [
  { id: 'pane.next', labelKey: 'commands:pane.next', icon: PanelsTopLeft, section: 'move', keys: ['f6'], everywhere: true, keyboardOnly: true, perform: () => go(1) },
  { id: 'pane.previous', labelKey: 'commands:pane.previous', icon: PanelsTopLeft, section: 'move', keys: ['shift+f6'], everywhere: true, keyboardOnly: true, perform: () => go(-1) },
]
