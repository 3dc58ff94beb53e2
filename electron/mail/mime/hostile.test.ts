// Hostile HTML in a real browser. The same vectors are opened bare, behind the policy alone, through the sanitiser alone, and
// as the app shows them; a local server counts what arrives. Bare, they do get through: so silence means something.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser, type Page } from '@playwright/test'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hostileMails, hostileVectors, type HostileVector } from '../../../e2e/corpus/hostile.ts'
import { messageCsp, messageDocument } from './message-document.ts'
import { parseMessage } from './parse-message.ts'
import { safeHtml } from './safe-html.ts'

type Shown = { readonly html: string; readonly policy: string | null }

let server: Server
let browser: Browser
let page: Page
let origin: string
let vectors: readonly HostileVector[]
const pages = new Map<string, Shown>()
let hits: string[] = []

const pixel = Buffer.from('R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64')

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? ''
    const shown = pages.get(path)
    if (shown !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', ...(shown.policy === null ? {} : { 'content-security-policy': shown.policy }) })
      response.end(shown.html)
      return
    }
    if (path === '/app' || path === '/favicon.ico') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>app</title>')
      return
    }
    if (path.startsWith('/own/')) {
      response.writeHead(200, { 'content-type': 'image/gif' }).end(pixel)
      return
    }
    hits.push(path)
    const code = /^\/code\/(\d+)\.js/.exec(path)?.[1]
    if (code !== undefined) {
      response.writeHead(200, { 'content-type': 'text/javascript', 'access-control-allow-origin': '*' }).end(`fetch('${origin}/script/${code}')`)
      return
    }
    if (path.startsWith('/missing/')) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': /\.css|sheet/.test(path) ? 'text/css' : 'image/gif', 'access-control-allow-origin': '*' }).end(pixel)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  vectors = hostileVectors(origin)
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    chromiumSandbox: false,
    args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
  page = await browser.newPage()
}, 60_000)

