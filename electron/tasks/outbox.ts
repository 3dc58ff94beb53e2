// The outbox: mail handed over by a person, until it is delivered, filed in Sent, or given back. It runs by itself: neither
// the sync nor the queue of other changes makes it wait. One timer stands for the earliest thing due and is set anew at
// every change, start, wake-up and at least twice a minute, so that no clock that jumps leaves a mail behind.
// The promise: a mail goes to each recipient once. That an attempt began is stored before the wire, that its last bytes may
// have left is on the disk before they do (send-mail.ts). Before that point it may be tried again; after it only the server's answer,
// a copy found in Sent, or the person decides. It never sends again because something is unclear.
// An orderly end is no reason to wait for the next start: the seconds for taking back end with it, and what is due is tried.
import { MailFailure } from '../../shared/model/failure.ts'
import type { AccountId, DraftId, OutgoingId } from '../../shared/model/ids.ts'
import type { OutgoingState } from '../../shared/model/outgoing.ts'
import type { Tx } from '../../db/handles.ts'
import { allOwed, changeOutgoing, deleteOutgoing, frozenFiles, getOwed, insertOutgoing, markRecipients, reviveRecipients, type Change, type NewOutgoing, type OwedMail } from '../../db/queries/outgoing.ts'
import type { BuiltMessage } from '../mail/compose/built-message.ts'
import { hasWholeLines } from '../mail/line-ends.ts'
import { fileMail } from './file-sent.ts'
import { deliveredTo, lookForMail, looksForOurs, sendMail, tokenHeader, type Door, type OutboxWork } from './send-mail.ts'
import { instantOf, isTimeZone, wallAt } from './wall-clock.ts'

/** No timer is longer, whatever the clock says: sleep and a clock set by hand are noticed by then. */
const longestTimerMs = 30_000
/** A scheduled mail found due so much late was not missed, only waited for a turn. */
const graceMs = 60_000
/** The longest a mail is taken back in. */
const longestUndoMs = 60_000
/** No wait between attempts is longer; one that seems so means that the clock went back. */
const longestWaitMs = 2 * 3_600_000
/** Mail for a time this near stays here: the person may want it back, and the server would not give it. */
const handOverAheadMs = 10 * 60_000
/** The end of the program waits so long for mail on its way, and says so after a while. */
const leavingMs = 10_000
const sayLeavingMs = 1_000
/** What was passed on is given so long more to be answered. */
const patienceMs = 8_000

export type OutboxOptions = Omit<OutboxWork, 'noteBlocked'> & {
  /** What the person chose, asked for when it matters. */
  readonly policy: () => { readonly undoSendSeconds: number; readonly lateSend: 'late' | 'ask' | 'drop'; readonly lateSendHours: number }
  /** The draft is the person's again, in the transaction that ends its mail. `mayHaveLeft`: nobody knows whether that arrived. */
  readonly onReturned: (tx: Tx, draft: DraftId, mayHaveLeft: boolean) => void
  /** The longest a change of the clock goes unnoticed, milliseconds. */
  readonly longestTimerMs?: number
}

export type Frozen = Pick<NewOutgoing, 'identityId' | 'headerMessageId' | 'subject' | 'from' | 'recipients' | 'size' | 'notify' | 'rawFile' | 'copyFile'>

export type Handing = Pick<NewOutgoing, 'accountId' | 'draftId' | 'sourceMessageId' | 'sourceMark' | 'lookFirst' | 'continued'> & {
  /** Null: after the seconds for taking it back. */
  readonly at: number | null
  readonly timeZone: string | null
}

