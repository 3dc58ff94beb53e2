import { describe, expect, it } from 'vitest'
import type { ThreadSource } from '../../shared/api/lists.ts'
import type { SpecialUse } from '../../shared/model/folder.ts'
import { FolderId } from '../../shared/model/ids.ts'
import type { TriageAction } from '../../shared/model/triage.ts'
import { leavesList } from './leaves-list.ts'

const folders = { inbox: 1, other: 2, archive: 3, trash: 4, junk: 5 } as const
const uses: Readonly<Record<number, SpecialUse>> = { 1: 'inbox', 3: 'archive', 4: 'trash', 5: 'junk' }
const special = (source: ThreadSource): SpecialUse | null => (source === 'inboxes' ? 'inbox' : source === 'snoozed' ? null : (uses[source] ?? null))
const leaves = (action: TriageAction, from: keyof typeof folders) => leavesList(action, FolderId.parse(folders[from]), FolderId.parse(folders[from]), special)

describe('whether a conversation goes out of the list it was acted on in', () => {
  it.each([
    ['archive', { type: 'archive' }, ['inbox', 'other', 'trash', 'junk']],
    ['trash', { type: 'trash' }, ['inbox', 'other', 'archive', 'junk']],
    ['delete', { type: 'delete' }, ['inbox', 'other', 'archive', 'trash', 'junk']],
    ['move', { type: 'move', folderId: FolderId.parse(2) }, ['inbox', 'archive', 'trash', 'junk']],
    ['spam', { type: 'spam', spam: true }, ['inbox', 'other', 'archive', 'trash']],
    ['not spam', { type: 'spam', spam: false }, ['junk']],
    ['snooze', { type: 'snooze', until: 1 }, ['inbox']],
    ['mute', { type: 'mute', muted: true }, ['inbox']],
    ['unmute', { type: 'mute', muted: false }, []],
    ['copy', { type: 'copy', folderId: FolderId.parse(2) }, []],
    ['read', { type: 'seen', seen: true }, []],
    ['star', { type: 'flag', flagged: true }, []],
  ] as const satisfies readonly (readonly [string, TriageAction, readonly (keyof typeof folders)[]])[])('by %s', (_name, action, expected) => {
    expect((Object.keys(folders) as (keyof typeof folders)[]).filter((from) => leaves(action, from))).toEqual(expected)
  })

  it('goes out of all inboxes together and of its own inbox alike, and of no other list', () => {
    const inbox = FolderId.parse(folders.inbox)
    expect(leavesList({ type: 'archive' }, 'inboxes', inbox, special)).toBe(true)
    expect(leavesList({ type: 'archive' }, inbox, 'inboxes', special)).toBe(true)
    expect(leavesList({ type: 'trash' }, inbox, FolderId.parse(folders.other), special)).toBe(false)
  })

  it('leaves what is snoozed when it is brought back or archived, not when it is snoozed for longer', () => {
    expect(leavesList({ type: 'snooze', until: null }, 'snoozed', 'snoozed', special)).toBe(true)
    expect(leavesList({ type: 'archive' }, 'snoozed', 'snoozed', special)).toBe(true)
    expect(leavesList({ type: 'snooze', until: 5 }, 'snoozed', 'snoozed', special)).toBe(false)
  })

  it('leaves no list when it was acted on in a search', () => {
    expect(leavesList({ type: 'trash' }, null, FolderId.parse(folders.inbox), special)).toBe(false)
  })
})
