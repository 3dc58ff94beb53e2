// What a message frame, an image or a download asks for by address: messages as safe pages, attachments, sources.
// Mail decides nothing about how it is served: only a few harmless types keep their name, everything else is bytes to save.
import { draftQuote, getDraft } from '../../db/queries/drafts.ts'
import { getMessage, readBody } from '../../db/queries/messages.ts'
import { cidsIn } from '../../db/queries/stored-files.ts'
import { FileHash } from '../../shared/model/draft.ts'
import { failureOf } from '../../shared/model/failure.ts'
import { DraftId, MessageId } from '../../shared/model/ids.ts'
import type { Message } from '../../shared/model/message.ts'
import { quoteKind } from '../mail/compose/draft-message.ts'
import { imageType } from '../mail/compose/image-type.ts'
import { quoteIntroduction } from '../mail/compose/written-original.ts'
import { messageCsp } from '../mail/mime/message-document.ts'
import { readAttachment } from './attachments.ts'
import { writingLocale } from './built-draft.ts'
import { plainAnswer, type AssetResponse, type Assets } from './assets.ts'
import type { Program } from './program.ts'

const shownAsTheyAre = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'application/pdf'])

export function mailAssets(program: Program): Assets {
  return {
    async serve(path) {
      const [address = '', query = ''] = path.split('?', 2)
      const [kind, id, index] = address.split('/')
      const options = new URLSearchParams(query)
      try {
        if (kind === 'file') return await storedFile(program, id ?? '')
        if (kind === 'quote') return await quotePage(program, Number(id), options)
      } catch (error) {
        return failed(error)
      }
      const messageId = MessageId.safeParse(Number(id))
      const message = messageId.success ? getMessage(program.db, messageId.data) : null
      if (!message) return plainAnswer(404, 'Not found.')
      try {
        switch (kind) {
          case 'message':
            return await messagePage(program, message, options)
          case 'attachment':
            return await attachment(program, message, Number(index), options.get('download') === '1')
          case 'source':
            return download(`${fileStem(message.subject)}.eml`, 'message/rfc822', await program.engine.ensureSource(message.id))
          default:
            return plainAnswer(404, 'Not found.')
        }
      } catch (error) {
        return failed(error)
      }
    },
  }
}

function failed(error: unknown): AssetResponse {
  const failure = failureOf(error)
  if (failure.kind === 'bug') console.error(failure.stack)
  return plainAnswer(failure.kind === 'gone' ? 404 : 503, failure.code)
}

/** A file that goes along with something written: a picture by what it is, never by what somebody called it. */
async function storedFile(program: Program, id: string): Promise<AssetResponse> {
  const hash = FileHash.safeParse(id)
  const bytes = hash.success ? await program.files.read(hash.data) : null
  if (!hash.success || bytes === null) return plainAnswer(404, 'Not found.')
  const type = imageType(bytes)
  if (type === null) return download('file', 'application/octet-stream', bytes)
  // The address is the content's hash: it can never show anything else.
  return { status: 200, headers: { 'content-type': type, 'cache-control': 'private, max-age=86400, immutable' }, body: bytes }
}

/** The original a draft quotes. Its own pictures are here; those of other servers are left out, as in any unread mail. */
async function quotePage(program: Program, id: number, options: URLSearchParams): Promise<AssetResponse> {
  const draftId = DraftId.safeParse(id)
  const draft = draftId.success ? getDraft(program.db, draftId.data) : null
  const quote = draft ? draftQuote(program.db, draft.id) : null
  if (!draft || !quote) return plainAnswer(404, 'Not found.')
  const base = program.host.assetBase
  // Lines rather than paragraphs: as close together as they will be in the mail.
  const lines = quoteIntroduction(quote.about, quoteKind(draft.kind), { locale: writingLocale(program.host) })
  const document = await program.parser.render({
    html: `${lines.replace(/<(\/?)p>/g, '<$1div>')}<br>${quote.html}`,
    text: '',
    cids: Object.fromEntries(cidsIn(quote.html).map((hash) => [hash, `${base}file/${hash}`])),
    images: 'blocked',
    theme: options.get('theme') === 'dark' ? 'dark' : 'light',
    // A forward's original is what it is about: nothing of it is folded away.
    subject: 'Fwd:',
    quotedLabel: '•••',
  })
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': messageCsp('blocked', "'self'"), 'cache-control': 'no-store' },
    body: document.html,
  }
}

async function messagePage(program: Program, message: Message, options: URLSearchParams): Promise<AssetResponse> {
  await program.engine.ensureBody(message.id)
  const body = readBody(program.db, message.id)
  const images = options.get('images') === '1' ? 'allowed' : 'blocked'
  const base = program.host.assetBase
  const document = await program.parser.render({
    html: body?.html ?? null,
    text: body?.text ?? '',
    cids: Object.fromEntries(
      message.attachments.flatMap((one) => (one.contentId === null ? [] : [[one.contentId.toLowerCase(), `${base}attachment/${String(message.id)}/${String(one.index)}`]])),
    ),
    images,
    theme: options.get('theme') === 'dark' ? 'dark' : 'light',
    subject: message.subject,
    quotedLabel: '•••',
  })
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': messageCsp(images, "'self'"), 'cache-control': 'no-store' },
    body: document.html,
  }
}

async function attachment(program: Program, message: Message, index: number, save: boolean): Promise<AssetResponse> {
  const file = await readAttachment(program, message.id, index)
  if (save) return download(file.filename, 'application/octet-stream', file.bytes)
  const type = shownAsTheyAre.has(file.mimeType.toLowerCase()) ? file.mimeType.toLowerCase() : file.mimeType.startsWith('text/') ? 'text/plain; charset=utf-8' : null
  if (type === null) return download(file.filename, 'application/octet-stream', file.bytes)
  return { status: 200, headers: { 'content-type': type, 'content-disposition': disposition('inline', file.filename), 'cache-control': 'private, max-age=300' }, body: file.bytes }
}

function download(filename: string, type: string, body: Uint8Array): AssetResponse {
  return { status: 200, headers: { 'content-type': type, 'content-disposition': disposition('attachment', filename) }, body }
}

/** RFC 6266: a plain name for old readers, the real one in UTF-8 (RFC 8187). */
function disposition(how: 'inline' | 'attachment', filename: string): string {
  const plain = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const real = encodeURIComponent(filename).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  return `${how}; filename="${plain}"; filename*=UTF-8''${real}`
}

function fileStem(subject: string): string {
  return subject.replace(/[^\p{L}\p{N} ._-]/gu, ' ').replace(/\s+/g, ' ').trim().slice(0, 80) || 'message'
}
