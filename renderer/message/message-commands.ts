// What can be done with the message the keyboard is on. The message's menu, the toolbar, the palette and the keys all
// take these.
import {
  ChevronsDownUp, ChevronsUpDown, Code, Copy, Download, Fingerprint, FoldVertical, ImageDown, Mail, MailOpen, MoveDown, MoveUp, Printer, Save, Split, Star, StarOff, SunMedium,
} from 'lucide-react'
import { client } from '../api/api.ts'
import type { Command, CommandContext } from '../commands/command.ts'
import { text } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import { openThread } from '../state.ts'
import type { Message } from '../../shared/model/message.ts'
import { answerMenu } from './composer/composer-commands.ts'
import { saveAllAttachments, saveMessage } from './attachment-actions.ts'
import { allOpen, conversationHasFocus, currentMessage, showSource, stepMessage, toggleAll, toggleCurrent, useConversation } from './conversation-state.ts'
import { copyText } from './copy-text.ts'
import { markMessage, messageTriageCommands, messageTriageMenu } from './message-triage-commands.ts'
import { printMessage } from './print-message.ts'
import { showImages, showOriginalColors, useLooks } from './message-looks.ts'

const reading = ({ app }: CommandContext): boolean => (app.view === 'inbox' || app.view === 'search') && app.open !== null && app.open.threadId === useConversation.getState().threadId

const onMessage =
  (test: (message: Message) => boolean = () => true) =>
  (context: CommandContext): boolean => {
    const message = reading(context) ? currentMessage() : null
    return message !== null && test(message)
  }

const withMessage = (act: (message: Message) => void | Promise<void>) => (): void | Promise<void> => {
  const message = currentMessage()
  if (message !== null) return act(message)
}

async function split(message: Message): Promise<void> {
  const from = message.threadId
  const threadId = await client.threads.split({ messageId: message.id })
  openThread(threadId, null)
  showToast({
    key: 'split',
    message: text('message:done.split'),
    action: {
      label: text('shell:undo'),
      perform: () => {
        void client.threads.join({ ids: [from, threadId] }).then((joined) => {
          openThread(joined, null)
          showToast({ key: 'split', message: text('message:done.joined') })
        })
      },
    },
  })
}

