import { describe, expect, it } from 'vitest'
import { attendeeStatus, inviteKind, inviteTime } from './invite-view.ts'

const at = (text: string): number => Date.parse(text)
const plain = (text: string | null | undefined): string | undefined => text?.replaceAll(/\s/gu, ' ')

describe('when an invitation is', () => {
  it('shows local time, and the organiser’s where it differs', () => {
    const invite = { startsAt: at('2026-03-03T15:00:00Z'), endsAt: at('2026-03-03T15:45:00Z'), allDay: false, timeZone: 'America/New_York' }
    expect(inviteTime(invite, 'en-GB', 'Europe/Oslo')).toEqual({
      day: 'Tuesday, 3 March 2026', time: '16:00–16:45', theirs: { time: '10:00–10:45', zone: 'New York (GMT-5)' },
    })
  })

  it('names the organiser’s day too when it is another one', () => {
    const invite = { startsAt: at('2026-03-03T22:30:00Z'), endsAt: at('2026-03-03T22:45:00Z'), allDay: false, timeZone: 'Asia/Tokyo' }
    expect(inviteTime(invite, 'en-GB', 'Europe/Oslo')?.theirs).toEqual({ time: 'Wednesday, 4 March 2026, 07:30–07:45', zone: 'Tokyo (GMT+9)' })
  })

  it('says it once when the organiser’s clock reads the same', () => {
    const invite = { startsAt: at('2026-03-03T15:00:00Z'), endsAt: at('2026-03-03T15:45:00Z'), allDay: false, timeZone: 'Europe/Berlin' }
    expect(inviteTime(invite, 'de', 'Europe/Oslo')?.theirs).toBeNull()
  })

  it('does without a zone nobody knows, and without an end', () => {
    const invite = { startsAt: at('2026-03-03T15:00:00Z'), endsAt: null, allDay: false, timeZone: 'Customised Time Zone' }
    expect(inviteTime(invite, 'en-GB', 'UTC')).toEqual({ day: 'Tuesday, 3 March 2026', time: '15:00', theirs: null })
    expect(inviteTime({ ...invite, startsAt: null }, 'en', 'UTC')).toBeNull()
  })

  it('shows a span over midnight as one line', () => {
    const invite = { startsAt: at('2026-03-03T22:00:00Z'), endsAt: at('2026-03-04T02:00:00Z'), allDay: false }
    expect(inviteTime(invite, 'en-GB', 'UTC')).toMatchObject({ time: null })
    expect(inviteTime(invite, 'en-GB', 'UTC')?.day).toContain('4 March')
  })

  it('shows whole days as dates, the last one included and no further', () => {
    const start = new Date(2026, 4, 4).getTime()
    const shown = (days: number): string | undefined => plain(inviteTime({ startsAt: start, endsAt: start + days * 86_400_000, allDay: true }, 'en-GB', 'UTC')?.day)
    expect(shown(1)).toBe('Monday, 4 May 2026')
    expect(shown(2)).toBe('Monday 4 May – Tuesday 5 May 2026')
  })
})

describe('what an invitation announces', () => {
  it('reads methods and answers in any case, and anything unknown as the neutral one', () => {
    expect(inviteKind('request')).toBe('request')
    expect(inviteKind('X-WHAT')).toBe('other')
    expect(attendeeStatus('Accepted')).toBe('accepted')
    expect(attendeeStatus('')).toBe('waiting')
  })
})
