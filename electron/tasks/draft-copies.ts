// Keeps a copy of each draft in its account's Drafts folder, so that another computer or a telephone finds it. The draft
// here is the draft; what is on the server follows it some time after the last keystroke, and goes when it is sent or
// discarded. What is owed is read from the drafts themselves, so a restart forgets nothing.
// The promise: one copy, however often this is cut off. A copy is noted before it is put there and looked for by its own
// Message-ID before another is; the new one is there before the old one goes. What somebody else wrote under the same
// Message-ID is never deleted before it is kept as a version.
import { createHash } from 'node:crypto'
import type { Db } from '../../db/handles.ts'
import { copiesOfDraft, draftsToCopy, draftsToRemove, forgetCopy, insertCopy, noteCopied, placeCopy, settleCopies, type DraftCopy } from '../../db/queries/draft-copies.ts'
import { draftBasis, getDraft } from '../../db/queries/drafts.ts'
import { noteExpunged, syncFolders } from '../../db/queries/folders.ts'
import { removePlacements } from '../../db/queries/messages.ts'
import type { Draft } from '../../shared/model/draft.ts'
import { failureOf, MailFailure } from '../../shared/model/failure.ts'
import type { AccountId, DraftId } from '../../shared/model/ids.ts'
import type { Mailbox } from '../mail/mailbox.ts'

/** A copy is made so long after the last change, milliseconds. */
export const copyAfterMs = 25_000
const retryMs = 60_000
const longestTimerMs = 10 * 60_000

export type DraftCopiesOptions = {
  readonly db: Db
  readonly clock: { readonly now: () => number; readonly after: (ms: number, run: () => void) => () => void }
  readonly mailboxOf: (account: AccountId) => Mailbox | null
  readonly build: (draft: Draft, headerMessageId: string) => Promise<Uint8Array>
  /** The part of a Message-ID after the @ for a draft. */
  readonly idDomain: (draft: Draft) => string
  /** Keeps what another program made of a copy as a version of the draft; false when it cannot be read. */
  readonly keepForeign: (draft: DraftId, source: Uint8Array) => Promise<boolean>
  /** The Drafts folder of the account changed on the server. */
  readonly onChanged: (account: AccountId) => void
}

export type DraftCopies = {
  /** Makes and removes at once what is owed and may be reached, without waiting for a pause in the writing. */
  readonly flush: () => Promise<void>
  readonly wake: () => void
  readonly close: () => Promise<void>
}

