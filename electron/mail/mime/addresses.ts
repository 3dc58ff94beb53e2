// Address lists (RFC 5322 3.4 and what is really sent). One pass over the text, no recursion: groups are flattened
// however deep they pretend to nest, and ten thousand recipients cost milliseconds. Encoded words are decoded only after
// the list was taken apart, so an encoded comma or bracket can never make up an address.
import type { Address } from '../../../shared/model/message.ts'
import { decodeHeaderText, decodeRaw, shownText } from './encoded-word.ts'

export type AddressList = {
  readonly addresses: readonly Address[]
  /** How many there were, of which `addresses` holds the first. */
  readonly total: number
}

const maxNameLength = 300
const maxAddressLength = 500

type Piece = { text: string; quoted: boolean }

/** Reads a field value given as one byte per character. `address` is '' where only a name was found. */
export function readAddresses(raw: string, limit: number): AddressList {
  const addresses: Address[] = []
  let total = 0
  let pieces: Piece[] = []
  let word = ''
  let angle: string | null = null
  let comment = ''
  /** A fragment without an address, which may be the first half of an unquoted "Family, Given <address>". */
  let held: Address | null = null

  const endWord = (): void => {
    if (word.trim() !== '') pieces.push({ text: word.trim(), quoted: false })
    word = ''
  }
  const emit = (address: Address): void => {
    total++
    if (addresses.length < limit) addresses.push(address)
  }
  const releaseHeld = (): void => {
    if (held !== null) emit(held)
    held = null
  }
  const endAddress = (): void => {
    endWord()
    const found = toAddress(pieces, angle, comment)
    pieces = []
    angle = null
    comment = ''
    if (found === null) return
    if (!found.address.includes('@')) {
      releaseHeld()
      held = found
    } else if (held !== null && found.name !== '' && words(found.name) <= 3 && words(held.name) <= 3) {
      emit({ name: shownText(`${held.name || held.address}, ${found.name}`, maxNameLength), address: found.address })
      held = null
    } else {
      releaseHeld()
      emit(found)
    }
  }

  const length = raw.length
  let at = 0
  while (at < length) {
    const char = raw.charAt(at)
    switch (char) {
      case '"': {
        const end = closingQuote(raw, at)
        // A quote that never closes is a stray character, not the start of everything that follows.
        if (end === -1) break
        endWord()
        pieces.push({ text: unescapeQuoted(raw.slice(at + 1, end)), quoted: true })
        at = end
        break
      }
      case '(': {
        const end = closingComment(raw, at)
        if (comment === '') comment = raw.slice(at + 1, end)
        at = end
        break
      }
      case '<': {
        endWord()
        const end = closingAngle(raw, at)
        angle ??= raw.slice(at + 1, end + 1).replace('>', '')
        at = end
        break
      }
      case ',':
      case ';':
        endAddress()
        break
      case ':':
        // A group's name is dropped, its members are what counts; a colon within an address (IPv6 literal) stays.
        if (word.includes('@')) word += char
        else {
          word = ''
          pieces = []
        }
        break
      case '\\':
        word += raw.charAt(at + 1)
        at++
        break
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        endWord()
        break
      default:
        word += char
    }
    at++
  }
  endAddress()
  releaseHeld()
  return { addresses, total }
}

function toAddress(pieces: readonly Piece[], angle: string | null, comment: string): Address | null {
  if (angle !== null) {
    const name = joinName(pieces) || decodeHeaderText(comment)
    const address = cleanAddress(angle)
    const shown = shownText(unquote(name), maxNameLength)
    if (address === '' && shown === '') return null
    return { name: shown === address ? '' : shown, address }
  }
  // The address may stand bare among words: "jane@x.no (Jane)", "Jane jane@x.no", "'jane@x.no'".
  let index = -1
  for (let i = pieces.length - 1; i >= 0 && index === -1; i--) if (looksLikeAddress(pieces[i]?.text ?? '')) index = i
  const found = pieces[index]
  if (found !== undefined) {
    // A quoted local part was taken apart from its domain: "john doe"@example.org.
    const before = pieces[index - 1]
    const glued = found.text.startsWith('@') && before?.quoted === true
    const address = cleanAddress(glued ? `"${before.text}"${found.text}` : found.text)
    const rest = pieces.filter((_, i) => i !== index && !(glued && i === index - 1))
    return { name: shownText(unquote(joinName(rest) || decodeHeaderText(comment)), maxNameLength), address }
  }
  const name = shownText(unquote(joinName(pieces) || decodeHeaderText(comment)), maxNameLength)
  if (name === '') return null
  // A bare word is a local user ("root", "MAILER-DAEMON").
  return pieces.length === 1 && /^[\w.+-]{1,64}$/.test(name) && !(pieces[0]?.quoted ?? false) ? { name: '', address: name } : { name, address: '' }
}

function joinName(pieces: readonly Piece[]): string {
  if (pieces.length === 0) return ''
  if (pieces.some((piece) => piece.text.includes('=?'))) return decodeHeaderText(pieces.map((piece) => piece.text).join(' '))
  return decodeRaw(pieces.map((piece) => piece.text).join(' '))
}

function looksLikeAddress(text: string): boolean {
  const at = text.indexOf('@')
  return at !== -1 && at < text.length - 1
}

function cleanAddress(raw: string): string {
  let text = shownText(decodeRaw(raw.slice(0, 4000)), maxAddressLength)
  // Source routes (RFC 5322 4.4) and mailto: prefixes are not part of the address.
  const route = /^@[^:]*:/.exec(text)
  if (route !== null) text = text.slice(route[0].length)
  text = text.replace(/^mailto:/i, '').replace(/^[<'\s]+|[>'\s]+$/g, '')
  return text.startsWith('"') ? text : text.replace(/\s+/g, '')
}

function unquote(name: string): string {
  const trimmed = name.trim()
  return /^'.*'$/.test(trimmed) || /^".*"$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed
}

function words(text: string): number {
  return text.split(' ', 5).length
}

/** Index of the closing quote, -1 when it never closes. */
function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === '\\') i++
    else if (char === '"') return i
  }
  return -1
}

function closingComment(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    const char = text.charAt(i)
    if (char === '\\') i++
    else if (char === '(') depth++
    else if (char === ')' && --depth === 0) return i
  }
  return text.length
}

/** Index of the closing bracket; of the character before the next separator when it never closes. */
function closingAngle(text: string, open: number): number {
  let separator = -1
  const end = Math.min(text.length, open + 2000)
  for (let i = open + 1; i < end; i++) {
    const char = text.charAt(i)
    if (char === '>') return i
    if (char === '<') return separator === -1 ? i - 1 : separator
    if (separator === -1 && (char === ',' || char === ';' || char === ' ')) separator = i - 1
  }
  return separator === -1 ? end : separator
}

function unescapeQuoted(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, '$1') : text
}
