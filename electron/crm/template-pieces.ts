// Takes a template apart into markup, text and the Liquid in it, and knows where each character of the text stands for the
// person who reads it. A rich text editor may put tags and entities inside '{{ ... }}': tags go behind the expression they
// were in, entities and typographic quotes become what was meant. Liquid never reaches over the end of a paragraph.

/** Lines and columns from 1, as the person sees the text; a column is a character, not a code unit. */
export type Place = { readonly line: number; readonly column: number }

export type Piece =
  | { readonly kind: 'markup'; readonly html: string }
  /** Text as written, without entities. */
  | { readonly kind: 'text'; readonly text: string }
  | Liquid

export type Liquid = {
  /** `{{ ... }}` or `{% ... %}`. */
  readonly kind: 'output' | 'tag'
  /** What stands between the delimiters. */
  readonly code: string
  readonly written: string
  /** Within an attribute of a tag: what it yields is no markup of its own. */
  readonly attribute: boolean
  /** Where a character of `code` stands. */
  readonly placeOf: (index: number) => Place
}

export type PieceProblem = { readonly code: 'unclosed' | 'unclosed-quote' | 'unopened'; readonly place: Place; readonly written: string }

export type Pieces = { readonly pieces: readonly Piece[]; readonly problems: readonly PieceProblem[] }

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

