// Mail on its way out. Its bytes and Message-ID are frozen; its state says who owes what next.
import { z } from 'zod'
import { AccountId, DraftId, IdentityId, MessageId, OutgoingId, ThreadId } from './ids.ts'
import { Failure } from './failure.ts'
import { Address } from './message.ts'

export const outgoingStates = ['held', 'scheduled', 'missed', 'waiting', 'sending', 'uncertain', 'refused', 'filing', 'sent'] as const
/**
 * held: in the seconds for taking it back. scheduled: waits for its time, here or at the server. missed: its time passed
 * while nothing ran, the person decides. waiting: due, for the network or after a failure. sending: handed to the server
 * now. uncertain: the connection broke where the protocol cannot tell, the person decides. refused: the server took it
 * for nobody. filing: delivered, the copy in Sent is owed. sent: all done.
 */
export const OutgoingState = z.enum(outgoingStates)
export type OutgoingState = z.infer<typeof OutgoingState>

export const OutgoingRecipient = Address.extend({
  kind: z.enum(['to', 'cc', 'bcc']),
  /** 'accepted' by our server; 'refused' by it; 'bounced' later (RFC 3464, permanent); 'delayed' (RFC 3464, 4.x.x). */
  state: z.enum(['waiting', 'accepted', 'refused', 'bounced', 'delayed']),
  /** The server's or the report's own words. */
  said: z.string().nullable(),
  /** RFC 3463 status such as '5.1.1'; null when none was given. The screens put it in plain words. */
  status: z.string().nullable(),
})
export type OutgoingRecipient = z.infer<typeof OutgoingRecipient>

export const Outgoing = z.object({
  id: OutgoingId,
  accountId: AccountId,
  identityId: IdentityId.nullable(),
  draftId: DraftId.nullable(),
  headerMessageId: z.string(),
  subject: z.string(),
  from: Address,
  recipients: z.array(OutgoingRecipient),
  state: OutgoingState,
  /** Who keeps it until its time: this computer, which must be running then, or the server. */
  heldBy: z.enum(['computer', 'server']),
  /** When it goes, or went to be tried next; UTC milliseconds. */
  runAt: z.number(),
  /** The IANA time zone the person chose the time in; null: this computer's. */
  timeZone: z.string().nullable(),
  scheduled: z.boolean(),
  createdAt: z.number(),
  attempts: z.number().int(),
  failure: Failure.nullable(),
  /** Host, port and protection it went or will go by, e.g. 'mail.example.com:465 (TLS)'. */
  route: z.string().nullable(),
  /** The server's answer to the mail. */
  said: z.string().nullable(),
  sentAt: z.number().nullable(),
  size: z.number().int(),
  threadId: ThreadId.nullable(),
  /** The copy in Sent, once it is listed here. */
  messageId: MessageId.nullable(),
})
export type Outgoing = z.infer<typeof Outgoing>
