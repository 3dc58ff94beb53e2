// When events reach the screen. The first of a burst at once, the rest a moment later together (a sync can send hundreds a
// second); and while keys come, what tells of changes waits for a pause, since what the keys did is on the screen already.
import type { AppEvent } from '../../shared/api/events.ts'

/** Between two releases, milliseconds. */
const pause = 150
/** So long after a key changes are held, milliseconds; but none is held longer than the other. */
const restAfterKey = 700
const longestHold = 4_000

/** Bodies are what the person waits for. */
const canWait = (event: AppEvent): boolean => event.type === 'mail' || event.type === 'folders' || event.type === 'account-state' || event.type === 'changed'

export type EventGate = {
  readonly add: (event: AppEvent) => void
  /** The person pressed a key that is no letter of a text. */
  readonly noteKey: () => void
}

export function eventGate(release: (events: readonly AppEvent[]) => void): EventGate {
  let gathered: AppEvent[] = []
  let due: ReturnType<typeof setTimeout> | null = null
  let releasedAt = Number.NEGATIVE_INFINITY
  let lastKey = Number.NEGATIVE_INFINITY
  let heldSince: number | null = null

  const open = (): void => {
    const now = performance.now()
    const rest = lastKey + restAfterKey - now
    const holds = rest > 0 && (heldSince === null || now - heldSince < longestHold)
    const ready = holds ? gathered.filter((event) => !canWait(event)) : gathered
    gathered = holds ? gathered.filter(canWait) : []
    if (gathered.length === 0) heldSince = null
    else heldSince ??= now
    due = heldSince === null ? null : setTimeout(open, Math.min(rest, heldSince + longestHold - now))
    if (ready.length === 0) return
    releasedAt = now
    release(ready)
  }

  return {
    add(event) {
      gathered.push(event)
      if (due !== null && heldSince !== null && !canWait(event)) {
        clearTimeout(due)
        due = null
      }
      due ??= setTimeout(open, Math.max(16, releasedAt + pause - performance.now()))
    },
    noteKey() {
      lastKey = performance.now()
    },
  }
}
