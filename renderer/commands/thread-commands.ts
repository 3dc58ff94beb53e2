import { Mail, MailOpen, Star, StarOff } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { currentSettings } from '../api/settings.ts'
import { findThreadRow } from '../api/thread-lists.ts'
import type { TextKey } from '../locales/text.ts'
import type { ThreadRow } from '../../shared/model/message.ts'
import type { TriageAction } from '../../shared/model/triage.ts'
import type { Command, CommandContext } from './command.ts'
import { meantBy, meantThreads } from './meant.ts'
import { triage } from './triage.ts'
import { useApp } from '../state.ts'

const some = (context: CommandContext, test: (row: ThreadRow) => boolean): boolean =>
  context.app.everything ||
  meantThreads(context).some((id) => {
    const row = findThreadRow(id)
    // A thread outside any list (opened from a search) may be in either state: both commands are offered.
    return row === undefined || test(row)
  })

function marking(id: string, labelKey: TextKey, icon: LucideIcon, key: string, action: TriageAction, when: (context: CommandContext) => boolean): Command {
  return {
    id,
    labelKey,
    icon,
    section: 'conversation',
    keys: [key],
    when,
    perform: (context) => {
      const meant = meantBy(context)
      if (meant) return triage(meant, action, labelKey)
    },
  }
}

/** The open conversation is meant and is about to become read by being open. */
const isBeingRead = (context: CommandContext): boolean => {
  const { open } = context.app
  return open !== null && open.staysUnread !== true && currentSettings().markReadAfterMs !== null && meantThreads(context).includes(open.threadId)
}

const isRead = (row: ThreadRow): boolean => !row.unread

const toUnread = marking('thread.mark-unread', 'commands:thread.markUnread', Mail, 'shift+u', { type: 'seen', seen: false }, (context) => some(context, isRead) || isBeingRead(context))

const markUnread: Command = {
  ...toUnread,
  reads: true,
  perform: (context) => {
    const { open } = context.app
    if (open !== null && isBeingRead(context)) useApp.setState({ open: { ...open, staysUnread: true } })
    if (some(context, isRead)) return toUnread.perform(context)
  },
}

export const threadCommands: readonly Command[] = [
  marking('thread.mark-read', 'commands:thread.markRead', MailOpen, 'shift+i', { type: 'seen', seen: true }, (context) => some(context, (row) => row.unread)),
  markUnread,
  marking('thread.star', 'commands:thread.star', Star, 's', { type: 'flag', flagged: true }, (context) => some(context, (row) => !row.flagged)),
  marking('thread.unstar', 'commands:thread.unstar', StarOff, 's', { type: 'flag', flagged: false }, (context) => meantThreads(context).length > 0 && !some(context, (row) => !row.flagged)),
]