export type Outbox = {
  /** Puts the bytes on the disk. Nothing is owed before `take`. */
  readonly freeze: (built: BuiltMessage) => Promise<Frozen>
  /** Owes the mail from this transaction on. */
  readonly take: (tx: Tx, frozen: Frozen, handing: Handing) => OutgoingId
  /** Takes it back; gives the draft it came from. */
  readonly cancel: (id: OutgoingId) => Promise<DraftId | null>
  readonly reschedule: (id: OutgoingId, at: number, timeZone: string | null) => void
  readonly sendNow: (id: OutgoingId) => void
  readonly retry: (id: OutgoingId) => void
  readonly resolve: (id: OutgoingId, answer: 'arrived' | 'send-again' | 'send-late' | 'drop') => Promise<void>
  /** Looks at what is due: after a start, a wake-up, a change of settings. */
  readonly wake: () => void
  /** The account can be reached again or has another password: what waited for that is tried at once. */
  readonly accountChanged: (id: AccountId | 'all') => void
  /** Resolves when nothing is being worked on; for tests and for closing. */
  readonly settled: () => Promise<void>
  /** Ends the seconds for taking mail back and sends what is due, for some seconds at most; mail for a chosen time stays.
   *  `onWait` is called when that takes longer than a moment. What could not go is owed at the next start. */
  readonly close: (onWait?: () => void) => Promise<void>
}

type Lane = `${AccountId} ${Door}`

const doors: readonly Door[] = ['sending', 'mailbox']

const laneOf = (account: AccountId, door: Door): Lane => `${account} ${door}`

/** What the next step of a mail's way needs. */
function doorOf({ state, heldBy }: OwedMail): Door {
  switch (state) {
    case 'held':
    case 'waiting':
    case 'missed':
    case 'refused':
      return 'sending'
    case 'scheduled':
      return heldBy === 'computer' ? 'sending' : 'mailbox'
    case 'sending':
    case 'uncertain':
    case 'filing':
    case 'sent':
      return 'mailbox'
  }
}

