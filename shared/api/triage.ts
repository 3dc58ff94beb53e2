// The contract of acting on mail that is there: triage, lanes, and the queue of what is owed to servers.
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { Lane, LaneReason, LaneRule } from '../model/lane.ts'
import { LaneRuleId, MessageId, TaskId, ThreadId, UndoId } from '../model/ids.ts'
import { QueuedTask, TriageAction, TriageDone, UndoStep } from '../model/triage.ts'
import { ThreadFilter, ThreadSource } from './lists.ts'

const none = z.void()

/** What an action is done to. The last two name a set the main side works out itself, however large it is. */
export const TriageTarget = z.union([
  /** Conversations as seen in a list: an action means their messages there; opened from a search (null): all but Sent, Drafts and Trash. */
  z.object({ threads: z.array(ThreadId).min(1).max(1000), source: ThreadSource.nullable() }),
  z.object({ messages: z.array(MessageId).min(1).max(1000) }),
  z.object({ query: z.string().min(1).max(500), source: ThreadSource.nullable() }),
  z.object({ list: ThreadSource, filter: ThreadFilter, lane: Lane.nullable() }),
])
export type TriageTarget = z.infer<typeof TriageTarget>

export const triageContract = {
  /** Resolves when all of it is done here; told to the server later. Large targets go in slices and tell 'job' events
   *  under `job`; aborting the call stops after the slice under way, and what was done so far is one undo step. */
  act: oc.input(z.object({ target: TriageTarget, action: TriageAction, job: z.string().max(64).nullable() })).output(TriageDone),
  /** How much a target holds, for asking before doing it to all. */
  count: oc.input(z.object({ target: TriageTarget })).output(z.object({ threads: z.number().int(), messages: z.number().int() })),
  /** Takes a step back. 'rejected' with code 'undo-too-late' when it cannot be taken back any more. Tells 'job' events as
   *  acting does; aborting the call leaves the rest of the step, to be taken back another time. */
  undo: oc.input(z.object({ id: UndoId, job: z.string().max(64).nullable() })).output(none),
  /** The last steps that can be undone, newest first, at most 20. */
  steps: oc.output(z.array(UndoStep)),
}

export const lanesContract = {
  rules: oc.output(z.array(LaneRule)),
  why: oc.input(z.object({ threadId: ThreadId })).output(LaneReason.nullable()),
  /** Makes a rule from the thread's sender; mail from them moves lane at once, old and new. */
  set: oc.input(z.object({ threadIds: z.array(ThreadId).min(1).max(200), lane: Lane, scope: z.enum(['address', 'domain', 'list']) })).output(z.object({ undoId: UndoId.nullable() })),
  removeRule: oc.input(z.object({ id: LaneRuleId })).output(none),
  /** Threads and unread threads in each lane of a list. */
  counts: oc.input(z.object({ source: ThreadSource })).output(z.record(Lane, z.object({ total: z.number().int(), unread: z.number().int() }))),
}

/** `total` counts the problems too. */
const QueueCounts = z.object({ total: z.number().int(), problems: z.number().int() })

export const queueContract = {
  /** What is owed, oldest first; problems before the rest. At most 500 rows, `total` counts them all. */
  list: oc.output(QueueCounts.extend({ rows: z.array(QueuedTask) })),
  /** How much is owed, for the word in the frame: asked for after every change. */
  counts: oc.output(QueueCounts),
  /** Tries at once; a problem is tried once more. */
  retry: oc.input(z.object({ ids: z.array(TaskId).max(500) })).output(none),
  /** Gives up: the local half is taken back where it still can be; a problem is dismissed. */
  drop: oc.input(z.object({ ids: z.array(TaskId).max(500) })).output(none),
}
