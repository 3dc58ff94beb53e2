// The outbox on a real database, with a clock and a server that do as they are told.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../../db/handles.ts'
import { countOutgoing, getOutgoing, listOutgoing } from '../../db/queries/outgoing.ts'
import { addAccount, openTestDb } from '../../db/test-rows.ts'
import type { AccountId, DraftId, OutgoingId } from '../../shared/model/ids.ts'
import type { Outgoing } from '../../shared/model/outgoing.ts'
import type { BuiltMessage } from '../mail/compose/built-message.ts'
import { openOutbox, type Handing, type Outbox, type OutboxOptions } from './outbox.ts'
import { frozenInMemory, sendingWorld, testClock, type World } from './sending-world.ts'

const second = 1_000
const minute = 60_000
const hour = 3_600_000
const start = Date.UTC(2026, 10, 21, 9)

let dir: string
let db: Db
let account: AccountId
let clock: ReturnType<typeof testClock>
let frozen: ReturnType<typeof frozenInMemory>
let world: World
let outbox: Outbox
let policy: ReturnType<OutboxOptions['policy']>
let notices: string[]
let finished: (DraftId | null)[]
let returned: (readonly [DraftId, boolean])[]

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-outbox-'))
  db = openTestDb(join(dir, 'a.db'))
  account = addAccount(db)
  clock = testClock(start)
  frozen = frozenInMemory()
  policy = { undoSendSeconds: 10, lateSend: 'late', lateSendHours: 2 }
  notices = []
  finished = []
  returned = []
  world = sendingWorld(clock.now, { savesSent: false, reallySaves: false })
  outbox = opened()
})
afterEach(async () => {
  await outbox.close()
  await db.close()
  rmSync(dir, { recursive: true })
})

function opened(): Outbox {
  return openOutbox({
    db, clock, frozen,
    random: () => 0.5,
    mailboxOf: () => world.mailbox,
    policy: () => policy,
    onDelivered: (_tx, mail) => finished.push(mail.draftId),
    onReturned: (_tx, draft, mayHaveLeft) => returned.push([draft, mayHaveLeft]),
    notice: (code) => notices.push(code),
    onProgress: () => undefined,
  })
}

async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await turn()
    await Promise.race([outbox.settled(), turn().then(turn).then(turn).then(turn)])
  }
}
const pass = (ms: number): Promise<void> => clock.pass(ms, settle)

/** The program is killed where it hangs and started again. */
async function restart(): Promise<void> {
  clock.forget()
  outbox = opened()
  await settle()
}

let ids = 0
function built(to: readonly string[] = ['bert@x.example'], more: Partial<BuiltMessage> = {}): BuiltMessage {
  const headerMessageId = `m${String(++ids)}@firm.example`
  const raw = Buffer.from(`From: a@firm.example\r\nMessage-ID: <${headerMessageId}>\r\nSubject: Hi\r\n\r\nHello\r\n`)
  return { raw, copy: raw, headerMessageId, identityId: null, from: { name: 'A', address: 'a@firm.example' }, subject: 'Hi', recipients: to.map((address) => ({ name: '', address, kind: 'to' as const })), notify: false, ...more }
}

async function send(message = built(), how: Partial<Handing> = {}): Promise<OutgoingId> {
  const mail = await outbox.freeze(message)
  const id = db.write('send', (tx) => outbox.take(tx, mail, { accountId: account, draftId: 7 as DraftId, sourceMessageId: null, sourceMark: null, lookFirst: false, at: null, timeZone: null, ...how }))
  await settle()
  return id
}
const get = (id: OutgoingId): Outgoing => {
  const found = getOutgoing(db, id)
  if (!found) throw new Error('no such mail')
  return found
}
const deliveries = (): number => [...world.delivered.values()].flat().length

describe('the end of the program', () => {
  it('is the end of the seconds for taking back, and no reason to send early what has a time', async () => {
    const now = await send()
    const later = await send(built(), { at: start + hour })
    await outbox.close()
    expect(get(now)).toMatchObject({ state: 'sent' })
    expect(get(later)).toMatchObject({ state: 'scheduled', runAt: start + hour })
    expect(deliveries()).toBe(1)
    expect(world.sent).toEqual([get(now).headerMessageId])
    await restart()
    await pass(minute)
    expect(deliveries()).toBe(1)
  })

  it('does not wait for what must wait itself, and the next start sends it', async () => {
    world.trouble.push({ at: 'submit', how: 'offline' })
    const id = await send()
    await outbox.close()
    expect(get(id)).toMatchObject({ state: 'waiting', failure: { kind: 'offline' } })
    await restart()
    await pass(hour)
    expect(get(id)).toMatchObject({ state: 'sent' })
    expect(deliveries()).toBe(1)
  })
})

