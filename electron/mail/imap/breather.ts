// The library hands out rows without ever letting the program's other work in between; a long FETCH would stop the world for
// a quarter of a second.
import { setImmediate } from 'node:timers/promises'

const heldMs = 4

/** Call and await in a loop: every few milliseconds it lets everybody else have a turn. */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < heldMs) return undefined
    return setImmediate().then(() => {
      since = performance.now()
    })
  }
}
