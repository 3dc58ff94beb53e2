// Acting on mail that is here: archive, trash, move, flags, spam, mute, snooze, lanes, and taking any of it back.
// Every action writes its local half, the tasks that tell the server, and the journal of how to take it back in the same
// transaction. Large targets go in slices that each fit into a frame and together are one step. Taking back undoes what
// was not sent and asks the server for the opposite of what was.
import { z } from 'zod'
import type { Db, Tx } from '../../db/handles.ts'
import { createLocalFolder, getFolder } from '../../db/queries/folders.ts'
import { scopesOf, senderOfThread, setLaneRule } from '../../db/queries/lanes.ts'
import { getPlacement, placementsIn, undelete } from '../../db/queries/owed.ts'
import { searchThreads } from '../../db/queries/search.ts'
import { isMuted, noteOpened, setMuted, setSnooze, snoozeOf, type Snooze } from '../../db/queries/snoozes.ts'
import {
  accountOfThread, isView, namedFolder, placedOfMessage, placedOfThread, shownIn, snoozedThreads, specialFolder, threadOfMessage, threadsOfList, type Placed,
} from '../../db/queries/targets.ts'
import { insertTask } from '../../db/queries/tasks.ts'
import { foldersOf } from '../../db/queries/threads.ts'
import { countUndoItems, deleteStep, deleteUndoItem, growStep, insertStep, insertUndoItem, lastUndoItems, listSteps, trimSteps } from '../../db/queries/undo-steps.ts'
import type { ThreadSource } from '../../shared/api/lists.ts'
import type { TriageTarget } from '../../shared/api/triage.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import { FolderId, MessageId, PlacementId, type AccountId, type ThreadId, type UndoId } from '../../shared/model/ids.ts'
import { Lane, LaneRuleKind } from '../../shared/model/lane.ts'
import { parseSearch } from '../../shared/model/search-query.ts'
import { stepCodeOf } from '../../shared/model/triage.ts'
import type { TriageAction, TriageDone, UndoStep } from '../../shared/model/triage.ts'
import { paced } from '../mail/engine/paced.ts'
import { createFolder } from './change-folder.ts'
import { settleLanes } from './lane-keeper.ts'
import { Owing } from './message-tasks.ts'

/** Threads of a list or a search gathered at a time. */
const gatheredAtOnce = 1000
/** Items of a slice, whatever its time: each also has its thread's summary computed again before the commit. */
const sliceAtMost = 30

const SnoozeState = z.object({ until: z.number(), setAt: z.number(), returnedAt: z.number().nullable(), opened: z.boolean() })

/** One thing done, with all it takes to undo exactly that. */
const UndoItem = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('moved'), placement: PlacementId, message: MessageId, from: FolderId, to: FolderId }),
  z.object({ kind: z.literal('copied'), placement: PlacementId, message: MessageId, to: FolderId }),
  z.object({ kind: z.literal('deleted'), owed: z.number() }),
  z.object({ kind: z.literal('flagged'), placement: PlacementId, message: MessageId, field: z.enum(['seen', 'flagged']), before: z.boolean() }),
  z.object({ kind: z.literal('keywords'), placement: PlacementId, message: MessageId, added: z.array(z.string()), removed: z.array(z.string()) }),
  z.object({ kind: z.literal('muted'), message: MessageId, before: z.boolean() }),
  z.object({ kind: z.literal('snoozed'), message: MessageId, before: SnoozeState.nullable() }),
  z.object({ kind: z.literal('rule'), scope: LaneRuleKind, value: z.string(), before: Lane.nullable() }),
])
type UndoItem = z.infer<typeof UndoItem>

type Slice = {
  readonly tx: Tx
  readonly owing: Owing
  readonly note: (account: AccountId | null, item: UndoItem) => void
}

/** What one item of a target is: a conversation seen in a list, or one message. */
type Item = { readonly thread: ThreadId; readonly source: ThreadSource | null } | { readonly message: MessageId }

/** How a long one is followed and stopped. */
type Watch = { readonly signal?: AbortSignal | undefined; readonly onProgress?: (done: number, total: number) => void }

export type Triage = {
  readonly act: (target: TriageTarget, action: TriageAction, watch?: Watch) => Promise<TriageDone>
  readonly count: (target: TriageTarget) => Promise<{ threads: number; messages: number }>
  /** Stopped in between, what was not taken back yet stays a step. */
  readonly undo: (id: UndoId, watch?: Watch) => Promise<void>
  readonly steps: () => UndoStep[]
  /** Makes rules from the threads' senders and has all their mail change lane. */
  readonly setLane: (threads: readonly ThreadId[], lane: Lane, scope: LaneRuleKind) => Promise<UndoId | null>
}

