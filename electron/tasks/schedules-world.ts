// For tests: lives of an outbox with scheduled mails, under clocks that jump, computers that sleep, programs that are killed
// and networks that fail, all from a seed: every mail goes exactly once and never early, or waits where a person can see it.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Db } from '../../db/handles.ts'
import { getOutgoing } from '../../db/queries/outgoing.ts'
import { addAccount, openTestDb } from '../../db/test-rows.ts'
import type { AccountId, OutgoingId } from '../../shared/model/ids.ts'
import type { BuiltMessage } from '../mail/compose/built-message.ts'
import { openOutbox, type Outbox } from './outbox.ts'
import { frozenInMemory, sendingWorld, testClock, type Trouble } from './sending-world.ts'

export const perWorld = 40
const minute = 60_000
const hour = 3_600_000
const zones = ['Europe/Oslo', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', null] as const
/** Around changes of daylight saving in several of the zones, and an ordinary day. */
const starts = [Date.UTC(2026, 2, 28, 12), Date.UTC(2026, 9, 24, 12), Date.UTC(2026, 10, 1, 0), Date.UTC(2026, 5, 10, 6)] as const
const troubles: readonly Trouble[] = [
  { at: 'submit', how: 'offline' }, { at: 'submit', how: 'throttled' }, { at: 'submit', how: 'hangs-before' }, { at: 'submit', how: 'hangs-passed' },
  { at: 'submit', how: 'hangs-delivered' }, { at: 'submit', how: 'unanswered-lost' }, { at: 'submit', how: 'unanswered-delivered' },
  { at: 'append', how: 'offline' }, { at: 'append', how: 'offline-done' }, { at: 'append', how: 'hangs-before' }, { at: 'append', how: 'hangs-done' },
  { at: 'find', how: 'offline' }, { at: 'find', how: 'hangs' },
]

function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Planned = { readonly id: OutgoingId; readonly header: string; readonly at: number; now: boolean }

async function live(seed: number, db: Db, account: AccountId): Promise<void> {
  const random = seeded(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const start = pick(starts)
  const clock = testClock(start)
  const saves = random() < 0.5
  const world = sendingWorld(clock.now, { savesSent: random() < 0.5 ? saves : null, reallySaves: saves })
  const frozen = frozenInMemory()
  const policy = { undoSendSeconds: 10, lateSend: pick(['late', 'ask', 'drop'] as const), lateSendHours: 2 }
  const opened = (): Outbox =>
    openOutbox({
      db, clock, frozen, random,
      mailboxOf: () => world.mailbox,
      policy: () => policy,
      onDelivered: () => undefined, onReturned: () => undefined, notice: () => undefined, onProgress: () => undefined,
      perMinute: 1_000,
      // A day of timers in a moment.
      longestTimerMs: 10 * minute,
    })
  let outbox = opened()
  const settle = async (): Promise<void> => {
    const now = { done: false }
    const isDone = (): boolean => now.done
    void outbox.settled().then(() => (now.done = true))
    // A program that hangs never settles; it is killed.
    for (let turns = 0; !isDone() && turns < 50; turns++) await turn()
    if (isDone()) return
    world.hung()
    clock.forget()
    outbox = opened()
    await settle()
  }
  const restart = async (): Promise<void> => {
    clock.forget()
    outbox = opened()
    await settle()
  }

  const planned: Planned[] = []
  for (let each = 0; each < perWorld; each++) {
    const zone = pick(zones)
    const at = start + minute + Math.floor(random() * 36 * hour)
    const header = `s${String(seed)}.${String(each)}@firm.example`
    const raw = Buffer.from(`Message-ID: <${header}>\r\nSubject: s\r\n\r\nx\r\n`)
    const built: BuiltMessage = { raw, copy: raw, headerMessageId: header, identityId: null, from: { name: '', address: 'a@firm.example' }, subject: 's', recipients: [{ name: '', address: 'b@x.example', kind: 'to' }], notify: false }
    const mail = await outbox.freeze(built)
    const id = db.write('send', (tx) => outbox.take(tx, mail, { accountId: account, draftId: null, sourceMessageId: null, sourceMark: null, lookFirst: false, at, timeZone: zone }))
    planned.push({ id, header, at, now: false })
  }
  await settle()

  for (let step = 0; step < 60; step++) {
    const what = random()
    if (what < 0.5) await clock.pass(Math.floor(random() * 2 * hour), settle)
    else if (what < 0.6) clock.jump(Math.floor((random() - 0.5) * 6 * hour))
    else if (what < 0.7) {
      clock.jump(Math.floor(random() * 5 * hour))
      outbox.wake()
      await settle()
    } else if (what < 0.85) await restart()
    else if (what < 0.97) world.trouble.push(pick(troubles))
    else {
      const one = pick(planned)
      if (getOutgoing(db, one.id)?.state === 'scheduled') {
        one.now = true
        outbox.sendNow(one.id)
        await settle()
      }
    }
  }
  world.trouble.length = 0
  // Long enough for everything to become due and to be tried, in steps that no timer is missed in.
  clock.jump(Math.max(0, Math.max(...planned.map((one) => one.at)) - clock.now()))
  for (let round = 0; round < 4; round++) {
    await clock.pass(2 * hour, settle)
    for (const one of planned) {
      const { state, failure } = getOutgoing(db, one.id) ?? {}
      // What the person would find out by asking.
      if (state === 'uncertain') await outbox.resolve(one.id, world.delivered.has(`${one.header} b@x.example`) ? 'arrived' : 'send-again')
      else if (state === 'missed') {
        expect(failure?.code, `seed ${String(seed)}`).toBe(policy.lateSend === 'drop' ? 'missed-dropped' : 'missed')
        expect(world.delivered.has(`${one.header} b@x.example`)).toBe(false)
        await outbox.resolve(one.id, 'send-late')
      }
    }
    await settle()
  }
  for (const one of planned) {
    const times = world.delivered.get(`${one.header} b@x.example`) ?? []
    const where = `seed ${String(seed)}, ${one.header}, ${JSON.stringify(getOutgoing(db, one.id))}`
    expect(times.length, where).toBe(1)
    if (!one.now) expect(times[0], where).toBeGreaterThanOrEqual(one.at)
    expect(world.sent.filter((id) => id === one.header).length, where).toBe(1)
    expect(getOutgoing(db, one.id)?.state, where).toBe('sent')
  }
  expect(frozen.names(), `seed ${String(seed)}`).toEqual([])
  await outbox.close()
}

/** Lives through these seeds one after the other, in one database. */
export async function liveThrough(first: number, last: number): Promise<void> {
  // Thousands of commits that wait for a disk would measure the disk.
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'shortlist-schedules-'))
  const db = openTestDb(join(dir, 'a.db'))
  try {
    for (let seed = first; seed <= last; seed++) await live(seed, db, addAccount(db, `a${String(seed)}`))
  } finally {
    await db.close()
    rmSync(dir, { recursive: true })
  }
}
