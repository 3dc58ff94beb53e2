// Content-Transfer-Encoding, both ways of asking: what are the bytes, and how many would there be. Counting never
// decodes, because a sync needs the size of every attachment and the contents of almost none.
export type TransferEncoding = 'none' | 'base64' | 'quoted-printable' | 'uuencode'

export function transferEncoding(value: string): TransferEncoding {
  const name = /[a-z0-9-]+/.exec(value.slice(0, 200).replace(/\([^)]*\)/g, '').toLowerCase())?.[0] ?? ''
  switch (name) {
    case 'base64':
    case 'b64':
      return 'base64'
    case 'quoted-printable':
    case 'quotedprintable':
    case 'qp':
      return 'quoted-printable'
    case 'uuencode':
    case 'x-uuencode':
    case 'x-uue':
    case 'uue':
      return 'uuencode'
    default:
      return 'none'
  }
}

export function decodeTransfer(bytes: Buffer, encoding: TransferEncoding): Buffer {
  switch (encoding) {
    case 'none':
      return bytes
    case 'base64':
      return decodeBase64(bytes)
    case 'quoted-printable':
      return decodeQuotedPrintable(bytes)
    case 'uuencode':
      return decodeUuBody(bytes)
  }
}

/** Decoded size in bytes, exact for well-formed input, close for anything else. */
export function decodedSize(bytes: Buffer, encoding: TransferEncoding): number {
  switch (encoding) {
    case 'none':
      return bytes.length
    case 'base64':
      return base64Size(bytes)
    case 'quoted-printable':
      return quotedPrintableSize(bytes)
    case 'uuencode':
      return decodeUuBody(bytes).length
  }
}

const equals = 0x3d

/** Junk between the letters is skipped; padding in the middle (several encodings glued together) does not end it. */
export function decodeBase64(bytes: Buffer): Buffer {
  const firstPad = bytes.indexOf(equals)
  const text = bytes.toString('latin1')
  // '-' and '_' are letters of another alphabet to the decoder and junk in mail.
  const letters = text.includes('-') || text.includes('_') ? text.replace(/[-_]/g, '') : text
  if (firstPad === -1 || !/[A-Za-z0-9+/]/.test(text.slice(firstPad))) return Buffer.from(letters, 'base64')
  return Buffer.concat(letters.split(/=+/).map((piece) => Buffer.from(piece, 'base64')))
}

function base64Size(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && isBlank(bytes[end - 1])) end--
  if (end === 0) return 0
  const firstBreak = bytes.indexOf(0x0a)
  let letters: number
  if (firstBreak === -1 || firstBreak >= end) {
    letters = end
  } else {
    // Encoders break lines evenly, so one line tells all of them, if the line ends are where that predicts.
    const stride = firstBreak + 1
    const gap = firstBreak > 0 && bytes[firstBreak - 1] === 0x0d ? 2 : 1
    const fullLines = Math.floor(end / stride)
    let even = bytes[fullLines * stride - 1] === 0x0a
    for (let i = 1; even && i < 8; i++) {
      const line = Math.floor((fullLines * i) / 8)
      if (line > 0 && bytes[line * stride - 1] !== 0x0a) even = false
    }
    letters = even ? end - fullLines * gap : countLetters(bytes, end)
  }
  let pads = 0
  while (pads < 2 && bytes[end - 1 - pads] === equals) pads++
  return Math.max(0, Math.floor(((letters - pads) * 3) / 4))
}

function countLetters(bytes: Buffer, end: number): number {
  let letters = 0
  for (let i = 0; i < end; i++) if (!isBlank(bytes[i])) letters++
  return letters
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

const hexValue = new Int8Array(256).fill(-1)
for (let i = 0; i < 10; i++) hexValue[0x30 + i] = i
for (let i = 0; i < 6; i++) {
  hexValue[0x41 + i] = 10 + i
  hexValue[0x61 + i] = 10 + i
}

const bytesAsText = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte))

