import { singleWords, wordSpans } from './frame-words.ts'

/** Plain text with the search words marked. */
export function WithWords({ text, words }: { readonly text: string; readonly words: readonly string[] }) {
  const spans = wordSpans(text, singleWords(words))
  if (spans.length === 0) return <>{text}</>
  const parts = spans.map(([start, end], at) => (
    <span key={start}>
      {text.slice(spans[at - 1]?.[1] ?? 0, start)}
      <mark>{text.slice(start, end)}</mark>
    </span>
  ))
  return (
    <>
      {parts}
      {text.slice(spans.at(-1)?.[1])}
    </>
  )
}
