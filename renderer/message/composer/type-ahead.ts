// Letters typed between the key that opens a composer and the composer having the keyboard belong to the mail: they would
// otherwise be commands of the window, and one of them archives. They are kept and written where the focus arrives.
import { useComposers } from './composers.ts'

let typed = ''
/** Whatever becomes of the composer, keys are commands again after this. */
const longestMs = 4000
let since = 0

function isOpening(): boolean {
  const { starting, wanted } = useComposers.getState()
  return starting.length > 0 || wanted !== null
}

export function followTypeAhead(): () => void {
  const stop = useComposers.subscribe((now, before) => {
    if ((now.starting.length > 0 && before.starting.length === 0) || (now.wanted !== null && now.wanted !== before.wanted)) {
      if (typed === '') since = Date.now()
    }
  })
  const key = (event: KeyboardEvent): void => {
    if (!isOpening() || Date.now() - since > longestMs) {
      typed = ''
      return
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.key.length !== 1) return
    if (event.target instanceof HTMLElement && (event.target.isContentEditable || event.target.matches('input, textarea, select'))) return
    event.preventDefault()
    event.stopImmediatePropagation()
    typed += event.key
  }
  addEventListener('keydown', key, true)
  return () => {
    stop()
    removeEventListener('keydown', key, true)
  }
}

/** Gives what was typed meanwhile, once. */
export function takeTypedAhead(): string {
  const text = typed
  typed = ''
  return text
}
