// One attempt at handing a mail to its server, and finding out what became of one that was not answered. Stored in this
// order: that the attempt begins, that its last bytes may leave (on the disk before they do), what the server said.
import { failureOf, MailFailure } from '../../shared/model/failure.ts'
import type { AccountId, DraftId, MessageId, OutgoingId } from '../../shared/model/ids.ts'
import type { Db, Tx } from '../../db/handles.ts'
import { syncFolders } from '../../db/queries/folders.ts'
import { changeOutgoing, getOwed, markRecipients, type Change, type OwedMail } from '../../db/queries/outgoing.ts'
import { retryDelay } from '../mail/engine/backoff.ts'
import type { SyncClock } from '../mail/engine/given.ts'
import type { Mailbox, Submitted } from '../mail/mailbox.ts'
import type { FrozenMail } from './frozen-mail.ts'

/** Carries the Message-ID a mail was frozen with, for servers that write another into the field itself. */
export const tokenHeader = 'X-Shortlist-Message-Id'

/** What a step of a mail's way needs: the server that sends, or the mailbox with its Sent. Either may be out of reach alone. */
export type Door = 'sending' | 'mailbox'

export type OutboxWork = {
  readonly db: Db
  readonly clock: SyncClock
  readonly random: () => number
  readonly frozen: FrozenMail
  /** Null while the account is paused or gone. */
  readonly mailboxOf: (account: AccountId) => Mailbox | null
  /** Delivered for certain, in the transaction that stores it: the draft may go, the original counts as answered. */
  readonly onDelivered: (tx: Tx, mail: { readonly draftId: DraftId | null; readonly sourceMessageId: MessageId | null; readonly sourceMark: 'answered' | 'forwarded' | null }) => void
  /** The copy in Sent is there: the account's folders are worth a look. */
  readonly onFiled?: (account: AccountId) => void
  /** Tells the person, with a key of the locale files. */
  readonly notice: (code: string, values: Readonly<Record<string, string>>) => void
  readonly onProgress: (id: OutgoingId, done: number, total: number) => void
  /** Nothing of this account's is tried there before then; Infinity: until something is done about it. */
  readonly noteBlocked: (account: AccountId, door: Door, until: number) => void
  /** So many mails of an account leave within a minute at most: servers count (Microsoft's limit is 30). */
  readonly perMinute?: number
  /** Called at each point of a mail's way, for tests that end the program there. */
  readonly onStep?: (point: string) => void
}

const defaultPerMinute = 25
/** How often a mail that was not answered is looked for in Sent before the person is asked, and how long between. */
const looksForLost = 3
const lookAgainMs = 5_000
/** Of a mail that is looked for before it is sent, so many stand for one that may have left from here; fewer, for another program's. */
export const looksForOurs = 2
/** After being deferred so often a recipient counts as refused. */
const deferralsAtMost = 6
/** A failure that is our own fault is tried this often in a row. */
const bugAttempts = 3
/**
 * A draft begun on one computer and scheduled on another waits so long there between two looks into Sent, milliseconds: due on both
 * in the same instant, by the clock, after sleep or when the line is back, it lies in Sent at the second look, instead of both
 * looking before either has sent.
 */
const behindMs = 30_000
/** Later than this after the wait, the computer may have slept, or the line was gone: then it begins anew. */
const behindGraceMs = 10_000
/** Uploads shorter than this show no progress, bytes. */
const progressBytes = 512 * 1024

/** Whole milliseconds until the next attempt; null when only the person can help. */
export function patience(work: Pick<OutboxWork, 'random'>, failure: MailFailure, attempt: number): number | null {
  const delay = retryDelay(failure, attempt, work.random())
  return delay === null ? null : Math.ceil(delay)
}

const recent = new WeakMap<Db, Map<AccountId, number[]>>()

