// A calendar invitation as a card above the text: what, when, where, who. Display only.
import clsx from 'clsx'
import { CalendarCheck, CalendarClock, CalendarDays, CalendarX, Check, HelpCircle, MapPin, Users, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { useState } from 'react'
import type { CalendarInvite, Message } from '../../shared/model/message.ts'
import { useFormat } from '../locales/format.ts'
import type { Format } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import type { Translate } from '../locales/text.ts'
import { attendeeStatus, inviteKind, inviteTime } from './invite-view.ts'
import type { AttendeeStatus, InviteKind } from './invite-view.ts'
import { judgeLink } from './link-verdict.ts'
import { followLink } from './open-link.ts'
import { useOwnAddresses } from './own-addresses.ts'
import { personName } from './people.ts'

const firstAttendees = 6
const mostAttendees = 200

const icons: Readonly<Record<InviteKind, LucideIcon>> = { request: CalendarDays, cancel: CalendarX, reply: CalendarCheck, counter: CalendarClock, publish: CalendarDays, other: CalendarDays }

function headline(invite: CalendarInvite, kind: InviteKind, sender: string, t: Translate): string {
  switch (kind) {
    case 'request':
      return t('message:invite.request')
    case 'cancel':
      return t('message:invite.cancel')
    case 'counter':
      return sender === '' ? t('message:invite.counter') : t('message:invite.counterBy', { name: sender })
    case 'reply': {
      const [answering] = invite.attendees
      const name = answering === undefined ? sender : personName(answering)
      switch (answering === undefined || name === '' ? 'waiting' : attendeeStatus(answering.status)) {
        case 'accepted':
          return t('message:invite.replyAccepted', { name })
        case 'declined':
          return t('message:invite.replyDeclined', { name })
        case 'tentative':
          return t('message:invite.replyTentative', { name })
        case 'delegated':
          return t('message:invite.replyDelegated', { name })
        case 'waiting':
          return t('message:invite.reply')
      }
      break
    }
    case 'publish':
      return t('message:invite.publish')
    case 'other':
      return t('message:invite.other')
  }
}

export function InviteCard({ message, invite }: { readonly message: Message; readonly invite: CalendarInvite }) {
  const t = useText()
  const format = useFormat()
  const kind = inviteKind(invite.method)
  const Icon = icons[kind]
  const time = inviteTime(invite, format.tag, Intl.DateTimeFormat().resolvedOptions().timeZone)
  const title = invite.summary.trim() === '' ? t('message:invite.untitled') : invite.summary
  const gone = kind === 'cancel'
  return (
    <section aria-label={headline(invite, kind, message.from === null ? '' : personName(message.from), t)} className="selectable mb-4 flex gap-4 rounded-xl p-4 shadow-card dark:bg-fill">
      <DateTile invite={invite} format={format} gone={gone} />
      <div className="min-w-0 flex-1">
        <p className={clsx('flex items-center gap-1.5 text-xs font-medium', gone ? 'text-danger' : kind === 'counter' ? 'text-warn' : 'text-accent-ink')}>
          <Icon aria-hidden className="size-3.5" strokeWidth={2} />
          {headline(invite, kind, message.from === null ? '' : personName(message.from), t)}
        </p>
        <h3 dir="auto" className={clsx('mt-0.5 text-md font-semibold text-ink', gone && 'line-through decoration-ink-3')}>
          {title}
        </h3>
        {time === null ? (
          <p className="mt-1 text-ink-3">{t('message:invite.noTime')}</p>
        ) : (
          <>
            <p className={clsx('mt-1 text-ink', gone && 'text-ink-3')}>
              {time.day}
              {time.time !== null && <span className="tabular"> · {time.time}</span>}
            </p>
            {time.theirs !== null && <p className="tabular text-xs text-ink-3">{t('message:invite.theirs', time.theirs)}</p>}
          </>
        )}
        {invite.location !== '' && (
          <p className="mt-2 flex items-start gap-2 text-ink-2">
            <MapPin aria-label={t('message:invite.where')} className="mt-0.5 size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
            <Where location={invite.location} />
          </p>
        )}
        {(invite.organizer !== null || invite.attendees.length > 0) && <Attendees invite={invite} />}
      </div>
    </section>
  )
}

/** The day as a leaf of a calendar, to be found at a glance. */
function DateTile({ invite, format, gone }: { readonly invite: CalendarInvite; readonly format: Format; readonly gone: boolean }) {
  if (invite.startsAt === null) return null
  const at = invite.allDay ? invite.startsAt + 43_200_000 : invite.startsAt
  const part = (options: Intl.DateTimeFormatOptions): string => new Intl.DateTimeFormat(format.tag, options).format(at)
  return (
    <div aria-hidden className={clsx('flex h-fit w-14 shrink-0 flex-col overflow-hidden rounded-lg text-center shadow-card select-none', gone && 'opacity-55 grayscale')}>
      <span className="bg-accent py-0.5 text-2xs font-semibold text-on-accent uppercase">{part({ month: 'short' }).replace('.', '')}</span>
      <span className="tabular bg-surface pt-1 text-xl leading-6 font-semibold text-ink">{part({ day: 'numeric' }).replace('.', '')}</span>
      <span className="bg-surface pb-1 text-2xs text-ink-3">{part({ weekday: 'short' })}</span>
    </div>
  )
}

/** A place that is a web address opens like any link in a mail: judged first. */
function Where({ location }: { readonly location: string }) {
  const words = location.split(/(https?:\/\/[^\s<>"]*[^\s<>"),.;:!?])/u)
  return (
    <span className="min-w-0 break-words">
      {words.map((word, at) =>
        at % 2 === 1 ? (
          <button key={at} type="button" className="rounded-sm text-left break-all text-accent-ink underline-offset-2 hover:underline" onClick={() => followLink(judgeLink(word, word))}>
            {word}
          </button>
        ) : (
          <bdi key={at}>{word}</bdi>
        ),
      )}
    </span>
  )
}

