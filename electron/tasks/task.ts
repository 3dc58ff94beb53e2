// One kind of thing owed to a server. `run` talks to the server and then, in one write, makes the local state final and
// ends the task. `undo` takes the local half back after the server refused.
import type { Db, Tx } from '../../db/handles.ts'
import type { AccountId } from '../../shared/model/ids.ts'
import type { Mailbox } from '../mail/mailbox.ts'

export type TaskRun = { readonly db: Db; readonly mailbox: Mailbox; readonly signal: AbortSignal; readonly now: number }

export type TaskKind<Payload> = {
  readonly name: string
  readonly parse: (payload: unknown) => Payload
  /** The remote half. Gives the local writes that finish it. */
  readonly run: (payload: Payload, run: TaskRun) => Promise<(tx: Tx) => void>
  readonly undo: (payload: Payload, tx: Tx) => void
  /** What to tell the person when the server refused: a key and values for the locale files. */
  readonly refused: (payload: Payload) => { readonly code: string; readonly values: Readonly<Record<string, string>> }
}

export type Enqueue = (tx: Tx, account: AccountId, kind: string, payload: unknown) => void
