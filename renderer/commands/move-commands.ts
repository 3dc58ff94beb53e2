import { ArrowDown, ArrowUp, CheckSquare, CornerDownLeft, ListChecks, Undo2, X } from 'lucide-react'
import { clearSelection, closeThread, goBack } from '../state.ts'
import type { Command, CommandContext } from './command.ts'
import { navigator } from './navigator.ts'

const inList = ({ app }: CommandContext) => (app.view === 'inbox' || app.view === 'search') && navigator() !== null

/** A screen that is neither the list nor a search, and leads back to it. */
const isBeside = ({ view }: CommandContext['app']): boolean => view === 'settings' || view === 'ledger' || view === 'queue' || view === 'outbox'

export const moveCommands: readonly Command[] = [
  { id: 'list.next', labelKey: 'commands:list.next', icon: ArrowDown, section: 'move', keys: ['j'], keyboardOnly: true, when: inList, perform: () => navigator()?.move('next', false) },
  { id: 'list.previous', labelKey: 'commands:list.previous', icon: ArrowUp, section: 'move', keys: ['k'], keyboardOnly: true, when: inList, perform: () => navigator()?.move('previous', false) },
  { id: 'list.extend-next', labelKey: 'commands:list.extendNext', icon: ArrowDown, section: 'list', keys: ['shift+j'], keyboardOnly: true, when: inList, perform: () => navigator()?.move('next', true) },
  { id: 'list.extend-previous', labelKey: 'commands:list.extendPrevious', icon: ArrowUp, section: 'list', keys: ['shift+k'], keyboardOnly: true, when: inList, perform: () => navigator()?.move('previous', true) },
  { id: 'list.open', labelKey: 'commands:list.open', icon: CornerDownLeft, section: 'move', keys: ['o'], keyboardOnly: true, when: inList, perform: () => navigator()?.open() },
  {
    id: 'list.back',
    labelKey: 'commands:list.back',
    icon: Undo2,
    section: 'move',
    keys: ['u'],
    when: ({ app }) => isBeside(app) || (inList({ app }) && app.open !== null),
    perform: ({ app }) => {
      if (isBeside(app)) goBack()
      else {
        closeThread()
        navigator()?.focus()
      }
    },
  },
  { id: 'list.toggle', labelKey: 'commands:list.toggle', icon: CheckSquare, section: 'list', keys: ['x'], when: (context) => inList(context) && context.app.cursor !== null, perform: () => navigator()?.toggle() },
  { id: 'list.select-all', labelKey: 'commands:list.selectAll', icon: ListChecks, section: 'list', keys: ['mod+a', '* a'], when: inList, perform: () => navigator()?.selectAll() },
  {
    id: 'list.clear',
    labelKey: 'commands:list.clear',
    icon: X,
    section: 'list',
    keys: ['escape', '* n'],
    when: (context) => inList(context) && (context.app.selection.size > 0 || context.app.open !== null),
    perform: ({ app }) => {
      if (app.selection.size > 0) clearSelection()
      else closeThread()
      navigator()?.focus()
    },
  },
]
