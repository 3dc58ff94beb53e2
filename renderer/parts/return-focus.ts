// Dialogs here are opened by state, not by a trigger Radix knows of, so it would leave the focus nowhere when they close.
import { useRef } from 'react'

/** Props for a dialog's content: the focus goes back to what had it when the dialog opened. */
export function useReturnFocus(): { readonly onOpenAutoFocus: () => void; readonly onCloseAutoFocus: (event: Event) => void } {
  const opener = useRef<HTMLElement | null>(null)
  return {
    onOpenAutoFocus: () => {
      opener.current = openerOf(document.activeElement)
    },
    onCloseAutoFocus: (event) => {
      const last = opener.current
      if (last === null || !last.isConnected || last === document.body) return
      event.preventDefault()
      last.focus()
    },
  }
}

/** A menu is gone by the time the dialog closes; what opened the menu is not. */
function openerOf(active: Element | null): HTMLElement | null {
  const trigger = active?.closest('[role="menu"]')?.getAttribute('aria-labelledby')
  const opener = trigger ? document.getElementById(trigger) : active
  return opener instanceof HTMLElement ? opener : null
}