describe('a mail that is sent', () => {
  it('can be taken back for some seconds, then goes once, is filed once, and only then its draft is done with', async () => {
    const id = await send()
    expect(get(id)).toMatchObject({ state: 'held', runAt: start + 10 * second, draftId: 7 })
    await pass(9 * second)
    expect(deliveries()).toBe(0)
    expect(finished).toEqual([])
    await pass(2 * second)
    expect(get(id)).toMatchObject({ state: 'sent', route: 'test', said: '250 ok', attempts: 0, recipients: [{ address: 'bert@x.example', state: 'accepted' }] })
    expect(deliveries()).toBe(1)
    expect(world.sent).toEqual([get(id).headerMessageId])
    expect(finished).toEqual([7])
    expect(frozen.names()).toEqual([])
  })

  it('goes as it was frozen, with a token above it and whole lines', async () => {
    const message = built(undefined, { raw: Buffer.from('Subject: x\n\n.half\nlines'), copy: Buffer.from('Bcc: c@x.example\nSubject: x\n\n.half\nlines') })
    await send(message)
    await pass(11 * second)
    expect(Buffer.from(world.submissions[0]?.raw ?? []).toString()).toBe(`X-Shortlist-Message-Id: ${message.headerMessageId}\r\nSubject: x\r\n\r\n.half\r\nlines\r\n`)
  })

  it('goes once to somebody who is named twice', async () => {
    await send(built(['b@x.example', 'B@x.example', 'c@x.example']))
    await pass(11 * second)
    expect(world.submissions[0]?.to).toEqual(['b@x.example', 'c@x.example'])
  })

  it('taken back is a draft again, and nothing is left of it', async () => {
    const id = await send()
    expect(await outbox.cancel(id)).toBe(7)
    expect(returned).toEqual([[7, false]])
    await pass(hour)
    expect(deliveries()).toBe(0)
    expect(getOutgoing(db, id)).toBeNull()
    expect(frozen.names()).toEqual([])
  })

  it('taken back too late stays sent', async () => {
    const id = await send()
    await pass(11 * second)
    await expect(outbox.cancel(id)).rejects.toMatchObject({ kind: 'rejected', code: 'already-sent' })
  })

  it('held over a restart still waits for its seconds, and one whose clock went back does not wait for hours', async () => {
    const id = await send()
    await pass(4 * second)
    await restart()
    expect(get(id).state).toBe('held')
    clock.jump(-5 * hour)
    outbox.wake()
    await pass(11 * second)
    expect(get(id).state).toBe('sent')
    expect(deliveries()).toBe(1)
  })
})

describe('a server that cannot be reached', () => {
  it('is tried again with growing patience, and at once when the network comes back', async () => {
    const id = await send()
    world.trouble.push(...Array.from({ length: 6 }, () => ({ at: 'submit', how: 'offline' }) as const))
    await pass(12 * second)
    expect(get(id)).toMatchObject({ state: 'waiting', failure: { kind: 'offline' } })
    await pass(10 * minute)
    expect(get(id)).toMatchObject({ state: 'sent' })
    expect(deliveries()).toBe(1)
  })

  it('is not waited for by a clock that was wrong when it failed', async () => {
    clock.jump(400 * 24 * hour)
    const id = await send()
    world.trouble.push({ at: 'submit', how: 'throttled' })
    await pass(11 * second)
    expect(get(id).state).toBe('waiting')
    clock.jump(-400 * 24 * hour)
    await pass(2 * minute)
    expect(get(id).state).toBe('sent')
    expect(deliveries()).toBe(1)
  })

  it('that refuses the sign-in is not asked again until something is done about it, and nor for the next mail', async () => {
    world.trouble.push({ at: 'submit', how: 'auth' })
    const id = await send()
    const other = await send()
    await pass(2 * hour)
    expect(world.submissions).toHaveLength(1)
    expect(get(id)).toMatchObject({ state: 'waiting', failure: { kind: 'auth' } })
    expect(countOutgoing(db)).toMatchObject({ needsPerson: 1 })
    outbox.accountChanged(account)
    await pass(second)
    expect([get(id).state, get(other).state]).toEqual(['sent', 'sent'])
  })
})

