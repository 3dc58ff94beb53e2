// The MIME structure of a message as byte ranges: which part lies where, what it says it is. Bodies are neither copied nor
// decoded, and text is searched only for line starts that could be boundaries, so this costs memory-bandwidth, not CPU.
// It refuses to go deeper or wider than its limits and never loses a body: a multipart whose boundary cannot be found
// becomes a text part, one nested too deep becomes an attached message.
import { findHeaderBlock, readFields, readId, readStructured, type HeaderBlock, type HeaderFields } from './header-fields.ts'
import { transferEncoding, type TransferEncoding } from './transfer-encoding.ts'

export type Part = {
  /** Position in the tree as IMAP counts: '1', '1.2'. */
  readonly path: string
  /** Lower case, e.g. text/plain. Missing or senseless types are filled in with what RFC 2046 asks for. */
  readonly type: string
  readonly params: ReadonlyMap<string, string>
  readonly disposition: 'inline' | 'attachment' | null
  /** Decoded but otherwise as sent: may hold paths, control characters, anything. */
  readonly filename: string | null
  readonly contentId: string | null
  readonly encoding: TransferEncoding
  readonly bodyStart: number
  readonly bodyEnd: number
  readonly children: readonly Part[]
}

export type TreeProblem = 'boundary-missing' | 'boundary-mismatch' | 'unclosed-multipart' | 'too-deep' | 'too-many-parts'

export type TreeLimits = { readonly maxDepth: number; readonly maxParts: number }

const partFields = new Set(['content-type', 'content-transfer-encoding', 'content-disposition', 'content-id'])

type Walk = { readonly bytes: Buffer; readonly limits: TreeLimits; readonly problems: Set<TreeProblem>; parts: number }

export function readTree(bytes: Buffer, block: HeaderBlock, fields: HeaderFields, limits: TreeLimits, problems: Set<TreeProblem>): Part {
  const walk: Walk = { bytes, limits, problems, parts: 1 }
  return readPart(walk, fields, 0, block.bodyStart, bytes.length, 0, '', 'text/plain')
}

function readPart(walk: Walk, fields: HeaderFields, start: number, bodyStart: number, bodyEnd: number, depth: number, path: string, defaultType: string): Part {
  const one = (name: string): string => fields.get(name)?.[0] ?? ''
  const contentType = readStructured(one('content-type'))
  const disposition = readStructured(one('content-disposition'))
  const filename = disposition.params.get('filename') || contentType.params.get('name') || null
  const type = saneType(contentType.value, defaultType, filename !== null)
  const part = {
    path: path === '' ? '1' : path,
    type,
    params: contentType.params,
    // RFC 2183 2.8: an unknown disposition counts as attachment.
    disposition: disposition.value === '' ? null : disposition.value === 'inline' ? ('inline' as const) : ('attachment' as const),
    filename,
    contentId: readId(fields.get('content-id')?.[0]),
    encoding: transferEncoding(one('content-transfer-encoding')),
    bodyStart,
    bodyEnd,
    children: [],
  }
  if (!type.startsWith('multipart/')) return part
  if (depth >= walk.limits.maxDepth) {
    walk.problems.add('too-deep')
    return { ...part, type: 'message/rfc822', filename: null, disposition: 'attachment', encoding: 'none', bodyStart: start }
  }
  const ranges = splitMultipart(walk, bodyStart, bodyEnd, contentType.params.get('boundary'))
  if (ranges === null) {
    walk.problems.add('boundary-missing')
    const html = /^\s*(<!doctype html|<html|<body|<div|<p[ >])/i.test(walk.bytes.toString('latin1', bodyStart, Math.min(bodyEnd, bodyStart + 400)))
    return { ...part, type: html ? 'text/html' : 'text/plain' }
  }
  const children: Part[] = []
  const childType = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain'
  for (const range of ranges) {
    if (walk.parts >= walk.limits.maxParts) {
      walk.problems.add('too-many-parts')
      break
    }
    walk.parts++
    const block = findHeaderBlock(walk.bytes, range.start, range.end, false)
    const childFields = readFields(walk.bytes, block, partFields)
    const childPath = path === '' ? String(children.length + 1) : `${path}.${children.length + 1}`
    children.push(readPart(walk, childFields, range.start, block.bodyStart, range.end, depth + 1, childPath, childType))
  }
  return { ...part, children }
}