/** RFC 2045 6.7. A broken escape stays as it is written; a soft break may have blanks after its equals sign. Works on
 *  whole pieces between equals signs: native splitting and joining beats a loop over bytes. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  if (!bytes.includes(equals)) return bytes
  const pieces = bytes.toString('latin1').replaceAll('=\r\n', '').split('=')
  let out = pieces[0] ?? ''
  for (let i = 1; i < pieces.length; i++) {
    const piece = pieces[i] ?? ''
    const high = piece.length < 2 ? -1 : (hexValue[piece.charCodeAt(0)] ?? -1)
    const low = high < 0 ? -1 : (hexValue[piece.charCodeAt(1)] ?? -1)
    if (low >= 0) out += (bytesAsText[(high << 4) | low] ?? '') + piece.slice(2)
    else {
      const softBreak = /^[ \t]*(?:\r?\n|\r|$)/.exec(piece)
      if (softBreak === null || (!/[\r\n]/.test(softBreak[0]) && i < pieces.length - 1)) out += `=${piece}`
      else out += piece.slice(softBreak[0].length)
    }
  }
  return Buffer.from(out, 'latin1')
}

function quotedPrintableSize(bytes: Buffer): number {
  let size = bytes.length
  let from = bytes.indexOf(equals)
  while (from !== -1) {
    const next = bytes[from + 1]
    if (next === 0x0a) size -= 2
    else if (next === 0x0d) size -= 3
    else size -= 2
    from = bytes.indexOf(equals, from + 1)
  }
  return Math.max(0, size)
}

export type UuFile = {
  readonly filename: string
  /** Byte range of the whole block, from `begin` through the line with `end` (or the last good line). */
  readonly start: number
  readonly end: number
  readonly bodyStart: number
}

const maxUuFiles = 200

/** Files in the old style inside a text: `begin 644 name`, lines, `end`. A begin line without a plausible line after it is prose. */
export function findUuFiles(bytes: Buffer): readonly UuFile[] {
  const files: UuFile[] = []
  let from = 0
  while (files.length < maxUuFiles) {
    const at = bytes.indexOf('begin ', from)
    if (at === -1) break
    from = at + 6
    if (at > 0 && bytes[at - 1] !== 0x0a) continue
    const lineEnd = endOfLine(bytes, at)
    if (lineEnd - at > 400) continue
    const begin = /^begin [0-7]{3,4} (\S.*?)\s*$/.exec(bytes.toString('latin1', at, lineEnd))
    if (begin?.[1] === undefined) continue
    const bodyStart = nextLine(bytes, lineEnd)
    if (uuLineLength(bytes, bodyStart) < 0) continue
    let line = bodyStart
    while (line < bytes.length && uuLineLength(bytes, line) >= 0) line = nextLine(bytes, endOfLine(bytes, line))
    const hasEnd = bytes.toString('latin1', line, line + 3) === 'end'
    const end = hasEnd ? nextLine(bytes, endOfLine(bytes, line)) : line
    files.push({ filename: begin[1], start: at, end, bodyStart })
    from = end
  }
  return files
}

function endOfLine(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(0x0a, from)
  if (at === -1) return bytes.length
  return at > from && bytes[at - 1] === 0x0d ? at - 1 : at
}

function nextLine(bytes: Buffer, lineEnd: number): number {
  let at = lineEnd
  if (bytes[at] === 0x0d) at++
  if (bytes[at] === 0x0a) at++
  return at === lineEnd ? bytes.length : at
}

/** How many bytes the uuencoded line at `start` stands for, or -1 when it is no such line. */
function uuLineLength(bytes: Buffer, start: number): number {
  const first = bytes[start]
  if (first === undefined || first < 0x20 || first > 0x60) return -1
  const count = (first - 0x20) & 0x3f
  const end = endOfLine(bytes, start)
  const letters = end - start - 1
  if (count === 0) return letters <= 1 ? 0 : -1
  // Encoders differ in whether they strip trailing blanks and in one or two letters of padding.
  const needed = Math.ceil((count * 4) / 3)
  if (letters > Math.ceil(count / 3) * 4 + 2 || letters < needed - 4) return -1
  for (let i = start; i < end; i++) {
    const byte = bytes[i] ?? 0
    if (byte < 0x20 || byte > 0x60) return -1
  }
  return count
}

function decodeUuBody(bytes: Buffer): Buffer {
  const first = findUuFiles(bytes)[0]
  return first === undefined ? decodeUuLines(bytes, 0) : decodeUuLines(bytes, first.bodyStart)
}

/** Decodes uuencoded lines from `start` to the first line that is none. */
export function decodeUuLines(bytes: Buffer, start: number): Buffer {
  const out = Buffer.alloc(bytes.length - start)
  let to = 0
  let line = start
  for (;;) {
    const count = uuLineLength(bytes, line)
    if (count <= 0) break
    const end = endOfLine(bytes, line)
    const value = (at: number): number => (at < end ? ((bytes[at] ?? 0x20) - 0x20) & 0x3f : 0)
    let left = count
    for (let at = line + 1; left > 0; at += 4) {
      const group = (value(at) << 18) | (value(at + 1) << 12) | (value(at + 2) << 6) | value(at + 3)
      if (to < out.length) out[to++] = (group >> 16) & 0xff
      if (left > 1 && to < out.length) out[to++] = (group >> 8) & 0xff
      if (left > 2 && to < out.length) out[to++] = group & 0xff
      left -= 3
    }
    line = nextLine(bytes, end)
  }
  return out.subarray(0, to)
}