/** Milliseconds until another mail of the account may leave. */
function paceOf(work: OutboxWork, account: AccountId): number {
  const now = work.clock.now()
  const all = recent.get(work.db) ?? new Map<AccountId, number[]>()
  recent.set(work.db, all)
  const times = (all.get(account) ?? []).filter((at) => at <= now && at > now - 60_000)
  all.set(account, times)
  if (times.length < (work.perMinute ?? defaultPerMinute)) {
    times.push(now)
    return 0
  }
  return (times[0] ?? now) + 60_000 - now
}

/** Sends it, or with `holdUntil` has the server hold it. Every outcome is stored; nothing is thrown but our own faults. */
export async function sendMail(work: OutboxWork, mail: OwedMail, holdUntil: number | null, signal: AbortSignal, onPassed: () => void): Promise<void> {
  const { db, clock } = work
  const mailbox = work.mailboxOf(mail.accountId)
  const to = mail.recipients.filter((one) => one.state === 'waiting').map((one) => one.address)
  const attempt = mail.attempts + 1
  let door: Door = 'sending'
  try {
    if (!mailbox) throw new MailFailure('offline', 'paused')
    if (mail.looks > 0 && nobodyAccepted(mail)) {
      door = 'mailbox'
      const found = await findInSent(work, mail, mailbox, signal)
      door = 'sending'
      work.onStep?.('looked-first')
      if (found) {
        // Never left from here: another program sent this draft, perhaps in other words. Only the person can tell.
        const foreign = mail.looks < looksForOurs
        db.write('a mail was sent already', (tx) => {
          if (foreign) {
            changeOutgoing(tx, mail.id, { state: 'uncertain', looks: 0, failure: { kind: 'rejected', code: 'sent-elsewhere', said: null, retryAfterMs: null } })
            return
          }
          markRecipients(tx, mail.id, 'accepted', 'waiting')
          deliveredTo(work, tx, mail, { sentAt: clock.now(), ...found })
        })
        if (foreign) work.notice('sent-elsewhere', { subject: mail.subject })
        return
      }
      // A person who sends it now says which of the computers it is.
      if (mail.continued && mail.chosenAt !== null && !hasWaitedItsTurn(mail, clock.now())) {
        db.write('let another computer go first', (tx) => {
          changeOutgoing(tx, mail.id, { state: 'waiting', runAt: clock.now() + behindMs, lookedAt: clock.now(), failure: null })
        })
        return
      }
    }
    const raw = await readFrozen(work, mail)
    const wait = paceOf(work, mail.accountId)
    if (wait > 0) {
      work.noteBlocked(mail.accountId, 'sending', clock.now() + wait)
      return
    }
    db.write('begin to send', (tx) => {
      changeOutgoing(tx, mail.id, { state: 'sending', passed: false, attempts: attempt, failure: null })
    }, { durable: true })
    work.onStep?.('begun')
    const refused: Refusal[] = []
    let shown = 0
    const submitted = await mailbox
      .submit(
        { raw, headerMessageId: mail.headerMessageId, from: mail.fromAddress, to, holdUntil, notify: mail.notify },
        {
          signal,
          onPointOfNoReturn() {
            work.onStep?.('before-point')
            const current = getOwed(db, mail.id)
            // Its account may have been removed meanwhile.
            if (current?.state !== 'sending') throw new MailFailure('gone', 'outgoing-gone')
            db.write('the last bytes leave', (tx) => {
              changeOutgoing(tx, mail.id, { passed: true })
            }, { durable: true })
            onPassed()
            work.onStep?.('after-point')
          },
          onRoute(route) {
            db.write('note the route', (tx) => {
              changeOutgoing(tx, mail.id, { route })
            })
            work.onStep?.('connected')
          },
          onProgress(done, total) {
            work.onStep?.('progress')
            if (total >= progressBytes && (done === total || done - shown >= total / 100)) {
              shown = done
              work.onProgress(mail.id, done, total)
            }
          },
          onRefused: (refusal) => refused.push(refusal),
        },
      )
      .catch((error: unknown) => failureOf(error))
    work.onStep?.('answered')
    if (!getOwed(db, mail.id)) return
    if (submitted instanceof MailFailure) storeFailure(work, mail, attempt, submitted, { door, refused, holdUntil })
    else if (submitted.outcome === 'uncertain') storeUnanswered(work, mail, submitted.said)
    else storeAccepted(work, mail, submitted, holdUntil)
  } catch (error) {
    if (!getOwed(db, mail.id)) return
    storeFailure(work, mail, attempt, failureOf(error), { door, refused: [], holdUntil })
  }
  work.onStep?.('stored')
}

