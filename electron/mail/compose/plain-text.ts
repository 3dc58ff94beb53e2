// The plain-text part every mail has. Links keep where they lead, lists their marks, quotes their '> '.
import { convert, type HtmlToTextOptions } from 'html-to-text'
import { htmlToText } from '../mime/html-text.ts'

const wrapAt = 78

/** Stands for the mark above a signature while blanks at line ends are taken off. */
const signatureMark = '\ue002'
/** Stands for a line left empty on purpose, which would else be taken for no line. */
const blankMark = '\ue003'
const blankLine = /<(p|div|h[1-6])(\s[^<>]*)?>(?:\s|&nbsp;)*(?:<br\s*\/?>)?(?:\s|&nbsp;)*<\/\1>/g

const options: HtmlToTextOptions = {
  wordwrap: false,
  preserveNewlines: false,
  limits: { maxInputLength: 4_000_000, maxDepth: 120 },
  formatters: {
    signature: (element, walk, builder) => {
      builder.openBlock({ leadingLineBreaks: 1 })
      builder.addLiteral(signatureMark)
      builder.closeBlock({ trailingLineBreaks: 1 })
      builder.openBlock({ leadingLineBreaks: 1 })
      walk(element.children, builder)
      builder.closeBlock({ trailingLineBreaks: 1 })
    },
  },
  selectors: [
    { selector: 'div[data-signature]', format: 'signature' },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: ['<', '>'], noAnchorUrl: true } },
    { selector: 'img', format: 'skip' },
    { selector: 'p', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'div', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'ul', options: { itemPrefix: '- ', leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'ol', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'blockquote', options: { trimEmptyLines: true, leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'pre', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'table', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'td', format: 'inlineSurround', options: { suffix: ' ' } },
    { selector: 'th', format: 'inlineSurround', options: { suffix: ' ' } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false, leadingLineBreaks: 2, trailingLineBreaks: 1 } })),
  ],
}

/** HTML longer than this is read by the quick reader, which leaves link targets out. */
const thorough = 60_000

export function textOfHtml(html: string): string {
  const text = html.length > thorough ? htmlToText(html) : convert(html.replace(blankLine, `<$1$2>${blankMark}</$1>`), options)
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .replaceAll(blankMark, '')
    .replace(/[^\S\n]+$/gm, '')
    .replace(/^\n+|\n+$/g, '')
    .replaceAll(signatureMark, '-- ')
}

/** Lines of at most 78 characters where words allow; quoted lines and the mark above a signature stay as they are. */
export function wrapText(text: string): string {
  return text
    .split('\n')
    .map((line) => (line.length <= wrapAt || line.startsWith('>') ? line : wrapLine(line)))
    .join('\n')
}

function wrapLine(line: string): string {
  const indent = /^(?:\s*(?:[-*]|\d{1,3}\.)\s+|\s+)/.exec(line)?.[0].length ?? 0
  const lines: string[] = []
  let rest = line
  while (rest.length > wrapAt) {
    // A word that is too long by itself, such as an address, stays whole.
    const before = rest.lastIndexOf(' ', wrapAt)
    const at = before > indent ? before : rest.indexOf(' ', wrapAt)
    if (at === -1) break
    lines.push(rest.slice(0, at).trimEnd())
    rest = ' '.repeat(indent) + rest.slice(at + 1).trimStart()
  }
  return [...lines, rest].join('\n')
}

/** The text as a quotation, one level deeper. */
export function quoteText(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' || line.startsWith('>') ? `>${line}` : `> ${line}`))
    .join('\n')
}
