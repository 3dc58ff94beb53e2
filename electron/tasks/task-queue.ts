// What we owe the servers: one durable queue per account, in order. A task and its local half are written in one
// transaction; the remote half runs when the engine has a connection. Tasks that say the same are told together, also over
// others in between that are about other messages; nothing passes a change of the folders. Only the failure's kind decides
// what happens: offline and auth leave the task to the next connection, throttled makes the queue wait, gone counts as
// done (the kinds list what the person should know), anything else takes the local half back, tells the person and is
// listed as a problem. A task is ended in the same write that makes its outcome final, so a kill repeats at most a change
// that is safe to repeat.
import { failureOf, MailFailure, type Failure } from '../../shared/model/failure.ts'
import type { Account } from '../../shared/model/account.ts'
import type { AccountId, FolderId, PlacementId, TaskId } from '../../shared/model/ids.ts'
import type { QueuedTask } from '../../shared/model/triage.ts'
import type { Db, Tx } from '../../db/handles.ts'
import { listFolders } from '../../db/queries/folders.ts'
import { conversationsOwed, countOwed, countsOwed, placementsOwed } from '../../db/queries/owed.ts'
import { endTask, getTask, hurryTask, insertTask, listTasks, makeProblem, nextTasks, postponeTask, taskCounts, type TaskRow } from '../../db/queries/tasks.ts'
import { retryDelay } from '../mail/engine/backoff.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { createFolder, placeFolder, removeFolder, subscribeFolder } from './change-folder.ts'
import { copyMessages, deleteMessages, moveMessages, setFlags, setKeywords } from './message-tasks.ts'
import type { About, Enqueue, Said, TaskKind, TaskRun } from './task.ts'

/** A failure that is our own fault is tried this often before the local half is taken back. */
const bugAttempts = 3
/** How far ahead tasks are looked for that say the same as the first. */
const lookAhead = 500
/** Messages in one command. */
const togetherAtMost = 1000
/** No wait that a server asks for is believed to be longer; one that seems so means that the clock was set back. */
const longestWaitMs = 24 * 3_600_000

type Bound = {
  readonly together: (task: TaskRow) => string | null
  readonly run: (tasks: readonly TaskRow[], run: TaskRun) => Promise<void>
  readonly undo: (task: TaskRow, tx: Tx, now: number) => void
  readonly problem: (task: TaskRow, tx: Tx) => unknown
  readonly again: (task: TaskRow, tx: Tx, now: number) => boolean
  readonly refused: (task: TaskRow) => Said
  readonly shown: (task: TaskRow, about: About) => Said
}

function bind<Payload>(kind: TaskKind<Payload>): Bound {
  const given = (task: TaskRow): { task: TaskRow; payload: Payload } => ({ task, payload: kind.parse(task.payload) })
  return {
    together: (task) => kind.together(kind.parse(task.payload)),
    run: (tasks, run) => kind.run(tasks.map(given), run),
    undo: (task, tx, now) => {
      kind.undo(given(task), tx, now)
    },
    problem: (task, tx) => kind.problem(given(task), tx),
    again: (task, tx, now) => kind.again(given(task), tx, now),
    refused: (task) => kind.refused(kind.parse(task.payload)),
    shown: (task, about) => kind.shown(given(task), about),
  }
}

const kinds: Readonly<Record<string, Bound>> = {
  [moveMessages.name]: bind(moveMessages),
  [copyMessages.name]: bind(copyMessages),
  [deleteMessages.name]: bind(deleteMessages),
  [setFlags.name]: bind(setFlags),
  [setKeywords.name]: bind(setKeywords),
  [createFolder.name]: bind(createFolder),
  [placeFolder.name]: bind(placeFolder),
  [subscribeFolder.name]: bind(subscribeFolder),
  [removeFolder.name]: bind(removeFolder),
}

/** Until when a task has to wait; null when it may be tried now. A task that was not tried yet waits for nothing, whatever
 *  the clock said when the person acted. */
function waitsUntil(task: TaskRow, now: number): number | null {
  return task.attempts === 0 || task.runAt <= now || task.runAt - now > longestWaitMs ? null : task.runAt
}

function kindOf(task: TaskRow): Bound {
  const kind = kinds[task.kind]
  if (!kind) throw new Error(`A task of unknown kind '${task.kind}'.`)
  return kind
}

export type Settled = {
  /** When the first task that is left may be tried; null when none is. */
  readonly again: number | null
  /** Folders whose messages on the server were changed. */
  readonly touched: readonly FolderId[]
}

export type TaskQueue = {
  readonly enqueue: Enqueue
  /** Runs the account's tasks until none is left or the first has to wait; rejects when the server cannot be reached. */
  readonly settle: (account: Account, mailbox: Mailbox, signal: AbortSignal, look: (folder: FolderId) => Promise<void>) => Promise<Settled>
  readonly list: () => { rows: QueuedTask[]; total: number; problems: number }
  readonly counts: () => { total: number; problems: number }
  /** Tries at once; a problem is done once more as far as it still can be. Gives the accounts with something to do. */
  readonly retry: (ids: readonly TaskId[]) => AccountId[]
  /** Gives up: takes the local half back, or dismisses a problem. */
  readonly drop: (ids: readonly TaskId[]) => void
}

/** Rows of the list. */
const listedAtMost = 500

