// From starting the built program on a filled data folder to its address, and to the first row of the inbox in Chromium.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { chromium } from '@playwright/test'

const entry = join(import.meta.dirname, '../out/main/node.js')

/** Milliseconds, the median of five; null where the program is not built or no Chromium is found. */
export async function coldStart(data: string): Promise<{ address: number; inbox: number } | null> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'
  if (!existsSync(entry) || !existsSync(executablePath)) return null
  const browser = await chromium.launch({ executablePath, chromiumSandbox: false, args: ['--disable-gpu', '--disable-background-networking', '--disable-sync', '--no-first-run'] })
  const samples: { address: number; inbox: number }[] = []
  for (let i = 0; i < 5; i++) {
    const page = await browser.newPage()
    const started = performance.now()
    const child = spawn(process.execPath, [entry, '--data', data, '--no-open', '--print-url-json'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const url = await new Promise<string>((found) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const match = /"url":\s*"([^"]+)"/.exec(line)
        if (match?.[1]) found(match[1])
      })
    })
    const address = performance.now() - started
    await page.goto(url)
    await page.locator('[role=option], [role=row]').first().waitFor()
    samples.push({ address, inbox: performance.now() - started })
    await page.close()
    child.kill('SIGTERM')
    await new Promise((ended) => child.once('exit', ended))
  }
  await browser.close()
  return samples.sort((a, b) => a.inbox - b.inbox)[2] ?? null
}
