// What is owed for messages: moves, copies, deletions, flags and keywords. The local halves are in db/queries/owed.ts; here
// the server is told, many tasks in one command where they say the same. A task is marked before its command leaves, so
// that after a kill nobody takes it for unsent; repeating a move is harmless, and a copy is looked for before it is
// repeated. What the server no longer has is listed as a problem, unless what the person wanted is so already.
import { z } from 'zod'
import type { Tx } from '../../db/handles.ts'
import { getFolder, remoteIdOf } from '../../db/queries/folders.ts'
import {
  copyLocal, deleteLocal, flagLocal, isAdopted, keywordsLocal, messagesOwed, moveLocal, noteFolderGone, owedBy, placementsIn, settleArrival,
  settleGone, settleTold, takeBackTask, tasksInto, type FlagField, type Owed,
} from '../../db/queries/owed.ts'
import { endTask, insertProblem, insertTask, markStarted, rewriteTask, taskExists } from '../../db/queries/tasks.ts'
import { failureOf, MailFailure } from '../../shared/model/failure.ts'
import { FolderId, MessageId, type AccountId, type PlacementId, type TaskId } from '../../shared/model/ids.ts'
import { paced } from '../mail/engine/paced.ts'
import type { Applied, MessageChange } from '../mail/mailbox.ts'
import type { About, Given, Said, TaskKind, TaskRun } from './task.ts'

/** A problem also says which messages it was about, and how many. */
const Missed = { messages: z.array(MessageId).optional(), count: z.number().int().optional() }
const Move = z.object({ from: FolderId, to: FolderId, ...Missed })
const Copy = z.object({ to: FolderId, ...Missed })
const Delete = z.object({ ...Missed })
const Flag = z.object({ field: z.enum(['seen', 'flagged', 'answered']), value: z.boolean(), ...Missed })
const Keywords = z.object({ add: z.array(z.string()), remove: z.array(z.string()), ...Missed })
type Move = z.infer<typeof Move>
type Copy = z.infer<typeof Copy>
type Delete = z.infer<typeof Delete>
type Flag = z.infer<typeof Flag>
type Keywords = z.infer<typeof Keywords>
type Missed = { readonly messages?: readonly MessageId[] | undefined; readonly count?: number | undefined }

/** Messages named in one problem. */
const namedAtMost = 1000

// ---- local halves, each with its task

/** Writes the local halves of one action, gathering what says the same to the same server into one task. */
export class Owing {
  readonly #tx: Tx
  readonly #now: number
  readonly #tasks = new Map<string, TaskId>()

  constructor(tx: Tx, now: number) {
    this.#tx = tx
    this.#now = now
  }

