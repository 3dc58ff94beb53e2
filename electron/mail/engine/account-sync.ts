// Keeps one account equal to its server. One loop, one background connection: list folders, pull what changed newest
// first, then texts, then attachments as far as the keep policy says, then wait for a hint, a timer or a wake-up.
// It decides when to try again and what to tell the person; the provider only says what kind of failure it met.
// It never changes anything on the server.
import { MailFailure, failureOf } from '../../../shared/model/failure.ts'
import type { Account, AccountState, SyncStep } from '../../../shared/model/account.ts'
import type { AccountId, FolderId, MessageId } from '../../../shared/model/ids.ts'
import type { Db, Tx } from '../../../db/handles.ts'
import { noteSuccess, lastSuccessOf } from '../../../db/queries/accounts.ts'
import { allProved, deleteFolderRow, listedCounts, mirrorFolders, noteUnchanged, syncFolder, syncFolders, type SyncFolder } from '../../../db/queries/folders.ts'
import { clearFolder, countWithoutBody, purgeOrphans } from '../../../db/queries/messages.ts'
import { countTasks } from '../../../db/queries/tasks.ts'
import type { Mailbox } from '../mailbox.ts'
import { retryDelay } from './backoff.ts'
import { fillBodies, fillSources } from './fill-bodies.ts'
import { keepFrom } from './keep-policy.ts'
import { compareFolder } from './compare-folder.ts'
import type { OnReport, OnStored, Parser, SyncClock } from './given.ts'
import { Progress } from './progress.ts'
import { pullFolder } from './pull-folder.ts'

/** How often all folders are asked for changes while nothing hints at any, milliseconds. */
const sweepEveryMs = 45_000
/** How long after our own tasks changed a folder its list is compared, milliseconds. */
const ownAfterMs = 1_500
/** A step that shows no progress for this long is taken for a dead connection. */
const stallMs = 3 * 60_000
/** Messages without a folder are kept this long: a move by another client is first seen as a removal. */
const orphanMs = 60 * 60_000
/** States are told at most this often, milliseconds. */
const tellEveryMs = 150

export type SyncContext = {
  readonly db: Db
  readonly clock: SyncClock
  readonly parser: Parser
  readonly random: () => number
  readonly onState: (state: AccountState) => void
  /** New mail of a folder that had been listed before, for notifications. */
  readonly onArrived: (folder: FolderId, messages: readonly MessageId[]) => void
  /** Runs what is owed to the server, if anything. `look` lists a folder; gives when the rest may be tried and which folders changed. */
  readonly settleTasks: (account: Account, mailbox: Mailbox, signal: AbortSignal, look: (folder: FolderId) => Promise<void>) => Promise<{ readonly again: number | null; readonly touched: readonly FolderId[] }>
  readonly onStored?: OnStored | undefined
  /** A report on the delivery of a message sent before. */
  readonly onReport?: OnReport
  /** Runs before a folder is forgotten that the server no longer has. */
  readonly onFolderGone?: (tx: Tx, account: AccountId, folder: FolderId) => void
}

export type AccountSync = {
  readonly state: () => AccountState
  /** Ends any waiting: after a failure it tries at once, otherwise it sweeps all folders. */
  readonly nudge: (why: 'sync' | 'tasks' | 'wake') => void
  /** Compares every folder's full set of ids with the server's and mends what differs. */
  readonly check: (signal: AbortSignal) => Promise<void>
  readonly mailbox: Mailbox
  readonly stop: () => Promise<void>
}

