// The contract of mail on its way out: sending, taking back, scheduling, and what became of it.
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { ChosenInstant, DraftId, MessageId, OutgoingId } from '../model/ids.ts'
import { Outgoing } from '../model/outgoing.ts'

const none = z.void()
/** An IANA time zone name. */
const TimeZone = z.string().max(64).nullable()

export const OutboxPart = z.enum(['open', 'scheduled', 'done'])
export type OutboxPart = z.infer<typeof OutboxPart>

export const outboxContract = {
  /**
   * Freezes the draft's newest version and takes it in. `at` null: after the seconds for taking it back. `timeZone` is the
   * one a chosen time was meant in; wall-clock times there are kept across changes of daylight saving. Fails with
   * 'rejected' and code 'draft-blocked' when a check blocks, 'draft-changed' when `version` is not the newest.
   */
  send: oc.input(z.object({ draftId: DraftId, version: z.number().int(), at: ChosenInstant.nullable(), timeZone: TimeZone })).output(Outgoing),
  /** 'open': all that is not done and not scheduled, oldest first. 'scheduled' by time. 'done': sent, newest first. */
  list: oc.input(z.object({ part: OutboxPart, after: z.string().max(100).nullable(), limit: z.number().int().min(1).max(200) })).output(z.object({ rows: z.array(Outgoing), next: z.string().nullable() })),
  counts: oc.output(z.object({ open: z.number().int(), scheduled: z.number().int(), needsPerson: z.number().int() })),
  get: oc.input(z.object({ id: OutgoingId })).output(Outgoing.nullable()),
  /** Takes it back: the draft is open again. 'rejected' 'already-sent' when it is too late. Waits for the server only when the server holds it. */
  cancel: oc.input(z.object({ id: OutgoingId })).output(z.object({ draftId: DraftId.nullable() })),
  reschedule: oc.input(z.object({ id: OutgoingId, at: ChosenInstant, timeZone: TimeZone })).output(Outgoing),
  sendNow: oc.input(z.object({ id: OutgoingId })).output(none),
  /** After a refusal or while waiting: tries at once. Only recipients the server has not accepted. */
  retry: oc.input(z.object({ id: OutgoingId })).output(none),
  /** The person's answer: for 'uncertain' whether it arrived, for 'missed' whether it still goes. */
  resolve: oc.input(z.object({ id: OutgoingId, answer: z.enum(['arrived', 'send-again', 'send-late', 'drop']) })).output(none),
  /** What is known of the sending of a message in Sent; null for mail sent by another program. */
  forMessage: oc.input(z.object({ messageId: MessageId })).output(Outgoing.nullable()),
}
