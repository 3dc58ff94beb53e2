// Chromium as a person has it: nothing is attached to the page but a thin line for pressing keys and asking for results.
// What test drivers keep in every frame of a page costs the page more than what is measured here.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from '@playwright/test'

export type PlainPage = {
  /** 'e', 'j', 'Control+z'. */
  readonly press: (stroke: string) => Promise<void>
  /** The value of an expression, as JSON carries it. */
  readonly evaluate: (expression: string) => Promise<unknown>
}

export type PlainChromium = {
  /** Drives the page with all that a test driver offers, and lets go of it. */
  readonly prepare: (work: (page: Page) => Promise<void>) => Promise<void>
  readonly open: () => Promise<PlainPage>
  readonly close: () => Promise<void>
}

export async function startChromium(executablePath: string, url: string, size: { readonly width: number; readonly height: number }): Promise<PlainChromium> {
  const profile = mkdtempSync(join(tmpdir(), 'shortlist-chromium-'))
  const child = spawn(
    executablePath,
    ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, `--window-size=${String(size.width)},${String(size.height)}`, '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run', url],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const endpoint = await new Promise<string>((found, failed) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const address = /^DevTools listening on ws:\/\/([^/]+)\//u.exec(line)?.[1]
      if (address !== undefined) found(`http://${address}`)
    })
    child.once('exit', () => {
      failed(new Error('Chromium ended before it was ready.'))
    })
  })
  return {
    async prepare(work) {
      const browser = await chromium.connectOverCDP(endpoint)
      const page = browser.contexts()[0]?.pages()[0]
      if (!page) throw new Error('Chromium opened no page.')
      await page.bringToFront()
      await work(page)
      await browser.close()
    },
    async open() {
      const targets = (await (await fetch(`${endpoint}/json/list`)).json()) as readonly { readonly type: string; readonly webSocketDebuggerUrl: string }[]
      const target = targets.find(({ type }) => type === 'page')
      if (!target) throw new Error('Chromium opened no page.')
      return plainPage(await connected(target.webSocketDebuggerUrl))
    },
    async close() {
      const ended = new Promise((end) => child.once('exit', end))
      child.kill('SIGTERM')
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

type Say = (method: string, params: object) => Promise<unknown>

async function connected(address: string): Promise<Say> {
  const socket = new WebSocket(address)
  await new Promise<void>((open, failed) => {
    socket.addEventListener('open', () => {
      open()
    })
    socket.addEventListener('error', () => {
      failed(new Error('Chromium cannot be talked to.'))
    })
  })
  let last = 0
  const waiting = new Map<number, (answer: { readonly result?: unknown; readonly error?: unknown }) => void>()
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown; readonly error?: unknown }
    if (answer.id === undefined) return
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  })
  return (method, params) =>
    new Promise((done, failed) => {
      const id = ++last
      waiting.set(id, ({ result, error }) => {
        if (error === undefined) done(result)
        else failed(new Error(`${method}: ${JSON.stringify(error)}`))
      })
      socket.send(JSON.stringify({ id, method, params }))
    })
}

async function plainPage(say: Say): Promise<PlainPage> {
  // Keys reach a page without a window as they reach one that has the focus.
  await say('Emulation.setFocusEmulationEnabled', { enabled: true })
  return {
    async press(stroke) {
      const key = stroke.split('+').at(-1) ?? stroke
      const control = stroke.startsWith('Control+')
      const both = { key, code: `Key${key.toUpperCase()}`, windowsVirtualKeyCode: key.toUpperCase().charCodeAt(0), modifiers: control ? 2 : 0 }
      await say('Input.dispatchKeyEvent', { type: control ? 'rawKeyDown' : 'keyDown', ...both, ...(control ? {} : { text: key }) })
      await say('Input.dispatchKeyEvent', { type: 'keyUp', ...both })
    },
    async evaluate(expression) {
      const { result, exceptionDetails } = (await say('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true })) as { readonly result: { readonly value?: unknown }; readonly exceptionDetails?: unknown }
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
      return result.value
    },
  }
}
