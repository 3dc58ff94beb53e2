import { existsSync, readFileSync } from 'node:fs'

export type Totals = { readonly passed: number; readonly failed: number; readonly skipped: number }

export const NOTHING: Totals = { passed: 0, failed: 0, skipped: 0 }

export function sum(a: Totals, b: Totals): Totals {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }
}

/** What vitest's JSON report says; nothing if it wrote none. A file that could not be loaded counts as one failure. */
export function vitestTotals(file: string): Totals {
  if (!existsSync(file)) return NOTHING
  const report = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly numPassedTests: number
    readonly numFailedTests: number
    readonly numPendingTests: number
    readonly numTodoTests: number
    readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[]
  }
  const unloadable = report.testResults.filter(
    (each) => each.status === 'failed' && !each.assertionResults.some((result) => result.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** What Playwright's JSON report says; nothing if it wrote none. Errors outside any test count as failures. */
export function playwrightTotals(file: string): Totals {
  if (!existsSync(file)) return NOTHING
  const { stats, errors } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly stats: { readonly expected: number; readonly unexpected: number; readonly flaky: number; readonly skipped: number }
    readonly errors: readonly unknown[]
  }
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length, skipped: stats.skipped }
}
