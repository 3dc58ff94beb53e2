// A message as data: headers, text, attachments, calendar invitation, and what was wrong with it. Pure and synchronous;
// never throws for any bytes. It decodes the texts (up to a limit) and only counts the attachments: their contents are
// read again when somebody opens one (extractAttachment). Broken input is repaired where its meaning is plain and noted
// in `problems`; nothing is dropped silently.
//
// The tree is read here rather than by a MIME library because a sync spends most of its time in this function: on 20 kB of
// mail it is several times, with attachments a hundred times, as fast as parsers that walk every line and decode every part.
import type { AttachmentKind, CalendarInvite } from '../../../shared/model/message.ts'
import { attachmentKind, isDangerous, nameFor, safeFilename } from './attachment-kind.ts'
import { readInvite } from './calendar-invite.ts'
import { charsetName, decodeBytes, decodeMarkup } from './charset.ts'
import { shownText } from './encoded-word.ts'
import { unflow } from './flowed-text.ts'
import { findHeaderBlock } from './header-fields.ts'
import { asBuffer, asLines, readMessageFields, type ParsedHeaders } from './headers.ts'
import { htmlToText } from './html-text.ts'
import { readTree, type Part, type TreeLimits, type TreeProblem } from './part-tree.ts'
import { snippetOf } from './quoted-text.ts'
import { readTnef } from './tnef.ts'
import { decodedSize, decodeTransfer, decodeUuLines, findUuFiles } from './transfer-encoding.ts'

export type ParseProblem =
  | TreeProblem
  | 'no-headers'
  | 'bad-date'
  | 'too-many-recipients'
  | 'charset-mismatch'
  | 'charset-unknown'
  | 'text-truncated'
  | 'bad-tnef'
  | 'bad-calendar'
  | 'encrypted'
  | 'null-bytes'
  | 'old-line-ends'

export type ParsedAttachment = {
  /** Names the attachment together with the message. */
  readonly index: number
  /** Safe to use as a file name, never empty. */
  readonly filename: string
  readonly mimeType: string
  /** Decoded size in bytes. */
  readonly size: number
  readonly contentId: string | null
  /** Part of the body (an image the HTML shows, a signature, a delivery report): not counted as an attachment in lists. */
  readonly inline: boolean
  /** Place in the MIME tree as IMAP counts; null for files found inside another part (winmail.dat, uuencode). */
  readonly partPath: string | null
  readonly kind: AttachmentKind
  readonly dangerous: boolean
}

export type ParsedMessage = {
  readonly headers: ParsedHeaders
  /** Plain text as sent, LF line ends, flowed lines joined. Null when there is no text part. */
  readonly text: string | null
  /** HTML as sent. Hostile until it went through safeHtml. */
  readonly html: string | null
  /** Text drawn from the HTML, where there is no plain text or only a stub of it. */
  readonly textFromHtml: string | null
  /** One line of what was written, at most 200 characters. */
  readonly snippet: string
  readonly attachments: readonly ParsedAttachment[]
  readonly invite: CalendarInvite | null
  readonly problems: readonly ParseProblem[]
}

export type ParseOptions = {
  readonly maxDepth?: number
  readonly maxParts?: number
  /** Encoded sizes of the contents that were left out of this source, in the order of their parts (FetchedBody.omitted).
   *  They become the sizes of the empty attachments. */
  readonly omitted?: readonly number[]
}

const defaultLimits: TreeLimits = { maxDepth: 50, maxParts: 5_000 }
const maxTextBytes = 2 * 1024 * 1024
const maxHtmlBytes = 4 * 1024 * 1024
const maxCalendarBytes = 512 * 1024
const maxTnefBytes = 64 * 1024 * 1024
const maxAttachments = 5_000

export function parseMessage(source: Uint8Array, options: ParseOptions = {}): ParsedMessage {
  const collected = collect(source, options)
  const { bytes, headers, problems } = collected
  const text = joinPlain(collected.items)
  const html = joinHtml(collected.items)
  const textFromHtml = html !== null && (text === null || isStub(text, html)) ? htmlToText(html) : null
  const cids = html === null ? null : referencedIds(html)
  if (bytes.includes(0) && !problems.has('old-line-ends')) noteNulls(collected)
  return {
    headers,
    text,
    html,
    textFromHtml,
    snippet: snippetOf(textFromHtml ?? text ?? ''),
    attachments: collected.files.map((file, index) => describe(file, index, cids)),
    invite: readCalendar(collected),
    problems: [...problems],
  }
}

