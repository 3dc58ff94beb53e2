// The conversation on show, for its screen and for the commands alike: which messages are open, which one the keyboard is
// on. What the messages say lives in the queries; this holds only what the person did to them.
import { create } from 'zustand'
import type { MessageId, ThreadId } from '../../shared/model/ids.ts'
import type { Message, Thread } from '../../shared/model/message.ts'
import { layOut, openAtFirst, startOfReading } from './folding.ts'

export type ConversationState = {
  readonly threadId: ThreadId | null
  readonly messages: readonly Message[]
  readonly open: ReadonlySet<MessageId>
  /** The runs behind "N older messages" are shown. */
  readonly revealed: boolean
  /** The message the keyboard is on. */
  readonly current: MessageId | null
  /** Asks the screen to bring a message into view; a new object each time. */
  readonly wanted: { readonly id: MessageId; readonly focus: boolean } | null
  /** Unread when they were opened, so the person still sees what was new after they count as read. */
  readonly fresh: ReadonlySet<MessageId>
  readonly sourceOf: MessageId | null
}

const nothing: ConversationState = {
  threadId: null,
  messages: [],
  open: new Set(),
  revealed: false,
  current: null,
  wanted: null,
  fresh: new Set(),
  sourceOf: null,
}

export const useConversation = create<ConversationState>(() => nothing)

/**
 * Takes in a thread as it now is. A thread not shown before is laid out anew, starting at `wanted` when it is one of its
 * messages; else only what arrived is opened.
 */
export function takeThread(thread: Thread, wanted: MessageId | null = null): void {
  const state = useConversation.getState()
  const { messages } = thread
  if (state.threadId !== thread.id) {
    const sought = messages.find((message) => message.id === wanted)?.id ?? null
    const start = sought ?? startOfReading(messages)
    useConversation.setState({
      ...nothing,
      threadId: thread.id,
      messages,
      open: new Set([...openAtFirst(messages), ...(sought === null ? [] : [sought])]),
      current: start,
      wanted: start === null ? null : { id: start, focus: false },
      fresh: new Set(messages.filter((message) => !message.seen).map((message) => message.id)),
    })
    return
  }
  const known = new Set(state.messages.map((message) => message.id))
  const here = new Set(messages.map((message) => message.id))
  const arrived = messages.filter((message) => !known.has(message.id))
  useConversation.setState({
    messages,
    open: new Set([...state.open, ...openAtFirst(arrived)].filter((id) => here.has(id))),
    fresh: new Set([...state.fresh, ...arrived.filter((message) => !message.seen).map((message) => message.id)]),
    current: state.current !== null && here.has(state.current) ? state.current : startOfReading(messages),
    sourceOf: state.sourceOf !== null && here.has(state.sourceOf) ? state.sourceOf : null,
  })
}

export function leaveConversation(): void {
  useConversation.setState(nothing)
}

export function currentMessage(): Message | null {
  const { messages, current } = useConversation.getState()
  return messages.find((message) => message.id === current) ?? null
}

export function setOpen(id: MessageId, open: boolean): void {
  useConversation.setState((state) => {
    const next = new Set(state.open)
    if (open) next.add(id)
    else next.delete(id)
    return { open: next, current: id }
  })
}

export function toggleCurrent(): void {
  const { current, open } = useConversation.getState()
  if (current === null) return
  setOpen(current, !open.has(current))
  useConversation.setState({ wanted: { id: current, focus: true } })
}

export function allOpen(state: ConversationState): boolean {
  return state.messages.every((message) => state.open.has(message.id))
}

/** Opens every message, or folds all but the newest when they are open already. */
export function toggleAll(): void {
  useConversation.setState((state) => {
    const newest = state.messages.at(-1)
    return allOpen(state)
      ? { open: new Set(newest ? [newest.id] : []), revealed: false, ...(newest ? { current: newest.id, wanted: { id: newest.id, focus: false } } : {}) }
      : { open: new Set(state.messages.map((message) => message.id)), revealed: true }
  })
}

export function reveal(): void {
  useConversation.setState({ revealed: true })
}

/** Moves the keyboard to the next message in sight (1) or the previous one (-1). False at the end. */
export function stepMessage(by: 1 | -1): boolean {
  const state = useConversation.getState()
  const shown = layOut(state.messages, state.open, state.revealed).flatMap((entry) => (entry.kind === 'message' ? [entry.message.id] : []))
  const at = state.current === null ? -1 : shown.indexOf(state.current)
  const next = shown[at + by]
  if (next === undefined) return false
  useConversation.setState({ current: next, wanted: { id: next, focus: true } })
  return true
}

export function showSource(id: MessageId | null): void {
  useConversation.setState({ sourceOf: id })
}

/** Whether the keyboard is in the conversation, or in the pane that holds it, rather than in the list beside it. */
export function conversationHasFocus(): boolean {
  const focused = document.activeElement
  if (focused === null || focused === document.body) return false
  return focused.closest('[data-conversation]') !== null || (focused.querySelector('[data-conversation]') !== null && focused.querySelector('[role="listbox"]') === null)
}
