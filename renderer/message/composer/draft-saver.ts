// Keeps what is being written on disk. It owns when a draft is stored: after a short pause, at the latest after a longer
// one while the typing goes on, and at once when asked. One save runs at a time and always takes the newest text; one
// that fails is tried again until it succeeds, so nothing typed depends on a single attempt. It never makes typing wait.
import type { Failure } from '../../../shared/model/failure.ts'

export type SaveState =
  | { readonly phase: 'saved'; readonly savedAt: number | null }
  /** Changed, and stored in a moment. */
  | { readonly phase: 'waiting' }
  | { readonly phase: 'saving' }
  | { readonly phase: 'failed'; readonly failure: Failure }

export type Saved = { readonly version: number; readonly savedAt: number; readonly overtook: boolean }

export type SaverOptions<T> = {
  /** The version the text builds on. */
  readonly version: number
  /** The newest text. */
  readonly collect: () => T
  readonly save: (content: T, basedOn: number) => Promise<Saved>
  readonly failureFrom: (error: unknown) => Failure
  readonly onState: (state: SaveState) => void
  /** Somebody else stored a version in between: ours is the newest now, theirs is in the history. */
  readonly onOvertook: () => void
}

export type DraftSaver = {
  /** Something changed. */
  readonly touch: () => void
  /** Stores what is not stored yet, at once. Gives the stored version; rejects when it could not be stored. */
  readonly flush: () => Promise<number>
  readonly isDirty: () => boolean
  /** The newest version that is stored. */
  readonly version: () => number
  /** Takes a version stored by another way (a restored one) as the one to build on. */
  readonly builtOn: (version: number) => void
  /** Ends it; what is not stored is left. */
  readonly stop: () => void
}

/** Milliseconds: the pause after which a draft is stored, and the longest it may wait while the typing goes on. */
const pause = 800
const longest = 1500
const retryAfter = [500, 1000, 2000, 4000]

export function draftSaver<T>({ version: first, collect, save, failureFrom, onState, onOvertook }: SaverOptions<T>): DraftSaver {
  let version = first
  let dirtySince: number | null = null
  let running: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  const ended = new AbortController()

  const later = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void run().catch(() => undefined), ms)
  }

  /** One save; what is changed while it runs is dirty again. */
  const run = (): Promise<void> => {
    clearTimeout(timer)
    if (running !== null) return running
    if (ended.signal.aborted || dirtySince === null) return Promise.resolve()
    const since = dirtySince
    dirtySince = null
    onState({ phase: 'saving' })
    running = (async () => {
      try {
        const stored = await save(collect(), version)
        version = Math.max(version, stored.version)
        failures = 0
        if (ended.signal.aborted) return
        onState(isDirty() ? { phase: 'waiting' } : { phase: 'saved', savedAt: stored.savedAt })
        if (stored.overtook) onOvertook()
      } catch (error) {
        dirtySince = since
        if (!ended.signal.aborted) onState({ phase: 'failed', failure: failureFrom(error) })
        failures += 1
        throw error
      } finally {
        running = null
        if (!ended.signal.aborted && dirtySince !== null) later(failures > 0 ? (retryAfter[Math.min(failures, retryAfter.length) - 1] ?? 0) : pause)
      }
    })()
    return running
  }

  const isDirty = (): boolean => dirtySince !== null

  return {
    touch() {
      if (ended.signal.aborted) return
      const now = performance.now()
      if (dirtySince === null) {
        dirtySince = now
        if (running === null && failures === 0) onState({ phase: 'waiting' })
      }
      if (running === null && failures === 0) later(Math.max(0, Math.min(pause, dirtySince + longest - now)))
    },
    async flush() {
      for (;;) {
        // The one under way may hold an older text: wait for it, then store what is left.
        if (running !== null) await running.catch(() => undefined)
        else if (dirtySince !== null && !ended.signal.aborted) await run()
        else return version
      }
    },
    isDirty: () => isDirty() || running !== null,
    version: () => version,
    builtOn(other) {
      version = other
    },
    stop() {
      ended.abort()
      clearTimeout(timer)
    },
  }
}
