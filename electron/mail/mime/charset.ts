// Bytes to text, whatever the label says. Mail labels lie: us-ascii that holds UTF-8, iso-8859-1 that holds
// windows-1252 or UTF-8, names nobody registered. This module never throws and never returns control characters or
// half surrogate pairs; when it had to guess it says so, so that a problem can be noted with the message.
import { isAscii, isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

export type DecodedText = {
  readonly text: string
  /** 'exact': the label held. 'mismatch': the label was wrong and better evidence won. 'unknown': nobody knows the label. */
  readonly verdict: 'exact' | 'mismatch' | 'unknown'
}

const utf8Labels = new Set(['utf-8', 'utf8', 'utf-8-bom', 'utf8mb4', 'utf_8', 'unicode-1-1-utf-8', 'x-utf-8', 'cp65001', 'windows-65001'])
/** Labels that claim nothing about bytes over 127. */
const silentLabels = new Set(['', 'us-ascii', 'ascii', 'ansi_x3.4-1968', 'unknown', 'x-unknown', 'unknown-8bit', '8bit', 'binary', 'default', 'none', 'undefined'])
const latinLabels = new Set(['iso-8859-1', 'iso8859-1', 'latin1', 'latin-1', 'windows-1252', 'cp1252', 'cp-1252', 'iso_8859-1', 'l1', 'x-ansi', 'ansi'])
/** Names mail uses that neither TextDecoder nor iconv-lite lists. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['unicode-1-1-utf-7', 'utf-7'],
  ['utf7', 'utf-7'],
  ['x-utf-7', 'utf-7'],
  ['cp65000', 'utf-7'],
  ['cp932', 'shift_jis'],
  ['windows-932', 'shift_jis'],
  ['ms932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['windows-936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['windows-949', 'euc-kr'],
  ['cp950', 'big5'],
  ['windows-950', 'big5'],
  ['iso-2022-jp-1', 'iso-2022-jp'],
  ['iso-2022-jp-2', 'iso-2022-jp'],
  ['iso-2022-jp-ms', 'iso-2022-jp'],
  ['cp50220', 'iso-2022-jp'],
  ['cp-850', 'cp850'],
  ['dos-850', 'cp850'],
  ['windows-31j', 'shift_jis'],
  ['macroman', 'macintosh'],
  ['x-macroman', 'macintosh'],
])

const decoders = new Map<string, InstanceType<typeof TextDecoder> | null>()
const maxDecoders = 200

function decoderFor(label: string): InstanceType<typeof TextDecoder> | null {
  const known = decoders.get(label)
  if (known !== undefined) return known
  let decoder: InstanceType<typeof TextDecoder> | null
  try {
    decoder = new TextDecoder(label)
  } catch {
    decoder = null
  }
  if (decoders.size < maxDecoders) decoders.set(label, decoder)
  return decoder
}

// iconv-lite also "decodes" base64 and hex, and imap's own UTF-7; none of these is a charset.
const notCharsets = new Set(['base64', 'hex', 'utf7imap', 'binary'])

/** The label as registries spell it: lower case, without quotes, comments, language tags or trailing parameters. */
export function charsetName(label: string): string {
  const bare = label.slice(0, 80).toLowerCase().replace(/^[\s"'=]+/, '').split(/[\s"';,*]/, 1)[0] ?? ''
  return aliases.get(bare) ?? bare
}

/** Like decodeBytes for markup, where control characters other than NUL mean nothing and are not worth a search. */
export function decodeMarkup(bytes: Buffer, label: string): DecodedText {
  return decodeWith(bytes, label, wellFormed)
}

/** Reads bytes as text. A byte order mark beats the label; valid UTF-8 beats a label that is silent or plainly wrong. */
export function decodeBytes(bytes: Buffer, label: string): DecodedText {
  return decodeWith(bytes, label, clean)
}

type Finish = (text: string) => string

function decodeWith(bytes: Buffer, label: string, clean: Finish): DecodedText {
  const marked = decodeMarked(bytes, clean)
  if (marked !== null) return marked
  const name = charsetName(label)
  if (utf8Labels.has(name)) return decodeUtf8(bytes, clean)
  if (silentLabels.has(name) || latinLabels.has(name)) {
    if (isAscii(bytes)) return { text: clean(bytes.toString('latin1')), verdict: 'exact' }
    const silent = silentLabels.has(name)
    if (isUtf8(bytes)) return { text: clean(bytes.toString('utf8')), verdict: 'mismatch' }
    return { text: latin(bytes, clean), verdict: silent ? 'mismatch' : 'exact' }
  }
  if (name === 'utf-16' || name === 'ucs-2' || name === 'unicode') {
    return { text: clean(utf16(bytes, looksBigEndian(bytes))), verdict: 'exact' }
  }
  const decoder = decoderFor(name)
  if (decoder !== null) return { text: clean(decoder.decode(bytes)), verdict: 'exact' }
  if (!notCharsets.has(name) && iconv.encodingExists(name)) {
    try {
      return { text: clean(iconv.decode(bytes, name)), verdict: 'exact' }
    } catch {
      // A table that trips over its input is as good as none: fall through to guessing.
    }
  }
  const guessed = isUtf8(bytes) ? bytes.toString('utf8') : latin(bytes, clean)
  return { text: clean(guessed), verdict: 'unknown' }
}

/** Text of raw header bytes: UTF-8 where valid (RFC 6532), otherwise windows-1252. */
export function decodeUnlabelled(bytes: Buffer): string {
  return decodeBytes(bytes, '').text
}

function decodeMarked(bytes: Buffer, clean: Finish): DecodedText | null {
  const [a, b, c] = bytes
  if (a === 0xef && b === 0xbb && c === 0xbf) return decodeUtf8(bytes.subarray(3), clean)
  if (a === 0xff && b === 0xfe) return { text: clean(utf16(bytes.subarray(2), false)), verdict: 'exact' }
  if (a === 0xfe && b === 0xff) return { text: clean(utf16(bytes.subarray(2), true)), verdict: 'exact' }
  return null
}

function decodeUtf8(bytes: Buffer, clean: Finish): DecodedText {
  if (isUtf8(bytes)) return { text: clean(bytes.toString('utf8')), verdict: 'exact' }
  const text = bytes.toString('utf8')
  if (isUtf8(bytes.subarray(0, bytes.length - cutTail(bytes)))) return { text: clean(text), verdict: 'mismatch' }
  // Latin text mislabelled as UTF-8 has single high bytes all over; a damaged or cut UTF-8 text has a few bad spots only.
  let bad = 0
  let good = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code === 0xfffd) bad++
    else if (code > 0x7f) good++
  }
  return bad > good ? { text: latin(bytes, clean), verdict: 'mismatch' } : { text: clean(text), verdict: 'mismatch' }
}

/** Length of a character that the end of the bytes cuts off. */
function cutTail(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte >= 0xc2 && byte <= 0xf4) return back
    if (byte < 0x80 || byte > 0xbf) return 0
  }
  return 0
}

