// The focus is never lost: when what had it goes away, it goes to the list on the screen, or else to the screen itself.
import { navigator } from '../commands/navigator.ts'

/** An element with this attribute and tabindex -1 takes the focus when there is no list. */
export const focusHome = { 'data-focus-home': true, tabIndex: -1 } as const

function isLost(): boolean {
  const { activeElement } = document
  return activeElement === null || activeElement === document.body
}

function bringHome(): void {
  if (!isLost() || !document.hasFocus()) return
  navigator()?.focus()
  if (isLost()) document.querySelector<HTMLElement>('[data-focus-home]')?.focus({ preventScroll: true })
}

export function keepFocus(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const onFocusOut = (event: FocusEvent) => {
    if (event.relatedTarget !== null) return
    clearTimeout(timer)
    // After React and any closing dialog are done with it.
    timer = setTimeout(bringHome, 30)
  }
  document.addEventListener('focusout', onFocusOut)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('focusout', onFocusOut)
  }
}
