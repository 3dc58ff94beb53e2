import clsx from 'clsx'
import { AlarmClock, Star } from 'lucide-react'
import { memo, useState } from 'react'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import type { Format } from '../../locales/format.ts'
import type { Translate } from '../../locales/text.ts'
import type { RowState } from '../../parts/virtual-list.tsx'
import type { ThreadRow } from '../../../shared/model/message.ts'
import { whenText } from '../../when/when-text.ts'
import { ownZone } from '../../when/zones.ts'
import { RowActions } from './row-actions.tsx'
import { Marks, PickPlace, RowFrame, Senders } from './row-parts.tsx'
import { whoOf } from './sender-names.ts'

/** 'stacked' is two lines for a narrow list; 'line' is one. */
export type RowLook = 'stacked' | 'line'

type Props = RowState & {
  readonly row: ThreadRow
  readonly look: RowLook
  readonly picking: boolean
  readonly onToggle: (row: ThreadRow) => void
  readonly onStar: (row: ThreadRow) => void
}

/** The row in words, for assistive technology. */
export function threadLabel(row: ThreadRow, t: Translate, format: Format): string {
  const senders = whoOf(row, t).map(({ name }) => name)
  const parts = [
    row.unread ? t('inbox:row.unread') : '',
    senders.join(', '),
    row.subject || t('inbox:list.noSubject'),
    row.messageCount > 1 ? t('inbox:row.messages', { count: row.messageCount }) : '',
    format.fullDate(row.date),
    row.flagged ? t('inbox:row.starred') : '',
    row.hasAttachment ? t('inbox:row.attachment') : '',
    row.hasInvite ? t('inbox:row.invite') : '',
    row.answered ? t('inbox:row.answered') : '',
    row.forwarded ? t('inbox:row.forwarded') : '',
    row.muted ? t('triage:row.muted') : '',
    row.returned ? t('triage:row.returned') : '',
    row.snoozedUntil === null ? '' : t('triage:row.snoozed', { when: whenText(format.tag, row.snoozedUntil, ownZone()) }),
    row.snippet,
  ]
  return parts.filter((part) => part !== '').join('. ')
}

export const ThreadRowView = memo(function ThreadRowView({ row, look, picking, onToggle, onStar, ...state }: Props) {
  const t = useText()
  const format = useFormat()
  const [pointed, setPointed] = useState(false)
  const subject = row.subject || t('inbox:list.noSubject')
  const who = <Senders row={row} />
  const when =
    row.snoozedUntil === null ? (
      <time
        dateTime={new Date(row.date).toISOString()}
        title={format.fullDate(row.date)}
        className={clsx('tabular shrink-0 text-right text-xs whitespace-nowrap', row.unread || row.returned ? 'font-medium text-accent-ink' : 'text-ink-3')}
      >
        {row.returned ? t('triage:snooze.back') : format.listDate(row.date)}
      </time>
    ) : (
      <time
        dateTime={new Date(row.snoozedUntil).toISOString()}
        title={t('triage:snooze.until', { when: format.fullDate(row.snoozedUntil) })}
        className="tabular flex shrink-0 items-center gap-1 text-xs whitespace-nowrap text-ink-2"
      >
        <AlarmClock aria-hidden className="size-3" strokeWidth={2} />
        {whenText(format.tag, row.snoozedUntil, ownZone())}
      </time>
    )
  const actions = pointed && !picking && <RowActions id={row.id} />
  const star = (
    <span
      title={row.flagged ? t('inbox:row.unstar') : t('inbox:row.star')}
      onClick={(event) => {
        event.stopPropagation()
        onStar(row)
      }}
      onDoubleClick={(event) => event.stopPropagation()}
      className={clsx('-my-1.5 -mr-1.5 shrink-0 p-1.5 hover:text-star', row.flagged ? 'text-star' : 'hidden text-ink-3 group-hover:inline')}
    >
      <Star aria-hidden className={clsx('size-3.5', row.flagged && 'fill-current')} strokeWidth={1.75} />
    </span>
  )
  const subjectText = <bdi className={clsx(row.unread ? 'font-medium text-ink' : 'text-ink-2')}>{subject}</bdi>
  const snippet = row.snippet !== '' && (
    <>
      <span className="px-1.5 opacity-60">–</span>
      <bdi>{row.snippet}</bdi>
    </>
  )

  return (
    <div className="h-full" onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
      <RowFrame {...state} picking={picking}>
        <PickPlace unread={row.unread} selected={state.selected} picking={picking} onToggle={() => onToggle(row)} />
        {look === 'stacked' ? (
          <span className="flex min-w-0 flex-1 flex-col">
            <span className="flex h-5 items-center gap-1.5">
              <span className="flex min-w-0 flex-1 items-baseline gap-1.5">{who}</span>
              {actions || (
                <>
                  <Marks row={row} />
                  {when}
                </>
              )}
            </span>
            <span className="flex items-center">
              <span className="min-w-0 flex-1 truncate text-ink-3">
                {subjectText}
                {snippet}
              </span>
              {star}
            </span>
          </span>
        ) : (
          <>
            <span className="flex w-[clamp(7rem,24%,13rem)] shrink-0 items-baseline gap-1.5 pr-3">{who}</span>
            <span className="min-w-0 flex-1 truncate pr-3 text-ink-3">
              {subjectText}
              {snippet}
            </span>
            <span className="flex shrink-0 items-center gap-1.5">
              {!actions && <Marks row={row} />}
              {star}
              {actions || <span className="flex min-w-14 justify-end">{when}</span>}
            </span>
          </>
        )}
      </RowFrame>
    </div>
  )
})
