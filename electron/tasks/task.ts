// One kind of thing owed to a server. The local half was done when the task was written; `run` talks to the server and then,
// in as few writes as it takes, makes the local state final and ends the tasks it was given. Everything it writes before
// the last may be repeated by another run after a kill.
import type { Db, Tx } from '../../db/handles.ts'
import type { TaskRow } from '../../db/queries/tasks.ts'
import type { AccountId, FolderId, TaskId } from '../../shared/model/ids.ts'
import type { Mailbox } from '../mail/mailbox.ts'

export type TaskRun = {
  readonly db: Db
  readonly mailbox: Mailbox
  readonly signal: AbortSignal
  /** UTC milliseconds. */
  readonly now: () => number
  /** Brings the list of a folder up to date: what the server did not say of a move is found there. */
  readonly look: (folder: FolderId) => Promise<void>
  /** Folders whose messages on the server this run changed. */
  readonly touched: (folder: FolderId) => void
}

export type Said = { readonly code: string; readonly values: Readonly<Record<string, string>> }

export type Given<Payload> = { readonly task: TaskRow; readonly payload: Payload }

export type TaskKind<Payload> = {
  readonly name: string
  readonly parse: (payload: unknown) => Payload
  /** Tasks that stand next to each other and give the same text are told to the server together. Null: alone. */
  readonly together: (payload: Payload) => string | null
  /** Rejects with what the server answered; then nothing was ended that is not also done. */
  readonly run: (given: readonly Given<Payload>[], run: TaskRun) => Promise<void>
  /** Takes the local half back, after a refusal or because the person gave up. Leaves the task's row to the caller. */
  readonly undo: (given: Given<Payload>, tx: Tx, now: number) => void
  /** The payload of the problem that a refused task becomes: all that `again` needs. */
  readonly problem: (given: Given<Payload>, tx: Tx) => unknown
  /** Does a problem once more: local half and a new task. False when there is nothing left to do it to. */
  readonly again: (given: Given<Payload>, tx: Tx, now: number) => boolean
  /** What to tell the person when the server refused: a key and values for the locale files. */
  readonly refused: (payload: Payload) => Said
  /** What is owed, for the list of it: a key under 'queue:task' and its values. */
  readonly shown: (given: Given<Payload>, about: About) => Said
}

/** What a list of tasks tells of them, looked up for all at once. */
export type About = {
  /** How many messages a task is about. */
  readonly messages: (task: TaskId) => number
  /** A folder's name; empty when it is gone. */
  readonly folder: (id: FolderId) => string
}

export type Enqueue = (tx: Tx, account: AccountId, kind: string, payload: unknown) => void
