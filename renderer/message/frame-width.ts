// Most newsletters are laid out 600 pixels wide, whatever the room. One that is only somewhat too wide is drawn smaller, so
// that it fits; one far too wide keeps its size and scrolls sideways, since nobody could read it that small.

const smallest = 0.6

/** How much to shrink content of this width for this room; 1 leaves it as it is. */
export function fitting(content: number, room: number): number {
  if (content <= room + 1 || room <= 0) return 1
  const share = room / content
  return share < smallest ? 1 : Math.floor(share * 100) / 100
}

/** Fits the mail to its frame now, when the frame's width changes and when pictures arrive. Ends with the returned function. */
export function followWidth(view: Window & typeof globalThis, document: Document): () => void {
  const mail = document.querySelector('.sl-mail')
  if (!(mail instanceof view.HTMLElement)) return () => undefined
  let width = -1
  const fit = (): void => {
    mail.style.removeProperty('zoom')
    const zoom = fitting(mail.scrollWidth, mail.clientWidth)
    if (zoom < 1) mail.style.setProperty('zoom', String(zoom))
  }
  const observer = new ResizeObserver(() => {
    if (view.innerWidth === width) return
    width = view.innerWidth
    fit()
  })
  observer.observe(document.documentElement)
  document.addEventListener('load', fit, true)
  return () => {
    observer.disconnect()
    document.removeEventListener('load', fit, true)
  }
}
