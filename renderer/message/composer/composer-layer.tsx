// All composers of the window, over whatever is shown: docked at the bottom right (in a narrow window at the left, beside
// the mail being read), large, or as bars. Those that answer the conversation on show are at its foot instead. The composer
// itself is loaded when the first one opens.
import clsx from 'clsx'
import { FileUp, Image as ImageIcon, X } from 'lucide-react'
import type { DragEvent } from 'react'
import { Suspense, lazy, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { DraftId } from '../../../shared/model/ids.ts'
import { text, useText } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { Spinner } from '../../parts/spinner.tsx'
import { Boundary } from '../../shell/boundary.tsx'
import { ScheduleDialog } from '../../screens/outbox/schedule-dialog.tsx'
import { useConversation } from '../conversation-state.ts'
import { closeComposer, send, tellFailure } from './composer-actions.ts'
import { dockedWidth, restoreComposers, setInline, showComposer, useComposers } from './composers.ts'
import type { OpenComposer } from './composers.ts'
import { followLeaving, sessionOf } from './draft-session.ts'
import { followTypeAhead } from './type-ahead.ts'
import { lendPlace, usePlaces } from './places.ts'

const load = () => import('./composer.tsx')
const Composer = lazy(async () => ({ default: (await load()).Composer }))
const VersionsDialog = lazy(async () => ({ default: (await import('./versions-dialog.tsx')).VersionsDialog }))

/** Once the first screen is drawn, so that the first composer opens at once. */
function loadWhenIdle(): () => void {
  const handle = requestIdleCallback(() => void load().catch(() => undefined), { timeout: 4000 })
  return () => cancelIdleCallback(handle)
}

export function ComposerLayer() {
  const open = useComposers((state) => state.open)
  const starting = useComposers((state) => state.starting.length > 0)
  const versionsOf = useComposers((state) => state.versionsOf)
  const scheduling = useComposers((state) => state.scheduling)
  const inline = usePlaces((state) => state.inline)
  useEffect(loadWhenIdle, [])
  useEffect(followLeaving, [])
  useEffect(followTypeAhead, [])
  useEffect(() => void restoreComposers().catch(tellFailure), [])

  const docked = open.filter((one) => one.shape === 'docked' && !(one.inline && inline.has(one.id)))
  const large = open.find((one) => one.shape === 'large')
  const panels = docked.filter((one) => !one.inline)
  useEffect(() => {
    const tellCovered = (): void => {
      const covered = panels.length > 0 && innerWidth >= 900 ? dockedWidth * Math.min(panels.length, Math.floor((innerWidth - 320) / dockedWidth)) : 0
      const { style } = document.documentElement
      style.setProperty('--docked', `${String(innerWidth < narrow ? 0 : covered)}px`)
      style.setProperty('--docked-left', `${String(innerWidth < narrow ? covered : 0)}px`)
    }
    tellCovered()
    window.addEventListener('resize', tellCovered)
    return () => window.removeEventListener('resize', tellCovered)
  }, [panels.length])
  // What scrolls to the bottom of the window leaves room for the bars that lie over it.
  const barred = open.some((one) => one.shape === 'bar' || (one.shape === 'docked' && one.inline && !inline.has(one.id)))
  useEffect(() => document.documentElement.style.setProperty('--bars', barred ? '2.5rem' : '0px'), [barred])

  return (
    <>
      {open.map((one) => (
        <Hosted key={one.id} composer={one} />
      ))}
      <div className="pointer-events-none fixed right-4 bottom-0 left-4 z-30 flex flex-row-reverse items-end justify-start gap-3 max-[1200px]:left-2 max-[1200px]:flex-row">
        {starting && <Starting />}
        {open.toReversed().map((one) => {
          if (one.shape === 'held' || one.shape === 'large' || (one.inline && inline.has(one.id))) return null
          return one.shape === 'bar' || one.inline ? <Bar key={one.id} composer={one} /> : <Panel key={one.id} id={one.id} />
        })}
      </div>
      {large && (
        <div className="fixed inset-0 z-30 flex animate-appear justify-center bg-scrim px-6 py-8" onPointerDown={(event) => event.target === event.currentTarget && useComposers.setState({ open: open.map((one) => (one.id === large.id ? { ...one, shape: 'docked' } : one)) })}>
          <Slot kind="docked" id={large.id} className="h-full w-full max-w-[58rem]" />
        </div>
      )}
      <DropArea />
      {scheduling !== null && <Schedule id={scheduling} />}
      {versionsOf !== null && (
        <Suspense fallback={null}>
          <VersionsDialog id={versionsOf} onClose={() => useComposers.setState({ versionsOf: null })} />
        </Suspense>
      )}
    </>
  )
}

/** When it is to go. A mail that cannot go like this is told so in its composer, where the choice is made anew. */
function Schedule({ id }: { readonly id: DraftId }) {
  const session = sessionOf(id)
  if (session === undefined) return null
  const { to, cc } = session.use.getState().content
  return (
    <ScheduleDialog
      open
      onOpenChange={(open) => {
        if (open) return
        useComposers.setState({ scheduling: null })
        showComposer(id, 'text')
      }}
      recipients={[...to, ...cc]}
      onChoose={(choice) => void send(id, choice).catch(tellFailure)}
    />
  )
}

/** A composer in an element of its own, which is put wherever there is a place for it. */
function Hosted({ composer }: { readonly composer: OpenComposer }) {
  const [element] = useState(() => {
    const made = document.createElement('div')
    made.className = 'flex h-full min-h-0 flex-col'
    return made
  })
  const inlinePlace = usePlaces((state) => (composer.inline ? state.inline.get(composer.id) : undefined))
  const dockedPlace = usePlaces((state) => state.docked.get(composer.id))
  const place = composer.shape === 'held' ? undefined : (inlinePlace ?? dockedPlace)
  useLayoutEffect(() => {
    if (place === undefined) {
      element.remove()
      return
    }
    if (element.parentElement === place) return
    // Moving an element takes the focus from what is in it.
    const focused = element.contains(document.activeElement) ? document.activeElement : null
    place.append(element)
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
  }, [element, place])
  return createPortal(
    <Boundary>
      <Suspense fallback={<Opening />}>
        <Composer composer={composer} shown={place !== undefined} place={inlinePlace !== undefined ? 'conversation' : composer.shape === 'large' ? 'large' : 'dock'} />
      </Suspense>
    </Boundary>,
    element,
  )
}

function Slot({ kind, id, className }: { readonly kind: 'inline' | 'docked'; readonly id: DraftId; readonly className?: string }) {
  const place = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => (place.current === null ? undefined : lendPlace(kind, id, place.current)), [kind, id])
  return <div ref={place} className={className} />
}