describe('a fault of our own', () => {
  const trouble = (...how: readonly ('offline' | 'fault')[]): void => void world.trouble.push(...how.map((one) => ({ at: 'submit', how: one }) as const))

  it('is tried three times, however often the server could not be reached before', async () => {
    trouble('offline', 'offline', 'offline', 'fault', 'fault')
    const id = await send()
    await pass(hour)
    expect(world.trouble).toEqual([])
    expect(get(id)).toMatchObject({ state: 'sent' })
    trouble('offline', 'offline', 'offline', 'fault', 'fault', 'fault')
    const other = await send()
    await pass(hour)
    expect(get(other)).toMatchObject({ state: 'refused', failure: { kind: 'bug' }, attempts: 6 })
    expect(deliveries()).toBe(1)
  })

  it('counts only in a row, and anew when the person tries again', async () => {
    trouble('fault', 'fault', 'offline', 'fault', 'fault', 'offline', 'fault', 'fault', 'fault')
    const id = await send()
    await pass(hour)
    expect(world.trouble).toEqual([])
    expect(get(id).state).toBe('refused')
    trouble('fault', 'fault')
    outbox.retry(id)
    await pass(hour)
    expect(get(id).state).toBe('sent')
  })
})

describe('recipients the server refuses', () => {
  it('are told plainly when nobody else gets it, and it can be tried again', async () => {
    let refusing = true
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, refuse: () => (refusing ? { said: '550 No such user', status: '5.1.1' } : null) })
    const id = await send()
    await pass(11 * second)
    expect(get(id)).toMatchObject({ state: 'refused', failure: { code: 'recipients-refused' }, recipients: [{ state: 'refused', said: '550 No such user', status: '5.1.1' }] })
    expect(notices).toEqual(['send-refused'])
    expect(finished).toEqual([])
    refusing = false
    outbox.retry(id)
    await pass(second)
    expect(get(id)).toMatchObject({ state: 'sent', recipients: [{ state: 'accepted', said: null }] })
  })

  it('get it at the time a refused mail is given', async () => {
    let refusing = true
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, refuse: () => (refusing ? { said: '550 No such user', status: '5.1.1' } : null) })
    const id = await send()
    await pass(11 * second)
    expect(get(id).state).toBe('refused')
    refusing = false
    outbox.reschedule(id, clock.now() + hour, null)
    expect(get(id)).toMatchObject({ state: 'scheduled', recipients: [{ state: 'waiting', said: null }] })
    await pass(2 * hour)
    expect(get(id)).toMatchObject({ state: 'sent', recipients: [{ state: 'accepted' }] })
    expect(deliveries()).toBe(1)
  })

  it('do not get it again with those who have it', async () => {
    let refusing = true
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, refuse: (address) => (refusing && address.startsWith('c') ? { said: '550 No', status: '5.1.1' } : null) })
    const id = await send(built(['b@x.example', 'c@x.example']))
    await pass(11 * second)
    expect(get(id)).toMatchObject({ state: 'sent', recipients: [{ state: 'accepted' }, { state: 'refused', status: '5.1.1' }] })
    expect(notices).toEqual(['send-some-refused'])
    refusing = false
    outbox.retry(id)
    await pass(minute)
    expect(world.submissions.map((one) => one.to)).toEqual([['b@x.example', 'c@x.example'], ['c@x.example']])
    expect(get(id)).toMatchObject({ state: 'sent', recipients: [{ state: 'accepted' }, { state: 'accepted' }] })
    expect(world.sent).toHaveLength(1)
    expect(frozen.names()).toEqual([])
  })

  it('for now get it later, the others only once', async () => {
    const since = clock.now()
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, refuse: (address) => (address.startsWith('c') && clock.now() < since + 12 * minute ? { said: '450 Greylisted', status: '4.2.0' } : null) })
    const id = await send(built(['b@x.example', 'c@x.example']))
    await pass(minute)
    expect(get(id)).toMatchObject({ state: 'waiting', recipients: [{ state: 'accepted' }, { state: 'waiting' }] })
    await expect(outbox.cancel(id)).rejects.toMatchObject({ code: 'already-sent' })
    await pass(hour)
    expect(get(id)).toMatchObject({ state: 'sent', recipients: [{ state: 'accepted' }, { state: 'accepted' }] })
    expect([...world.delivered.values()].map((times) => times.length)).toEqual([1, 1])
    expect(world.sent).toHaveLength(1)
  })

  it('for good are told at once where others are to be tried later, and are not tried with them', async () => {
    const since = clock.now()
    const answer = (address: string) => {
      if (address.startsWith('b')) return { said: '550 No such user', status: '5.1.1' }
      return clock.now() < since + 12 * minute ? { said: '450 Greylisted', status: '4.7.1' } : null
    }
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, refuse: answer })
    const id = await send(built(['b@x.example', 'c@x.example']))
    await pass(minute)
    expect(get(id)).toMatchObject({ state: 'waiting', failure: { code: 'recipients-deferred' }, recipients: [{ state: 'refused', status: '5.1.1' }, { state: 'waiting', said: '450 Greylisted', status: '4.7.1' }] })
    expect(notices).toEqual(['send-some-refused'])
    await pass(hour)
    expect(get(id)).toMatchObject({ state: 'sent', recipients: [{ state: 'refused' }, { state: 'accepted', status: null }] })
    expect(world.submissions.map((one) => one.to)).toEqual([['b@x.example', 'c@x.example'], ['c@x.example'], ['c@x.example']])
    expect(notices).toEqual(['send-some-refused'])
  })

  it('for now again and again count as refused after a while, whatever else kept the mail before', async () => {
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, refuse: (address) => (address.startsWith('b') ? { said: '550 No such user', status: '5.1.1' } : { said: '450 Greylisted', status: '4.7.1' }) })
    world.trouble.push(...Array.from({ length: 8 }, () => ({ at: 'submit', how: 'offline' }) as const))
    const id = await send(built(['b@x.example', 'c@x.example']))
    await pass(hour)
    expect(get(id).state).toBe('waiting')
    await pass(5 * hour)
    expect(get(id)).toMatchObject({
      state: 'refused',
      failure: { kind: 'rejected', code: 'recipients-refused' },
      recipients: [{ state: 'refused', status: '5.1.1', said: '550 No such user' }, { state: 'refused', status: '4.7.1', said: '450 Greylisted' }],
    })
    expect(world.submissions).toHaveLength(8 + 6)
    expect(notices).toEqual(['send-some-refused', 'send-refused'])
    // Tried again by the person, they are waited for once more.
    outbox.retry(id)
    await pass(minute)
    expect(get(id).state).toBe('waiting')
  })
})

