// The HTML a template, snippet or merged text may hold: what a rich text editor writes, and nothing that could act.
import sanitizeHtml from 'sanitize-html'

const size = /^\d+(?:\.\d+)?(?:px|em|rem|pt|%)$/
const sizes = [/^(?:\d+(?:\.\d+)?(?:px|em|rem|pt|%)?\s*){1,4}$/]
const color = [/^#[0-9a-f]{3,8}$/i, /^rgba?\([\d\s,.%/]+\)$/i, /^[a-z]{3,20}$/i]
const word = [/^[a-z-]{3,20}$/i]

const allowed: sanitizeHtml.IOptions = {
  allowedTags: 'a b blockquote br caption code col colgroup del div em h1 h2 h3 h4 h5 h6 hr i img ins li mark ol p pre s small span strike strong sub sup table tbody td tfoot th thead tr u ul'.split(' '),
  allowedAttributes: {
    '*': ['style', 'dir', 'align'],
    a: ['href', 'title', 'target', 'rel'],
    img: ['src', 'alt', 'title', 'width', 'height'],
    ol: ['start', 'type'],
    td: ['colspan', 'rowspan', 'width', 'valign'],
    th: ['colspan', 'rowspan', 'width', 'valign'],
    table: ['width', 'border', 'cellpadding', 'cellspacing'],
  },
  allowedStyles: {
    '*': {
      color,
      'background-color': color,
      'text-align': word,
      'text-decoration': word,
      'font-weight': [/^(?:bold|normal|[1-9]00)$/],
      'font-style': word,
      'font-size': [size, /^(?:x-|xx-)?(?:small|large)$|^medium$/],
      'font-family': [/^[\w\s,'"-]{1,200}$/],
      'line-height': [/^[\d.]+(?:px|em|%)?$/],
      width: [size],
      height: [size],
      margin: sizes,
      'margin-left': sizes,
      'margin-top': sizes,
      'margin-bottom': sizes,
      padding: sizes,
      'padding-left': sizes,
    },
  },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowedSchemesByTag: { img: ['cid', 'https'] },
  allowProtocolRelative: false,
  nestingLimit: 100,
}

/** Balanced tags; attribute values quoted, with no bare '<', '>' or '"' in them: a tag ends at the first '>'. */
export function safeTemplateHtml(html: string): string {
  return sanitizeHtml(html, allowed)
}
