const words = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’]*/gu

const graphemes = new Intl.Segmenter()

function firstGrapheme(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment.toUpperCase()
  return ''
}

/** One or two letters: first and last word of the name, 'Berg, Anna' turned round; else of the address. */
export function initialsOf(name: string, address: string): string {
  const plain = name.replace(/\(.*?\)|".*?"|<.*?>/gu, ' ')
  const comma = /^([^,]+),\s*(.+)$/u.exec(plain)
  const found = (comma ? `${comma[2] ?? ''} ${comma[1] ?? ''}` : plain).match(words) ?? []
  const parts = found.length > 0 ? found : ((address.split('@')[0] ?? '').match(words) ?? [])
  const first = parts[0]
  if (first === undefined) return '?'
  const last = parts.length > 1 ? parts[parts.length - 1] : undefined
  return firstGrapheme(first) + (last === undefined ? '' : firstGrapheme(last))
}

/** A hue in degrees that is always the same for the same address, in 18 steps so that neighbours differ. */
export function hueOf(address: string): number {
  let hash = 2166136261
  for (const unit of address.trim().toLowerCase()) hash = Math.imul(hash ^ (unit.codePointAt(0) ?? 0), 16777619)
  return ((hash >>> 0) % 18) * 20
}