export function openTriage({ db, now }: { readonly db: Db; readonly now: () => number }): Triage {
  const gather = async (target: TriageTarget): Promise<Item[]> => {
    if ('messages' in target) return target.messages.map((message) => ({ message }))
    if ('threads' in target) return target.threads.map((thread) => ({ thread, source: target.source }))
    const threads = new Set<ThreadId>()
    if ('query' in target) {
      const query = parseSearch(target.query, now(), false)
      for (let after: string | null = null; ; ) {
        const page = searchThreads(db, query, target.source, after, gatheredAtOnce)
        for (const id of page.threads) threads.add(id)
        after = page.next
        if (after === null) break
        await new Promise(setImmediate)
      }
      return [...threads].map((thread) => ({ thread, source: target.source }))
    }
    const { list, filter, lane } = target
    if (list === 'snoozed') return snoozedThreads(db, filter, lane).map((thread) => ({ thread, source: list }))
    for (const folder of foldersOf(db, list)) {
      for (let last: { rank: number; id: ThreadId } | null = null; ; ) {
        const page: { rank: number; id: ThreadId }[] = threadsOfList(db, folder, filter, lane, last, gatheredAtOnce)
        for (const { id } of page) threads.add(id)
        last = page.at(-1) ?? null
        if (page.length < gatheredAtOnce) break
        await new Promise(setImmediate)
      }
    }
    return [...threads].map((thread) => ({ thread, source: list }))
  }

  return {
    async act(target, action, { signal, onProgress } = {}) {
      const items = await gather(target)
      const touched = { step: null as UndoId | null, threads: new Set<ThreadId>(), messages: new Set<MessageId>() }
      await paced(items.length, (from, more) => {
        if (signal?.aborted) return items.length
        let at = from
        db.write(`triage ${action.type}`, (tx) => {
          if (from === 0) trimSteps(tx)
          const notes: { account: AccountId | null; item: UndoItem }[] = []
          const slice: Slice = { tx, owing: new Owing(tx, now()), note: (account, item) => void notes.push({ account, item }) }
          const before = { threads: touched.threads.size, messages: touched.messages.size }
          do {
            const item = items[at]
            if (item) actOn(slice, item, action, now(), touched)
          } while (++at < items.length && at - from < sliceAtMost && more())
          if (notes.length === 0) return
          touched.step ??= insertStep(tx, stepCodeOf(action), now())
          for (const { account, item } of notes) insertUndoItem(tx, touched.step, account, item)
          growStep(tx, touched.step, touched.threads.size - before.threads, touched.messages.size - before.messages)
        })
        onProgress?.(at, items.length)
        return at
      })
      return { undoId: touched.step, threads: touched.threads.size, messages: touched.messages.size }
    },

    async count(target) {
      const items = await gather(target)
      const threads = new Set<ThreadId>()
      const messages = new Set<MessageId>()
      await paced(items.length, (from, more) => {
        let at = from
        do {
          const item = items[at]
          for (const one of item ? placedOf(db, item) : []) {
            threads.add(one.threadId)
            messages.add(one.messageId)
          }
        } while (++at < items.length && more())
        return at
      })
      return { threads: threads.size, messages: messages.size }
    },

    async undo(id, { signal, onProgress } = {}) {
      const total = countUndoItems(db, id)
      let changed = 0
      let found = 0
      for (;;) {
        if (signal?.aborted) return settleLanes(db)
        const items = lastUndoItems(db, id, sliceAtMost)
        if (items.length === 0) break
        found += items.length
        await paced(items.length, (from, more) => {
          let at = from
          db.write('undo', (tx) => {
            const owing = new Owing(tx, now())
            do {
              const item = items[at]
              if (!item) continue
              if (takeBack(tx, owing, UndoItem.parse(item.data), now())) changed++
              deleteUndoItem(tx, item.id)
            } while (++at < items.length && more())
          })
          return at
        })
        onProgress?.(found, total)
      }
      db.write('forget a step', (tx) => {
        deleteStep(tx, id)
      })
      await settleLanes(db)
      if (found === 0 || changed === 0) throw new MailFailure('rejected', 'undo-too-late')
    },

    steps: () => listSteps(db),

    async setLane(threads, lane, scope) {
      const step = db.write('set lanes', (tx) => {
        const senders = new Map<string, ThreadId>()
        for (const thread of threads) {
          const sender = senderOfThread(tx, thread)
          const value = sender ? scopesOf(sender)[scope] : null
          if (value !== null) senders.set(value, thread)
        }
        const notes: UndoItem[] = []
        for (const value of senders.keys()) {
          const before = setLaneRule(tx, scope, value, lane, now())
          if (before !== lane) notes.push({ kind: 'rule', scope, value, before })
        }
        if (notes.length === 0) return null
        const id = insertStep(tx, 'lane', now())
        for (const item of notes) insertUndoItem(tx, id, null, item)
        growStep(tx, id, threads.length, 0)
        return id
      })
      await settleLanes(db)
      return step
    },
  }
}

