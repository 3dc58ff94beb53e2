// Local ids. They are ours alone: a server's id lives only in a placement's remoteId.
// A message id follows the message's date (see messageIdFor in db/queries/message-ids.ts), so ordering by id is ordering by date.
import { z } from 'zod'

export const AccountId = z.string().min(1).max(64).brand<'AccountId'>()
export type AccountId = z.infer<typeof AccountId>

const localId = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

export const FolderId = localId.brand<'FolderId'>()
export type FolderId = z.infer<typeof FolderId>

export const ThreadId = localId.brand<'ThreadId'>()
export type ThreadId = z.infer<typeof ThreadId>

export const MessageId = localId.brand<'MessageId'>()
export type MessageId = z.infer<typeof MessageId>

export const PlacementId = localId.brand<'PlacementId'>()
export type PlacementId = z.infer<typeof PlacementId>

export const TaskId = localId.brand<'TaskId'>()
export type TaskId = z.infer<typeof TaskId>

/** A step of the person's that can be taken back. */
export const UndoId = localId.brand<'UndoId'>()
export type UndoId = z.infer<typeof UndoId>

export const DraftId = localId.brand<'DraftId'>()
export type DraftId = z.infer<typeof DraftId>

export const OutgoingId = localId.brand<'OutgoingId'>()
export type OutgoingId = z.infer<typeof OutgoingId>

export const IdentityId = localId.brand<'IdentityId'>()
export type IdentityId = z.infer<typeof IdentityId>

export const SignatureId = localId.brand<'SignatureId'>()
export type SignatureId = z.infer<typeof SignatureId>

export const TemplateId = localId.brand<'TemplateId'>()
export type TemplateId = z.infer<typeof TemplateId>

export const LibraryFileId = localId.brand<'LibraryFileId'>()
export type LibraryFileId = z.infer<typeof LibraryFileId>

export const LaneRuleId = localId.brand<'LaneRuleId'>()
export type LaneRuleId = z.infer<typeof LaneRuleId>

/** An instant a person chose, UTC milliseconds: one that a calendar can show. */
export const ChosenInstant = z.number().min(0).max(8_640_000_000_000_000).transform(Math.round)
