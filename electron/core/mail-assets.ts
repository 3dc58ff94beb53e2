// What a message frame, an image or a download asks for by address: messages as safe pages, attachments, sources.
// Mail decides nothing about how it is served: only a few harmless types keep their name, everything else is bytes to save.
import { getMessage, readBody } from '../../db/queries/messages.ts'
import { failureOf } from '../../shared/model/failure.ts'
import { MessageId } from '../../shared/model/ids.ts'
import type { Message } from '../../shared/model/message.ts'
import { messageCsp } from '../mail/mime/message-document.ts'
import { readAttachment } from './attachments.ts'
import { plainAnswer, type AssetResponse, type Assets } from './assets.ts'
import type { Program } from './program.ts'

const shownAsTheyAre = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'application/pdf'])

export function mailAssets(program: Program): Assets {
  return {
    async serve(path) {
      const [address = '', query = ''] = path.split('?', 2)
      const [kind, id, index] = address.split('/')
      const messageId = MessageId.safeParse(Number(id))
      const message = messageId.success ? getMessage(program.db, messageId.data) : null
      if (!message) return plainAnswer(404, 'Not found.')
      const options = new URLSearchParams(query)
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
        const failure = failureOf(error)
        if (failure.kind === 'bug') console.error(failure.stack)
        return plainAnswer(failure.kind === 'gone' ? 404 : 503, failure.code)
      }
    },
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
