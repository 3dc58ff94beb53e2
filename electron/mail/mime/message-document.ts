// The page a message is shown as. It is served from an address of its own into a frame with sandbox="allow-same-origin"
// and nothing else, under messageCsp. No script runs in it; folding is <details>, and the frame's owner reads links,
// heights and counts from outside:
//   <html data-message data-blocked-images="2" data-styled="1">   counts and whether the mail has looks of its own
//   <a data-href="https://…" data-mismatch="shown.example">       where a link really leads; the host its words claim
//   <img class="sl-blocked" data-blocked="https://…">             a remote image left out, its space kept
import { foldQuoted } from './fold-quoted.ts'
import { escapeHtml, plainToHtml } from './plain-html.ts'
import { mailClass } from './safe-css.ts'
import { safeHtml } from './safe-html.ts'

export type DocumentInput = {
  /** As sent; null to draw `text`. */
  readonly html: string | null
  readonly text: string | null
  /** Address of the part for each Content-ID (lower case, without brackets). */
  readonly cids: Readonly<Record<string, string>>
  readonly images: 'blocked' | 'allowed'
  readonly theme: 'light' | 'dark'
  /** Decides whether the quoted part is history to fold away or what the message forwards. */
  readonly subject?: string
  /** BCP 47, for hyphenation and screen readers. */
  readonly language?: string
  /** Words on the fold over quoted history. */
  readonly quotedLabel?: string
}

export type MessageDocument = {
  readonly html: string
  readonly blockedRemote: number
  readonly trackers: number
  readonly links: number
  readonly styled: boolean
  /** Only the beginning is shown; the source has the rest. */
  readonly truncated: boolean
  /** The HTML could not be made safe in time and the text is shown instead. */
  readonly htmlFailed: boolean
}

const forwardedSubject = /^\s*(?:fwd?|wg|vs|tr|rv|enc|doorst|videresendt|vidarebefordrat)\s*(?:\[\d+\])?\s*:/i

export function messageDocument(input: DocumentInput): MessageDocument {
  const label = input.quotedLabel ?? 'Show quoted text'
  const fold = !forwardedSubject.test(input.subject ?? '')
  if (input.html !== null && input.html.trim() !== '') {
    const safe = safeHtml(input.html, { cidUrl: (id) => ownAddress(input.cids, id), images: input.images })
    const body = foldQuoted(safe.html, { label, fold })
    const looks = safe.styled ? 'styled' : 'simple'
    return {
      html: page(input, `<div class="${mailClass} sl-html sl-${looks}">${body}</div>`, safe.css, safe.blockedRemote, safe.styled),
      blockedRemote: safe.blockedRemote,
      trackers: safe.trackers,
      links: safe.links,
      styled: safe.styled,
      truncated: safe.truncated,
      htmlFailed: false,
    }
  }
  const plain = plainToHtml(input.text ?? '', { label, fold })
  return {
    html: page(input, `<div class="${mailClass} sl-plain">${plain.html}</div>`, '', 0, false),
    blockedRemote: 0,
    trackers: 0,
    links: plain.links,
    styled: false,
    truncated: plain.truncated,
    htmlFailed: false,
  }
}

function ownAddress(cids: Readonly<Record<string, string>>, id: string): string | null {
  const key = id.toLowerCase()
  return Object.hasOwn(cids, key) ? (cids[key] ?? null) : null
}

/**
 * The policy the page is served with. `ownImages` is a CSP source for the app's own attachment addresses, for instance
 * `http://127.0.0.1:4000/secret/attachment/` (a path ending in a slash covers everything below it).
 */
export function messageCsp(images: 'blocked' | 'allowed', ownImages: string): string {
  // A source is written into the header: nothing that could end it or begin another directive.
  const own = /^[^\s;,'"]+$/.test(ownImages) || ownImages === "'self'" ? ` ${ownImages}` : ''
  return [
    "default-src 'none'",
    `img-src data: blob:${own}${images === 'allowed' ? ' http: https:' : ''}`,
    "style-src 'unsafe-inline'",
    "font-src data:",
    "script-src 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    'sandbox allow-same-origin',
  ].join('; ')
}

function page(input: DocumentInput, body: string, mailCss: string, blocked: number, styled: boolean): string {
  const language = /^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8}){0,3}$/.test(input.language ?? '') ? ` lang="${input.language ?? ''}"` : ''
  // Style text ends at "</style": no bracket of the mail's own gets through.
  const css = mailCss.replace(/</g, '')
  return (
    `<!doctype html><html${language} class="sl-${input.theme}" data-message data-blocked-images="${blocked}" data-styled="${styled ? '1' : '0'}"><head><meta charset="utf-8">` +
    `<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="${input.theme}"><title>${escapeHtml(input.subject ?? '')}</title>` +
    `<style>${css}</style><style>${pageCss}</style></head><body class="sl-page">${body}</body></html>`
  )
}

