// What the rest of the program holds of the database: a Reader for queries, a Tx inside a write, the Db itself.
import type { Topic } from '../shared/api/events.ts'
import type { AccountId, FolderId, MessageId, ThreadId } from '../shared/model/ids.ts'

export type Value = string | number | bigint | Uint8Array | null

/** Read access. The type parameter is the shape of a row as the SQL selects it. */
export type Reader = {
  readonly all: <T>(sql: string, ...values: readonly Value[]) => T[]
  readonly get: <T>(sql: string, ...values: readonly Value[]) => T | undefined
}

export type ChangeSet = {
  readonly folders: ReadonlySet<FolderId>
  readonly threads: ReadonlySet<ThreadId>
  readonly bodies: ReadonlyMap<MessageId, ThreadId>
  /** Accounts whose folder tree changed. */
  readonly trees: ReadonlySet<AccountId>
  readonly accounts: boolean
  readonly tasks: ReadonlySet<AccountId>
  /** Kinds of small lists that changed. */
  readonly topics: ReadonlySet<Topic>
  /** Everything stored can be found by a search again. */
  readonly searchable: boolean
}

export type Tx = Reader & {
  /** Runs a statement; gives the row id it inserted and how many rows it changed. */
  readonly run: (sql: string, ...values: readonly Value[]) => { readonly id: number; readonly changes: number }
  readonly touch: {
    readonly folder: (id: FolderId) => void
    /** Also has the thread's summary and its place in every folder list computed again before the commit. */
    readonly thread: (id: ThreadId) => void
    readonly body: (id: MessageId, thread: ThreadId) => void
    readonly tree: (id: AccountId) => void
    readonly accounts: () => void
    readonly tasks: (id: AccountId) => void
    readonly topic: (topic: Topic) => void
  }
}

export type Db = Reader & {
  /** `durable`: on the disk itself when it returns, so that even a power cut cannot take it back. Costs some milliseconds. */
  readonly write: <T>(label: string, change: (tx: Tx) => T, how?: { readonly durable: boolean }) => T
  /** Calls back some milliseconds after commits, with everything touched since the last call. */
  readonly onChange: (listener: (changes: ChangeSet) => void) => () => void
  /** Bytes of the database and its search index. */
  readonly bytes: () => number
  /** Resolves when every change so far can be found by a search. */
  readonly indexed: () => Promise<void>
  readonly close: () => Promise<void>
}
