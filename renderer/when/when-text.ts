// An instant said the way people say when: weekday, day and time, in the zone it is about.

/** 'Mon 23 Nov, 08:30'; with the year when it is another one. */
export function whenText(tag: string, at: number, zone: string, now = Date.now()): string {
  const year = (instant: number) => new Intl.DateTimeFormat('en', { year: 'numeric', timeZone: zone }).format(instant)
  return new Intl.DateTimeFormat(tag, {
    weekday: 'short', day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', timeZone: zone,
    ...(year(at) === year(now) ? {} : { year: 'numeric' }),
  }).format(at)
}
