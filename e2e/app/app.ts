// Starts the built program as a person would, on the Node host, and opens it in Chromium. Each story has its own data
// folder, configuration folder and, if it asks for one, its own Dovecot. What the program hands to the operating system
// to open is written down instead of opened.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createInterface } from 'node:readline'
import { test as base, expect, type Page } from '@playwright/test'
import { startDovecot, type Dovecot } from '../servers/dovecot.ts'
import { AddMailbox, Inbox, Ledger, Reader, Search, Settings, Welcome } from './pages.ts'
import { fillWithSampleYear } from './sample-year.ts'

const entry = resolve(import.meta.dirname, '../../out/main/node.js')

export type RunningApp = {
  readonly url: string
  readonly process: ChildProcess
  /** What it wrote to its error output, which in a good run is nothing. */
  readonly complaints: () => string
  /** As the person would end it. */
  readonly stop: () => Promise<void>
  /** kill -9. */
  readonly kill: () => Promise<void>
}

export type Shortlist = {
  readonly page: Page
  readonly dataDir: string
  readonly welcome: Welcome
  readonly add: AddMailbox
  readonly inbox: Inbox
  readonly reader: Reader
  readonly search: Search
  readonly settings: Settings
  readonly ledger: Ledger
  readonly app: () => RunningApp
  /** Starts the program on the same data folder and loads it in the page. */
  readonly start: (...args: string[]) => Promise<void>
  /** Ends it as the person would and starts it again. */
  readonly restart: () => Promise<void>
  /** The same, so much later. */
  readonly restartLater: (aheadMs: number) => Promise<void>
  /** First start, straight through to the inbox of the mailbox, everything fetched. */
  readonly startWith: (mailbox: OpenableMailbox) => Promise<void>
  /** Addresses and files the program asked the operating system to open, oldest first. */
  readonly openedOutside: () => Promise<readonly string[]>
  readonly close: () => Promise<void>
}

/** Where a story can take place: the built-in sample mailbox, or a mailbox on a server. */
export type OpenableMailbox = 'sample' | Dovecot

export const anna = { user: 'anna', password: 'geheim', address: 'anna@shortlist.example' } as const

async function startApp(dataDir: string, args: readonly string[], aheadMs: number): Promise<RunningApp> {
  // The shipped program knows nothing of this: Node itself is told to load another clock before it.
  const clock = aheadMs === 0 ? [] : ['--import', pathToFileURL(join(import.meta.dirname, 'later.mjs')).href]
  const child = spawn(process.execPath, [...clock, entry, '--data', dataDir, '--no-open', '--print-url-json', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      PATH: `${join(dataDir, '..', 'bin')}:${process.env['PATH'] ?? ''}`,
      DISPLAY: process.env['DISPLAY'] ?? ':0',
      XDG_CONFIG_HOME: join(dataDir, '..', 'config'),
      ...(aheadMs === 0 ? {} : { STORY_AHEAD_MS: String(aheadMs) }),
    },
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
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
      failed(new Error(`The program ended with ${String(code)} before it printed its address: ${complaints}`))
    })
  })
  return { url, process: child, complaints: () => complaints, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') }
}

/** A profile of its own for one page. */
export async function openShortlist(page: Page): Promise<Shortlist> {
  const place = await mkdtemp(join(tmpdir(), 'shortlist-e2e-'))
  const dataDir = join(place, 'data')
  const outside = join(place, 'opened-outside')
  await mkdir(join(place, 'bin'))
  await writeFile(join(place, 'bin', 'xdg-open'), `#!/bin/sh\nprintf '%s\\n' "$1" >> '${outside}'\n`)
  await chmod(join(place, 'bin', 'xdg-open'), 0o755)

  let running: RunningApp | null = null
  let ahead = 0
  let complaints = ''
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.stack ?? String(error)))

  const shortlist: Shortlist = {
    page,
    dataDir,
    welcome: new Welcome(page),
    add: new AddMailbox(page),
    inbox: new Inbox(page),
    reader: new Reader(page),
    search: new Search(page),
    settings: new Settings(page),
    ledger: new Ledger(page),
    app() {
      if (!running) throw new Error('The program was not started.')
      return running
    },
    async start(...args) {
      complaints += running?.complaints() ?? ''
      running = await startApp(dataDir, args, ahead)
      await page.goto(running.url)
    },
    async restart() {
      await shortlist.app().stop()
      await shortlist.start()
    },
    async restartLater(aheadMs) {
      await shortlist.app().stop()
      ahead += aheadMs
      await shortlist.start()
    },
    async startWith(mailbox) {
      await shortlist.start()
      if (mailbox === 'sample') await shortlist.welcome.lookAround()
      else {
        await shortlist.welcome.addMailbox()
        await shortlist.add.dovecot(mailbox, anna)
      }
      await shortlist.inbox.expectUpToDate()
    },
    async openedOutside() {
      const written = await readFile(outside, 'utf8').catch(() => '')
      return written.split('\n').filter((line) => line !== '')
    },
    async close() {
      await running?.stop()
      complaints += running?.complaints() ?? ''
      await rm(place, { recursive: true, force: true, maxRetries: 5 })
      expect(errors, 'errors thrown in the page').toEqual([])
      expect(complaints, 'what the program wrote to its error output').toBe('')
    },
  }
  return shortlist
}

type Fixtures = {
  readonly shortlist: Shortlist
  /** The same program on another computer: a data folder and a browser of its own. */
  readonly otherComputer: Shortlist
  /** With one user, anna, and an empty mailbox. */
  readonly dovecot: Dovecot
  /** A Dovecot that holds the mail of the sample mailbox. */
  readonly sampleOnDovecot: Dovecot
}

export const test = base.extend<Fixtures>({
  // Playwright reads the names of the fixtures a fixture needs from this pattern, an empty one included.
  dovecot: async ({}, use) => {
    await using dovecot = await startDovecot({ users: { [anna.user]: anna.password } })
    await use(dovecot)
  },
  sampleOnDovecot: async ({ dovecot }, use) => {
    await fillWithSampleYear(dovecot, anna.user)
    await use(dovecot)
  },
  shortlist: async ({ page }, use) => {
    const shortlist = await openShortlist(page)
    await use(shortlist)
    await shortlist.close()
  },
  otherComputer: async ({ browser }, use) => {
    const context = await browser.newContext()
    const shortlist = await openShortlist(await context.newPage())
    await use(shortlist)
    await shortlist.close()
    await context.close()
  },
})

export { expect }