describe('an answer that never came', () => {
  it('is found in Sent where the server files what it sends', async () => {
    world = sendingWorld(clock.now, { savesSent: true, reallySaves: true })
    world.trouble.push({ at: 'submit', how: 'unanswered-delivered' })
    const id = await send()
    await pass(minute)
    expect(get(id).state).toBe('sent')
    expect(deliveries()).toBe(1)
    expect(world.sent).toHaveLength(1)
    expect(notices).toEqual([])
  })

  it.each(['unanswered-delivered', 'unanswered-lost'] as const)('is asked about where nothing tells (%s), never sent again by itself', async (how) => {
    world.trouble.push({ at: 'submit', how })
    const id = await send()
    await pass(24 * hour)
    expect(get(id)).toMatchObject({ state: 'uncertain', failure: { code: 'send-uncertain' } })
    expect(notices).toEqual(['send-uncertain'])
    expect(world.submissions).toHaveLength(1)
    expect(finished).toEqual([])
    await expect(outbox.cancel(id)).rejects.toMatchObject({ code: 'already-sent' })
    await outbox.resolve(id, how === 'unanswered-lost' ? 'send-again' : 'arrived')
    await pass(minute)
    expect(get(id).state).toBe('sent')
    expect(deliveries()).toBe(1)
    expect(world.sent).toHaveLength(1)
  })

  it('is looked up later when Sent cannot be searched now, and the person is told meanwhile', async () => {
    world = sendingWorld(clock.now, { savesSent: true, reallySaves: true })
    world.trouble.push({ at: 'submit', how: 'unanswered-delivered' }, { at: 'find', how: 'offline' })
    const id = await send()
    await pass(11 * second)
    expect(get(id).state).toBe('uncertain')
    await pass(10 * minute)
    expect(get(id).state).toBe('sent')
    expect(deliveries()).toBe(1)
  })

  it('given up is a draft again', async () => {
    world.trouble.push({ at: 'submit', how: 'unanswered-lost' })
    const id = await send()
    await pass(minute)
    await outbox.resolve(id, 'drop')
    expect(returned).toEqual([[7, true]])
    expect(getOutgoing(db, id)).toBeNull()
  })
})

