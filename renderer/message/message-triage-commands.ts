// What can be done with one message of a conversation, the rest of it staying where it is.
import { Archive, FolderInput, FolderPlus, ShieldAlert, ShieldCheck, Trash2, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { api, queryClient } from '../api/api.ts'
import type { Command, CommandContext } from '../commands/command.ts'
import { sourceOf } from '../commands/meant.ts'
import type { Meant } from '../commands/meant.ts'
import { triage } from '../commands/triage.ts'
import { ask } from '../commands/triage-state.ts'
import type { TextKey } from '../locales/text.ts'
import type { Folder, SpecialUse } from '../../shared/model/folder.ts'
import type { Message } from '../../shared/model/message.ts'
import type { TriageAction } from '../../shared/model/triage.ts'
import { currentMessage, useConversation } from './conversation-state.ts'

/** Where a message is, as far as it matters: 'ordinary' for folders of the person's own. */
function usesOf(message: Message): ReadonlySet<SpecialUse | 'ordinary'> {
  const folders = queryClient.getQueryData<Folder[]>(api.folders.list.queryKey()) ?? []
  return new Set(message.folderIds.map((id) => folders.find((folder) => folder.id === id)?.special ?? 'ordinary'))
}

const reading = ({ app }: CommandContext): boolean => (app.view === 'inbox' || app.view === 'search') && app.open !== null && app.open.threadId === useConversation.getState().threadId

const among =
  (...uses: readonly (SpecialUse | 'ordinary')[]) =>
  (context: CommandContext): boolean => {
    const message = reading(context) ? currentMessage() : null
    return message !== null && uses.some((use) => usesOf(message).has(use))
  }

function meant({ app }: CommandContext): Meant | null {
  const message = currentMessage()
  return message === null ? null : { kind: 'messages', messages: [message], source: sourceOf(app) }
}

function acting(id: string, labelKey: TextKey, icon: LucideIcon, action: TriageAction, when: (context: CommandContext) => boolean, danger = false): Command {
  return {
    id,
    labelKey,
    icon,
    section: 'conversation',
    keys: [],
    when,
    danger,
    perform: (context) => {
      const about = meant(context)
      if (about) return triage(about, action, labelKey)
    },
  }
}

function askingFolder(action: 'move' | 'copy') {
  return (context: CommandContext): void => {
    const about = meant(context)
    if (about) ask({ kind: 'folder', action, meant: about })
  }
}

export async function markMessage(message: Message, action: Extract<TriageAction, { type: 'seen' | 'flag' }>, labelKey: TextKey): Promise<void> {
  await triage({ kind: 'messages', messages: [message], source: null }, action, labelKey)
}

export const messageTriageCommands: readonly Command[] = [
  acting('message.archive', 'triage:message.archive', Archive, { type: 'archive' }, among('inbox', 'ordinary', 'junk')),
  { id: 'message.move', labelKey: 'triage:message.move', icon: FolderInput, section: 'conversation', keys: [], when: reading, perform: askingFolder('move') },
  { id: 'message.copy', labelKey: 'triage:message.copy', icon: FolderPlus, section: 'conversation', keys: [], when: reading, perform: askingFolder('copy') },
  acting('message.spam', 'triage:message.spam', ShieldAlert, { type: 'spam', spam: true }, among('inbox', 'ordinary', 'archive', 'all')),
  acting('message.not-spam', 'triage:message.notSpam', ShieldCheck, { type: 'spam', spam: false }, among('junk')),
  acting('message.trash', 'triage:message.trash', Trash2, { type: 'trash' }, among('inbox', 'ordinary', 'archive', 'all', 'sent', 'drafts', 'junk', 'flagged')),
  acting('message.delete', 'triage:message.delete', X, { type: 'delete' }, reading, true),
]

/** Their place in a message's own menu. */
export const messageTriageMenu: readonly string[] = ['message.archive', 'message.move', 'message.copy', 'message.spam', 'message.not-spam', 'message.trash', 'message.delete']
