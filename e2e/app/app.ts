// Starts the built program as a user would, on the Node host, and opens it in Chromium. Each test has its own data folder,
// configuration folder and, if it asks for one, its own Dovecot.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { test as base, expect, type Page } from '@playwright/test'
import { startDovecot, type Dovecot } from '../servers/dovecot.ts'

const entry = resolve(import.meta.dirname, '../../out/main/node.js')

export type RunningApp = {
  readonly url: string
  readonly process: ChildProcess
  /** As the person would end it. */
  readonly stop: () => Promise<void>
  /** kill -9. */
  readonly kill: () => Promise<void>
}

export type Shortlist = {
  readonly page: Page
  readonly app: () => RunningApp
  /** Starts the program on the same data folder and loads it in the page. */
  readonly start: (...args: string[]) => Promise<void>
  readonly dataDir: string
}

export async function startApp(dataDir: string, args: readonly string[]): Promise<RunningApp> {
  const child = spawn(process.execPath, [entry, '--data', dataDir, '--no-open', '--print-url-json', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, XDG_CONFIG_HOME: join(dataDir, 'config') },
  })
  const exited = once(child, 'exit')
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal)
      await exited
    }
  }
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise<string>((found, failed) => {
    lines.on('line', (line) => {
      const match = /"url":\s*"([^"]+)"/.exec(line)
      if (match?.[1]) found(match[1])
    })
    child.once('exit', (code) => {
      failed(new Error(`The program ended with ${String(code)} before it printed its address.`))
    })
  })
  return { url, process: child, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

export const test = base.extend<{ shortlist: Shortlist; dovecot: Dovecot }>({
  // Playwright reads the names of the fixtures a fixture needs from this pattern, an empty one included.
  // eslint-disable-next-line no-empty-pattern
  dovecot: async ({}, use) => {
    const dovecot = await startDovecot({ users: { anna: 'geheim' } })
    await use(dovecot)
    await dovecot.dispose()
  },
  shortlist: async ({ page }, use) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'shortlist-e2e-'))
    let running: RunningApp | null = null
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(String(error)))
    await use({
      page,
      dataDir,
      app: () => {
        if (!running) throw new Error('The program was not started.')
        return running
      },
      start: async (...args) => {
        running = await startApp(dataDir, args)
        await page.goto(running.url)
      },
    })
    await (running as RunningApp | null)?.stop()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    expect(errors, 'errors thrown in the page').toEqual([])
  },
})

export { expect }
