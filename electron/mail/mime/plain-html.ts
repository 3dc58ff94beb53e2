// Plain text drawn as HTML: line breaks kept, quote levels as nested bars, addresses as links, history and signature set
// apart. Output is built from escaped text only.
import { splitQuoted } from './quoted-text.ts'

export type PlainOptions = { readonly label: string; readonly fold: boolean }

const maxLength = 1024 * 1024

export function plainToHtml(source: string, options: PlainOptions): { readonly html: string; readonly links: number; readonly truncated: boolean } {
  const truncated = source.length > maxLength
  const text = truncated ? source.slice(0, maxLength) : source
  const split = splitQuoted(text)
  const count = { links: 0 }
  let html = lines(split.fresh, count)
  if (split.signature !== '') html += `<div class="sl-signature">${lines(split.signature, count)}</div>`
  if (split.quoted !== '') {
    const quoted = lines(split.quoted.replace(/^\n+/, ''), count)
    const folds = options.fold && split.quotedKind === 'reply' && split.fresh.trim() !== ''
    html += folds
      ? `<details class="sl-quoted" data-quoted><summary class="sl-fold" title="${escapeHtml(options.label)}" aria-label="${escapeHtml(options.label)}"><span>•••</span></summary>${quoted}</details>`
      : `<div class="sl-carried">${quoted}</div>`
  }
  return { html, links: count.links, truncated }
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

const maxQuoteDepth = 12

function lines(text: string, count: { links: number }): string {
  let out = ''
  let depth = 0
  let run: string[] = []
  const flush = (): void => {
    if (run.length > 0) out += `<div class="sl-text">${linked(run.join('\n'), count)}</div>`
    run = []
  }
  for (const line of text.split('\n')) {
    const marks = /^(?:>[ ]?)+/.exec(line.slice(0, 200))?.[0] ?? ''
    // "From" at a line start is escaped as ">From" by old servers; that is no quote.
    const level = /^>From /.test(line) && depth === 0 ? 0 : Math.min(maxQuoteDepth, marks.replaceAll(' ', '').length)
    if (level !== depth) {
      flush()
      out += level > depth ? '<blockquote class="sl-level">'.repeat(level - depth) : '</blockquote>'.repeat(depth - level)
      depth = level
    }
    run.push(level > 0 ? line.slice(marks.length) : line)
  }
  flush()
  return out + '</blockquote>'.repeat(depth)
}

const address =
  /\bhttps?:\/\/[^\s<>"'\u0000-\u0020\u201c\u201d\u00ab\u00bb]{1,4000}|\bwww\.[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}(?:[/?#][^\s<>"']{0,2000})?|(?<![\w.+-])[\w.+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/giu
const maxLinks = 5_000

function linked(text: string, count: { links: number }): string {
  let out = ''
  let last = 0
  for (const match of text.matchAll(address)) {
    if (count.links >= maxLinks) break
    const found = trimTail(match[0])
    const target = found.includes('://') ? found : /^www\./i.test(found) ? `http://${found}` : `mailto:${found}`
    if (!URL.canParse(target)) continue
    const href = escapeHtml(new URL(target).href)
    count.links++
    out += `${escapeHtml(text.slice(last, match.index))}<a href="${href}" data-href="${href}" rel="noopener noreferrer nofollow" target="_blank">${escapeHtml(found)}</a>`
    last = match.index + found.length
  }
  return out + escapeHtml(text.slice(last))
}

/** Punctuation that ends the sentence, not the address; a closing bracket stays when the address opened it. */
function trimTail(found: string): string {
  let end = found.length
  for (;;) {
    const char = found.charAt(end - 1)
    const opener = char === ')' ? '(' : char === ']' ? '[' : ''
    if (opener !== '' ? !found.slice(0, end - 1).includes(opener) : /[.,;:!?*_~'’]/.test(char)) end--
    else return found.slice(0, end)
  }
}