export function openOutbox(options: OutboxOptions): Outbox {
  const { db, clock, frozen } = options
  const now = (): number => clock.now()
  /** One step at a time at each door of each account, so that a mailbox out of reach keeps no mail from leaving. */
  const lanes = new Map<Lane, Promise<void>>()
  const blocked = new Map<Lane, { readonly since: number; readonly until: number }>()
  /** Mail on the wire. */
  const under = new Map<OutgoingId, { readonly abort: AbortController; passed: boolean; readonly done: Promise<void> }>()
  const gate = { closed: false, started: false }
  let cancelTimer: (() => void) | null = null

  const work: OutboxWork = {
    ...options,
    noteBlocked(account, door, until) {
      blocked.set(laneOf(account, door), { since: now(), until })
    },
  }
  /** Until when nothing is tried there. A clock that was set back since would have it wait for the time it showed. */
  const blockedUntil = (lane: Lane): number => {
    const block = blocked.get(lane)
    return block === undefined || (block.since > now() && block.until < Number.POSITIVE_INFINITY) ? 0 : block.until
  }

  const unblock = (account: AccountId): void => {
    for (const door of doors) blocked.delete(laneOf(account, door))
  }

  // ---- when

  /** The next thing to do about a mail, and when; null when it waits for a person. */
  const dueAt = (mail: OwedMail): number | null => {
    switch (mail.state) {
      case 'held':
      case 'waiting':
      case 'filing':
      case 'sending':
        return mail.runAt
      case 'scheduled':
        return mail.heldBy === 'computer' && mail.handoverAt !== null ? Math.min(mail.handoverAt, mail.runAt) : mail.runAt
      case 'uncertain':
        return mail.looks > 0 ? mail.runAt : null
      case 'missed':
      case 'refused':
      case 'sent':
        return null
    }
  }

  /** What is owed, by one account or all, after setting right what the passing, or jumping, of time did. */
  const owing = (account?: AccountId): readonly OwedMail[] => {
    const mails = allOwed(db, account)
    return keepTime(mails) ? allOwed(db, account) : mails
  }

  const keepTime = (mails: readonly OwedMail[]): boolean => {
    const at = now()
    const missed: OwedMail[] = []
    const changes: (readonly [OutgoingId, Change])[] = []
    const change = (mail: OwedMail, to: Change): void => {
      changes.push([mail.id, to])
    }
    for (const mail of mails) {
      if (under.has(mail.id)) continue
      if (mail.state === 'scheduled' && mail.heldBy === 'computer') {
        const due = mail.wall !== null && mail.timeZone !== null && isTimeZone(mail.timeZone) ? instantOf(mail.wall, mail.timeZone, mail.runAt) : mail.runAt
        if (due > at) {
          if (due !== mail.runAt) change(mail, { runAt: due, chosenAt: due })
          continue
        }
        const { lateSend, lateSendHours } = options.policy()
        const late = at - due
        if (late <= graceMs || (lateSend === 'late' && late <= lateSendHours * 3_600_000)) change(mail, { state: 'waiting', runAt: at, chosenAt: due, handoverAt: null })
        else {
          missed.push(mail)
          change(mail, { state: 'missed', runAt: due, handoverAt: null, failure: { kind: 'rejected', code: lateSend === 'drop' ? 'missed-dropped' : 'missed', said: null, retryAfterMs: null } })
        }
      } else if (mail.state === 'held' && mail.runAt - at > longestUndoMs) change(mail, { runAt: at + options.policy().undoSendSeconds * 1000 })
      else if (mail.state !== 'held' && mail.state !== 'scheduled' && mail.runAt - at > longestWaitMs) change(mail, { runAt: at })
    }
    if (changes.length === 0) return false
    db.write('keep time in the outbox', (tx) => {
      for (const [id, to] of changes) changeOutgoing(tx, id, to)
    })
    for (const mail of missed) options.notice(options.policy().lateSend === 'drop' ? 'mail-missed-dropped' : 'mail-missed', { subject: mail.subject })
    return true
  }

  const pump = (): void => {
    cancelTimer?.()
    cancelTimer = null
    if (gate.closed || !gate.started) return
    const mails = owing()
    const at = now()
    let next = Number.POSITIVE_INFINITY
    for (const mail of mails) {
      const due = dueAt(mail)
      const lane = laneOf(mail.accountId, doorOf(mail))
      if (due === null || lanes.has(lane) || under.has(mail.id)) continue
      const from = Math.max(due, blockedUntil(lane))
      if (from <= at) startLane(lane, mail.accountId)
      else next = Math.min(next, from)
    }
    if (next < Number.POSITIVE_INFINITY) cancelTimer = clock.after(Math.min(options.longestTimerMs ?? longestTimerMs, next - at), pump)
  }

  const startLane = (lane: Lane, account: AccountId): void => {
    const running: Promise<void> = Promise.resolve()
      .then(async () => {
        for (let mail = nextFor(lane, account); mail; mail = nextFor(lane, account)) {
          await attend(mail)
          // What comes next for it may be at the other door.
          pump()
        }
      })
      .catch((error: unknown) => {
        // Our own fault; the mail is where it was, and is looked at again with the next timer.
        console.error('The outbox met a fault:', error)
        blocked.set(lane, { since: now(), until: now() + longestTimerMs })
      })
      .finally(() => {
        lanes.delete(lane)
        pump()
      })
    lanes.set(lane, running)
  }

  const nextFor = (lane: Lane, account: AccountId): OwedMail | null => {
    if (gate.closed) return null
    const at = now()
    if (blockedUntil(lane) > at) return null
    return (
      owing(account)
        .filter((mail) => laneOf(account, doorOf(mail)) === lane && !under.has(mail.id) && (dueAt(mail) ?? Number.POSITIVE_INFINITY) <= at)
        .sort((one, other) => (dueAt(one) ?? 0) - (dueAt(other) ?? 0) || one.id - other.id)[0] ?? null
    )
  }

  // ---- what

  const attend = async (mail: OwedMail): Promise<void> => {
    const abort = new AbortController()
    const done = Promise.withResolvers<undefined>()
    const entry = { abort, passed: false, done: done.promise }
    under.set(mail.id, entry)
    try {
      options.onStep?.('picked')
      await attendTo(mail, abort.signal, () => {
        entry.passed = true
      })
    } finally {
      under.delete(mail.id)
      done.resolve(undefined)
    }
  }

  const attendTo = async (mail: OwedMail, signal: AbortSignal, onPassed: () => void): Promise<void> => {
    switch (mail.state) {
      case 'held':
      case 'waiting':
        await sendMail(work, mail, null, signal, onPassed)
        return
      case 'scheduled':
        if (mail.heldBy === 'server') {
          // The server let it go by now.
          db.write('a held mail went', (tx) => {
            deliveredTo(work, tx, mail, { sentAt: mail.runAt })
          })
          return
        }
        await handOver(mail, signal, onPassed)
        return
      case 'sending':
      case 'uncertain':
        await lookForMail(work, mail, signal)
        return
      case 'filing':
        await fileMail(work, mail, signal)
        return
      case 'missed':
      case 'refused':
      case 'sent':
        return
    }
  }

  /** Lets the server hold a scheduled mail, if it can; otherwise this computer goes on holding it. */
  const handOver = async (mail: OwedMail, signal: AbortSignal, onPassed: () => void): Promise<void> => {
    const mailbox = options.mailboxOf(mail.accountId)
    const keep = (again: number | null): void => {
      db.write('hold a mail here', (tx) => {
        changeOutgoing(tx, mail.id, { handoverAt: again })
      })
    }
    const ahead = mail.runAt - now()
    if (!mailbox) {
      keep(now() + graceMs)
      return
    }
    let limit: number | null
    try {
      limit = await mailbox.holdLimit(signal)
    } catch (error) {
      // It can wait: there is time until it is due.
      const kind = error instanceof MailFailure ? error.kind : 'bug'
      keep(kind === 'offline' || kind === 'throttled' ? now() + 10 * graceMs : null)
      return
    }
    if (limit === null || ahead > limit || ahead < handOverAheadMs) {
      keep(limit !== null && ahead > limit ? mail.runAt - limit + graceMs : null)
      return
    }
    await sendMail(work, mail, mail.runAt, signal, onPassed)
  }

  // ---- what a person does

  const owed = (id: OutgoingId): OwedMail => {
    const mail = getOwed(db, id)
    if (!mail) throw new MailFailure('gone', 'outgoing-gone')
    return mail
  }
  /** Steps a mail may still be taken out of. */
  const open: readonly OutgoingState[] = ['held', 'scheduled', 'missed', 'waiting', 'refused']
  const refuseGone = (mail: OwedMail): void => {
    if (mail.state === 'scheduled' && mail.heldBy === 'server') throw new MailFailure('rejected', 'held-by-server')
    if (!open.includes(mail.state) || mail.recipients.some((one) => one.state === 'accepted')) throw new MailFailure('rejected', 'already-sent')
  }
  const toSend = (mail: OwedMail): Change => ({ state: 'waiting', runAt: now(), attempts: 0, ownFaults: 0, deferrals: 0, failure: null, passed: false, handoverAt: null, heldBy: 'computer', lookedAt: null, ...(mail.state === 'uncertain' && mail.failure?.code !== 'sent-elsewhere' ? { looks: looksForOurs, attempts: Math.max(1, mail.attempts) } : {}) })

  /**
   * The draft keeps its Message-ID also where this mail may have left: if it arrived after all, the look into Sent and the servers of
   * the recipients know a second one by it; if it was lost, nobody has seen it.
   */
  const giveBack = (mail: OwedMail): void => {
    const mayHaveLeft = mail.state === 'uncertain' || mail.looks >= looksForOurs
    db.write('take a mail back', (tx) => {
      deleteOutgoing(tx, mail.id)
      if (mail.draftId !== null) options.onReturned(tx, mail.draftId, mayHaveLeft)
    }, { durable: true })
    void frozen.remove([mail.rawFile, mail.copyFile])
    pump()
  }

  const setTime = (mail: OwedMail, at: number, timeZone: string | null): void => {
    db.write('schedule a mail', (tx) => {
      reviveRecipients(tx, mail.id)
      changeOutgoing(tx, mail.id, { ...toSend(mail), ...timed(at, timeZone, mail.continued), state: 'scheduled' })
    }, { durable: true })
    pump()
  }

  const timed = (chosen: number, timeZone: string | null, continued: boolean): Pick<NewOutgoing, 'runAt' | 'chosenAt' | 'timeZone' | 'wall' | 'handoverAt'> => {
    const at = Math.round(chosen)
    return {
      runAt: at,
      chosenAt: at,
      timeZone,
      wall: timeZone === null || !isTimeZone(timeZone) ? null : wallAt(at, timeZone),
      // Not before the time for second thoughts is over. What another computer may send is looked for at its time, so it stays here.
      handoverAt: !continued && at - now() > handOverAheadMs ? now() + longestUndoMs : null,
    }
  }

  // A mail that was on the wire when the program ended.
  const recover = (): void => {
    const left = allOwed(db).filter((mail) => mail.state === 'sending')
    if (left.length === 0) return
    db.write('take up what was on its way', (tx) => {
      for (const mail of left) {
        if (mail.passed) changeOutgoing(tx, mail.id, { runAt: now(), looks: Math.max(1, mail.looks) })
        else if (mail.chosenAt !== null && mail.chosenAt > now()) changeOutgoing(tx, mail.id, { state: 'scheduled', runAt: mail.chosenAt })
        else changeOutgoing(tx, mail.id, { state: 'waiting', runAt: now() })
      }
    })
  }

  const settled = async (): Promise<void> => {
    await starting
    while (lanes.size > 0) await Promise.all(lanes.values())
  }

  /** Nobody is left to take a mail back. */
  const sendLast = async (onWait: (() => void) | undefined): Promise<void> => {
    const held = allOwed(db).filter((mail) => mail.state === 'held' && mail.runAt > now() && !under.has(mail.id))
    if (held.length > 0) {
      db.write('the seconds for taking back are over', (tx) => {
        for (const mail of held) changeOutgoing(tx, mail.id, { runAt: now() })
      })
    }
    pump()
    if (lanes.size === 0) return
    const over = Promise.withResolvers<undefined>()
    const stopWaiting = clock.after(leavingMs, () => {
      over.resolve(undefined)
    })
    const stopSaying = clock.after(sayLeavingMs, () => onWait?.())
    await Promise.race([settled(), over.promise])
    stopWaiting()
    stopSaying()
  }

  const start = async (): Promise<void> => {
    recover()
    await frozen.sweep(frozenFiles(db))
    gate.started = true
    pump()
  }
  const starting = start()

  return {
    async freeze(built) {
      await starting
      const rawFile = await frozen.write(await marked(built.raw, built.headerMessageId))
      const same = built.copy === built.raw || Buffer.compare(built.copy, built.raw) === 0
      const copyFile = same ? null : await frozen.write(await marked(built.copy, built.headerMessageId))
      return {
        identityId: built.identityId,
        headerMessageId: built.headerMessageId,
        subject: built.subject,
        from: built.from,
        recipients: once(built.recipients),
        size: built.raw.byteLength,
        notify: built.notify,
        rawFile,
        copyFile,
      }
    },
    take(tx, mail, { at, timeZone, ...handing }) {
      const undoMs = options.policy().undoSendSeconds * 1000
      const id = insertOutgoing(
        tx,
        at === null
          ? { ...mail, ...handing, state: 'held', runAt: now() + undoMs, chosenAt: null, timeZone: null, wall: null, handoverAt: null }
          : { ...mail, ...handing, state: 'scheduled', ...timed(at, timeZone, handing.continued ?? false) },
        now(),
      )
      // After the transaction.
      setImmediate(pump)
      return id
    },
    async cancel(id) {
      const running = under.get(id)
      if (running) {
        if (running.passed) throw new MailFailure('rejected', 'already-sent')
        running.abort.abort(new MailFailure('offline', 'cancelled'))
        await running.done
      }
      const mail = owed(id)
      refuseGone(mail)
      giveBack(mail)
      return mail.draftId
    },
    reschedule(id, at, timeZone) {
      const mail = owed(id)
      if (under.has(id)) throw new MailFailure('rejected', 'already-sent')
      refuseGone(mail)
      setTime(mail, at, timeZone)
    },
    sendNow(id) {
      const mail = owed(id)
      if (under.has(id)) return
      refuseGone(mail)
      db.write('send a mail now', (tx) => {
        reviveRecipients(tx, id)
        changeOutgoing(tx, id, { ...toSend(mail), chosenAt: null, timeZone: null, wall: null })
      })
      pump()
    },
    retry(id) {
      const mail = owed(id)
      if (under.has(id)) return
      unblock(mail.accountId)
      const owes = mail.state === 'waiting' || mail.state === 'filing' || mail.state === 'refused' || (mail.state === 'sent' && mail.recipients.some((one) => one.state === 'refused'))
      if (!owes) throw new MailFailure('rejected', mail.state === 'scheduled' && mail.heldBy === 'server' ? 'held-by-server' : 'already-sent')
      if (mail.state !== 'filing' && mail.rawFile === null) throw new MailFailure('gone', 'outgoing-gone')
      db.write('try a mail again', (tx) => {
        if (mail.state === 'filing') changeOutgoing(tx, id, { runAt: now(), failure: null })
        else {
          reviveRecipients(tx, id)
          changeOutgoing(tx, id, toSend(mail))
        }
      })
      pump()
    },
    async resolve(id, answer) {
      await under.get(id)?.done
      const mail = owed(id)
      if (mail.state !== 'uncertain' && mail.state !== 'missed') throw new MailFailure('rejected', 'already-sent')
      switch (answer) {
        case 'arrived':
          if (mail.state !== 'uncertain') throw new MailFailure('rejected', 'not-sent')
          db.write('a mail arrived, says the person', (tx) => {
            markRecipients(tx, id, 'accepted', 'waiting')
            if (mail.chosenAt !== null && mail.chosenAt > now()) changeOutgoing(tx, id, { state: 'scheduled', heldBy: 'server', runAt: mail.chosenAt, handoverAt: null, passed: false, looks: 0, failure: null })
            else {
              deliveredTo(work, tx, mail, { sentAt: now() })
              // The copy that was found is the other program's; it is looked for again before ours is put beside it.
              if (mail.failure?.code === 'sent-elsewhere') changeOutgoing(tx, mail.id, { appendBegun: true })
            }
          })
          break
        case 'send-again':
        case 'send-late':
          // One to be held by the server is held here from now on.
          if (mail.state === 'uncertain' && mail.chosenAt !== null && mail.chosenAt > now()) {
            setTime(mail, mail.chosenAt, mail.timeZone)
            db.write('hold a mail here', (tx) => {
              changeOutgoing(tx, id, { handoverAt: null })
            })
          } else {
            db.write('send a mail all the same', (tx) => {
              changeOutgoing(tx, id, toSend(mail))
            })
          }
          break
        case 'drop':
          giveBack(mail)
          return
      }
      pump()
    },
    wake() {
      for (const [lane, { until }] of blocked) if (until < Number.POSITIVE_INFINITY) blocked.delete(lane)
      pump()
    },
    accountChanged(id) {
      if (id === 'all') blocked.clear()
      else unblock(id)
      const waiting = allOwed(db).filter((mail) => (id === 'all' || mail.accountId === id) && mail.failure !== null && (mail.failure.kind === 'auth' || mail.failure.kind === 'offline') && !under.has(mail.id))
      if (waiting.length > 0) {
        db.write('try waiting mail', (tx) => {
          for (const mail of waiting) if (dueAt(mail) !== null && mail.state !== 'scheduled' && mail.runAt > now()) changeOutgoing(tx, mail.id, { runAt: now() })
        })
      }
      pump()
    },
    settled,
    async close(onWait) {
      await starting
      await sendLast(onWait)
      gate.closed = true
      cancelTimer?.()
      for (const one of under.values()) if (!one.passed) one.abort.abort(new MailFailure('offline', 'stopped'))
      const hurry = setTimeout(() => {
        for (const one of under.values()) one.abort.abort(new MailFailure('offline', 'stopped'))
      }, patienceMs)
      await Promise.all(lanes.values())
      clearTimeout(hurry)
    },
  }
}

/** The token goes first: servers put their own fields above it, and nothing below is touched. */
async function marked(raw: Uint8Array, headerMessageId: string): Promise<readonly Uint8Array[]> {
  return [Buffer.from(`${tokenHeader}: ${headerMessageId}\r\n`), (await hasWholeLines(raw)) ? raw : wholeLines(raw)]
}

/** Every line ended by CRLF, the last one too, so that nothing is left for a server to mend. */
function wholeLines(raw: Uint8Array): Buffer {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1')
  return Buffer.from(text.replace(/\r\n|\r|\n/g, '\r\n').replace(/(?:\r\n)?$/, '\r\n'), 'latin1')
}

/** Nobody gets it twice for standing in To and in Cc. */
function once<T extends { readonly address: string }>(recipients: readonly T[]): readonly T[] {
  const seen = new Set<string>()
  return recipients.filter(({ address }) => {
    const key = address.toLowerCase()
    return !seen.has(key) && seen.add(key)
  })
}
