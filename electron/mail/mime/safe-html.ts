// HTML mail made safe to draw: only known tags, attributes and styles, links that show where they lead, no remote content
// unless allowed. The page is drawn without scripts and under a strict policy besides, so three things would have to fail
// at once for a mail to run anything; here is the one that also counts what it took out.
import sanitizeHtml from 'sanitize-html'
import { decodePercent } from './parse-message.ts'
import { idPrefix, mailClass, safeDeclarations, safeSheet, type StyleContext } from './safe-css.ts'

export type SafeHtmlOptions = {
  /** Where the app serves the part with this Content-ID (without brackets, as written); null when there is none. */
  readonly cidUrl: (contentId: string) => string | null
  readonly images: 'blocked' | 'allowed'
}

export type SafeHtml = {
  /** Body markup, to be put into an element of class `sl-mail`. Balanced tags, attribute values always quoted and escaped. */
  readonly html: string
  /** Style sheet of the mail, confined to `.sl-mail`. */
  readonly css: string
  /** Remote images and backgrounds left out because they were not allowed. */
  readonly blockedRemote: number
  /** Invisible images that only report that the mail was opened; left out always. */
  readonly trackers: number
  readonly links: number
  /** The mail sets colours or backgrounds of its own beyond black on white. */
  readonly styled: boolean
  readonly truncated: boolean
}

const maxLength = 4 * 1024 * 1024
const maxDepth = 250
const maxUrlLength = 8_000
/** Data images up to this many characters; larger ones would be copied around for every redraw. */
const maxDataUrl = 3 * 1024 * 1024

const tags =
  'a abbr acronym address area article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main map mark menu nav ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr'.split(' ')
/** Dropped together with everything inside. */
const dropped =
  'script style title head template noscript textarea option select svg math object embed applet iframe frame frameset noframes noembed audio video canvas xmp plaintext listing xml portal fencedframe'.split(' ')

const plainAttributes = new Set(
  'align alt bgcolor border cellpadding cellspacing char charoff cite class clear color colspan compact coords datetime dir face frame height hspace lang nowrap role rowspan rules scope shape size span start summary title type valign value vspace width'.split(' '),
)
const written = [...plainAttributes, 'id', 'name', 'href', 'src', 'style', 'usemap', 'rel', 'target', 'referrerpolicy', 'decoding', 'data-href', 'data-blocked', 'data-mismatch', 'aria-label', 'aria-hidden']

type Attributes = Readonly<Record<string, string>>

export function safeHtml(source: string, options: SafeHtmlOptions): SafeHtml {
  const truncated = source.length > maxLength
  const html = withoutDepth(truncated ? source.slice(0, maxLength) : source)
  const pass = new Pass(options)
  const css = sheetsOf(html).map((sheet) => safeSheet(sheet, pass.style)).filter((sheet) => sheet !== '').join('\n')
  const safe = sanitizeHtml(html, {
    allowedTags: tags,
    allowedAttributes: { '*': written },
    nonTextTags: dropped,
    // Addresses were judged one by one before this looks at them; anything else left over must be one of these.
    allowedSchemes: pass.schemes,
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    parseStyleAttributes: false,
    nestingLimit: maxDepth,
    transformTags: { '*': (tagName: string, attributes: Attributes) => pass.tag(tagName, attributes) },
  })
  return { html: safe, css, blockedRemote: pass.blocked, trackers: pass.trackers, links: pass.links, styled: pass.styled, truncated }
}

/** Elements that end by themselves where another begins, or have no end: left open they do not nest. */
const selfEnding = new Set('p li dt dd td th tr tbody thead tfoot option br hr img input link meta area base col wbr param source embed track'.split(' '))
/** No mail drawn for people nests deeper; the sanitiser's time grows with the square of this. */
const maxOpen = 3_000

