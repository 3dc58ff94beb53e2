// What the engine is given to work with, beside the database and the mailboxes.
import type { Tx } from '../../../db/handles.ts'
import type { AccountId, FolderId, MessageId } from '../../../shared/model/ids.ts'
import type { DeliveryReport } from '../mime/delivery-report.ts'
import type { ParsedHeaders } from '../mime/headers.ts'
import type { ParseOutcome } from '../mime/parse-pool.ts'

/** Turns sources into data, off the main thread; a source it cannot parse is an outcome, never a rejection. */
export type Parser = {
  /** `omitted`, where a source came without the contents of some attachments: FetchedBody.omitted. */
  readonly parse: (sources: readonly Uint8Array[], omitted?: readonly (readonly number[] | undefined)[]) => Promise<readonly ParseOutcome[]>
  readonly parseHeaders: (blocks: readonly Uint8Array[]) => Promise<readonly ParsedHeaders[]>
}

export type SyncClock = {
  readonly now: () => number
  /** Runs once after `ms`; gives a function that cancels it. */
  readonly after: (ms: number, run: () => void) => () => void
}

/** Runs in the write that stores messages new to this computer. */
export type OnStored = (tx: Tx, account: AccountId, folder: FolderId, messages: readonly MessageId[]) => void

/** Runs in the write that stores the text of a message which reports on another one's delivery. */
export type OnReport = (tx: Tx, message: MessageId, report: DeliveryReport) => void
