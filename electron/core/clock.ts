// The real clock. Tests bring their own.
import type { Clock } from './host.ts'

/** Node's timers hold 31 bits of milliseconds, about 24.8 days; a longer wait would fire at once. */
const longestTimer = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const due = Date.now() + ms
    let timer: NodeJS.Timeout
    const wait = (): void => {
      const left = due - Date.now()
      timer = left > longestTimer ? setTimeout(wait, longestTimer) : setTimeout(run, Math.max(0, left))
    }
    wait()
    return () => clearTimeout(timer)
  },
}
