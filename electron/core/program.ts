// What the handlers work with, once everything is started.
import type { Db } from '../../db/handles.ts'
import type { AccountId } from '../../shared/model/ids.ts'
import type { Engine } from '../mail/engine/engine.ts'
import type { FileStore } from '../mail/compose/file-store.ts'
import type { ParsePool } from '../mail/mime/parse-pool.ts'
import type { Outbox } from '../tasks/outbox.ts'
import type { TaskQueue } from '../tasks/task-queue.ts'
import type { Triage } from '../tasks/triage.ts'
import type { Events } from './events.ts'
import type { Host } from './host.ts'

export type Program = {
  readonly host: Host
  readonly db: Db
  readonly engine: Engine
  readonly tasks: TaskQueue
  readonly outbox: Outbox
  readonly triage: Triage
  readonly events: Events
  readonly parser: ParsePool
  /** What goes along with things written here. */
  readonly files: FileStore
  /** Deletes, in the background, what a removed account left. */
  readonly forgetAccount: (id: AccountId) => void
  /** Deletes, in the background, the texts of an account's messages from before an instant. */
  readonly forgetTexts: (id: AccountId, before: number) => void
}

/** The name of an account's password in the secret store. */
export function secretName(id: AccountId): string {
  return `account/${id}/password`
}

/** The same for the password of the server that sends, where it is another one. */
export function outgoingSecretName(id: AccountId): string {
  return `account/${id}/outgoing-password`
}
