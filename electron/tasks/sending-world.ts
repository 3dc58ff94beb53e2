// A world for tests of the outbox: a clock that can jump and sleep, a server that takes mail and keeps Sent, and ways for
// things to go wrong at every point of the wire. What is delivered is counted, and when.
import { MailFailure } from '../../shared/model/failure.ts'
import type { Mailbox, Submission, SubmissionSteps, Submitted } from '../mail/mailbox.ts'
import type { FrozenMail } from './frozen-mail.ts'

export type TestClock = {
  readonly now: () => number
  readonly after: (ms: number, run: () => void) => () => void
  /** Time passes; timers fire. */
  readonly pass: (ms: number, settled: () => Promise<void>) => Promise<void>
  /** The wall clock is set; timers know nothing of it. */
  readonly jump: (ms: number) => void
  /** As after the end of the process. */
  readonly forget: () => void
}

export function testClock(start: number): TestClock {
  let wall = start
  let steady = 0
  let timers: { readonly at: number; readonly run: () => void }[] = []
  return {
    now: () => wall,
    after(ms, run) {
      const timer = { at: steady + Math.max(0, ms), run }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    async pass(ms, settled) {
      const end = steady + ms
      await settled()
      for (;;) {
        const next = timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        timers = timers.filter((one) => one !== next)
        wall += next.at - steady
        steady = next.at
        next.run()
        await settled()
      }
      wall += end - steady
      steady = end
    },
    jump(ms) {
      wall += ms
    },
    forget() {
      timers = []
    },
  }
}

export function frozenInMemory(): FrozenMail & { readonly names: () => readonly string[] } {
  const files = new Map<string, Uint8Array>()
  let next = 0
  return {
    write(pieces) {
      const name = `${String(++next)}.eml`
      files.set(name, Buffer.concat(pieces))
      return Promise.resolve(name)
    },
    read(name) {
      const bytes = files.get(name)
      return bytes ? Promise.resolve(bytes) : Promise.reject(new Error(`no file ${name}`))
    },
    remove(names) {
      for (const name of names) if (name !== null) files.delete(name)
      return Promise.resolve()
    },
    sweep(named) {
      for (const name of files.keys()) if (!named.includes(name)) files.delete(name)
      return Promise.resolve()
    },
    names: () => [...files.keys()],
  }
}

/** What happens to the next thing said to the server. 'hangs': the program dies before anything comes back. */
export type Trouble =
  | { readonly at: 'submit'; readonly how: 'offline' | 'throttled' | 'auth' | 'fault' | 'hangs-before' | 'hangs-passed' | 'hangs-delivered' | 'unanswered-lost' | 'unanswered-delivered' }
  | { readonly at: 'append'; readonly how: 'offline' | 'offline-done' | 'hangs-before' | 'hangs-done' }
  | { readonly at: 'find'; readonly how: 'offline' | 'hangs' }

export type World = {
  readonly mailbox: Mailbox
  /** Per Message-ID and recipient, the times of delivery. */
  readonly delivered: Map<string, number[]>
  /** Message-IDs in Sent, as often as they are there. */
  readonly sent: string[]
  readonly trouble: Trouble[]
  /** Resolves when something hangs, as the program does when it is killed there. */
  readonly hung: () => boolean
  readonly held: { readonly id: string; readonly until: number }[]
  readonly submissions: Submission[]
}

export function sendingWorld(now: () => number, options: { readonly savesSent: boolean | null; readonly reallySaves: boolean; readonly holdMs?: number; readonly refuse?: (address: string) => { said: string; status: string } | null }): World {
  const delivered = new Map<string, number[]>()
  const sent: string[] = []
  const trouble: Trouble[] = []
  const held: { id: string; until: number }[] = []
  const submissions: Submission[] = []
  let hanging = false
  const hang = <T>(): Promise<T> => {
    hanging = true
    return new Promise<T>(() => undefined)
  }
  const take = (at: Trouble['at']): string | null => {
    if (trouble[0]?.at !== at) return null
    return trouble.shift()?.how ?? null
  }
  const deliver = (id: string, to: readonly string[]): void => {
    for (const address of to) delivered.set(`${id} ${address}`, [...(delivered.get(`${id} ${address}`) ?? []), now()])
    if (options.reallySaves) sent.push(id)
  }
  const ids = new Map<string, number>()

  const mailbox: Pick<Mailbox, 'submit' | 'append' | 'findByMessageId' | 'savesSent' | 'holdLimit' | 'listFolders'> = {
    listFolders: () => Promise.resolve([{ remoteId: 'Sent', parentRemoteId: null, name: 'Sent', special: 'sent', selectable: true, subscribed: true, status: null }]),
    async submit(submission: Submission, steps: SubmissionSteps): Promise<Submitted> {
      submissions.push(submission)
      steps.onRoute('test')
      await Promise.resolve()
      const how = take('submit')
      if (how === 'offline') throw new MailFailure('offline', 'refused')
      if (how === 'throttled') throw new MailFailure('throttled', 'server-busy')
      if (how === 'auth') throw new MailFailure('auth', 'login-refused')
      if (how === 'fault') throw new Error('a fault of our own')
      if (how === 'hangs-before') return await hang()
      const refusals = submission.to.map((address) => ({ address, ...(options.refuse?.(address) ?? { said: '', status: null }) })).filter((one) => one.status !== null)
      const takers = submission.to.filter((address) => !refusals.some((one) => one.address === address))
      if (takers.length === 0) {
        for (const one of refusals) steps.onRefused?.(one)
        if (refusals.some((one) => one.status.startsWith('4.'))) throw new MailFailure('throttled', 'recipients-deferred', refusals[0]?.said)
        throw new MailFailure('rejected', 'recipients-refused', refusals[0]?.said)
      }
      if (submission.holdUntil !== null && (options.holdMs ?? 0) < submission.holdUntil - now()) throw new MailFailure('rejected', 'hold-unsupported')
      if (steps.signal.aborted) throw new MailFailure('offline', 'cancelled')
      steps.onPointOfNoReturn()
      await Promise.resolve()
      if (how === 'hangs-passed') return await hang()
      if (how === 'unanswered-lost') return { outcome: 'uncertain', said: null }
      if (submission.holdUntil !== null) held.push({ id: submission.headerMessageId, until: submission.holdUntil })
      else deliver(submission.headerMessageId, takers)
      await Promise.resolve()
      if (how === 'hangs-delivered') return await hang()
      if (how === 'unanswered-delivered') return { outcome: 'uncertain', said: null }
      return { outcome: 'accepted', said: '250 ok', refused: refusals, held: submission.holdUntil !== null }
    },
    async append(_folder, raw) {
      const how = take('append')
      if (how === 'offline') throw new MailFailure('offline', 'connection-lost')
      if (how === 'hangs-before') return await hang()
      const id = /^Message-ID: <([^>]+)>/m.exec(Buffer.from(raw).toString())?.[1] ?? ''
      sent.push(id)
      if (how === 'offline-done') throw new MailFailure('offline', 'connection-lost')
      if (how === 'hangs-done') return await hang()
      ids.set(id, (ids.get(id) ?? 0) + 1)
      return `uid-${id}`
    },
    async findByMessageId(_folder, id) {
      const how = take('find')
      if (how === 'offline') throw new MailFailure('offline', 'refused')
      if (how === 'hangs') return await hang()
      await Promise.resolve()
      return sent.filter((one) => one === id).map((one, index) => `found-${one}-${String(index)}`)
    },
    savesSent: () => Promise.resolve(options.savesSent),
    holdLimit: () => Promise.resolve(options.holdMs ?? null),
  }
  return {
    mailbox: mailbox as Mailbox,
    delivered,
    sent,
    trouble,
    held,
    submissions,
    hung() {
      const was = hanging
      hanging = false
      return was
    },
  }
}