function placedOf(db: Parameters<typeof placedOfThread>[0], item: Item): Placed[] {
  return 'message' in item ? placedOfMessage(db, item.message) : shownIn(db, placedOfThread(db, item.thread), item.source)
}

type Touched = { readonly threads: Set<ThreadId>; readonly messages: Set<MessageId> }

function actOn(slice: Slice, item: Item, action: TriageAction, now: number, touched: Touched): void {
  const { tx } = slice
  const did = (one: Placed): void => {
    touched.threads.add(one.threadId)
    touched.messages.add(one.messageId)
  }
  const placed = placedOf(tx, item)
  const thread = 'thread' in item ? item.thread : threadOfMessage(tx, item.message)
  if (thread === null) return
  // Whoever acts on what came back has seen it.
  noteOpened(tx, thread)
  const move = (one: Placed, to: FolderId | null): void => {
    if (to === null) return
    const from = slice.owing.move(one.accountId, one.id, to)
    if (from === null) return
    slice.note(one.accountId, { kind: 'moved', placement: one.id, message: one.messageId, from, to })
    did(one)
  }
  const wakeForGood = (): void => {
    const asleep = snoozeOf(tx, thread)
    if (asleep?.returnedAt !== null) return
    const message = placed[0]
    if (!message) return
    setSnooze(tx, thread, null)
    slice.note(message.accountId, { kind: 'snoozed', message: message.messageId, before: asleep })
  }
  switch (action.type) {
    case 'archive': {
      // From a search, or of one message: only what lies in an inbox is in the way.
      const lying = 'message' in item || item.source === null || item.source === 'snoozed' ? placed.filter((one) => one.special === 'inbox') : placed
      for (const one of lying) move(one, folderForUse(tx, one.accountId, 'archive', now))
      if (lying.length > 0) wakeForGood()
      break
    }
    case 'trash':
      for (const one of withoutViews(placed)) if (one.special !== 'trash') move(one, folderForUse(tx, one.accountId, 'trash', now))
      wakeForGood()
      break
    case 'move': {
      const target = getFolder(tx, action.folderId)
      if (!target?.selectable) throw new MailFailure('gone', 'folder-gone')
      for (const one of withoutViews(placed)) {
        if (one.accountId !== target.accountId) throw new MailFailure('rejected', 'folder-other-account')
        move(one, target.id)
      }
      if (target.special !== 'inbox') wakeForGood()
      break
    }
    case 'copy': {
      const target = getFolder(tx, action.folderId)
      if (!target?.selectable) throw new MailFailure('gone', 'folder-gone')
      for (const one of withoutViews(placed)) {
        if (one.accountId !== target.accountId) throw new MailFailure('rejected', 'folder-other-account')
        const copy = slice.owing.copy(one.accountId, one.id, target.id)
        if (copy === null) continue
        slice.note(one.accountId, { kind: 'copied', placement: copy, message: one.messageId, to: target.id })
        did(one)
      }
      break
    }
    case 'delete':
      wakeForGood()
      for (const one of withoutViews(placed)) {
        const owed = slice.owing.delete(one.accountId, one.id)
        if (owed !== null) slice.note(one.accountId, { kind: 'deleted', owed })
        did(one)
      }
      break
    case 'seen':
    case 'flag': {
      const field = action.type === 'seen' ? 'seen' : 'flagged'
      const value = action.type === 'seen' ? action.seen : action.flagged
      // Of a conversation, one message carries the star or the unread mark: the newest that came in.
      const newest = placed.findLast((one) => one.special !== 'sent' && one.special !== 'drafts') ?? placed.at(-1)
      const one = 'thread' in item && (action.type === 'flag' ? action.flagged : !action.seen)
      const messages = new Set(one ? (newest ? [newest.messageId] : []) : placed.map((each) => each.messageId))
      for (const message of messages) {
        for (const each of placedOfMessage(tx, message)) {
          if (!slice.owing.flag(each.accountId, each.id, field, value)) continue
          slice.note(each.accountId, { kind: 'flagged', placement: each.id, message, field, before: !value })
          did(each)
        }
      }
      break
    }
    case 'spam': {
      const [add, remove] = action.spam ? [['$Junk'], ['$NotJunk']] : [['$NotJunk'], ['$Junk']]
      for (const one of withoutViews(placed)) {
        if (action.spam === (one.special === 'junk')) continue
        const before = slice.owing.keywords(one.accountId, one.id, add, remove)
        if (before !== null) {
          const had = new Set(before.split(' '))
          slice.note(one.accountId, { kind: 'keywords', placement: one.id, message: one.messageId, added: add.filter((word) => !had.has(word)), removed: remove.filter((word) => had.has(word)) })
        }
        move(one, action.spam ? folderForUse(tx, one.accountId, 'junk', now) : specialFolder(tx, one.accountId, 'inbox'))
      }
      wakeForGood()
      break
    }
    case 'mute': {
      const before = isMuted(tx, thread)
      const [first] = placed
      if (before === action.muted || !first) break
      setMuted(tx, thread, action.muted)
      slice.note(accountOfThread(tx, thread), { kind: 'muted', message: first.messageId, before })
      did(first)
      // Muted means out of the way; unmuting brings nothing back by itself.
      if (action.muted) for (const one of placed.filter((each) => each.special === 'inbox')) move(one, folderForUse(tx, one.accountId, 'archive', now))
      break
    }
    case 'snooze': {
      const before = snoozeOf(tx, thread)
      const [first] = placed
      if (!first || (action.until === null && before?.returnedAt !== null)) break
      const after: Snooze | null =
        action.until !== null ? { until: action.until, setAt: now, returnedAt: action.until <= now ? now : null, opened: false } : before && { ...before, returnedAt: now, opened: true }
      setSnooze(tx, thread, after)
      slice.note(accountOfThread(tx, thread), { kind: 'snoozed', message: first.messageId, before })
      did(first)
      break
    }
  }
}

