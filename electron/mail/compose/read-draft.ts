// A draft that lies on a server, read back into what a person writes: one of ours as it was, another program's as far as an
// editor can hold it.
import { zstdDecompressSync } from 'node:zlib'
import sanitizeHtml from 'sanitize-html'
import type { DraftContent, StoredFile } from '../../../shared/model/draft.ts'
import type { Address } from '../../../shared/model/message.ts'
import { copyQuoteId, draftField } from './build-message.ts'
import type { FileStore } from './file-store.ts'
import { escapeHtml } from '../mime/plain-html.ts'
import type { ParsePool } from '../mime/parse-pool.ts'
import { findHeaderBlock } from '../mime/header-fields.ts'
import { simpleHtml } from './written-html.ts'

export type ReadDraft = {
  readonly content: Omit<DraftContent, 'identityId'>
  readonly from: Address | null
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  /** The draft it is a copy of, by its name, when it is one of ours. */
  readonly copyOf: { readonly name: string; readonly version: number; readonly sendingName: string } | null
  /** The original below it, where one of ours carries one. */
  readonly quoteHtml: string | null
}

export async function readDraft(tools: { readonly parser: Pick<ParsePool, 'parse' | 'extract'>; readonly files: Pick<FileStore, 'put'> }, source: Uint8Array): Promise<ReadDraft | null> {
  const [outcome] = await tools.parser.parse([source])
  if (!outcome?.ok) return null
  const { message } = outcome
  const { headers } = message
  const copyOf = nameIn(source)
  const files: StoredFile[] = []
  const cids = new Map<string, string>()
  for (const one of message.attachments) {
    const file = await tools.parser.extract(source, one.index)
    if (!file) continue
    const stored = await tools.files.put({ ...file, filename: one.filename })
    if (one.inline && one.contentId !== null) cids.set(one.contentId.toLowerCase(), stored.hash)
    else files.push(stored)
  }
  const html = message.htmlZstd === null ? null : zstdDecompressSync(message.htmlZstd).toString('utf8')
  const drawn = html === null ? null : html.replace(/\bcid:([^"'\s>)]{1,500})/gi, (whole, id: string) => (cids.has(id.toLowerCase()) ? `cid:${cids.get(id.toLowerCase()) ?? ''}` : whole))
  const { written, quoteHtml } = drawn === null ? { written: paragraphs(message.text), quoteHtml: null } : copyOf ? ownHtml(drawn) : { written: simpleHtml(drawn), quoteHtml: null }
  return {
    content: {
      to: [...headers.to], cc: [...headers.cc], bcc: [...headers.bcc], subject: headers.subject, html: written, quote: quoteHtml !== null, files, notify: false,
    },
    from: headers.from,
    inReplyTo: headers.inReplyTo,
    references: headers.references,
    copyOf,
    quoteHtml,
  }
}

function nameIn(source: Uint8Array): ReadDraft['copyOf'] {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  const block = findHeaderBlock(bytes, 0, bytes.length, true)
  const match = new RegExp(`^${draftField}:\\s*([\\w-]{10,60});\\s*version=(\\d{1,9})(?:;\\s*sends=([\\w-]{10,60}))?\\s*$`, 'im').exec(bytes.toString('latin1', block.start, block.end))
  return match ? { name: match[1] ?? '', version: Number(match[2]), sendingName: match[3] ?? match[1] ?? '' } : null
}

function paragraphs(text: string): string {
  return text.replace(/\n+$/, '').split('\n').map((line) => `<p>${escapeHtml(line)}</p>`).join('')
}

/** The inside of a page of ours, with the looks that were put on for the way taken off again. */
function ownHtml(page: string): { readonly written: string; readonly quoteHtml: string | null } {
  const start = /<body><div style="[^"]*">/.exec(page)
  const inside = start ? page.slice(start.index + start[0].length).replace(/<\/div><\/body><\/html>\s*$/, '') : page
  const quote = new RegExp(`(?:<p style="margin:0"><br ?/?></p>)?<div class="gmail_quote" id="${copyQuoteId}"><div dir="ltr" class="gmail_attr">[\\s\\S]*?</div>`).exec(inside)
  const written = quote ? inside.slice(0, quote.index) : inside
  const below = quote ? inside.slice(quote.index + quote[0].length).replace(/<\/div>$/, '') : null
  return {
    written: undressed(written),
    quoteHtml: below === null ? null : below.replace(/^<blockquote class="gmail_quote"[^>]*>([\s\S]*)<\/blockquote>$/, '$1').replace(/^<p style="margin:0"><br ?\/?><\/p>/, ''),
  }
}

/** Looks of the elements themselves, as writtenHtml puts them on; what a person chose stands after them. */
const put = /^(?:margin:0;padding-left:1\.6em|margin:0\.4em 0 0\.2em;font-size:[\d.]+em|margin:0 0 0 0\.8ex;border-left:1px solid #cccccc;padding-left:1ex|margin:0;white-space:pre-wrap;font-family:Consolas,Menlo,monospace|font-family:Consolas,Menlo,monospace|vertical-align:top|margin:0);?/

function undressed(html: string): string {
  const plain = sanitizeHtml(html, {
    allowedTags: false,
    allowedAttributes: false,
    allowVulnerableTags: true,
    allowedSchemes: ['http', 'https', 'mailto', 'tel', 'cid', 'data'],
    parseStyleAttributes: false,
    transformTags: {
      '*': (tagName: string, given: Readonly<Record<string, string>>) => {
        const attribs: Record<string, string> = { ...given }
        const style = (attribs['style'] ?? '').replace(put, '')
        delete attribs['style']
        if (style !== '') attribs['style'] = style
        if (attribs['class']?.startsWith('gmail_')) delete attribs['class']
        if (tagName === 'blockquote') delete attribs['type']
        return { tagName, attribs }
      },
    },
  })
  return plain.replace(/<(p|h[1-6])((?:\s[^<>]*)?)><br ?\/?><\/\1>/g, '<$1$2></$1>')
}
