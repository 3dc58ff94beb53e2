// The event of a calendar part (RFC 5545, 5546). Calendars in the wild are truncated, hand-made and use zone names nobody
// defined; whatever can be read is shown and the rest is left empty. Recurrences are never expanded.
import ICAL from 'ical.js'
import type { Address, CalendarInvite } from '../../../shared/model/message.ts'
import { shownText } from './encoded-word.ts'

const maxLength = 512 * 1024
const maxAttendees = 500

/** Null when the text holds no event. */
export function readInvite(text: string, methodHint: string): CalendarInvite | null {
  try {
    return inviteOf(text.slice(0, maxLength), methodHint)
  } catch {
    return null
  }
}

function inviteOf(text: string, methodHint: string): CalendarInvite | null {
  const calendar = parseCalendar(text)
  if (calendar === null) return null
  const event = calendar.getFirstSubcomponent('vevent')
  if (event === null) return null
  const zones = zonesOf(calendar)
  const start = timeOf(event, 'dtstart', zones)
  const method = (stringOf(calendar, 'method') || methodHint || 'PUBLISH').toUpperCase().slice(0, 20)
  return {
    method,
    uid: stringOf(event, 'uid').slice(0, 500),
    summary: shownText(stringOf(event, 'summary'), 500),
    startsAt: start?.ms ?? null,
    endsAt: endOf(event, start, zones),
    allDay: start?.allDay ?? false,
    timeZone: start === null || start.allDay ? null : zoneName(event.getFirstProperty('dtstart')),
    location: shownText(stringOf(event, 'location'), 500),
    organizer: personOf(event.getFirstProperty('organizer')),
    attendees: event
      .getAllProperties('attendee')
      .slice(0, maxAttendees)
      .flatMap((property) => {
        const person = personOf(property)
        return person === null ? [] : [{ ...person, status: parameterOf(property, 'partstat').toUpperCase().slice(0, 30) || 'NEEDS-ACTION' }]
      }),
  }
}

/** The calendar as it stands, or what precedes the point where it breaks off. */
function parseCalendar(text: string): ICAL.Component | null {
  for (const candidate of [text, repaired(text)]) {
    try {
      const parsed: unknown = ICAL.parse(candidate)
      if (!Array.isArray(parsed)) continue
      const first: unknown = parsed[0]
      const component = new ICAL.Component((Array.isArray(first) ? first : parsed) as unknown[])
      if (component.name === 'vcalendar') return component
    } catch {
      // The repaired text is tried next.
    }
  }
  return null
}

/** Only the lines of one calendar with one event, without those that cannot be content lines, closed properly. */
function repaired(text: string): string {
  const lines = text.replace(/\n[ \t]/g, '').split('\n', 20_000)
  const kept: string[] = []
  const open: string[] = []
  for (const line of lines) {
    const trimmed = line.trim()
    const begin = /^BEGIN:([A-Z-]{1,30})$/i.exec(trimmed)?.[1]?.toUpperCase()
    const end = /^END:([A-Z-]{1,30})$/i.exec(trimmed)?.[1]?.toUpperCase()
    if (begin !== undefined) {
      if (open.length === 0 && begin !== 'VCALENDAR') {
        kept.push('BEGIN:VCALENDAR')
        open.push('VCALENDAR')
      }
      open.push(begin)
      kept.push(trimmed)
    } else if (end !== undefined) {
      if (open.at(-1) === end) {
        open.pop()
        kept.push(trimmed)
        if (open.length === 0) break
      }
    } else if (open.length > 0 && /^[A-Za-z0-9-]{1,60}[;:]/.test(trimmed)) kept.push(trimmed)
  }
  while (open.length > 0) kept.push(`END:${open.pop() ?? ''}`)
  return kept.join('\r\n')
}

/** Zone definitions the calendar brings along, as far as they are plain yearly rules: anything else could expand for ever. */
function zonesOf(calendar: ICAL.Component): ReadonlyMap<string, ICAL.Timezone> {
  const zones = new Map<string, ICAL.Timezone>()
  for (const component of calendar.getAllSubcomponents('vtimezone').slice(0, 20)) {
    try {
      const yearly = component.getAllSubcomponents().every((rule) => rule.getAllProperties('rrule').every((property) => {
        const value: unknown = property.getFirstValue()
        return value instanceof ICAL.Recur && value.freq === 'YEARLY'
      }))
      const zone = yearly ? new ICAL.Timezone(component) : null
      if (zone !== null && zone.tzid !== '') zones.set(zone.tzid, zone)
    } catch {
      // An unreadable zone leaves its times floating.
    }
  }
  return zones
}

