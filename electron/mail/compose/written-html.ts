// What a person wrote, made fit to travel. Mail programs disagree about margins, so every paragraph carries its own; what
// was pasted from elsewhere brings along nothing that runs, loads or reports. Output is balanced markup without a page
// around it.
import sanitizeHtml from 'sanitize-html'

type Attributes = Readonly<Record<string, string>>

const tags =
  'a abbr b blockquote br caption center cite code col colgroup dd del div dl dt em figcaption figure font h1 h2 h3 h4 h5 h6 hr i img ins li mark ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr u ul'.split(' ')

const length = /^-?[\d.]{1,8}(?:px|pt|em|rem|ex|%)?$/
const lengths = /^(?:-?[\d.]{1,8}(?:px|pt|em|rem|ex|%)?|auto)(?:\s+(?:-?[\d.]{1,8}(?:px|pt|em|rem|ex|%)?|auto)){0,3}$/
const colour = /^(?:#[0-9a-f]{3,8}|[a-z]{3,30}|rgba?\([\d\s.,%/]{3,60}\))$/i
const line = /^[\w\s#.,()%-]{1,80}$/

/** Declarations that can only change how words look. */
const styles = {
  'text-align': [/^(?:left|right|center|justify|start|end)$/],
  'text-decoration': [/^[a-z\s-]{1,60}$/],
  'font-weight': [/^(?:bold|normal|bolder|lighter|\d{3})$/],
  'font-style': [/^(?:italic|normal|oblique)$/],
  'font-size': [/^(?:[\d.]{1,6}(?:px|pt|em|rem|%)|x?x-small|small|medium|large|x?x-large|smaller|larger)$/],
  'font-family': [/^[\p{L}\p{N}\s,'"-]{1,300}$/u],
  'line-height': [/^(?:[\d.]{1,6}(?:px|pt|em|%)?|normal)$/],
  'vertical-align': [/^[a-z-]{1,20}$/],
  'white-space': [/^[a-z-]{1,20}$/],
  direction: [/^(?:ltr|rtl)$/],
  color: [colour],
  'background-color': [colour],
  background: [colour],
  width: [length],
  height: [length],
  'max-width': [length],
  margin: [lengths],
  'margin-top': [lengths],
  'margin-right': [lengths],
  'margin-bottom': [lengths],
  'margin-left': [lengths],
  padding: [lengths],
  'padding-top': [lengths],
  'padding-right': [lengths],
  'padding-bottom': [lengths],
  'padding-left': [lengths],
  border: [line],
  'border-top': [line],
  'border-right': [line],
  'border-bottom': [line],
  'border-left': [line],
  'border-collapse': [/^(?:collapse|separate)$/],
  'list-style-type': [/^[a-z-]{1,30}$/],
}

const attributes = ['align', 'alt', 'bgcolor', 'border', 'cellpadding', 'cellspacing', 'cite', 'color', 'colspan', 'dir', 'face', 'height', 'href', 'lang', 'rowspan', 'size', 'src', 'start', 'style', 'title', 'type', 'valign', 'width', 'class', 'data-signature']

/** Looks an element has in the editor and would lose, or have otherwise, elsewhere. */
const looks: Readonly<Record<string, string>> = {
  p: 'margin:0',
  ul: 'margin:0;padding-left:1.6em',
  ol: 'margin:0;padding-left:1.6em',
  h1: 'margin:0.4em 0 0.2em;font-size:1.5em',
  h2: 'margin:0.4em 0 0.2em;font-size:1.25em',
  h3: 'margin:0.4em 0 0.2em;font-size:1.1em',
  blockquote: quoteLooks(),
  pre: 'margin:0;white-space:pre-wrap;font-family:Consolas,Menlo,monospace',
  code: 'font-family:Consolas,Menlo,monospace',
  td: 'vertical-align:top',
}

export function quoteLooks(): string {
  return 'margin:0 0 0 0.8ex;border-left:1px solid #cccccc;padding-left:1ex'
}

export type WrittenOptions = {
  /** Keep which part is the signature, and by which it was made: for copies that are opened again, not for sending. */
  readonly keepSignature: boolean
}

export function writtenHtml(html: string, options: WrittenOptions): string {
  const clean = sanitizeHtml(html, {
    allowedTags: tags,
    allowedAttributes: { '*': attributes },
    allowedStyles: { '*': styles },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid', 'https', 'data'] },
    allowProtocolRelative: false,
    nestingLimit: 100,
    transformTags: {
      '*': (tagName: string, given: Attributes) => ({ tagName, attribs: dressed(tagName, given, options) }),
    },
    exclusiveFilter: (frame) => frame.tag === 'img' && (frame.attribs['src'] ?? '') === '',
  })
  // An empty paragraph is a blank line; without anything in it most programs draw none.
  return clean.replace(/<(p|h[1-6])((?:\s[^<>]*)?)>\s*<\/\1>/g, '<$1$2><br></$1>')
}

function dressed(tagName: string, given: Attributes, options: WrittenOptions): Record<string, string> {
  const attribs: Record<string, string> = { ...given }
  // Names of styles mean nothing outside; those that mail programs look for at quotes and signatures stay.
  const classes = (given['class'] ?? '').split(/\s+/).filter((one) => /^gmail_(?:quote|attr|signature)/.test(one))
  delete attribs['class']
  if (classes.length > 0) attribs['class'] = classes.join(' ')
  if (tagName !== 'div') delete attribs['data-signature']
  if ('data-signature' in attribs) {
    attribs['class'] = 'gmail_signature'
    if (!options.keepSignature) delete attribs['data-signature']
  }
  if (tagName === 'img' && /^data:/i.test(given['src'] ?? '') && !/^data:image\/(?:png|jpeg|gif|webp);base64,[a-z0-9+/=\s]+$/i.test(given['src'] ?? '')) delete attribs['src']
  const own = looks[tagName]
  if (own !== undefined) attribs['style'] = given['style'] === undefined || given['style'] === '' ? own : `${own};${given['style']}`
  if (tagName === 'blockquote') attribs['type'] = 'cite'
  return attribs
}

const simpleTags = 'p br b strong i em u s a ul ol li blockquote img h1 h2 h3 pre code'.split(' ')

/** The same words with no more markup than an editor knows: tables and boxes become lines. */
export function simpleHtml(html: string): string {
  const lines = sanitizeHtml(html, {
    allowedTags: simpleTags,
    allowedAttributes: { a: ['href'], img: ['src', 'alt', 'width', 'height'] },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['cid'] },
    allowProtocolRelative: false,
    nestingLimit: 60,
    transformTags: { div: 'p', tr: 'p', section: 'p', article: 'p', dt: 'p', dd: 'p', h4: 'h3', h5: 'h3', h6: 'h3', address: 'p', center: 'p', caption: 'p' },
    exclusiveFilter: (frame) => (frame.tag === 'img' ? (frame.attribs['src'] ?? '') === '' : ['a', 'li'].includes(frame.tag) && frame.text.trim() === '' && !frame.mediaChildren.includes('img')),
  })
  return joinParagraphs(lines)
}

/** Boxes within boxes became paragraphs within paragraphs, which no document has: each line is one of its own. */
function joinParagraphs(html: string): string {
  let out = ''
  let open = false
  let filled = false
  let blank = true
  for (const piece of html.split(/(<\/?p>|<\/?(?:ul|ol|li|blockquote|h[1-3]|pre)>)/)) {
    if (piece === '') continue
    if (piece === '<p>' || piece === '</p>') {
      if (open && filled) {
        out += '</p>'
        open = false
      }
      filled = false
    } else if (/^<\/?(?:ul|ol|li|blockquote|h[1-3]|pre)>$/.test(piece)) {
      if (open) out += '</p>'
      open = false
      filled = false
      out += piece
    } else {
      const text = piece.replace(/^\s+$/, '')
      if (text === '') continue
      const inside = /<(?:li|h[1-3]|pre)>$/.test(out)
      // Rows of nothing are a layout's, not the writer's: one blank line says as much.
      const isBlank = /^(?:\s|&nbsp;|<br\s*\/?>)*$/.test(text)
      if (isBlank && blank && !inside) continue
      blank = isBlank
      if (!open && !inside) {
        out += '<p>'
        open = true
      }
      out += text
      filled = true
    }
  }
  return open ? `${out}</p>` : out
}
