// One message's text in a frame that can do nothing: no scripts, no forms, no windows, no way to navigate anything. It
// shares our origin only so that this side can read its document: its height, its links, its keys. What the document
// may load is decided by the policy it is served with.
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState } from 'react'
import { assetPaths } from '../../shared/api/contract.ts'
import type { MessageId } from '../../shared/model/ids.ts'
import { text } from '../locales/text.ts'
import { afterPaint } from '../parts/after-paint.ts'
import { useAppInfo } from '../api/shared-query.ts'
import { assetUrl } from './asset-url.ts'
import { useConversation } from './conversation-state.ts'
import { lendFonts } from './frame-fonts.ts'
import { followHeight } from './frame-height.ts'
import { followWidth } from './frame-width.ts'
import { paintWords } from './frame-words.ts'
import { judgeLink } from './link-verdict.ts'
import type { LinkVerdict } from './link-verdict.ts'
import { followLink, pointAt } from './open-link.ts'

/** Until the document is looked for by itself, milliseconds. */
const firstLookMs = 60
/** The room a message takes before its own height is known, CSS pixels. */
const firstHeight = 96

export type FrameReport = {
  /** Remote images the document left out. */
  readonly blockedImages: number
  /** Whether the document has looks of its own, which a dark theme changes. */
  readonly styled: boolean
}

type Props = {
  readonly messageId: MessageId
  /** For assistive technology: whose message this is. */
  readonly title: string
  readonly images: boolean
  readonly theme: 'light' | 'dark'
  readonly words: readonly string[]
  /** Brings the first of the words into view once. */
  readonly sought: boolean
  readonly onReport: (report: FrameReport) => void
  readonly onFailed: () => void
  /** The person clicked or typed inside. */
  readonly onTouched: () => void
}

export function MessageFrame({ messageId, title, images, theme, words, sought, onReport, onFailed, onTouched }: Props) {
  const frame = useRef<HTMLIFrameElement>(null)
  const drawn = usePainted()
  const [height, setHeight] = useState<number | null>(null)
  const [page, setPage] = useState<Document | null>(null)
  const src = assetUrl(assetPaths.message(messageId, { images, theme }), useAppInfo())
  const touched = useEffectEvent(onTouched)
  const report = useEffectEvent(onReport)
  const failed = useEffectEvent(onFailed)

  // The document is taken as soon as it is parsed: its own 'load' waits for every picture.
  useEffect(() => {
    const element = frame.current
    if (element === null || src === null) return
    const address = new URL(src, location.href).href
    let turn = 0
    const look = (): boolean => {
      const document = element.contentDocument
      if (document?.URL !== address || document.readyState === 'loading' || reportOf(document) === null) return false
      setPage(document)
      return true
    }
    const wait = (): void => {
      if (!look()) turn = requestAnimationFrame(wait)
    }
    const loaded = (): void => {
      if (element.contentDocument?.URL === 'about:blank') return
      clearTimeout(begin)
      cancelAnimationFrame(turn)
      // No document to be read is the browser's own error page; one without the mark is an answer that is no message.
      if (!look()) failed()
    }
    // Not at once: looking into a frame that holds nothing yet takes milliseconds, and most mails have loaded by then.
    const begin = setTimeout(wait, firstLookMs)
    element.addEventListener('load', loaded)
    return () => {
      clearTimeout(begin)
      cancelAnimationFrame(turn)
      element.removeEventListener('load', loaded)
    }
  }, [src, drawn])

  // A layout effect, so that it ends before the frame goes.
  useLayoutEffect(() => (page === null ? undefined : lendFonts(page)), [page])

  useEffect(() => {
    const element = frame.current
    const view = page?.defaultView
    const found = page === null ? null : reportOf(page)
    if (element === null || page === null || !view || found === null) return
    report(found)
    nameFolds(page)
    const unfit = followWidth(view, page)
    const unfollow = followHeight(view, page, setHeight)
    const unlisten = listen(element, page, () => touched())
    return () => {
      unfit()
      unfollow()
      unlisten()
      pointAt(null)
    }
  }, [page])

  const wordList = words.join(' ')
  useEffect(() => {
    const view = page?.defaultView
    if (page === null || !view) return
    const ranges = paintWords(view, page, wordList.split(/\s+/u))
    if (!sought || ranges.length === 0) return
    const element = unfold(ranges)
    // Once the frame has taken its height; from then on the match decides what is in view, not the head of the message.
    const timer = setTimeout(() => {
      useConversation.setState({ wanted: null })
      element?.scrollIntoView({ block: 'nearest' })
    }, 250)
    return () => clearTimeout(timer)
  }, [page, wordList, sought])

  if (src === null) return null
  if (!drawn) return <div style={{ height: firstHeight }} />
  return (
    <iframe
      ref={frame}
      title={title}
      src={src}
      sandbox="allow-same-origin"
      referrerPolicy="no-referrer"
      style={{ height: height ?? firstHeight, colorScheme: theme }}
      className={height === null ? 'block w-full opacity-0' : 'block w-full'}
    />
  )
}

