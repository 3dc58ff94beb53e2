// What an answer needs of the original's header beyond what the message row keeps: its ancestors, and where its list or
// its writer wants answers. Only where there is anything to say.
import type { MessageId } from '../../shared/model/ids.ts'
import type { Address } from '../../shared/model/message.ts'
import type { Reader, Tx } from '../handles.ts'

/** Ancestors kept: the first, by which a conversation is known, and the nearest. */
const keptReferences = 20

export type ReplyHeader = {
  /** Oldest first, without angle brackets. */
  readonly references: readonly string[]
  readonly listPost: string | null
  readonly followupTo: readonly Address[]
}

/** The first and the nearest of a chain of Message-IDs. */
export function shortenedReferences(ids: readonly string[]): string[] {
  return ids.length <= keptReferences ? [...ids] : [...ids.slice(0, 1), ...ids.slice(1 - keptReferences)]
}

export function storeReplyHeader(tx: Tx, id: MessageId, header: { readonly references: readonly string[]; readonly listPost?: string | null | undefined; readonly followupTo?: readonly Address[] | undefined }): void {
  const { references, listPost = null, followupTo = [] } = header
  if (references.length === 0 && listPost === null && followupTo.length === 0) return
  tx.run(
    'INSERT OR REPLACE INTO reply_header (message_id, refs, list_post, followup_to) VALUES (?, ?, ?, ?)',
    id, JSON.stringify(shortenedReferences(references)), listPost, followupTo.length === 0 ? null : JSON.stringify(followupTo),
  )
}

/** Null where nothing is kept: there was nothing, or the message was listed before this was kept. */
export function replyHeader(db: Reader, id: MessageId): ReplyHeader | null {
  const row = db.get<{ refs: string; list_post: string | null; followup_to: string | null }>('SELECT refs, list_post, followup_to FROM reply_header WHERE message_id = ?', id)
  if (!row) return null
  return { references: JSON.parse(row.refs) as string[], listPost: row.list_post, followupTo: row.followup_to === null ? [] : (JSON.parse(row.followup_to) as Address[]) }
}

/** Everybody a message names, however many; screens are given fewer. */
export function messagePeople(db: Reader, id: MessageId): { readonly replyTo: Address[]; readonly to: Address[]; readonly cc: Address[]; readonly bcc: Address[] } {
  const row = db.get<{ people: string }>('SELECT people FROM message WHERE id = ?', id)
  return row ? (JSON.parse(row.people) as { replyTo: Address[]; to: Address[]; cc: Address[]; bcc: Address[] }) : { replyTo: [], to: [], cc: [], bcc: [] }
}
