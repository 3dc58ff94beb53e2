import { z } from 'zod'
import { AccountId, FolderId } from './ids.ts'

/** RFC 6154 special uses, plus the inbox. 'all' is Gmail's All Mail, 'flagged' its Starred. */
export const specialUses = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash', 'all', 'flagged'] as const
export const SpecialUse = z.enum(specialUses)
export type SpecialUse = z.infer<typeof SpecialUse>

export const Folder = z.object({
  id: FolderId,
  accountId: AccountId,
  parentId: FolderId.nullable(),
  /** The folder's own name on the server, without its parents. */
  name: z.string(),
  special: SpecialUse.nullable(),
  /** False for a \Noselect parent: it holds folders, not messages. */
  selectable: z.boolean(),
  subscribed: z.boolean(),
  total: z.number().int(),
  unread: z.number().int(),
  /** Local choices, never sent to the server. */
  icon: z.string().nullable(),
  position: z.number().int().nullable(),
  shownName: z.string().nullable(),
  hidden: z.boolean(),
  /** A change made here is still on its way to the server. */
  pending: z.boolean(),
})
export type Folder = z.infer<typeof Folder>

export const FolderName = z.string().trim().min(1).max(120).refine((name) => !/\p{Cc}/u.test(name), 'control-characters')

/** One folder's line in the ledger: the server's count, ours, and why they differ. */
export const LedgerLine = z.object({
  folderId: FolderId,
  path: z.string(),
  /** Messages the server says the folder holds; null before the folder was first looked at. */
  serverCount: z.number().int().nullable(),
  ourCount: z.number().int(),
  /** On the server and known of, not listed here yet. */
  toFetch: z.number().int(),
  /** Listed here, text not fetched yet (within the keep policy). */
  bodiesToFetch: z.number().int(),
  /** Could not be parsed: listed, kept raw and openable as source. Part of ourCount. */
  unparsed: z.number().int(),
  /** Removed on the server since its count was taken. */
  expunged: z.number().int(),
  /** Removed, moved or added here while the server has not been told yet. */
  pending: z.number().int(),
  /** serverCount - ourCount - what the columns above explain. Anything but 0 is a fault to show. */
  unexplained: z.number().int(),
  /** When the full set of message ids was last compared with the server's. */
  comparedAt: z.number().nullable(),
  /** When a sync of this folder last ended with equal counts. */
  provedAt: z.number().nullable(),
})
export type LedgerLine = z.infer<typeof LedgerLine>
