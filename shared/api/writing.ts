// The contract of writing: senders, signatures, drafts, files and completion of recipients.
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { AccountId, DraftId, IdentityId, MessageId, SignatureId } from '../model/ids.ts'
import {
  Draft, DraftContent, DraftKind, DraftRow, DraftVersion, DraftWarning, Identity, Recipient, RecipientSuggestion, ServerDraft, Signature, StoredFile,
} from '../model/draft.ts'

const none = z.void()

export const identitiesContract = {
  list: oc.output(z.array(Identity)),
  /** A new one without an id. Making one the default takes it from the other. */
  save: oc.input(Identity.omit({ id: true, position: true }).extend({ id: IdentityId.nullable() })).output(Identity),
  /** Refuses an account's last one. */
  remove: oc.input(z.object({ id: IdentityId })).output(none),
}

export const signaturesContract = {
  list: oc.output(z.array(Signature)),
  save: oc.input(Signature.omit({ id: true, updatedAt: true }).extend({ id: SignatureId.nullable() })).output(Signature),
  remove: oc.input(z.object({ id: SignatureId })).output(none),
}

export const draftsContract = {
  /** Newest first; those on their way out are in the outbox instead. */
  list: oc.output(z.array(DraftRow)),
  /** What else lies in the accounts' Drafts folders, newest first: with `list`, every draft there is, each once. */
  others: oc.output(z.array(ServerDraft)),
  get: oc.input(z.object({ id: DraftId })).output(Draft.nullable()),
  /**
   * Starts a draft with everything it should hold: sender, recipients, subject, signature, quote, forwarded files. Reads
   * local data; when the original's text is not here it is fetched first, and the draft is made without it if that fails.
   */
  create: oc
    .input(
      z.object({
        kind: DraftKind,
        /** Null for a new message only. */
        sourceMessageId: MessageId.nullable(),
        /** Who is writing, when that is not decided by the source. */
        accountId: AccountId.nullable(),
        identityId: IdentityId.nullable(),
        to: z.array(Recipient).max(100),
        /** A mailto: URL (RFC 6068) to start from; attachments named in it are ignored. */
        mailto: z.string().max(10_000).nullable(),
      }),
    )
    .output(Draft),
  /** Continues a draft that lies in a server's Drafts folder, from any client. */
  open: oc.input(z.object({ messageId: MessageId })).output(Draft),
  /** Stored when it resolves. Built on an older version than stored: stored all the same as the newest, `overtook` true. */
  save: oc.input(z.object({ id: DraftId, content: DraftContent, basedOn: z.number().int() })).output(z.object({ version: z.number().int(), savedAt: z.number(), overtook: z.boolean() })),
  /** The last 20, newest first. */
  versions: oc.input(z.object({ id: DraftId })).output(z.array(DraftVersion)),
  versionContent: oc.input(z.object({ id: DraftId, version: z.number().int() })).output(DraftContent.nullable()),
  /** Makes an old version the newest. */
  restore: oc.input(z.object({ id: DraftId, version: z.number().int() })).output(Draft),
  /** Kept for 30 days; `undiscard` brings it back. The server's copy goes. */
  discard: oc.input(z.object({ id: DraftId })).output(none),
  undiscard: oc.input(z.object({ id: DraftId })).output(Draft),
  check: oc.input(z.object({ id: DraftId })).output(z.array(DraftWarning)),
  /** The original as simple, safe HTML for the editor, for answering between its lines. */
  quote: oc.input(z.object({ id: DraftId })).output(z.object({ html: z.string() })),
}

export const filesContract = {
  /** Files come in pieces, in order: begin, append until all is there, finish. */
  begin: oc.input(z.object({ filename: z.string().min(1).max(255), mimeType: z.string().max(200), size: z.number().int().min(0).max(1024 ** 3) })).output(z.object({ uploadId: z.string() })),
  /** `data` is base64 of at most 512 kB. */
  append: oc.input(z.object({ uploadId: z.string().max(64), offset: z.number().int().min(0), data: z.string().max(700_000) })).output(z.object({ received: z.number().int() })),
  finish: oc.input(z.object({ uploadId: z.string().max(64) })).output(StoredFile),
  cancel: oc.input(z.object({ uploadId: z.string().max(64) })).output(none),
  /** An attachment of a received message as a file to send; fetches it when it is not here. */
  fromAttachment: oc.input(z.object({ messageId: MessageId, index: z.number().int().min(0) })).output(StoredFile),
}

export const recipientsContract = {
  /** People written to before those who only wrote, the most and the latest first. Matches the start of any word of name or address. */
  suggest: oc.input(z.object({ text: z.string().max(200), accountId: AccountId.nullable(), limit: z.number().int().min(1).max(50) })).output(z.array(RecipientSuggestion)),
  /** Not suggested again until written to again. */
  forget: oc.input(z.object({ address: z.string().max(320) })).output(none),
}
