// Keeps a frame as tall as its document, so a mail never scrolls inside a mail. The document is hostile: rules like
// `height: 110vh` would make it grow for ever, so growth that only answers our own growth is stopped.

/** Taller than this a frame scrolls inside; some mails have hundreds of screens. */
const tallest = 60_000
/** Growths in a row, each within a moment of the last, before the document is taken to chase its frame. */
const mostChases = 12
const chaseWithinMs = 250

/** Calls `resize` with heights in CSS pixels until the returned function is called. */
export function followHeight(frameWindow: Window & typeof globalThis, document: Document, resize: (height: number) => void): () => void {
  let last = 0
  let chases = 0
  let changedAt = 0

  const measure = (): void => {
    const root = document.documentElement
    const body = document.body as HTMLElement | null
    if (body === null) return
    const style = frameWindow.getComputedStyle(body)
    const margins = parseFloat(style.marginTop) + parseFloat(style.marginBottom)
    const scrollBar = Math.max(0, frameWindow.innerHeight - root.clientHeight)
    const content = Math.max(body.offsetHeight + (Number.isFinite(margins) ? margins : 0), root.offsetHeight, lowestEdge(document))
    const height = Math.min(tallest, Math.ceil(content + scrollBar))
    if (height === last) return
    const now = performance.now()
    chases = height > last && now - changedAt < chaseWithinMs ? chases + 1 : 0
    if (chases > mostChases) return
    changedAt = now
    last = height
    resize(height)
  }

  const observer = new ResizeObserver(measure)
  observer.observe(document.documentElement)
  if (document.body as HTMLElement | null) observer.observe(document.body)
  // Images and <details> change the height without always changing the observed boxes.
  document.addEventListener('load', measure, true)
  document.addEventListener('toggle', measure, true)
  measure()
  return () => {
    observer.disconnect()
    document.removeEventListener('load', measure, true)
    document.removeEventListener('toggle', measure, true)
  }
}

/** Where the lowest child of the body ends: floats and positioned boxes stick out of the body's own box. */
function lowestEdge(document: Document): number {
  let lowest = 0
  for (const child of document.body.children) {
    const edge = child.getBoundingClientRect().bottom
    if (edge > lowest) lowest = edge
  }
  return lowest + (document.scrollingElement?.scrollTop ?? 0)
}