/** The place of a composer at the foot of the conversation it answers. */
export function InlinePlace({ id }: { readonly id: DraftId }) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // What the conversation wanted in view gives way to what is being written.
    useConversation.setState({ wanted: null })
    const element = frame.current
    if (element === null) return
    const show = (): void => element.scrollIntoView({ block: 'nearest' })
    // The messages above it still find their heights, and it grows itself: with its editor, a warning, what is written.
    const timers = [60, 300, 900].map((after) => setTimeout(show, after))
    const growth = new ResizeObserver(() => {
      if (element.contains(document.activeElement)) show()
    })
    growth.observe(element)
    return () => {
      for (const timer of timers) clearTimeout(timer)
      growth.disconnect()
    }
  }, [])
  return (
    <div ref={frame} className="scroll-mb-[calc(1rem+var(--bars))]">
      <Slot kind="inline" id={id} />
    </div>
  )
}

/** Below this width, CSS pixels, a composer at the right would lie over all of the mail being read; the class says so too. */
const narrow = 1200
const panelLook = 'pointer-events-auto h-[min(36rem,calc(100vh-4.5rem))] w-[38rem] max-w-full shrink-0 max-[1200px]:w-[35.5rem]'

function Panel({ id }: { readonly id: DraftId }) {
  return <Slot kind="docked" id={id} className={clsx(panelLook, 'animate-rise')} />
}

function Opening() {
  return (
    <div aria-busy className="flex h-full min-h-36 items-center justify-center rounded-t-xl bg-surface text-ink-3 shadow-raised dark:bg-raised">
      <Spinner />
    </div>
  )
}

/** A draft on its way; not worth showing for the moment it normally takes. */
function Starting() {
  const t = useText()
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 200)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div role="status" className={clsx(slow ? panelLook : 'sr-only')}>
      <span className="sr-only">{t('composer:starting')}</span>
      {slow && <Opening />}
    </div>
  )
}

