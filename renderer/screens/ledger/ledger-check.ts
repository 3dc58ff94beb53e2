// Comparing an account with its server takes as long as the server needs, so it goes on while other screens are looked
// at; what it found waits here until the ledger is shown again.
import { create } from 'zustand'
import type { Failure } from '../../../shared/model/failure.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { api, client, queryClient } from '../../api/api.ts'
import { failureFrom } from '../../api/failure.ts'

export type LedgerCheck =
  | { readonly state: 'running'; readonly stop: () => void }
  | { readonly state: 'done'; readonly at: number }
  | { readonly state: 'failed'; readonly failure: Failure }

type Checks = { readonly byAccount: ReadonlyMap<AccountId, LedgerCheck> }

const useChecks = create<Checks>(() => ({ byAccount: new Map() }))

export function useLedgerCheck(accountId: AccountId | null): LedgerCheck | null {
  return useChecks(({ byAccount }) => (accountId === null ? null : (byAccount.get(accountId) ?? null)))
}

function put(accountId: AccountId, check: LedgerCheck | null): void {
  useChecks.setState(({ byAccount }) => {
    const next = new Map(byAccount)
    if (check === null) next.delete(accountId)
    else next.set(accountId, check)
    return { byAccount: next }
  })
}

export async function checkLedger(accountId: AccountId): Promise<void> {
  if (useChecks.getState().byAccount.get(accountId)?.state === 'running') return
  const control = new AbortController()
  put(accountId, {
    state: 'running',
    stop: () => {
      control.abort()
      put(accountId, null)
    },
  })
  try {
    const lines = await client.ledger.check({ accountId }, { signal: control.signal })
    if (control.signal.aborted) return
    queryClient.setQueryData(api.ledger.get.queryKey({ input: { accountId } }), lines)
    put(accountId, { state: 'done', at: Date.now() })
  } catch (error) {
    if (!control.signal.aborted) put(accountId, { state: 'failed', failure: failureFrom(error) })
  }
}
