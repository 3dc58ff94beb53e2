// Second look at markup that safeHtml made: folds the quoted history away into <details>, which needs no script, and marks
// links whose words name another host than the one they lead to. Works on tag positions only, since safeHtml's output is
// balanced and its attribute values hold no angle brackets; it inserts and never rewrites.

export type FoldOptions = {
  /** Words on the fold. */
  readonly label: string
  /** False for forwarded mail, whose quoted part is what it is about. */
  readonly fold: boolean
}

type Element = {
  readonly tag: string
  readonly attributes: string
  /** Offset of the opening tag's bracket. */
  readonly start: number
  readonly contentStart: number
  /** Offset after the closing tag; of a void element, after its tag. */
  end: number
  contentEnd: number
  readonly parent: Element | null
}

const voids = new Set(['area', 'br', 'col', 'hr', 'img', 'wbr'])
const maxElements = 200_000

export function foldQuoted(html: string, options: FoldOptions): string {
  const elements = readElements(html)
  const inserts: { readonly at: number; readonly text: string }[] = []
  for (const element of elements) {
    if (element.tag !== 'a' || !element.attributes.includes('data-href="')) continue
    const shown = mismatchedHost(html, element)
    if (shown !== null) inserts.push({ at: element.start + 2, text: ` data-mismatch="${shown}"` })
  }
  const region = options.fold ? quotedRegion(html, elements) : null
  if (region !== null) {
    inserts.push({ at: region.start, text: `<details class="sl-quoted" data-quoted><summary class="sl-fold" title="${escaped(options.label)}" aria-label="${escaped(options.label)}"><span>•••</span></summary>` })
    inserts.push({ at: region.end, text: '</details>' })
  }
  if (inserts.length === 0) return html
  inserts.sort((a, b) => a.at - b.at)
  let out = ''
  let at = 0
  for (const insert of inserts) {
    out += html.slice(at, insert.at) + insert.text
    at = insert.at
  }
  return out + html.slice(at)
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;').replace(/>/g, '&gt;')
}

function readElements(html: string): readonly Element[] {
  const elements: Element[] = []
  const open: Element[] = []
  const tag = /<(\/?)([a-z][a-z0-9-]*)((?:\s[^<>]*)?)>/g
  for (let match = tag.exec(html); match !== null && elements.length < maxElements; match = tag.exec(html)) {
    const [whole, slash, name = '', attributes = ''] = match
    if (slash === '/') {
      for (let i = open.length - 1; i >= 0; i--) {
        const element = open[i]
        if (element?.tag !== name) continue
        element.contentEnd = match.index
        element.end = match.index + whole.length
        open.length = i
        break
      }
      continue
    }
    const end = match.index + whole.length
    const element: Element = { tag: name, attributes, start: match.index, contentStart: end, end, contentEnd: end, parent: open.at(-1) ?? null }
    elements.push(element)
    if (!voids.has(name)) open.push(element)
  }
  for (const element of open) element.end = element.contentEnd = html.length
  return elements
}