function hasWaitedItsTurn({ lookedAt }: OwedMail, now: number): boolean {
  const waited = lookedAt === null ? 0 : now - lookedAt
  return waited >= behindMs && waited < behindMs + behindGraceMs
}

type Refusal = Extract<Submitted, { outcome: 'accepted' }>['refused'][number]

const nobodyAccepted = (mail: OwedMail): boolean => mail.recipients.every((one) => one.state !== 'accepted' && one.state !== 'bounced' && one.state !== 'delayed')

async function readFrozen(work: OutboxWork, mail: OwedMail): Promise<Uint8Array> {
  if (mail.rawFile === null) throw new MailFailure('rejected', 'frozen-missing')
  try {
    return await work.frozen.read(mail.rawFile)
  } catch (cause) {
    throw new MailFailure('rejected', 'frozen-missing', null, { cause })
  }
}

const isDeferred = ({ status }: Refusal): boolean => status?.startsWith('4.') === true

function storeAccepted(work: OutboxWork, mail: OwedMail, submitted: Extract<Submitted, { outcome: 'accepted' }>, holdUntil: number | null): void {
  const now = work.clock.now()
  const deferrals = mail.deferrals + 1
  const later = submitted.refused.filter((one) => isDeferred(one) && deferrals < deferralsAtMost)
  const never = submitted.refused.filter((one) => !later.includes(one))
  work.db.write('a mail was accepted', (tx) => {
    work.onStep?.('storing')
    markRecipients(tx, mail.id, 'accepted', 'waiting')
    markRecipients(tx, mail.id, 'refused', never)
    markRecipients(tx, mail.id, 'waiting', later)
    if (submitted.held && holdUntil !== null) {
      changeOutgoing(tx, mail.id, { state: 'scheduled', heldBy: 'server', runAt: holdUntil, handoverAt: null, passed: false, said: submitted.said, failure: null })
    } else if (later.length > 0) {
      const said = later[0]?.said ?? null
      changeOutgoing(tx, mail.id, { state: 'waiting', passed: false, ownFaults: 0, deferrals, runAt: now + deferMs(deferrals), said: submitted.said, failure: { kind: 'throttled', code: 'recipients-deferred', said, retryAfterMs: null } })
    } else deliveredTo(work, tx, mail, { sentAt: now, said: submitted.said })
  }, { durable: true })
  if (never.length > 0) tellSomeRefused(work, mail, never)
}

function tellSomeRefused(work: OutboxWork, mail: OwedMail, refused: readonly Pick<Refusal, 'address' | 'said'>[]): void {
  work.notice('send-some-refused', { subject: mail.subject, addresses: refused.map((one) => one.address).join(', '), said: refused[0]?.said ?? '' })
}

/** Greylisting asks for a few minutes. */
const deferMs = (deferrals: number): number => Math.min(60, 5 * 2 ** (deferrals - 1)) * 60_000

/** What remains once everybody who will get it has it: the copy in Sent. The draft has done its duty. */
export function deliveredTo(
  work: Pick<OutboxWork, 'onDelivered' | 'clock'>,
  tx: Tx,
  mail: OwedMail,
  what: { readonly sentAt: number; readonly said?: string; readonly sentFolderRemoteId?: string; readonly sentRemoteId?: string },
): void {
  const found = what.sentRemoteId === undefined ? {} : { sentFolderRemoteId: what.sentFolderRemoteId ?? '', sentRemoteId: what.sentRemoteId }
  const copied: Change = mail.sentAt === null ? {} : { appendBegun: true }
  changeOutgoing(tx, mail.id, { state: 'filing', runAt: work.clock.now(), sentAt: what.sentAt, heldBy: 'computer', passed: false, looks: 0, attempts: 0, failure: null, ...(what.said === undefined ? {} : { said: what.said }), ...found, ...copied })
  work.onDelivered(tx, mail)
}