export function startAccountSync(account: Account, mailbox: Mailbox, context: SyncContext): AccountSync {
  const { db, clock, parser } = context
  const ended = new AbortController()
  const progress = new Progress()
  let step: SyncStep = 'connecting'
  let folderName: string | null = null
  let failure: MailFailure | null = null
  let retryAt: number | null = null
  let connected = false
  let lastSuccessAt = lastSuccessOf(db, account.id)
  let everSwept = false

  /** Folders a watch hinted at. */
  const hinted = new Set<string>()
  /** All folders are to be looked at now. */
  let sweepWanted = false
  let tasksWaiting = true
  /** When the first task left over may be tried. */
  let tasksAt: number | null = null
  /** Folders our own tasks changed, looked at a moment later, all together. */
  const own = new Set<FolderId>()
  let ownAt: number | null = null
  let wakeUp: (() => void) | null = null
  let checks: { signal: AbortSignal; done: () => void; failed: (error: unknown) => void }[] = []

  const state = (): AccountState => ({
    accountId: account.id,
    step,
    folderName,
    done: progress.done,
    total: progress.total,
    leftMs: progress.leftMs(),
    lastSuccessAt,
    failure: failure?.toData() ?? null,
    retryAt,
    connected,
    upToDate:
      step === 'idle' && failure === null && everSwept && allProved(db, account.id) && countWithoutBody(db, account.id, keepFrom(account.keep.bodies, clock.now())) === 0 &&
      countTasks(db, account.id) === 0,
  })

  let cancelTell: (() => void) | null = null
  const tell = (now = false): void => {
    if (now) {
      cancelTell?.()
      cancelTell = null
      context.onState(state())
    } else {
      cancelTell ??= clock.after(tellEveryMs, () => {
        cancelTell = null
        context.onState(state())
      })
    }
  }
  const enter = (next: SyncStep, folder: SyncFolder | null = null): void => {
    if (step !== next) progress.begin(0, clock.now())
    step = next
    folderName = folder?.name ?? null
    tell()
  }

  // A watchdog over the steps that talk to the server: every sign of life pushes it back.
  let round = new AbortController()
  let cancelStall: (() => void) | null = null
  const alive = (): void => {
    cancelStall?.()
    cancelStall = clock.after(stallMs, () => round.abort(new MailFailure('offline', 'stalled')))
  }

  const wait = async (ms: number | null): Promise<void> => {
    if (ended.signal.aborted) return
    await new Promise<void>((resolve) => {
      const cancel = ms === null ? null : clock.after(ms, () => wakeUp?.())
      wakeUp = () => {
        wakeUp = null
        cancel?.()
        resolve()
      }
    })
  }

  const pull = async (folder: SyncFolder, mark: string | null, signal: AbortSignal): Promise<void> => {
    enter('listing', folder)
    const listed = listedCounts(db, account.id)
    progress.to(listed.here, Math.max(listed.server, listed.here), clock.now())
    const arrived = await pullFolder({ db, account, mailbox, folder, mark, parser, clock, signal, onStored: context.onStored }, (page) => {
      alive()
      const counts = listedCounts(db, account.id)
      progress.to(counts.here, counts.server, clock.now())
      // Mail that came in meanwhile is not made to wait for a long listing.
      if (page.created > 0) tell()
    })
    if (arrived.length > 0) context.onArrived(folder.id, arrived)
  }

  const refreshTree = async (signal: AbortSignal): Promise<Map<string, { mark: string; total: number } | null>> => {
    const listed = await mailbox.listFolders(signal)
    alive()
    const gone = db.write('mirror folders', (tx) => mirrorFolders(tx, account.id, listed))
    for (const id of gone) {
      db.write('take back what was put into a folder that is gone', (tx) => context.onFolderGone?.(tx, account.id, id))
      while (db.write('clear a folder that is gone', (tx) => clearFolder(tx, id, clock.now(), 100)) > 0) signal.throwIfAborted()
      db.write('forget a folder that is gone', (tx) => deleteFolderRow(tx, id))
    }
    return new Map(listed.map((one) => [one.remoteId, one.status]))
  }

  const hasEnded = (): boolean => ended.signal.aborted
  const calledOff = (check: { signal: AbortSignal }): boolean => check.signal.aborted
  const interrupted = (): boolean => hinted.size > 0 || sweepWanted || tasksWaiting || checks.length > 0

  const bodies = async (signal: AbortSignal, atMost?: number): Promise<void> => {
    const from = keepFrom(account.keep.bodies, clock.now())
    let total = countWithoutBody(db, account.id, from)
    if (total === 0) return
    enter('bodies')
    let done = 0
    progress.to(0, total, clock.now())
    await fillBodies({ db, account, mailbox, parser, onReport: context.onReport, clock, signal, notBefore: from, atMost }, {
      onStored: (count) => {
        alive()
        done += count
        if (done > total) total = done + countWithoutBody(db, account.id, from)
        progress.to(done, total, clock.now())
        tell()
      },
      // New mail goes before old texts.
      interrupt: () => atMost === undefined && interrupted(),
    })
  }

  /** All folders: those whose mark moved are pulled, the inbox first and its newest texts before the other folders. */
  const sweep = async (signal: AbortSignal): Promise<void> => {
    enter('folders')
    const statuses = await refreshTree(signal)
    connected = true
    for (const folder of syncFolders(db, account.id)) {
      if (!folder.selectable) continue
      await urgent(signal)
      const status = statuses.get(folder.remoteId)
      if (status && folder.mark === status.mark && folder.toFetch === 0 && folder.held === status.total) {
        if (folder.serverTotal !== status.total || !everSwept) db.write('note an unchanged folder', (tx) => noteUnchanged(tx, folder.id, status.total, clock.now()))
        continue
      }
      await pullOrForget(folder, status?.mark ?? null, signal)
      if (folder.special === 'inbox') await bodies(signal, 200)
    }
    everSwept = true
  }

  const pullOrForget = async (folder: SyncFolder, mark: string | null, signal: AbortSignal): Promise<void> => {
    try {
      await pull(folder, mark, signal)
    } catch (error) {
      const met = failureOf(error)
      // A folder deleted or closed to us meanwhile is the next listing's business, not the account's failure.
      if (met.kind !== 'gone' && met.kind !== 'rejected') throw error
    }
  }

  const lookAt = async (id: FolderId, signal: AbortSignal): Promise<void> => {
    const folder = syncFolder(db, id)
    if (folder?.selectable) await pullOrForget(folder, null, signal)
  }

  /** What must not wait for a long job: folders a watch hinted at, and what is owed to the server. */
  const urgent = async (signal: AbortSignal): Promise<void> => {
    if (tasksWaiting || (tasksAt !== null && clock.now() >= tasksAt)) {
      tasksWaiting = false
      tasksAt = null
      const { again, touched } = await context.settleTasks(account, mailbox, signal, (id) => lookAt(id, signal))
      tasksAt = again
      for (const id of touched) own.add(id)
      if (own.size > 0) ownAt ??= clock.now() + ownAfterMs
      alive()
      tell()
    }
    if (ownAt !== null && clock.now() >= ownAt) {
      const ids = [...own]
      own.clear()
      ownAt = null
      for (const id of ids) await lookAt(id, signal)
    }
    if (hinted.size > 0) {
      const names = [...hinted]
      hinted.clear()
      for (const folder of syncFolders(db, account.id)) {
        if (names.includes(folder.remoteId)) await pullOrForget(folder, null, signal)
      }
      await bodies(signal, 50)
      // What left one folder may have come into another.
      sweepWanted = true
    }
  }

  const runChecks = async (signal: AbortSignal): Promise<void> => {
    while (checks.length > 0) {
      const [check, ...rest] = checks
      checks = rest
      if (!check) return
      if (calledOff(check)) {
        check.done()
        continue
      }
      try {
        const all = syncFolders(db, account.id).filter((folder) => folder.selectable)
        enter('checking')
        for (const [index, folder] of all.entries()) {
          if (calledOff(check)) break
          step = 'checking'
          folderName = folder.name
          progress.to(index, all.length, clock.now())
          tell()
          await compareFolder({ db, account, mailbox, folder, mark: null, parser, clock, signal, onStored: context.onStored }, alive)
        }
        check.done()
      } catch (error) {
        check.failed(error)
        throw error
      }
    }
  }

  let watching: Promise<void> | null = null
  const keepWatching = (): void => {
    if (watching || ended.signal.aborted) return
    const inbox = syncFolders(db, account.id).find((folder) => folder.special === 'inbox')
    if (!inbox) return
    watching = mailbox
      .watch(inbox.remoteId, (hint) => {
        if (hint.folderRemoteId === null) sweepWanted = true
        else hinted.add(hint.folderRemoteId)
        wakeUp?.()
      }, ended.signal)
      .catch((error: unknown) => {
        // The loop finds out by itself whether the server can be reached; a lost watch only makes it look.
        if (!ended.signal.aborted && failureOf(error).kind !== 'auth') {
          clock.after(1000 + 2000 * context.random(), () => {
            sweepWanted = true
            wakeUp?.()
          })
        }
      })
      .finally(() => {
        watching = null
      })
  }

  const loop = async (): Promise<void> => {
    let attempt = 0
    let sweepAt = 0
    while (!ended.signal.aborted) {
      round = new AbortController()
      const signal = AbortSignal.any([ended.signal, round.signal])
      try {
        if (!connected) enter('connecting')
        alive()
        await urgent(signal)
        if (clock.now() >= sweepAt || sweepWanted) {
          sweepWanted = false
          await sweep(signal)
          sweepAt = clock.now() + sweepEveryMs
        }
        keepWatching()
        await runChecks(signal)
        await bodies(signal)
        if (!interrupted()) {
          enter('attachments')
          await fillSources({ db, account, mailbox, parser, onReport: context.onReport, clock, signal, notBefore: keepFrom(account.keep.attachments, clock.now()) }, {
            onStored: alive,
            interrupt: interrupted,
          })
        }
        db.write('purge messages without a folder', (tx) => purgeOrphans(tx, clock.now() - orphanMs, 50))
        attempt = 0
        failure = null
        retryAt = null
        if (interrupted()) continue
        lastSuccessAt = clock.now()
        db.write('note a success', (tx) => noteSuccess(tx, account.id, clock.now()))
        enter('idle')
        tell(true)
        cancelStall?.()
        await wait(Math.max(0, Math.min(sweepAt, tasksAt ?? sweepAt, ownAt ?? sweepAt) - clock.now()))
      } catch (error) {
        cancelStall?.()
        if (hasEnded()) break
        failure = failureOf(round.signal.aborted ? round.signal.reason : error)
        connected = false
        attempt++
        for (const check of checks) check.failed(failure)
        checks = []
        const delay = retryDelay(failure, attempt, context.random())
        retryAt = delay === null ? null : clock.now() + delay
        enter('waiting')
        tell(true)
        sweepAt = 0
        tasksWaiting = true
        await wait(delay)
      }
    }
  }

  const running = loop()

  return {
    state,
    mailbox,
    nudge(why) {
      if (why === 'tasks') tasksWaiting = true
      else sweepWanted = true
      // With a refused password only the person can help; trying again would lock some mailboxes.
      if (failure?.kind === 'auth' && why !== 'sync') return
      wakeUp?.()
    },
    check(signal) {
      return new Promise((done, failed) => {
        if (failure) {
          failed(failure)
          return
        }
        checks.push({ signal, done, failed })
        wakeUp?.()
      })
    },
    async stop() {
      ended.abort(new MailFailure('offline', 'stopped'))
      cancelTell?.()
      cancelStall?.()
      wakeUp?.()
      for (const check of checks) check.failed(new MailFailure('offline', 'stopped'))
      await running
      await watching
      await mailbox.close()
    },
  }
}
