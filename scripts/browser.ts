import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { appBrowsers } from '../electron/hosts/node/openers.ts'

/** A Chromium for the tests: the one named in SHORTLIST_CHROMIUM, else an installed one, else Playwright's own. */
export function findBrowser(env: Readonly<Record<string, string | undefined>> = process.env): string | null {
  const named = env['SHORTLIST_CHROMIUM']
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named
    throw new Error(`SHORTLIST_CHROMIUM names ${named}, which does not exist`)
  }
  const own = chromium.executablePath()
  return appBrowsers(process.platform, env)[0] ?? (existsSync(own) ? own : null)
}
