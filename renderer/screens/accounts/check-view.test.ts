import { describe, expect, it } from 'vitest'
import { afterEvent, brokenCheck, cancelledCheck, fingerprintGroups, startedCheck } from './check-view.ts'
import type { CheckView } from './check-view.ts'

const states = (view: CheckView): string => view.steps.map((one) => one.state).join(' ')
const refused = { kind: 'auth', code: 'wrong-password', said: 'NO', retryAfterMs: null } as const

describe('a check', () => {
  it('shows each step as it happens and keeps what was learned', () => {
    const running = afterEvent(startedCheck, { type: 'step', step: 'resolve', state: 'running', detail: null })
    expect(states(running)).toBe('running waiting waiting waiting waiting waiting')
    const resolved = afterEvent(running, { type: 'step', step: 'resolve', state: 'ok', detail: '192.0.2.7' })
    expect(resolved.steps[0]).toEqual({ step: 'resolve', state: 'ok', detail: '192.0.2.7' })
  })
  it('names the step that failed; later ones were never reached', () => {
    const steps = (['resolve', 'connect', 'secure'] as const).reduce((view, step) => afterEvent(view, { type: 'step', step, state: 'ok', detail: null }), startedCheck)
    const failed = afterEvent(steps, { type: 'failed', step: 'login', failure: refused, certificate: null })
    expect(states(failed)).toBe('ok ok ok failed skipped skipped')
    const reported = afterEvent(failed, { type: 'done', ok: false, userName: '', folders: 0, report: 'for IT' })
    expect(reported).toMatchObject({ phase: 'failed', failedStep: 'login', failure: refused, report: 'for IT' })
  })
  it('passes with the user name that worked', () => {
    expect(afterEvent(startedCheck, { type: 'done', ok: true, userName: 'kari', folders: 23, report: 'ok' })).toMatchObject({ phase: 'passed', userName: 'kari', folders: 23 })
  })
  it('blames the running step when the program itself breaks, and none after a cancel', () => {
    const running = afterEvent(startedCheck, { type: 'step', step: 'connect', state: 'running', detail: null })
    expect(brokenCheck(running, refused).failedStep).toBe('connect')
    expect(states(cancelledCheck(running))).toBe('skipped skipped skipped skipped skipped skipped')
  })
})

describe('a fingerprint', () => {
  it('is read in eight groups', () => {
    const groups = fingerprintGroups(Array.from({ length: 32 }, (_, n) => n.toString(16).padStart(2, '0').toUpperCase()).join(':'))
    expect(groups).toHaveLength(8)
    expect(groups[0]).toBe('00 01 02 03')
  })
})
