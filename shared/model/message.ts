import { z } from 'zod'
import { AccountId, FolderId, MessageId, ThreadId } from './ids.ts'
import { Lane } from './lane.ts'

export const Address = z.object({ name: z.string(), address: z.string() })
export type Address = z.infer<typeof Address>

/** How much of a message is on this computer. 'unparsed': its source is kept raw because it could not be parsed. */
export const BodyState = z.enum(['none', 'stored', 'unparsed'])
export type BodyState = z.infer<typeof BodyState>

export const AttachmentKind = z.enum(['image', 'pdf', 'text', 'document', 'calendar', 'message', 'archive', 'executable', 'other'])
export type AttachmentKind = z.infer<typeof AttachmentKind>

export const Attachment = z.object({
  messageId: MessageId,
  /** Position among the message's attachments, from 0. With messageId it names the attachment. */
  index: z.number().int().nonnegative(),
  filename: z.string(),
  mimeType: z.string(),
  /** Decoded size in bytes; an estimate until the attachment is on this computer. */
  size: z.number().int(),
  contentId: z.string().nullable(),
  inline: z.boolean(),
  kind: AttachmentKind,
  /** A type that can run code or disguises itself; opening it asks first. */
  dangerous: z.boolean(),
  /** True when it can be opened without a server. */
  local: z.boolean(),
})
export type Attachment = z.infer<typeof Attachment>

export const CalendarInvite = z.object({
  method: z.string(),
  uid: z.string(),
  summary: z.string(),
  startsAt: z.number().nullable(),
  endsAt: z.number().nullable(),
  allDay: z.boolean(),
  /** The organiser's time zone as an IANA name, where the invitation names one that is known. */
  timeZone: z.string().nullish(),
  location: z.string(),
  organizer: Address.nullable(),
  attendees: z.array(Address.extend({ status: z.string() })),
})
export type CalendarInvite = z.infer<typeof CalendarInvite>

export const Message = z.object({
  id: MessageId,
  accountId: AccountId,
  threadId: ThreadId,
  folderIds: z.array(FolderId),
  /** RFC 5322 Message-ID without angle brackets; null where the message has none. */
  headerMessageId: z.string().nullable(),
  subject: z.string(),
  from: Address.nullable(),
  replyTo: z.array(Address),
  to: z.array(Address),
  cc: z.array(Address),
  bcc: z.array(Address),
  /** Recipients beyond those listed in to, cc and bcc. */
  recipientsOmitted: z.number().int(),
  date: z.number(),
  size: z.number().int(),
  snippet: z.string(),
  seen: z.boolean(),
  flagged: z.boolean(),
  answered: z.boolean(),
  forwarded: z.boolean(),
  draft: z.boolean(),
  bodyState: BodyState,
  attachments: z.array(Attachment),
  invite: CalendarInvite.nullable(),
  /** RFC 3834 and relatives: an automatic reply or notice, not written by a person. */
  automatic: z.boolean(),
  listId: z.string().nullable(),
  unsubscribe: z.object({ mailto: z.string().nullable(), url: z.string().nullable(), oneClick: z.boolean() }).nullable(),
})
export type Message = z.infer<typeof Message>

/** A row of the thread list. */
export const ThreadRow = z.object({
  id: ThreadId,
  accountId: AccountId,
  subject: z.string(),
  /** Up to four people who wrote, oldest first; `unread` marks those with unread mail. */
  people: z.array(z.object({ name: z.string(), address: z.string(), unread: z.boolean(), me: z.boolean() })),
  /** Where nobody but this account wrote: up to four of those the newest message went to. Else empty. */
  to: z.array(z.object({ name: z.string(), address: z.string() })),
  snippet: z.string(),
  /** Newest message of the thread in the listed folder. */
  newestMessageId: MessageId,
  date: z.number(),
  /** Orders a folder's list, highest first: the newest message's id, or where the instant put it at which it came back. */
  rank: z.number().int(),
  messageCount: z.number().int(),
  unread: z.boolean(),
  flagged: z.boolean(),
  answered: z.boolean(),
  forwarded: z.boolean(),
  hasAttachment: z.boolean(),
  hasInvite: z.boolean(),
  lane: Lane,
  muted: z.boolean(),
  /** Out of sight until this instant; null when it is not snoozed. */
  snoozedUntil: z.number().nullable(),
  /** It came back from being snoozed and nobody has opened it since. */
  returned: z.boolean(),
})
export type ThreadRow = z.infer<typeof ThreadRow>

export const Thread = z.object({
  id: ThreadId,
  accountId: AccountId,
  subject: z.string(),
  messages: z.array(Message),
  muted: z.boolean(),
  snoozedUntil: z.number().nullable(),
})
export type Thread = z.infer<typeof Thread>
