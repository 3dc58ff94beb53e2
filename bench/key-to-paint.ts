// From a key press to the painted frame that shows what it did, in Chromium on a large generated mailbox: archive and
// open the next conversation, move down, undo. Prints percentiles; asserts nothing.
// Options: --messages 100000, --times 200, --dir DIR (keeps the mailbox and the synced data there for the next run).
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { chromium, type Page } from '@playwright/test'
import { startDovecot } from '../e2e/servers/dovecot.ts'
import { writeMailbox } from '../e2e/servers/generate-mail.ts'

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
const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ['--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'] })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(url)
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
await page.waitForTimeout(1500)

const whats: Readonly<Record<string, string>> = { list: 'the list answers', open: 'the next is open', text: 'its text is there' }
await watch(page)
const listed = Number((await page.getByRole('treeitem', { name: /^Inbox/ }).getAttribute('aria-label'))?.replaceAll(/\D/g, '') || 0)
console.log(`${messages.toLocaleString('en')} messages, ${listed.toLocaleString('en')} unread in the inbox, ${String(cpus().length)} cores, ${process.version}`)

// As fast as somebody decides: the next conversations are read ahead in between.
await measure('archive', 'e', times, 250)
await measure('archive, key held down', 'e', Math.min(60, times), 60)
await measure('next conversation', 'j', times, 250)
await measure('undo of an archive', 'Control+z', 40, 350)

await browser.close()
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

/**
 * In the page: times from the key event itself to the end of the frame in which the list answered (the row is gone, the
 * cursor is on another), in which the next conversation was open, and in which its text could be read.
 */
async function watch(on: Page): Promise<void> {
  await on.evaluate(`{
    globalThis.paintSamples = { list: [], open: [], text: [] }
    const first = () => document.querySelector('[data-conversation] [data-message-id]')
    const shown = {
      list: () => document.querySelector('[role="option"][data-active]')?.id,
      open: () => first()?.dataset.messageId,
      text: () => [...document.querySelectorAll('[data-conversation] iframe')].some((frame) => !frame.classList.contains('opacity-0')) ? first()?.dataset.messageId : undefined,
    }
    addEventListener('keydown', (event) => {
      if (event.key === 'Control') return
      const pressed = event.timeStamp
      for (const [kind, now] of Object.entries(shown)) {
        const before = now()
        const look = () => {
          const found = now()
          if (found === before || found === undefined) {
            if (performance.now() - pressed < 2000) requestAnimationFrame(look)
            return
          }
          // The change is in the document; a task begun in this frame runs after its painting.
          requestAnimationFrame(() => {
            const after = new MessageChannel()
            after.port1.onmessage = () => globalThis.paintSamples[kind].push(performance.now() - pressed)
            after.port2.postMessage(null)
          })
        }
        queueMicrotask(look)
      }
    }, { capture: true })
  }`)
}

async function measure(name: string, key: string, presses: number, pauseMs: number): Promise<void> {
  await page.evaluate('for (const samples of Object.values(globalThis.paintSamples)) samples.length = 0')
  for (let at = 0; at < presses; at++) {
    await page.keyboard.press(key)
    await page.waitForTimeout(pauseMs)
  }
  await page.waitForTimeout(1000)
  const taken = await page.evaluate<Record<string, number[]>>('globalThis.paintSamples')
  for (const [kind, unsorted] of Object.entries(taken)) {
    const samples = unsorted.toSorted((a, b) => a - b)
    const at = (share: number): string => `${(samples[Math.min(samples.length - 1, Math.floor(samples.length * share))] ?? Number.NaN).toFixed(1).padStart(6)} ms`
    console.log(`${`${name}: ${whats[kind] ?? kind}`.padEnd(48)} p50 ${at(0.5)}   p95 ${at(0.95)}   p99 ${at(0.99)}   max ${at(1)}   ${String(samples.length)} of ${String(presses)} seen`)
  }
}
