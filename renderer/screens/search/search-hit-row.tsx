import clsx from 'clsx'
import { CalendarDays, Check, Paperclip, Star } from 'lucide-react'
import { memo } from 'react'
import { useFormat } from '../../locales/format.ts'
import type { Format } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import type { RowState } from '../../parts/virtual-list.tsx'
import type { SearchHit } from '../../../shared/api/contract.ts'
import type { Folder } from '../../../shared/model/folder.ts'
import { folderIcon } from '../inbox/folder-icons.ts'
import { sendersOf } from '../inbox/sender-names.ts'
import { threadLabel } from '../inbox/thread-row.tsx'
import { MarkedText, withoutMarks } from './marked-text.tsx'

/** The row in words, for assistive technology. */
export function hitLabel(hit: SearchHit, t: Translate, format: Format): string {
  return threadLabel({ ...hit, snippet: withoutMarks(hit.excerpt) }, t, format)
}

type Props = RowState & {
  readonly hit: SearchHit
  readonly folder: Folder | undefined
  readonly folderName: string
  readonly picking: boolean
  readonly onToggle: (hit: SearchHit) => void
}

export const SearchHitRow = memo(function SearchHitRow({ hit, folder, folderName, active, selected, listFocused, picking, onToggle }: Props) {
  const t = useText()
  const format = useFormat()
  const senders = sendersOf(hit.people, t('inbox:list.me'), t('inbox:list.noSender'))
  const FolderIcon = folder ? folderIcon(folder) : null
  return (
    <div
      className={clsx(
        'group relative flex h-full items-center border-b border-line/60 pr-4',
        selected && picking ? 'bg-accent-soft' : active ? (listFocused ? 'bg-accent-soft' : 'bg-fill-strong') : 'hover:bg-fill',
      )}
    >
      {active && <span className={clsx('absolute inset-y-0 left-0 w-0.5', listFocused ? 'bg-accent' : 'bg-line-control')} />}
      <span
        className="flex w-8 shrink-0 justify-center self-stretch pt-3.5 compact:pt-2.5"
        onClick={(event) => {
          event.stopPropagation()
          onToggle(hit)
        }}
        onDoubleClick={(event) => event.stopPropagation()}
      >
        <span className={clsx('mt-1 size-2 rounded-full', hit.unread && 'bg-accent', picking ? 'hidden' : 'group-hover:hidden')} />
        <span
          className={clsx(
            'size-3.5 items-center justify-center rounded-sm border',
            picking ? 'flex' : 'hidden group-hover:flex',
            picking && selected ? 'border-accent bg-accent text-on-accent' : 'border-line-control',
          )}
        >
          {picking && selected && <Check aria-hidden className="size-2.5" strokeWidth={3.5} />}
        </span>
      </span>
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex items-center gap-1.5">
          <span className="flex min-w-0 flex-1 items-baseline gap-1.5">
            <bdi className={clsx('truncate', hit.unread ? 'font-semibold text-ink' : 'text-ink')}>{senders.map((sender) => sender.name).join(', ')}</bdi>
            {hit.messageCount > 1 && <span className="tabular shrink-0 text-xs text-ink-3">{format.number(hit.messageCount)}</span>}
          </span>
          {hit.hasInvite && <CalendarDays aria-hidden className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />}
          {hit.hasAttachment && <Paperclip aria-hidden className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />}
          {hit.flagged && <Star aria-hidden className="size-3.5 shrink-0 fill-star text-star" strokeWidth={1.75} />}
          <span className={clsx('tabular shrink-0 text-xs', hit.unread ? 'font-medium text-accent-ink' : 'text-ink-3')}>{format.listDate(hit.date)}</span>
        </span>
        <span className="flex items-center gap-2">
          <bdi className={clsx('min-w-0 flex-1 truncate', hit.unread ? 'font-medium text-ink' : 'text-ink-2')}>
            {hit.markedSubject === '' ? t('inbox:list.noSubject') : <MarkedText text={hit.markedSubject} />}
          </bdi>
          {folder && FolderIcon && (
            <span className="inline-flex h-[18px] max-w-32 shrink-0 items-center gap-1 rounded-sm bg-fill-strong px-1.5 text-2xs text-ink-2">
              <FolderIcon aria-hidden className="size-3 shrink-0" strokeWidth={2} />
              <bdi className="truncate">{folderName}</bdi>
            </span>
          )}
        </span>
        <bdi className="truncate text-xs leading-5 text-ink-3 compact:leading-4">
          <MarkedText text={hit.excerpt} />
        </bdi>
      </span>
    </div>
  )
})
