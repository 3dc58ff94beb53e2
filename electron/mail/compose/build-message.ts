// Turns what a person wrote into the bytes that travel: RFC 5322 and MIME, always with a plain-text part, pictures inside
// the text as parts of their own, attachments under names that every program reads. Pure: everything it needs is handed
// in, and nothing in it can begin a header field of its own. It names no program, counts nobody and loads nothing.
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import MimeNode from 'nodemailer/lib/mime-node'
import { encodeWord } from 'nodemailer/lib/mime-funcs'
import { FileHash, type DraftContent, type StoredFile } from '../../../shared/model/draft.ts'
import type { IdentityId } from '../../../shared/model/ids.ts'
import type { Address } from '../../../shared/model/message.ts'
import type { Locale } from '../../../shared/model/settings.ts'
import { cidsIn } from '../../../db/queries/stored-files.ts'
import { forwardBlock, replyLine, type Original } from './attribution.ts'
import type { BuiltMessage } from './built-message.ts'
import { imageType } from './image-type.ts'
import { addressKey, cleanName, idDomain, wireAddress, wireOf } from './message-address.ts'
import { quoteText, textOfHtml, wrapText } from './plain-text.ts'
import { escapeHtml } from '../mime/plain-html.ts'
import { quoteLooks, writtenHtml } from './written-html.ts'

export type MessageInput = {
  readonly identityId: IdentityId | null
  readonly from: Address
  readonly replyTo: string | null
  readonly content: DraftContent
  /** The original that goes along below the text; safe HTML. */
  readonly quote: { readonly kind: 'reply' | 'forward'; readonly about: Original; readonly html: string } | null
  /** Message-IDs without angle brackets. */
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  /** Bytes of the content's files and of the pictures that the texts show. */
  readonly bytes: ReadonlyMap<FileHash, Uint8Array>
  /** Without angle brackets. */
  readonly headerMessageId: string
  /** The Date field, UTC milliseconds. */
  readonly date: number
  readonly locale: Locale
  readonly timeZone?: string | undefined
  /** Set for a copy of a draft that is not sent: what it is a copy of. */
  readonly copyOf: { readonly name: string; readonly version: number; readonly sendingName: string } | null
}

/** Names our own copies of drafts on a server. */
export const draftField = 'X-Shortlist-Draft'
/** Where the original begins in a copy of a draft. */
export const copyQuoteId = 'shortlist-quote'

/** RFC 5322 2.1.1, with room for what folding adds. */
const longestWord = 900
const pieceBytes = 57 * 2048
const page = 'font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.45'

export async function buildMessage(input: MessageInput): Promise<BuiltMessage> {
  const from = wireOf(input.from)
  const recipients = recipientsOf(input.content)
  const root = bodyOf(input)
  const list = (kind: 'to' | 'cc' | 'bcc'): Address[] => input.content[kind].map(wireOf).filter((one) => one.address !== '')
  root.setHeader('From', [from])
  if (input.replyTo !== null && addressKey(input.replyTo) !== addressKey(from.address)) root.setHeader('Reply-To', [{ name: '', address: wireAddress(input.replyTo) }])
  for (const kind of ['to', 'cc', 'bcc'] as const) {
    const people = list(kind)
    if (people.length > 0) root.setHeader(kind, people)
  }
  root.setHeader('Subject', headerText(input.content.subject))
  root.setHeader('Date', rfcDate(input.date, input.timeZone))
  root.setHeader('Message-ID', `<${input.headerMessageId}>`)
  if (input.inReplyTo !== null && isId(input.inReplyTo)) root.setHeader('In-Reply-To', `<${input.inReplyTo}>`)
  const references = input.references.filter(isId)
  if (references.length > 0) root.setHeader('References', references.map((id) => `<${id}>`).join(' '))
  if (input.copyOf) root.setHeader(draftField, `${input.copyOf.name}; version=${String(input.copyOf.version)}${input.copyOf.sendingName === input.copyOf.name ? '' : `; sends=${input.copyOf.sendingName}`}`)
  const copy = await root.build()
  return {
    raw: withoutField(copy, 'bcc'),
    copy,
    headerMessageId: input.headerMessageId,
    identityId: input.identityId,
    from,
    subject: input.content.subject,
    recipients,
    notify: input.content.notify,
  }
}

/** Each person once, where they are named first. */
export function recipientsOf(content: Pick<DraftContent, 'to' | 'cc' | 'bcc'>): BuiltMessage['recipients'] {
  const seen = new Set<string>()
  return (['to', 'cc', 'bcc'] as const).flatMap((kind) =>
    content[kind].flatMap((one) => {
      const wire = wireOf(one)
      const key = addressKey(wire.address)
      if (wire.address === '' || seen.has(key)) return []
      seen.add(key)
      return [{ ...wire, kind }]
    }),
  )
}

