// The head of an open message: who, to whom, when; everything else behind the details.
import clsx from 'clsx'
import { ChevronDown, Forward, Moon, MoreHorizontal, Reply, Star, SunMedium } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId, useState } from 'react'
import type { Message } from '../../shared/model/message.ts'
import { commandItems } from '../commands/menu-items.ts'
import { useFormat } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import { Avatar } from '../parts/avatar.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu } from '../parts/menu.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import { Tooltip } from '../parts/tooltip.tsx'
import { useTheme } from '../shell/use-theme.ts'
import { leaveComposers } from './composer/composers.ts'
import { useConversation } from './conversation-state.ts'
import { messageMenu } from './message-commands.ts'
import { showOriginalColors, useLooks } from './message-looks.ts'
import { useOwnAddresses } from './own-addresses.ts'
import { namePretends, personName, recipientCount, repliesElsewhere } from './people.ts'
import { Recipients } from './recipients.tsx'

type Props = { readonly message: Message; readonly fresh: boolean; readonly conversationSubject: string; readonly onFold: (() => void) | null }

export function MessageHeader({ message, fresh, conversationSubject, onFold }: Props) {
  const t = useText()
  const format = useFormat()
  const details = useId()
  const [detailed, setDetailed] = useState(false)
  const { from } = message
  const pretends = from !== null && namePretends(from)
  // A name that claims another address is not shown in the place where names are believed.
  const name = from === null ? t('message:unknownSender') : pretends ? from.address : personName(from)
  const named = from !== null && !pretends && from.name !== '' && from.name !== from.address
  const elsewhere = repliesElsewhere(message)
  return (
    <header>
      <div className="flex items-start gap-3">
        <span className="relative shrink-0">
          <Avatar name={from?.name ?? ''} address={from?.address ?? ''} />
          {fresh && <span role="img" aria-label={t('message:header.unread')} className="absolute -top-0.5 -left-0.5 size-2.5 rounded-full border-2 border-surface bg-accent" />}
        </span>
        <div className="min-w-0 flex-1">
          <div className="flex items-baseline gap-2">
            {/* The whole line folds the message; text in it can still be selected. */}
            <button
              type="button"
              data-message-head
              aria-expanded
              aria-label={t('message:header.fold', { name })}
              disabled={onFold === null}
              className="flex min-w-0 flex-1 items-baseline gap-2 rounded-sm text-left"
              onClick={() => {
                if (getSelection()?.isCollapsed !== false) onFold?.()
              }}
            >
              <bdi className="selectable truncate text-md font-semibold text-ink">{name}</bdi>
              {named && <bdi className="selectable hidden min-w-0 truncate text-ink-3 @lg:inline">{from.address}</bdi>}
            </button>
            <Badges message={message} />
            {message.flagged && <Star aria-label={t('message:header.starred')} className="size-3.5 shrink-0 self-center fill-star text-star" />}
            <Tooltip label={format.fullDate(message.date)}>
              <time dateTime={isoDate(message.date)} className="tabular shrink-0 text-xs text-ink-3">
                {format.dateTime(message.date)}
              </time>
            </Tooltip>
          </div>
          <div className="flex items-start justify-between gap-2">
            <button
              type="button"
              aria-expanded={detailed}
              aria-controls={details}
              title={detailed ? t('message:header.hideDetails') : t('message:header.showDetails')}
              className="-ml-1 flex min-w-0 items-center gap-0.5 rounded-sm px-1 text-xs text-ink-3 hover:bg-fill hover:text-ink-2"
              onClick={() => setDetailed(!detailed)}
            >
              <Summary message={message} />
              <ChevronDown aria-hidden className={clsx('size-3.5 shrink-0 transition-transform duration-100', detailed && 'rotate-180')} />
            </button>
            <ColorsButton message={message} />
          </div>
          {elsewhere !== null && <p className="truncate text-xs text-ink-3">{t('message:header.repliesElsewhere', { address: elsewhere })}</p>}
          {pretends && <p className="mt-1 w-fit rounded-sm bg-warn-soft px-1.5 py-0.5 text-xs break-words text-warn">{t('message:header.pretends', { name: from.name })}</p>}
        </div>
        <MessageMenu message={message} />
      </div>
      {detailed && (
        <div id={details} className="mt-2 @lg:ml-11">
          <Details message={message} conversationSubject={conversationSubject} />
        </div>
      )}
    </header>
  )
}

/** In the dark, a mail with looks of its own can be seen as it was sent. */
function ColorsButton({ message }: { readonly message: Message }) {
  const t = useText()
  const dark = useTheme() === 'dark'
  const styled = useLooks((state) => state.styled.has(message.id))
  const original = useLooks((state) => state.original.has(message.id))
  if (!dark || !styled) return null
  return (
    <button
      type="button"
      aria-label={original ? t('message:colors.adapted') : t('message:colors.original')}
      title={original ? t('message:colors.adapted') : t('message:colors.original')}
      className="inline-flex shrink-0 items-center gap-1 rounded-sm px-1 text-xs text-ink-3 hover:bg-fill hover:text-ink-2"
      onClick={() => showOriginalColors(message.id, !original)}
    >
      {original ? <Moon aria-hidden className="size-3.5" /> : <SunMedium aria-hidden className="size-3.5" />}
      <span className="hidden @md:inline">{original ? t('message:colors.adapted') : t('message:colors.original')}</span>
    </button>
  )
}

