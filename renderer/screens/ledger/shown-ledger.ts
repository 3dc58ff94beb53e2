import { create } from 'zustand'
import type { AccountId } from '../../../shared/model/ids.ts'
import { showView } from '../../state.ts'

/** The account whose ledger is shown; null: the first one. */
export const useShownLedger = create<{ readonly accountId: AccountId | null }>(() => ({ accountId: null }))

export function showLedger(accountId: AccountId | null): void {
  useShownLedger.setState({ accountId })
  showView('ledger')
}
