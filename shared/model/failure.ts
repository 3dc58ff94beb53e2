// Every failure the program reasons about is one of these kinds. A provider maps what its server said at its own edge;
// policy (retry, undo, ask) reads the kind alone. `said` keeps the server's own words for the person to read.
import { z } from 'zod'

export const failureKinds = ['auth', 'offline', 'throttled', 'gone', 'rejected', 'cursor-lost', 'bug'] as const
export const FailureKind = z.enum(failureKinds)
export type FailureKind = z.infer<typeof FailureKind>

/** What a failure looks like once it is data. `code` is a stable word for the locale files, e.g. `tls-self-signed`. */
export const Failure = z.object({
  kind: FailureKind,
  code: z.string().max(64),
  said: z.string().max(2000).nullable(),
  retryAfterMs: z.number().int().nonnegative().nullable(),
})
export type Failure = z.infer<typeof Failure>

export class MailFailure extends Error {
  readonly kind: FailureKind
  readonly code: string
  readonly said: string | null
  readonly retryAfterMs: number | null

  constructor(kind: FailureKind, code: string, said?: string | null, options?: { cause?: unknown; retryAfterMs?: number }) {
    super(`${kind}: ${code}${said ? ` (${said})` : ''}`, { cause: options?.cause })
    this.name = 'MailFailure'
    this.kind = kind
    this.code = code
    this.said = said ? said.slice(0, 2000) : null
    this.retryAfterMs = options?.retryAfterMs ?? null
  }

  toData(): Failure {
    return { kind: this.kind, code: this.code, said: this.said, retryAfterMs: this.retryAfterMs }
  }
}

/** An unknown throw becomes a `bug`; a MailFailure stays what it is. */
export function failureOf(error: unknown): MailFailure {
  if (error instanceof MailFailure) return error
  const said = error instanceof Error ? error.message : String(error)
  return new MailFailure('bug', 'unexpected', said, { cause: error })
}
