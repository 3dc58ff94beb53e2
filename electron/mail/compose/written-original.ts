import { escapeHtml } from '../mime/plain-html.ts'
import { forwardBlock, replyLine, type AttributionOptions, type Original } from './attribution.ts'
import { simpleHtml } from './written-html.ts'

/** The original as part of what is being written, for answering between its lines. */
export function writtenOriginal(about: Original, html: string, kind: 'reply' | 'forward', options: AttributionOptions): string {
  const words = simpleHtml(html) || '<p></p>'
  const introduction = quoteIntroduction(about, kind, options)
  return kind === 'reply' ? `${introduction}<blockquote>${words}</blockquote>` : `${introduction}<p></p>${words}`
}

/** Who wrote the original and when, a line or a block of them. */
export function quoteIntroduction(about: Original, kind: 'reply' | 'forward', options: AttributionOptions): string {
  if (kind === 'reply') return `<p>${escapeHtml(replyLine(about, options))}</p>`
  const block = forwardBlock(about, options)
  return `<p>${escapeHtml(block.title)}</p>${block.fields.map((field) => `<p>${escapeHtml(`${field.label}: ${field.value}`)}</p>`).join('')}`
}