function Bar({ composer }: { readonly composer: OpenComposer }) {
  const t = useText()
  const { id } = composer
  const session = sessionOf(id)
  if (session === undefined) return null
  return <SessionBar id={id} inline={composer.inline} use={session.use} label={t('composer:bar')} />
}

type SessionBarProps = { readonly id: DraftId; readonly inline: boolean; readonly use: NonNullable<ReturnType<typeof sessionOf>>['use']; readonly label: string }

function SessionBar({ id, inline, use, label }: SessionBarProps) {
  const t = useText()
  const subject = use((state) => state.content.subject)
  const kind = use((state) => state.draft.kind)
  const failed = use((state) => state.save.phase === 'failed')
  const title = subject.trim() === '' ? t(`composer:kind.${kind}`) : subject
  return (
    <div role="group" aria-label={label} className="pointer-events-auto flex h-9 w-56 min-w-28 shrink animate-rise items-center rounded-t-lg bg-surface pr-1 shadow-raised dark:bg-raised">
      <button
        type="button"
        className={clsx('h-full min-w-0 flex-1 truncate rounded-tl-lg pl-3 text-left text-xs font-semibold hover:bg-fill', failed ? 'text-danger' : 'text-ink-2')}
        onClick={() => {
          if (inline) setInline(id, false)
          else showComposer(id, 'text')
        }}
      >
        {title}
      </button>
      <IconButton icon={X} size="small" label={t('composer:closeNamed', { title })} tooltip={false} onClick={() => void closeComposer(id).catch(tellFailure)} />
    </div>
  )
}

/** While files are dragged over the window, the composer in use says where they would go. */
function DropArea() {
  const t = useText()
  const [over, setOver] = useState<{ readonly id: DraftId; readonly pictures: boolean } | null>(null)
  useEffect(() => {
    let left: ReturnType<typeof setTimeout> | undefined
    const target = (): DraftId | null => {
      const { current, open } = useComposers.getState()
      const shown = open.filter(({ shape }) => shape === 'docked' || shape === 'large')
      return (shown.find(({ id }) => id === current) ?? shown.at(-1))?.id ?? null
    }
    const drag = (event: globalThis.DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return
      const id = target()
      if (id === null) return
      event.preventDefault()
      clearTimeout(left)
      // Nothing tells reliably that a drag left the window, except that it stops being told.
      left = setTimeout(() => setOver(null), 300)
      const items = [...event.dataTransfer.items]
      const pictures = items.length > 0 && items.every(({ type }) => /^image\/(?:png|jpeg|gif|webp)$/u.test(type))
      setOver((now) => (now?.id === id && now.pictures === pictures ? now : { id, pictures }))
    }
    addEventListener('dragover', drag)
    addEventListener('dragenter', drag)
    return () => {
      clearTimeout(left)
      removeEventListener('dragover', drag)
      removeEventListener('dragenter', drag)
    }
  }, [])
  if (over === null) return null
  const session = sessionOf(over.id)
  const drop = (inText: boolean) => (event: DragEvent) => {
    event.preventDefault()
    event.stopPropagation()
    setOver(null)
    const files = [...event.dataTransfer.files]
    if (inText) session?.editor()?.insertPictures(files)
    else session?.attach(files)
  }
  return (
    <div className="fixed inset-0 z-50 flex animate-appear gap-4 bg-scrim p-6">
      {over.pictures && session?.editor() != null && <DropTarget icon={ImageIcon} label={t('composer:drop.text')} onDrop={drop(true)} />}
      <DropTarget icon={FileUp} label={t('composer:drop.attach')} detail={session?.use.getState().content.subject || text('composer:kind.new')} onDrop={drop(false)} />
    </div>
  )
}

type DropTargetProps = { readonly icon: typeof FileUp; readonly label: string; readonly detail?: string; readonly onDrop: (event: DragEvent) => void }

function DropTarget({ icon: Icon, label, detail, onDrop }: DropTargetProps) {
  const [over, setOver] = useState(false)
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={clsx('flex flex-1 flex-col items-center justify-center gap-2 rounded-xl border-2 border-dashed', over ? 'border-accent bg-accent-soft text-accent-ink' : 'border-line-control bg-raised text-ink-2')}
    >
      <Icon aria-hidden className="pointer-events-none size-8" strokeWidth={1.5} />
      <span className="pointer-events-none text-lg font-semibold">{label}</span>
      {detail !== undefined && <span className="pointer-events-none max-w-96 truncate">{detail}</span>}
    </div>
  )
}
