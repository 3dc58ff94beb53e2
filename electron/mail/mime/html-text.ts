// HTML mail as plain text, for snippets, search and the plain view. One forward pass that touches each character a fixed
// number of times, whatever the markup: no tree, no recursion, nothing to nest too deep. About twenty times the speed of
// building a document first, which matters because a sync does this for every message without a text part.

const maxHtmlLength = 4 * 1024 * 1024
const maxTextLength = 1024 * 1024

/** Elements whose content is never text of the message. */
const silent = new Set(['script', 'style', 'title', 'template', 'svg', 'math', 'object', 'iframe', 'noembed', 'noframes', 'xml', 'select', 'textarea', 'canvas', 'audio', 'video'])
const paragraphs = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'dl', 'pre', 'blockquote'])
const lines = new Set(['div', 'tr', 'table', 'li', 'dt', 'dd', 'section', 'article', 'header', 'footer', 'main', 'nav', 'aside', 'address', 'center', 'form', 'fieldset', 'figure', 'figcaption', 'hr', 'caption', 'body', 'details', 'summary'])

export function htmlToText(source: string): string {
  const html = source.length > maxHtmlLength ? source.slice(0, maxHtmlLength) : source
  const out = new TextLines()
  const length = html.length
  let at = 0
  while (at < length && out.length < maxTextLength) {
    const open = html.indexOf('<', at)
    if (open === -1) {
      out.text(html.slice(at))
      break
    }
    if (open > at) out.text(html.slice(at, open))
    const next = html.charCodeAt(open + 1)
    if (next === 0x21 || next === 0x3f) {
      at = skipDeclaration(html, open)
      continue
    }
    const closing = next === 0x2f
    const nameStart = open + (closing ? 2 : 1)
    if (!isLetter(html.charCodeAt(nameStart))) {
      // "a < b" is text; "</>" and the like is nothing.
      if (!closing) out.text('<')
      at = closing ? skipTag(html, nameStart) : open + 1
      continue
    }
    let nameEnd = nameStart
    while (nameEnd < length && isNameChar(html.charCodeAt(nameEnd))) nameEnd++
    const name = html.slice(nameStart, nameEnd).toLowerCase()
    const tagEnd = skipTag(html, nameEnd)
    at = tagEnd
    if (!closing && silent.has(name) && html.charCodeAt(tagEnd - 2) !== 0x2f) {
      at = skipElement(html, name, tagEnd)
      continue
    }
    mark(out, name, closing)
  }
  return out.end()
}

function mark(out: TextLines, name: string, closing: boolean): void {
  if (name === 'br') out.newline()
  else if (name === 'td' || name === 'th') out.gap()
  else if (paragraphs.has(name)) {
    out.breakLine(2)
    if (name === 'blockquote') out.quote(closing ? -1 : 1)
    else if (name === 'pre') out.preformatted = !closing
  } else if (lines.has(name)) {
    out.breakLine(1)
    if (name === 'li' && !closing) out.text('- ')
  }
}

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
}

function isNameChar(code: number): boolean {
  return isLetter(code) || (code >= 0x30 && code <= 0x39) || code === 0x3a || code === 0x2d
}

function skipDeclaration(html: string, open: number): number {
  if (html.startsWith('<!--', open)) {
    // "<!-->" and "<!--->" are whole comments.
    if (html.startsWith('>', open + 4)) return open + 5
    if (html.startsWith('->', open + 4)) return open + 6
    const end = html.indexOf('-->', open + 4)
    return end === -1 ? html.length : end + 3
  }
  const end = html.indexOf('>', open)
  return end === -1 ? html.length : end + 1
}

/** Index after the tag's closing bracket; brackets inside quoted attribute values do not count. */
function skipTag(html: string, from: number): number {
  let at = from
  while (at < html.length) {
    const code = html.charCodeAt(at)
    if (code === 0x3e) return at + 1
    if ((code === 0x22 || code === 0x27) && html.charCodeAt(at - 1) === 0x3d) {
      const end = html.indexOf(code === 0x22 ? '"' : "'", at + 1)
      if (end === -1) return html.length
      at = end
    }
    at++
  }
  return html.length
}

function skipElement(html: string, name: string, from: number): number {
  const end = new RegExp(`</${name}[\\s/>]`, 'gi')
  end.lastIndex = from
  const found = end.exec(html)
  return found === null ? html.length : skipTag(html, found.index + 2 + name.length)
}

/** Anything that collapsing or dropping would change. Most pieces of text have none of it. */
const oddSpace = /[\t\n\v\f\r\u00a0\u00ad\u034f\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]| {2}/

class TextLines {
  preformatted = false
  length = 0
  private readonly pieces: string[] = []
  private depth = 0
  private lastDepth = 0
  private pendingBreaks = 0
  private pendingSpace = false
  private empty = true

