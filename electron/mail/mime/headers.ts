// The headers a mail client works with, read from raw bytes in one pass. Never throws; what cannot be read is null or
// empty, and everything meant to be shown is free of control characters and direction overrides.
import type { Address } from '../../../shared/model/message.ts'
import { readAddresses } from './addresses.ts'
import { decodeHeaderText, shownText } from './encoded-word.ts'
import { findHeaderBlock, readFields, readId, readStructured, type HeaderBlock, type HeaderFields } from './header-fields.ts'
import { readDate, readZone } from './mail-date.ts'

/** Who wrote it, if not a person: an automatic reply, a machine's notice, a bounce, a mailing. Null for people, also on lists. */
export type AutomaticKind = 'reply' | 'notice' | 'bounce' | 'bulk'

export type ListUnsubscribe = {
  readonly mailto: string | null
  readonly url: string | null
  /** RFC 8058: a POST to `url` is enough. */
  readonly oneClick: boolean
}

export type ParsedHeaders = {
  /** Ids are without angle brackets. */
  readonly messageId: string | null
  readonly inReplyTo: string | null
  /** Oldest first, without repeats; of a long chain the first and the last 99. */
  readonly references: readonly string[]
  readonly subject: string
  readonly from: Address | null
  /** All authors, where there are several. */
  readonly authors: readonly Address[]
  readonly sender: Address | null
  readonly replyTo: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  /** Recipients that To, Cc and Bcc name beyond those listed here. */
  readonly recipientsOmitted: number
  /** UTC milliseconds from the Date field; null when missing or absurd. */
  readonly date: number | null
  /** Minutes east of UTC as the Date field has it; null when it names no zone. */
  readonly utcOffset: number | null
  /** When the last server on the way took it, from the topmost Received field. */
  readonly receivedAt: number | null
  readonly listId: string | null
  readonly listUnsubscribe: ListUnsubscribe | null
  /** Where a list takes mail (RFC 2369); null when it takes none or does not say. */
  readonly listPost: string | null
  /** Where the writer wants answers to all to go (Mail-Followup-To); empty when not said. */
  readonly followupTo: readonly Address[]
  readonly automatic: AutomaticKind | null
  /** The sender asks that no automatic reply be sent (X-Auto-Response-Suppress). */
  readonly suppressesReplies: boolean
  /** Lower case, e.g. multipart/mixed. */
  readonly contentType: string
  /** RFC 5322 3.6.6: set when somebody sent the message on unchanged. */
  readonly resent: { readonly from: Address | null; readonly to: readonly Address[]; readonly date: number | null } | null
}

const wanted = new Set([
  'message-id', 'in-reply-to', 'references', 'subject', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'date', 'received',
  'list-id', 'list-post', 'list-unsubscribe', 'list-unsubscribe-post', 'mail-followup-to', 'auto-submitted', 'x-auto-response-suppress', 'precedence',
  'x-autoreply', 'x-autorespond', 'x-auto-reply', 'return-path', 'content-type', 'x-failed-recipients',
  'resent-from', 'resent-to', 'resent-date',
  // Read by the part tree.
  'content-transfer-encoding', 'content-disposition', 'content-id', 'content-description', 'content-location',
])

/** Most addresses listed of one field. */
export const maxListed = 2_000
const maxReferences = 100
const maxSubjectLength = 2_000

