// Style sheets and style attributes of mail, reduced to what can only change looks. It keeps a list of known properties;
// what it does not know, cannot read or finds escaped, it drops. Nothing that loads, moves out of place, covers the window
// or runs survives: no @import, fonts, url() but those the caller maps, position:fixed, expression(), bindings.
// The policy header of the page is the wall behind this; here requests are also counted.

export type StyleContext = {
  /** The address to use instead of one that the style loads, or null to leave it out. */
  readonly mapUrl: (url: string) => string | null
  /** Told of every colour of text or background, lower case. */
  readonly onColour: (property: 'color' | 'background', value: string) => void
}

const maxAttributeLength = 8 * 1024
const maxSheetLength = 512 * 1024
const maxRules = 8_000

const known = new Set(
  ('color background background-color background-image background-repeat background-position background-size background-clip background-origin ' +
    'border border-top border-right border-bottom border-left border-color border-style border-width border-top-color border-top-style border-top-width border-right-color border-right-style border-right-width ' +
    'border-bottom-color border-bottom-style border-bottom-width border-left-color border-left-style border-left-width border-radius border-top-left-radius border-top-right-radius border-bottom-left-radius border-bottom-right-radius ' +
    'border-collapse border-spacing margin margin-top margin-right margin-bottom margin-left margin-block margin-inline padding padding-top padding-right padding-bottom padding-left padding-block padding-inline ' +
    'font font-family font-size font-style font-weight font-variant font-stretch line-height letter-spacing word-spacing text-align text-align-last text-decoration text-decoration-color text-decoration-line text-decoration-style text-indent ' +
    'text-overflow text-transform text-shadow text-wrap white-space word-break word-wrap overflow-wrap hyphens vertical-align direction unicode-bidi writing-mode tab-size quotes content ' +
    'width height min-width min-height max-width max-height box-sizing aspect-ratio object-fit object-position display float clear visibility opacity overflow overflow-x overflow-y position ' +
    'list-style list-style-type list-style-position table-layout caption-side empty-cells box-shadow outline outline-color outline-style outline-width ' +
    'flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap order align-content align-items align-self justify-content justify-items justify-self gap row-gap column-gap ' +
    'grid grid-area grid-template grid-template-areas grid-template-columns grid-template-rows grid-column grid-row grid-gap columns column-count column-width column-rule ' +
    'page-break-after page-break-before page-break-inside break-after break-before break-inside -webkit-text-size-adjust -ms-text-size-adjust text-size-adjust -webkit-font-smoothing')
    .split(' '),
)

/** Declarations of a style attribute, or of the inside of a rule. */
export function safeDeclarations(source: string, context: StyleContext): string {
  const kept: string[] = []
  for (const declaration of splitOutside(withoutComments(source.slice(0, maxAttributeLength)), ';')) {
    const colon = declaration.indexOf(':')
    if (colon <= 0) continue
    const property = declaration.slice(0, colon).trim().toLowerCase()
    if (!known.has(property)) continue
    const value = safeValue(property, declaration.slice(colon + 1).trim(), context)
    if (value !== null) kept.push(`${property}:${value}`)
  }
  return kept.join(';')
}

