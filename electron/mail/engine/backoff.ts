// When to try again after a failure. Pure policy; the callers own the timers.
import type { MailFailure } from '../../../shared/model/failure.ts'

const firstMs = 2_000
const longestMs = 5 * 60_000

/** Milliseconds until attempt number `attempt` (from 1) may start; null when only the person can help. `random` is in
 *  [0, 1): half of the wait is jitter, so that a thousand clients do not return in the same second. */
export function retryDelay(failure: MailFailure, attempt: number, random: number): number | null {
  const grown = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 10))
  const jittered = grown / 2 + (grown / 2) * random
  switch (failure.kind) {
    case 'auth':
      return null
    case 'throttled':
      return Math.max(failure.retryAfterMs ?? 30_000, jittered)
    case 'offline':
    case 'gone':
    case 'rejected':
    case 'cursor-lost':
    case 'bug':
      return jittered
  }
}