const commands: readonly Command[] = [
  {
    id: 'message.next', labelKey: 'message:command.next', icon: MoveDown, section: 'conversation', keys: ['n'], keyboardOnly: true,
    when: (context) => reading(context) && useConversation.getState().messages.length > 1,
    perform: () => void stepMessage(1),
  },
  {
    id: 'message.previous', labelKey: 'message:command.previous', icon: MoveUp, section: 'conversation', keys: ['p'], keyboardOnly: true,
    when: (context) => reading(context) && useConversation.getState().messages.length > 1,
    perform: () => void stepMessage(-1),
  },
  {
    // In the list 'o' opens the conversation; with the focus in the conversation, its screen sees the key first.
    id: 'message.fold', labelKey: 'message:command.fold', icon: FoldVertical, section: 'conversation', keys: ['o'], keyboardOnly: true,
    when: (context) => onMessage()(context) && conversationHasFocus(),
    perform: toggleCurrent,
  },
  {
    id: 'message.open-all', labelKey: 'message:command.openAll', icon: ChevronsUpDown, section: 'conversation', keys: [';'],
    when: (context) => reading(context) && useConversation.getState().messages.length > 1 && !allOpen(useConversation.getState()),
    perform: toggleAll,
  },
  {
    id: 'message.fold-all', labelKey: 'message:command.foldAll', icon: ChevronsDownUp, section: 'conversation', keys: [';'],
    when: (context) => reading(context) && useConversation.getState().messages.length > 1 && allOpen(useConversation.getState()),
    perform: toggleAll,
  },
  {
    id: 'message.mark-read', labelKey: 'message:command.markRead', icon: MailOpen, section: 'conversation', keys: [],
    when: onMessage((message) => !message.seen),
    perform: withMessage((message) => markMessage(message, { type: 'seen', seen: true }, 'message:command.markRead')),
  },
  {
    id: 'message.mark-unread', labelKey: 'message:command.markUnread', icon: Mail, section: 'conversation', keys: [],
    when: onMessage((message) => message.seen),
    perform: withMessage((message) => markMessage(message, { type: 'seen', seen: false }, 'message:command.markUnread')),
  },
  {
    id: 'message.star', labelKey: 'message:command.star', icon: Star, section: 'conversation', keys: [],
    when: onMessage((message) => !message.flagged),
    perform: withMessage((message) => markMessage(message, { type: 'flag', flagged: true }, 'message:command.star')),
  },
  {
    id: 'message.unstar', labelKey: 'message:command.unstar', icon: StarOff, section: 'conversation', keys: [],
    when: onMessage((message) => message.flagged),
    perform: withMessage((message) => markMessage(message, { type: 'flag', flagged: false }, 'message:command.unstar')),
  },
  {
    id: 'message.split', labelKey: 'message:command.split', icon: Split, section: 'conversation', keys: [],
    when: (context) => onMessage()(context) && useConversation.getState().messages.length > 1,
    perform: withMessage(split),
  },
  {
    id: 'message.show-images', labelKey: 'message:command.showImages', icon: ImageDown, section: 'conversation', keys: ['shift+m'],
    when: onMessage((message) => (useLooks.getState().blocked.get(message.id) ?? 0) > 0 && !useLooks.getState().images.has(message.id)),
    perform: withMessage((message) => showImages(message.id)),
  },
  {
    id: 'message.original-colors', labelKey: 'message:command.originalColors', icon: SunMedium, section: 'conversation', keys: [],
    when: (context) => document.documentElement.dataset['theme'] === 'dark' && onMessage((message) => message.bodyState === 'stored')(context),
    checked: () => {
      const message = currentMessage()
      return message !== null && useLooks.getState().original.has(message.id)
    },
    perform: withMessage((message) => showOriginalColors(message.id, !useLooks.getState().original.has(message.id))),
  },
  {
    id: 'message.save-attachments', labelKey: 'message:command.saveAttachments', icon: Download, section: 'conversation', keys: [],
    when: onMessage((message) => message.attachments.some((attachment) => !attachment.inline)),
    perform: withMessage((message) => saveAllAttachments(message)),
  },
  {
    id: 'message.print', labelKey: 'message:command.print', icon: Printer, section: 'conversation', keys: ['mod+p'],
    when: onMessage(),
    perform: withMessage(printMessage),
  },
  {
    id: 'message.save', labelKey: 'message:command.saveMessage', icon: Save, section: 'conversation', keys: ['mod+s'],
    when: onMessage(),
    perform: withMessage(saveMessage),
  },
  {
    id: 'message.copy-address', labelKey: 'message:command.copyAddress', icon: Copy, section: 'conversation', keys: [],
    when: onMessage((message) => message.from !== null),
    perform: withMessage((message) => copyText(message.from?.address ?? '', text('message:done.addressCopied', { address: message.from?.address ?? '' }))),
  },
  {
    id: 'message.copy-id', labelKey: 'message:command.copyId', icon: Fingerprint, section: 'conversation', keys: [],
    when: onMessage((message) => message.headerMessageId !== null),
    perform: withMessage((message) => copyText(`<${message.headerMessageId ?? ''}>`, text('message:done.idCopied'))),
  },
  {
    id: 'message.source', labelKey: 'message:command.source', icon: Code, section: 'conversation', keys: ['mod+u'],
    when: onMessage(),
    perform: withMessage((message) => showSource(message.id)),
  },
  ...messageTriageCommands,
]

export const messageCommands: readonly Command[] = commands.map((command) => ({ ...command, reads: true }))

/** The commands of a message's own menu; '-' is a line. */
export const messageMenu: readonly string[] = [
  ...answerMenu,
  'message.mark-read', 'message.mark-unread', 'message.star', 'message.unstar', 'message.split', '-',
  ...messageTriageMenu, '-',
  'message.show-images', 'message.original-colors', '-',
  'message.save-attachments', 'message.print', 'message.save', '-',
  'message.copy-address', 'message.copy-id', 'message.source',
]
