// What mail that comes in means for conversations that were put out of sight: somebody's answer brings a snoozed one back at
// once, and a muted one stays out of the inbox. And the alarm that brings snoozed ones back on time; what came due while
// the program was closed comes back when it starts.
import type { Db, Tx } from '../../db/handles.ts'
import { isOwnAddress } from '../../db/queries/correspondents.ts'
import { getFolder } from '../../db/queries/folders.ts'
import { isMuted, nextReturn, returnDue, returnEarly, setMuted, snoozeOf } from '../../db/queries/snoozes.ts'
import { isView, newcomer, placedOfMessage, placedOfThread, specialFolder } from '../../db/queries/targets.ts'
import type { AccountId, FolderId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import { Owing } from './message-tasks.ts'
import { folderForUse } from './triage.ts'

/** Mail dated this long before a conversation was snoozed is old mail found late, not an answer. Senders' clocks differ. */
const dayMs = 86_400_000

/** For the write that stores messages new to this computer. */
export function onStored(tx: Tx, account: AccountId, folder: FolderId, messages: readonly MessageId[], now: number): void {
  const special = getFolder(tx, folder)?.special
  if (special === 'sent' || special === 'drafts' || special === 'junk' || special === 'trash') return
  for (const id of messages) {
    const message = newcomer(tx, id)
    if (!message || isOwnAddress(tx, message.from)) continue
    const asleep = snoozeOf(tx, message.threadId)
    if (asleep?.returnedAt === null && message.date > asleep.setAt - dayMs) returnEarly(tx, message.threadId, now)
    if (special === 'inbox' && isMuted(tx, message.threadId)) {
      // The new message is remembered too, for the day the others are gone.
      setMuted(tx, message.threadId, true)
      const owing = new Owing(tx, now)
      for (const one of placedOfMessage(tx, id)) {
        if (one.folderId !== folder) continue
        owing.flag(account, one.id, 'seen', true)
        owing.move(account, one.id, folderForUse(tx, account, 'archive', now))
      }
    }
  }
}

/** Conversations brought back in one write. */
const returnedAtOnce = 20
/** Timers are not trusted for longer than this: the clock may be set, and computers sleep. Milliseconds. */
const longestWait = 60_000

/** Gives what stops it, and what makes it look again at once. */
export function startSnoozeAlarm(options: {
  readonly db: Db
  readonly clock: { readonly now: () => number; readonly after: (ms: number, run: () => void) => () => void }
  readonly onReturned: (threads: readonly ThreadId[]) => void
}): { readonly wake: () => void; readonly stop: () => void } {
  const { db, clock } = options
  let cancel: (() => void) | null = null
  const look = (): void => {
    cancel?.()
    cancel = null
    const next = nextReturn(db)
    if (next === null) return
    if (next > clock.now()) {
      cancel = clock.after(Math.min(longestWait, next - clock.now()), look)
      return
    }
    const back = db.write('bring back snoozed threads', (tx) => {
      const threads = returnDue(tx, clock.now(), returnedAtOnce)
      for (const thread of threads) bringToInbox(tx, thread, clock.now())
      return threads
    })
    options.onReturned(back)
    // The rest in the next turn.
    cancel = clock.after(0, look)
  }
  const stopListening = db.onChange((changes) => {
    if (changes.threads.size > 0) look()
  })
  look()
  return {
    wake: look,
    stop() {
      stopListening()
      cancel?.()
    },
  }
}

/** A conversation snoozed out of a folder or a search comes back to the inbox: its newest message that came in does. */
function bringToInbox(tx: Tx, thread: ThreadId, now: number): void {
  const placed = placedOfThread(tx, thread)
  if (placed.some((one) => one.special === 'inbox')) return
  const newest = placed.findLast((one) => one.special !== 'sent' && one.special !== 'drafts' && one.special !== 'trash' && one.special !== 'junk' && !isView(one))
  const inbox = newest && specialFolder(tx, newest.accountId, 'inbox')
  if (newest && inbox) new Owing(tx, now).move(newest.accountId, newest.id, inbox)
}
