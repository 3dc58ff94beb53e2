// The usual answers to 'when?', worked out for a wall clock. Pure; asks no clock of its own.
import { addDays, instantOf, wallIn, weekdayIn } from './zones.ts'

export type ChoiceName = 'later' | 'evening' | 'tomorrow' | 'monday' | 'week'
export type TimeChoice = { readonly name: ChoiceName; readonly at: number }

const minute = 60_000

/** What makes sense to offer at `now`, soonest first, each instant once. `morning` is in minutes after midnight. */
export function timeChoices(now: number, zone: string, morning: number): readonly TimeChoice[] {
  const today = wallIn(now, zone)
  const at = (days: number, minutes: number) => instantOf({ ...addDays(today, days), hour: Math.floor(minutes / 60), minute: minutes % 60 }, zone)
  // In three hours, at the half hour before.
  const later = Math.floor((now + 180 * minute) / (30 * minute)) * 30 * minute
  const untilMonday = (8 - weekdayIn(now, zone)) % 7 || 7
  const choices: TimeChoice[] = [
    // Not in the night.
    ...(later >= at(0, 7 * 60) && later <= at(0, 20 * 60) ? [{ name: 'later' as const, at: later }] : []),
    ...(at(0, 18 * 60) - now > 60 * minute ? [{ name: 'evening' as const, at: at(0, 18 * 60) }] : []),
    // In the small hours 'tomorrow morning' is the one after the night that is ending.
    { name: 'tomorrow', at: at(1, morning) },
    { name: 'monday', at: at(untilMonday, morning) },
    { name: 'week', at: at(7, morning) },
  ]
  const seen = new Set<number>()
  return choices.toSorted((a, b) => a.at - b.at).filter((choice) => !seen.has(choice.at) && seen.add(choice.at))
}
