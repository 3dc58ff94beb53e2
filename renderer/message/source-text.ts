// A message's source cut up for reading: header fields with their folding undone, and blocks short enough to be drawn one
// by one, since a mail may be one line of two megabytes.

export type HeaderField = { readonly name: string; readonly value: string }

const mostFields = 2000

export function headerFields(source: string): readonly HeaderField[] {
  const end = /\r?\n\r?\n/u.exec(source)?.index ?? source.length
  const fields: { name: string; value: string }[] = []
  for (const line of source.slice(0, end).split(/\r?\n/u)) {
    const last = fields.at(-1)
    if (/^[ \t]/u.test(line) && last) {
      last.value += ` ${line.trim()}`
      continue
    }
    const colon = line.indexOf(':')
    if (fields.length >= mostFields || line === '') continue
    fields.push(colon > 0 ? { name: line.slice(0, colon), value: line.slice(colon + 1).trim() } : { name: '', value: line })
  }
  return fields
}

export function textBlocks(text: string, lines = 100, letters = 20_000): readonly string[] {
  const blocks: string[] = []
  let from = 0
  while (from < text.length) {
    let to = from
    for (let line = 0; line < lines && to < text.length && to - from < letters; line += 1) {
      const next = text.indexOf('\n', to)
      to = next === -1 ? text.length : next + 1
    }
    to = Math.min(to, from + letters)
    // A pair of surrogates stays together.
    if (to < text.length && isHighSurrogate(text.charCodeAt(to - 1))) to -= 1
    // The line break at the end of a block would show as an empty line.
    blocks.push(text.slice(from, to).replace(/\r?\n$/u, ''))
    from = to
  }
  return blocks
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}