function storeUnanswered(work: OutboxWork, mail: OwedMail, said: string | null): void {
  work.db.write('a mail was not answered', (tx) => {
    // A copy in Sent would tell nothing of the recipients that were tried again now.
    const looks = nobodyAccepted(mail) ? looksForLost : 0
    changeOutgoing(tx, mail.id, { state: looks > 0 ? 'sending' : 'uncertain', passed: true, looks, runAt: work.clock.now(), said, failure: unclear(said) })
  })
  if (!nobodyAccepted(mail)) work.notice('send-uncertain', { subject: mail.subject })
}

const unclear = (said: string | null): Change['failure'] => ({ kind: 'offline', code: 'send-uncertain', said, retryAfterMs: null })

function storeFailure(work: OutboxWork, mail: OwedMail, attempt: number, failed: MailFailure, { door, refused, holdUntil }: { readonly door: Door; readonly refused: readonly Refusal[]; readonly holdUntil: number | null }): void {
  const { db, clock } = work
  const now = clock.now()
  const isDeferral = failed.code === 'recipients-deferred'
  const deferrals = isDeferral ? mail.deferrals + 1 : mail.deferrals
  // Nobody is waited for without end: neither the person, who is to hear of it, nor the others' copy, which is to be filed.
  const failure = isDeferral && deferrals >= deferralsAtMost ? new MailFailure('rejected', 'recipients-refused', failed.said) : failed
  if (failure.code === 'hold-unsupported' || (holdUntil !== null && failure.kind !== 'rejected')) {
    db.write('hold a mail here', (tx) => {
      const again = failure.code === 'hold-unsupported' || failure.kind === 'auth' ? null : now + 10 * 60_000
      changeOutgoing(tx, mail.id, { state: 'scheduled', heldBy: 'computer', runAt: holdUntil ?? mail.runAt, handoverAt: again, passed: false })
    })
    return
  }
  const ownFaults = failure.kind === 'bug' ? mail.ownFaults + 1 : 0
  const waits = failure.kind === 'offline' || failure.kind === 'throttled' || failure.kind === 'auth' || (failure.kind === 'bug' && ownFaults < bugAttempts)
  if (waits) {
    const delay = isDeferral ? deferMs(deferrals) : patience(work, failure, attempt)
    const never = isDeferral ? refused.filter((one) => !isDeferred(one)) : []
    // Called off by a person, or by the end of the program: nothing failed.
    const calledOff = failure.code === 'cancelled' || failure.code === 'stopped'
    db.write('a mail waits', (tx) => {
      // Those refused for good are not tried again with the others.
      markRecipients(tx, mail.id, 'refused', never)
      if (isDeferral) markRecipients(tx, mail.id, 'waiting', refused.filter(isDeferred))
      changeOutgoing(tx, mail.id, {
        state: 'waiting',
        passed: false,
        looks: mail.looks,
        attempts: calledOff ? mail.attempts : attempt,
        ownFaults: calledOff ? mail.ownFaults : ownFaults,
        deferrals,
        runAt: calledOff ? now : now + (delay ?? 0),
        failure: calledOff ? null : failure.toData(),
      })
    })
    if (never.length > 0) tellSomeRefused(work, mail, never)
    if (failure.kind === 'auth') work.notice('send-needs-sign-in', { subject: mail.subject })
    // What stops one mail of an account stops the others; trying a refused password again would lock some mailboxes.
    if (!calledOff && failure.kind !== 'bug' && !isDeferral) work.noteBlocked(mail.accountId, door, delay === null ? Number.POSITIVE_INFINITY : now + delay)
    return
  }
  db.write('a mail was refused', (tx) => {
    const left = mail.recipients.filter((one) => one.state === 'waiting')
    if (failure.code.startsWith('recipients-') || !nobodyAccepted(mail)) markRecipients(tx, mail.id, 'refused', left.map((one) => ({ address: one.address, said: failure.said, status: null })))
    markRecipients(tx, mail.id, 'refused', refused)
    if (nobodyAccepted(mail)) changeOutgoing(tx, mail.id, { state: 'refused', passed: false, attempts: attempt, runAt: now, failure: failure.toData(), handoverAt: null })
    // Those who took it before have it.
    else deliveredTo(work, tx, mail, { sentAt: now })
  })
  if (nobodyAccepted(mail)) work.notice(failure.code === 'needs-smtputf8' ? 'send-refused-address' : 'send-refused', { subject: mail.subject, said: failure.said ?? '', code: failure.code })
  else tellSomeRefused(work, mail, mail.recipients.filter((one) => one.state === 'waiting').map(({ address }) => ({ address, said: failure.said ?? '' })))
}

