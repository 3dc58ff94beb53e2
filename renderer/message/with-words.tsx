import { foldCase } from '../screens/search/search-query.ts'
import { wordSpans } from './frame-words.ts'

/** Plain text with the search words marked. */
export function WithWords({ text, words }: { readonly text: string; readonly words: readonly string[] }) {
  const wanted = words.flatMap((word) => word.split(/\s+/u)).map(foldCase).filter((word) => word !== '')
  const spans = wordSpans(text, wanted)
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
