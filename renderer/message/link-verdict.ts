// Where a link in a mail really goes, and whether the person must be asked before it opens. A link is judged by its
// URL and the words it stands under; nothing in the mail can talk the verdict down. Refuses every scheme but http,
// https, mailto and tel.

export type LinkReason = 'shown-elsewhere' | 'punycode' | 'ip' | 'credentials'

export type LinkVerdict =
  | { readonly kind: 'refuse'; readonly target: string }
  | { readonly kind: 'open'; readonly target: string; readonly host: string }
  | {
      readonly kind: 'ask'
      readonly target: string
      readonly host: string
      /** The host the link's text names, when it names one. */
      readonly shown: string | null
      readonly reasons: readonly LinkReason[]
    }

const webSchemes: ReadonlySet<string> = new Set(['http:', 'https:'])
const otherSchemes: ReadonlySet<string> = new Set(['mailto:', 'tel:'])

/** Longest text that can pass for an address; anything longer is prose. */
const longestShown = 2000

/** `claimed`: the host the served document itself found in the link's words, where it is not the one it leads to. */
export function judgeLink(href: string, text: string, claimed: string | null = null): LinkVerdict {
  const url = URL.canParse(href.trim()) ? new URL(href.trim()) : null
  if (url === null) return { kind: 'refuse', target: href }
  if (otherSchemes.has(url.protocol)) return { kind: 'open', target: url.href, host: addresseeOf(url) }
  if (!webSchemes.has(url.protocol) || url.hostname === '') return { kind: 'refuse', target: href }

  const host = url.hostname
  const shown = shownHost(text) ?? claimed
  const reasons: LinkReason[] = []
  if (shown !== null && !belongsTogether(shown, host)) reasons.push('shown-elsewhere')
  if (url.username !== '' || url.password !== '') reasons.push('credentials')
  if (host.split('.').some((label) => label.startsWith('xn--'))) reasons.push('punycode')
  if (isAddress(host)) reasons.push('ip')
  return reasons.length === 0 ? { kind: 'open', target: url.href, host } : { kind: 'ask', target: url.href, host, shown, reasons }
}

/** The host a link's visible text claims, or null when the text is not an address. */
export function shownHost(text: string): string | null {
  const words = text.replaceAll(/[\p{Cf}\u00ad]/gu, '').trim()
  if (words.length > longestShown || words === '') return null
  const bare = words.replace(/^[<(["'„“]+/u, '').replace(/[>)\]"'“”.,;:!?…]+$/u, '')
  if (/\s/u.test(bare) || bare.includes('@')) return null
  const spelled = /^[a-z][a-z0-9+.-]*:\/\//iu.test(bare)
  // Without a scheme only something like 'acme.com' or 'www.acme.com/jobs' claims a host; 'cv.pdf' and '1.500' do not.
  if (!spelled && !/^(www\.)?[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)*\.\p{L}{2,24}([/:?#].*)?$/iu.test(bare)) return null
  const candidate = spelled ? bare : `http://${bare}`
  if (!URL.canParse(candidate)) return null
  const { hostname } = new URL(candidate)
  if (!hostname.includes('.')) return null
  return !spelled && fileEndings.has(hostname.slice(hostname.lastIndexOf('.') + 1)) ? null : hostname
}

/** Words like 'cv.pdf' look like hosts; these endings are files far more often. */
const fileEndings: ReadonlySet<string> = new Set(['pdf', 'doc', 'docx', 'xls', 'xlsx', 'ppt', 'pptx', 'txt', 'csv', 'jpg', 'jpeg', 'png', 'gif', 'zip', 'html', 'htm', 'js', 'md', 'ics'])

function belongsTogether(shown: string, real: string): boolean {
  const a = shown.replace(/^www\./u, '')
  const b = real.replace(/^www\./u, '')
  if (a === b) return true
  // 'acme.com' shown for 'jobs.acme.com' is the same house. The reverse is not taken for granted: whoever is shown
  // 'acme.com.evil.example' must not be led to 'evil.example' unasked.
  return b.endsWith(`.${a}`) && a.includes('.')
}

function isAddress(host: string): boolean {
  return host.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/u.test(host)
}

function addresseeOf(url: URL): string {
  const end = url.href.indexOf('?')
  const bare = url.href.slice(url.protocol.length, end === -1 ? undefined : end)
  try {
    return decodeURIComponent(bare)
  } catch {
    return bare
  }
}
