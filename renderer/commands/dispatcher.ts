// The one place that listens to the keyboard for the whole window. Keys typed into fields stay there, and an open dialog
// or menu keeps its keys; only commands marked `everywhere` pass.
import { takesText } from '../parts/fields.ts'
import { platform } from '../parts/key-names.ts'
import { allCommands, currentContext, run } from './all.ts'
import { isPossible } from './command.ts'
import type { Command } from './command.ts'
import { navigator } from './navigator.ts'
import { match, strokeOf } from './keys.ts'

const sequenceTime = 1200

function isCovered(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="alertdialog"][data-state="open"], [role="menu"][data-state="open"]') !== null
}

export function listenToKeys(): () => void {
  let pending = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return
    const stroke = strokeOf(event, platform === 'mac')
    if (stroke === null) return
    const held = takesText(event.target) || isCovered()
    // Asking whether a command is possible may look through the list; only those this key could mean are asked.
    const uses = ({ keys }: Command) => keys.some((key) => key.split(' ').includes(stroke))
    if (!held && allCommands.some((command) => command.reads === true && uses(command))) navigator()?.settle()
    const context = currentContext()
    const candidates = allCommands.filter((command) => uses(command) && (!held || command.everywhere === true) && isPossible(command, context))
    const found = match(candidates, held ? '' : pending, stroke)
    // The first letter of a sequence is a letter to whoever is typing.
    if (held && found.type === 'prefix') return
    clearTimeout(timer)
    pending = found.type === 'prefix' ? found.pressed : ''
    if (found.type === 'none') return
    event.preventDefault()
    if (found.type === 'command') run(found.command)
    else timer = setTimeout(() => (pending = ''), sequenceTime)
  }

  addEventListener('keydown', onKeyDown)
  return () => {
    clearTimeout(timer)
    removeEventListener('keydown', onKeyDown)
  }
}
