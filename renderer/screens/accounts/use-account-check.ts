import { useCallback, useEffect, useRef, useState } from 'react'
import type { AccountDraft } from '../../../shared/api/contract.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { client } from '../../api/api.ts'
import { failureFrom } from '../../api/failure.ts'
import { afterEvent, brokenCheck, cancelledCheck, noCheck, startedCheck } from './check-view.ts'
import type { CheckView } from './check-view.ts'

export type CheckRequest = { readonly draft: AccountDraft; readonly password: string | null; readonly outgoingPassword: string | null; readonly accountId: AccountId | null }

export type AccountCheck = {
  readonly view: CheckView
  /** Resolves when the check ended, whichever way. A check already running is stopped first. */
  readonly run: (request: CheckRequest) => Promise<CheckView>
  readonly cancel: () => void
  readonly reset: () => void
}

/** One check at a time. Called directly rather than as a mutation: a mutation's cache would keep the password. */
export function useAccountCheck(): AccountCheck {
  const [view, setView] = useState<CheckView>(noCheck)
  const running = useRef<AbortController | null>(null)

  useEffect(() => () => running.current?.abort(), [])

  const run = useCallback(async (request: CheckRequest): Promise<CheckView> => {
    running.current?.abort()
    const control = new AbortController()
    const { signal } = control
    running.current = control
    let now = startedCheck
    const show = (next: CheckView) => {
      now = next
      if (!signal.aborted) setView(next)
    }
    show(now)
    try {
      for await (const event of await client.accounts.check(request, { signal })) {
        if (signal.aborted) break
        show(afterEvent(now, event))
      }
      if (now.phase === 'running') show(brokenCheck(now, { kind: 'bug', code: 'unexpected', said: null, retryAfterMs: null }))
    } catch (error) {
      show(brokenCheck(now, failureFrom(error)))
    }
    return signal.aborted ? cancelledCheck(now) : now
  }, [])

  const cancel = useCallback(() => {
    running.current?.abort()
    setView((now) => (now.phase === 'running' ? cancelledCheck(now) : now))
  }, [])

  const reset = useCallback(() => {
    running.current?.abort()
    setView(noCheck)
  }, [])

  return { view, run, cancel, reset }
}
