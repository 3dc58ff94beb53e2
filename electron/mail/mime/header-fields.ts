// The header block of a message or part: where it ends, its fields, and the parameters of structured fields (RFC 2045,
// RFC 2231). Values are kept as one byte per character until somebody knows how to read them. Lenient by design: a line
// that is no field is skipped, never fatal.
import { decodeBytes } from './charset.ts'
import { decodeHeaderText, decodeRaw, shownText } from './encoded-word.ts'

export type HeaderBlock = {
  /** First byte of the block; blank lines and an mbox "From " line before it are skipped. */
  readonly start: number
  /** One past the last header byte. */
  readonly end: number
  readonly bodyStart: number
}

const lf = 0x0a
const cr = 0x0d

/** Finds the header block within [from, to). A range that does not begin like headers is all body. */
export function findHeaderBlock(bytes: Buffer, from: number, to: number, isMessage: boolean): HeaderBlock {
  let start = from
  if (isMessage) {
    if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3
    while (start < to && (bytes[start] === lf || bytes[start] === cr)) start++
    if (bytes.toString('latin1', start, Math.min(start + 5, to)) === 'From ') start = Math.min(to, after(bytes, start, to))
    if (!looksLikeField(bytes, start, to)) {
      // A stray line or two before the fields (a fold of nothing, a gateway's remark) does not make them body.
      const second = after(bytes, start, to)
      const known = [second, after(bytes, second, to)].find((line) => looksLikeKnownField(bytes, line, to))
      if (known === undefined) return { start: from, end: from, bodyStart: from }
      start = known
    }
  } else {
    // A part may have no header at all: it then begins with the empty line.
    const bodyStart = afterBlank(bytes, start, to)
    if (bodyStart !== -1) return { start, end: start, bodyStart }
    if (!looksLikeField(bytes, start, to)) return { start, end: start, bodyStart: start }
  }
  for (let line = start; line < to; ) {
    const next = after(bytes, line, to)
    const bodyStart = next < to ? afterBlank(bytes, next, to) : -1
    if (bodyStart !== -1) return { start, end: next, bodyStart }
    line = next
  }
  // No empty line anywhere: the body begins with the first line that is no header.
  let line = after(bytes, start, to)
  while (line < to && (bytes[line] === 0x20 || bytes[line] === 0x09 || looksLikeField(bytes, line, to))) line = after(bytes, line, to)
  return { start, end: line, bodyStart: line }
}

/** Where the line after an empty one begins; -1 when the line at `from` is not empty. Some gateways double the CR. */
function afterBlank(bytes: Buffer, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at] === cr) at++
  if (at >= to) return to
  return bytes[at] === lf ? at + 1 : -1
}

/** Start of the next line. */
function after(bytes: Buffer, from: number, to: number): number {
  const at = bytes.indexOf(lf, from)
  return at === -1 || at >= to ? to : at + 1
}

function looksLikeField(bytes: Buffer, start: number, to: number): boolean {
  return /^[!-9;-~]{1,200}[ \t]*:/.test(bytes.toString('latin1', start, Math.min(start + 220, to)))
}

function looksLikeKnownField(bytes: Buffer, start: number, to: number): boolean {
  return /^(?:from|to|cc|subject|date|received|return-path|delivered-to|message-id|mime-version|content-type|reply-to|sender|dkim-signature|x-[a-z-]{2,40}):/i.test(bytes.toString('latin1', start, Math.min(start + 60, to)))
}

/** Longest value kept of one field, in bytes. Room for ten thousand recipients; nothing honest is longer. */
export const maxFieldBytes = 1024 * 1024
const maxFieldsPerName = 50

export type HeaderFields = ReadonlyMap<string, readonly string[]>

/** Values of the wanted fields (lower-case names), unfolded, one byte per character, in order of appearance. */
export function readFields(bytes: Buffer, block: { readonly start: number; readonly end: number }, wanted: ReadonlySet<string>): HeaderFields {
  const fields = new Map<string, string[]>()
  const { start, end } = block
  let line = start
  while (line < end) {
    let next = after(bytes, line, end)
    const first = bytes[line]
    const colon = first === 0x20 || first === 0x09 ? -1 : colonIn(bytes, line, Math.min(next, line + 100))
    while (next < end && (bytes[next] === 0x20 || bytes[next] === 0x09)) next = after(bytes, next, end)
    if (colon !== -1) {
      const name = bytes.toString('latin1', line, colon).trimEnd().toLowerCase()
      if (wanted.has(name)) {
        const stop = Math.min(next, colon + 1 + maxFieldBytes)
        const value = bytes.toString('latin1', colon + 1, stop).replace(/[\r\n]+/g, '').trim()
        const values = fields.get(name)
        if (values === undefined) fields.set(name, [value])
        else if (values.length < maxFieldsPerName) values.push(value)
      }
    }
    line = next
  }
  return fields
}

function colonIn(bytes: Buffer, from: number, to: number): number {
  for (let i = from; i < to; i++) {
    const byte = bytes[i]
    if (byte === 0x3a) return i > from ? i : -1
    if (byte === lf) return -1
  }
  return -1
}

export type StructuredValue = {
  /** Lower case, without comments. */
  readonly value: string
  /** Lower-case names. Values decoded, continuations joined. */
  readonly params: ReadonlyMap<string, string>
}

const maxParams = 200
const maxStructuredLength = 64 * 1024

