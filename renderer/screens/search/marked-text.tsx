/** Text whose matches stand between U+E000 and U+E001. A mark left open by a cut runs to the end. */
export function MarkedText({ text }: { readonly text: string }) {
  const parts = text.split('\uE000')
  return (
    <>
      {parts[0]}
      {parts.slice(1).map((part, at) => {
        const end = part.indexOf('\uE001')
        const marked = end < 0 ? part : part.slice(0, end)
        return (
          <span key={at}>
            <mark>{marked}</mark>
            {end < 0 ? '' : part.slice(end + 1)}
          </span>
        )
      })}
    </>
  )
}

export function withoutMarks(text: string): string {
  return text.replaceAll(/[\uE000\uE001]/gu, '')
}