const containers = new Set(['div', 'td', 'th', 'section', 'article', 'main', 'blockquote', 'center', 'li', 'span', 'font'])
const carriers = /\sclass="[^"]*\b(?:gmail_quote|gmail_quote_container|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|gmx_quote|moz-cite-prefix|ms-outlook-mobile-reference-message)\b|\sid="m-(?:OLK_SRC_BODY_SECTION|isForwardContent|mail-editor-reference-message-container|yahoo_quoted_\d+)"/
/** Markers after which everything is history. */
const fromHereOn = /\sid="m-(?:divRplyFwdMsg|appendonsend|x_divRplyFwdMsg)"/
const outlookRule = /\sstyle="[^"]*border-top:\s*solid\s+(?:#e1e1e1|#b5c4df|#b5c4de|windowtext)\s+1\.0pt|\sstyle="[^"]*border-(?:width:\s*1pt\s+(?:medium|none)[^"]*border-style:\s*solid\s+none|top:\s*1pt\s+solid\s+(?:rgb\(225|rgb\(181|#e1e1e1|#b5c4df))/i
const headerBlock = /^(?:from|von|fra|från|de|da|van)\s*:/i
const forwarded = /^[\s-]*(?:forwarded message|begin forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten|videresendt (?:melding|e-post)|start på videresendt|message transféré)/i

function quotedRegion(html: string, elements: readonly Element[]): { readonly start: number; readonly end: number } | null {
  for (const element of elements) {
    const region = regionAt(html, element)
    if (region === null) continue
    // Something must have been said before it, and nothing after it: answers between quotes stay as they are.
    if (!hasWords(html, 0, region.start) || hasWords(html, region.end, html.length)) continue
    if (forwarded.test(words(html, region.start, Math.min(region.end, region.start + 1_500)))) return null
    return region
  }
  return null
}

function regionAt(html: string, element: Element): { readonly start: number; readonly end: number } | null {
  const cites = element.tag === 'blockquote' && /\stype="cite"|\scite="/.test(element.attributes)
  if (cites || carriers.test(element.attributes)) {
    if (element.parent !== null && !containers.has(element.parent.tag)) return null
    // An attribution line of its own belongs to the quote that follows it.
    if (/moz-cite-prefix/.test(element.attributes)) {
      const next = /^\s*<blockquote\b/.test(html.slice(element.end, element.end + 200))
      return next ? restOf(element) : null
    }
    return { start: element.start, end: element.end }
  }
  if (fromHereOn.test(element.attributes)) return restOf(outermost(html, element))
  if (element.tag === 'div' && outlookRule.test(element.attributes) && headerBlock.test(words(html, element.contentStart, Math.min(element.contentEnd, element.contentStart + 2_000)))) {
    return restOf(outermost(html, element))
  }
  return null
}

/** The largest element that begins with this one: nothing is said in it before. */
function outermost(html: string, element: Element): Element {
  let found = element
  while (found.parent !== null && containers.has(found.parent.tag) && !hasWords(html, found.parent.contentStart, found.start) && hasWords(html, 0, found.parent.start)) found = found.parent
  return found
}

/** From an element to the end of what holds it. */
function restOf(element: Element): { readonly start: number; readonly end: number } | null {
  const { parent } = element
  if (parent === null) return { start: element.start, end: Number.MAX_SAFE_INTEGER }
  return containers.has(parent.tag) ? { start: element.start, end: parent.contentEnd } : null
}

const mostLooked = 200_000

function words(html: string, from: number, to: number): string {
  return html.slice(from, Math.min(to, from + mostLooked)).replace(/<[^<>]*>/g, ' ').replace(/&nbsp;/g, ' ').replace(/\s+/g, ' ').trim()
}

function hasWords(html: string, from: number, to: number): boolean {
  if (from >= to) return false
  const text = html.slice(from, Math.min(to, from + mostLooked))
  return /<img\s(?![^<>]*sl-blocked)/.test(text) || /[\p{L}\p{N}]/u.test(text.replace(/<[^<>]*>|&[a-z#0-9]{2,8};/g, ' '))
}

/** The host a link's words claim, when it is not the one the link leads to. */
function mismatchedHost(html: string, link: Element): string | null {
  if (link.contentEnd - link.contentStart > 4_000) return null
  const shown = words(html, link.contentStart, link.contentEnd).replace(/&amp;/g, '&')
  const claimed = /^[<([]?\s*(?:(?:https?:)?\/\/)?(?:www\.)?((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+\p{L}{2,24})(?::\d{1,5})?(?:[/?#]\S{0,2000})?\s*[>)\]]?$/iu.exec(shown)
  if (claimed?.[1] === undefined) return null
  const spelled = /^[<([]?\s*(?:https?:)?\/\/|^[<([]?\s*www\./i.test(shown)
  // 'cv.pdf' is a file and 'z.B.' is prose; without a scheme only well-known endings claim a host.
  if (!spelled && !/\.(?:com|net|org|edu|gov|io|co|eu|de|at|ch|no|se|dk|fi|uk|fr|nl|be|it|es|pl|info|biz|app|dev|ai)$/i.test(claimed[1])) return null
  const target = /\sdata-href="([^"]*)"/.exec(link.attributes)?.[1]?.replace(/&amp;/g, '&') ?? ''
  const real = URL.canParse(target) ? new URL(target).hostname : ''
  const named = URL.canParse(`http://${claimed[1]}`) ? new URL(`http://${claimed[1]}`).hostname : claimed[1].toLowerCase()
  if (real === '') return null
  const bare = (host: string): string => host.replace(/^www\./, '')
  return bare(real) === bare(named) || bare(real).endsWith(`.${bare(named)}`) ? null : named
}
