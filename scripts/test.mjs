// `npm test`: everything there is to check, in order, up to the first failure. The last line says how many tests passed
// and failed. `--only STEP` runs single steps; what follows it is handed to their program, as in
// `npm test -- --only unit db/queries`.
import { spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { needNewNode } from './node-version.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
needNewNode(root, 'npm test')

const { build } = await import('./build.mjs')
const { importsIn } = await import('./bundle-imports.ts')
const { findElectron } = await import('./electron-binary.ts')
const { NOTHING, playwrightTotals, sum, vitestTotals } = await import('./test-totals.ts')

const UNIT_REPORT = join(root, 'test-results', 'vitest.json')
const STORY_REPORT = join(root, 'test-results', 'playwright.json')

const tool = (...path) => join(root, 'node_modules', ...path)

/** Each step resolves with true when all is well. Steps with a report also say what became of their tests. */
const STEPS = [
  { name: 'types', what: 'Type check', run: (more) => node(tool('typescript', 'bin', 'tsc'), '-b', ...more) },
  { name: 'lint', what: 'Lint', run: () => npm('run', '--silent', 'lint') },
  {
    name: 'unit',
    what: 'Unit and integration tests',
    needs: ['Dovecot'],
    run: (more) => node(tool('vitest', 'vitest.mjs'), 'run', ...more),
    report: UNIT_REPORT,
    totals: vitestTotals,
  },
  { name: 'build', what: 'Build', run: () => build(root, { evenIfFresh: true }) },
  { name: 'bundle', what: 'Bundle of the Node host', run: () => build(root) && nodeHostIsFreeOfElectron() },
  {
    name: 'e2e',
    what: 'Stories in a browser',
    needs: ['Dovecot', 'Chromium'],
    run: async (more) => build(root) && (await node(tool('@playwright', 'test', 'cli.js'), 'test', ...more)),
    report: STORY_REPORT,
    totals: playwrightTotals,
  },
]

const { values, positionals } = readArguments()
const chosen = values.only === undefined ? STEPS : STEPS.filter((step) => values.only.includes(step.name))
let running = null
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    running?.kill(signal)
    process.exitCode = 130
  })
}

const started = Date.now()
let totals = NOTHING
let stopped = null

const needs = new Set(chosen.flatMap((step) => step.needs ?? []))
if (needs.size > 0) {
  const { ensurePrerequisites, NEEDS } = await import('./prerequisites.mjs')
  if (!(await ensurePrerequisites(NEEDS.filter((each) => needs.has(each.name))))) stopped = 'prerequisites are missing'
}

for (const step of stopped === null ? chosen : []) {
  const stepStarted = Date.now()
  console.log(`\n${step.what}`)
  if (step.report !== undefined) rmSync(step.report, { force: true })
  const well = (await step.run(positionals)) && process.exitCode === undefined
  const counted = step.totals?.(step.report) ?? NOTHING
  totals = sum(totals, counted)
  console.log(`${step.what}: ${well ? 'well' : 'FAILED'}, ${seconds(stepStarted)}`)
  if (well) continue
  stopped = `${step.what} failed`
  // A check that is not a test, or a test run that broke outside its tests, is a failure too.
  if (counted.failed === 0) totals = sum(totals, { passed: 0, failed: 1, skipped: 0 })
  break
}

console.log('')
if (stopped !== null) {
  const left = chosen.slice(chosen.findIndex((step) => stopped.startsWith(step.what)) + 1)
  console.log(`Stopped: ${stopped}.${left.length > 0 ? ` Not run: ${left.map((step) => step.what.toLowerCase()).join(', ')}.` : ''}`)
}
for (const why of leftOut()) console.log(`Left out: ${why}`)
console.log(`Took ${seconds(started)}.`)
console.log(`${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}`)
process.exitCode ??= stopped === null ? 0 : 1

function readArguments() {
  const names = STEPS.map((step) => step.name)
  try {
    const parsed = parseArgs({ options: { only: { type: 'string', multiple: true } }, allowPositionals: true })
    const only = parsed.values.only?.flatMap((each) => each.split(','))
    const unknown = only?.filter((each) => !names.includes(each)) ?? []
    if (unknown.length > 0) throw new Error(`there is no step ${unknown.join(', ')}`)
    if (parsed.positionals.length > 0 && only?.length !== 1) throw new Error('further words need exactly one step, as in --only unit')
    return { values: { only }, positionals: parsed.positionals }
  } catch (error) {
    console.error(`${error.message}\nUsage: npm test -- [--only ${names.join('|')}] [words for that step's program]`)
    process.exit(2)
  }
}

function node(...args) {
  return run(process.execPath, args)
}

function npm(...args) {
  // npm tells its scripts where it is itself; outside npm the PATH has to do.
  const { npm_execpath: itself } = process.env
  if (itself !== undefined && /npm-cli\.js$/.test(itself)) return node(itself, ...args)
  return run('npm', args, { shell: process.platform === 'win32' })
}

function run(file, args, options = {}) {
  return new Promise((resolve) => {
    const path = `${tool('.bin')}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`
    running = spawn(file, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, PATH: path }, ...options })
    running.once('error', (error) => {
      console.error(error.message)
      resolve(false)
    })
    running.once('exit', (code) => {
      running = null
      resolve(code === 0)
    })
  })
}

function nodeHostIsFreeOfElectron() {
  const found = importsIn(join(root, 'out', 'main', 'node.js'), ['electron', 'electron-store'])
  for (const { file, name } of found) console.error(`${relative(root, file)} imports ${name}, which only the desktop program may.`)
  return found.length === 0
}

function leftOut() {
  const why = []
  if (chosen.some((step) => step.name === 'e2e') && findElectron(root) === null) {
    why.push("the stories on the desktop program, because Electron's program is not here")
  }
  return why
}

function seconds(since) {
  return `${((Date.now() - since) / 1000).toFixed(1)} s`
}
