import { AlarmClock, CloudUpload, RotateCw, Send } from 'lucide-react'
import { api, client, queryClient } from '../../api/api.ts'
import type { Command } from '../../commands/command.ts'
import { showSource, showView } from '../../state.ts'
import { showOutbox } from './outbox-state.ts'

const hasAccount = (): boolean => (queryClient.getQueryData<readonly unknown[]>(api.accounts.list.queryKey())?.length ?? 0) > 0

export const outboxCommands: readonly Command[] = [
  { id: 'go.outbox', labelKey: 'outbox:command.show', icon: Send, section: 'go', keys: ['g o'], when: hasAccount, perform: () => showOutbox('open') },
  { id: 'go.scheduled', labelKey: 'outbox:command.scheduled', icon: AlarmClock, section: 'go', keys: ['g c'], when: hasAccount, perform: () => showOutbox('scheduled') },
  { id: 'go.snoozed', labelKey: 'triage:command.snoozed', icon: AlarmClock, section: 'go', keys: ['g h'], when: hasAccount, perform: () => showSource('snoozed') },
  { id: 'go.queue', labelKey: 'queue:command.show', icon: CloudUpload, section: 'go', keys: ['g q'], when: hasAccount, perform: () => showView('queue') },
  {
    id: 'queue.retry-all', labelKey: 'queue:command.retryAll', icon: RotateCw, section: 'app', keys: [], when: hasAccount,
    perform: async () => {
      const { rows } = await client.queue.list()
      if (rows.length > 0) await client.queue.retry({ ids: rows.map(({ id }) => id) })
    },
  },
]
