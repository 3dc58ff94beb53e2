// Which messages of a conversation stand open, and which of the folded ones are put away behind "N older messages".
// Pure: the screen keeps the state and draws what comes out.
import type { MessageId } from '../../shared/model/ids.ts'
import type { Message } from '../../shared/model/message.ts'

type Foldable = Pick<Message, 'id' | 'seen'>

export type ConversationEntry<M> =
  | { readonly kind: 'message'; readonly message: M; readonly open: boolean }
  /** Folded messages hidden together until asked for; `key` stays the same while the run does. */
  | { readonly kind: 'hidden'; readonly key: string; readonly messages: readonly M[] }

/** Fewer than this many are cheaper to show than to hide. */
const leastHidden = 3

/** Unread messages opened together. Each is a page of its own; a list's hundreds at once would take the window's memory. */
const mostOpened = 20

/** Messages standing open when a conversation is opened: the newest, and the unread ones from where reading starts. */
export function openAtFirst(messages: readonly Foldable[]): ReadonlySet<MessageId> {
  const newest = messages.at(-1)
  const unread = messages.filter((message) => !message.seen).slice(0, mostOpened)
  return new Set([...unread, ...(newest ? [newest] : [])].map((message) => message.id))
}

/** Where reading starts: the oldest unread message, else the newest. */
export function startOfReading(messages: readonly Foldable[]): MessageId | null {
  return (messages.find((message) => !message.seen) ?? messages.at(-1))?.id ?? null
}

/**
 * The conversation from top to bottom. Runs of folded messages are hidden, but the first message of the conversation
 * and the one before each open message stay in sight, so the person sees what is answered.
 */
export function layOut<M extends Foldable>(messages: readonly M[], open: ReadonlySet<MessageId>, revealed: boolean): readonly ConversationEntry<M>[] {
  const entries: ConversationEntry<M>[] = []
  let at = 0
  while (at < messages.length) {
    const message = messages[at]
    if (message === undefined) break
    if (revealed || at === 0 || open.has(message.id)) {
      entries.push({ kind: 'message', message, open: open.has(message.id) })
      at += 1
      continue
    }
    let end = at
    while (end < messages.length && !isOpen(messages[end], open)) end += 1
    // The last of the run stays visible above the open message that follows it.
    const hidden = messages.slice(at, end - 1)
    if (hidden.length >= leastHidden) {
      entries.push({ kind: 'hidden', key: `hidden-${String(message.id)}`, messages: hidden })
      at = end - 1
    }
    for (; at < end; at += 1) {
      const folded = messages[at]
      if (folded !== undefined) entries.push({ kind: 'message', message: folded, open: false })
    }
  }
  return entries
}

function isOpen(message: Foldable | undefined, open: ReadonlySet<MessageId>): boolean {
  return message !== undefined && open.has(message.id)
}
