// What rows of mail have in common, whether they are listed or found: the place to pick them, who wrote, the marks, the
// line of the cursor.
import clsx from 'clsx'
import { AlarmClock, BellOff, CalendarDays, Check, Forward, Paperclip, Reply } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import type { RowState } from '../../parts/virtual-list.tsx'
import type { ThreadRow } from '../../../shared/model/message.ts'
import { whoOf } from './sender-names.ts'

export function RowFrame({ active, selected, listFocused, picking, className, children }: RowState & { readonly picking: boolean; readonly className?: string; readonly children: ReactNode }) {
  return (
    <div
      className={clsx(
        'group relative flex h-full items-center pr-4',
        className,
        selected && picking ? 'bg-accent-soft' : active ? (listFocused ? 'bg-accent-soft' : 'bg-fill-strong') : 'hover:bg-fill',
      )}
    >
      {active && <span className={clsx('absolute inset-y-0 left-0 w-0.5', listFocused ? 'bg-accent' : 'bg-line-control')} />}
      {children}
    </div>
  )
}

/** A dot for unread; a box to pick the row while rows are picked or this one is pointed at. */
export function PickPlace({ unread, selected, picking, onToggle, top = false }: { readonly unread: boolean; readonly selected: boolean; readonly picking: boolean; readonly onToggle: () => void; readonly top?: boolean }) {
  return (
    <span
      className={clsx('flex w-8 shrink-0 justify-center self-stretch', top ? 'pt-3.5 compact:pt-2.5' : 'items-center')}
      onClick={(event) => {
        event.stopPropagation()
        onToggle()
      }}
      onDoubleClick={(event) => event.stopPropagation()}
    >
      <span className={clsx('size-2 rounded-full', top && 'mt-1', unread && 'bg-accent', picking ? 'hidden' : 'group-hover:hidden')} />
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
}

export function Senders({ row }: { readonly row: ThreadRow }) {
  const t = useText()
  const format = useFormat()
  const senders = whoOf(row, t)
  return (
    <>
      <span className="min-w-0 truncate">
        {senders.map((sender, at) => (
          <span key={at} className={row.unread && (sender.unread || senders.length === 1) ? 'font-semibold text-ink' : 'text-ink'}>
            {at > 0 && <span className="font-normal text-ink-3">, </span>}
            <bdi>{sender.name}</bdi>
          </span>
        ))}
      </span>
      {row.messageCount > 1 && <span className="tabular shrink-0 text-xs text-ink-3">{format.number(row.messageCount)}</span>}
    </>
  )
}

export function Marks({ row }: { readonly row: ThreadRow }) {
  const look = 'size-3.5 shrink-0 text-ink-3'
  return (
    <>
      {row.returned && <AlarmClock aria-hidden className="size-3.5 shrink-0 text-accent-ink" strokeWidth={2} />}
      {row.muted && <BellOff aria-hidden className={look} strokeWidth={1.75} />}
      {row.answered && <Reply aria-hidden className={look} strokeWidth={1.75} />}
      {row.forwarded && <Forward aria-hidden className={look} strokeWidth={1.75} />}
      {row.hasInvite && <CalendarDays aria-hidden className={look} strokeWidth={1.75} />}
      {row.hasAttachment && <Paperclip aria-hidden className={look} strokeWidth={1.75} />}
    </>
  )
}