export type ExtractedAttachment = { readonly bytes: Uint8Array; readonly filename: string; readonly mimeType: string }

/** The decoded contents of one attachment, by the index parseMessage gave it. Null when there is no such attachment. */
export function extractAttachment(source: Uint8Array, index: number, options: ParseOptions = {}): ExtractedAttachment | null {
  const file = collect(source, options).files[index]
  if (file === undefined) return null
  const { filename, mimeType } = describe(file, index, null)
  return { bytes: file.load(), filename, mimeType }
}

/** One piece of the body, in order. In an alternative both are set. */
type BodyItem = { readonly plain: string | null; readonly html: string | null }

type File = {
  readonly rawName: string | null
  readonly mimeType: string
  readonly contentId: string | null
  readonly disposition: 'inline' | 'attachment' | null
  /** Belongs to the machinery of the message, whatever its disposition. */
  readonly machinery: boolean
  readonly partPath: string | null
  readonly size: number
  /** Subject of an attached message. */
  readonly subject: string | null
  readonly load: () => Buffer
}

type Collected = {
  readonly bytes: Buffer
  readonly headers: ParsedHeaders
  readonly problems: Set<ParseProblem>
  readonly items: readonly BodyItem[]
  readonly files: readonly File[]
  readonly calendars: readonly Part[]
}

type Walk = {
  readonly bytes: Buffer
  readonly problems: Set<ParseProblem>
  readonly files: File[]
  readonly calendars: Part[]
  /** Sizes of left out contents not yet met. */
  readonly omitted: number[]
  textLeft: number
  htmlLeft: number
  hasBody: boolean
}

function collect(source: Uint8Array, options: ParseOptions): Collected {
  const given = asBuffer(source)
  const bytes = asLines(given)
  const problems = new Set<ParseProblem>()
  if (bytes !== given) problems.add('old-line-ends')
  const block = findHeaderBlock(bytes, 0, bytes.length, true)
  if (block.end === block.start) problems.add('no-headers')
  const { headers, fields, badDate } = readMessageFields(bytes, block)
  if (badDate) problems.add('bad-date')
  if (headers.recipientsOmitted > 0) problems.add('too-many-recipients')
  const limits = { maxDepth: options.maxDepth ?? defaultLimits.maxDepth, maxParts: options.maxParts ?? defaultLimits.maxParts }
  const treeProblems = new Set<TreeProblem>()
  const root = readTree(bytes, block, fields, limits, treeProblems)
  for (const problem of treeProblems) problems.add(problem)
  const walk: Walk = { bytes, problems, files: [], calendars: [], omitted: [...(options.omitted ?? [])], textLeft: maxTextBytes, htmlLeft: maxHtmlBytes, hasBody: false }
  const items = readBody(walk, root, '')
  return { bytes, headers, problems, items, files: walk.files, calendars: walk.calendars }
}

function readBody(walk: Walk, part: Part, parentType: string): readonly BodyItem[] {
  if (part.type === 'multipart/alternative') return readAlternative(walk, part)
  if (part.type.startsWith('multipart/') && part.children.length > 0) {
    if (part.type === 'multipart/encrypted') walk.problems.add('encrypted')
    return part.children.flatMap((child) => readBody(walk, child, part.type))
  }
  if (part.type.startsWith('multipart/')) return []
  if (isBodyText(walk, part)) return [readText(walk, part)]
  if (parentType === 'multipart/alternative' && (part.type === 'text/x-amp-html' || part.type === 'text/watch-html')) return []
  return addFile(walk, part, parentType)
}

/** Plain text from the first child that offers it, HTML from the last: RFC 2046 5.1.4 puts the richest last. */
function readAlternative(walk: Walk, part: Part): readonly BodyItem[] {
  const before = walk.hasBody
  let plain: readonly BodyItem[] | null = null
  let rich: readonly BodyItem[] | null = null
  for (const child of part.children) {
    // Each child is a whole body of its own: a named text in one is the body there, too.
    walk.hasBody = before
    const items = readBody(walk, child, part.type)
    if (items.length === 0) continue
    if (items.some((item) => item.html !== null)) rich = items
    else plain ??= items
  }
  walk.hasBody ||= before
  if (plain === null && rich === null) return []
  walk.hasBody = true
  if (rich === null) return plain ?? []
  if (plain === null) return rich
  return [{ plain: joinPlain(plain), html: joinHtml(rich) }]
}