describe('the copy in Sent', () => {
  it.each([
    ['the server says it saves', true, true],
    ['the server says it does not', false, false],
    ['nobody says, and it does', null, true],
    ['nobody says, and it does not', null, false],
  ] as const)('is one where %s', async (_name, savesSent, reallySaves) => {
    world = sendingWorld(clock.now, { savesSent, reallySaves })
    for (let each = 0; each < 3; each++) {
      const id = await send()
      await pass(2 * minute)
      expect(get(id)).toMatchObject({ state: 'sent', failure: null })
    }
    expect(world.sent).toHaveLength(3)
    expect(new Set(world.sent).size).toBe(3)
  })

  it('that cannot be put there now is put there later, and once also when only the answer was lost', async () => {
    world.trouble.push({ at: 'append', how: 'offline' }, { at: 'append', how: 'offline-done' })
    const id = await send()
    await pass(11 * second)
    expect(get(id)).toMatchObject({ state: 'filing', sentAt: expect.any(Number) as number })
    expect(finished).toEqual([7])
    await pass(10 * minute)
    expect(get(id).state).toBe('sent')
    expect(world.sent).toHaveLength(1)
    expect(deliveries()).toBe(1)
  })

  it.each(['offline', 'hangs-before'] as const)('that cannot be put there (%s) keeps no other mail from leaving', async (how) => {
    for (let each = 0; each < 6; each++) world.trouble.push({ at: 'append', how })
    const first = await send()
    await pass(11 * second)
    const other = await send()
    await pass(11 * second)
    expect(get(first)).toMatchObject({ state: 'filing' })
    expect(get(other)).toMatchObject({ state: 'filing' })
    expect(deliveries()).toBe(2)
    world.trouble.length = 0
    await restart()
    await pass(11 * minute)
    expect([get(first).state, get(other).state]).toEqual(['sent', 'sent'])
    expect(world.sent).toHaveLength(2)
    expect(deliveries()).toBe(2)
  })
})

describe('a kill', () => {
  it.each(['hangs-before', 'hangs-passed', 'hangs-delivered'] as const)('in submitting (%s) ends in one delivery or in a question', async (how) => {
    for (const savesSent of [true, false]) {
      world = sendingWorld(clock.now, { savesSent, reallySaves: savesSent })
      world.trouble.push({ at: 'submit', how })
      const id = await send()
      await pass(11 * second)
      expect(world.hung()).toBe(true)
      await restart()
      await pass(minute)
      const sure = how === 'hangs-before' || (how === 'hangs-delivered' && savesSent)
      expect(get(id).state).toBe(sure ? 'sent' : 'uncertain')
      expect(deliveries()).toBe(how === 'hangs-passed' ? 0 : 1)
    }
  })

  it.each(['hangs-before', 'hangs-done'] as const)('in filing (%s) ends in one copy', async (how) => {
    world.trouble.push({ at: 'append', how })
    const id = await send()
    await pass(11 * second)
    await restart()
    await pass(minute)
    expect(get(id).state).toBe('sent')
    expect(world.sent).toHaveLength(1)
    expect(deliveries()).toBe(1)
  })
})

