// What an invitation says, worked out apart from drawing it: the kind of announcement, and when it is in the person's
// own time zone and, where that differs, in the organiser's.
import type { CalendarInvite } from '../../shared/model/message.ts'

export type InviteKind = 'request' | 'cancel' | 'reply' | 'counter' | 'publish' | 'other'
export type AttendeeStatus = 'accepted' | 'declined' | 'tentative' | 'delegated' | 'waiting'

/** RFC 5546 methods; a refused counter-proposal and a wish for an update read as other announcements. */
export function inviteKind(method: string): InviteKind {
  switch (method.trim().toUpperCase()) {
    case 'REQUEST':
    case 'ADD':
      return 'request'
    case 'CANCEL':
      return 'cancel'
    case 'REPLY':
      return 'reply'
    case 'COUNTER':
      return 'counter'
    case 'PUBLISH':
      return 'publish'
    default:
      return 'other'
  }
}

/** RFC 5545 PARTSTAT. */
export function attendeeStatus(status: string): AttendeeStatus {
  switch (status.trim().toUpperCase()) {
    case 'ACCEPTED':
      return 'accepted'
    case 'DECLINED':
      return 'declined'
    case 'TENTATIVE':
      return 'tentative'
    case 'DELEGATED':
      return 'delegated'
    default:
      return 'waiting'
  }
}

export type InviteTime = {
  /** The day, or the whole span when it reaches over midnight. */
  readonly day: string
  /** From when to when; null for whole days and for spans over midnight. */
  readonly time: string | null
  /** The same moment on the organiser's clock, and the zone's name; null when it reads the same. */
  readonly theirs: { readonly time: string; readonly zone: string } | null
}

type Span = Pick<CalendarInvite, 'startsAt' | 'endsAt' | 'allDay' | 'timeZone'>

const day = 86_400_000
const dayParts = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const
const timeParts = { hour: '2-digit', minute: '2-digit' } as const

export function inviteTime(invite: Span, tag: string, localZone: string): InviteTime | null {
  if (invite.startsAt === null) return null
  if (invite.allDay) return { day: wholeDays(invite.startsAt, invite.endsAt, tag), time: null, theirs: null }
  const local = span(invite.startsAt, invite.endsAt, tag, localZone)
  const zone = knownZone(invite.timeZone ?? null)
  const theirs = zone === null ? local : span(invite.startsAt, invite.endsAt, tag, zone)
  if (zone === null || (theirs.day === local.day && theirs.time === local.time)) return { ...local, theirs: null }
  const time = theirs.time !== null && theirs.day === local.day ? theirs.time : [theirs.day, theirs.time].filter((part) => part !== null).join(', ')
  return { ...local, theirs: { time, zone: zoneName(invite.startsAt, tag, zone) } }
}

function span(from: number, to: number | null, tag: string, timeZone: string): { readonly day: string; readonly time: string | null } {
  const days = new Intl.DateTimeFormat(tag, { ...dayParts, timeZone })
  const times = new Intl.DateTimeFormat(tag, { ...timeParts, timeZone })
  if (to === null || to <= from) return { day: days.format(from), time: times.format(from) }
  if (days.format(from) === days.format(to)) return { day: days.format(from), time: times.formatRange(from, to) }
  return { day: new Intl.DateTimeFormat(tag, { ...dayParts, ...timeParts, timeZone }).formatRange(from, to), time: null }
}

/** Whole days are dates, not moments: they are read at their noon, and the end is the day after the last one. */
function wholeDays(from: number, to: number | null, tag: string): string {
  const format = new Intl.DateTimeFormat(tag, dayParts)
  const noon = from + day / 2
  const last = to === null ? noon : to - day / 2
  return last > noon ? format.formatRange(noon, last) : format.format(noon)
}

function knownZone(zone: string | null): string | null {
  if (zone === null || zone === '') return null
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone
  } catch {
    return null
  }
}

function zoneName(at: number, tag: string, timeZone: string): string {
  const city = timeZone.slice(timeZone.lastIndexOf('/') + 1).replaceAll('_', ' ')
  const short = new Intl.DateTimeFormat(tag, { timeZone, timeZoneName: 'short' }).formatToParts(at).find((part) => part.type === 'timeZoneName')?.value
  return short === undefined || short === city ? city : `${city} (${short})`
}