function isBodyText(walk: Walk, part: Part): boolean {
  if (part.type !== 'text/plain' && part.type !== 'text/html' && part.type !== 'text/enriched' && part.type !== 'text/richtext') return false
  if (part.disposition === 'attachment') return false
  // A named text is a file somebody attached, unless it is all the message has to say.
  return part.filename === null || (!walk.hasBody && (part.disposition === 'inline' || !/\.(?!te?xt$|html?$)[a-z0-9]{1,5}$/i.test(part.filename)))
}

function readText(walk: Walk, part: Part): BodyItem {
  walk.hasBody = true
  if (part.bodyEnd - part.bodyStart >= maxTextBytes) walk.omitted.shift()
  const html = part.type === 'text/html'
  const encoded = walk.bytes.subarray(part.bodyStart, part.bodyEnd)
  const left = html ? walk.htmlLeft : walk.textLeft
  const bytes = decodeUpTo(encoded, part, left)
  if (bytes.truncated) walk.problems.add('text-truncated')
  if (html) walk.htmlLeft = Math.max(0, left - bytes.decoded.length)
  else walk.textLeft = Math.max(0, left - bytes.decoded.length)
  if (html || part.type !== 'text/plain') {
    const source = readChars(walk, bytes.decoded, part.params.get('charset') ?? '', html)
    return html ? { plain: null, html: source } : { plain: htmlToText(source), html: null }
  }
  const plainBytes = takeUuFiles(walk, bytes.decoded)
  const text = readChars(walk, plainBytes, part.params.get('charset') ?? '', false)
  const flowed = /^flowed$/i.test(part.params.get('format') ?? '')
  return { plain: flowed ? unflow(text, /^yes$/i.test(part.params.get('delsp') ?? '')) : text, html: null }
}

function decodeUpTo(encoded: Buffer, part: Part, limit: number): { readonly decoded: Buffer; readonly truncated: boolean } {
  // Encodings grow a text to at most three times its size; more than that cannot be within the limit.
  const cut = encoded.length > limit * 3 + 1024 ? encoded.subarray(0, limit * 3 + 1024) : encoded
  const decoded = decodeTransfer(cut, part.encoding)
  if (decoded.length > limit) return { decoded: decoded.subarray(0, limit), truncated: true }
  return { decoded, truncated: cut.length < encoded.length }
}

function readChars(walk: Walk, bytes: Buffer, label: string, html: boolean): string {
  const name = charsetName(label)
  const declared = html && (name === '' || name === 'us-ascii') ? metaCharset(bytes) : null
  const { text, verdict } = html ? decodeMarkup(bytes, declared ?? label) : decodeBytes(bytes, label)
  if (verdict === 'mismatch' && label !== '' && !walk.problems.has('text-truncated')) walk.problems.add('charset-mismatch')
  if (verdict === 'unknown') walk.problems.add('charset-unknown')
  return text
}

/** The charset an HTML text claims for itself, used where the part header is silent. */
function metaCharset(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, Math.min(bytes.length, 2048))
  const found = /<meta[^>]{0,200}?charset\s*=\s*["']?([\w:-]{2,40})/i.exec(head)?.[1]
  // A page that could be read far enough to find this is not UTF-16, whatever it says.
  return found === undefined || /^utf-?16/i.test(found) ? null : found
}

/** Cuts uuencoded files out of a text and lists them as attachments. */
function takeUuFiles(walk: Walk, bytes: Buffer): Buffer {
  const found = findUuFiles(bytes)
  if (found.length === 0) return bytes
  const pieces: Buffer[] = []
  let at = 0
  for (const file of found) {
    pieces.push(bytes.subarray(at, file.start))
    at = file.end
    const decode = (): Buffer => decodeUuLines(bytes, file.bodyStart)
    pushFile(walk, { rawName: file.filename, mimeType: 'application/octet-stream', contentId: null, disposition: 'attachment', machinery: false, partPath: null, size: decode().length, subject: null, load: decode })
  }
  pieces.push(bytes.subarray(at))
  return Buffer.concat(pieces)
}

