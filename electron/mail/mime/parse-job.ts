// What the parse pool and its workers say to each other, and the work itself: turning one packed source into a result fit
// to be sent between threads. Everything here is plain data.
import { zstdCompressSync } from 'node:zlib'
import type { Attachment, CalendarInvite } from '../../../shared/model/message.ts'
import { quoteHtml, type QuoteSource } from '../compose/quote-html.ts'
import { deliveryReport, type DeliveryReport } from './delivery-report.ts'
import { parseHeaders, type ParsedHeaders } from './headers.ts'
import { messageDocument, type DocumentInput, type MessageDocument } from './message-document.ts'
import { extractAttachment, parseMessage, type ExtractedAttachment, type ParseProblem } from './parse-message.ts'

/** A parsed message as the database keeps it. */
export type PackedMessage = {
  readonly headers: ParsedHeaders
  /** Plain text for reading and search; drawn from the HTML where the message has no text of its own. */
  readonly text: string
  /** True when `text` was drawn from the HTML. */
  readonly textIsDerived: boolean
  /** zstd of the HTML as sent (UTF-8), not sanitised; null when there is none. */
  readonly htmlZstd: Uint8Array | null
  readonly snippet: string
  readonly attachments: readonly Omit<Attachment, 'messageId' | 'local'>[]
  readonly invite: CalendarInvite | null
  /** What it reports of a message that was not delivered; null for all other mail. */
  readonly report: DeliveryReport | null
  readonly problems: readonly ParseProblem[]
}

/** Why a source could not be parsed. Its bytes are worth keeping: another version may read them. */
export type UnparsableReason = 'too-slow' | 'too-big' | 'out-of-memory' | 'crashed'

export type ParseOutcome = { readonly ok: true; readonly message: PackedMessage } | { readonly ok: false; readonly reason: UnparsableReason }

export type Work =
  | { readonly kind: 'parse'; readonly source: Uint8Array; readonly omitted?: readonly number[] | undefined }
  | { readonly kind: 'headers'; readonly source: Uint8Array }
  | { readonly kind: 'extract'; readonly source: Uint8Array; readonly index: number }
  | { readonly kind: 'render'; readonly input: DocumentInput }
  | { readonly kind: 'quote'; readonly input: QuoteSource }

export type Result =
  | { readonly kind: 'parse'; readonly message: PackedMessage }
  | { readonly kind: 'headers'; readonly headers: ParsedHeaders }
  | { readonly kind: 'extract'; readonly attachment: ExtractedAttachment | null }
  | { readonly kind: 'render'; readonly document: MessageDocument }
  | { readonly kind: 'quote'; readonly html: string }

/** One batch to a worker. `progress[0]` is the position being worked on; the worker counts it up. */
export type Order = { readonly works: readonly Work[]; readonly progress: Int32Array }
export type Report = { readonly from: number; readonly results: readonly Result[] }

export function perform(work: Work): Result {
  switch (work.kind) {
    case 'parse':
      return { kind: 'parse', message: pack(work.source, work.omitted) }
    case 'headers':
      return { kind: 'headers', headers: parseHeaders(work.source) }
    case 'extract':
      return { kind: 'extract', attachment: extractAttachment(work.source, work.index) }
    case 'render':
      return { kind: 'render', document: messageDocument(work.input) }
    case 'quote':
      return { kind: 'quote', html: quoteHtml(work.input) }
  }
}

function pack(source: Uint8Array, omitted: readonly number[] | undefined): PackedMessage {
  const { headers, text, html, textFromHtml, snippet, attachments, invite, problems } = parseMessage(source, omitted === undefined ? {} : { omitted })
  return {
    headers,
    text: textFromHtml ?? text ?? '',
    textIsDerived: textFromHtml !== null,
    htmlZstd: html === null || html === '' ? null : zstdCompressSync(html),
    snippet,
    attachments: attachments.map(({ index, filename, mimeType, size, contentId, inline, kind, dangerous }) => ({ index, filename, mimeType, size, contentId, inline, kind, dangerous })),
    invite,
    // Written by machines alone, and they say so.
    report: headers.automatic === null ? null : deliveryReport(source),
    problems,
  }
}

/** How heavy a result is to hand over, in bytes, roughly. */
export function weightOf(result: Result): number {
  switch (result.kind) {
    case 'parse':
      return result.message.text.length + (result.message.htmlZstd?.byteLength ?? 0) + 2_000
    case 'headers':
      return 2_000
    case 'extract':
      return result.attachment?.bytes.byteLength ?? 0
    case 'render':
      return result.document.html.length
    case 'quote':
      return result.html.length
  }
}

/** Buffers that may move to the other thread instead of being copied. */
export function movable(results: readonly Result[]): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>()
  for (const result of results) {
    const bytes = result.kind === 'parse' ? result.message.htmlZstd : result.kind === 'extract' ? (result.attachment?.bytes ?? null) : null
    // Only a buffer of its own may move: a slice would take its neighbours along.
    if (bytes !== null && bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength) buffers.add(bytes.buffer)
  }
  return [...buffers]
}
