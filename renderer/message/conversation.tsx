// A conversation from its first message to its newest. Read messages are folded to a line, long runs of them put away;
// the newest and the unread stand open, and the reading starts at the first unread one.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ChevronsDownUp, ChevronsUpDown, CircleSlash2, Unplug } from 'lucide-react'
import type { RefObject } from 'react'
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import type { FolderId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import type { Message, Thread } from '../../shared/model/message.ts'
import { api } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { perform } from '../commands/all.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { isField } from '../parts/fields.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { ConversationFoot } from './composer/conversation-foot.tsx'
import { DraftNote } from './composer/draft-note.tsx'
import { AttachmentList } from './attachment-list.tsx'
import { AttachmentPreview } from './attachment-preview.tsx'
import { AttachmentWarning } from './attachment-warning.tsx'
import { allOpen, conversationHasFocus, leaveConversation, reveal, setOpen, takeThread, toggleCurrent, useConversation } from './conversation-state.ts'
import { DeliveryNote } from './delivery-note.tsx'
import { FoldedMessage } from './folded-message.tsx'
import { FolderChips } from './folder-chips.tsx'
import { layOut } from './folding.ts'
import { InviteCard } from './invite-card.tsx'
import { LinkQuestion, LinkTarget } from './link-question.tsx'
import { MessageBody } from './message-body.tsx'
import { MessageHeader } from './message-header.tsx'
import { MessageSource } from './message-source.tsx'
import { WithWords } from './with-words.tsx'

type Props = {
  readonly threadId: ThreadId
  /** The folder it was opened from; its chip is not shown, since the person is there. */
  readonly sourceFolderId: FolderId | null
  /** Words to highlight, when it was opened from a search. */
  readonly words?: readonly string[]
  /** The message a search found, to begin with. */
  readonly messageId?: MessageId | null
}

const noWords: readonly string[] = []

export function Conversation({ threadId, sourceFolderId, words = noWords, messageId = null }: Props) {
  const t = useText()
  const query = useQuery(api.threads.get.queryOptions({ input: { id: threadId } }))
  const thread = query.data

  useLayoutEffect(() => {
    if (thread) takeThread(thread, messageId)
  }, [thread, messageId])
  // A layout effect, so that it ends before the next conversation takes its place in the same moment.
  useLayoutEffect(() => leaveConversation, [threadId])

  if (query.isPending) return <Loading />
  if (query.isError) {
    const failure = failureFrom(query.error)
    return (
      <EmptyState icon={Unplug} title={t('message:conversation.failed')} action={<Button onClick={() => void query.refetch()}>{t('shell:retry')}</Button>}>
        {failureText(failure)}
      </EmptyState>
    )
  }
  if (!thread || thread.messages.length === 0) {
    return (
      <EmptyState icon={CircleSlash2} title={t('message:conversation.gone')}>
        {t('message:conversation.goneText')}
      </EmptyState>
    )
  }
  return <Opened thread={thread} sourceFolderId={sourceFolderId} words={words} sought={messageId} />
}

type OpenedProps = { readonly thread: Thread; readonly sourceFolderId: FolderId | null; readonly words: readonly string[]; readonly sought: MessageId | null }

function Opened({ thread, sourceFolderId, words, sought }: OpenedProps) {
  const t = useText()
  const state = useConversation()
  const scroller = useRef<HTMLDivElement>(null)
  const entries = useMemo(() => layOut(state.messages, state.open, state.revealed), [state.messages, state.open, state.revealed])
  useWantedMessage(scroller)
  useFoldKey(thread.messages.length > 1)

  if (state.threadId !== thread.id) return <Loading />
  const alone = thread.messages.length === 1
  const everythingOpen = allOpen(state)
  return (
    <section data-conversation aria-label={t('message:conversation.label')} className="relative flex h-full min-h-0 flex-col bg-surface">
      <div
        ref={scroller}
        tabIndex={-1}
        onScroll={(event) => event.currentTarget.toggleAttribute('data-scrolled', event.currentTarget.scrollTop > 8)}
        className="group/scroll @container min-h-0 flex-1 overflow-x-hidden overflow-y-auto outline-none"
      >
        <header data-head className="sticky top-0 z-10 flex items-start gap-3 border-b border-transparent bg-surface px-6 pt-4 pb-2 group-data-scrolled/scroll:border-line">
          <h1
            dir="auto"
            title={thread.subject}
            className="selectable line-clamp-2 min-w-0 flex-1 text-xl leading-7 font-semibold tracking-[-0.015em] text-balance break-words text-ink group-data-scrolled/scroll:line-clamp-1"
          >
            {thread.subject.trim() === '' ? <span className="text-ink-3">{t('message:noSubject')}</span> : <WithWords text={thread.subject} words={words} />}
          </h1>
          {!alone && (
            <IconButton
              icon={everythingOpen ? ChevronsDownUp : ChevronsUpDown}
              label={everythingOpen ? t('message:command.foldAll') : t('message:command.openAll')}
              shortcut=";"
              className="-my-0.5 -mr-2"
              onClick={() => perform(everythingOpen ? 'message.fold-all' : 'message.open-all')}
            />
          )}
        </header>
        <div className="-mt-1 flex flex-wrap items-center gap-1.5 px-6 pb-3 text-xs text-ink-3">
          <FolderChips messages={state.messages} sourceFolderId={sourceFolderId} />
          {!alone && <span>{t('message:conversation.messages', { count: thread.messages.length })}</span>}
        </div>
        <div className="pb-[calc(2.5rem+var(--bars))]">
          {entries.map((entry) =>
            entry.kind === 'hidden' ? (
              <HiddenMessages key={entry.key} count={entry.messages.length} />
            ) : (
              <MessageEntry
                key={entry.message.id}
                message={entry.message}
                open={entry.open}
                current={!alone && entry.message.id === state.current}
                fresh={state.fresh.has(entry.message.id)}
                alone={alone}
                subject={thread.subject}
                words={words}
                sought={sought === entry.message.id}
              />
            ),
          )}
          <ConversationFoot threadId={thread.id} messages={thread.messages} />
        </div>
      </div>
      <LinkTarget />
      <LinkQuestion />
      <AttachmentWarning />
      <AttachmentPreview />
      <MessageSource />
    </section>
  )
}

function HiddenMessages({ count }: { readonly count: number }) {
  const t = useText()
  return (
    <div className="relative flex h-9 items-center px-6 before:absolute before:inset-x-0 before:top-1/2 before:h-px before:bg-line">
      <button
        type="button"
        className="relative ml-11 inline-flex h-6 items-center gap-1.5 rounded-full bg-surface px-3 text-xs font-medium text-ink-2 shadow-card transition-colors duration-100 hover:text-ink dark:bg-raised"
        onClick={reveal}
      >
        <ChevronsUpDown aria-hidden className="size-3.5 text-ink-3" />
        {t('message:conversation.older', { count })}
      </button>
    </div>
  )
}

type EntryProps = {
  readonly message: Message
  readonly open: boolean
  readonly current: boolean
  readonly fresh: boolean
  readonly alone: boolean
  readonly subject: string
  readonly words: readonly string[]
  /** The one a search found: its first match is brought into view. */
  readonly sought: boolean
}

function MessageEntry({ message, open, current, fresh, alone, subject, words, sought }: EntryProps) {
  return (
    <article
      data-message-id={message.id}
      aria-current={current || undefined}
      className={clsx(
        'relative scroll-mt-2 border-t border-line',
        'before:pointer-events-none before:absolute before:inset-y-0 before:left-0 before:w-[3px] before:bg-accent before:opacity-0 before:transition-opacity',
        current && 'before:opacity-100',
      )}
      onPointerDown={() => useConversation.setState({ current: message.id })}
    >
      {open ? (
        <div className="px-6 pt-4 pb-6">
          <MessageHeader message={message} fresh={fresh} conversationSubject={subject} onFold={alone ? null : () => setOpen(message.id, false)} />
          <div className="mt-3 @lg:ml-11">
            {message.draft ? <DraftNote message={message} /> : <DeliveryNote message={message} />}
            {message.invite !== null && <InviteCard message={message} invite={message.invite} />}
            <MessageBody message={message} words={words} sought={sought} />
            <AttachmentList message={message} />
          </div>
        </div>
      ) : (
        <FoldedMessage message={message} onOpen={() => setOpen(message.id, true)} />
      )}
    </article>
  )
}

/** In the list 'o' opens; in here it folds. Both are the window's key, so this one answers first while it has the focus. */
function useFoldKey(canFold: boolean): void {
  useEffect(() => {
    const fold = (event: globalThis.KeyboardEvent): void => {
      if (event.key !== 'o' || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.defaultPrevented || event.isComposing) return
      if (!canFold || !conversationHasFocus() || !(event.target instanceof HTMLElement) || isField(event.target) || event.target.closest('[data-composer]') !== null) return
      event.preventDefault()
      toggleCurrent()
    }
    addEventListener('keydown', fold, true)
    return () => removeEventListener('keydown', fold, true)
  }, [canFold])
}

/** Brings the wanted message into view; while the frames above it grow to their heights, it stays where it was put. */
function useWantedMessage(scroller: RefObject<HTMLDivElement | null>): void {
  const wanted = useConversation((state) => state.wanted)
  useLayoutEffect(() => {
    const area = scroller.current
    return area === null || wanted === null ? undefined : keepInPlace(area, wanted)
  }, [scroller, wanted])
}

const userMoves = ['wheel', 'pointerdown', 'keydown', 'touchmove'] as const

function keepInPlace(area: HTMLElement, { id, focus }: { readonly id: MessageId; readonly focus: boolean }): () => void {
  const place = (): void => {
    const article = area.querySelector(`[data-message-id="${String(id)}"]`)
    if (article === null) return
    if (area.querySelector('[data-message-id]') === article) area.scrollTop = 0
    else {
      const head = area.querySelector('[data-head]')?.clientHeight ?? 0
      // The end of what came before stays in sight, so that it is clear there is something.
      area.scrollTop += article.getBoundingClientRect().top - area.getBoundingClientRect().top - head - 24
    }
  }
  if (focus) area.querySelector<HTMLElement>(`[data-message-id="${String(id)}"] [data-message-head]`)?.focus({ preventScroll: true })
  // It is called for the first time once this frame is laid out, before it is painted.
  const observer = new ResizeObserver(place)
  const content = area.lastElementChild
  if (content) observer.observe(content)
  const stop = (): void => observer.disconnect()
  // The person's own scrolling has the last word, and after a while everything has its height.
  const timer = setTimeout(stop, 2500)
  for (const name of userMoves) area.addEventListener(name, stop, { once: true, passive: true, capture: true })
  return () => {
    stop()
    clearTimeout(timer)
    for (const name of userMoves) area.removeEventListener(name, stop, { capture: true })
  }
}

function Loading() {
  return (
    <div aria-busy className="h-full bg-surface px-6 pt-5">
      <Skeleton className="h-6 w-2/3" />
      <Skeleton className="mt-3 h-3 w-32" />
      <div className="mt-8 flex gap-3">
        <Skeleton className="size-8 rounded-full" />
        <div className="flex-1">
          <Skeleton className="h-3.5 w-48" />
          <Skeleton className="mt-2 h-3 w-28" />
          <Skeleton className="mt-6 h-3 w-full" />
          <Skeleton className="mt-2 h-3 w-11/12" />
          <Skeleton className="mt-2 h-3 w-3/5" />
        </div>
      </div>
    </div>
  )
}