function pushFile(walk: Walk, file: File): void {
  if (walk.files.length < maxAttachments) walk.files.push(file)
  else walk.problems.add('too-many-parts')
}

/** Lists a leaf as an attachment. A winmail.dat is replaced by what it holds, and may bring the body with it. */
function addFile(walk: Walk, part: Part, parentType: string): readonly BodyItem[] {
  const encoded = walk.bytes.subarray(part.bodyStart, part.bodyEnd)
  const load = (): Buffer => decodeTransfer(encoded, part.encoding)
  if (isTnef(part)) {
    const content = encoded.length <= maxTnefBytes ? readTnef(load()) : null
    const empty = content === null || (content.attachments.length === 0 && content.text === null && content.html === null)
    const brought = content === null ? [] : addTnef(walk, content)
    if (!empty && !content.damaged) return brought
    // What could not be read to its end is kept as it came, beside what could.
    if (encoded.length > 0) walk.problems.add('bad-tnef')
    pushFile(walk, fileOf(walk, part, encoded, load, parentType))
    return brought
  }
  if (part.type === 'text/calendar' || part.type === 'application/ics') walk.calendars.push(part)
  if (/^application\/(x-)?pkcs7-mime$/.test(part.type)) walk.problems.add('encrypted')
  pushFile(walk, fileOf(walk, part, encoded, load, parentType))
  return []
}

function fileOf(walk: Walk, part: Part, encoded: Buffer, load: () => Buffer, parentType: string): File {
  const isMessage = part.type === 'message/rfc822' || part.type === 'message/global'
  return {
    rawName: part.filename,
    mimeType: part.type,
    contentId: part.contentId,
    disposition: part.disposition,
    machinery: isMachinery(part, parentType),
    partPath: part.path,
    size: decodedSize(encoded, part.encoding) + leftOut(walk, part, encoded, isMessage),
    subject: isMessage && part.filename === null ? attachedSubject(encoded, part, load) : null,
    load,
  }
}

/** Decoded size of what was left out of a part, or of the parts inside an attached message. */
function leftOut(walk: Walk, part: Part, encoded: Buffer, isMessage: boolean): number {
  if (walk.omitted.length === 0) return 0
  if (isMessage && encoded.length > 0) {
    const block = findHeaderBlock(encoded, 0, encoded.length, true)
    const { fields } = readMessageFields(encoded, block)
    return leavesOf(readTree(encoded, block, fields, defaultLimits, new Set())).reduce((sum, leaf) => {
      const length = leaf.bodyEnd - leaf.bodyStart
      // An attached message stays encoded: what is missing from it is missing in full.
      return length === 0 || (leaf.type.startsWith('text/') && length >= maxTextBytes) ? sum + (walk.omitted.shift() ?? 0) : sum
    }, 0)
  }
  if (encoded.length > 0) return 0
  const size = walk.omitted.shift() ?? 0
  // Base64 in lines of 76 letters.
  return part.encoding === 'base64' ? Math.floor((size * 57) / 78) : size
}

function leavesOf(part: Part): readonly Part[] {
  return part.type.startsWith('multipart/') && part.children.length > 0 ? part.children.flatMap(leavesOf) : [part]
}

function isTnef(part: Part): boolean {
  return part.type === 'application/ms-tnef' || part.type === 'application/vnd.ms-tnef' || (part.filename !== null && /^winmail\.dat$/i.test(part.filename))
}

function addTnef(walk: Walk, content: NonNullable<ReturnType<typeof readTnef>>): readonly BodyItem[] {
  for (const attachment of content.attachments) {
    pushFile(walk, {
      rawName: attachment.filename,
      mimeType: attachment.mimeType ?? 'application/octet-stream',
      contentId: attachment.contentId,
      disposition: 'attachment',
      machinery: false,
      partPath: null,
      size: attachment.bytes.length,
      subject: null,
      load: () => attachment.bytes,
    })
  }
  if (walk.hasBody || (content.text === null && content.html === null)) return []
  walk.hasBody = true
  return [{ plain: content.text?.slice(0, maxTextBytes) ?? null, html: content.html?.slice(0, maxHtmlBytes) ?? null }]
}

