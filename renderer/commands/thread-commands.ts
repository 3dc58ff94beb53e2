import { Mail, MailOpen, Star, StarOff } from 'lucide-react'
import { findThreadRow } from '../api/thread-lists.ts'
import type { ThreadRow } from '../../shared/model/message.ts'
import type { Command, CommandContext } from './command.ts'
import { navigator } from './navigator.ts'
import { setFlagsByHand } from './thread-flags.ts'

/** The threads a command is about: the picked ones, else the one under the cursor, else the open one. */
export function meantThreads({ app }: CommandContext): readonly ThreadRow['id'][] {
  if (app.view !== 'inbox' && app.view !== 'search') return []
  if (app.selection.size > 0) return [...app.selection]
  const meant = navigator()?.meant() ?? []
  if (meant.length > 0) return meant
  return app.open ? [app.open.threadId] : []
}

const some = (context: CommandContext, test: (row: ThreadRow) => boolean): boolean => {
  const ids = meantThreads(context)
  return ids.some((id) => {
    const row = findThreadRow(id)
    // A thread outside any list (opened from a search) may be in either state: both commands are offered.
    return row === undefined || test(row)
  })
}

export const threadCommands: readonly Command[] = [
  {
    id: 'thread.mark-read',
    labelKey: 'commands:thread.markRead',
    icon: MailOpen,
    section: 'conversation',
    keys: ['shift+i'],
    when: (context) => some(context, (row) => row.unread),
    perform: (context) => setFlagsByHand(meantThreads(context), { seen: true }, 'commands:done.read'),
  },
  {
    id: 'thread.mark-unread',
    labelKey: 'commands:thread.markUnread',
    icon: Mail,
    section: 'conversation',
    keys: ['shift+u'],
    when: (context) => some(context, (row) => !row.unread),
    perform: (context) => setFlagsByHand(meantThreads(context), { seen: false }, 'commands:done.unread'),
  },
  {
    id: 'thread.star',
    labelKey: 'commands:thread.star',
    icon: Star,
    section: 'conversation',
    keys: ['s'],
    when: (context) => some(context, (row) => !row.flagged),
    perform: (context) => setFlagsByHand(meantThreads(context), { flagged: true }, 'commands:done.starred'),
  },
  {
    id: 'thread.unstar',
    labelKey: 'commands:thread.unstar',
    icon: StarOff,
    section: 'conversation',
    keys: ['s'],
    when: (context) => meantThreads(context).length > 0 && !some(context, (row) => !row.flagged),
    perform: (context) => setFlagsByHand(meantThreads(context), { flagged: false }, 'commands:done.unstarred'),
  },
]
