// Wall clocks and instants. What a person means by a time is a wall clock somewhere; what is stored is an instant.
// A time that a spring change skips becomes the same distance after midnight later that morning; one that comes twice in
// autumn means the first.
import { TZDate } from '@date-fns/tz'

/** A calendar day and a time of day, as on the wall; months from 1. */
export type Wall = { readonly year: number; readonly month: number; readonly day: number; readonly hour: number; readonly minute: number }

export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

export function wallIn(at: number, zone: string): Wall {
  const date = new TZDate(at, zone)
  return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate(), hour: date.getHours(), minute: date.getMinutes() }
}

/** The instant a wall clock shows this; days beyond the month's end run on into the next. */
export function instantOf(wall: Wall, zone: string): number {
  const at = new TZDate(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, zone).getTime()
  const hourBefore = wallIn(at - 3_600_000, zone)
  return hourBefore.hour === wall.hour && hourBefore.minute === wall.minute && hourBefore.day === wall.day ? at - 3_600_000 : at
}

/** Minutes east of UTC at that instant. */
export function offsetAt(at: number, zone: string): number {
  return -new TZDate(at, zone).getTimezoneOffset()
}

/** 0 for Sunday. */
export function weekdayIn(at: number, zone: string): number {
  return new TZDate(at, zone).getDay()
}

export function addDays(wall: Wall, days: number): Wall {
  const moved = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days))
  return { ...wall, year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() }
}

/** Every zone there is a name for, the usual first. */
export function allZones(): readonly string[] {
  return Intl.supportedValuesOf('timeZone')
}

/** Where people written to most often live; the first that fits an offset is the likeliest guess. */
const likely = [
  'Europe/Oslo', 'Europe/Berlin', 'Europe/London', 'Europe/Helsinki', 'Europe/Lisbon', 'Europe/Istanbul', 'America/New_York', 'America/Chicago', 'America/Denver',
  'America/Los_Angeles', 'America/Sao_Paulo', 'Asia/Kolkata', 'Asia/Dubai', 'Asia/Singapore', 'Asia/Tokyo', 'Australia/Sydney', 'Africa/Johannesburg', 'Africa/Lagos',
]

/**
 * The zone of somebody whose mail of `lastAt` was written `utcOffset` minutes east of UTC: one's own when it fits, else
 * the likeliest. Compared at that time, since clocks may have changed since. Null when no zone with a name fits.
 */
export function likelyZone(utcOffset: number, lastAt: number, own: string): string | null {
  return [own, ...likely, ...allZones()].find((zone) => offsetAt(lastAt, zone) === utcOffset) ?? null
}

/** 'Europe/Oslo' as 'Oslo', 'America/Argentina/Buenos_Aires' as 'Buenos Aires'. */
export function zoneCity(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')
}