afterAll(async () => {
  await browser.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

beforeEach(() => {
  hits = []
  pages.clear()
})

type Mode = 'as-the-app' | 'bare'

/** Opens each page in a frame of its own, many in one window, and waits until they had time to do harm. */
async function open(shown: readonly Shown[], mode: Mode, settleMs: number): Promise<void> {
  const paths = shown.map((one, i) => {
    const path = `/page/${i}`
    pages.set(path, one)
    return path
  })
  await page.goto(`${origin}/app`)
  await page.evaluate(
    ([sources, sandboxed]) => {
      for (const source of sources) {
        const frame = document.createElement('iframe')
        if (sandboxed) frame.sandbox.add('allow-same-origin')
        frame.width = '300'
        frame.height = '200'
        frame.src = source
        document.body.append(frame)
      }
    },
    [paths, mode === 'as-the-app'] as const,
  )
  await page.waitForFunction(
    (count) => Array.from(document.querySelectorAll('iframe')).filter((frame) => frame.contentDocument === null || (frame.contentDocument.readyState === 'complete' && frame.contentDocument.URL !== 'about:blank')).length >= count,
    paths.length,
    { timeout: 90_000 },
  )
  await page.waitForTimeout(settleMs)
}

/** Opens pages one after the other in a window of their own: only there does a page get the focus. */
async function openAlone(shown: readonly Shown[]): Promise<void> {
  const own = await browser.newPage()
  for (const [i, one] of shown.entries()) {
    pages.set(`/alone/${i}`, one)
    await own.goto(`${origin}/alone/${i}`, { waitUntil: 'commit' }).catch(() => null)
    await own.waitForTimeout(400)
  }
  await own.close()
}

function fired(kind: HostileVector['kind']): readonly string[] {
  const ids = new Set(hits.flatMap((hit) => (hit.startsWith(`/${kind}/`) ? [Number.parseInt(hit.split('/')[2] ?? '', 10)] : [])))
  return vectors.filter((one) => ids.has(one.id)).map((one) => one.name)
}

function wrap(html: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"></head><body>${html}</body></html>`
}

function shownByApp(html: string, images: 'blocked' | 'allowed'): Shown {
  const document = messageDocument({ html, text: null, cids: {}, images, theme: 'light' })
  return { html: document.html, policy: messageCsp(images, `${origin}/own/`) }
}

describe('hostile HTML in a browser', () => {
  it('comes in more than two hundred vectors', () => {
    expect(vectors.length).toBeGreaterThan(200)
    expect(new Set(vectors.map((one) => one.html)).size).toBe(vectors.length)
  })

  it('gets through when nothing protects the page', async () => {
    const bare = (one: HostileVector): Shown => ({ html: wrap(one.html), policy: null })
    const focusing = vectors.filter((one) => /autofocus/.test(one.html))
    await open(vectors.filter((one) => !focusing.includes(one)).map(bare), 'bare', 1_000)
    await openAlone(focusing.map(bare))
    const expected = vectors.filter((one) => one.fires)
    expect(expected.length).toBeGreaterThan(120)
    const missing = (): readonly string[] => {
      const through = new Set([...fired('script'), ...fired('load')])
      return expected.filter((one) => !through.has(one.name)).map((one) => one.name)
    }
    await expect.poll(missing, { timeout: 30_000, interval: 250 }).toEqual([])
  }, 180_000)

  it('runs nothing and loads nothing as the app shows it', async () => {
    const start = performance.now()
    await open(vectors.map((one) => shownByApp(one.html, 'blocked')), 'as-the-app', 2_000)
    expect(hits).toEqual([])
    expect(performance.now() - start).toBeGreaterThan(2_000)
  }, 150_000)

  it('runs nothing and loads nothing behind the policy alone', async () => {
    await open(vectors.map((one) => ({ html: wrap(one.html), policy: messageCsp('blocked', `${origin}/own/`) })), 'as-the-app', 2_000)
    expect(hits).toEqual([])
  }, 150_000)

  it('runs nothing and loads nothing through the sanitiser alone', async () => {
    await open(
      vectors.map((one) => {
        const safe = safeHtml(one.html, { cidUrl: () => null, images: 'blocked' })
        return { html: wrap(`<style>${safe.css}</style><div class="sl-mail">${safe.html}</div>`), policy: null }
      }),
      'bare',
      2_000,
    )
    expect(hits).toEqual([])
  }, 180_000)

  it('loads pictures and nothing else when images are allowed', async () => {
    await open(vectors.map((one) => shownByApp(one.html, 'allowed')), 'as-the-app', 2_000)
    expect(fired('script')).toEqual([])
    expect(hits.filter((hit) => !hit.startsWith('/load/'))).toEqual([])
    const pictures = vectors.filter((one) => one.picture)
    const loaded = new Set(fired('load'))
    expect([...loaded].filter((name) => !pictures.some((one) => one.name === name))).toEqual([])
    expect(pictures.filter((one) => one.fires && !loaded.has(one.name)).map((one) => one.name)).toEqual([])
  }, 150_000)

  it('cannot be left by a click on any link', async () => {
    const html = `<p>Read <a href="${origin}/load/1">this</a> or <a href="javascript:fetch('${origin}/script/1')">that</a></p><map name="m"><area shape="rect" coords="0,0,90,90" href="${origin}/load/2"></map><img usemap="#m" src="cid:x" width="90" height="90">`
    await open([shownByApp(html, 'blocked')], 'as-the-app', 200)
    const frame = page.frames().find((one) => one.url().endsWith('/page/0'))
    for (const link of (await frame?.locator('a').all()) ?? []) await link.click({ timeout: 2_000, noWaitAfter: true }).catch(() => null)
    await page.waitForTimeout(500)
    expect(hits).toEqual([])
    expect(frame?.url()).toBe(`${origin}/page/0`)
  }, 150_000)

  it('draws whole hostile mails without a request', async () => {
    const mails = hostileMails(origin)
    await open(mails.map(({ source }) => shownByApp(parseMessage(source).html ?? '', 'blocked')), 'as-the-app', 2_000)
    expect(hits).toEqual([])
  }, 150_000)
})
