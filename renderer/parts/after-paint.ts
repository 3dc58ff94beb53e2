/** Calls back when the frame being prepared has been painted. Returns a function that calls it off. */
export function afterPaint(then: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const turn = requestAnimationFrame(() => {
    timer = setTimeout(then, 0)
  })
  return () => {
    cancelAnimationFrame(turn)
    clearTimeout(timer)
  }
}
