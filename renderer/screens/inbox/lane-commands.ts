import { ArrowLeft, ArrowRight, Inbox } from 'lucide-react'
import { api, queryClient } from '../../api/api.ts'
import { currentSettings } from '../../api/settings.ts'
import type { Command, CommandContext } from '../../commands/command.ts'
import type { TextKey } from '../../locales/text.ts'
import { showLane } from '../../state.ts'
import type { ThreadSource } from '../../../shared/api/lists.ts'
import type { Folder } from '../../../shared/model/folder.ts'
import { lanes } from '../../../shared/model/lane.ts'
import type { Lane } from '../../../shared/model/lane.ts'
import { laneIcons } from './lane-icons.ts'

/** In the order of the tabs; null is all of them. */
export const shownLanes: readonly (Lane | null)[] = [null, ...lanes]

export function isInbox(source: ThreadSource | null, folders: readonly Folder[]): boolean {
  return source === 'inboxes' || folders.some(({ id, special }) => id === source && special === 'inbox')
}

const withLanes = ({ app }: CommandContext): boolean =>
  app.view === 'inbox' && currentSettings().lanes && isInbox(app.source, queryClient.getQueryData<Folder[]>(api.folders.list.queryKey()) ?? [])

const labels: Readonly<Record<Lane | 'all', TextKey>> = {
  all: 'triage:command.laneAll',
  candidates: 'triage:command.laneCandidates',
  clients: 'triage:command.laneClients',
  unknown: 'triage:command.laneUnknown',
  bulk: 'triage:command.laneBulk',
}

function step(by: 1 | -1) {
  return ({ app }: CommandContext): void => {
    const next = shownLanes[(shownLanes.indexOf(app.lane) + by + shownLanes.length) % shownLanes.length]
    if (next !== undefined) showLane(next)
  }
}

// Tab and shift+Tab move the focus and must go on doing so; the two keys beside each other on every keyboard step through.
export const laneCommands: readonly Command[] = [
  { id: 'lane.next', labelKey: 'triage:command.laneNext', icon: ArrowRight, section: 'go', keys: ['.'], keyboardOnly: true, when: withLanes, perform: step(1) },
  { id: 'lane.previous', labelKey: 'triage:command.lanePrevious', icon: ArrowLeft, section: 'go', keys: [','], keyboardOnly: true, when: withLanes, perform: step(-1) },
  ...shownLanes.map(
    (lane, at): Command => ({
      id: `lane.${lane ?? 'all'}`,
      labelKey: labels[lane ?? 'all'],
      icon: lane === null ? Inbox : laneIcons[lane],
      section: 'go',
      keys: [String(at + 1)],
      when: withLanes,
      perform: () => showLane(lane),
    }),
  ),
]
