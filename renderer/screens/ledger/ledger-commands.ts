import { BookOpenCheck, ScanSearch } from 'lucide-react'
import { api, queryClient } from '../../api/api.ts'
import type { Command } from '../../commands/command.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { checkLedger } from './ledger-check.ts'
import { showLedger, useShownLedger } from './shown-ledger.ts'

function accountIds(): readonly AccountId[] {
  return (queryClient.getQueryData<{ account: { id: AccountId } }[]>(api.accounts.list.queryKey()) ?? []).map(({ account }) => account.id)
}

export const ledgerCommands: readonly Command[] = [
  {
    id: 'ledger.show',
    labelKey: 'ledger:commands.show',
    icon: BookOpenCheck,
    section: 'go',
    keys: ['g l'],
    when: () => accountIds().length > 0,
    perform: () => showLedger(useShownLedger.getState().accountId),
  },
  {
    id: 'ledger.check',
    labelKey: 'ledger:commands.check',
    icon: ScanSearch,
    section: 'app',
    keys: [],
    when: () => accountIds().length > 0,
    perform: ({ app }) => {
      const shown = useShownLedger.getState().accountId
      const ids = accountIds()
      const id = ids.find((known) => known === shown) ?? ids[0]
      if (id === undefined) return
      if (app.view !== 'ledger') showLedger(id)
      return checkLedger(id)
    },
  },
]