/** Signatures, delivery reports and the calendar of an invitation: shown by what they mean, not as files. */
function isMachinery(part: Part, parentType: string): boolean {
  if (parentType === 'multipart/signed') return /^application\/(pgp-signature|(x-)?pkcs7-signature)$/.test(part.type)
  if (parentType === 'multipart/report') return part.type.startsWith('message/') && part.type !== 'message/rfc822'
  if (parentType === 'multipart/encrypted') return part.type === 'application/pgp-encrypted'
  return parentType === 'multipart/alternative' && part.type === 'text/calendar'
}

function attachedSubject(encoded: Buffer, part: Part, load: () => Buffer): string | null {
  const bytes = part.encoding === 'none' ? encoded : encoded.length < 1024 * 1024 ? load() : null
  if (bytes === null) return null
  const head = bytes.subarray(0, 64 * 1024)
  return readMessageFields(head, findHeaderBlock(head, 0, head.length, true)).headers.subject || null
}

function describe(file: File, index: number, cids: ReadonlySet<string> | null): ParsedAttachment {
  const rawName = file.rawName ?? ''
  const safe = safeFilename(rawName)
  const filename = safe !== '' ? safe : nameFor(file.mimeType, index, file.subject)
  return {
    index,
    filename,
    mimeType: file.mimeType,
    size: file.size,
    contentId: file.contentId === null ? null : shownText(file.contentId, 500),
    inline: file.machinery || (file.contentId !== null && cids !== null && cids.has(file.contentId.toLowerCase())),
    partPath: file.partPath,
    kind: attachmentKind(file.mimeType, filename),
    dangerous: isDangerous(file.mimeType, filename, rawName),
  }
}

/** Content ids the HTML shows, lower case. */
function referencedIds(html: string): ReadonlySet<string> | null {
  if (!/cid:/i.test(html)) return null
  const ids = new Set<string>()
  for (const match of html.matchAll(/cid:([^"'\s)>\\]{1,500})/gi)) {
    const id = (match[1] ?? '').replace(/&amp;/g, '&')
    ids.add(decodePercent(id).toLowerCase())
    if (ids.size >= 2_000) break
  }
  return ids
}

export function decodePercent(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function joinPlain(items: readonly BodyItem[]): string | null {
  const withText = items.filter((item) => item.plain !== null)
  if (withText.length === 0) return null
  if (items.length === 1) return items[0]?.plain ?? null
  return items.map((item) => (item.plain ?? htmlToText(item.html ?? '')).trimEnd()).filter((text) => text !== '').join('\n\n')
}

function joinHtml(items: readonly BodyItem[]): string | null {
  if (!items.some((item) => item.html !== null)) return null
  if (items.length === 1) return items[0]?.html ?? null
  return items.map((item) => item.html ?? `<div style="white-space:pre-wrap">${escapeText((item.plain ?? '').trim())}</div>`).join('\n')
}

function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

/** "This message needs an HTML viewer": a text part that stands for the HTML instead of saying the same. */
function isStub(text: string, html: string): boolean {
  if (text.length > 300 || html.length < 2_000 + text.length * 20) return false
  return text.trim() === '' || htmlToText(html).length > Math.max(400, text.length * 3)
}

function readCalendar(collected: Collected): CalendarInvite | null {
  const parts = collected.calendars.toSorted((a, b) => Number(b.type === 'text/calendar') - Number(a.type === 'text/calendar')).slice(0, 4)
  for (const part of parts) {
    const encoded = collected.bytes.subarray(part.bodyStart, part.bodyEnd)
    const { decoded } = decodeUpTo(encoded, part, maxCalendarBytes)
    if (decoded.length === 0) continue
    const invite = readInvite(decodeBytes(decoded, part.params.get('charset') ?? '').text, part.params.get('method') ?? '')
    if (invite !== null) return invite
    collected.problems.add('bad-calendar')
  }
  return null
}

function noteNulls(collected: Collected): void {
  // UTF-16 bodies are full of zero bytes that mean nothing bad.
  const { bytes, problems } = collected
  const head = bytes.subarray(0, Math.min(bytes.length, 64 * 1024))
  if (head.includes(0)) problems.add('null-bytes')
}