type MessageTexts = { readonly html: string; readonly text: string }

/** The whole text in both forms, original included. Pictures still refer to stored files as cid:HASH. */
export function textsOf(input: Pick<MessageInput, 'content' | 'quote' | 'locale' | 'timeZone' | 'copyOf'>): MessageTexts {
  // The signature keeps its mark until the text part has set it apart.
  const marked = writtenHtml(input.content.html, { keepSignature: true })
  const written = input.copyOf ? marked : writtenHtml(input.content.html, { keepSignature: false })
  const text = wrapText(textOfHtml(marked))
  const quote = input.content.quote ? input.quote : null
  if (quote === null) return { html: htmlPage(written), text }
  const id = input.copyOf ? ` id="${copyQuoteId}"` : ''
  const blank = written === '' ? '' : '<p style="margin:0"><br></p>'
  const original = textOfHtml(quote.html)
  const attribution = { locale: input.locale, timeZone: input.timeZone }
  if (quote.kind === 'reply') {
    const line = replyLine(quote.about, attribution)
    return {
      html: htmlPage(
        `${written}${blank}<div class="gmail_quote"${id}><div dir="ltr" class="gmail_attr">${escapeHtml(line)}</div>` +
          `<blockquote class="gmail_quote" type="cite" style="${quoteLooks()}">${quote.html}</blockquote></div>`,
      ),
      text: joinTexts(text, `${line}\n${quoteText(original)}`),
    }
  }
  const block = forwardBlock(quote.about, attribution)
  const fields = block.fields.map((field) => `<b>${escapeHtml(field.label)}:</b> ${escapeHtml(field.value)}<br>`).join('')
  return {
    html: htmlPage(`${written}${blank}<div class="gmail_quote"${id}><div dir="ltr" class="gmail_attr">${escapeHtml(block.title)}<br>${fields}</div><p style="margin:0"><br></p>${quote.html}</div>`),
    text: joinTexts(text, `${block.title}\n${block.fields.map((field) => `${field.label}: ${field.value}`).join('\n')}\n\n${original}`),
  }
}

function joinTexts(above: string, below: string): string {
  return above === '' ? below : `${above}\n\n${below}`
}

function htmlPage(body: string): string {
  return `<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><div style="${page}">${body}</div></body></html>`
}

function bodyOf(input: MessageInput): MimeNode {
  const domain = idDomain(input.from.address)
  const { html, text } = textsOf(input)
  const drawn = withPictures(html, input.bytes, domain)
  const options = { keepBcc: true, newline: 'win', boundaryPrefix: '=_', disableFileAccess: true, disableUrlAccess: true }
  const files = input.content.files.flatMap((file) => {
    const bytes = input.bytes.get(file.hash)
    return bytes ? [{ file, bytes }] : []
  })
  const root = new MimeNode(files.length > 0 ? 'multipart/mixed' : 'multipart/alternative', options)
  const alternative = files.length > 0 ? root.createChild('multipart/alternative') : root
  addText(alternative, 'text/plain', text)
  if (drawn.pictures.length === 0) addText(alternative, 'text/html', drawn.html)
  else {
    const related = alternative.createChild('multipart/related; type="text/html"')
    addText(related, 'text/html', drawn.html)
    for (const picture of drawn.pictures) {
      const part = related.createChild(picture.type, { filename: picture.filename })
      part.setHeader('Content-ID', `<${picture.id}>`)
      part.setHeader('Content-Disposition', 'inline')
      part.setContent(asBuffer(picture.bytes))
    }
  }
  for (const { file, bytes } of files) addFile(root, file, bytes)
  return root
}

function addText(parent: MimeNode, type: 'text/plain' | 'text/html', text: string): void {
  const part = parent.createChild(`${type}; charset=utf-8`)
  part.setContent(`${text.replace(/\r\n?|\n/g, '\r\n')}\r\n`)
}

function addFile(parent: MimeNode, file: StoredFile, bytes: Uint8Array): void {
  const filename = cleanName(file.filename) || 'file'
  const type = /^[\w.+-]+\/[\w.+-]+$/.test(file.mimeType) && !/^multipart\//i.test(file.mimeType) ? file.mimeType.toLowerCase() : 'application/octet-stream'
  const buffer = asBuffer(bytes)
  if (type === 'message/rfc822') {
    // RFC 2046 5.2.1: no encoding may be put around a message. One whose lines are too long goes as a plain file.
    const encoding = messageEncoding(buffer)
    const part = parent.createChild(encoding === null ? 'application/octet-stream' : type, { filename })
    part.setHeader('Content-Disposition', 'attachment')
    if (encoding !== null) part.setHeader('Content-Transfer-Encoding', encoding)
    part.setContent(buffer)
    return
  }
  const part = parent.createChild(type, { filename })
  part.setHeader('Content-Disposition', 'attachment')
  // Also for texts: a file arrives byte for byte as it was.
  part.setHeader('Content-Transfer-Encoding', 'base64')
  part.setContent(inPieces(buffer))
}