type Moment = { readonly ms: number; readonly allDay: boolean }

function timeOf(component: ICAL.Component, name: string, zones: ReadonlyMap<string, ICAL.Timezone>): Moment | null {
  try {
    const property = component.getFirstProperty(name)
    const value: unknown = property?.getFirstValue()
    if (property === null || !(value instanceof ICAL.Time)) return null
    return momentOf(value, parameterOf(property, 'tzid'), zones)
  } catch {
    return null
  }
}

function momentOf(time: ICAL.Time, tzid: string, zones: ReadonlyMap<string, ICAL.Timezone>): Moment | null {
  const ms = instantOf(time, tzid, zones)
  return Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? { ms, allDay: time.isDate } : null
}

function instantOf(time: ICAL.Time, tzid: string, zones: ReadonlyMap<string, ICAL.Timezone>): number {
  const wall = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second)
  if (time.isDate || time.zone === ICAL.Timezone.utcTimezone) return wall
  // A registered name is more to be trusted than the rules sent with it, which are often years out of date.
  const known = instantInZone(wall, tzid) ?? instantInZone(wall, windowsZones.get(tzid) ?? '')
  if (known !== null) return known
  const zone = zones.get(tzid)
  if (zone !== undefined && time.year > 1970 && time.year < 2100) {
    time.zone = zone
    return time.toUnixTime() * 1000
  }
  // A floating time is the reader's own.
  return new Date(time.year, time.month - 1, time.day, time.hour, time.minute, time.second).getTime()
}

/** The moment at which clocks in an IANA zone show this wall time; null when the name is none. */
function instantInZone(wall: number, name: string): number | null {
  if (name === '' || name.length > 64) return null
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
    const shownAt = (ms: number): number => {
      const parts: Record<string, number> = {}
      for (const part of format.formatToParts(ms)) parts[part.type] = Number(part.value)
      return Date.UTC(parts['year'] ?? 1970, (parts['month'] ?? 1) - 1, parts['day'] ?? 1, parts['hour'] ?? 0, parts['minute'] ?? 0, parts['second'] ?? 0)
    }
    const guess = wall - (shownAt(wall) - wall)
    return guess - (shownAt(guess) - wall)
  } catch {
    return null
  }
}

/** The organiser's zone under the name it is registered with; null when it is none that is known. */
function zoneName(property: ICAL.Property | null): string | null {
  const name = property === null ? '' : parameterOf(property, 'tzid')
  for (const candidate of [name, windowsZones.get(name) ?? '']) {
    if (instantInZone(0, candidate) !== null) return candidate
  }
  return null
}

function endOf(event: ICAL.Component, start: Moment | null, zones: ReadonlyMap<string, ICAL.Timezone>): number | null {
  const end = timeOf(event, 'dtend', zones)
  if (end !== null || start === null) return end?.ms ?? null
  try {
    const duration: unknown = event.getFirstPropertyValue('duration')
    if (duration instanceof ICAL.Duration) return start.ms + duration.toSeconds() * 1000
  } catch {
    // Without a readable duration the event has no known end.
  }
  return start.allDay ? start.ms + 86_400_000 : null
}

function stringOf(component: ICAL.Component, name: string): string {
  const value: unknown = component.getFirstPropertyValue(name)
  return typeof value === 'string' ? value : ''
}

function parameterOf(property: ICAL.Property, name: string): string {
  const value: unknown = property.getParameter(name)
  return typeof value === 'string' ? value : ''
}

function personOf(property: ICAL.Property | null): Address | null {
  const value: unknown = property?.getFirstValue()
  if (property === null || typeof value !== 'string') return null
  const address = shownText(value.replace(/^mailto:/i, ''), 320)
  const name = shownText(parameterOf(property, 'cn'), 300)
  return address === '' && name === '' ? null : { name: name === address ? '' : name, address }
}

