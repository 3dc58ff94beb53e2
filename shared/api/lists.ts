// Where a list of threads comes from and how it is narrowed; several parts of the contract say it.
import { z } from 'zod'
import { FolderId } from '../model/ids.ts'

/** One folder, the inboxes of all accounts together, or everything that is snoozed. */
export const ThreadSource = z.union([FolderId, z.literal('inboxes'), z.literal('snoozed')])
export type ThreadSource = z.infer<typeof ThreadSource>

export const ThreadFilter = z.enum(['all', 'unread', 'flagged', 'attachments'])
export type ThreadFilter = z.infer<typeof ThreadFilter>