/** In pieces that are each encoded within a moment: a large file must not hold up everything else. */
function inPieces(bytes: Buffer): Readable {
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      // The streams behind would take one piece after the other without ever letting anybody else in.
      await setImmediate()
      yield bytes.subarray(at, at + pieceBytes)
    }
  }
  return Readable.from(pieces(), { objectMode: false, highWaterMark: pieceBytes })
}

function messageEncoding(bytes: Buffer): '7bit' | '8bit' | null {
  let lineStart = 0
  let high = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === 0) return null
    if (byte >= 0x80) high = true
    if (byte === 0x0a) lineStart = at + 1
    else if (at - lineStart > 996) return null
  }
  return high ? '8bit' : '7bit'
}

type Picture = { readonly id: string; readonly type: string; readonly filename: string; readonly bytes: Uint8Array }

/** Pictures that stand in the text as parts of the message, each once. What is not here is left out of the text. */
function withPictures(html: string, bytes: ReadonlyMap<FileHash, Uint8Array>, domain: string): { readonly html: string; readonly pictures: readonly Picture[] } {
  const pictures = new Map<string, Picture>()
  const add = (key: string, content: Uint8Array): string | null => {
    const type = imageType(content)
    if (type === null) return null
    const known = pictures.get(key)
    if (known) return known.id
    const id = `${key}@${domain}`
    pictures.set(key, { id, type, filename: `image${String(pictures.size + 1)}.${type.slice(6).replace('jpeg', 'jpg')}`, bytes: content })
    return id
  }
  const known = new Set<string>(cidsIn(html))
  const drawn = html.replace(/<img\b[^>]*>/g, (tag) => {
    const source = /\ssrc="([^"]*)"/.exec(tag)?.[1] ?? ''
    const hash = FileHash.safeParse(source.replace(/^cid:/, ''))
    if (hash.success && known.has(hash.data)) {
      const content = bytes.get(hash.data)
      const id = content ? add(hash.data, content) : null
      return id === null ? '' : tag.replace(source, `cid:${id}`)
    }
    const data = /^data:image\/[a-z]+;base64,([a-z0-9+/=\s]+)$/i.exec(source)?.[1]
    if (data !== undefined) {
      // A picture that was pasted as text: most programs show it only as a part.
      const id = add(`inline${String(pictures.size + 1)}`, Buffer.from(data, 'base64'))
      return id === null ? '' : tag.replace(source, `cid:${id}`)
    }
    return /^https:/i.test(source) ? tag : ''
  })
  return { html: drawn, pictures: [...pictures.values()] }
}

/** A subject on one line. A word too long for a header line is encoded, because encoded words can be split. */
function headerText(text: string): string | { readonly prepared: true; readonly foldLines: true; readonly value: string } {
  const clean = cleanName(text)
  if (!clean.split(' ').some((word) => word.length > longestWord)) return clean
  return { prepared: true, foldLines: true, value: encodeWord(clean, 'B', 52) }
}

function isId(id: string): boolean {
  return id.length > 0 && id.length <= longestWord && !/[\s<>\p{Cc}]/u.test(id)
}

/** RFC 5322 3.3, in the writer's own time zone. */
export function rfcDate(at: number, timeZone: string | undefined): string {
  const parts = new Intl.DateTimeFormat('en-US', {
    weekday: 'short', day: '2-digit', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'longOffset',
    ...(timeZone === undefined ? {} : { timeZone }),
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? ''
  const offset = /([+-])(\d{2}):(\d{2})/.exec(part('timeZoneName'))
  const zone = offset ? `${offset[1] ?? '+'}${offset[2] ?? '00'}${offset[3] ?? '00'}` : '+0000'
  return `${part('weekday')}, ${part('day')} ${part('month')} ${part('year')} ${part('hour')}:${part('minute')}:${part('second')} ${zone}`
}

/** The message without one of its header fields; everything else byte for byte. */
export function withoutField(message: Buffer, name: string): Buffer {
  const ends = [message.indexOf('\r\n\r\n'), message.indexOf('\n\n')].filter((at) => at !== -1)
  const end = ends.length === 0 ? message.length : Math.min(...ends) + 2
  const header = message.toString('latin1', 0, end)
  const pattern = new RegExp(`^${name}[ \\t]*:[^\\r\\n]*\\r?\\n(?:[ \\t][^\\r\\n]*\\r?\\n)*`, 'gim')
  const kept = header.replace(pattern, '')
  if (kept.length === header.length) return message
  return Buffer.concat([Buffer.from(kept, 'latin1'), message.subarray(end)])
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
