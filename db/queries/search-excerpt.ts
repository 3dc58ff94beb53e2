// Marks the words of a search in what is shown of a match. Words are compared as the index does: case and accents folded.

/** Matches stand between these two characters of the private use area. */
const open = '\uE000'
const close = '\uE001'
const wordPattern = /[\p{L}\p{N}\p{Co}]+/gu
const wordsShown = 22
const wordsBefore = 5
/** How much of a long text is looked through for the first match, characters. */
const lookedThrough = 60_000

export type MarkedWord = { readonly word: string; readonly prefix: boolean }

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** The single words of what was searched for. */
export function markedWords(terms: readonly { readonly text: string; readonly prefix: boolean }[]): MarkedWord[] {
  return terms.flatMap((term) => {
    const words = fold(term.text).match(wordPattern) ?? []
    return words.map((word, index) => ({ word, prefix: term.prefix && index === words.length - 1 }))
  })
}

function matches(word: string, wanted: readonly MarkedWord[]): boolean {
  const folded = fold(word)
  return wanted.some((one) => (one.prefix ? folded.startsWith(one.word) : folded === one.word))
}

/** The whole text with its matches marked. */
export function markAll(text: string, wanted: readonly MarkedWord[]): string {
  return wanted.length === 0 ? text : text.replace(wordPattern, (word) => (matches(word, wanted) ? open + word + close : word))
}

/** A line of the text around its first match, marked; null when nothing in it matches. */
export function excerpt(text: string, wanted: readonly MarkedWord[]): string | null {
  if (wanted.length === 0) return null
  const words: { readonly at: number; readonly end: number }[] = []
  let first = -1
  for (const found of text.slice(0, lookedThrough).matchAll(wordPattern)) {
    words.push({ at: found.index, end: found.index + found[0].length })
    if (first < 0 && matches(found[0], wanted)) first = words.length - 1
    if (first >= 0 && words.length >= Math.max(0, first - wordsBefore) + wordsShown) break
  }
  if (first < 0) return null
  const from = words[Math.max(0, first - wordsBefore)]
  const to = words.at(-1)
  if (!from || !to) return null
  const line = text.slice(from.at, to.end).replace(/\s+/g, ' ')
  return `${from.at > 0 ? '…' : ''}${markAll(line, wanted)}${to.end < text.length ? '…' : ''}`
}
