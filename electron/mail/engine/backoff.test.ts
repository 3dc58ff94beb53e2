import { describe, expect, it } from 'vitest'
import { failureKinds, MailFailure } from '../../../shared/model/failure.ts'
import { retryDelay } from './backoff.ts'

describe('waiting after a failure', () => {
  it('grows with every attempt, is spread, and never exceeds five minutes', () => {
    const offline = new MailFailure('offline', 'refused')
    const delays = Array.from({ length: 30 }, (_, attempt) => [retryDelay(offline, attempt + 1, 0), retryDelay(offline, attempt + 1, 0.999)])
    expect(delays[0]).toEqual([1000, expect.closeTo(1999, 0)])
    expect(delays[3]?.[0]).toBe(8000)
    for (const [least, most] of delays) {
      expect(least).toBeLessThan(most ?? 0)
      expect(most).toBeLessThanOrEqual(300_000)
    }
  })

  it('is left to the person when the password is refused, and to the server when it named a time', () => {
    expect(retryDelay(new MailFailure('auth', 'login-refused'), 1, 0.5)).toBeNull()
    expect(retryDelay(new MailFailure('throttled', 'busy', null, { retryAfterMs: 90_000 }), 1, 0.5)).toBe(90_000)
  })

  it('is known for every kind of failure', () => {
    for (const kind of failureKinds) expect(retryDelay(new MailFailure(kind, 'x'), 1, 0.5), kind).not.toBeUndefined()
  })
})
