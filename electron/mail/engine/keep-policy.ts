import { subMonths } from 'date-fns'

/** The instant from which a policy keeps things; Infinity when it keeps none by itself. */
export function keepFrom(policy: 'all' | 'demand' | number, now: number): number {
  if (policy === 'all') return 0
  if (policy === 'demand') return Number.POSITIVE_INFINITY
  return subMonths(now, policy).getTime()
}
