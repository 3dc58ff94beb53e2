// Which composers are open and how each is shown. They are remembered for the window's session, so that a reload brings
// them back; what is in them comes from the main side. A sent one stays, out of sight, while it can be taken back, so that
// it comes back exactly as it was.
import { create } from 'zustand'
import { z } from 'zod'
import type { Draft } from '../../../shared/model/draft.ts'
import { DraftId } from '../../../shared/model/ids.ts'
import type { OutgoingId } from '../../../shared/model/ids.ts'
import { client } from '../../api/api.ts'
import { endSession, sessionOf, startSession } from './draft-session.ts'

/** 'bar': only its title, at the bottom edge. 'held': sent a moment ago and can be taken back. */
export type Shape = 'docked' | 'large' | 'bar' | 'held'

export type OpenComposer = {
  readonly id: DraftId
  readonly shape: Shape
  /** In the conversation it answers while that one is on show, else docked. */
  readonly inline: boolean
  readonly outgoingId: OutgoingId | null
}

export type Composers = {
  readonly open: readonly OpenComposer[]
  /** Drafts on their way from the main side, oldest first. */
  readonly starting: readonly number[]
  /** The composer the person is in, or was in last. */
  readonly current: DraftId | null
  /** Asks a composer to take the focus; a new object each time. */
  readonly wanted: { readonly id: DraftId; readonly field: 'to' | 'text' | 'any' } | null
  /** The draft whose history is on show. */
  readonly versionsOf: DraftId | null
  /** The draft whose time is being chosen. */
  readonly scheduling: DraftId | null
}

export const useComposers = create<Composers>(() => ({ open: [], starting: [], current: null, wanted: null, versionsOf: null, scheduling: null }))

const remembered = 'composers'
const Remembered = z.array(z.object({ id: DraftId, shape: z.enum(['docked', 'large', 'bar']), inline: z.boolean() })).max(50)

/** The width of a docked composer with the gap beside it, CSS pixels. */
export const dockedWidth = 624

useComposers.subscribe(({ open }, before) => {
  if (open === before.open) return
  const shown = open.flatMap(({ id, shape, inline }) => (shape === 'held' ? [] : [{ id, shape, inline }]))
  sessionStorage.setItem(remembered, JSON.stringify(shown))
})

function change(id: DraftId, to: Partial<OpenComposer>): void {
  useComposers.setState(({ open }) => ({ open: open.map((one) => (one.id === id ? { ...one, ...to } : one)) }))
}

export function composerOf(id: DraftId): OpenComposer | undefined {
  return useComposers.getState().open.find((one) => one.id === id)
}

/** Makes room: what does not fit beside the one that opens becomes a bar; only one is large. */
function foldOthers(id: DraftId): void {
  const room = Math.max(1, Math.floor(innerWidth / dockedWidth))
  const { open } = useComposers.getState()
  const docked = open.filter((one) => one.id !== id && one.shape === 'docked' && !one.inline)
  const tooMany = new Set(docked.slice(0, Math.max(0, docked.length - (room - 1))).map((one) => one.id))
  useComposers.setState({
    open: open.map((one) => (tooMany.has(one.id) || (one.id !== id && one.shape === 'large') ? { ...one, shape: 'bar' } : one)),
  })
}

/** Opens a draft, or brings its composer to the front when it is open already. */
export function openComposer(draft: Draft, { inline = false, field = 'any' }: { readonly inline?: boolean; readonly field?: 'to' | 'text' | 'any' } = {}): void {
  startSession(draft)
  const known = composerOf(draft.id)
  if (known === undefined) useComposers.setState(({ open }) => ({ open: [...open, { id: draft.id, shape: 'docked', inline, outgoingId: null }] }))
  showComposer(draft.id, field)
}

/** Shows one that is open, in full and with the focus. */
export function showComposer(id: DraftId, field: 'to' | 'text' | 'any' = 'any'): void {
  const known = composerOf(id)
  if (known === undefined) return
  if (known.shape === 'bar' || known.shape === 'held') change(id, { shape: 'docked', outgoingId: null })
  if (!known.inline) foldOthers(id)
  useComposers.setState({ current: id, wanted: { id, field } })
}

