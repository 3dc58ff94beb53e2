// Letters typed between the key that opens a composer and the composer having the keyboard belong to the mail: they would
// otherwise be commands of the window, and one of them archives. They are kept and written where the focus arrives.
import type { DraftId } from '../../../shared/model/ids.ts'
import { isField } from '../../parts/fields.ts'
import { useConversation } from '../conversation-state.ts'
import { composerOf, useComposers } from './composers.ts'
import { sessionOf } from './draft-session.ts'

/** Lines end where Enter or Tab was pressed. */
let typed = ''
/** A composer that does not come at all gives the keys back to the window; one that is only slow does not. */
const longestMs = 30_000
let since = 0

function isOpening(): boolean {
  const { starting, wanted } = useComposers.getState()
  if (starting.length > 0) return true
  const composer = wanted === null ? undefined : composerOf(wanted.id)
  // One that answers a conversation which is not on show is a bar, and does not ask for the keyboard.
  return composer !== undefined && composer.shape !== 'held' && composer.shape !== 'bar' && (!composer.inline || answersWhatIsShown(composer.id))
}

function answersWhatIsShown(id: DraftId): boolean {
  const source = sessionOf(id)?.use.getState().draft.sourceMessageId
  return useConversation.getState().messages.some((message) => message.id === source)
}

export function followTypeAhead(): () => void {
  let opening = false
  const stop = useComposers.subscribe(() => {
    const now = isOpening()
    if (now && !opening) since = Date.now()
    opening = now
  })
  const key = (event: KeyboardEvent): void => {
    if (!isOpening() || Date.now() - since > longestMs) {
      typed = ''
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (isField(event.target)) return
    if (event.key === 'Escape') {
      // Whoever does not want to wait has the window again.
      typed = ''
      useComposers.setState({ wanted: null })
      return
    }
    if (event.key === 'Backspace') typed = typed.replace(/.$/su, '')
    else if (event.key === 'Enter' || event.key === 'Tab') typed += '\n'
    else if (event.key.length === 1) typed += event.key
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  addEventListener('keydown', key, true)
  return () => {
    stop()
    removeEventListener('keydown', key, true)
  }
}

/** Gives what was typed meanwhile, once; a line for every Enter or Tab. */
export function takeTypedAhead(): string {
  const text = typed
  typed = ''
  return text
}
