import { Archive, FileText, Inbox, Send, Settings, ShieldAlert, Star, Trash2 } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { api, queryClient } from '../api/api.ts'
import { text } from '../locales/text.ts'
import type { TextKey } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import type { ThreadSource } from '../../shared/api/lists.ts'
import type { Account } from '../../shared/model/account.ts'
import type { Folder, SpecialUse } from '../../shared/model/folder.ts'
import { showDrafts } from '../screens/drafts/drafts-state.ts'
import { showFilter, showSettings, showSource } from '../state.ts'
import type { Command, CommandContext } from './command.ts'

function folders(): readonly Folder[] {
  return queryClient.getQueryData<Folder[]>(api.folders.list.queryKey()) ?? []
}

function accounts(): readonly Account[] {
  return (queryClient.getQueryData<{ account: Account }[]>(api.accounts.list.queryKey()) ?? []).map(({ account }) => account)
}

/** The folder of this use in the account that is being looked at, else in the first one that has it. */
export function folderOfUse(use: SpecialUse, source: ThreadSource | null): Folder | undefined {
  const all = folders().filter((folder) => folder.special === use)
  const here = typeof source === 'number' ? folders().find((folder) => folder.id === source)?.accountId : undefined
  return all.find((folder) => folder.accountId === here) ?? all.find((folder) => folder.accountId === accounts()[0]?.id) ?? all[0]
}

/** Where 'go to the inbox' leads: all inboxes together when there are several accounts. */
export function inboxSource(): ThreadSource | null {
  return accounts().length > 1 ? 'inboxes' : (folderOfUse('inbox', null)?.id ?? null)
}

function goTo(use: SpecialUse, key: string, labelKey: TextKey, icon: LucideIcon): Command {
  return {
    id: `go.${use}`,
    labelKey,
    icon,
    section: 'go',
    keys: [`g ${key}`],
    when: () => accounts().length > 0,
    perform: ({ app }: CommandContext) => {
      const found = folderOfUse(use, app.source)
      if (found) showSource(found.id)
      else showToast({ message: text('commands:noSuchFolder') })
    },
  }
}

export const goCommands: readonly Command[] = [
  {
    id: 'go.inbox',
    labelKey: 'commands:go.inbox',
    icon: Inbox,
    section: 'go',
    keys: ['g i'],
    when: () => accounts().length > 0,
    perform: () => {
      const source = inboxSource()
      if (source !== null) showSource(source)
    },
  },
  {
    id: 'go.starred',
    labelKey: 'commands:go.starred',
    icon: Star,
    section: 'go',
    keys: ['g s'],
    when: () => accounts().length > 0,
    perform: () => {
      const source = inboxSource()
      if (source === null) return
      showSource(source)
      showFilter('flagged')
    },
  },
  { id: 'go.drafts', labelKey: 'commands:go.drafts', icon: FileText, section: 'go', keys: ['g d', 'g w'], perform: () => showDrafts(null) },
  goTo('sent', 't', 'commands:go.sent', Send),
  goTo('archive', 'a', 'commands:go.archive', Archive),
  goTo('junk', 'j', 'commands:go.junk', ShieldAlert),
  goTo('trash', 'b', 'commands:go.trash', Trash2),
  { id: 'go.settings', labelKey: 'commands:go.settings', icon: Settings, section: 'go', keys: ['mod+,', 'g ,'], everywhere: true, perform: () => showSettings('general') },
]
