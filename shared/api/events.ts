// Events are hints: a screen that drops them all and refetches shows the same. Each names what to refetch.
import { z } from 'zod'
import { AccountId, FolderId, MessageId, ThreadId } from '../model/ids.ts'
import { AccountState } from '../model/account.ts'

export const topics = ['queue', 'undo', 'lanes', 'identities', 'signatures', 'drafts', 'outbox', 'templates', 'library'] as const
export const Topic = z.enum(topics)
export type Topic = z.infer<typeof Topic>

export const AppEvent = z.discriminatedUnion('type', [
  /** Lists of these folders, these threads, and the folder tree's counts may have changed. Null: too many to name. */
  z.object({ type: z.literal('mail'), folderIds: z.array(FolderId).nullable(), threadIds: z.array(ThreadId).nullable() }),
  z.object({ type: z.literal('folders'), accountId: AccountId }),
  z.object({ type: z.literal('accounts') }),
  z.object({ type: z.literal('account-state'), state: AccountState }),
  z.object({ type: z.literal('settings') }),
  /** Lists and counts of these kinds changed. */
  z.object({ type: z.literal('changed'), topics: z.array(Topic) }),
  /** How far a long action named by its caller is; `done` equals `total` at the end. */
  z.object({ type: z.literal('job'), job: z.string(), done: z.number().int(), total: z.number().int() }),
  /** A message's text or attachments arrived on this computer. */
  z.object({ type: z.literal('body'), messageId: MessageId, threadId: ThreadId }),
  /** The person clicked a notification. */
  z.object({ type: z.literal('open-thread'), threadId: ThreadId, folderId: FolderId }),
  /** Something the person should be told, with a key in the locale files. */
  z.object({ type: z.literal('notice'), tone: z.enum(['info', 'error']), code: z.string(), values: z.record(z.string(), z.string()) }),
])
export type AppEvent = z.infer<typeof AppEvent>