function decoded(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? whole
    const code = decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal)
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
  })
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${String(char.charCodeAt(0))};`)
}

/** Nobody mends more mistakes than this at a time; a text with more is left as it is from there on. */
const problemsAtMost = 100
/** A tag longer than this has no Liquid in its attributes. */
const longestTag = 20_000

/** One run of characters and where they stand; `tags` are markup that stood before the character at `at`. */
type Run = { text: string; places: Place[]; tags: { at: number; html: string }[] }

const breaking = new Set('p h1 h2 h3 h4 h5 h6 pre'.split(' '))
const containing = new Set('div blockquote ul ol li table thead tbody tfoot tr td th hr'.split(' '))

/** For a subject: one line of plain text. */
export function piecesOfText(text: string): Pieces {
  const run: Run = { text: '', places: [], tags: [] }
  addText(run, text, { line: 1, column: 1 })
  const found: { pieces: Piece[]; problems: PieceProblem[] } = { pieces: [], problems: [] }
  cut(run, found)
  return found
}

/** For HTML as `safeTemplateHtml` gives it. */
export function piecesOfHtml(html: string): Pieces {
  const found: { pieces: Piece[]; problems: PieceProblem[] } = { pieces: [], problems: [] }
  let run: Run = { text: '', places: [], tags: [] }
  let at: Place = { line: 1, column: 1 }
  let begun = false
  let breakDue = false
  const newLine = () => {
    at = { line: at.line + 1, column: 1 }
    breakDue = false
  }
  const endRun = () => {
    cut(run, found)
    run = { text: '', places: [], tags: [] }
  }
  for (const part of html.split(/(<[^>]*>)/)) {
    if (part === '') continue
    if (!part.startsWith('<')) {
      if (breakDue) newLine()
      begun = true
      at = addText(run, decoded(part).replace(/[\r\n\t]/g, ' '), at)
      continue
    }
    const [, closing = '', name = ''] = /^<(\/?)([a-z0-9]+)/i.exec(part) ?? []
    if (breaking.has(name) || containing.has(name) || name === 'br') {
      endRun()
      if (name === 'br') {
        if (breakDue) newLine()
        begun = true
        newLine()
      } else if (breaking.has(name) && closing === '') {
        if (begun) newLine()
        begun = true
      } else if (begun) breakDue = true
      addTag(found.pieces, part, at)
    } else if (part.includes('{{') || part.includes('{%')) {
      // An attribute's Liquid stays in its attribute.
      endRun()
      addTag(found.pieces, part, at)
    } else run.tags.push({ at: run.text.length, html: part })
  }
  endRun()
  return { pieces: withoutEmptyParagraphs(found.pieces), problems: found.problems }
}

function addText(run: Run, text: string, from: Place): Place {
  let { column } = from
  for (const char of text) {
    for (let unit = 0; unit < char.length; unit++) run.places.push({ line: from.line, column })
    column++
  }
  run.text += text
  return { line: from.line, column }
}

/** A tag as it stands; Liquid in its attributes becomes pieces of its own, everything around it keeps its escaping. */
function addTag(pieces: Piece[], tag: string, at: Place): void {
  let from = 0
  for (const match of tag.length > longestTag ? [] : tag.matchAll(/\{\{.*?\}\}|\{%.*?%\}/gs)) {
    const written = decoded(match[0])
    pieces.push({ kind: 'markup', html: tag.slice(from, match.index) })
    pieces.push({ kind: written.startsWith('{{') ? 'output' : 'tag', code: normalized(written.slice(2, -2)), written, attribute: true, placeOf: () => at })
    from = match.index + match[0].length
  }
  pieces.push({ kind: 'markup', html: tag.slice(from) })
}

/** Splits a run at its Liquid. Tags that stood inside an expression come right behind it. */
function cut(run: Run, found: { pieces: Piece[]; problems: PieceProblem[] }): void {
  const { text } = run
  let nextTag = 0
  const tagsUpTo = (end: number, inclusive: boolean): { at: number; html: string }[] => {
    const tags: { at: number; html: string }[] = []
    for (;;) {
      const tag = run.tags[nextTag]
      if (!tag || tag.at > end || (tag.at === end && !inclusive)) return tags
      tags.push(tag)
      nextTag++
    }
  }
  const addPlain = (from: number, to: number): void => {
    let at = from
    for (const tag of tagsUpTo(to, to === text.length)) {
      if (tag.at > at) found.pieces.push({ kind: 'text', text: text.slice(at, tag.at) })
      found.pieces.push({ kind: 'markup', html: tag.html })
      at = Math.max(at, tag.at)
    }
    if (to > at) found.pieces.push({ kind: 'text', text: text.slice(at, to) })
    const plain = text.slice(from, to)
    const opened = plain.search(/\{[{%]/)
    for (const stray of plain.matchAll(/\}\}|%\}/g)) {
      if (found.problems.length >= problemsAtMost) break
      const place = run.places[from + stray.index]
      // Behind an opener it belongs to that one's mistake.
      if (place && (opened === -1 || stray.index < opened)) found.problems.push({ code: 'unopened', place, written: stray[0] })
    }
  }
  let at = 0
  const opener = /\{[{%]/g
  for (let open = opener.exec(text); open !== null && found.problems.length < problemsAtMost; open = opener.exec(text)) {
    const end = endOf(text, open.index)
    const place = run.places[open.index] ?? { line: 1, column: 1 }
    if (end.kind !== 'closed') {
      found.problems.push({ code: end.kind, place: end.kind === 'unclosed' ? place : (run.places[end.at] ?? place), written: text.slice(open.index, open.index + 40) })
      opener.lastIndex = open.index + 2
      continue
    }
    addPlain(at, open.index)
    // Tags that open right before an expression stay before it.
    for (const tag of tagsUpTo(open.index, true)) found.pieces.push({ kind: 'markup', html: tag.html })
    const from = open.index + 2
    const code = text.slice(from, end.at - 2)
    found.pieces.push({
      kind: open[0] === '{{' ? 'output' : 'tag',
      code: normalized(code),
      written: text.slice(open.index, end.at),
      attribute: false,
      placeOf: (index) => run.places[from + index] ?? place,
    })
    for (const tag of tagsUpTo(end.at, false)) found.pieces.push({ kind: 'markup', html: tag.html })
    at = end.at
    opener.lastIndex = end.at
  }
  addPlain(at, text.length)
}

/** Where an expression that opens at `from` ends; in quotes nothing closes. */
function endOf(text: string, from: number): { kind: 'closed' | 'unclosed' | 'unclosed-quote'; at: number } {
  const closer = text[from + 1] === '{' ? '}}' : '%}'
  let quote: { char: string; at: number } | null = null
  for (let at = from + 2; at < text.length; at++) {
    const char = straight(text[at] ?? '')
    if (quote) {
      if (char === quote.char) quote = null
    } else if (char === '"' || char === "'") quote = { char, at }
    else if (text.startsWith(closer, at)) return { kind: 'closed', at: at + 2 }
    else if (text.startsWith('{{', at) || text.startsWith('{%', at)) break
  }
  return quote && text.includes(closer, quote.at) ? { kind: 'unclosed-quote', at: quote.at } : { kind: 'unclosed', at: from }
}

const straight = (char: string): string => (/[“”„‟″]/.test(char) ? '"' : char)

/** Straight double quotes and plain spaces, as many characters as before; whitespace control has nothing to control here. */
function normalized(code: string): string {
  return code
    .replace(/[“”„‟″]/g, '"')
    .replace(/[\u00a0\u2007\u202f\r\n\t]/g, ' ')
    .replace(/[\ue000-\uf8ff]/g, ' ')
    .replace(/^-/, ' ')
    .replace(/-$/, ' ')
}

function indexFrom(pieces: readonly Piece[], from: number, matches: (piece: Piece) => boolean): number {
  for (let at = from; at < pieces.length; at++) {
    const piece = pieces[at]
    if (piece && matches(piece)) return at
  }
  return -1
}

/** A paragraph that holds nothing but `{% ... %}` leaves nothing behind. */
function withoutEmptyParagraphs(pieces: readonly Piece[]): Piece[] {
  const kept: Piece[] = []
  for (let at = 0; at < pieces.length; at++) {
    const piece = pieces[at]
    if (!piece) break
    if (piece.kind === 'markup' && /^<p[\s>]/.test(piece.html)) {
      const end = indexFrom(pieces, at + 1, (other) => !(other.kind === 'tag' || (other.kind === 'text' && other.text.trim() === '') || (other.kind === 'markup' && !/^<\/?(?:p|br|img)\b/.test(other.html))))
      const last = end === -1 ? undefined : pieces[end]
      const inside = pieces.slice(at + 1, end)
      if (last?.kind === 'markup' && last.html === '</p>' && inside.some((one) => one.kind === 'tag')) {
        kept.push(...inside.filter((one) => one.kind === 'tag'))
        at = end
        continue
      }
    }
    kept.push(piece)
  }
  return kept
}