const loading = /(?:^|[\s,(/])(?:image-set|-webkit-image-set|image|src|element|paint|cross-fade|-webkit-cross-fade|-moz-element|expression|attr|env)\s*\(/i

function safeValue(property: string, raw: string, context: StyleContext): string | null {
  // An escape can spell anything; the honest uses of one are not worth reading them.
  if (raw === '' || raw.length > 2_000 || /[\\<>{}@]|javascript:|vbscript:|&#/i.test(raw)) return null
  let value = raw
  if (/url/i.test(value)) {
    if (property === 'content' || property.startsWith('list-style')) return null
    value = value.replace(/url\(\s*(?:"([^"]*)"|'([^']*)'|([^()"']*))\s*\)/gi, (_, double: string | undefined, single: string | undefined, bare: string | undefined) => {
      const mapped = context.mapUrl((double ?? single ?? bare ?? '').trim())
      return mapped === null ? 'none' : `url("${mapped.replace(/["\\\n<>]/g, encodeURIComponent)}")`
    })
    if (/url\s*\((?!")/i.test(value)) return null
  }
  if (loading.test(value)) return null
  if (unclosed(value)) return null
  const lower = value.toLowerCase()
  switch (property) {
    case 'position':
      // Anything but relative leaves its place and can lie over what belongs to others.
      return /^(relative|static)(\s*!important)?$/.test(lower) ? value : null
    case 'height':
    case 'min-height':
    case 'max-height':
      // The frame is as tall as its content; a height in terms of the frame would make it grow for ever.
      return /\d(?:vh|vmin|vmax|[dsl]vh|vb)\b/.test(lower) ? null : value
    case 'margin':
    case 'margin-top':
    case 'margin-left':
    case 'text-indent':
      // Pulled far out of sight, which is how hidden text is made.
      return /-\d{4,}/.test(lower) ? null : value
    case 'color':
      context.onColour('color', withoutImportant(lower))
      return value
    case 'background':
    case 'background-color':
    case 'background-image':
      context.onColour('background', withoutImportant(lower))
      return value
    default:
      return value
  }
}

function withoutImportant(value: string): string {
  return value.replace(/\s*!important$/, '').trim()
}

/** A quote or parenthesis left open would swallow what follows. */
function unclosed(value: string): boolean {
  let depth = 0
  let quote = ''
  for (const char of value) {
    if (quote !== '') {
      if (char === quote) quote = ''
      else if (char === '\n') return true
    } else if (char === '"' || char === "'") quote = char
    else if (char === '(') depth++
    else if (char === ')' && --depth < 0) return true
  }
  return depth !== 0 || quote !== ''
}

function withoutComments(source: string): string {
  if (!source.includes('/*')) return source
  let out = ''
  let at = 0
  for (;;) {
    const open = source.indexOf('/*', at)
    if (open === -1) return out + source.slice(at)
    out += `${source.slice(at, open)} `
    const close = source.indexOf('*/', open + 2)
    if (close === -1) return out
    at = close + 2
  }
}

/** Splits at a separator that stands outside quotes and parentheses. */
function splitOutside(source: string, separator: string): readonly string[] {
  const pieces: string[] = []
  let start = 0
  let depth = 0
  let quote = ''
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i)
    if (quote !== '') {
      if (char === quote || char === '\n') quote = ''
    } else if (char === '"' || char === "'") quote = char
    else if (char === '(' || char === '[') depth++
    else if ((char === ')' || char === ']') && depth > 0) depth--
    else if (char === separator && depth === 0) {
      pieces.push(source.slice(start, i))
      start = i + 1
    }
  }
  pieces.push(source.slice(start))
  return pieces
}

/** Class of the element that holds the mail; every rule is confined to it. */
export const mailClass = 'sl-mail'
/** Before every id of the mail, so that it never meets one of ours. */
export const idPrefix = 'm-'

/** A style sheet. `scope` confines its rules, e.g. '.sl-mail'. */
export function safeSheet(source: string, context: StyleContext): string {
  const css = withoutComments(source.slice(0, maxSheetLength)).replace(/<!--|-->|<!\[CDATA\[|\]\]>/g, ' ')
  const out: string[] = []
  readRules(css, 0, css.length, context, out, 0)
  return out.join('\n')
}

function readRules(css: string, from: number, to: number, context: StyleContext, out: string[], depth: number): void {
  let at = from
  while (at < to && out.length < maxRules) {
    const brace = css.indexOf('{', at)
    const semicolon = css.indexOf(';', at)
    const prelude = css.slice(at, brace === -1 || brace >= to ? to : brace)
    if (prelude.trimStart().startsWith('@') && semicolon !== -1 && semicolon < to && (brace === -1 || semicolon < brace)) {
      // @import, @charset, @namespace: statements without a block.
      at = semicolon + 1
      continue
    }
    if (brace === -1 || brace >= to) return
    const close = closingBrace(css, brace, to)
    const head = prelude.trim()
    if (/^@(media|supports)\b/i.test(head)) {
      // The page decides on dark looks itself.
      if (depth < 3 && head.length < 500 && /^@(media|supports)[\w\s():.,<>=/%-]*$/i.test(head) && !/prefers-color-scheme/i.test(head)) {
        const inner: string[] = []
        readRules(css, brace + 1, close, context, inner, depth + 1)
        if (inner.length > 0) out.push(`${head}{${inner.join('')}}`)
      }
    } else if (!head.startsWith('@')) {
      const selector = safeSelector(head)
      const body = css.slice(brace + 1, close)
      if (selector !== null && !body.includes('{')) {
        const declarations = safeDeclarations(body, context)
        if (declarations !== '') out.push(`${selector}{${declarations}}`)
      }
    }
    at = close + 1
  }
}

/** Index of the brace that closes the one at `open`, or `to`. Braces in quotes are rare enough to be read as braces. */
function closingBrace(css: string, open: number, to: number): number {
  let depth = 0
  let at = open
  for (;;) {
    const next = nextBrace(css, at)
    if (next === -1 || next >= to) return to
    if (css.charAt(next) === '{') depth++
    else if (--depth === 0) return next
    at = next + 1
  }
}

const brace = /[{}]/g
function nextBrace(css: string, from: number): number {
  brace.lastIndex = from
  return brace.exec(css)?.index ?? -1
}

function safeSelector(raw: string): string | null {
  if (raw === '' || raw.length > 4_000 || !/^[\w\s.#:*,>+~()[\]="'^$|!\u0080-\uffff-]+$/.test(raw) || unclosed(raw)) return null
  const scoped: string[] = []
  for (const one of splitOutside(raw, ',')) {
    const selector = one.trim()
    if (selector === '' || selector.length > 500) continue
    const own = selector.replace(/#(?=[\w-])/g, `#${idPrefix}`).replace(/(^|[\s>+~(])(?:html|:root)?\s*>?\s*(?:body|html|:root)(?![\w-])/gi, `$1.${mailClass}`)
    if (own.includes('.sl-') && !own.startsWith(`.${mailClass}`)) continue
    scoped.push(own.startsWith(`.${mailClass}`) ? own : `.${mailClass} ${own}`)
  }
  return scoped.length === 0 ? null : scoped.join(',')
}
