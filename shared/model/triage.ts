// What a person does with mail that is already there. Every action names its whole effect, so it can be journaled,
// undone and told to a server later.
import { z } from 'zod'
import { AccountId, ChosenInstant, FolderId, TaskId, UndoId } from './ids.ts'
import { Failure } from './failure.ts'

export const TriageAction = z.discriminatedUnion('type', [
  /** Out of the inbox into the account's archive folder, which is made when there is none. */
  z.object({ type: z.literal('archive') }),
  z.object({ type: z.literal('trash') }),
  /** For good, on the server too. Not undoable once the server was told; the screens ask first. */
  z.object({ type: z.literal('delete') }),
  z.object({ type: z.literal('move'), folderId: FolderId }),
  z.object({ type: z.literal('copy'), folderId: FolderId }),
  /** 'seen: false' marks the newest message of a conversation; 'flag' with true stars the newest. 'seen: true' also takes the
   *  mark off a conversation that came back from being snoozed, read or not. */
  z.object({ type: z.literal('seen'), seen: z.boolean() }),
  z.object({ type: z.literal('flag'), flagged: z.boolean() }),
  /** To the junk folder, or from there back to the inbox; sets the $Junk / $NotJunk keywords where the server keeps them. */
  z.object({ type: z.literal('spam'), spam: z.boolean() }),
  /** The conversation leaves the inbox, and its later mail skips it. */
  z.object({ type: z.literal('mute'), muted: z.boolean() }),
  /** Out of sight until the instant, or earlier when somebody answers. Null: back now. */
  z.object({ type: z.literal('snooze'), until: ChosenInstant.nullable() }),
])
export type TriageAction = z.infer<typeof TriageAction>

export const TriageDone = z.object({
  /** Hand to triage.undo. Null when nothing changed or when it cannot be taken back. */
  undoId: UndoId.nullable(),
  threads: z.number().int(),
  messages: z.number().int(),
})
export type TriageDone = z.infer<typeof TriageDone>

/** A step that can still be undone, newest first. `code` is a locale key under 'triage:done', e.g. 'archive'. */
export const UndoStep = z.object({ id: UndoId, at: z.number(), code: z.string(), threads: z.number().int(), messages: z.number().int() })
export type UndoStep = z.infer<typeof UndoStep>

/** Keys under 'queue:task' and what their values are. `count` is of messages. */
export const queuedTaskCodes = [
  'move', 'copy', 'delete', 'read', 'unread', 'flag', 'unflag', 'answered', 'unanswered', 'forwarded', 'keywords',
  'create-folder', 'place-folder', 'subscribe-folder', 'unsubscribe-folder', 'remove-folder',
] as const

/** Keys under 'triage:done'. */
export const undoStepCodes = [
  'archive', 'trash', 'delete', 'move', 'copy', 'read', 'unread', 'flag', 'unflag', 'spam', 'not-spam', 'mute', 'unmute', 'snooze', 'unsnooze', 'lane',
] as const

/** Something owed to a server. 'problem': it could not be done and waits for the person to read and dismiss it. */
export const QueuedTask = z.object({
  id: TaskId,
  accountId: AccountId,
  state: z.enum(['waiting', 'problem']),
  /** Locale key under 'queue:task' and its values, e.g. 'move' {count, folder}. */
  code: z.string(),
  values: z.record(z.string(), z.string()),
  /** The subject of the first conversation it is about, and how many there are beside it. Null when it is about no mail, or
   *  none that is still here. */
  about: z.object({ subject: z.string(), others: z.number().int() }).nullable(),
  createdAt: z.number(),
  attempts: z.number().int(),
  /** Not tried before this instant. */
  runAt: z.number(),
  failure: Failure.nullable(),
})
export type QueuedTask = z.infer<typeof QueuedTask>

export type UndoStepCode = (typeof undoStepCodes)[number]

/** What a step of this action is called. */
export function stepCodeOf(action: TriageAction): Exclude<UndoStepCode, 'lane'> {
  switch (action.type) {
    case 'seen':
      return action.seen ? 'read' : 'unread'
    case 'flag':
      return action.flagged ? 'flag' : 'unflag'
    case 'spam':
      return action.spam ? 'spam' : 'not-spam'
    case 'mute':
      return action.muted ? 'mute' : 'unmute'
    case 'snooze':
      return action.until === null ? 'unsnooze' : 'snooze'
    case 'archive':
    case 'trash':
    case 'delete':
    case 'move':
    case 'copy':
      return action.type
  }
}
