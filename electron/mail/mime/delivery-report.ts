// What a mail server reports of a message it could not deliver, or not yet (RFC 3464): which message, which recipients, why.
// Also read are the reports of a widespread server that speak in header fields instead. Pure, and hostile input like all mail:
// anybody may write one, so it is never more than a claim to be matched with what was really sent.
import { findHeaderBlock, readFields, readStructured, type HeaderFields } from './header-fields.ts'
import { asBuffer, asLines } from './headers.ts'
import { readTree, type Part } from './part-tree.ts'
import { decodeTransfer } from './transfer-encoding.ts'

export type ReportedRecipient = {
  readonly address: string
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'
  /** RFC 3463; null when it was not given. */
  readonly status: string | null
  /** The words of the server that refused. */
  readonly said: string | null
}

export type DeliveryReport = {
  /** What the sender called the envelope (RFC 3461 ENVID). */
  readonly envelopeId: string | null
  /** Message-IDs of the message reported on, without angle brackets, the surest first. */
  readonly messageIds: readonly string[]
  readonly recipients: readonly ReportedRecipient[]
}

const topFields = new Set(['content-type', 'content-transfer-encoding', 'content-disposition', 'content-id', 'x-failed-recipients', 'in-reply-to', 'references', 'auto-submitted', 'return-path', 'from'])
const perMessage = new Set(['original-envelope-id'])
const perRecipient = new Set(['final-recipient', 'original-recipient', 'action', 'status', 'diagnostic-code'])
const returnedFields = new Set(['message-id', 'x-shortlist-message-id'])
const limits = { maxDepth: 6, maxParts: 60 }
const recipientsAtMost = 200
const statusPartBytes = 256 * 1024
const actions = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const

/** Null for anything that is no such report. */
export function deliveryReport(source: Uint8Array): DeliveryReport | null {
  const bytes = asLines(asBuffer(source))
  const block = findHeaderBlock(bytes, 0, bytes.length, true)
  const fields = readFields(bytes, block, topFields)
  const type = readStructured(fields.get('content-type')?.[0] ?? '')
  const failedField = fields.get('x-failed-recipients')
  const isReport = type.value.toLowerCase() === 'multipart/report' && !/^disposition-notification$/i.test(type.params.get('report-type') ?? '')
  if (!isReport && failedField === undefined) return null

  const parts = leaves(readTree(bytes, block, fields, limits, new Set()))
  const messageIds = [...parts.filter((part) => part.type === 'message/rfc822' || part.type === 'message/global' || part.type === 'text/rfc822-headers').flatMap((part) => returnedIds(bytes, part)), ...ids(fields, 'in-reply-to'), ...ids(fields, 'references').reverse()]
  const status = parts.find((part) => part.type === 'message/delivery-status' || part.type === 'message/global-delivery-status')
  if (status) {
    const body = decodeTransfer(bytes.subarray(status.bodyStart, Math.min(status.bodyEnd, status.bodyStart + statusPartBytes)), status.encoding)
    const [first, ...rest] = groups(body)
    const envelopeId = (first ? one(readGroup(first, perMessage), 'original-envelope-id') : null) ?? null
    // The group about the message may be left out by careless servers.
    const recipients = (first && one(readGroup(first, perRecipient), 'final-recipient') !== null ? [first, ...rest] : rest).slice(0, recipientsAtMost).flatMap((group) => recipientOf(readGroup(group, perRecipient)) ?? [])
    if (recipients.length > 0) return { envelopeId, messageIds: unique(messageIds), recipients }
  }
  // Exim says it in a field and returns a copy below a line in the text.
  if (failedField === undefined) return null
  const text = bytes.subarray(block.bodyStart, block.bodyStart + statusPartBytes).toString('latin1')
  const inText = [...text.matchAll(/^message-id:\s*<([^<>\s]{3,900})>/gim)].map((match) => match[1] ?? '')
  const addresses = failedField.join(',').split(',').map((each) => each.trim()).filter((each) => /^[^\s@<>]+@[^\s@<>]+$/.test(each))
  if (addresses.length === 0) return null
  return {
    envelopeId: null,
    messageIds: unique([...messageIds, ...inText]),
    recipients: addresses.slice(0, recipientsAtMost).map((address) => {
      const about = text.slice(Math.max(0, text.indexOf(address)), Math.max(0, text.indexOf(address)) + 1_000)
      return { address, action: 'failed', status: /\b(5\.\d{1,3}\.\d{1,3})\b/.exec(about)?.[1] ?? null, said: /\b5\d\d[ -][^\r\n]*/.exec(about)?.[0] ?? null }
    }),
  }
}

function leaves(part: Part): Part[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leaves)
}

function returnedIds(bytes: Buffer, part: Part): string[] {
  const body = decodeTransfer(bytes.subarray(part.bodyStart, Math.min(part.bodyEnd, part.bodyStart + statusPartBytes)), part.encoding)
  const block = findHeaderBlock(body, 0, body.length, true)
  const fields = readFields(body, block, returnedFields)
  // A server may have written a Message-ID of its own; the token is ours.
  const token = fields.get('x-shortlist-message-id')?.[0]?.trim()
  return [...(token && /^[^<>\s]{3,900}$/.test(token) ? [token] : []), ...ids(fields, 'message-id')]
}

function ids(fields: HeaderFields, name: string): string[] {
  return (fields.get(name) ?? []).flatMap((value) => [...value.matchAll(/<([^<>\s]{3,900})>/g)].map((match) => match[1] ?? ''))
}

const unique = (list: readonly string[]): string[] => [...new Set(list)].slice(0, 40)

/** Groups of fields, parted by empty lines. */
function groups(body: Buffer): Buffer[] {
  return body
    .toString('latin1')
    .split(/\r?\n[ \t]*\r?\n/)
    .map((group) => group.replace(/^(?:[ \t]*\r?\n)+/, ''))
    .filter((group) => group.trim() !== '')
    .map((group) => Buffer.from(`${group}\r\n\r\n`, 'latin1'))
}

function readGroup(group: Buffer, wanted: ReadonlySet<string>): HeaderFields {
  return readFields(group, { start: 0, end: group.length }, wanted)
}

function one(fields: HeaderFields, name: string): string | null {
  const value = fields.get(name)?.[0]?.replace(/\s+/g, ' ').trim()
  return value === undefined || value === '' ? null : value
}

/** `rfc822; a@b.example`, the type left off. */
function typed(value: string | null): string | null {
  return value === null ? null : value.replace(/^[a-z0-9-]+\s*;\s*/i, '').trim() || null
}

function recipientOf(fields: HeaderFields): ReportedRecipient | null {
  const original = typed(one(fields, 'original-recipient'))
  const final = typed(one(fields, 'final-recipient'))
  // What the sender wrote is what the sender knows; forwarding may have led elsewhere.
  const address = (original ?? final)?.replace(/^<|>$/g, '') ?? null
  const action = actions.find((known) => known === one(fields, 'action')?.toLowerCase())
  if (address === null || !address.includes('@') || action === undefined) return null
  const status = /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(one(fields, 'status') ?? '')?.[1] ?? null
  return { address, action, status, said: typed(one(fields, 'diagnostic-code'))?.slice(0, 1_000) ?? null }
}
