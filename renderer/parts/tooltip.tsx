// The small labels of buttons and badges. There is one for the whole window: whatever has a label says so in its
// attributes, and the area shows it when that is pointed at for a while or reached by the Tab key. Opening a conversation
// makes dozens of buttons, and a tooltip in each costs more than the button.
import { Popper } from 'radix-ui/internal'
import { cloneElement, useEffect, useId, useState } from 'react'
import type { ReactElement } from 'react'
import { createPortal } from 'react-dom'
import { Kbd } from './kbd.tsx'

type Side = 'top' | 'bottom' | 'left' | 'right'

type Attributes = { readonly 'data-tip'?: string; readonly 'data-tip-keys'?: string | undefined; readonly 'data-tip-side'?: Side }

type Props = {
  readonly label: string
  readonly shortcut?: string | undefined
  readonly side?: Side
  /** One element that hands attributes on to the document. */
  readonly children: ReactElement<Attributes>
}

/** Needs a `TooltipArea` in the window. */
export function Tooltip({ label, shortcut, side = 'bottom', children }: Props) {
  return cloneElement(children, { 'data-tip': label, 'data-tip-keys': shortcut, 'data-tip-side': side })
}

/** Before the first shows, milliseconds. */
const delay = 500
/** One pointed at so soon after another shows at once, milliseconds. */
const skipDelay = 200

type Shown = { readonly anchor: HTMLElement; readonly label: string; readonly keys: string | undefined; readonly side: Side }

function tipAt(target: EventTarget | null): Shown | null {
  const anchor = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null
  const label = anchor?.dataset['tip']
  return anchor === null || label === undefined ? null : { anchor, label, keys: anchor.dataset['tipKeys'], side: (anchor.dataset['tipSide'] ?? 'bottom') as Side }
}

/** Follows what is pointed at and what the Tab key reaches. Returns a function that ends it. */
function follow(show: (shown: Shown | null) => void): () => void {
  let anchor: HTMLElement | null = null
  let visible = false
  let leftAt = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  let tabbed = false

  const hide = (): void => {
    clearTimeout(timer)
    if (!visible) return
    visible = false
    show(null)
  }
  const appear = (tip: Shown): void => {
    clearTimeout(timer)
    if (!tip.anchor.isConnected) return
    visible = true
    show(tip)
  }
  const point = (event: PointerEvent): void => {
    const tip = event.pointerType === 'touch' ? null : tipAt(event.target)
    if (tip?.anchor === anchor) return
    if (visible) leftAt = performance.now()
    hide()
    anchor = tip?.anchor ?? null
    if (tip === null) return
    if (performance.now() - leftAt < skipDelay) appear(tip)
    else timer = setTimeout(() => appear(tip), delay)
  }
  const leave = ({ relatedTarget }: PointerEvent): void => {
    if (relatedTarget !== null) return
    hide()
    anchor = null
  }
  const press = (): void => {
    tabbed = false
    hide()
  }
  const key = (event: KeyboardEvent): void => {
    tabbed = event.key === 'Tab'
    hide()
  }
  const focus = ({ target }: FocusEvent): void => {
    const tip = tipAt(target)
    if (tabbed && tip !== null && tip.anchor === target) appear(tip)
  }
  const over = new AbortController()
  const options = { capture: true, passive: true, signal: over.signal }
  document.addEventListener('pointerover', point, options)
  document.addEventListener('pointerout', leave, options)
  // Pressed, it has done its duty until the pointer comes back.
  document.addEventListener('pointerdown', press, options)
  document.addEventListener('scroll', hide, options)
  document.addEventListener('keydown', key, options)
  document.addEventListener('focusin', focus, options)
  document.addEventListener('focusout', hide, options)
  return () => {
    clearTimeout(timer)
    over.abort()
  }
}

export function TooltipArea() {
  const id = useId()
  const [shown, setShown] = useState<Shown | null>(null)
  useEffect(() => follow(setShown), [])
  useEffect(() => {
    if (shown === null || shown.anchor.getAttribute('aria-label') === shown.label || shown.anchor.hasAttribute('aria-describedby')) return
    shown.anchor.setAttribute('aria-describedby', id)
    return () => shown.anchor.removeAttribute('aria-describedby')
  }, [shown, id])
  if (shown === null) return null
  return createPortal(
    <Popper.Root>
      <Popper.Anchor virtualRef={{ current: shown.anchor }} />
      <Popper.Content
        id={id}
        role="tooltip"
        side={shown.side}
        sideOffset={6}
        collisionPadding={8}
        className="pointer-events-none z-50 flex max-w-80 animate-appear items-center gap-2 rounded-md bg-ink px-2 py-1 text-xs font-medium text-surface [&_kbd_span]:bg-surface/15 [&_kbd_span]:text-surface"
      >
        {shown.label}
        {shown.keys !== undefined && <Kbd keys={shown.keys} />}
      </Popper.Content>
    </Popper.Root>,
    document.body,
  )
}