/** `value; name=token; name="quoted"; name*0*=utf-8''...`: the first of a repeated parameter wins. */
export function readStructured(raw: string): StructuredValue {
  const text = raw.slice(0, maxStructuredLength)
  const semicolon = text.indexOf(';')
  const value = stripComments(semicolon === -1 ? text : text.slice(0, semicolon)).trim().toLowerCase()
  const plain = new Map<string, string>()
  if (semicolon !== -1) readParams(text, semicolon + 1, plain)
  return { value, params: joinContinuations(plain) }
}

function readParams(text: string, from: number, into: Map<string, string>): void {
  let at = from
  while (at < text.length && into.size < maxParams) {
    while (at < text.length && /[;\s]/.test(text.charAt(at))) at++
    const nameStart = at
    while (at < text.length && text.charAt(at) !== '=' && text.charAt(at) !== ';') at++
    const name = stripComments(text.slice(nameStart, at)).trim().toLowerCase()
    if (text.charAt(at) !== '=') {
      if (name !== '' && !into.has(name)) into.set(name, '')
      continue
    }
    at++
    while (text.charAt(at) === ' ' || text.charAt(at) === '\t') at++
    let value: string
    if (text.charAt(at) === '"') {
      const closed = readQuoted(text, at + 1)
      value = closed.value
      at = closed.end
      while (at < text.length && text.charAt(at) !== ';') at++
    } else {
      const stop = text.indexOf(';', at)
      const end = stop === -1 ? text.length : stop
      // Mailers that forget the quotes around a name also put parentheses in it: "CV (final).pdf" is no comment.
      value = /^(file)?name/.test(name) ? text.slice(at, end).trim() : stripComments(text.slice(at, end)).trim()
      at = end
    }
    if (name !== '' && !into.has(name)) into.set(name, value)
  }
}

function readQuoted(text: string, from: number): { readonly value: string; readonly end: number } {
  let value = ''
  let at = from
  let piece = from
  while (at < text.length) {
    const char = text.charAt(at)
    if (char === '"') return { value: value + text.slice(piece, at), end: at + 1 }
    if (char === '\\' && at + 1 < text.length) {
      value += text.slice(piece, at) + text.charAt(at + 1)
      at += 2
      piece = at
    } else at++
  }
  return { value: value + text.slice(piece), end: text.length }
}

function stripComments(text: string): string {
  if (!text.includes('(')) return text
  let out = ''
  let depth = 0
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i)
    if (depth === 0 && char === '"') quoted = !quoted
    if (quoted) {
      if (char === '\\') {
        out += char + text.charAt(i + 1)
        i++
        continue
      }
      out += char
    } else if (char === '(') depth++
    else if (char === ')' && depth > 0) depth--
    else if (depth === 0) out += char
  }
  // An unclosed parenthesis was part of a value, not a comment.
  return depth > 0 ? text : out
}

/** RFC 2231: name*=charset'lang'%XX, name*0=, name*1*=; sections may come in any order and may be missing. */
function joinContinuations(plain: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  let special = false
  for (const name of plain.keys()) if (name.includes('*')) special = true
  const params = new Map<string, string>()
  for (const [name, value] of plain) if (!name.includes('*')) params.set(name, decodeHeaderText(value))
  if (!special) return params
  const sections = new Map<string, { order: number; encoded: boolean; value: string }[]>()
  for (const [name, value] of plain) {
    const match = /^([^*]+)\*(?:(\d{1,4})(\*)?)?$/.exec(name)
    if (match?.[1] === undefined) continue
    const list = sections.get(match[1]) ?? []
    list.push({ order: match[2] === undefined ? -1 : Number(match[2]), encoded: match[2] === undefined || match[3] !== undefined, value })
    sections.set(match[1], list)
  }
  for (const [name, list] of sections) {
    list.sort((a, b) => a.order - b.order)
    const whole = list[0]?.order === -1 ? list.slice(0, 1) : list
    let charset = ''
    const pieces: Buffer[] = []
    let first = true
    for (const section of whole) {
      let value = section.value
      if (first && section.encoded) {
        const marked = /^([^']{0,80})'[^']{0,80}'/.exec(value)
        if (marked !== null) {
          charset = marked[1] ?? ''
          value = value.slice(marked[0].length)
        }
      }
      first = false
      pieces.push(section.encoded ? percentDecode(value) : Buffer.from(value, 'latin1'))
    }
    const bytes = Buffer.concat(pieces)
    const anyEncoded = whole.some((section) => section.encoded)
    params.set(name, anyEncoded ? decodeBytes(bytes, charset).text : decodeHeaderText(decodeRawUnlessWords(bytes)))
  }
  return params
}

function decodeRawUnlessWords(bytes: Buffer): string {
  const raw = bytes.toString('latin1')
  return raw.includes('=?') ? raw : decodeRaw(raw)
}

function percentDecode(text: string): Buffer {
  const decoded = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(decoded, 'latin1')
}

/** A Message-ID, Content-ID or the like without its angle brackets; null when there is none. */
export function readId(raw: string | undefined): string | null {
  if (raw === undefined) return null
  const bracketed = /<([^<>]{1,900})>/.exec(raw.slice(0, 4000))?.[1]
  const id = shownText(decodeRaw(bracketed ?? raw.slice(0, 900)), 900).replace(/\s+/g, '')
  return id === '' ? null : id
}