export function openDraftCopies(options: DraftCopiesOptions): DraftCopies {
  const { db, clock } = options
  const ended = new AbortController()
  /** Accounts that could not be reached, and until when they are left alone. */
  const resting = new Map<AccountId, number>()
  let cancelTimer: (() => void) | null = null
  let running: Promise<void> = Promise.resolve()

  const guarded = async (account: AccountId, work: (mailbox: Mailbox) => Promise<void>): Promise<void> => {
    if ((resting.get(account) ?? 0) > clock.now() || ended.signal.aborted) return
    const mailbox = options.mailboxOf(account)
    if (!mailbox) {
      resting.set(account, clock.now() + retryMs)
      return
    }
    try {
      await work(mailbox)
    } catch (error) {
      const failure = failureOf(error)
      if (failure.code === 'stopped') return
      if (failure.kind === 'bug') console.error(failure.stack)
      resting.set(account, clock.now() + (failure.retryAfterMs ?? retryMs))
    }
  }

  const round = async (before: number): Promise<void> => {
    for (const { name, accountId } of draftsToRemove(db)) {
      await guarded(accountId, async (mailbox) => {
        for (const copy of copiesOfDraft(db, name)) await removeCopy(mailbox, copy, null)
        options.onChanged(accountId)
      })
    }
    for (const { id, accountId, updatedAt } of draftsToCopy(db)) {
      if (updatedAt > before) continue
      await guarded(accountId, (mailbox) => copyDraft(mailbox, id))
    }
  }

  const copyDraft = async (mailbox: Mailbox, id: DraftId): Promise<void> => {
    const draft = getDraft(db, id)
    const basis = draftBasis(db, id)
    const folder = draft ? syncFolders(db, draft.accountId).find((one) => one.special === 'drafts' && one.selectable) : undefined
    if (!draft || !basis) return
    if (!folder) {
      // A mailbox without a Drafts folder may be given one.
      resting.set(draft.accountId, clock.now() + longestTimerMs)
      return
    }
    const known = copiesOfDraft(db, basis.name)
    const headerMessageId = `${basis.name}.${String(draft.version)}@${options.idDomain(draft)}`
    const current = known.find((copy) => copy.headerMessageId === headerMessageId && copy.folderRemoteId === folder.remoteId)
    // Put there by a run that was cut off before it could say so.
    if (!current || (current.remoteId === null && (await findCopy(mailbox, current)) === null)) {
      const raw = await options.build(draft, headerMessageId)
      const noted = db.write('note a copy to be made', (tx) => {
        if (current) forgetCopy(tx, current.id)
        return insertCopy(tx, { accountId: draft.accountId, draftName: basis.name, version: draft.version, folderRemoteId: folder.remoteId, headerMessageId, remoteId: null, hash: hashOf(raw) })
      })
      try {
        const remoteId = await mailbox.append(folder.remoteId, raw, { flags: ['draft', 'seen'], at: clock.now() }, ended.signal)
        db.write('note a copy', (tx) => {
          placeCopy(tx, noted, remoteId)
        })
      } catch (error) {
        // A server that will not have this one is not asked again until something else was written.
        if (failureOf(error).kind !== 'rejected') throw error
        db.write('give a copy up', (tx) => {
          forgetCopy(tx, noted)
          settleCopies(tx, id, draft.version)
        })
        return
      }
    }
    for (const copy of known) if (copy.headerMessageId !== headerMessageId || copy.folderRemoteId !== folder.remoteId) await removeCopy(mailbox, copy, id)
    // Last: until then the draft counts as changed since its copy, and what is kept of another's edit stays below it.
    db.write('note a draft as copied', (tx) => {
      noteCopied(tx, id, draft.version)
    })
    options.onChanged(draft.accountId)
  }

  /** The remote id of a copy whose place was not told, found and noted; null when it is not there. */
  const findCopy = async (mailbox: Mailbox, copy: DraftCopy): Promise<string | null> => {
    const [found] = await mailbox.findByMessageId(copy.folderRemoteId, copy.headerMessageId, ended.signal)
    if (found === undefined) return null
    db.write('note a copy that was found', (tx) => {
      placeCopy(tx, copy.id, found)
    })
    return found
  }

  /** Removes a copy, and what may have been doubled. `draft` null: the draft is gone, there is nothing to keep edits in. */
  const removeCopy = async (mailbox: Mailbox, copy: DraftCopy, draft: DraftId | null): Promise<void> => {
    let removed: readonly string[] = []
    try {
      const found = copy.headerMessageId === '' ? [copy.remoteId ?? ''] : await mailbox.findByMessageId(copy.folderRemoteId, copy.headerMessageId, ended.signal)
      const ours: string[] = []
      for (const remoteId of found) {
        if (remoteId === copy.remoteId || (await isUnchanged(mailbox, copy, remoteId))) ours.push(remoteId)
        // Written by somebody else: it goes only when it is kept here.
        else if (draft !== null && (await options.keepForeign(draft, await mailbox.fetchRaw(copy.folderRemoteId, remoteId, ended.signal)))) ours.push(remoteId)
      }
      if (ours.length > 0) await mailbox.apply({ kind: 'delete', folderRemoteId: copy.folderRemoteId, remoteIds: ours }, ended.signal)
      removed = ours
    } catch (error) {
      // Gone already, the folder perhaps with it, or not ours to delete.
      const { kind } = failureOf(error)
      if (kind !== 'gone' && kind !== 'rejected') throw error
    }
    db.write('forget a copy', (tx) => {
      forgetCopy(tx, copy.id)
      // It goes from the lists here at once; the next look at the folder finds the same.
      const folder = removed.length === 0 ? undefined : syncFolders(tx, copy.accountId).find((one) => one.remoteId === copy.folderRemoteId)
      if (folder) noteExpunged(tx, folder.id, removePlacements(tx, folder.id, removed, clock.now()))
    })
  }

  const isUnchanged = async (mailbox: Mailbox, copy: DraftCopy, remoteId: string): Promise<boolean> => {
    if (copy.hash === null) return false
    const there = await mailbox.fetchRaw(copy.folderRemoteId, remoteId, ended.signal)
    return Buffer.compare(hashOf(there), copy.hash) === 0
  }

  const run = (before: number): Promise<void> => {
    running = running.then(() => (ended.signal.aborted ? undefined : round(before))).catch((error: unknown) => {
      if (!ended.signal.aborted) console.error(error)
    })
    return running
  }

  /** One timer for the first thing due. */
  const arm = (): void => {
    cancelTimer?.()
    cancelTimer = null
    if (ended.signal.aborted) return
    const dues = [
      ...draftsToRemove(db).map((one) => resting.get(one.accountId) ?? 0),
      ...draftsToCopy(db).map((one) => Math.max(one.updatedAt + copyAfterMs, resting.get(one.accountId) ?? 0)),
    ]
    if (dues.length === 0) return
    const wait = Math.min(longestTimerMs, Math.max(1_000, Math.min(...dues) - clock.now()))
    cancelTimer = clock.after(wait, () => {
      cancelTimer = null
      void run(clock.now() - copyAfterMs).then(arm)
    })
  }

  const stop = db.onChange((changes) => {
    if (changes.topics.has('drafts') || changes.accounts) arm()
  })
  arm()

  return {
    async flush() {
      await run(Number.POSITIVE_INFINITY)
      arm()
    },
    wake() {
      resting.clear()
      arm()
    },
    async close() {
      stop()
      cancelTimer?.()
      ended.abort(new MailFailure('offline', 'stopped'))
      await running
    },
  }
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest()
}