/** 'to me, Kari and 3 more'. */
function Summary({ message }: { readonly message: Message }) {
  const t = useText()
  const own = useOwnAddresses()
  const people = [...message.to, ...message.cc, ...message.bcc].slice(0, 3)
  const count = recipientCount(message)
  const names = people.map((person) => (own.has(person.address.toLowerCase()) ? t('message:header.toMe') : firstWord(personName(person)))).join(', ')
  const shown = count === 0 ? t('message:header.nobody') : t('message:header.to', { people: count > people.length ? t('message:header.andMore', { people: names, count: count - people.length }) : names })
  return <span className="min-w-0 truncate">{shown}</span>
}

/** The given name of a name; an address or a name with a comma stays whole. */
function firstWord(name: string): string {
  if (name.includes('@') || name.includes(',')) return name
  return name.split(/\s+/u, 1)[0] ?? name
}

function isoDate(at: number): string | undefined {
  const date = new Date(at)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

function Badge({ children, hint, tone = 'plain' }: { readonly children: ReactNode; readonly hint?: string; readonly tone?: 'plain' | 'warn' }) {
  const badge = (
    <span
      className={clsx(
        'shrink-0 self-center rounded-sm px-1.5 text-2xs font-medium',
        { plain: 'bg-fill-strong text-ink-2', warn: 'bg-warn-soft text-warn' }[tone],
      )}
    >
      {children}
    </span>
  )
  return hint === undefined ? badge : <Tooltip label={hint}>{badge}</Tooltip>
}

function Badges({ message }: { readonly message: Message }) {
  const t = useText()
  return (
    <>
      {message.draft && <Badge tone="warn">{t('message:header.draft')}</Badge>}
      {message.automatic && <Badge hint={t('message:header.automaticHint')}>{t('message:header.automatic')}</Badge>}
      {message.listId !== null && !message.automatic && <Badge hint={message.listId}>{t('message:header.listBadge')}</Badge>}
      {message.answered && (
        <Tooltip label={t('message:header.answered')}>
          <span className="self-center text-ink-3">
            <Reply aria-label={t('message:header.answered')} className="size-3.5" />
          </span>
        </Tooltip>
      )}
      {message.forwarded && (
        <Tooltip label={t('message:header.forwarded')}>
          <span className="self-center text-ink-3">
            <Forward aria-label={t('message:header.forwarded')} className="size-3.5" />
          </span>
        </Tooltip>
      )}
    </>
  )
}

function MessageMenu({ message }: { readonly message: Message }) {
  const t = useText()
  const [items, setItems] = useState<readonly MenuItem[]>([])
  return (
    <span className="-mt-1 -mr-2 shrink-0">
      <Menu
        items={items}
        align="end"
        onOpenChange={(open) => {
          if (!open) return
          // The commands speak of the message the keyboard is on.
          leaveComposers()
          useConversation.setState({ current: message.id })
          setItems(commandItems(messageMenu))
        }}
      >
        <IconButton icon={MoreHorizontal} label={t('message:header.menu')} tooltip={false} />
      </Menu>
    </span>
  )
}

function Details({ message, conversationSubject }: { readonly message: Message; readonly conversationSubject: string }) {
  const t = useText()
  const format = useFormat()
  const rows: readonly (readonly [label: string, content: ReactNode])[] = [
    [t('message:header.from'), message.from === null ? null : <Recipients people={[message.from]} />],
    [t('message:header.replyTo'), message.replyTo.length === 0 ? null : <Recipients people={message.replyTo} />],
    [t('message:header.toLabel'), message.to.length === 0 ? null : <Recipients people={message.to} omitted={message.recipientsOmitted} />],
    [t('message:header.cc'), message.cc.length === 0 ? null : <Recipients people={message.cc} />],
    [t('message:header.bcc'), message.bcc.length === 0 ? null : <Recipients people={message.bcc} />],
    [t('message:header.subject'), message.subject === conversationSubject ? null : <bdi className="px-1">{message.subject}</bdi>],
    [t('message:header.date'), <span className="px-1">{format.fullDate(message.date)}</span>],
    [t('message:header.list'), message.listId === null ? null : <bdi className="px-1 break-all">{message.listId}</bdi>],
    [t('message:header.size'), <span className="px-1">{format.size(message.size)}</span>],
  ]
  return (
    <dl className="selectable grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 rounded-lg bg-fill p-3 text-xs">
      {rows.map(([label, content]) =>
        content === null ? null : (
          <div key={label} className="contents">
            <dt className="text-right text-ink-3">{label}</dt>
            <dd className="min-w-0">{content}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
