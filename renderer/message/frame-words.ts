// Marks search words in a message's document without touching it: the CSS Custom Highlight API paints ranges.
import { foldCase } from '../screens/search/search-query.ts'

/** Ranges painted at most; a one-letter word in a long mail matches thousands of times. */
const mostRanges = 500
const name = 'search-words'

/** Paints every occurrence of the words and gives them in order; paints nothing where the browser cannot. */
export function paintWords(frameWindow: Window & typeof globalThis, document: Document, words: readonly string[]): readonly Range[] {
  const highlights = (frameWindow.CSS as { readonly highlights?: HighlightRegistry } | undefined)?.highlights
  if (highlights === undefined) return []
  highlights.delete(name)
  const wanted = singleWords(words)
  if (wanted.length === 0 || (document.body as HTMLElement | null) === null) return []
  const ranges: Range[] = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode() && ranges.length < mostRanges) {
    const node = walker.currentNode as Text
    for (const [start, end] of wordSpans(node.data, wanted)) {
      const range = document.createRange()
      range.setStart(node, start)
      range.setEnd(node, end)
      ranges.push(range)
      if (ranges.length >= mostRanges) break
    }
  }
  highlights.set(name, new frameWindow.Highlight(...ranges))
  return ranges
}

/** Phrases and words with hyphens, taken apart as the index takes them, and folded. */
export function singleWords(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => word.split(/[^\p{L}\p{N}\p{M}]+/u)).map(foldCase).filter((word) => word !== '')
}

/** Where words begin with one of the wanted ones (already folded): offsets into the text as it stands. */
export function wordSpans(text: string, wanted: readonly string[]): readonly (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = []
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const folded = foldCase(match[0])
    const hit = wanted.filter((word) => folded.startsWith(word)).sort((a, b) => b.length - a.length)[0]
    if (hit !== undefined) spans.push([match.index, match.index + unfoldedLength(match[0], hit.length)])
  }
  return spans
}

/** How many UTF-16 units of a word fold to the first `count` folded ones. */
function unfoldedLength(word: string, count: number): number {
  let folded = 0
  let taken = 0
  for (const letter of word) {
    const size = foldCase(letter).length
    if (folded >= count && size > 0) break
    folded += size
    taken += letter.length
  }
  return taken
}
