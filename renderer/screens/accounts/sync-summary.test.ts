import { describe, expect, it } from 'vitest'
import { AccountId } from '../../../shared/model/ids.ts'
import type { AccountState } from '../../../shared/model/account.ts'
import { countdown, summaryOf, timeLeft } from './sync-summary.ts'
import type { AccountWithState } from './sync-summary.ts'

function one(id: string, state: Partial<AccountState>, paused = false): AccountWithState {
  const accountId = AccountId.parse(id)
  return {
    account: { id: accountId, name: id, address: `${id}@firma.no`, color: 'blue', settings: { kind: 'sample' }, keep: { bodies: 12, attachments: 'demand' }, paused, position: 0 },
    state: { accountId, step: 'idle', folderName: null, done: 0, total: 0, leftMs: null, lastSuccessAt: 1000, failure: null, retryAt: null, connected: true, upToDate: false, ...state },
  }
}
const failure = (kind: 'auth' | 'offline') => ({ kind, code: kind, said: null, retryAfterMs: null })

describe('the one line', () => {
  it('says up to date only when every account has proved it', () => {
    expect(summaryOf([one('a', { upToDate: true }), one('b', { upToDate: true })])).toEqual({ kind: 'up-to-date' })
    expect(summaryOf([one('a', { upToDate: true }), one('b', { lastSuccessAt: 500 })])).toEqual({ kind: 'resting', lastSuccessAt: 500 })
  })
  it('does not say up to date while one account is paused', () => {
    expect(summaryOf([one('a', { upToDate: true }), one('b', { step: 'paused' }, true)])).toEqual({ kind: 'paused', some: true })
    expect(summaryOf([one('b', { step: 'paused' }, true)])).toEqual({ kind: 'paused', some: false })
  })
  it('puts a refused password before everything else', () => {
    const summary = summaryOf([one('a', { step: 'listing', done: 1, total: 9 }), one('b', { step: 'waiting', failure: failure('auth') })])
    expect(summary).toMatchObject({ kind: 'sign-in', account: { id: 'b' }, others: 0 })
  })
  it('a failure being retried right now is work, not a failure', () => {
    expect(summaryOf([one('a', { step: 'connecting', failure: failure('offline') })])).toMatchObject({ kind: 'working', step: 'connecting' })
    expect(summaryOf([one('a', { step: 'waiting', failure: failure('offline'), retryAt: 42 })])).toMatchObject({ kind: 'failed', retryAt: 42 })
  })
  it('the retry that comes first speaks for all', () => {
    const summary = summaryOf([one('a', { step: 'waiting', failure: failure('offline'), retryAt: 90 }), one('b', { step: 'waiting', failure: failure('offline'), retryAt: 42 })])
    expect(summary).toMatchObject({ kind: 'failed', retryAt: 42, others: 1 })
  })
  it('adds the counts of accounts at the same step and does not guess a time one of them does not know', () => {
    const summary = summaryOf([one('a', { step: 'listing', done: 10, total: 100, leftMs: 5000 }), one('b', { step: 'listing', done: 20, total: 200, leftMs: null })])
    expect(summary).toEqual({ kind: 'working', step: 'listing', done: 30, total: 300, leftMs: null })
  })
})

describe('time', () => {
  it('counts down without going below zero', () => {
    expect(countdown(42_500, 0)).toBe('0:43')
    expect(countdown(0, 5000)).toBe('0:00')
    expect(countdown(3_729_000, 0)).toBe('1:02:09')
  })
  it('is rounded the way people say it', () => {
    expect(timeLeft(10_000)).toEqual({ unit: 'moments', count: 0 })
    expect(timeLeft(110_000)).toEqual({ unit: 'minutes', count: 2 })
    expect(timeLeft(7_300_000)).toEqual({ unit: 'hours', count: 2 })
  })
})