/** Zone names of Windows (CLDR windowsZones, territory 001), as Exchange writes them. */
const windowsZones: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'Dateline Standard Time': 'Etc/GMT+12', 'Hawaiian Standard Time': 'Pacific/Honolulu', 'Alaskan Standard Time': 'America/Anchorage', 'Pacific Standard Time': 'America/Los_Angeles', 'US Mountain Standard Time': 'America/Phoenix',
    'Mountain Standard Time': 'America/Denver', 'Central America Standard Time': 'America/Guatemala', 'Central Standard Time': 'America/Chicago', 'Central Standard Time (Mexico)': 'America/Mexico_City', 'Canada Central Standard Time': 'America/Regina',
    'SA Pacific Standard Time': 'America/Bogota', 'Eastern Standard Time': 'America/New_York', 'US Eastern Standard Time': 'America/Indiana/Indianapolis', 'Venezuela Standard Time': 'America/Caracas', 'Atlantic Standard Time': 'America/Halifax',
    'SA Western Standard Time': 'America/La_Paz', 'Pacific SA Standard Time': 'America/Santiago', 'Newfoundland Standard Time': 'America/St_Johns', 'E. South America Standard Time': 'America/Sao_Paulo', 'Argentina Standard Time': 'America/Argentina/Buenos_Aires',
    'SA Eastern Standard Time': 'America/Cayenne', 'Greenland Standard Time': 'America/Nuuk', 'UTC-02': 'Etc/GMT+2', 'Azores Standard Time': 'Atlantic/Azores', 'Cape Verde Standard Time': 'Atlantic/Cape_Verde', UTC: 'Etc/UTC', 'GMT Standard Time': 'Europe/London',
    'Greenwich Standard Time': 'Atlantic/Reykjavik', 'Morocco Standard Time': 'Africa/Casablanca', 'W. Europe Standard Time': 'Europe/Berlin', 'Central Europe Standard Time': 'Europe/Budapest', 'Romance Standard Time': 'Europe/Paris',
    'Central European Standard Time': 'Europe/Warsaw', 'W. Central Africa Standard Time': 'Africa/Lagos', 'Jordan Standard Time': 'Asia/Amman', 'GTB Standard Time': 'Europe/Bucharest', 'Middle East Standard Time': 'Asia/Beirut', 'Egypt Standard Time': 'Africa/Cairo',
    'E. Europe Standard Time': 'Europe/Chisinau', 'South Africa Standard Time': 'Africa/Johannesburg', 'FLE Standard Time': 'Europe/Kyiv', 'Israel Standard Time': 'Asia/Jerusalem', 'Kaliningrad Standard Time': 'Europe/Kaliningrad', 'Turkey Standard Time': 'Europe/Istanbul',
    'Arabic Standard Time': 'Asia/Baghdad', 'Arab Standard Time': 'Asia/Riyadh', 'Belarus Standard Time': 'Europe/Minsk', 'Russian Standard Time': 'Europe/Moscow', 'E. Africa Standard Time': 'Africa/Nairobi', 'Iran Standard Time': 'Asia/Tehran', 'Arabian Standard Time': 'Asia/Dubai',
    'Azerbaijan Standard Time': 'Asia/Baku', 'Georgian Standard Time': 'Asia/Tbilisi', 'Caucasus Standard Time': 'Asia/Yerevan', 'Afghanistan Standard Time': 'Asia/Kabul', 'Pakistan Standard Time': 'Asia/Karachi', 'West Asia Standard Time': 'Asia/Tashkent', 'India Standard Time': 'Asia/Kolkata',
    'Sri Lanka Standard Time': 'Asia/Colombo', 'Nepal Standard Time': 'Asia/Kathmandu', 'Central Asia Standard Time': 'Asia/Bishkek', 'Bangladesh Standard Time': 'Asia/Dhaka', 'Myanmar Standard Time': 'Asia/Yangon', 'SE Asia Standard Time': 'Asia/Bangkok', 'China Standard Time': 'Asia/Shanghai',
    'Singapore Standard Time': 'Asia/Singapore', 'W. Australia Standard Time': 'Australia/Perth', 'Taipei Standard Time': 'Asia/Taipei', 'Tokyo Standard Time': 'Asia/Tokyo', 'Korea Standard Time': 'Asia/Seoul', 'Cen. Australia Standard Time': 'Australia/Adelaide',
    'AUS Central Standard Time': 'Australia/Darwin', 'E. Australia Standard Time': 'Australia/Brisbane', 'AUS Eastern Standard Time': 'Australia/Sydney', 'Tasmania Standard Time': 'Australia/Hobart', 'New Zealand Standard Time': 'Pacific/Auckland', 'Fiji Standard Time': 'Pacific/Fiji', 'Tonga Standard Time': 'Pacific/Tongatapu',
  }),
)
