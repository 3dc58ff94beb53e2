// Notices waking and coming online where nothing announces them: a timer that fires far too late slept, and a new
// network address means a network is back.
import { networkInterfaces } from 'node:os'

export type WakeSources = {
  readonly everyMs: number
  readonly now: () => number
  /** The addresses by which this computer reaches others, in any order. */
  readonly addresses: () => readonly string[]
}

export const systemSources: WakeSources = {
  everyMs: 5000,
  now: () => Date.now(),
  addresses: () => Object.values(networkInterfaces()).flatMap((list) => (list ?? []).filter((one) => !one.internal).map((one) => one.address)),
}

/** A wait this much longer than asked for was a sleep, not a busy moment. */
const sleptMs = 20_000

export function watchWake(run: (why: 'online' | 'resume') => void, sources: WakeSources): () => void {
  let last = sources.now()
  let known = new Set(sources.addresses())
  const timer = setInterval(() => {
    const now = sources.now()
    const addresses = new Set(sources.addresses())
    const slept = now - last > sources.everyMs + sleptMs
    const gained = !addresses.isSubsetOf(known)
    last = now
    known = addresses
    if (slept) run('resume')
    else if (gained) run('online')
  }, sources.everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
