// From a key press to the painted frame that shows what it did, in Chromium on a large generated mailbox: archive and
// open the next conversation, move down, undo. Prints percentiles; asserts nothing.
// Options: --messages 100000, --times 200, --dir DIR (keeps the mailbox and the synced data there for the next run).
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { constants, cpus, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import { startDovecot } from '../e2e/servers/dovecot.ts'
import { writeMailbox } from '../e2e/servers/generate-mail.ts'
import { startChromium } from './plain-chromium.ts'

const { values } = parseArgs({ options: { messages: { type: 'string', default: '100000' }, times: { type: 'string', default: '200' }, dir: { type: 'string' } } })
const messages = Number(values.messages)
const times = Number(values.times)
const home = join(values.dir ?? mkdtempSync(join(tmpdir(), 'shortlist-paint-')), String(messages))
const entry = join(import.meta.dirname, '../out/main/node.js')
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
const who = { user: 'bench', password: 'bench' }
if (!existsSync(entry) || !existsSync(executablePath)) throw new Error('Build the program (npm run build) and install Chromium first.')

mkdirSync(home, { recursive: true })
// The account knows its server by its ports: the next run on the same data finds it there again.
const portsFile = join(home, 'ports.json')
const ports = existsSync(portsFile) ? (JSON.parse(readFileSync(portsFile, 'utf8')) as { port: number; tlsPort: number }) : {}
const dovecot = await startDovecot({ dir: join(home, 'dovecot'), users: { [who.user]: who.password }, ...ports })
writeFileSync(portsFile, JSON.stringify({ port: dovecot.port, tlsPort: dovecot.tlsPort }))
const seeded = join(home, 'seeded')
if (!existsSync(seeded)) {
  await dovecot.stop()
  writeMailbox(dovecot.maildir(who.user), { seed: 1, messages })
  writeFileSync(seeded, '')
  await dovecot.start()
}

// A mail server is another computer: here it has what the program leaves over. Moving one mail costs it as much as drawing.
const master = Number(readFileSync(join(home, 'dovecot', 'run', 'master.pid'), 'utf8'))
setPriority(master, constants.priority.PRIORITY_LOW)
// Where Linux shares the cores by session first, its session's share is the one that counts.
if (existsSync(`/proc/${String(master)}/autogroup`)) writeFileSync(`/proc/${String(master)}/autogroup`, '19')

const child = spawn(process.execPath, [entry, '--data', join(home, 'data'), '--no-open', '--print-url-json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, XDG_CONFIG_HOME: join(home, 'config') },
})
const url = await new Promise<string>((found) => {
  createInterface({ input: child.stdout }).on('line', (line) => {
    const match = /"url":\s*"([^"]+)"/.exec(line)
    if (match?.[1]) found(match[1])
  })
})
const chrome = await startChromium(executablePath, url, { width: 1440, height: 900 })
let listed = 0
await chrome.prepare(async (page) => {
  if (!existsSync(join(home, 'synced'))) {
    await addAccount(page)
    await page.getByRole('button', { name: /^Synchronisation: Up to date\./ }).waitFor({ timeout: 3_600_000 })
    writeFileSync(join(home, 'synced'), '')
  }
  // What an earlier run did is told to the server before anything is measured.
  await page.getByRole('button', { name: /^Synchronisation: Up to date\./ }).waitFor({ timeout: 600_000 })
  await page.getByRole('treeitem', { name: /^Inbox/ }).click()
  const rows = page.getByRole('listbox', { name: /^Conversations in/ })
  await rows.getByRole('option').first().waitFor()
  await rows.focus()
  await page.keyboard.press('j')
  listed = Number((await page.getByRole('treeitem', { name: /^Inbox/ }).getAttribute('aria-label'))?.replaceAll(/\D/g, '') || 0)
})
const page = await chrome.open()
await sleep(1500)

/**
 * In the page: times from a key to the presentation of the frame in which the list answered (event timing, rounded to 8 ms
 * by the browser) and in which the head of another conversation stood (element timing), and to the end of the frame in
 * which its text could be read.
 */