/** Without the placements in All Mail and the like, where a message has another. */
function withoutViews(placed: readonly Placed[]): Placed[] {
  return placed.filter((one) => !isView(one) || !placed.some((other) => other.messageId === one.messageId && !isView(other)))
}

const names = { archive: 'Archive', trash: 'Trash', junk: 'Junk' } as const

/** The account's folder for a use; made, here and by a task, where the server has none. */
export function folderForUse(tx: Tx, account: AccountId, use: 'archive' | 'trash' | 'junk', now: number): FolderId {
  const known = specialFolder(tx, account, use) ?? (use === 'archive' ? specialFolder(tx, account, 'all') : null) ?? namedFolder(tx, account, names[use])
  if (known !== null) return known
  const id = createLocalFolder(tx, account, null, names[use])
  insertTask(tx, account, createFolder.name, { folderId: id, place: { parentId: null, name: names[use] } }, now)
  return id
}

/** Takes one thing back. False when there is nothing left to take back: the message is gone or was moved on. */
function takeBack(tx: Tx, owing: Owing, item: UndoItem, now: number): boolean {
  switch (item.kind) {
    case 'moved': {
      const one = stillAt(tx, item.placement, item.message, item.to)
      const from = getFolder(tx, item.from)
      if (!one || !from) return false
      return owing.move(one.accountId, one.id, item.from) !== null
    }
    case 'copied': {
      const one = getPlacement(tx, item.placement)
      // Never the last one: the message it was copied from may have been moved onto it by another program.
      if (one?.messageId !== item.message || one.folderId !== item.to || placementsIn(tx, item.message, null).length < 2) return false
      owing.delete(one.accountId, one.id)
      return true
    }
    case 'deleted':
      return undelete(tx, item.owed)
    case 'flagged': {
      const known = getPlacement(tx, item.placement)
      const places = known?.messageId === item.message ? [known] : placementsIn(tx, item.message, null)
      return places.map((one) => owing.flag(one.accountId, one.id, item.field, item.before)).some(Boolean)
    }
    case 'keywords': {
      const known = getPlacement(tx, item.placement)
      const places = known?.messageId === item.message ? [known] : placementsIn(tx, item.message, null)
      return places.map((one) => owing.keywords(one.accountId, one.id, item.removed, item.added) !== null).some(Boolean)
    }
    case 'muted': {
      const thread = threadOfMessage(tx, item.message)
      if (thread === null) return false
      setMuted(tx, thread, item.before)
      return true
    }
    case 'snoozed': {
      const thread = threadOfMessage(tx, item.message)
      if (thread === null) return false
      setSnooze(tx, thread, item.before)
      return true
    }
    case 'rule':
      setLaneRule(tx, item.scope, item.value, item.before, now)
      return true
  }
}

/** The placement that was put into the folder, or the one that stands for the message there since. */
function stillAt(tx: Tx, id: PlacementId, message: MessageId, folder: FolderId): ReturnType<typeof getPlacement> {
  const known = getPlacement(tx, id)
  if (known?.messageId === message && known.folderId === folder) return known
  return placementsIn(tx, message, folder)[0] ?? null
}
