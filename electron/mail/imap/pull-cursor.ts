// Where a folder's listing stands, as text a restart can go on from.
import { z } from 'zod'

const uid = z.number().int().min(1).max(0xffff_ffff)

const PullCursor = z.object({
  v: z.literal(1),
  uidValidity: z.string().regex(/^\d{1,20}$/),
  /** Everything above this UID arrived later. */
  high: z.number().int().min(0).max(0xffff_ffff),
  /** Ranges at or below `high` that were not listed yet, ascending. */
  pending: z.array(z.tuple([uid, uid])),
  /** Changes of listed messages up to this modification sequence have been told; null where the folder has none. */
  modseq: z.string().regex(/^\d{1,20}$/).nullable(),
  /** How many listed messages the caller holds; null when that is not known. */
  held: z.number().int().min(0).nullable(),
  /** Differs in every page, so that what is remembered in memory can be tied to the page that was stored. */
  turn: z.string().max(40),
})
export type PullCursor = z.infer<typeof PullCursor>

/** Null for text that is no cursor of ours. */
export function readCursor(text: string): PullCursor | null {
  try {
    return PullCursor.parse(JSON.parse(text))
  } catch {
    return null
  }
}

export function writeCursor(cursor: PullCursor): string {
  return JSON.stringify(cursor)
}