const watching = `{
  const samples = { open: [], text: [] }
  const waits = { list: null, open: null, text: null }
  const durations = new Map()
  const answered = []
  const active = () => document.querySelector('[role="option"][data-active]')?.id
  const first = () => document.querySelector('[data-conversation] [data-message-id]')?.dataset.messageId
  const readable = () => [...document.querySelectorAll('[data-conversation] iframe')].some((frame) => !frame.classList.contains('opacity-0')) ? first() : undefined
  globalThis.paint = {
    clear: () => [answered, ...Object.values(samples)].forEach((list) => (list.length = 0)),
    // Event timing leaves out what took less than 16 ms.
    taken: () => ({ list: answered.map((pressed) => durations.get(pressed) ?? 16), ...samples }),
  }
  new PerformanceObserver((list) => {
    for (const { name, startTime, duration } of list.getEntries()) if (name === 'keydown') durations.set(startTime, duration)
  }).observe({ type: 'event', durationThreshold: 16 })
  let opened = null
  new PerformanceObserver((list) => {
    for (const { renderTime } of list.getEntries()) {
      if (opened === null || renderTime < opened) continue
      samples.open.push(renderTime - opened)
      opened = null
    }
  }).observe({ type: 'element' })
  addEventListener('keydown', ({ key, timeStamp }) => {
    if (key === 'Control') return
    waits.list = { from: timeStamp, was: active() }
    waits.open = { from: timeStamp, was: first() }
    waits.text = { from: timeStamp, was: readable() ?? first() }
    opened = null
  }, { capture: true })
  new MutationObserver(() => {
    if (waits.list !== null && active() !== waits.list.was) {
      answered.push(waits.list.from)
      waits.list = null
    }
    if (waits.open !== null && first() !== undefined && first() !== waits.open.was) {
      opened = waits.open.from
      waits.open = null
      document.querySelector('[data-conversation] h1').setAttribute('elementtiming', 'head')
    }
    if (waits.text !== null && readable() !== undefined && readable() !== waits.text.was) {
      const { from } = waits.text
      waits.text = null
      // A task begun in this frame runs after its painting.
      requestAnimationFrame(() => {
        const after = new MessageChannel()
        after.port1.onmessage = () => samples.text.push(performance.now() - from)
        after.port2.postMessage(null)
      })
    }
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['class', 'data-active'] })
}`

const whats: Readonly<Record<string, string>> = { list: 'the list answers', open: 'the next is open', text: 'its text is there' }
await page.evaluate(watching)
console.log(`${messages.toLocaleString('en')} messages, ${listed.toLocaleString('en')} unread in the inbox, ${String(cpus().length)} cores, ${process.version}`)

// As fast as somebody decides who reads the subject, then faster than anybody does, then a key held down.
await measure('archive, two a second', 'e', times, 500)
await measure('archive, four a second', 'e', times, 250)
await measure('archive, key held down', 'e', Math.min(60, times), 60)
await measure('next conversation, four a second', 'j', times, 250)
await measure('undo of an archive, two a second', 'Control+z', 40, 500)

await chrome.close()
child.kill('SIGTERM')
await new Promise((ended) => child.once('exit', ended))
await dovecot.stop()
await dovecot.dispose()
if (values.dir === undefined) rmSync(home, { recursive: true, force: true })
process.exit(0)

async function addAccount(on: Page): Promise<void> {
  await on.getByRole('button', { name: 'Add your mailbox' }).click()
  await on.getByLabel('E-mail address', { exact: true }).fill('bench@bench.example')
  await on.getByLabel('Password', { exact: true }).fill(who.password)
  await on.getByRole('button', { name: /^Server settings/ }).click()
  await on.getByLabel('IMAP server', { exact: true }).fill(dovecot.host)
  await on.getByLabel('Port', { exact: true }).fill(String(dovecot.tlsPort))
  await on.getByLabel('User name', { exact: true }).fill(who.user)
  await on.getByRole('button', { name: /^Sending/ }).click()
  await on.getByRole('switch', { name: 'Send mail from this mailbox' }).click()
  await on.getByRole('button', { name: /^(Add mailbox|Check again)$/ }).click()
  await on.getByRole('button', { name: `Trust this certificate for ${dovecot.host}` }).click()
  await on.getByText('bench@bench.example is here.').waitFor()
}

async function measure(name: string, key: string, presses: number, pauseMs: number): Promise<void> {
  await page.evaluate('globalThis.paint.clear()')
  for (let at = 0; at < presses; at++) {
    const next = sleep(pauseMs)
    await page.press(key)
    await next
  }
  await sleep(1000)
  const taken = (await page.evaluate('globalThis.paint.taken()')) as Record<string, number[]>
  for (const [kind, samples] of Object.entries(taken)) {
    const sorted = samples.toSorted((a, b) => a - b)
    // What the next key overtook was not seen in time, which is worse than anything seen.
    const at = (share: number): string => {
      const ms = sorted[Math.min(presses - 1, Math.floor(presses * share))]
      return (ms === undefined ? 'not seen' : `${ms.toFixed(0)} ms`).padStart(8)
    }
    console.log(`${`${name}: ${whats[kind] ?? kind}`.padEnd(56)} p50 ${at(0.5)}   p95 ${at(0.95)}   p99 ${at(0.99)}   max ${at(1)}   ${String(sorted.length)} of ${String(presses)} seen`)
  }
}