/** Takes out opening tags beyond a depth that only an attack reaches. One pass, before anything costlier looks. */
function withoutDepth(html: string): string {
  const tag = /<(\/?)([a-z][a-z0-9:-]{0,40})/gi
  let open = 0
  let cut: string[] | null = null
  let at = 0
  for (let match = tag.exec(html); match !== null; match = tag.exec(html)) {
    if (match[1] === '/') {
      if (open > 0) open--
      continue
    }
    if (selfEnding.has((match[2] ?? '').toLowerCase())) continue
    if (++open <= maxOpen) continue
    // Without its name the tag is text, which the sanitiser escapes.
    cut ??= []
    cut.push(html.slice(at, match.index))
    at = match.index + match[0].length
    open = maxOpen
  }
  return cut === null ? html : cut.join('') + html.slice(at)
}

class Pass {
  blocked = 0
  trackers = 0
  links = 0
  styled = false
  /** Grows by the scheme of the app's own addresses when the first is used. */
  readonly schemes = ['http', 'https', 'mailto', 'tel', 'data', 'blob']
  readonly style: StyleContext
  readonly #options: SafeHtmlOptions

  constructor(options: SafeHtmlOptions) {
    this.#options = options
    this.style = {
      mapUrl: (url) => this.#imageAddress(url)?.address ?? null,
      onColour: (property, value) => {
        if (!this.styled && !isDefaultColour(property, value)) this.styled = true
      },
    }
  }

  tag(tagName: string, given: Attributes): { tagName: string; attribs: Record<string, string> } {
    if (tagName === 'img' || tagName === 'image') return this.#image(given)
    const attribs = this.#common(given)
    if (tagName === 'a' || tagName === 'area') this.#link(given, attribs, tagName)
    // The page has a body of its own; what the mail's body looks like moves to an element inside.
    return { tagName: tagName === 'body' ? 'div' : tagName, attribs: tagName === 'body' ? { ...attribs, class: `${attribs['class'] ?? ''} ${mailClass}-body`.trim() } : attribs }
  }

  #common(given: Attributes): Record<string, string> {
    const attribs: Record<string, string> = {}
    let style = ''
    for (const [rawName, value] of Object.entries(given)) {
      const name = rawName.toLowerCase()
      if (name === 'style') style += `${safeDeclarations(value, this.style)};`
      else if (name === 'background') style += this.#backgroundAttribute(value)
      else if (name === 'class') {
        const classes = value.split(/\s+/, 50).filter((one) => one !== '' && !one.startsWith('sl-'))
        if (classes.length > 0) attribs['class'] = classes.join(' ').slice(0, 1_000)
      } else if (name === 'id' || name === 'name') {
        const id = value.trim().slice(0, 200)
        if (id !== '') attribs[name] = idPrefix + id.replace(/[\s"'<>]/g, '_')
        if (name === 'name' && id === 'quote') attribs['class'] = `${attribs['class'] ?? ''} gmx_quote`.trim()
      } else if (name === 'usemap') {
        if (/^#[\w-]{1,200}$/.test(value)) attribs['usemap'] = `#${idPrefix}${value.slice(1)}`
      } else if (name === 'aria-label' || name === 'aria-hidden' || plainAttributes.has(name)) {
        attribs[name] = value.slice(0, 2_000)
        if (name === 'bgcolor') this.style.onColour('background', value.trim().toLowerCase())
        if (name === 'color') this.style.onColour('color', value.trim().toLowerCase())
      }
    }
    const trimmed = style.replace(/;+$/, '').replace(/^;+/, '').replace(/;{2,}/g, ';')
    if (trimmed !== '') attribs['style'] = trimmed
    return attribs
  }

  #backgroundAttribute(value: string): string {
    const found = this.#imageAddress(value)
    if (found?.address == null) return ''
    this.styled = true
    return `background-image:url("${found.address.replace(/["\\\n<>]/g, encodeURIComponent)}");`
  }

  #link(given: Attributes, attribs: Record<string, string>, tagName: string): void {
    const target = linkTarget(given['href'] ?? '')
    if (target === null) return
    attribs['href'] = target
    if (target.startsWith('#')) return
    this.links++
    attribs['data-href'] = target
    attribs['rel'] = 'noopener noreferrer nofollow'
    attribs['target'] = '_blank'
    if (attribs['title'] === undefined && tagName === 'a') attribs['title'] = target.slice(0, 500)
  }

