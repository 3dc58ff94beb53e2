// Everything that can be done with mail being written, and the ways to begin: the same objects for keys, menus, palette.
import { AtSign, BellRing, CalendarClock, Forward, History, Mail, MailPlus, Minimize2, Paperclip, PencilLine, PictureInPicture2, Redo2, Reply, ReplyAll, SendHorizontal, Text, Trash2, UserPlus } from 'lucide-react'
import type { DraftKind } from '../../../shared/model/draft.ts'
import type { MessageId } from '../../../shared/model/ids.ts'
import { findThreadRow } from '../../api/thread-lists.ts'
import type { Command, CommandContext } from '../../commands/command.ts'
import { meantThreads } from '../../commands/meant.ts'
import { currentMessage, useConversation } from '../conversation-state.ts'
import { answer, chooseFiles, closeComposer, continueMessage, discardDraft, send, writeNew } from './composer-actions.ts'
import { composerOf, enlarge, meantComposer, minimise, setInline, useComposers } from './composers.ts'
import { sessionOf } from './draft-session.ts'
import type { DraftSession } from './draft-session.ts'

/** The message an answer is to: the one the keyboard is on, or the newest of the conversation under the cursor. */
function meantMessage(context: CommandContext): { readonly id: MessageId; readonly draft: boolean } | null {
  const { app } = context
  if (app.view !== 'inbox' && app.view !== 'search') return null
  const [threadId, ...others] = meantThreads(context)
  if (threadId === undefined || others.length > 0) return null
  if (useConversation.getState().threadId === threadId) {
    const message = currentMessage()
    return message === null ? null : { id: message.id, draft: message.draft }
  }
  const row = findThreadRow(threadId)
  return row === undefined ? null : { id: row.newestMessageId, draft: false }
}

/** Without a message of our own in between: what is a draft is written on, not answered. */
const answering = (kind: Exclude<DraftKind, 'new'>) => async (context: CommandContext): Promise<void> => {
  const message = meantMessage(context)
  if (message === null) return
  if (message.draft && (kind === 'reply' || kind === 'reply-all')) await continueMessage(message)
  else await answer(kind, message.id)
}

const onMessage = (context: CommandContext): boolean => meantComposer() === null && meantMessage(context) !== null

const inComposer = (test: (session: DraftSession) => boolean = () => true) => (): boolean => {
  const id = meantComposer()
  const session = id === null ? undefined : sessionOf(id)
  return session !== undefined && test(session)
}

const withComposer = (act: (session: DraftSession) => void | Promise<void>) => (): void | Promise<void> => {
  const id = meantComposer()
  const session = id === null ? undefined : sessionOf(id)
  if (session !== undefined) return act(session)
}

const isWritten = ({ use }: DraftSession): boolean => use.getState().draft.kind !== 'redirect'