  #task(account: AccountId, kind: string, payload: unknown): TaskId {
    const key = `${account} ${kind} ${JSON.stringify(payload)}`
    const known = this.#tasks.get(key)
    // Cancelling out may have ended it since.
    if (known !== undefined && taskExists(this.#tx, known)) return known
    const id = insertTask(this.#tx, account, kind, payload, this.#now)
    this.#tasks.set(key, id)
    return id
  }

  /** Gives the folder it left; null when it was there already. */
  move(account: AccountId, id: PlacementId, to: FolderId): FolderId | null {
    return moveLocal(this.#tx, id, to, (from) => this.#task(account, moveMessages.name, { from, to } satisfies Move))
  }

  copy(account: AccountId, id: PlacementId, to: FolderId): PlacementId | null {
    return copyLocal(this.#tx, id, to, () => this.#task(account, copyMessages.name, { to } satisfies Copy))
  }

  delete(account: AccountId, id: PlacementId): number | null {
    return deleteLocal(this.#tx, id, this.#now, () => this.#task(account, deleteMessages.name, {} satisfies Delete))
  }

  flag(account: AccountId, id: PlacementId, field: FlagField, value: boolean): boolean {
    return flagLocal(this.#tx, id, field, value, () => this.#task(account, setFlags.name, { field, value } satisfies Flag))
  }

  keywords(account: AccountId, id: PlacementId, add: readonly string[], remove: readonly string[]): string | null {
    return keywordsLocal(this.#tx, id, add, remove, () => this.#task(account, setKeywords.name, { add: [...add], remove: [...remove] } satisfies Keywords))
  }
}

/** Sets a flag on every placement of these messages. */
export function flagMessages(tx: Tx, messages: readonly MessageId[], field: FlagField, value: boolean, now: number): void {
  const owing = new Owing(tx, now)
  for (const message of messages) for (const one of placementsIn(tx, message, null)) owing.flag(one.accountId, one.id, field, value)
}

/** Other programs know it (RFC 5788). */
const forwardedKeyword = '$Forwarded'

/** Marks every placement of a message as forwarded. */
export function markForwarded(tx: Tx, message: MessageId, now: number): void {
  const owing = new Owing(tx, now)
  for (const one of placementsIn(tx, message, null)) owing.keywords(one.accountId, one.id, [forwardedKeyword], [])
}

// ---- telling the server

type Located = Owed & { readonly folderId: FolderId; readonly remoteId: string }
type Outcome = { readonly kind: 'at'; readonly remoteId: string } | { readonly kind: 'gone' } | { readonly kind: 'done' }

/** Marks the tasks as begun, then gives what they owe with the places where the server has it. Messages whose number the
 *  server did not tell are looked for. */
async function begin<P>(given: readonly Given<P>[], run: TaskRun): Promise<Owed[]> {
  const ids = given.map(({ task }) => task.id)
  const fresh = given.filter(({ task }) => !task.started)
  await paced(fresh.length, (from, more) => {
    let at = from
    run.db.write('begin tasks', (tx) => {
      do {
        const one = fresh[at]
        if (one) markStarted(tx, one.task.id)
      } while (++at < fresh.length && more())
    })
    return at
  })
  const owed = owedBy(run.db, ids)
  const lost = new Set(owed.flatMap((one) => (one.remoteId === null && one.folderId !== null && !one.gone ? [one.folderId] : [])))
  for (const folder of lost) await look(run, folder)
  return lost.size > 0 ? owedBy(run.db, ids) : owed
}

/** A folder that cannot be listed shows nothing; why is the next sweep's business. */
async function look(run: TaskRun, folder: FolderId): Promise<void> {
  try {
    await run.look(folder)
  } catch (error) {
    const met = failureOf(error)
    if (met.kind !== 'gone' && met.kind !== 'rejected') throw error
  }
}

function isLocated(one: Owed): one is Located {
  return one.folderId !== null && one.remoteId !== null && !one.gone
}

/** Tells one change per folder the messages are in, and hands over each folder's answer. Null: gone, folder and all. */
async function perFolder(owed: readonly Owed[], run: TaskRun, change: (folderRemoteId: string, remoteIds: readonly string[]) => MessageChange, settle: (items: readonly Owed[], applied: Applied | null) => Promise<void>): Promise<void> {
  for (const [folder, items] of Map.groupBy(owed.filter(isLocated), (one) => one.folderId)) {
    const folderRemoteId = remoteIdOf(run.db, folder)
    if (folderRemoteId === null) {
      await settle(items, null)
      continue
    }
    let applied: Applied | null
    try {
      applied = await run.mailbox.apply(change(folderRemoteId, items.map((one) => one.remoteId)), run.signal)
    } catch (error) {
      if (failureOf(error).kind !== 'gone') throw error
      applied = null
    }
    run.touched(folder)
    await settle(items, applied)
  }
  const nowhere = owed.filter((one) => !isLocated(one))
  if (nowhere.length > 0) await settle(nowhere, null)
}

/** Writes outcomes in slices. What is gone and matters is counted in one problem per call. */
async function write(
  run: TaskRun,
  outcomes: readonly { readonly owed: Owed; readonly outcome: Outcome }[],
  label: string,
  each: (tx: Tx, owed: Owed, outcome: Outcome) => boolean,
  missed: { readonly account: AccountId; readonly kind: string; readonly payload: object; readonly failure: MailFailure } | null,
): Promise<void> {
  let problem: TaskId | null = null
  const messages: MessageId[] = []
  await paced(outcomes.length, (from, more) => {
    let at = from
    run.db.write(label, (tx) => {
      let grew = false
      do {
        const one = outcomes[at]
        if (one && each(tx, one.owed, one.outcome)) {
          messages.push(one.owed.messageId)
          grew = true
        }
      } while (++at < outcomes.length && more())
      if (!grew || !missed) return
      const payload = { ...missed.payload, messages: messages.slice(0, namedAtMost), count: new Set(messages).size }
      if (problem === null) problem = insertProblem(tx, missed.account, missed.kind, payload, missed.failure.toData(), run.now())
      else rewriteTask(tx, problem, payload)
      tx.touch.tasks(missed.account)
    })
    return at
  })
}

const goneFailure = new MailFailure('gone', 'message-gone')

/** The folder something was to go into is gone: all of it is taken back, and the person reads of it. */
async function takeBackAll(given: readonly Given<Move | Copy>[], kind: string, run: TaskRun): Promise<void> {
  await paced(given.length, (from, more) => {
    let at = from
    run.db.write('take back what has nowhere to go', (tx) => {
      do {
        const one = given[at]
        if (one) takeBackInto(tx, one.task.id, one.task.accountId, kind, one.payload, run.now())
      } while (++at < given.length && more())
    })
    return at
  })
}

function takeBackInto(tx: Tx, task: TaskId, account: AccountId, kind: string, payload: object, now: number): void {
  const messages = messagesOwed(tx, task)
  takeBackTask(tx, task, now)
  endTask(tx, task)
  if (messages.length > 0) insertProblem(tx, account, kind, { ...payload, messages: messages.slice(0, namedAtMost), count: messages.length }, new MailFailure('gone', 'folder-gone').toData(), now)
  tx.touch.tasks(account)
}

async function targetIsThere(run: TaskRun, to: FolderId): Promise<boolean> {
  const remoteId = remoteIdOf(run.db, to)
  return remoteId !== null && (await run.mailbox.listFolders(run.signal)).some((one) => one.remoteId === remoteId)
}

/** Moves and copies. After a kill what was asked for may be done already: the folder's listing shows it. */
async function bringInto(given: readonly Given<Move | Copy>[], run: TaskRun, kind: 'move' | 'copy', name: string): Promise<void> {
  const [first] = given
  if (!first) return
  const { to } = first.payload
  const account = first.task.accountId
  const toRemoteId = remoteIdOf(run.db, to)
  if (toRemoteId === null) {
    await takeBackAll(given, name, run)
    return
  }
  const repeated = given.some(({ task }) => task.started)
  let owed = await begin(given, run)
  const missed = { account, kind: name, payload: first.payload, failure: goneFailure }
  const settle = (items: readonly { owed: Owed; outcome: Outcome }[]): Promise<void> =>
    write(run, items, `end ${name}`, (tx, one, outcome) => {
      if (outcome.kind === 'gone') return settleGone(tx, one, to, run.now())
      settleArrival(tx, one, to, outcome.kind === 'at' ? outcome.remoteId : null, run.now())
      return false
    }, missed)

  if (repeated && kind === 'copy') {
    await look(run, to)
    const there = owed.filter((one) => isAdopted(run.db, one))
    await settle(there.map((one) => ({ owed: one, outcome: { kind: 'done' } })))
    owed = owed.filter((one) => !there.includes(one))
  }

  const target = { looked: false, gone: false }
  await perFolder(owed, run, (folderRemoteId, remoteIds) => ({ kind, folderRemoteId, remoteIds, toRemoteId }), async (items, applied) => {
    if (target.gone) return
    run.touched(to)
    const outcomes = items.map((one): { owed: Owed; outcome: Outcome } => {
      const remoteId = one.remoteId === null ? undefined : applied?.moved.get(one.remoteId)
      if (remoteId !== undefined) return { owed: one, outcome: { kind: 'at', remoteId } }
      return { owed: one, outcome: { kind: 'gone' } }
    })
    const unsure = outcomes.filter(({ outcome }) => outcome.kind !== 'at')
    if (unsure.length === 0) {
      await settle(outcomes)
      return
    }
    if (applied === null && !(await targetIsThere(run, to))) {
      target.gone = true
      return
    }
    await settle(outcomes.filter(({ outcome }) => outcome.kind === 'at'))
    // Where the server did not say, and where an earlier run may have done it already, the folder itself tells.
    if (!target.looked || applied) await look(run, to)
    target.looked = true
    await settle(unsure.map(({ owed: one }) => ({ owed: one, outcome: { kind: isAdopted(run.db, one) ? 'done' : 'gone' } })))
  })
  if (target.gone) await takeBackAll(given, name, run)
}

/** Deletions and flags: nothing comes back but that it is done. */
async function tell(given: readonly Given<Missed>[], run: TaskRun, name: string, payload: object, tellsGone: boolean, change: (folderRemoteId: string, remoteIds: readonly string[]) => MessageChange): Promise<void> {
  const [first] = given
  if (!first) return
  const owed = await begin(given, run)
  await perFolder(owed, run, change, (items, applied) =>
    write(
      run,
      items.map((one) => ({ owed: one, outcome: { kind: applied && isLocated(one) ? 'done' : 'gone' } })),
      `end ${name}`,
      (tx, one, outcome) => {
        const here = placementsIn(tx, one.messageId, null).length > 0
        settleTold(tx, one)
        // What was deleted elsewhere needs no flag; a message that is elsewhere now was meant to have it.
        return outcome.kind === 'gone' && tellsGone && here
      },
      tellsGone ? { account: first.task.accountId, kind: name, payload, failure: goneFailure } : null,
    ),
  )
}

/** How many messages a task is about. */
function countOf({ task, payload }: Given<Missed>, about: About): string {
  return String(payload.count ?? about.messages(task.id))
}

/** What the five kinds have in common. */
const common = {
  undo: ({ task }: Given<Missed>, tx: Tx, now: number): void => {
    takeBackTask(tx, task.id, now)
  },
  problem: <P extends Missed>({ task, payload }: Given<P>, tx: Tx): P => {
    const messages = messagesOwed(tx, task.id)
    return { ...payload, messages: messages.slice(0, namedAtMost), count: messages.length }
  },
}

/** Does something once more to what a problem names, as far as it is still there. */
function again({ task, payload }: Given<Missed>, tx: Tx, now: number, from: FolderId | null, act: (owing: Owing, account: AccountId, placement: PlacementId) => unknown): boolean {
  const owing = new Owing(tx, now)
  let done = 0
  for (const message of payload.messages ?? []) {
    for (const one of placementsIn(tx, message, from)) if (act(owing, task.accountId, one.id)) done++
  }
  return done > 0
}

export const moveMessages: TaskKind<Move> = {
  ...common,
  name: 'move-messages',
  parse: (payload) => Move.parse(payload),
  together: ({ from, to }) => `${String(from)} ${String(to)}`,
  run: (given, run) => bringInto(given, run, 'move', 'move-messages'),
  again: (given, tx, now) => getFolder(tx, given.payload.to) !== null && again(given, tx, now, given.payload.from, (owing, account, id) => owing.move(account, id, given.payload.to)),
  refused: () => ({ code: 'move-refused', values: {} }),
  shown: (given, about) => ({ code: 'move', values: { count: countOf(given, about), from: about.folder(given.payload.from), folder: about.folder(given.payload.to) } }),
}

export const copyMessages: TaskKind<Copy> = {
  ...common,
  name: 'copy-messages',
  parse: (payload) => Copy.parse(payload),
  together: ({ to }) => String(to),
  run: (given, run) => bringInto(given, run, 'copy', 'copy-messages'),
  again: (given, tx, now) => getFolder(tx, given.payload.to) !== null && again(given, tx, now, null, (owing, account, id) => owing.copy(account, id, given.payload.to)),
  refused: () => ({ code: 'copy-refused', values: {} }),
  shown: (given, about) => ({ code: 'copy', values: { count: countOf(given, about), folder: about.folder(given.payload.to) } }),
}

export const deleteMessages: TaskKind<Delete> = {
  ...common,
  name: 'delete-messages',
  parse: (payload) => Delete.parse(payload),
  together: () => '',
  run: (given, run) => tell(given, run, 'delete-messages', {}, false, (folderRemoteId, remoteIds) => ({ kind: 'delete', folderRemoteId, remoteIds })),
  again: (given, tx, now) => again(given, tx, now, null, (owing, account, id) => owing.delete(account, id)),
  refused: () => ({ code: 'delete-refused', values: {} }),
  shown: (given, about) => ({ code: 'delete', values: { count: countOf(given, about) } }),
}

const flagCodes: Readonly<Record<FlagField, readonly [off: string, on: string]>> = { seen: ['unread', 'read'], flagged: ['unflag', 'flag'], answered: ['unanswered', 'answered'] }

export const setFlags: TaskKind<Flag> = {
  ...common,
  name: 'set-flags',
  parse: (payload) => Flag.parse(payload),
  together: ({ field, value }) => `${field} ${String(value)}`,
  run: (given, run) => {
    const { field, value } = given[0]?.payload ?? { field: 'seen', value: true }
    return tell(given, run, 'set-flags', { field, value }, field === 'flagged', (folderRemoteId, remoteIds) => ({
      kind: 'set-flags', folderRemoteId, remoteIds, add: value ? [field] : [], remove: value ? [] : [field],
    }))
  },
  again: (given, tx, now) => again(given, tx, now, null, (owing, account, id) => owing.flag(account, id, given.payload.field, given.payload.value)),
  refused: () => ({ code: 'flags-refused', values: {} }),
  shown: (given, about) => ({ code: flagCodes[given.payload.field][given.payload.value ? 1 : 0], values: { count: countOf(given, about) } }),
}

export const setKeywords: TaskKind<Keywords> = {
  ...common,
  name: 'set-keywords',
  parse: (payload) => Keywords.parse(payload),
  together: ({ add, remove }) => JSON.stringify([add, remove]),
  run: (given, run) => {
    const { add, remove } = given[0]?.payload ?? { add: [], remove: [] }
    return tell(given, run, 'set-keywords', { add, remove }, false, (folderRemoteId, remoteIds) => ({ kind: 'set-keywords', folderRemoteId, remoteIds, add, remove }))
  },
  again: (given, tx, now) => again(given, tx, now, null, (owing, account, id) => owing.keywords(account, id, given.payload.add, given.payload.remove)),
  refused: () => ({ code: 'keywords-refused', values: {} }),
  shown: (given, about): Said => {
    const count = countOf(given, about)
    const { add, remove } = given.payload
    if (add.join(' ') === forwardedKeyword && remove.length === 0) return { code: 'forwarded', values: { count } }
    return { code: 'keywords', values: { count, keywords: [...add, ...remove].join(' ') } }
  },
}

/** A folder is gone, or never came to be: what was put there and not yet sent goes back to where it was, and the person
 *  reads of it. Call it before the folder's row is deleted. */
export function takeBackFrom(tx: Tx, account: AccountId, folder: FolderId, now: number): void {
  for (const task of tasksInto(tx, account, folder)) {
    if (task.kind === moveMessages.name) takeBackInto(tx, task.id, account, task.kind, Move.parse(task.payload), now)
    else if (task.kind === copyMessages.name) takeBackInto(tx, task.id, account, task.kind, Copy.parse(task.payload), now)
  }
  noteFolderGone(tx, folder)
}
