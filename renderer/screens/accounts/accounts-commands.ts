import { MailPlus, RefreshCw, UsersRound } from 'lucide-react'
import { api, client, queryClient } from '../../api/api.ts'
import type { Command } from '../../commands/command.ts'
import { addAccount, showSettings } from '../../state.ts'
import type { AccountWithState } from './sync-summary.ts'

function known(): readonly AccountWithState[] {
  return queryClient.getQueryData<AccountWithState[]>(api.accounts.list.queryKey()) ?? []
}

export const accountsCommands: readonly Command[] = [
  {
    id: 'accounts.sync',
    labelKey: 'accounts:commands.sync',
    icon: RefreshCw,
    section: 'app',
    keys: ['mod+shift+r', 'f9'],
    when: () => known().some(({ account }) => !account.paused),
    perform: async () => {
      const running = known().filter(({ account }) => !account.paused)
      await Promise.all(running.map(({ account }) => client.accounts.syncNow({ id: account.id })))
    },
  },
  {
    id: 'accounts.add',
    labelKey: 'accounts:commands.add',
    icon: MailPlus,
    section: 'app',
    keys: [],
    perform: () => addAccount(),
  },
  {
    id: 'accounts.manage',
    labelKey: 'accounts:commands.manage',
    icon: UsersRound,
    section: 'go',
    keys: [],
    perform: () => showSettings('accounts'),
  },
]
