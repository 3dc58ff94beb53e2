import { ORPCError } from '@orpc/client'
import { Failure, failureKinds } from '../../shared/model/failure.ts'
import { hasText, text } from '../locales/text.ts'
import { ConnectionLost } from './connection.ts'

/** What a rejected call failed with. The main side sends its failure as the error's data. */
export function failureFrom(error: unknown): Failure {
  if (error instanceof ConnectionLost) return { kind: 'offline', code: 'app-connection-lost', said: null, retryAfterMs: null }
  if (error instanceof ORPCError) {
    const data: unknown = error.data
    const sent = Failure.safeParse(data)
    if (sent.success) return sent.data
    const nested = typeof data === 'object' && data !== null && 'failure' in data ? Failure.safeParse(data.failure) : null
    if (nested?.success) return nested.data
  }
  return { kind: 'bug', code: 'unexpected', said: error instanceof Error ? error.message : String(error), retryAfterMs: null }
}

/** The failure in the person's words: by its code, else by its kind. The server's own words, or what it is about, are `failure.said`. */
export function failureText(failure: Failure): string {
  const byCode = `failures:${failure.code}`
  if (hasText(byCode)) return text(byCode, { said: failure.said ?? '' })
  const byKind = `failures:${failure.kind}`
  if (failureKinds.includes(failure.kind) && hasText(byKind)) return text(byKind)
  return text('shell:failed')
}
