// Works out again, in small writes, the lanes that a rule or new correspondence may have changed. What is due is kept in the
// database, so that a kill in between leaves nothing behind.
import type { Db } from '../../db/handles.ts'
import { lanesDue, settleLane } from '../../db/queries/lanes.ts'
import { paced } from '../mail/engine/paced.ts'

const gatheredAtOnce = 200

/** Resolves when no lane is due any more. */
export async function settleLanes(db: Db, signal?: AbortSignal): Promise<void> {
  for (let due = lanesDue(db, gatheredAtOnce); due.length > 0 && !signal?.aborted; due = lanesDue(db, gatheredAtOnce)) {
    const threads = due
    await paced(threads.length, (from, more) => {
      let at = from
      // As many again are computed by the commit itself.
      const last = Math.min(threads.length, from + 25)
      db.write('settle lanes', (tx) => {
        do {
          const thread = threads[at]
          if (thread !== undefined) settleLane(tx, thread)
        } while (++at < last && more())
      })
      return at
    })
  }
}

/** Keeps them settled as mail comes in. Gives what stops it. */
export function keepLanes(db: Db): () => Promise<void> {
  const ended = new AbortController()
  let running: Promise<void> | null = null
  let again = false
  const go = (): void => {
    again = true
    running ??= (async () => {
      while (again && !ended.signal.aborted) {
        again = false
        await settleLanes(db, ended.signal)
      }
    })().finally(() => {
      running = null
    })
  }
  const stop = db.onChange(go)
  go()
  return async () => {
    stop()
    ended.abort()
    await running
  }
}