// The page's own rules stand after the mail's, and insist where a mail must not have its way with what is ours.
// Dark: a mail without looks of its own takes the page's colours. One with looks is drawn light and inverted as a whole,
// turned back in hue so that red stays red, with its images inverted once more so that they look as they are.
const pageCss = `
:root{--sl-text:#1b1c1f;--sl-muted:#6b6f76;--sl-surface:#ffffff;--sl-line:#d9dbdf;--sl-link:#2457c5;--sl-hover:#eceef1}
:root.sl-dark{--sl-text:#e4e5e8;--sl-muted:#9a9ea6;--sl-surface:#1b1c1f;--sl-line:#3b3d42;--sl-link:#8ab1ff;--sl-hover:#2b2d31}
:root.sl-light{color-scheme:light}:root.sl-dark{color-scheme:dark}
html{background:transparent!important}
body.sl-page{margin:0!important;padding:0!important;background:transparent!important;color:var(--sl-text);font:14px/1.5 "Inter Variable",Inter,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:break-word;-webkit-text-size-adjust:100%}
.sl-mail{display:flow-root;overflow-x:auto;overflow-y:hidden;padding:4px 2px}
.sl-plain{max-width:76ch}
.sl-text{white-space:pre-wrap;min-height:1.5em;unicode-bidi:plaintext;text-align:start}
.sl-html{max-width:100%}
.sl-html img{max-width:100%}
.sl-html img:not([height]):not([style*="height"]){height:auto}
.sl-html table{max-width:100%}
.sl-html pre{white-space:pre-wrap}
.sl-html p:first-child{margin-top:0}
.sl-mail a{color:var(--sl-link);text-decoration-thickness:from-font;text-underline-offset:2px}
.sl-styled a{color:#2457c5}
.sl-mail a[data-mismatch]{outline:1px dashed #c2410c;outline-offset:1px}
.sl-mail blockquote{margin:0 0 0 2px;padding:0 0 0 12px;border-inline-start:2px solid var(--sl-line)}
.sl-signature{color:var(--sl-muted);margin-top:8px}
.sl-carried{margin-top:12px}
.sl-blocked{background:repeating-linear-gradient(45deg,transparent 0 6px,rgb(127 127 127 / .12) 6px 12px);outline:1px dashed rgb(127 127 127 / .45);outline-offset:-1px;min-width:16px;min-height:16px}
.sl-alt::before{content:"[" attr(title) "]";color:var(--sl-muted)}
details.sl-quoted{display:block!important;margin:10px 0!important;color:inherit}
summary.sl-fold{display:inline-block!important;visibility:visible!important;opacity:1!important;list-style:none!important;cursor:pointer!important;border-radius:6px;padding:0 8px!important;font:600 11px/18px system-ui,sans-serif!important;letter-spacing:1px;color:var(--sl-muted)!important;background:var(--sl-hover)!important;user-select:none}
summary.sl-fold::-webkit-details-marker{display:none}
summary.sl-fold:focus-visible{outline:2px solid var(--sl-link);outline-offset:1px}
details.sl-quoted[open]>summary.sl-fold{margin-bottom:8px!important}
.sl-dark .sl-simple *:not(a):not(summary):not(summary *){color:inherit!important;background-color:transparent!important}
.sl-dark .sl-simple a{color:var(--sl-link)!important}
.sl-dark .sl-simple font[color]{color:inherit!important}
.sl-dark .sl-styled{filter:invert(1) hue-rotate(180deg);background:#e3e4e7;color:#1b1c1f;color-scheme:light;border-radius:6px}
.sl-dark .sl-styled img:not(.sl-blocked),.sl-dark .sl-styled [style*="background-image"]:not(.sl-mail-body){filter:invert(1) hue-rotate(180deg)}
.sl-dark .sl-styled [style*="background-image"]:not(.sl-mail-body) img{filter:none}
.sl-dark .sl-styled summary.sl-fold{color:#55585e!important;background:#cfd1d5!important}
::highlight(search-words){background-color:#ffe08a;color:#1b1c1f}
@media print{:root.sl-dark{--sl-text:#000;--sl-muted:#444;--sl-line:#bbb;--sl-link:#000;color-scheme:light}.sl-dark .sl-styled{filter:none;background:none}.sl-dark .sl-styled img{filter:none!important}.sl-dark .sl-simple *{color:#000!important}body.sl-page{color:#000}.sl-mail{overflow:visible}summary.sl-fold{display:none!important}}
`.replace(/\n/g, '')
