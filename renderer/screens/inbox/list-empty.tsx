import { AlarmClock, FileText, FolderOpen, FolderTree, MailCheck, Paperclip, Send, ShieldCheck, Star, Trash2 } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useAccounts, useFolders } from '../../api/shared-query.ts'
import { useText } from '../../locales/text.ts'
import type { TextKey } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { showFilter, showLane } from '../../state.ts'
import type { ThreadFilter, ThreadSource } from '../../../shared/api/lists.ts'
import type { Lane } from '../../../shared/model/lane.ts'
import { laneIcons } from './lane-icons.ts'

type Words = readonly [icon: LucideIcon, title: TextKey, detail: TextKey]

const byFilter: Readonly<Record<Exclude<ThreadFilter, 'all'>, Words>> = {
  unread: [MailCheck, 'inbox:empty.unreadTitle', 'inbox:empty.unreadDetail'],
  flagged: [Star, 'inbox:empty.flaggedTitle', 'inbox:empty.flaggedDetail'],
  attachments: [Paperclip, 'inbox:empty.attachmentsTitle', 'inbox:empty.attachmentsDetail'],
}
const byUse: Readonly<Partial<Record<string, Words>>> = {
  drafts: [FileText, 'inbox:empty.draftsTitle', 'inbox:empty.draftsDetail'],
  sent: [Send, 'inbox:empty.sentTitle', 'inbox:empty.sentDetail'],
  junk: [ShieldCheck, 'inbox:empty.junkTitle', 'inbox:empty.junkDetail'],
  trash: [Trash2, 'inbox:empty.trashTitle', 'inbox:empty.trashDetail'],
}

/** Why there is nothing in the list: still fetching, filtered away, or really empty. */
export function ListEmpty({ source, filter, lane }: { readonly source: ThreadSource; readonly filter: ThreadFilter; readonly lane: Lane | null }) {
  const t = useText()
  const accounts = useAccounts() ?? []
  const folder = useFolders()?.find(({ id }) => id === source)
  const states = accounts.filter(({ account }) => !folder || account.id === folder.accountId).map(({ state }) => state)
  const syncing = states.find((state) => state.step === 'connecting' || state.step === 'folders' || state.step === 'listing')

  if (filter === 'all' && syncing && (!folder || folder.total === 0) && syncing.lastSuccessAt === null) {
    return (
      <EmptyState art={<Stack />} title={t('inbox:empty.syncingTitle')} action={syncing.total > 0 ? <div className="w-64"><ProgressBar label={syncing.folderName ?? ''} done={syncing.done} total={syncing.total} leftMs={syncing.leftMs} /></div> : undefined}>
        {t('inbox:empty.syncingDetail')}
      </EmptyState>
    )
  }
  if (filter !== 'all') {
    const [icon, title, detail] = byFilter[filter]
    return (
      <EmptyState icon={icon} title={t(title)} action={<Button onClick={() => showFilter('all')}>{t('inbox:empty.showAll')}</Button>}>
        {t(detail)}
      </EmptyState>
    )
  }
  if (lane !== null) {
    return (
      <EmptyState icon={laneIcons[lane]} title={t('triage:lane.empty')} action={<Button onClick={() => showLane(null)}>{t('inbox:empty.showAll')}</Button>}>
        {t('triage:lane.emptyDetail')}
      </EmptyState>
    )
  }
  if (source === 'snoozed') {
    return (
      <EmptyState icon={AlarmClock} title={t('triage:snooze.empty')}>
        {t('triage:snooze.emptyDetail')}
      </EmptyState>
    )
  }
  if (folder && !folder.selectable) {
    return (
      <EmptyState icon={FolderTree} title={t('inbox:empty.noFolderTitle')}>
        {t('inbox:empty.noFolderDetail')}
      </EmptyState>
    )
  }
  if (!folder || folder.special === 'inbox') {
    return (
      <EmptyState art={<Stack done />} title={t('inbox:empty.inboxTitle')}>
        {t('inbox:empty.inboxDetail')}
      </EmptyState>
    )
  }
  const [icon, title, detail] = byUse[folder.special ?? ''] ?? [FolderOpen, 'inbox:empty.folderTitle', 'inbox:empty.folderDetail']
  return (
    <EmptyState icon={icon} title={t(title)}>
      {t(detail)}
    </EmptyState>
  )
}

/** A short list, being written or ticked off: the product's mark at rest. */
function Stack({ done = false }: { readonly done?: boolean }) {
  return (
    <svg aria-hidden viewBox="0 0 96 72" className="mb-4 w-24">
      <rect x="14" y="6" width="68" height="60" rx="9" className="fill-fill" />
      <rect x="6" y="12" width="84" height="50" rx="9" className="fill-surface stroke-line" strokeWidth="1.5" />
      {[25, 37, 49].map((y, at) => (
        <g key={y} className={done ? '' : 'animate-shimmer'} style={{ animationDelay: `${at * 200}ms` }}>
          {done ? (
            <path d={`m17 ${y} 3 3 5.5-6`} fill="none" className="stroke-accent" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" />
          ) : (
            <circle cx="21" cy={y} r="3" className="fill-accent" opacity="0.5" />
          )}
          <rect x="33" y={y - 2} width={[44, 36, 40][at]} height="4" rx="2" className="fill-fill-strong" />
        </g>
      ))}
    </svg>
  )
}