/** Reads a header block (a whole message will do: reading stops at the first empty line). */
export function parseHeaders(header: Uint8Array): ParsedHeaders {
  const bytes = asLines(asBuffer(header))
  return readMessageFields(bytes, findHeaderBlock(bytes, 0, bytes.length, true)).headers
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Old Macs ended lines with CR alone. The parser sees lines only where there is LF. */
export function asLines(bytes: Buffer): Buffer {
  if (bytes.indexOf(0x0a) !== -1 || !bytes.includes(0x0d)) return bytes
  const copy = Buffer.from(bytes)
  for (let at = copy.indexOf(0x0d); at !== -1; at = copy.indexOf(0x0d, at + 1)) copy[at] = 0x0a
  return copy
}

export function readMessageFields(bytes: Buffer, block: HeaderBlock): { readonly headers: ParsedHeaders; readonly fields: HeaderFields; readonly badDate: boolean } {
  const fields = readFields(bytes, block, wanted)
  const one = (name: string): string | undefined => fields.get(name)?.[0]
  let omitted = 0
  const list = (name: string, counts: boolean): readonly Address[] => {
    const values = fields.get(name)
    if (values === undefined) return []
    const read = readAddresses(values.length === 1 ? (values[0] ?? '') : values.join(', '), maxListed)
    if (counts) omitted += read.total - read.addresses.length
    return read.addresses
  }
  const authors = list('from', false)
  const rawDate = one('date')
  const date = rawDate === undefined ? null : readDate(rawDate)
  const inReplyTo = one('in-reply-to')
  const headers: ParsedHeaders = {
    messageId: readId(one('message-id')),
    inReplyTo: inReplyTo === undefined ? null : (readIds(inReplyTo)[0] ?? null),
    references: readReferences(fields.get('references') ?? []),
    subject: shownText(decodeHeaderText((one('subject') ?? '').slice(0, 100_000)), maxSubjectLength),
    from: authors[0] ?? null,
    authors: authors.length > 1 ? authors.slice(0, 20) : authors,
    sender: list('sender', false)[0] ?? null,
    replyTo: list('reply-to', false),
    to: list('to', true),
    cc: list('cc', true),
    bcc: list('bcc', true),
    recipientsOmitted: omitted,
    date,
    utcOffset: rawDate === undefined || date === null ? null : readZone(rawDate),
    receivedAt: receivedAt(one('received')),
    listId: readListId(one('list-id')),
    listUnsubscribe: readUnsubscribe(fields),
    listPost: readListPost(one('list-post')),
    followupTo: list('mail-followup-to', false).slice(0, 100),
    automatic: readAutomatic(fields),
    suppressesReplies: fields.has('x-auto-response-suppress'),
    contentType: readStructured(one('content-type') ?? '').value,
    resent: fields.has('resent-from') || fields.has('resent-to')
      ? { from: list('resent-from', false)[0] ?? null, to: list('resent-to', false), date: readDate(one('resent-date') ?? '') }
      : null,
  }
  return { headers, fields, badDate: rawDate !== undefined && date === null }
}

function readIds(raw: string): readonly string[] {
  const ids = new Set<string>()
  const bracketed = raw.includes('<') ? raw.matchAll(/<([^<>]{1,900})>/g) : null
  if (bracketed !== null) {
    for (const match of bracketed) {
      const id = readId(match[0])
      if (id !== null) ids.add(id)
    }
  } else {
    for (const word of raw.split(/[\s,]+/)) if (word.includes('@') && word.length <= 900) ids.add(word)
  }
  return [...ids]
}

function readReferences(values: readonly string[]): readonly string[] {
  if (values.length === 0) return []
  const ids = readIds(values.join(' '))
  return ids.length <= maxReferences ? ids : [...ids.slice(0, 1), ...ids.slice(1 - maxReferences)]
}

function receivedAt(received: string | undefined): number | null {
  if (received === undefined) return null
  const semicolon = received.lastIndexOf(';')
  return semicolon === -1 ? null : readDate(received.slice(semicolon + 1))
}

function readListId(raw: string | undefined): string | null {
  if (raw === undefined) return null
  const id = shownText(/<([^<>]{1,300})>/.exec(raw.slice(0, 2000))?.[1] ?? decodeHeaderText(raw.slice(0, 300)), 300)
  return id === '' ? null : id
}

function readListPost(raw: string | undefined): string | null {
  const target = /<mailto:([^<>?]{3,320})[^<>]{0,1000}>/i.exec((raw ?? '').slice(0, 2000))?.[1]
  return target === undefined ? null : shownText(target, 320).replace(/\s+/g, '') || null
}

function readUnsubscribe(fields: HeaderFields): ListUnsubscribe | null {
  const raw = fields.get('list-unsubscribe')?.join(', ').slice(0, 20_000)
  if (raw === undefined) return null
  let mailto: string | null = null
  let url: string | null = null
  for (const match of raw.matchAll(/<([^<>]{1,4000})>/g)) {
    const target = shownText(match[1] ?? '', 4000).replace(/\s+/g, '')
    if (/^mailto:/i.test(target)) mailto ??= target
    else if (/^https?:\/\//i.test(target) && (url === null || /^http:/i.test(url))) url = target
  }
  if (mailto === null && url === null) return null
  const post = fields.get('list-unsubscribe-post')?.[0] ?? ''
  return { mailto, url, oneClick: url !== null && /^https:/i.test(url) && /List-Unsubscribe\s*=\s*One-Click/i.test(post) }
}

function readAutomatic(fields: HeaderFields): AutomaticKind | null {
  const low = (name: string): string => (fields.get(name)?.[0] ?? '').slice(0, 500).toLowerCase()
  const contentType = low('content-type')
  if (/^multipart\/report\b/.test(contentType) && /delivery-status|delivery_status/.test(contentType)) return 'bounce'
  const submitted = low('auto-submitted')
  const precedence = low('precedence')
  if (submitted.startsWith('auto-replied') || precedence === 'auto_reply' || low('x-autoreply') !== '' || low('x-autorespond') !== '' || low('x-auto-reply') !== '') {
    return fields.has('x-failed-recipients') ? 'bounce' : 'reply'
  }
  if (fields.has('x-failed-recipients') || (low('return-path') === '<>' && /mailer-daemon|postmaster/.test(low('from')))) return 'bounce'
  // A list one can post to carries mail from people; one that can only be left is a mailing.
  const discussion = fields.has('list-post') && !/^\s*no\b/.test(low('list-post'))
  if (!discussion && (fields.has('list-unsubscribe') || precedence === 'bulk' || precedence === 'junk')) return 'bulk'
  if (/^auto-(generated|notified)/.test(submitted)) return 'notice'
  return null
}
