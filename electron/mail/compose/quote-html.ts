// The original as it goes along below an answer: safe, without anything of the reader's own page, and with its pictures
// referring to stored files as cid:HASH. Made once, when the draft is begun, off the main thread.
import sanitizeHtml from 'sanitize-html'
import { escapeHtml } from '../mime/plain-html.ts'
import { mailClass } from '../mime/safe-css.ts'
import { safeHtml } from '../mime/safe-html.ts'
import { quoteLooks } from './written-html.ts'

export type QuoteSource = {
  /** As sent; null to quote `text`. */
  readonly html: string | null
  readonly text: string
  /** Hash of the stored file for each Content-ID (lower case, without brackets). */
  readonly cids: Readonly<Record<string, string>>
}

const quotedClass = 'quoted-mail'
/** Addresses that a page needs and a mail has no use for, and marks of our own. */
const left = new Set(['id', 'name', 'usemap', 'rel', 'target', 'decoding', 'referrerpolicy', 'data-href', 'data-mismatch', 'data-blocked', 'aria-label', 'aria-hidden'])
const maxText = 1024 * 1024
const maxQuoteDepth = 12

export function quoteHtml(source: QuoteSource): string {
  if (source.html === null || source.html.trim() === '') return textAsHtml(source.text.slice(0, maxText))
  const safe = safeHtml(source.html, {
    cidUrl: (id) => {
      const key = id.toLowerCase()
      return Object.hasOwn(source.cids, key) ? `cid:${source.cids[key] ?? ''}` : null
    },
    images: 'allowed',
  })
  const plain = sanitizeHtml(safe.html, {
    allowedTags: false,
    allowedAttributes: false,
    allowVulnerableTags: true,
    allowedSchemes: ['http', 'https', 'mailto', 'tel', 'cid', 'data'],
    parseStyleAttributes: false,
    nestingLimit: 250,
    transformTags: {
      '*': (tagName: string, given: Readonly<Record<string, string>>) => {
        const attribs = Object.fromEntries(Object.entries(given).filter(([name]) => !left.has(name)))
        // The reader's page shows where a link leads in its title.
        if (tagName === 'a' && attribs['title'] === given['href']) delete attribs['title']
        if (attribs['href']?.startsWith('#')) delete attribs['href']
        return { tagName, attribs }
      },
    },
  })
  const css = safe.css.replaceAll(`.${mailClass}`, `.${quotedClass}`).replace(/</g, '')
  const style = css === '' ? '' : `<style>${css}</style>`
  return `${style}<div class="${quotedClass}">${plain}</div>`
}

/** Plain text keeps its lines, its indents and its own quotes. */
function textAsHtml(text: string): string {
  let out = ''
  let depth = 0
  let run: string[] = []
  const flush = (): void => {
    if (run.length > 0) out += `<div>${run.join('<br>')}</div>`
    run = []
  }
  for (const line of text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split('\n')) {
    const marks = /^(?:>[ ]?)+/.exec(line.slice(0, 200))?.[0] ?? ''
    const level = Math.min(maxQuoteDepth, marks.replaceAll(' ', '').length)
    if (level !== depth) {
      flush()
      out += level > depth ? `<blockquote type="cite" style="${quoteLooks()}">`.repeat(level - depth) : '</blockquote>'.repeat(depth - level)
      depth = level
    }
    run.push(escapeHtml(line.slice(marks.length)).replace(/^ +| {2,}/g, (blanks) => '&nbsp;'.repeat(blanks.length)))
  }
  flush()
  return out + '</blockquote>'.repeat(depth)
}
