// What a key did is painted before the main side begins to work on it: both at once share the computer's cores, and the
// next conversation would come a third later.

/** The list and the next conversation are painted within this, milliseconds. */
const paintedWithin = 150

const waiting = new Set<() => void>()

addEventListener('pagehide', () => {
  // The window goes: what is to be told is told now.
  for (const go of waiting) go()
})

/** Resolves once what was just shown has had its time, or the window closes. */
export function onceShown(): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer)
      waiting.delete(go)
      resolve()
    }
    const timer = setTimeout(go, paintedWithin)
    waiting.add(go)
  })
}