function latin(bytes: Buffer, clean: Finish): string {
  const decoder = decoderFor('windows-1252')
  return clean(decoder === null ? bytes.toString('latin1') : decoder.decode(bytes))
}

function utf16(bytes: Buffer, bigEndian: boolean): string {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2))
  const little = bigEndian ? Buffer.from(even).swap16() : even
  return little.toString('utf16le')
}

/** RFC 2781 says big endian without a mark; practice says look at which half is zero. */
function looksBigEndian(bytes: Buffer): boolean {
  let even = 0
  let odd = 0
  const end = Math.min(bytes.length, 512)
  for (let i = 0; i + 1 < end; i += 2) {
    if (bytes[i] === 0) even++
    if (bytes[i + 1] === 0) odd++
  }
  return even > odd
}

function wellFormed(text: string): string {
  let whole = text
  if (whole.includes('\r')) whole = whole.replaceAll('\r\r\n', '\n').replaceAll('\r\n', '\n').replaceAll('\r', '\n')
  if (whole.includes('\0')) whole = whole.replaceAll('\0', '')
  return whole.isWellFormed() ? whole : whole.toWellFormed()
}

 
const unwanted = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f]/
const unwantedAll = new RegExp(unwanted, 'g')

/** Without control characters (tab, line ends and form feed stay), with LF line ends and whole surrogate pairs. */
export function clean(text: string): string {
  const whole = wellFormed(text)
  return unwanted.test(whole) ? whole.replace(unwantedAll, '') : whole
}
