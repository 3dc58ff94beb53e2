import { describe, expect, it } from 'vitest'
import { Outgoing } from '../../../shared/model/outgoing.ts'
import { text } from '../../locales/text.ts'
import { isLost, recipientText, refusedSignIns, stateDetail, stateKey, statusKey, toldFailure, troubled, waitsForPerson, waitsForSignIn } from './delivery-words.ts'

const outgoing = (change: Record<string, unknown> = {}) =>
  Outgoing.parse({
    id: 1, accountId: 'a', identityId: null, draftId: null, headerMessageId: 'x@y', subject: 'Hello', from: { name: 'Anna', address: 'anna@y' }, recipients: [], state: 'waiting', heldBy: 'computer',
    runAt: 1000, timeZone: null, scheduled: false, createdAt: 0, attempts: 0, failure: null, route: null, said: null, sentAt: null, size: 10, threadId: null, messageId: null, ...change,
  })
const person = (address: string, state: string, status: string | null = null) => ({ name: '', address, kind: 'to', state, said: null, status })

describe('what became of a mail', () => {
  it('is said by its exact status, else by its kind', () => {
    expect(statusKey('5.1.1')).toBe('outbox:status.5_1_1')
    expect(statusKey('5.9.9')).toBe('outbox:status.5')
    expect(statusKey('4.9.9')).toBe('outbox:status.4')
    expect(statusKey('2.0.0')).toBeNull()
    expect(statusKey('550 no such user')).toBeNull()
    expect(statusKey(null)).toBeNull()
  })

  it('names those it did not reach before those it may yet reach', () => {
    const mail = outgoing({ recipients: [person('a@x', 'accepted'), person('b@x', 'delayed', '4.4.1'), person('c@x', 'refused', '5.1.1'), person('d@x', 'bounced', '5.2.2')] })
    expect(troubled(mail).map(({ address }) => address)).toEqual(['c@x', 'd@x', 'b@x'])
    expect(troubled(mail).map((one) => recipientText(one, text))).toEqual(['This address does not exist.', 'This mailbox is full.', 'The recipient’s server does not answer at the moment.'])
  })

  it('names who was refused before who is waited for, and nobody it has not been tried with', () => {
    const mail = outgoing({ recipients: [person('a@x', 'waiting'), person('b@x', 'waiting', '4.7.1'), person('c@x', 'refused', '5.1.1')] })
    expect(troubled(mail).map(({ address }) => address)).toEqual(['c@x', 'b@x'])
    expect(troubled(mail).map((one) => recipientText(one, text))).toEqual(['This address does not exist.', 'The recipient’s server wants it to be tried again later.'])
    expect(troubled(mail).map(isLost)).toEqual([true, false])
  })

  it('tells a later attempt only when there was an earlier one', () => {
    const when = (at: number) => `at ${String(at)}`
    expect(stateDetail(outgoing({ runAt: 5000 }), 1, text, when)).toBe('It goes in a moment.')
    expect(stateDetail(outgoing({ runAt: 5000, attempts: 2 }), 1, text, when)).toBe('Next attempt at 5000.')
    expect(stateDetail(outgoing({ runAt: 5000, attempts: 2 }), 9000, text, when)).toBe('It goes in a moment.')
  })

  it('calls nothing sent that came back', () => {
    const sent = (...states: string[]) => stateKey(outgoing({ state: 'sent', recipients: states.map((state, at) => person(`${String(at)}@x`, state)) }))
    expect(sent('accepted', 'accepted')).toBe('outbox:state.sent')
    expect(sent('accepted', 'delayed')).toBe('outbox:state.sent')
    expect(sent('accepted', 'refused')).toBe('outbox:state.sentToSome')
    expect(sent('bounced', 'refused')).toBe('outbox:state.notDelivered')
  })

  it('promises no further attempt where only the person can help', () => {
    const failure = (kind: string, code: string) => ({ kind, code, said: null, retryAfterMs: null })
    const when = (at: number) => `at ${String(at)}`
    const asked = outgoing({ runAt: 5000, attempts: 1, failure: failure('auth', 'login-refused') })
    expect(waitsForSignIn(asked, new Set(), 1)).toBe(true)
    expect(stateDetail(asked, 1, text, when, true)).toBe('It goes once you have signed in again.')
    expect(toldFailure(outgoing({ state: 'uncertain', failure: failure('offline', 'send-uncertain') }))).toBeNull()
    expect(stateKey(outgoing({ state: 'uncertain', failure: failure('rejected', 'sent-elsewhere') }))).toBe('outbox:state.elsewhere')
  })

  it('has a mail behind a refused sign-in wait for that too, and no mail of another account', () => {
    const asked = outgoing({ attempts: 1, failure: { kind: 'auth', code: 'login-refused', said: null, retryAfterMs: null } })
    const refused = refusedSignIns([asked, outgoing({ id: 2, accountId: 'b', attempts: 1, failure: { kind: 'offline', code: 'refused', said: null, retryAfterMs: null } })])
    expect([...refused]).toEqual(['a'])
    expect(waitsForSignIn(outgoing({ id: 3 }), refused, 5000)).toBe(true)
    expect(waitsForSignIn(outgoing({ id: 4, state: 'held', runAt: 4000 }), refused, 5000)).toBe(true)
    expect(stateKey(outgoing({ id: 4, state: 'held', runAt: 4000 }), true)).toBe('outbox:state.waiting')
    expect(waitsForSignIn(outgoing({ id: 5, state: 'held', runAt: 6000 }), refused, 5000)).toBe(false)
    expect(waitsForSignIn(outgoing({ id: 6, accountId: 'b' }), refused, 5000)).toBe(false)
    expect(waitsForSignIn(outgoing({ id: 7, state: 'filing' }), refused, 5000)).toBe(false)
  })

  it('leaves the undecidable to the person', () => {
    expect(['held', 'scheduled', 'missed', 'waiting', 'sending', 'uncertain', 'refused', 'filing', 'sent'].filter((state) => waitsForPerson(outgoing({ state })))).toEqual(['missed', 'uncertain', 'refused'])
  })
})