  #image(given: Attributes): { tagName: string; attribs: Record<string, string> } {
    const attribs = this.#common(given)
    const source = given['src'] ?? firstOfSet(given['srcset'] ?? '')
    const found = this.#imageAddress(source, isInvisible(given))
    if (found === null) {
      // Nothing that could be drawn: its alternative text is all there is.
      if ((attribs['alt'] ?? '') === '') return { tagName: 'sl-none', attribs: {} }
      return { tagName: 'span', attribs: { class: 'sl-alt', title: attribs['alt'] ?? '', 'aria-label': attribs['alt'] ?? '' } }
    }
    if (found.kind === 'tracker') return { tagName: 'sl-none', attribs: {} }
    attribs['alt'] ??= ''
    attribs['decoding'] = 'async'
    attribs['referrerpolicy'] = 'no-referrer'
    if (found.address === null) {
      attribs['src'] = blankImage
      attribs['data-blocked'] = source.slice(0, 2_000)
      attribs['class'] = `${attribs['class'] ?? ''} sl-blocked`.trim()
    } else attribs['src'] = found.address
    return { tagName: 'img', attribs }
  }

  /** Judges an image address. `address: null`: remote and not allowed, already counted. Null: nothing usable. */
  #imageAddress(raw: string, invisible = false): { readonly kind: 'image' | 'tracker'; readonly address: string | null } | null {
    const url = squeezed(raw)
    if (url === '') return null
    if (/^cid:/i.test(url)) {
      const own = this.#options.cidUrl(decodePercent(url.slice(4)))
      if (own === null) return null
      const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(own)?.[1]?.toLowerCase()
      if (scheme !== undefined && !this.schemes.includes(scheme)) this.schemes.push(scheme)
      return { kind: 'image', address: own }
    }
    if (/^data:/i.test(url)) {
      return url.length <= maxDataUrl && /^data:image\/(?:png|jpe?g|gif|webp|bmp|avif|x-icon|vnd\.microsoft\.icon)(?:;[a-z0-9=.+-]+)*,[a-z0-9+/=%._~!*'()-]*$/i.test(url) ? { kind: 'image', address: url } : null
    }
    const remote = /^\/\/|^\\\\/.test(url) ? `https:${url.replace(/\\/g, '/')}` : url
    if (!/^https?:/i.test(remote) || remote.length > maxUrlLength) return null
    const parsed = URL.canParse(remote) ? new URL(remote) : null
    if (parsed === null || parsed.hostname === '') return null
    if (invisible) {
      this.trackers++
      return { kind: 'tracker', address: null }
    }
    if (this.#options.images === 'allowed') return { kind: 'image', address: parsed.href }
    this.blocked++
    return { kind: 'image', address: null }
  }
}

export const blankImage = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

/** An address without the blanks and control characters browsers ignore inside one. */
function squeezed(raw: string): string {
   
  return raw.slice(0, maxDataUrl + 100).replace(/^[\u0000-\u0020]+|[\u0000-\u0020]+$/g, '').replace(/[\t\n\r\u0000]/g, '')
}

function linkTarget(raw: string): string | null {
  const url = squeezed(raw.slice(0, maxUrlLength))
  if (url.startsWith('#')) return `#${idPrefix}${url.slice(1, 200)}`
  if (/^(?:mailto|tel):/i.test(url)) return URL.canParse(url) ? new URL(url).href : null
  const web = /^\/\//.test(url) ? `https:${url}` : /^www\./i.test(url) ? `http://${url}` : url
  if (!/^https?:/i.test(web) || !URL.canParse(web)) return null
  const parsed = new URL(web)
  return parsed.hostname === '' ? null : parsed.href
}

