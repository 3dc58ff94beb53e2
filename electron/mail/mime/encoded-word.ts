// RFC 2047 encoded words in header values. Neighbouring words of one charset are joined as bytes before decoding, because
// mailers cut multi-byte characters in half between them.
import { decodeBytes, decodeUnlabelled } from './charset.ts'
import { decodeBase64, decodeQuotedPrintable } from './transfer-encoding.ts'

const word = /=\?([^?\s]{1,80})\?([QqBb])\?([^?]{0,40000})\?=/g
const maxWords = 5_000

/** Decodes a header value given as one byte per character. Raw bytes over 127 are read as UTF-8 or windows-1252. */
export function decodeHeaderText(raw: string): string {
  if (!raw.includes('=?')) return decodeRaw(raw)
  let out = ''
  let last = 0
  let count = 0
  let run: Run | null = null
  for (const match of raw.matchAll(word)) {
    if (++count > maxWords) break
    const between = raw.slice(last, match.index)
    const charset = (match[1] ?? '').split('*', 1)[0]?.toLowerCase() ?? ''
    const base64 = match[2] === 'b' || match[2] === 'B'
    const text = match[3] ?? ''
    // Blanks between two encoded words are folding, not content (RFC 2047 6.2).
    if (run !== null && !/^[ \t\r\n]*$/.test(between)) {
      out += decodeRun(run)
      run = null
    }
    if (run === null) out += decodeRaw(between)
    else if (run.charset !== charset) {
      out += decodeRun(run)
      run = null
    }
    run ??= { charset, words: [] }
    const before = run.words.at(-1)
    // Base64 cut at any letter, not between groups of four.
    if (base64 && before?.base64 === true && before.text.length % 4 !== 0 && !before.text.endsWith('=')) before.text += text
    else run.words.push({ base64, text })
    last = match.index + match[0].length
  }
  if (run !== null) out += decodeRun(run)
  return out + decodeRaw(raw.slice(last))
}

type Run = { readonly charset: string; readonly words: { readonly base64: boolean; text: string }[] }

function decodeRun(run: Run): string {
  return decodeBytes(Buffer.concat(run.words.map(({ base64, text }) => (base64 ? decodeBase64(Buffer.from(text, 'latin1')) : decodeQuotedPrintable(Buffer.from(text.replaceAll('_', ' '), 'latin1'))))), run.charset).text
}

const eightBit = /[\u0080-\u00ff]/
 
const jisEscape = /\u001b[$(][@BJ]/

/** One byte per character to text, where nothing was encoded. */
export function decodeRaw(raw: string): string {
  if (jisEscape.test(raw)) return decodeBytes(Buffer.from(raw, 'latin1'), 'iso-2022-jp').text
  return eightBit.test(raw) ? decodeUnlabelled(Buffer.from(raw, 'latin1')) : raw
}

// Marks that reorder or hide what stands beside them. The joiners U+200C and U+200D stay: Persian and emoji need them.
 
const disguises = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g

/** Text fit to be shown on one line beside other text: no control characters, no direction overrides, single blanks. */
export function shownText(text: string, maxLength: number): string {
  const cut = text.length > maxLength * 4 ? text.slice(0, maxLength * 4) : text
  const oneLine = cut.replace(/[\r\n\t]+/g, ' ').replace(disguises, '').replace(/ {2,}/g, ' ').trim()
  return (oneLine.length > maxLength ? oneLine.slice(0, maxLength) : oneLine).toWellFormed()
}