describe('a scheduled mail', () => {
  it('goes at its time, survives a restart, and is not sent early', async () => {
    const at = start + 20 * hour
    const id = await send(built(), { at, timeZone: 'Europe/Oslo' })
    expect(get(id)).toMatchObject({ state: 'scheduled', heldBy: 'computer', scheduled: true, runAt: at, timeZone: 'Europe/Oslo' })
    expect(listOutgoing(db, 'scheduled', null, 10).rows).toHaveLength(1)
    await pass(10 * hour)
    await restart()
    await pass(10 * hour - second)
    expect(deliveries()).toBe(0)
    await pass(2 * second)
    expect(get(id).state).toBe('sent')
    expect(deliveries()).toBe(1)
  })

  it('missed while nothing ran goes late, is asked about, or stays, as the person set it', async () => {
    for (const [lateSend, late, state] of [
      ['late', hour, 'sent'], ['late', 3 * hour, 'missed'], ['ask', 5 * minute, 'missed'], ['drop', 5 * minute, 'missed'],
    ] as const) {
      policy = { ...policy, lateSend }
      const id = await send(built(), { at: clock.now() + hour })
      clock.forget()
      clock.jump(hour + late)
      outbox = opened()
      await settle()
      await pass(second)
      expect(get(id).state, `${lateSend} ${String(late)}`).toBe(state)
      if (state === 'missed') {
        expect(notices.at(-1)).toBe(lateSend === 'drop' ? 'mail-missed-dropped' : 'mail-missed')
        await pass(24 * hour)
        expect(get(id).state).toBe('missed')
        await outbox.resolve(id, 'send-late')
        await pass(minute)
        expect(get(id).state).toBe('sent')
      }
    }
    expect([...world.delivered.values()].every((times) => times.length === 1)).toBe(true)
  })

  it('is not missed for having waited for the network while the program ran', async () => {
    const id = await send(built(), { at: start + hour })
    await pass(hour - second)
    world.trouble.push(...Array.from({ length: 100 }, () => ({ at: 'submit', how: 'offline' }) as const))
    await pass(5 * hour)
    expect(get(id).state).toBe('waiting')
    world.trouble.length = 0
    await pass(10 * minute)
    expect(get(id).state).toBe('sent')
  })

  it('is sent now, given another time, or taken back', async () => {
    const id = await send(built(), { at: start + 5 * hour })
    outbox.reschedule(id, start + 2 * hour, 'Europe/Berlin')
    await pass(2 * hour + second)
    expect(get(id).state).toBe('sent')
    const other = await send(built(), { at: clock.now() + 5 * hour })
    outbox.sendNow(other)
    await pass(second)
    expect(get(other)).toMatchObject({ state: 'sent', scheduled: false })
    const third = await send(built(), { at: clock.now() + 5 * hour })
    expect(await outbox.cancel(third)).toBe(7)
    await pass(10 * hour)
    expect(deliveries()).toBe(2)
  })

  it('goes at its time after a sleep and after the clock was set forward and back', async () => {
    const at = start + 10 * hour
    const id = await send(built(), { at })
    clock.jump(4 * hour)
    await pass(minute)
    clock.jump(-6 * hour)
    await pass(minute)
    expect(deliveries()).toBe(0)
    clock.jump(at - clock.now() + 20 * second)
    await pass(30 * second)
    expect(get(id).state).toBe('sent')
    expect(deliveries()).toBe(1)
  })
})

describe('a mail the server holds', () => {
  it('is handed over after a time for second thoughts, says so, cannot be taken back, and is filed when it went', async () => {
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, holdMs: 48 * hour })
    const at = start + 24 * hour
    const id = await send(built(), { at })
    expect(get(id)).toMatchObject({ state: 'scheduled', heldBy: 'computer' })
    await pass(2 * minute)
    expect(get(id)).toMatchObject({ state: 'scheduled', heldBy: 'server', runAt: at })
    expect(world.held).toEqual([{ id: get(id).headerMessageId, until: at }])
    await expect(outbox.cancel(id)).rejects.toMatchObject({ kind: 'rejected', code: 'held-by-server' })
    for (const attempt of [() => { outbox.reschedule(id, at, null) }, () => { outbox.sendNow(id) }]) expect(attempt).toThrow('held-by-server')
    expect(finished).toEqual([])
    await pass(24 * hour)
    expect(get(id)).toMatchObject({ state: 'sent', sentAt: at })
    expect(finished).toEqual([7])
    expect(world.sent).toHaveLength(1)
    expect(world.submissions).toHaveLength(1)
  })

  it('stays here when it is for soon, or for later than the server holds', async () => {
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, holdMs: 2 * hour })
    const soon = await send(built(), { at: start + 5 * minute })
    const late = await send(built(), { at: start + 5 * hour })
    await pass(4 * minute)
    expect([get(soon).heldBy, get(late).heldBy]).toEqual(['computer', 'computer'])
    expect(world.held).toEqual([])
    await pass(4 * hour)
    // Within its reach by now.
    expect(get(late)).toMatchObject({ heldBy: 'server' })
    await pass(2 * hour)
    expect([get(soon).state, get(late).state]).toEqual(['sent', 'sent'])
  })

  it('handed over without an answer is asked about, and then held here', async () => {
    world = sendingWorld(clock.now, { savesSent: false, reallySaves: false, holdMs: 48 * hour })
    world.trouble.push({ at: 'submit', how: 'unanswered-lost' })
    const id = await send(built(), { at: start + 24 * hour })
    await pass(5 * minute)
    expect(get(id).state).toBe('uncertain')
    await outbox.resolve(id, 'send-again')
    await pass(23 * hour)
    expect(get(id)).toMatchObject({ state: 'scheduled', heldBy: 'computer' })
    await pass(2 * hour)
    expect(get(id).state).toBe('sent')
    expect(deliveries()).toBe(1)
  })
})