function saneType(value: string, defaultType: string, named: boolean): string {
  if (/^[a-z0-9!#$&^_.+-]{1,100}\/[a-z0-9!#$&^_.+-]{1,100}$/.test(value)) return value
  if (value === 'text') return 'text/plain'
  if (value === 'multipart') return 'multipart/mixed'
  if (value === '' && !named) return defaultType
  return named ? 'application/octet-stream' : 'text/plain'
}

type Range = { readonly start: number; readonly end: number }

function splitMultipart(walk: Walk, start: number, end: number, declared: string | undefined): readonly Range[] | null {
  const body = walk.bytes.subarray(start, end)
  const boundary = (declared ?? '').trimEnd()
  let found = boundary === '' ? null : delimitedRanges(body, boundary, walk.limits.maxParts)
  if (found === null) {
    const sniffed = sniffBoundary(body)
    found = sniffed === null ? null : delimitedRanges(body, sniffed, walk.limits.maxParts)
    if (found !== null) walk.problems.add('boundary-mismatch')
  }
  if (found === null) return null
  if (!found.closed) walk.problems.add('unclosed-multipart')
  return found.ranges.map((range) => ({ start: start + range.start, end: start + range.end }))
}

/** Ranges between delimiter lines; null when there is no such line. What follows the last one is a part unless it closes. */
function delimitedRanges(body: Buffer, boundary: string, maxParts: number): { readonly ranges: readonly Range[]; readonly closed: boolean } | null {
  const marker = Buffer.from(`--${boundary.slice(0, 1000)}`, 'utf8')
  const ranges: Range[] = []
  let open = -1
  let closed = false
  let from = 0
  while (!closed && ranges.length <= maxParts) {
    const at = body.indexOf(marker, from)
    if (at === -1) break
    from = at + marker.length
    if (at > 0 && body[at - 1] !== 0x0a) continue
    const line = delimiterLine(body, from)
    if (line === null) continue
    // The line end before a delimiter belongs to the delimiter (RFC 2046 5.1.1).
    if (open !== -1) ranges.push({ start: open, end: Math.max(open, at - (at > 1 && body[at - 2] === 0x0d ? 2 : 1)) })
    open = line.next
    closed = line.closing
    from = line.next
  }
  if (open === -1) return null
  if (!closed && open < body.length) ranges.push({ start: open, end: body.length })
  return { ranges, closed }
}

/** What stands after the boundary on its line: nothing, or `--`, then only blanks. Null: a longer word, no delimiter. */
function delimiterLine(body: Buffer, after: number): { readonly closing: boolean; readonly next: number } | null {
  let at = after
  const closing = body[at] === 0x2d && body[at + 1] === 0x2d
  if (closing) at += 2
  while (body[at] === 0x20 || body[at] === 0x09) at++
  while (body[at] === 0x0d) at++
  if (at >= body.length) return { closing, next: body.length }
  return body[at] === 0x0a ? { closing, next: at + 1 } : null
}

const maxSniffedLines = 200

/** The boundary really used, when the declared one is missing or wrong: a `--something` line followed by a part header. */
function sniffBoundary(body: Buffer): string | null {
  let from = 0
  for (let i = 0; i < maxSniffedLines; i++) {
    const at = body.indexOf('--', from, 'latin1')
    if (at === -1) return null
    from = at + 2
    if (at > 0 && body[at - 1] !== 0x0a) continue
    const lineEnd = body.indexOf(0x0a, at)
    if (lineEnd === -1) return null
    from = lineEnd
    if (lineEnd - at > 200) continue
    const boundary = body.toString('latin1', at + 2, lineEnd).trim()
    if (boundary === '' || /^-+$/.test(boundary)) continue
    if (/^content-[a-z-]+[ \t]*:/i.test(body.toString('latin1', lineEnd + 1, lineEnd + 60))) return boundary
  }
  return null
}
