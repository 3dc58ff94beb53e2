// Which lists a conversation goes out of by an action. Pure.
import type { ThreadSource } from '../../shared/api/lists.ts'
import type { SpecialUse } from '../../shared/model/folder.ts'
import type { TriageAction } from '../../shared/model/triage.ts'

/** Whether conversations acted on from `from` go out of the list of `list`. */
export function leavesList(action: TriageAction, from: ThreadSource | null, list: ThreadSource, special: (source: ThreadSource) => SpecialUse | null): boolean {
  if (from === null) return false
  const isInbox = special(list) === 'inbox'
  // Several inboxes together and each of them show the same conversations.
  if (list !== from && !(isInbox && special(from) === 'inbox')) return false
  switch (action.type) {
    case 'archive':
      return special(list) !== 'archive' && special(list) !== 'all'
    case 'trash':
      return special(list) !== 'trash'
    case 'delete':
      return true
    case 'move':
      return action.folderId !== list
    case 'spam':
      return action.spam ? special(list) !== 'junk' : special(list) === 'junk'
    case 'snooze':
      return action.until === null ? list === 'snoozed' : isInbox
    case 'mute':
      return action.muted && isInbox
    case 'copy':
    case 'seen':
    case 'flag':
      return false
  }
}
