// What the page loads by address rather than by call: the built renderer, and messages, attachments and sources under
// the host's assetBase. A host turns an AssetResponse into its own kind of response and adds nothing but transport.
// Every answer carries a policy: the app's own is strict, and a mail asset that names none gets one that runs nothing.
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

export type AssetResponse = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array | string
}

/** `path` has no leading slash and may have a query: 'message/12?images=0&theme=dark'. Unknown paths answer 404. */
export type Assets = { readonly serve: (path: string) => Promise<AssetResponse> }

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** The app page's policy. `connect` are sources it may call beyond its own, `self` is how its own origin is written. */
export function appPolicy(connect: readonly string[] = [], self = "'self'"): string {
  return [
    "default-src 'none'",
    `script-src ${self}`,
    `style-src ${self} 'unsafe-inline'`,
    `img-src ${self} data: blob:`,
    `font-src ${self}`,
    `connect-src ${[self, ...connect].join(' ')}`,
    `frame-src ${self} blob:`,
    `worker-src ${self} blob:`,
    `manifest-src ${self}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

const everywhere = { 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' }

export function plainAnswer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): AssetResponse {
  return {
    status,
    headers: { ...everywhere, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': "default-src 'none'; frame-ancestors 'none'", ...headers },
    body: text,
  }
}

/** The path inside a folder that an address asks for, or null when it asks for anything else. */
function insidePath(address: string): string | null {
  let path: string
  try {
    path = decodeURIComponent(address.split(/[?#]/, 1)[0] ?? '')
  } catch {
    return null
  }
  if (path === '') return 'index.html'
  const parts = path.split('/')
  // A part that starts with a dot covers '.', '..' and hidden files; a colon or backslash means something on Windows.
  const refused = parts.some((part) => part === '' || part.startsWith('.') || /[\\:\0]/.test(part))
  return refused ? null : join(...parts)
}

/** The files of the built renderer. Only known types are served, and only from inside `dir`. */
export function rendererFiles(dir: string, policy: string): Assets {
  return {
    async serve(address) {
      const path = insidePath(address)
      const type = path === null ? undefined : types[extname(path).toLowerCase()]
      if (path === null || type === undefined) return plainAnswer(404, 'Not found.')
      let body: Uint8Array
      try {
        body = await readFile(join(dir, path))
      } catch {
        return plainAnswer(404, 'Not found.')
      }
      return {
        status: 200,
        headers: {
          ...everywhere,
          'content-type': type,
          // Built names under assets/ carry a hash of their content.
          'cache-control': /^assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
          'content-security-policy': policy,
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=()',
        },
        body,
      }
    },
  }
}

/**
 * A mail asset as it may leave: no sniffing, no referrer, no cache but what it asks for, framed only by the app.
 * `framers` is the CSP source list that may frame it. CORP is 'cross-origin' because a sandboxed message frame has an
 * opaque origin and would otherwise be refused its own images; the secret in the path is what keeps others out.
 */
export function mailAnswer(answer: AssetResponse, framers = "'self'"): AssetResponse {
  const given = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const policy = (given['content-security-policy'] ?? "default-src 'none'; sandbox")
    .split(';')
    .map((directive) => directive.trim())
    .filter((directive) => directive !== '' && !directive.startsWith('frame-ancestors'))
  return {
    ...answer,
    headers: {
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'cross-origin',
      ...given,
      ...everywhere,
      'content-security-policy': [...policy, `frame-ancestors ${framers}`].join('; '),
    },
  }
}

/** The renderer from a development server on this machine, which changes files while they are being written. */
export function rendererFromDevServer(server: string): Assets {
  const base = new URL(server)
  if (base.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(base.hostname)) throw new Error('A development server must be on this machine.')
  return {
    async serve(address) {
      // Set piece by piece, so that no path can name another server.
      const url = new URL(base)
      const [path = '', query = ''] = address.split(/\?(.*)/s)
      url.pathname = `/${path}`
      url.search = query
      const answer = await fetch(url, { headers: { accept: '*/*' } })
      return {
        status: answer.status,
        headers: { ...everywhere, 'content-type': answer.headers.get('content-type') ?? 'text/plain', 'cache-control': 'no-store' },
        body: new Uint8Array(await answer.arrayBuffer()),
      }
    },
  }
}
