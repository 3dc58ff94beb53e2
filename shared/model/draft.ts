// What a person writes. Inline images in any HTML written here (drafts, templates, signatures) refer to stored files as
// <img src="cid:HASH">; a screen swaps that for assetPaths.file(HASH) while it shows them, and back before saving.
import { z } from 'zod'
import { AccountId, DraftId, IdentityId, MessageId, SignatureId, ThreadId } from './ids.ts'
import { Address } from './message.ts'

/** SHA-256 of a stored file's bytes, lower-case hex. */
export const FileHash = z.string().regex(/^[0-9a-f]{64}$/).brand<'FileHash'>()
export type FileHash = z.infer<typeof FileHash>

export const StoredFile = z.object({
  hash: FileHash,
  filename: z.string().min(1).max(255),
  mimeType: z.string().max(200),
  size: z.number().int().nonnegative(),
})
export type StoredFile = z.infer<typeof StoredFile>

/** A person's written address: a display name and an addr-spec. */
export const Recipient = z.object({ name: z.string().max(500), address: z.string().max(320) })
export type Recipient = z.infer<typeof Recipient>

/** A sender: name and address on mail from an account, and the signatures that go with it. */
export const Identity = z.object({
  id: IdentityId,
  accountId: AccountId,
  name: z.string().trim().max(200),
  address: z.string().trim().max(320).regex(/^[^\s@]+@[^\s@]+$/),
  replyTo: z.string().trim().max(320).regex(/^[^\s@]+@[^\s@]+$/).nullable(),
  /** Signature of a new message, and of a reply or forward. */
  signatureNew: SignatureId.nullable(),
  signatureReply: SignatureId.nullable(),
  /** One per account: used when nothing else decides. */
  isDefault: z.boolean(),
  position: z.number().int(),
})
export type Identity = z.infer<typeof Identity>

export const Signature = z.object({
  id: SignatureId,
  name: z.string().trim().min(1).max(100),
  html: z.string().max(200_000),
  updatedAt: z.number(),
})
export type Signature = z.infer<typeof Signature>

export const draftKinds = ['new', 'reply', 'reply-all', 'forward', 'forward-attached', 'edit', 'redirect'] as const
/** 'edit' starts from a message's own text as new mail; 'redirect' sends a message on unchanged with Resent- fields (RFC 5322 3.6.6). */
export const DraftKind = z.enum(draftKinds)
export type DraftKind = z.infer<typeof DraftKind>

export const DraftContent = z.object({
  identityId: IdentityId.nullable(),
  to: z.array(Recipient).max(2000),
  cc: z.array(Recipient).max(2000),
  bcc: z.array(Recipient).max(2000),
  subject: z.string().max(2000),
  /** What the person writes, signature included as <div data-signature="ID">. Never the quoted original. */
  html: z.string().max(2_000_000),
  /** Whether the original goes along below the text. */
  quote: z.boolean(),
  files: z.array(StoredFile).max(200),
  /** Ask for delivery status notices (RFC 3461). */
  notify: z.boolean(),
})
export type DraftContent = z.infer<typeof DraftContent>

export const Draft = z.object({
  id: DraftId,
  accountId: AccountId,
  kind: DraftKind,
  content: DraftContent,
  /** Raised by every save; drafts.save says which one it built on. */
  version: z.number().int(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** The message answered or forwarded, while it is still here. */
  sourceMessageId: MessageId.nullable(),
  threadId: ThreadId.nullable(),
  /** There is an original to quote; its page is assetPaths.quote(id). */
  hasQuote: z.boolean(),
  /** Its text was copied to the server's Drafts folder up to this version; null when never. */
  copiedVersion: z.number().int().nullable(),
  /** Handed to the outbox; read-only until it comes back. */
  outgoing: z.boolean(),
})
export type Draft = z.infer<typeof Draft>

export const DraftRow = z.object({
  id: DraftId,
  accountId: AccountId,
  kind: DraftKind,
  to: z.array(Address),
  subject: z.string(),
  snippet: z.string(),
  updatedAt: z.number(),
  threadId: ThreadId.nullable(),
  sourceMessageId: MessageId.nullable(),
  /** A copy of it, perhaps an older version, lies in the account's Drafts folder. */
  copied: z.boolean(),
})
export type DraftRow = z.infer<typeof DraftRow>

/** A message in a server's Drafts folder that is no copy of a draft here: begun on a telephone, or by another program. */
export const ServerDraft = z.object({
  messageId: MessageId,
  accountId: AccountId,
  to: z.array(Address),
  subject: z.string(),
  snippet: z.string(),
  date: z.number(),
})
export type ServerDraft = z.infer<typeof ServerDraft>

export const DraftVersion = z.object({ version: z.number().int(), savedAt: z.number(), subject: z.string(), snippet: z.string() })
export type DraftVersion = z.infer<typeof DraftVersion>

/** What a look over the mail before sending found. `blocks`: it cannot be sent like this. */
export const DraftWarning = z.object({
  code: z.enum([
    'no-recipient', 'bad-address', 'no-sender', 'unresolved-field', 'too-large', 'file-missing',
    'attachment-forgotten', 'empty-subject', 'empty-text', 'name-mismatch', 'many-in-to', 'automatic-address', 'bounced-before',
  ]),
  blocks: z.boolean(),
  /** For the text: e.g. {field}, {limit, size} in bytes, {name, greeting}, {address}, {count}. */
  values: z.record(z.string(), z.string()),
})
export type DraftWarning = z.infer<typeof DraftWarning>

export const RecipientSuggestion = z.object({
  name: z.string(),
  address: z.string(),
  /** Messages sent to and received from them by all accounts here. */
  sent: z.number().int(),
  received: z.number().int(),
  lastAt: z.number(),
  /** Minutes east of UTC of their last mail's Date field; null when unknown. */
  utcOffset: z.number().int().nullable(),
})
export type RecipientSuggestion = z.infer<typeof RecipientSuggestion>
