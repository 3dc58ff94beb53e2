// The list that j, k, o and x mean: whichever is on the screen says so while it is.
import type { ThreadId } from '../../shared/model/ids.ts'

export type Step = 'next' | 'previous' | 'first' | 'last' | 'page-down' | 'page-up'

export type Navigator = {
  /** Moves the cursor; `extend` picks the rows passed over, as shift does. */
  readonly move: (step: Step, extend: boolean) => void
  /** Opens the row under the cursor and takes the focus there. */
  readonly open: () => void
  /** Picks or drops the row under the cursor. */
  readonly toggle: () => void
  readonly selectAll: () => void
  /** The picked threads, or the one under the cursor, or the open one. */
  readonly meant: () => readonly ThreadId[]
  readonly focus: () => void
  /** The row to go on with when these are gone: the next one below the cursor, else the one above. */
  readonly neighbour: (gone: ReadonlySet<ThreadId>) => ThreadId | null
  /** Opens a row without taking the focus there, once the list has been drawn with the cursor on it. */
  readonly show: (id: ThreadId) => void
  /** Opens now what is about to be opened, for a key that is about what is read. */
  readonly settle: () => void
}

let active: Navigator | null = null

/** Makes this the list the keys mean; returns a function that ends it. */
export function setNavigator(navigator: Navigator): () => void {
  active = navigator
  return () => {
    if (active === navigator) active = null
  }
}

export function navigator(): Navigator | null {
  return active
}
