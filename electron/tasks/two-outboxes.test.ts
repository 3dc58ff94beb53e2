// One draft in the outboxes of two computers, each with a database of its own, and one server for both: whatever they do in
// the same instant, it goes once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../../db/handles.ts'
import { getOutgoing } from '../../db/queries/outgoing.ts'
import { addAccount, openTestDb } from '../../db/test-rows.ts'
import type { AccountId, OutgoingId } from '../../shared/model/ids.ts'
import type { Outgoing } from '../../shared/model/outgoing.ts'
import { openOutbox, type Outbox } from './outbox.ts'
import { frozenInMemory, sendingWorld, testClock, type World } from './sending-world.ts'

const second = 1_000
const minute = 60_000
const hour = 3_600_000
const start = Date.UTC(2026, 10, 21, 9)
const at = start + 30 * minute

type Computer = { readonly db: Db; readonly account: AccountId; readonly frozen: ReturnType<typeof frozenInMemory>; outbox: Outbox }

let dir: string
let clock: ReturnType<typeof testClock>
let world: World
let isOnline: boolean
let begun: Computer
let continued: Computer

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-outboxes-'))
  clock = testClock(start)
  world = sendingWorld(clock.now, { savesSent: false, reallySaves: false })
  isOnline = true
  begun = computer('begun')
  continued = computer('continued')
})
afterEach(async () => {
  for (const { outbox, db } of [begun, continued]) {
    await outbox.close()
    await db.close()
  }
  rmSync(dir, { recursive: true })
})

function computer(name: string): Computer {
  const db = openTestDb(join(dir, `${name}.db`))
  const parts = { db, account: addAccount(db), frozen: frozenInMemory() }
  return { ...parts, outbox: opened(parts) }
}

function opened({ db, frozen }: Pick<Computer, 'db' | 'frozen'>): Outbox {
  return openOutbox({
    db, clock, frozen,
    random: () => 0.5,
    mailboxOf: () => (isOnline ? world.mailbox : null),
    policy: () => ({ undoSendSeconds: 10, lateSend: 'late', lateSendHours: 2 }),
    onDelivered: () => undefined, onReturned: () => undefined, notice: () => undefined, onProgress: () => undefined,
  })
}

async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await turn()
    await Promise.all([begun.outbox.settled(), continued.outbox.settled()])
  }
}
const pass = (ms: number): Promise<void> => clock.pass(ms, settle)

/** Both look at the same instant what is due, as after sleep. */
async function wakeAfter(ms: number): Promise<void> {
  clock.jump(ms)
  for (const { outbox } of [begun, continued]) outbox.wake()
  await settle()
}

async function schedule(on: Computer, more: { readonly at?: number | null } = {}): Promise<OutgoingId> {
  const headerMessageId = 'draft@firm.example'
  const raw = Buffer.from(`From: a@firm.example\r\nMessage-ID: <${headerMessageId}>\r\nSubject: Hi\r\n\r\nHello\r\n`)
  const mail = await on.outbox.freeze({ raw, copy: raw, headerMessageId, identityId: null, from: { name: 'A', address: 'a@firm.example' }, subject: 'Hi', recipients: [{ name: '', address: 'bert@x.example', kind: 'to' }], notify: false })
  const id = on.db.write('send', (tx) => on.outbox.take(tx, mail, { accountId: on.account, draftId: null, sourceMessageId: null, sourceMark: null, lookFirst: true, continued: on === continued, at, timeZone: null, ...more }))
  await settle()
  return id
}

const get = (on: Computer, id: OutgoingId): Outgoing => getOutgoing(on.db, id) ?? expect.fail('no such mail')
const deliveries = (): number => [...world.delivered.values()].flat().length
const elsewhere = { state: 'uncertain', failure: { code: 'sent-elsewhere' } }

/** The one computer sent it; the other one asks. */
function expectOnce(first: OutgoingId, other: OutgoingId): void {
  expect(get(begun, first)).toMatchObject({ state: 'sent' })
  expect(get(continued, other)).toMatchObject(elsewhere)
  expect(deliveries()).toBe(1)
}

describe('a draft scheduled on two computers for the same minute goes once', () => {
  it('at its time', async () => {
    const ids = [await schedule(begun), await schedule(continued)] as const
    expect(get(continued, ids[1])).toMatchObject({ runAt: at })
    await wakeAfter(30 * minute)
    expect(get(continued, ids[1])).toMatchObject({ state: 'waiting', failure: null, runAt: at + 30 * second })
    await pass(minute)
    expectOnce(...ids)
  })

  it('when both wake late in the same instant', async () => {
    const ids = [await schedule(begun), await schedule(continued)] as const
    await wakeAfter(hour)
    await pass(minute)
    expectOnce(...ids)
  })

  it('when both were scheduled anew from the outbox', async () => {
    const ids = [await schedule(begun), await schedule(continued)] as const
    begun.outbox.reschedule(ids[0], at + minute, null)
    continued.outbox.reschedule(ids[1], at + minute, null)
    await wakeAfter(31 * minute)
    await pass(minute)
    expectOnce(...ids)
  })

  it('when the line to both is back in the same instant', async () => {
    const ids = [await schedule(begun), await schedule(continued)] as const
    isOnline = false
    await pass(35 * minute)
    isOnline = true
    for (const { outbox } of [begun, continued]) outbox.accountChanged('all')
    await pass(minute)
    expectOnce(...ids)
  })

  it('when both sleep while the second one waits, also through a new start', async () => {
    const ids = [await schedule(begun), await schedule(continued)] as const
    // The first cannot send it yet.
    world.trouble.push({ at: 'find', how: 'offline' })
    await pass(30 * minute)
    expect([get(begun, ids[0]).state, get(continued, ids[1]).state]).toEqual(['waiting', 'waiting'])
    expect(deliveries()).toBe(0)
    clock.forget()
    clock.jump(hour)
    begun.outbox = opened(begun)
    continued.outbox = opened(continued)
    await settle()
    await pass(minute)
    expectOnce(...ids)
  })
})

describe('a draft continued here that the other computer does not send', () => {
  it('goes after the wait', async () => {
    const id = await schedule(continued)
    await wakeAfter(hour)
    await pass(29 * second)
    expect(deliveries()).toBe(0)
    await pass(second)
    expect(get(continued, id)).toMatchObject({ state: 'sent', sentAt: start + hour + 30 * second })
    expect(deliveries()).toBe(1)
  })

  it('goes at once when a person sends it now', async () => {
    const at = start + hour
    const id = await schedule(continued, { at })
    continued.outbox.sendNow(id)
    await settle()
    expect(get(continued, id)).toMatchObject({ state: 'sent', sentAt: start })
    const other = await schedule(begun, { at: null })
    await pass(minute)
    expect(get(begun, other)).toMatchObject(elsewhere)
  })

  it('is not handed to a server that would hold it', async () => {
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, holdMs: 48 * hour })
    const id = await schedule(continued, { at: start + 24 * hour })
    continued.outbox.reschedule(id, start + 25 * hour, null)
    await pass(5 * minute)
    expect(get(continued, id)).toMatchObject({ state: 'scheduled', heldBy: 'computer' })
    expect(world.held).toEqual([])
  })
})
