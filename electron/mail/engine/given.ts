// What the engine is given to work with, beside the database and the mailboxes.
import type { ParsedHeaders } from '../mime/headers.ts'
import type { ParseOutcome } from '../mime/parse-pool.ts'

/** Turns sources into data, off the main thread; a source it cannot parse is an outcome, never a rejection. */
export type Parser = {
  readonly parse: (sources: readonly Uint8Array[]) => Promise<readonly ParseOutcome[]>
  readonly parseHeaders: (blocks: readonly Uint8Array[]) => Promise<readonly ParsedHeaders[]>
}

export type SyncClock = {
  readonly now: () => number
  /** Runs once after `ms`; gives a function that cancels it. */
  readonly after: (ms: number, run: () => void) => () => void
}
