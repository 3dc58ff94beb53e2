// What is not on this computer can only be found by the servers: says how much that is and asks them when wanted.
import { CloudDownload, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Failure } from '../../../shared/model/failure.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { api, client, queryClient } from '../../api/api.ts'
import { useAccounts } from '../../api/shared-query.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Spinner } from '../../parts/spinner.tsx'

type Asked =
  | { readonly state: 'not' }
  | { readonly state: 'running' }
  | { readonly state: 'done'; readonly found: number; readonly failures: readonly { readonly accountId: AccountId; readonly failure: Failure }[] }
  | { readonly state: 'failed'; readonly failure: Failure }

export function ServerSearch({ query, notCovered }: { readonly query: string; readonly notCovered: number }) {
  const t = useText()
  const accounts = useAccounts()
  const [asked, setAsked] = useState<Asked>({ state: 'not' })
  const running = useRef<AbortController | null>(null)
  useEffect(() => () => running.current?.abort(), [])

  const ask = async (): Promise<void> => {
    running.current?.abort()
    const turn = new AbortController()
    running.current = turn
    setAsked({ state: 'running' })
    try {
      const answer = await client.search.server({ query }, { signal: turn.signal })
      setAsked({ state: 'done', ...answer })
      await queryClient.invalidateQueries({ queryKey: api.search.run.key() })
    } catch (error) {
      if (turn.signal.aborted) return
      setAsked({ state: 'failed', failure: failureFrom(error) })
    }
  }
  const cancel = (): void => {
    running.current?.abort()
    setAsked({ state: 'not' })
  }
  const nameOf = (id: AccountId): string => accounts?.find(({ account }) => account.id === id)?.account.name ?? id
  const text = (): string => {
    switch (asked.state) {
      case 'not':
        return t('search:server.notCovered', { count: notCovered })
      case 'running':
        return t('search:server.running')
      case 'done':
        return asked.found === 0 ? t('search:server.foundNone') : t('search:server.found', { count: asked.found })
      case 'failed':
        return t('search:server.failed')
    }
  }
  return (
    <div role="status" className="flex items-start gap-2 border-b border-line bg-fill py-2 pr-2 pl-4 text-xs text-ink-2">
      {asked.state === 'running' ? <Spinner className="mt-1 size-4 shrink-0 text-accent-ink" /> : <CloudDownload aria-hidden className="mt-1 size-4 shrink-0 text-ink-3" strokeWidth={1.75} />}
      <div className="min-w-0 flex-1 py-1">
        <p>{text()}</p>
        {asked.state === 'failed' && <p className="text-danger">{[failureText(asked.failure), asked.failure.said].filter((part) => part !== null).join(' – ')}</p>}
        {asked.state === 'done' &&
          asked.failures.map(({ accountId, failure }) => (
            <p key={accountId} className="mt-0.5 flex items-center gap-1 text-danger">
              <TriangleAlert aria-hidden className="size-3 shrink-0" />
              {t('search:server.failure', { account: nameOf(accountId), reason: failureText(failure) })}
            </p>
          ))}
      </div>
      {asked.state === 'running' ? (
        <Button look="quiet" className="h-6! px-2! text-xs!" onClick={cancel}>
          {t('shell:cancel')}
        </Button>
      ) : (
        (asked.state !== 'done' || asked.failures.length > 0) && (
          <Button className="h-6! px-2! text-xs!" onClick={() => void ask()}>
            {asked.state === 'not' ? t('search:server.search') : t('search:server.again')}
          </Button>
        )
      )}
    </div>
  )
}