export function openTaskQueue(options: {
  readonly db: Db
  readonly now: () => number
  /** In [0, 1). */
  readonly random?: () => number
  readonly onRefused: (account: Account, notice: { code: string; values: Readonly<Record<string, string>>; said: string | null }) => void
}): TaskQueue {
  const { db, now, random = Math.random } = options
  /** Tasks that were refused together and are told one by one, to find which of them it was. */
  const alone = new Set<TaskId>()

  /** The first task and all that can be told with it without changing what comes out. */
  const nextGroup = (account: AccountId): TaskRow[] => {
    const [head] = nextTasks(db, account, 1)
    if (!head) return []
    const key = alone.has(head.id) ? null : kindOf(head).together(head)
    if (key === null) return [head]
    const group = [head]
    let messages = countOwed(db, head.id)
    const passed = new Set<PlacementId>()
    for (const task of nextTasks(db, account, lookAhead).slice(1)) {
      const kind = kindOf(task)
      const other = kind.together(task)
      // Folders change under everything that comes after.
      if (other === null) break
      const about = placementsOwed(db, task.id)
      const free = about.every((id) => !passed.has(id))
      if (task.kind === head.kind && other === key && free && waitsUntil(task, now()) === null && !alone.has(task.id)) {
        messages += countOwed(db, task.id)
        if (messages > togetherAtMost) break
        group.push(task)
      } else for (const id of about) passed.add(id)
    }
    return group
  }

  const settleGroup = async (account: Account, group: readonly TaskRow[], run: TaskRun): Promise<void> => {
    const [head] = group
    if (!head) return
    const kind = kindOf(head)
    try {
      await kind.run(group, run)
      for (const { id } of group) alone.delete(id)
    } catch (error) {
      run.signal.throwIfAborted()
      const failure = failureOf(error)
      const waits = failure.kind === 'offline' || failure.kind === 'throttled' || failure.kind === 'auth'
      if (waits || (failure.kind === 'bug' && head.attempts + 1 < bugAttempts)) {
        const delay = failure.kind === 'throttled' ? (retryDelay(failure, head.attempts + 1, random()) ?? 0) : 0
        db.write('postpone a task', (tx) => {
          if (getTask(tx, head.id)) postponeTask(tx, head.id, now() + delay, failure.toData())
          tx.touch.topic('queue')
        })
        if (failure.kind === 'throttled') return
        throw failure
      }
      if (group.length > 1) {
        for (const { id } of group) alone.add(id)
        return
      }
      alone.delete(head.id)
      refuse(account, head, kind, failure)
    }
  }

  const refuse = (account: Account, task: TaskRow, kind: Bound, failure: MailFailure): void => {
    db.write(`undo ${task.kind}`, (tx) => {
      const payload = kind.problem(task, tx)
      kind.undo(task, tx, now())
      makeProblem(tx, task.id, payload, failure.toData())
    })
    options.onRefused(account, { ...kind.refused(task), said: failure.said })
  }

  return {
    enqueue: (tx, account, kind, payload) => {
      insertTask(tx, account, kind, payload, now())
    },

    async settle(account, mailbox, signal, look) {
      const touched = new Set<FolderId>()
      const run: TaskRun = { db, mailbox, signal, now, look, touched: (folder) => void touched.add(folder) }
      for (;;) {
        signal.throwIfAborted()
        const group = nextGroup(account.id)
        const [head] = group
        if (!head) return { again: null, touched: [...touched] }
        const again = waitsUntil(head, now())
        if (again !== null) return { again, touched: [...touched] }
        await settleGroup(account, group, run)
      }
    },

    list() {
      const tasks = listTasks(db, listedAtMost)
      const ids = tasks.map(({ id }) => id)
      const messages = countsOwed(db, ids)
      const conversations = conversationsOwed(db, ids)
      const folders = new Map(listFolders(db).map(({ id, name }) => [id, name]))
      const about: About = { messages: (task) => messages.get(task) ?? 0, folder: (id) => folders.get(id) ?? '' }
      return {
        rows: tasks.map((task): QueuedTask => ({
          id: task.id, accountId: task.accountId, state: task.problem ? 'problem' : 'waiting', ...kindOf(task).shown(task, about),
          about: conversations.get(task.id) ?? null, createdAt: task.createdAt, attempts: task.attempts, runAt: task.runAt, failure: task.failure,
        })),
        ...taskCounts(db),
      }
    },

    counts: () => taskCounts(db),

    retry(ids) {
      const accounts = new Set<AccountId>()
      db.write('try tasks again', (tx) => {
        for (const id of ids) {
          const task = getTask(tx, id)
          if (!task) continue
          if (!task.problem) hurryTask(tx, id, now())
          else if (kindOf(task).again(task, tx, now())) endTask(tx, id)
          else {
            const failure: Failure = task.failure ?? new MailFailure('gone', 'message-gone').toData()
            makeProblem(tx, id, task.payload, failure)
            continue
          }
          accounts.add(task.accountId)
        }
      })
      return [...accounts]
    },

    drop(ids) {
      db.write('drop tasks', (tx) => {
        // The last first, so that each is taken back onto what was before it.
        for (const id of [...ids].sort((a, b) => b - a)) {
          const task = getTask(tx, id)
          if (!task) continue
          if (!task.problem) kindOf(task).undo(task, tx, now())
          endTask(tx, id)
        }
      })
    },
  }
}
