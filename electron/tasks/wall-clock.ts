// What a clock on the wall shows in a time zone, and back. A mail scheduled for 8:30 in Oslo goes when clocks in Oslo show
// 8:30, also when the rules for daylight saving changed after it was scheduled.

const formats = new Map<string, Intl.DateTimeFormat>()

function formatFor(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' })
    formats.set(timeZone, format)
  }
  return format
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatFor(timeZone)
    return true
  } catch {
    return false
  }
}

/** The wall clock at an instant, as `2026-03-29T08:30:00`. Throws RangeError for a zone that does not exist. */
export function wallAt(at: number, timeZone: string): string {
  const parts = new Map(formatFor(timeZone).formatToParts(at).map((part) => [part.type, part.value]))
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '00'
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}`
}

/**
 * The instant at which the wall clock shows this; `near` when it does so then, which settles the hour that comes twice. A wall
 * clock that skips over it gives the instant the skipped time would have had by the rules before the change.
 */
export function instantOf(wall: string, timeZone: string, near: number): number {
  if (wallAt(near, timeZone) === wall) return near
  const asUtc = Date.parse(`${wall}Z`)
  const offsetAt = (at: number): number => Date.parse(`${wallAt(at, timeZone)}Z`) - Math.floor(at / 1000) * 1000
  const dayMs = 86_400_000
  const candidates = [offsetAt(asUtc - dayMs), offsetAt(asUtc + dayMs)].map((offset) => asUtc - offset)
  return candidates.find((at) => wallAt(at, timeZone) === wall) ?? candidates[0] ?? asUtc
}
