import clsx from 'clsx'
import { CalendarDays, Check, Paperclip, Reply, Star } from 'lucide-react'
import { memo } from 'react'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import type { Format } from '../../locales/format.ts'
import type { Translate } from '../../locales/text.ts'
import type { RowState } from '../../parts/virtual-list.tsx'
import type { ThreadRow } from '../../../shared/model/message.ts'
import { sendersOf } from './sender-names.ts'

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
  const senders = sendersOf(row.people, t('inbox:list.me'), t('inbox:list.noSender')).map(({ name }) => name)
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
    row.snippet,
  ]
  return parts.filter((part) => part !== '').join('. ')
}

export const ThreadRowView = memo(function ThreadRowView({ row, look, active, selected, listFocused, picking, onToggle, onStar }: Props) {
  const t = useText()
  const format = useFormat()
  const senders = sendersOf(row.people, t('inbox:list.me'), t('inbox:list.noSender'))
  const subject = row.subject || t('inbox:list.noSubject')

  const lead = (
    <span
      className="flex w-8 shrink-0 items-center justify-center self-stretch"
      onClick={(event) => {
        event.stopPropagation()
        onToggle(row)
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <span className={clsx('size-2 rounded-full', row.unread && 'bg-accent', picking ? 'hidden' : 'group-hover:hidden')} />
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
  )
  const who = (
    <span className="min-w-0 truncate">
      {senders.map((sender, at) => (
        <span key={at} className={row.unread && (sender.unread || senders.length === 1) ? 'font-semibold text-ink' : 'text-ink'}>
          {at > 0 && <span className="font-normal text-ink-3">, </span>}
          <bdi>{sender.name}</bdi>
        </span>
      ))}
    </span>
  )
  const count = row.messageCount > 1 && <span className="tabular shrink-0 text-xs text-ink-3">{format.number(row.messageCount)}</span>
  const marks = (
    <>
      {row.answered && <Reply aria-hidden className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />}
      {row.hasInvite && <CalendarDays aria-hidden className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />}
      {row.hasAttachment && <Paperclip aria-hidden className="size-3.5 shrink-0 text-ink-3" strokeWidth={1.75} />}
    </>
  )
  const date = (
    <time
      dateTime={new Date(row.date).toISOString()}
      title={format.fullDate(row.date)}
      className={clsx('tabular shrink-0 text-right text-xs whitespace-nowrap', row.unread ? 'font-medium text-accent-ink' : 'text-ink-3')}
    >
      {format.listDate(row.date)}
    </time>
  )
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
    <div
      className={clsx(
        'group relative flex h-full items-center pr-4',
        selected && picking ? 'bg-accent-soft' : active ? (listFocused ? 'bg-accent-soft' : 'bg-fill-strong') : 'hover:bg-fill',
      )}
    >
      {active && <span className={clsx('absolute inset-y-0 left-0 w-0.5', listFocused ? 'bg-accent' : 'bg-line-control')} />}
      {lead}
      {look === 'stacked' ? (
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="flex items-center gap-1.5">
            <span className="flex min-w-0 flex-1 items-baseline gap-1.5">
              {who}
              {count}
            </span>
            {marks}
            {date}
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
          <span className="flex w-[clamp(7rem,24%,13rem)] shrink-0 items-baseline gap-1.5 pr-3">
            {who}
            {count}
          </span>
          <span className="min-w-0 flex-1 truncate pr-3 text-ink-3">
            {subjectText}
            {snippet}
          </span>
          <span className="flex shrink-0 items-center gap-1.5">
            {marks}
            {star}
            <span className="min-w-14 text-right">{date}</span>
          </span>
        </>
      )}
    </div>
  )
})
