// What we owe the servers: one durable queue per account, in order. A task and its local half are written in one
// transaction; the remote half runs when the engine has a connection. Only the failure's kind decides what happens:
// offline, throttled and auth leave the task where it is, gone counts as done, anything else takes the local half back
// and tells the person. A task is ended in the same write that makes its outcome final, so a kill repeats at most a
// change that is safe to repeat.
import { failureOf } from '../../shared/model/failure.ts'
import type { Account } from '../../shared/model/account.ts'
import type { Db } from '../../db/handles.ts'
import { endTask, insertTask, nextTask, postponeTask, type TaskRow } from '../../db/queries/tasks.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { createFolder, placeFolder, removeFolder, subscribeFolder } from './change-folder.ts'
import { setFlags } from './set-flags.ts'
import type { Enqueue, TaskKind, TaskRun } from './task.ts'

/** A failure that is our own fault is tried this often before the local half is taken back. */
const bugAttempts = 3

type Bound = {
  readonly run: (run: TaskRun) => ReturnType<TaskKind<unknown>['run']>
  readonly undo: (tx: Parameters<TaskKind<unknown>['undo']>[1]) => void
  readonly refused: () => ReturnType<TaskKind<unknown>['refused']>
}

function bind<Payload>(kind: TaskKind<Payload>): (payload: unknown) => Bound {
  return (raw) => {
    const payload = kind.parse(raw)
    return { run: (run) => kind.run(payload, run), undo: (tx) => { kind.undo(payload, tx) }, refused: () => kind.refused(payload) }
  }
}

const kinds: Readonly<Record<string, (payload: unknown) => Bound>> = {
  [setFlags.name]: bind(setFlags),
  [createFolder.name]: bind(createFolder),
  [placeFolder.name]: bind(placeFolder),
  [subscribeFolder.name]: bind(subscribeFolder),
  [removeFolder.name]: bind(removeFolder),
}

export type TaskQueue = {
  readonly enqueue: Enqueue
  /** Runs the account's tasks until none is left; rejects when the server cannot be reached, leaving the rest. */
  readonly settle: (account: Account, mailbox: Mailbox, signal: AbortSignal) => Promise<void>
}

export function openTaskQueue(options: {
  readonly db: Db
  readonly now: () => number
  readonly onRefused: (account: Account, notice: { code: string; values: Readonly<Record<string, string>>; said: string | null }) => void
}): TaskQueue {
  const { db, now } = options
  const settleOne = async (account: Account, mailbox: Mailbox, task: TaskRow, signal: AbortSignal): Promise<void> => {
    const bound = kinds[task.kind]?.(task.payload)
    if (!bound) throw new Error(`A task of unknown kind '${task.kind}'.`)
    try {
      const finish = await bound.run({ db, mailbox, signal, now: now() })
      db.write(`end ${task.kind}`, (tx) => {
        finish(tx)
        endTask(tx, task.id)
        tx.touch.tasks(account.id)
      })
    } catch (error) {
      signal.throwIfAborted()
      const failure = failureOf(error)
      const later = failure.kind === 'offline' || failure.kind === 'throttled' || failure.kind === 'auth'
      if (later || (failure.kind === 'bug' && task.attempts + 1 < bugAttempts)) {
        db.write('postpone a task', (tx) => {
          postponeTask(tx, task.id, now() + (failure.retryAfterMs ?? 0), failure.toData())
        })
        throw failure
      }
      db.write(`undo ${task.kind}`, (tx) => {
        bound.undo(tx)
        endTask(tx, task.id)
        tx.touch.tasks(account.id)
      })
      options.onRefused(account, { ...bound.refused(), said: failure.said })
    }
  }

  return {
    enqueue: (tx, account, kind, payload) => {
      insertTask(tx, account, kind, payload, now())
    },
    async settle(account, mailbox, signal) {
      for (let task = nextTask(db, account.id); task; task = nextTask(db, account.id)) {
        signal.throwIfAborted()
        await settleOne(account, mailbox, task, signal)
      }
    },
  }
}