/** Looks in Sent for a mail the server did not answer; after some looks the person decides. */
export async function lookForMail(work: OutboxWork, mail: OwedMail, signal: AbortSignal): Promise<void> {
  const { db, clock } = work
  const ask = (change: Change): void => {
    const asked = mail.state !== 'uncertain'
    db.write('a mail is uncertain', (tx) => {
      changeOutgoing(tx, mail.id, { state: 'uncertain', ...change })
    })
    if (asked) work.notice('send-uncertain', { subject: mail.subject })
  }
  if (!nobodyAccepted(mail)) {
    ask({ looks: 0, failure: unclear(null) })
    return
  }
  try {
    const mailbox = work.mailboxOf(mail.accountId)
    if (!mailbox) throw new MailFailure('offline', 'paused')
    const found = await findInSent(work, mail, mailbox, signal)
    work.onStep?.('looked')
    if (!getOwed(db, mail.id)) return
    if (found) {
      db.write('a mail was found in Sent', (tx) => {
        markRecipients(tx, mail.id, 'accepted', 'waiting')
        if (mail.chosenAt !== null && mail.chosenAt > clock.now()) changeOutgoing(tx, mail.id, { state: 'scheduled', heldBy: 'server', runAt: mail.chosenAt, handoverAt: null, passed: false, looks: 0 })
        else deliveredTo(work, tx, mail, { sentAt: clock.now(), ...found })
      })
    } else if (mail.looks > 1) {
      db.write('look again', (tx) => {
        changeOutgoing(tx, mail.id, { looks: mail.looks - 1, runAt: clock.now() + lookAgainMs })
      })
    } else ask({ looks: 0, failure: unclear(mail.failure?.said ?? null) })
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'stopped' || failure.code === 'cancelled' || !getOwed(db, mail.id)) return
    const delay = patience(work, failure, mail.attempts + 1)
    // Where Sent cannot be searched now, it is later; the person need not wait for that.
    ask({ attempts: mail.attempts + 1, runAt: clock.now() + (delay ?? 10 * 60_000), failure: unclear(failure.said) })
  }
}

/** The account's folder for sent mail; null when it has none. */
export async function sentFolder(work: OutboxWork, account: AccountId, mailbox: Mailbox, signal: AbortSignal): Promise<string | null> {
  const known = syncFolders(work.db, account).find((folder) => folder.special === 'sent')
  if (known) return known.remoteId
  return (await mailbox.listFolders(signal)).find((folder) => folder.special === 'sent')?.remoteId ?? null
}

async function findInSent(work: OutboxWork, mail: OwedMail, mailbox: Mailbox, signal: AbortSignal): Promise<{ sentFolderRemoteId: string; sentRemoteId: string } | null> {
  const folder = await sentFolder(work, mail.accountId, mailbox, signal)
  if (folder === null) return null
  try {
    const [remoteId] = await mailbox.findByMessageId(folder, mail.headerMessageId, signal)
    return remoteId === undefined ? null : { sentFolderRemoteId: folder, sentRemoteId: remoteId }
  } catch (error) {
    // Renamed or deleted by another program; the next listing will tell.
    if (error instanceof MailFailure && error.kind === 'gone') return null
    throw error
  }
}