  text(raw: string): void {
    const entire = decodeEntities(raw)
    const odd = oddSpace.test(entire)
    const decoded = odd ? entire.replace(/[\u00ad\u034f\u200b\u2060\ufeff]/g, '') : entire
    if (this.preformatted) {
      const rows = decoded.split('\n')
      rows.forEach((row, i) => {
        if (i > 0) this.newline()
        this.put(row)
      })
      return
    }
    const collapsed = odd ? decoded.replace(/[\s\u00a0]+/g, ' ') : decoded
    const body = collapsed.trim()
    if (body === '') {
      if (collapsed !== '') this.pendingSpace = true
      return
    }
    if (collapsed.startsWith(' ')) this.pendingSpace = true
    this.put(body)
    this.pendingSpace = collapsed.endsWith(' ')
  }

  newline(): void {
    this.pendingBreaks = Math.min(2, this.pendingBreaks + 1)
    this.pendingSpace = false
  }

  breakLine(breaks: number): void {
    this.pendingBreaks = Math.max(this.pendingBreaks, breaks)
    this.pendingSpace = false
  }

  gap(): void {
    this.pendingSpace = true
  }

  quote(by: number): void {
    this.depth = Math.min(20, Math.max(0, this.depth + by))
  }

  end(): string {
    return this.pieces.join('')
  }

  private put(text: string): void {
    if (text === '') return
    const prefix = this.depth > 0 ? `${'>'.repeat(this.depth)} ` : ''
    const between = '>'.repeat(Math.min(this.depth, this.lastDepth))
    this.lastDepth = this.depth
    if (this.empty) this.add(prefix)
    else if (this.pendingBreaks > 0) {
      for (let i = 1; i < this.pendingBreaks; i++) this.add(`\n${between}`)
      this.add(`\n${prefix}`)
    } else if (this.pendingSpace) this.add(' ')
    this.empty = false
    this.pendingBreaks = 0
    this.pendingSpace = false
    this.add(text)
  }

  private add(piece: string): void {
    this.pieces.push(piece)
    this.length += piece.length
  }
}

const entities = new Map<string, string>()
'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml'
  .split(' ')
  .forEach((name, i) => entities.set(name, String.fromCharCode(160 + i)))
for (const [name, code] of Object.entries({
  amp: 38, AMP: 38, lt: 60, LT: 60, gt: 62, GT: 62, quot: 34, QUOT: 34, apos: 39, OElig: 338, oelig: 339, Scaron: 352, scaron: 353, Yuml: 376, fnof: 402, circ: 710, tilde: 732, ensp: 8194, emsp: 8195,
  thinsp: 8201, zwnj: 8204, zwj: 8205, lrm: 8206, rlm: 8207, ndash: 8211, mdash: 8212, lsquo: 8216, rsquo: 8217, sbquo: 8218, ldquo: 8220, rdquo: 8221, bdquo: 8222, dagger: 8224, Dagger: 8225, bull: 8226,
  hellip: 8230, permil: 8240, prime: 8242, Prime: 8243, lsaquo: 8249, rsaquo: 8250, euro: 8364, trade: 8482, larr: 8592, uarr: 8593, rarr: 8594, darr: 8595, harr: 8596, rArr: 8658, minus: 8722, infin: 8734, asymp: 8776, ne: 8800, le: 8804, ge: 8805, loz: 9674, check: 10003, star: 9734, starf: 9733,
  alpha: 945, beta: 946, gamma: 947, delta: 948, Delta: 916, epsilon: 949, lambda: 955, mu: 956, pi: 960, sigma: 963, Sigma: 931, omega: 969, Omega: 937, colon: 58, comma: 44, period: 46, excl: 33, quest: 63, num: 35, dollar: 36, percnt: 37, lpar: 40, rpar: 41, ast: 42, plus: 43, sol: 47, equals: 61, commat: 64, lbrack: 91, rbrack: 93, lowbar: 95, grave: 96, lbrace: 123, rbrace: 125, vert: 124, hyphen: 8208, Tab: 9, NewLine: 10,
})) entities.set(name, String.fromCharCode(code))

/** Windows-1252 characters that pages name by their byte. */
const latinControls = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z][a-z0-9]{1,20}));?/gi, (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
    if (name !== undefined) return entities.get(name) ?? entities.get(name.toLowerCase()) ?? whole
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    if (code >= 0x80 && code <= 0x9f) return latinControls.charAt(code - 0x80)
    if (code < 0x20 && code !== 9 && code !== 10) return ' '
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || code === 0x7f) return '\ufffd'
    return String.fromCodePoint(code)
  })
}
