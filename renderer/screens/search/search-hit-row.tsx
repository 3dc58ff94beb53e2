import clsx from 'clsx'
import { Star } from 'lucide-react'
import { memo } from 'react'
import { useFormat } from '../../locales/format.ts'
import type { Format } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import type { RowState } from '../../parts/virtual-list.tsx'
import type { SearchHit } from '../../../shared/api/contract.ts'
import type { Folder } from '../../../shared/model/folder.ts'
import { folderIcon } from '../inbox/folder-icons.ts'
import { Marks, PickPlace, RowFrame, Senders } from '../inbox/row-parts.tsx'
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

export const SearchHitRow = memo(function SearchHitRow({ hit, folder, folderName, picking, onToggle, ...state }: Props) {
  const t = useText()
  const format = useFormat()
  const FolderIcon = folder ? folderIcon(folder) : null
  return (
    <RowFrame {...state} picking={picking} className="border-b border-line/60">
      <PickPlace unread={hit.unread} selected={state.selected} picking={picking} onToggle={() => onToggle(hit)} top />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex items-center gap-1.5">
          <span className="flex min-w-0 flex-1 items-baseline gap-1.5">
            <Senders row={hit} />
          </span>
          <Marks row={hit} />
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
    </RowFrame>
  )
})
