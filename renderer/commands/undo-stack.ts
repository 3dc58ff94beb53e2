// The steps of this window that can be taken back, newest last. What is told to the main side is journaled there too, so
// that after a reload the steps before it can still be undone; this stack knows how to show the undoing at once.

export type UndoStep = {
  /** What was done, in words, for telling what was undone. */
  readonly label: string
  readonly at: number
  /** Takes it back. Deals with its own failures; false when it could not be taken back. */
  readonly undo: () => Promise<boolean>
}

const deepest = 50
let steps: readonly UndoStep[] = []

export function pushStep(step: UndoStep): void {
  steps = [...steps, step].slice(-deepest)
}

/** The newest step, which stays until it is taken. */
export function newestStep(): UndoStep | undefined {
  return steps.at(-1)
}

/** Takes a step off, so that it is undone once. False when it was undone already. */
export function takeStep(step: UndoStep): boolean {
  if (!steps.includes(step)) return false
  steps = steps.filter((other) => other !== step)
  return true
}