describe('a mail given back', () => {
  it('tells whether it may have left', async () => {
    const cancelled = await send()
    await outbox.cancel(cancelled)
    world.trouble.push({ at: 'submit', how: 'unanswered-lost' })
    const dropped = await send()
    await pass(minute)
    await outbox.resolve(dropped, 'drop')
    world.trouble.push({ at: 'submit', how: 'unanswered-lost' })
    const again = await send()
    await pass(minute)
    // To be sent again, and then not.
    world.trouble.push({ at: 'find', how: 'offline' })
    await outbox.resolve(again, 'send-again')
    await settle()
    expect(get(again).state).toBe('waiting')
    await outbox.cancel(again)
    expect(returned).toEqual([[7, false], [7, true], [7, true]])
  })
})

describe('a draft two programs have', () => {
  it('that the other one sent is not sent again, and the person is asked', async () => {
    const message = built()
    world.sent.push(message.headerMessageId)
    const id = await send(message, { lookFirst: true })
    await pass(minute)
    expect(get(id)).toMatchObject({ state: 'uncertain', failure: { code: 'sent-elsewhere' } })
    expect(notices).toEqual(['sent-elsewhere'])
    expect(deliveries()).toBe(0)
    expect(finished).toEqual([])
    await outbox.resolve(id, 'send-again')
    await pass(minute)
    expect(deliveries()).toBe(1)
  })

  it('is asked about also when Sent could not be searched at first', async () => {
    const message = built()
    world.sent.push(message.headerMessageId)
    world.trouble.push({ at: 'find', how: 'offline' })
    const id = await send(message, { lookFirst: true })
    await pass(10 * minute)
    expect(get(id)).toMatchObject({ state: 'uncertain', failure: { code: 'sent-elsewhere' } })
    expect(finished).toEqual([])
    expect(deliveries()).toBe(0)
  })

  it('is asked about also when an attempt of ours broke off before the other one sent', async () => {
    const message = built()
    world.trouble.push({ at: 'submit', how: 'hangs-before' })
    const id = await send(message, { lookFirst: true })
    await pass(10 * second)
    expect(world.hung()).toBe(true)
    world.sent.push(message.headerMessageId)
    await restart()
    await pass(minute)
    expect(get(id)).toMatchObject({ state: 'uncertain', failure: { code: 'sent-elsewhere' } })
    expect(deliveries()).toBe(0)
  })

  it('that neither sent goes as ever', async () => {
    const id = await send(built(), { lookFirst: true })
    await pass(minute)
    expect(get(id).state).toBe('sent')
  })
})

describe('many mails', () => {
  it('leave at a pace servers allow, in the order they became due', async () => {
    const all: OutgoingId[] = []
    for (let each = 0; each < 60; each++) all.push(await send())
    await pass(30 * second)
    expect(world.submissions.length).toBe(25)
    await pass(3 * minute)
    expect(all.every((id) => get(id).state === 'sent')).toBe(true)
    expect(world.submissions.map((one) => one.headerMessageId)).toEqual(all.map((id) => get(id).headerMessageId))
  })
})
