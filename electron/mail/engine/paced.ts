// Does synchronous work over many items in slices that fit into a frame, letting the event loop breathe between them.
import { setImmediate } from 'node:timers/promises'

/** Milliseconds of work in one slice. A frame is 16. */
const sliceMs = 6

/** Calls `slice(from, more)` again and again; it handles items from index `from` while `more()` holds and returns the index
 *  after the last one it handled. */
export async function paced(count: number, slice: (from: number, more: () => boolean) => number): Promise<void> {
  let from = 0
  while (from < count) {
    const until = performance.now() + sliceMs
    const next = slice(from, () => performance.now() < until)
    if (next <= from) throw new Error('A slice must handle at least one item.')
    from = next
    await setImmediate()
  }
}
