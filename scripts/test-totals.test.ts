import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { playwrightTotals, vitestTotals } from './test-totals.ts'

const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-totals-'))
  mkdirSync(join(dir, 'tests'))
  symlinkSync(MODULES, join(dir, 'node_modules'))
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
})
afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

describe('the totals of a test run', () => {
  it('are those of a real run of vitest, with a file that could not be loaded as one failure', () => {
    writeFileSync(
      join(dir, 'tests', 'a.test.js'),
      `import { expect, it } from 'vitest'
       it('passes', () => {}); it('passes too', () => {}); it('fails', () => expect(1).toBe(2)); it.skip('waits', () => {}); it.todo('comes')`,
    )
    writeFileSync(join(dir, 'tests', 'b.test.js'), `throw new Error('cannot be loaded')`)
    const report = join(dir, 'report.json')
    spawnSync(process.execPath, [join(MODULES, 'vitest', 'vitest.mjs'), 'run', '--root', dir, '--reporter=json', `--outputFile=${report}`])
    expect(vitestTotals(report)).toEqual({ passed: 2, failed: 2, skipped: 2 })
  })

  it('are those of a real run of Playwright', () => {
    writeFileSync(
      join(dir, 'tests', 'a.spec.js'),
      `import { expect, test } from '@playwright/test'
       test('passes', () => {}); test('fails', () => { expect(1).toBe(2) }); test.skip('waits', () => {})`,
    )
    const report = join(dir, 'report.json')
    spawnSync(process.execPath, [join(MODULES, '@playwright', 'test', 'cli.js'), 'test', '--reporter=json', join(dir, 'tests')], {
      cwd: dir,
      env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report },
    })
    expect(playwrightTotals(report)).toEqual({ passed: 1, failed: 1, skipped: 1 })
  })

  it('are nothing where a run wrote no report', () => {
    expect(vitestTotals(join(dir, 'none.json'))).toEqual({ passed: 0, failed: 0, skipped: 0 })
    expect(playwrightTotals(join(dir, 'none.json'))).toEqual({ passed: 0, failed: 0, skipped: 0 })
  })
})
