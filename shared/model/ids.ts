// Local ids. They are ours alone: a server's id lives only in a placement's remoteId.
// A message id follows the message's date (see messageIdFor in db/queries/messages.ts), so ordering by id is ordering by date.
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