/** Whether what stands around it has been painted: making a frame takes as long as drawing all the rest of a message. */
function usePainted(): boolean {
  const [painted, setPainted] = useState(false)
  useEffect(() => afterPaint(() => setPainted(true)), [])
  return painted
}

/** What the served document says of itself; null when it is not a message's document. */
function reportOf(document: Document): FrameReport | null {
  const { dataset } = document.documentElement
  if (dataset['message'] === undefined) return null
  return { blockedImages: Number(dataset['blockedImages'] ?? 0) || 0, styled: dataset['styled'] === '1' }
}

/** The fold over quoted history is a row of dots; here it gets its name in the person's language. */
function nameFolds(document: Document): void {
  const name = text('message:body.quoted')
  for (const fold of document.querySelectorAll('summary.sl-fold')) {
    fold.setAttribute('title', name)
    fold.setAttribute('aria-label', name)
  }
}

function verdictOf(link: Element): LinkVerdict {
  const target = link.getAttribute('data-href') ?? link.getAttribute('href') ?? ''
  return judgeLink(target, link.textContent, link.getAttribute('data-mismatch'))
}

function linkAt(event: Event): Element | null {
  // The frame has its own Element class, so `instanceof` would be false for its nodes.
  const target = event.target as Node | null
  const element = target?.nodeType === Node.ELEMENT_NODE ? (target as Element) : (target?.parentElement ?? null)
  return element?.closest('a, area') ?? null
}

/** Keys the frame keeps: copying and selecting what is in it, and the browser's own find and print. */
function isFramesOwn(event: KeyboardEvent): boolean {
  return (event.ctrlKey || event.metaKey) && !event.altKey && ['a', 'c', 'x', 'insert'].includes(event.key.toLowerCase())
}

function listen(element: HTMLIFrameElement, document: Document, touched: () => void): () => void {
  const follow = (event: MouseEvent): void => {
    const link = linkAt(event)
    if (link === null) return
    event.preventDefault()
    if (event.button > 1) return
    const href = link.getAttribute('href') ?? ''
    if (href.startsWith('#')) jump(document, href)
    else followLink(verdictOf(link))
  }
  const point = (event: Event): void => {
    const link = linkAt(event)
    const href = link?.getAttribute('href') ?? ''
    pointAt(link === null || href.startsWith('#') ? null : verdictOf(link))
  }
  const unpoint = (): void => pointAt(null)
  const key = (event: KeyboardEvent): void => {
    if (isFramesOwn(event)) return
    const copy = new KeyboardEvent(event.type, {
      key: event.key, code: event.code, location: event.location, repeat: event.repeat, isComposing: event.isComposing,
      ctrlKey: event.ctrlKey, shiftKey: event.shiftKey, altKey: event.altKey, metaKey: event.metaKey,
      bubbles: true, cancelable: true, composed: true,
    })
    if (!element.dispatchEvent(copy)) event.preventDefault()
  }
  const press = (event: PointerEvent): void => {
    touched()
    // Menus and popovers of this side close on a press anywhere else.
    element.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true, button: event.button, pointerType: event.pointerType }))
  }
  document.addEventListener('click', follow)
  document.addEventListener('auxclick', follow)
  document.addEventListener('mouseover', point)
  document.addEventListener('focusin', point)
  document.addEventListener('focusout', unpoint)
  document.documentElement.addEventListener('mouseleave', unpoint)
  document.addEventListener('keydown', key)
  document.addEventListener('keyup', key)
  document.addEventListener('pointerdown', press)
  return () => {
    document.removeEventListener('click', follow)
    document.removeEventListener('auxclick', follow)
    document.removeEventListener('mouseover', point)
    document.removeEventListener('focusin', point)
    document.removeEventListener('focusout', unpoint)
    document.documentElement.removeEventListener('mouseleave', unpoint)
    document.removeEventListener('keydown', key)
    document.removeEventListener('keyup', key)
    document.removeEventListener('pointerdown', press)
  }
}

/** The element of the first match in sight; when folds hide all of them, the first one's are opened. */
function unfold(ranges: readonly Range[]): Element | null {
  // What a closed fold hides keeps its boxes, so its boxes say nothing.
  const visible = ranges.find((range) => !range.startContainer.parentElement?.closest('details:not([open])'))
  const element = (visible ?? ranges[0])?.startContainer.parentElement ?? null
  if (visible === undefined) for (let fold = element?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true
  return element
}

/** A link inside the mail: the frame does not scroll, so the conversation around it does. */
function jump(document: Document, href: string): void {
  let name = href.slice(1)
  try {
    name = decodeURIComponent(name)
  } catch {
    // Taken as it is written.
  }
  const target = name === '' ? document.body : (document.getElementById(name) ?? document.getElementsByName(name)[0])
  target?.scrollIntoView({ block: 'start', behavior: 'smooth' })
}
