/** How well a name answers what was typed: every word must begin a word of it, or at least be in it. 0 is not at all. */
export function scoreOf(typed: string, name: string, context: string): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  const [own, around] = [name.toLowerCase(), context.toLowerCase()]
  let score = own.startsWith(typed.trim().toLowerCase()) ? 1.2 : 1
  for (const word of words) {
    if (new RegExp(`(^|[^\\p{L}\\p{N}])${word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`, 'u').test(own)) continue
    else if (own.includes(word)) score *= 0.6
    else if (around.includes(word)) score *= 0.3
    else return 0
  }
  return score / 1.2
}