const statusLooks: Readonly<Record<AttendeeStatus, { readonly icon: LucideIcon; readonly tint: string }>> = {
  accepted: { icon: Check, tint: 'text-ok' },
  declined: { icon: X, tint: 'text-danger' },
  tentative: { icon: HelpCircle, tint: 'text-warn' },
  delegated: { icon: HelpCircle, tint: 'text-ink-3' },
  waiting: { icon: HelpCircle, tint: 'text-ink-3 opacity-60' },
}

function Attendees({ invite }: { readonly invite: CalendarInvite }) {
  const t = useText()
  const format = useFormat()
  const own = useOwnAddresses()
  const [all, setAll] = useState(false)
  const { organizer, attendees } = invite
  const shown = attendees.slice(0, all ? mostAttendees : firstAttendees)
  const nameOf = (person: { readonly name: string; readonly address: string }): string => (own.has(person.address.toLowerCase()) ? t('message:invite.you') : personName(person))
  return (
    <div className="mt-2 flex items-start gap-2 text-ink-2">
      <Users aria-hidden className="mt-0.5 size-4 shrink-0 text-ink-3" strokeWidth={1.75} />
      <div className="min-w-0 flex-1">
        {organizer !== null && (
          <p className="truncate">
            {own.has(organizer.address.toLowerCase()) ? (
              <span className="text-ink-3">{t('message:invite.organizedByYou')}</span>
            ) : (
              <>
                <span className="text-ink-3">{t('message:invite.organizer')} </span>
                <bdi title={organizer.address}>{nameOf(organizer)}</bdi>
              </>
            )}
          </p>
        )}
        <ul className="flex flex-wrap gap-x-4 gap-y-0.5">
          {shown.map((person, at) => {
            const status = attendeeStatus(person.status)
            const { icon: Icon, tint } = statusLooks[status]
            return (
              <li key={at} title={person.address} className="flex min-w-0 items-center gap-1">
                <Icon aria-label={t(`message:invite.status.${status}`)} className={clsx('size-3.5 shrink-0', tint)} strokeWidth={2.25} />
                <bdi className="truncate">{nameOf(person)}</bdi>
              </li>
            )
          })}
        </ul>
        {attendees.length > firstAttendees && (
          <button type="button" aria-expanded={all} className="rounded-sm text-xs font-medium text-accent-ink hover:underline" onClick={() => setAll(!all)}>
            {all ? t('message:invite.showFewer') : `${t('message:invite.showAll')} (${format.number(attendees.length)})`}
          </button>
        )}
      </div>
    </div>
  )
}
