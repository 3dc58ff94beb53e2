/** The list with the item at `from` taken out and put back at `to`; the same list when nothing moves. */
export function moved<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const target = Math.max(0, Math.min(items.length - 1, to))
  const item = items[from]
  if (item === undefined || from === target) return items
  const rest = items.toSpliced(from, 1)
  return rest.toSpliced(target, 0, item)
}

/** Which place a pointer at `y` means, given the middles of the rows as they are drawn. */
export function placeAt(y: number, middles: readonly number[]): number {
  const below = middles.findIndex((middle) => y < middle)
  return below === -1 ? Math.max(0, middles.length - 1) : below
}
