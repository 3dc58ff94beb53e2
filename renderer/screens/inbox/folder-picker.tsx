// Where to: a few letters of a folder's name and Enter. The folders used last come first.
import { Command as Cmdk } from 'cmdk'
import { useState } from 'react'
import { useFolders } from '../../api/shared-query.ts'
import { findThreadRow } from '../../api/thread-lists.ts'
import type { Meant } from '../../commands/meant.ts'
import { scoreOf } from '../../commands/palette-score.ts'
import { recentFolders, rememberFolder } from '../../commands/recent-folders.ts'
import { triage } from '../../commands/triage.ts'
import { stopAsking } from '../../commands/triage-state.ts'
import type { Asking } from '../../commands/triage-state.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Dialog } from '../../parts/dialog.tsx'
import type { Folder } from '../../../shared/model/folder.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { folderIcon } from './folder-icons.ts'
import { useFolderNames } from './folder-names.ts'

/** The mailboxes the meant mail lies in; null when that is not known, as for a search's whole result. */
function accountsOf(meant: Meant, folders: readonly Folder[]): ReadonlySet<AccountId> | null {
  switch (meant.kind) {
    case 'threads': {
      const rows = meant.ids.map(findThreadRow)
      return rows.some((row) => row === undefined) ? null : new Set(rows.flatMap((row) => (row ? [row.accountId] : [])))
    }
    case 'messages':
      return new Set(folders.filter(({ id }) => meant.messages.some((message) => message.folderIds.includes(id))).map(({ accountId }) => accountId))
    case 'everything': {
      const own = folders.find(({ id }) => id === meant.source)?.accountId
      return own === undefined ? null : new Set([own])
    }
  }
}

export function FolderPicker({ asking }: { readonly asking: Extract<Asking, { kind: 'folder' }> }) {
  const t = useText()
  const names = useFolderNames()
  const format = useFormat()
  const { action, meant } = asking
  const folders = useFolders() ?? []
  const [typed, setTyped] = useState('')
  const [recent] = useState(recentFolders)
  const accounts = accountsOf(meant, folders)
  const targets = folders
    .filter(
    (folder) =>
      folder.selectable && !folder.hidden && folder.special !== 'all' && folder.special !== 'flagged' && folder.special !== 'drafts' && !(action === 'move' && folder.id === meant.source) && (accounts === null || accounts.has(folder.accountId)),
    )
    .toSorted((a, b) => Number(a.special === null) - Number(b.special === null) || format.compare(names.full(a), names.full(b)))
  const latest = recent.flatMap((id) => targets.find((folder) => folder.id === id) ?? [])
  const others = targets.filter((folder) => !latest.includes(folder))
  const choose = (folder: Folder) => {
    stopAsking()
    rememberFolder(folder.id)
    void triage(meant, { type: action, folderId: folder.id }, `triage:command.${action}`, { folder: names.shown(folder) })
  }
  const group = (heading: string | undefined, list: readonly Folder[]) => (
    <Cmdk.Group heading={heading} className="[&_[cmdk-group-heading]]:px-3 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-2xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-3">
      {list.map((folder) => {
        const Icon = folderIcon(folder)
        return (
          <Cmdk.Item
            key={folder.id}
            value={String(folder.id)}
            keywords={[names.shown(folder), names.full(folder)]}
            onSelect={() => choose(folder)}
            className="flex h-8 items-center gap-3 rounded-md px-3 data-[selected=true]:bg-fill-strong"
          >
            <Icon aria-hidden className="size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
            <span className="min-w-0 truncate">{names.shown(folder)}</span>
            <span className="min-w-0 flex-1 truncate text-right text-xs text-ink-3">{names.context(folder)}</span>
          </Cmdk.Item>
        )
      })}
    </Cmdk.Group>
  )
  return (
    <Dialog open onOpenChange={stopAsking} title={t(`triage:pick.${action}`)} width="narrow">
      {accounts !== null && accounts.size > 1 ? (
        <p>{t('triage:pick.severalAccounts')}</p>
      ) : (
        <Cmdk loop label={t(`triage:pick.${action}`)} filter={(_value, query, [name = '', ...context] = []) => scoreOf(query, name, context.join(' '))}>
          <Cmdk.Input
            autoFocus
            value={typed}
            onValueChange={setTyped}
            placeholder={t('triage:pick.placeholder')}
            className="h-(--control) w-full rounded-md border border-line-control bg-surface px-2.5 text-sm outline-none focus-visible:border-accent dark:bg-fill"
          />
          <Cmdk.List className="mt-2 max-h-[min(24rem,50vh)] overflow-y-auto">
            <Cmdk.Empty className="px-3 py-6 text-center text-ink-3">{t('triage:pick.none')}</Cmdk.Empty>
            {latest.length > 0 && group(t('triage:pick.recent'), latest)}
            {group(latest.length > 0 ? t('triage:pick.folders') : undefined, others)}
          </Cmdk.List>
        </Cmdk>
      )}
    </Dialog>
  )
}
