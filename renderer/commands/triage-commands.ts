// What can be done with conversations. Keys as in Gmail and its relatives: E, #, V, !, M, H.
import { AlarmClock, AlarmClockOff, Archive, BellOff, BellRing, FolderInput, FolderPlus, Layers, ListChecks, Merge, ShieldAlert, ShieldCheck, Trash2, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { api, client, queryClient } from '../api/api.ts'
import { findThreadRow } from '../api/thread-lists.ts'
import { text } from '../locales/text.ts'
import type { TextKey } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import { openThread, select, useApp } from '../state.ts'
import type { ThreadSource } from '../../shared/api/lists.ts'
import type { Folder, SpecialUse } from '../../shared/model/folder.ts'
import type { ThreadId } from '../../shared/model/ids.ts'
import type { ThreadRow } from '../../shared/model/message.ts'
import type { TriageAction } from '../../shared/model/triage.ts'
import type { Command, CommandContext } from './command.ts'
import { meantBy, meantThreads } from './meant.ts'
import { navigator } from './navigator.ts'
import { triage, undoStep } from './triage.ts'
import { ask } from './triage-state.ts'
import { pushStep } from './undo-stack.ts'
import type { UndoStep } from './undo-stack.ts'

function specialHere(source: ThreadSource | null): SpecialUse | null {
  if (source === null || source === 'snoozed') return null
  if (source === 'inboxes') return 'inbox'
  return queryClient.getQueryData<Folder[]>(api.folders.list.queryKey())?.find(({ id }) => id === source)?.special ?? null
}

const here = ({ app }: CommandContext): SpecialUse | null => (app.view === 'inbox' ? specialHere(app.source) : null)
const has = (context: CommandContext): boolean => meantBy(context) !== null
const notIn =
  (...uses: readonly SpecialUse[]) =>
  (context: CommandContext): boolean => {
    const use = here(context)
    return has(context) && (use === null || !uses.includes(use))
  }
const onlyIn = (use: SpecialUse) => (context: CommandContext) => has(context) && here(context) === use

/** Whether some of the meant rows are so; a thread in no list may be either way. */
function some(context: CommandContext, test: (row: ThreadRow) => boolean): boolean {
  return meantThreads(context).some((id) => {
    const row = findThreadRow(id)
    return row === undefined || test(row)
  })
}

function acting(id: string, labelKey: TextKey, icon: LucideIcon, keys: readonly string[], action: TriageAction, when: (context: CommandContext) => boolean, danger = false): Command {
  return {
    id,
    labelKey,
    icon,
    section: 'conversation',
    keys,
    when,
    danger,
    perform: (context) => {
      const meant = meantBy(context)
      if (meant) return triage(meant, action, labelKey)
    },
  }
}

function askingFolder(action: 'move' | 'copy') {
  return (context: CommandContext): void => {
    const meant = meantBy(context)
    if (meant) ask({ kind: 'folder', action, meant })
  }
}

/** What the contract joins at a time. */
const mostJoined = 50

async function join(ids: readonly ThreadId[]): Promise<void> {
  // Which messages made up each, for taking it apart again.
  const before = await Promise.all(ids.map((id) => client.threads.get({ id })))
  const joined = await client.threads.join({ ids: [...ids] })
  select([])
  useApp.setState({ cursor: joined })
  openThread(joined, null)
  const parts = before.slice(1).map((thread) => (thread?.messages ?? []).map(({ id }) => id))
  const step: UndoStep = {
    label: text('triage:done.join', { count: ids.length }),
    at: Date.now(),
    undo: async () => {
      for (const messages of parts) {
        const apart: ThreadId[] = []
        for (const messageId of messages) apart.push(await client.threads.split({ messageId }))
        if (apart.length > 1) await client.threads.join({ ids: apart })
      }
      return true
    },
  }
  pushStep(step)
  showToast({ key: 'triage', message: step.label, inSteps: true, action: { label: text('shell:undo'), perform: () => void undoStep(step) } })
}

export const triageCommands: readonly Command[] = [
  acting('thread.archive', 'triage:command.archive', Archive, ['e'], { type: 'archive' }, notIn('archive', 'all', 'drafts', 'trash')),
  acting('thread.trash', 'triage:command.trash', Trash2, ['#', 'delete', 'backspace'], { type: 'trash' }, notIn('trash')),
  acting('thread.delete-here', 'triage:command.delete', Trash2, ['#', 'delete', 'backspace'], { type: 'delete' }, onlyIn('trash'), true),
  acting('thread.delete', 'triage:command.delete', X, ['shift+delete', 'shift+backspace'], { type: 'delete' }, notIn('trash'), true),
  {
    id: 'thread.move', labelKey: 'triage:command.move', icon: FolderInput, section: 'conversation', keys: ['v'], when: has,
    perform: askingFolder('move'),
  },
  {
    id: 'thread.copy', labelKey: 'triage:command.copy', icon: FolderPlus, section: 'conversation', keys: ['shift+v'], when: has,
    perform: askingFolder('copy'),
  },
  {
    id: 'thread.snooze', labelKey: 'triage:command.snooze', icon: AlarmClock, section: 'conversation', keys: ['h'], when: notIn('sent', 'drafts', 'trash', 'junk'),
    perform: (context) => {
      const meant = meantBy(context)
      if (meant) ask({ kind: 'snooze', meant })
    },
  },
  acting('thread.unsnooze', 'triage:command.unsnooze', AlarmClockOff, ['shift+h'], { type: 'snooze', until: null }, (context) => has(context) && some(context, (row) => row.snoozedUntil !== null)),
  acting('thread.spam', 'triage:command.spam', ShieldAlert, ['!'], { type: 'spam', spam: true }, notIn('junk', 'sent', 'drafts')),
  acting('thread.not-spam', 'triage:command.notSpam', ShieldCheck, ['!'], { type: 'spam', spam: false }, onlyIn('junk')),
  acting('thread.mute', 'triage:command.mute', BellOff, ['m'], { type: 'mute', muted: true }, (context) => has(context) && some(context, (row) => !row.muted)),
  acting('thread.unmute', 'triage:command.unmute', BellRing, ['m'], { type: 'mute', muted: false }, (context) => has(context) && !some(context, (row) => !row.muted)),
  {
    id: 'thread.join', labelKey: 'triage:command.join', icon: Merge, section: 'conversation', keys: ['mod+j'],
    when: (context) => !context.app.everything && meantThreads(context).length > 1 && meantThreads(context).length <= mostJoined,
    perform: (context) => join(meantThreads(context)),
  },
  {
    id: 'thread.lane', labelKey: 'triage:command.lane', icon: Layers, section: 'conversation', keys: ['l'],
    when: (context) => meantBy(context)?.kind === 'threads' && meantThreads(context).length <= 200,
    perform: (context) => {
      const meant = meantBy(context)
      if (meant?.kind === 'threads') ask({ kind: 'lane', meant })
    },
  },
  {
    id: 'list.everything', labelKey: 'triage:command.everything', icon: ListChecks, section: 'list', keys: ['mod+shift+a', '* e'],
    when: ({ app }) => navigator() !== null && (app.view === 'inbox' || (app.view === 'search' && app.search.query !== '')),
    perform: () => {
      navigator()?.selectAll()
      useApp.setState({ everything: true })
    },
  },
]
