import type { Failure } from '../../shared/model/failure.ts'
import { hasText, text } from '../locales/text.ts'

/** What the person can do about a failure, by its code, else by its kind. `failureText` says what happened. In a `check`
 *  nothing is tried again by itself, and of a `mail` on its way the text is kept: a few read differently there. */
export function failureAdvice(failure: Failure, where: 'sync' | 'check' | 'mail' = 'sync'): string {
  const groups = where === 'sync' ? (['do'] as const) : ([where, 'do'] as const)
  const keys = [failure.code, failure.kind].flatMap((word) => groups.map((group) => `failures:${group}.${word}`))
  return text(keys.find(hasText) ?? 'failures:do.bug')
}