export const composerCommands: readonly Command[] = [
  {
    id: 'compose.new', labelKey: 'composer:command.new', icon: MailPlus, section: 'write', keys: ['c', 'mod+n'],
    when: ({ app }) => app.view !== 'welcome',
    perform: ({ app }) => {
      const account = app.open === null ? undefined : findThreadRow(app.open.threadId)?.accountId
      return writeNew({ accountId: account ?? null })
    },
  },
  { id: 'compose.reply', labelKey: 'composer:command.reply', icon: Reply, section: 'write', keys: ['r'], reads: true, when: onMessage, perform: answering('reply') },
  { id: 'compose.reply-all', labelKey: 'composer:command.replyAll', icon: ReplyAll, section: 'write', keys: ['a'], reads: true, when: onMessage, perform: answering('reply-all') },
  { id: 'compose.forward', labelKey: 'composer:command.forward', icon: Forward, section: 'write', keys: ['f'], reads: true, when: onMessage, perform: answering('forward') },
  { id: 'compose.forward-attached', labelKey: 'composer:command.forwardAttached', icon: Paperclip, section: 'write', keys: ['shift+f'], reads: true, when: onMessage, perform: answering('forward-attached') },
  { id: 'compose.redirect', labelKey: 'composer:command.redirect', icon: Redo2, section: 'write', keys: [], when: onMessage, perform: answering('redirect') },
  { id: 'compose.edit-as-new', labelKey: 'composer:command.editAsNew', icon: Mail, section: 'write', keys: [], when: onMessage, perform: answering('edit') },
  {
    id: 'compose.continue', labelKey: 'composer:command.continue', icon: PencilLine, section: 'write', keys: [],
    when: (context) => meantMessage(context)?.draft === true,
    perform: async (context) => {
      const message = meantMessage(context)
      if (message !== null) await continueMessage(message)
    },
  },

  {
    id: 'compose.send', labelKey: 'composer:command.send', icon: SendHorizontal, section: 'write', keys: ['mod+enter'], everywhere: true,
    when: inComposer(),
    perform: withComposer(async ({ id }) => {
      // What is typed in a field of recipients becomes one when the field is left.
      if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur()
      await send(id)
    }),
  },
  {
    id: 'compose.schedule', labelKey: 'composer:command.schedule', icon: CalendarClock, section: 'write', keys: ['mod+shift+enter'], everywhere: true,
    when: inComposer(),
    perform: withComposer(({ id }) => {
      if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur()
      useComposers.setState({ scheduling: id })
    }),
  },
  {
    id: 'compose.attach', labelKey: 'composer:command.attach', icon: Paperclip, section: 'write', keys: ['mod+shift+a'], everywhere: true,
    when: inComposer(isWritten),
    perform: withComposer(({ id }) => chooseFiles(id)),
  },
  {
    id: 'compose.cc', labelKey: 'composer:command.cc', icon: UserPlus, section: 'write', keys: ['mod+shift+c'], everywhere: true,
    when: inComposer(isWritten),
    perform: withComposer(({ use }) => use.setState({ ccShown: true, askedField: 'cc' })),
  },
  {
    id: 'compose.bcc', labelKey: 'composer:command.bcc', icon: AtSign, section: 'write', keys: ['mod+shift+b'], everywhere: true,
    when: inComposer(isWritten),
    perform: withComposer(({ use }) => use.setState({ bccShown: true, askedField: 'bcc' })),
  },
  {
    id: 'compose.subject', labelKey: 'composer:command.subject', icon: Text, section: 'write', keys: [],
    when: inComposer(({ id, use }) => composerOf(id)?.inline === true && !use.getState().subjectShown && use.getState().draft.kind !== 'redirect'),
    perform: withComposer(({ use }) => use.setState({ subjectShown: true, askedField: 'subject' })),
  },
  {
    id: 'compose.notify', labelKey: 'composer:command.notify', icon: BellRing, section: 'write', keys: [],
    when: inComposer(isWritten),
    checked: inComposer(({ use }) => use.getState().content.notify),
    perform: withComposer(({ use, change }) => change({ notify: !use.getState().content.notify })),
  },
  {
    id: 'compose.versions', labelKey: 'composer:command.versions', icon: History, section: 'write', keys: [],
    when: inComposer(isWritten),
    perform: withComposer(({ id }) => useComposers.setState({ versionsOf: id })),
  },
  {
    id: 'compose.pop-out', labelKey: 'composer:command.popOut', icon: PictureInPicture2, section: 'write', keys: [],
    when: inComposer(({ id }) => composerOf(id)?.inline === true),
    perform: withComposer(({ id }) => setInline(id, false)),
  },
  {
    id: 'compose.larger', labelKey: 'composer:command.larger', icon: PictureInPicture2, section: 'write', keys: [],
    when: inComposer(),
    checked: inComposer(({ id }) => composerOf(id)?.shape === 'large'),
    perform: withComposer(({ id }) => enlarge(id, composerOf(id)?.shape !== 'large')),
  },
  {
    id: 'compose.minimise', labelKey: 'composer:command.minimise', icon: Minimize2, section: 'write', keys: [],
    when: inComposer(),
    perform: withComposer(({ id }) => minimise(id)),
  },
  {
    id: 'compose.close', labelKey: 'composer:command.close', icon: Minimize2, section: 'write', keys: ['mod+shift+x'], everywhere: true,
    when: inComposer(),
    perform: withComposer(({ id }) => closeComposer(id)),
  },
  {
    id: 'compose.discard', labelKey: 'composer:command.discard', icon: Trash2, section: 'write', keys: ['mod+shift+backspace'], everywhere: true, danger: true,
    when: inComposer(),
    perform: withComposer(({ id }) => discardDraft(id)),
  },
]

/** What a message's own menu offers for writing. */
export const answerMenu: readonly string[] = ['compose.continue', 'compose.reply', 'compose.reply-all', 'compose.forward', 'compose.forward-attached', 'compose.redirect', 'compose.edit-as-new', '-']
