// A command is one thing the person can do, as data. The toolbar, the menus, the palette, the shortcut sheet and the
// keyboard all draw from the same object, so the name, the icon and the key are the same everywhere.
import type { LucideIcon } from 'lucide-react'
import type { TextKey } from '../locales/text.ts'
import type { AppState } from '../state.ts'

export const sections = ['move', 'list', 'conversation', 'write', 'folder', 'go', 'search', 'app'] as const
/** Heading under which the shortcut sheet and the palette list a command. */
export type Section = (typeof sections)[number]

export type CommandContext = { readonly app: AppState }

export type Command = {
  /** 'area.verb', stable. */
  readonly id: string
  readonly labelKey: TextKey
  readonly icon: LucideIcon
  readonly section: Section
  /** 'j', 'shift+u', 'mod+k', 'g i', '?'. All work; the first is the one shown. */
  readonly keys: readonly string[]
  /** Also while typing in a field or with a dialog open. For mod-combinations that make sense there. */
  readonly everywhere?: boolean
  /** Whether it can be done now. Left out: always. */
  readonly when?: (context: CommandContext) => boolean
  readonly perform: (context: CommandContext) => void | Promise<void>
  /** For a command that switches something: whether it is on. */
  readonly checked?: (context: CommandContext) => boolean
  /** Kept out of the palette, where choosing it would make no sense (moving the cursor by one). */
  readonly keyboardOnly?: boolean
  /** About the open conversation: one that is about to be opened is opened first. */
  readonly reads?: boolean
  /** Destroys something; drawn in red. */
  readonly danger?: boolean
}

export function isPossible(command: Command, context: CommandContext): boolean {
  return command.when?.(context) ?? true
}
