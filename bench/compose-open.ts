// From a key to an editor that takes letters, in the built program with the sample mailbox: a new message and a reply, the
// first of a window and those after it. A field counts as usable in the first frame after it has the focus. Milliseconds.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium, type Page } from '@playwright/test'

const entry = join(import.meta.dirname, '../out/main/node.js')
const rounds = 12

/** Runs in the page: the time from the next key's event to the first frame after the focus is in the field. */
const watch = (field: string): string => `window.opened = new Promise((done) => {
  addEventListener('keydown', ({ timeStamp }) => {
    const look = () => {
      if (document.activeElement?.matches(${JSON.stringify(field)})) requestAnimationFrame(() => setTimeout(() => done(performance.now() - timeStamp)))
      else requestAnimationFrame(look)
    }
    look()
  }, { capture: true, once: true })
}), undefined`

async function keyToField(page: Page, key: string, field: string): Promise<number> {
  await page.evaluate(watch(field))
  await page.keyboard.press(key)
  return Number(await page.evaluate('window.opened'))
}

const percentile = (samples: readonly number[], at: number): number => samples.toSorted((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * at))] ?? 0

const dir = mkdtempSync(join(tmpdir(), 'shortlist-compose-'))
const child = spawn(process.execPath, [entry, '--sample', '--data', join(dir, 'data'), '--no-open', '--print-url-json'], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, XDG_CONFIG_HOME: join(dir, 'config') },
})
const url = await new Promise<string>((found) => {
  createInterface({ input: child.stdout }).on('line', (line) => {
    const match = /"url":\s*"([^"]+)"/.exec(line)
    if (match?.[1]) found(match[1])
  })
})
const browser = await chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', chromiumSandbox: false, args: ['--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'] })
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
await page.goto(url)
await page.locator('[role=option]').first().click()
await page.locator('iframe').first().waitFor()

const editor = '.composer-text'
const recipients = '[data-composer] [role=combobox]'
console.log('opened by             first       p50       p95   (ms, key to painted frame with the focus in the field)')
for (const [name, key, field] of [['new message (c)', 'c', recipients], ['reply (r)', 'r', editor]] as const) {
  const samples: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    samples.push(await keyToField(page, key, field))
    await page.locator('[data-composer]').getByRole('button', { name: 'Discard the draft' }).click()
    await page.locator('[data-composer]').waitFor({ state: 'detached' })
    await page.locator('[role=option]').first().click()
  }
  const [first = 0, ...others] = samples
  const shown = (value: number): string => value.toFixed(0).padStart(10)
  console.log(`${name.padEnd(18)}${shown(first)}${shown(percentile(others, 0.5))}${shown(percentile(others, 0.95))}`)
}
await browser.close()
child.kill('SIGTERM')
await new Promise((ended) => child.once('exit', ended))
rmSync(dir, { recursive: true, force: true })