function firstOfSet(srcset: string): string {
  return srcset.trim().slice(0, maxUrlLength).split(/[\s,]/, 1)[0] ?? ''
}

/** One or two pixels, or hidden outright: drawn for the server, not for the reader. */
function isInvisible(attribs: Attributes): boolean {
  const style = (attribs['style'] ?? '').slice(0, 2_000).toLowerCase()
  const tiny = (attribute: string): boolean => {
    const value = attribs[attribute]?.trim() ?? new RegExp(`(?:^|[;\\s])${attribute}\\s*:\\s*([\\d.]+)(?:px)?\\s*(?:;|!|$)`).exec(style)?.[1]
    return value !== undefined && value !== '' && Number.parseFloat(value) <= 2 && !value.endsWith('%') && !value.endsWith('em')
  }
  return (tiny('width') && tiny('height')) || /display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0\s*(?:;|$)/.test(style) || attribs['hidden'] !== undefined
}

/** Contents of the style elements, outside comments. */
function sheetsOf(html: string): readonly string[] {
  const sheets: string[] = []
  let total = 0
  const opening = /<!--|<style(?:\s[^>]{0,500})?>/gi
  for (let match = opening.exec(html); match !== null && sheets.length < 50; match = opening.exec(html)) {
    if (match[0] === '<!--') {
      const end = html.indexOf('-->', match.index + 2)
      if (end === -1) break
      opening.lastIndex = end + 3
      continue
    }
    const start = match.index + match[0].length
    const closing = /<\/style/gi
    closing.lastIndex = start
    const end = closing.exec(html)?.index ?? html.length
    total += end - start
    if (total > 1024 * 1024) break
    if (!/media\s*=\s*["']?print/i.test(match[0])) sheets.push(html.slice(start, end))
    opening.lastIndex = end
  }
  return sheets
}

const neutral = new Set(['', 'inherit', 'initial', 'unset', 'revert', 'currentcolor', 'auto', 'none', 'transparent'])
const blacks = new Set(['black', 'windowtext', 'canvastext', 'buttontext'])
const whites = new Set(['white', 'window', 'canvas'])

/** Black-ish text or a white-ish or missing background: what a mail that sets no colours looks like anyway. */
function isDefaultColour(property: 'color' | 'background', value: string): boolean {
  if (neutral.has(value)) return true
  const first = value.split(/\s+(?![^(]*\))/)[0] ?? ''
  if (property === 'background' && value.split(/\s+(?![^(]*\))/).every((word) => neutral.has(word) || whites.has(word) || /^(no-repeat|repeat|scroll|0|0%|top|left|center)$/.test(word))) return true
  if (property === 'color' ? blacks.has(value) : whites.has(value)) return true
  const rgb = readRgb(property === 'background' ? first : value)
  if (rgb === null) return false
  if (rgb.alpha === 0) return true
  const [red, green, blue] = rgb.channels
  const spread = Math.max(red, green, blue) - Math.min(red, green, blue)
  return property === 'color' ? Math.max(red, green, blue) <= 0x55 && spread <= 24 : Math.min(red, green, blue) >= 0xf8
}

function readRgb(value: string): { readonly channels: readonly [number, number, number]; readonly alpha: number } | null {
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/.exec(value)?.[1]
  if (hex !== undefined) {
    const full = hex.length === 3 ? hex.replace(/./g, '$&$&') : hex
    return { channels: [Number.parseInt(full.slice(0, 2), 16), Number.parseInt(full.slice(2, 4), 16), Number.parseInt(full.slice(4, 6), 16)], alpha: 1 }
  }
  const call = /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)$/.exec(value)
  if (call === null) return null
  return { channels: [Number(call[1]), Number(call[2]), Number(call[3])], alpha: call[4] === undefined ? 1 : Number.parseFloat(call[4]) }
}