export function minimise(id: DraftId): void {
  change(id, { shape: 'bar', inline: false })
}

/** Between its usual place and nearly the whole window. */
export function enlarge(id: DraftId, large: boolean): void {
  change(id, { shape: large ? 'large' : 'docked', ...(large ? { inline: false } : {}) })
  if (large) foldOthers(id)
  useComposers.setState({ current: id, wanted: { id, field: 'text' } })
}

/** Out of the conversation into the dock, and back. */
export function setInline(id: DraftId, inline: boolean): void {
  change(id, { inline, shape: 'docked' })
  if (!inline) foldOthers(id)
  useComposers.setState({ current: id, wanted: { id, field: 'text' } })
}

/** Takes it off the screen; its draft stays. */
export function dropComposer(id: DraftId): void {
  useComposers.setState(({ open, current, wanted }) => ({
    open: open.filter((one) => one.id !== id),
    current: current === id ? (open.findLast((one) => one.id !== id && one.shape !== 'held')?.id ?? null) : current,
    wanted: wanted?.id === id ? null : wanted,
  }))
  endSession(id)
}

/** Sent, and kept out of sight while it can be taken back. */
export function holdComposer(id: DraftId, outgoingId: OutgoingId): void {
  change(id, { shape: 'held', outgoingId })
  useComposers.setState({ current: null, wanted: null })
}

/** The composer the keyboard is in. */
export function focusedComposer(): DraftId | null {
  const element = document.activeElement?.closest<HTMLElement>('[data-composer]')
  const id = Number(element?.dataset['composer'])
  return useComposers.getState().open.find((one) => one.id === id)?.id ?? null
}

/** The composer a command means: the one with the keyboard, or, from a menu or the palette, the one it was in before. */
export function meantComposer(): DraftId | null {
  const focused = focusedComposer()
  if (focused !== null) return focused
  const { activeElement } = document
  const between = activeElement === null || activeElement === document.body || activeElement.closest('[cmdk-root], [role="menu"], [role="dialog"]') !== null
  const { current, open } = useComposers.getState()
  return between ? (open.find((one) => one.id === current && (one.shape === 'docked' || one.shape === 'large'))?.id ?? null) : null
}

/** What is chosen next is about a message, also where a composer had the focus until now: a menu opens before it takes it. */
export function leaveComposers(): void {
  if (focusedComposer() !== null && document.activeElement instanceof HTMLElement) document.activeElement.blur()
  useComposers.setState({ current: null })
}

let lastStart = 0

/** Shows that one is on its way while `make` waits, and opens it. */
export async function startComposer(make: () => Promise<Draft>, options?: { readonly inline?: boolean; readonly field?: 'to' | 'text' | 'any' }): Promise<Draft> {
  const start = (lastStart += 1)
  useComposers.setState(({ starting }) => ({ starting: [...starting, start] }))
  try {
    const draft = await make()
    openComposer(draft, options)
    return draft
  } finally {
    useComposers.setState(({ starting }) => ({ starting: starting.filter((one) => one !== start) }))
  }
}

function readRemembered(): z.infer<typeof Remembered> {
  try {
    const read = Remembered.safeParse(JSON.parse(sessionStorage.getItem(remembered) ?? '[]'))
    return read.success ? read.data : []
  } catch {
    return []
  }
}

/** After a reload: what was open is opened again, in its order and shape. Drafts that are gone or sent stay away. */
export async function restoreComposers(): Promise<void> {
  const before = readRemembered()
  for (const { id, shape, inline } of before) {
    if (composerOf(id) !== undefined) continue
    const draft = await client.drafts.get({ id })
    if (draft === null || draft.outgoing || sessionOf(id) !== undefined) continue
    startSession(draft)
    useComposers.setState(({ open }) => ({ open: [...open, { id, shape, inline, outgoingId: null }] }))
  }
}
