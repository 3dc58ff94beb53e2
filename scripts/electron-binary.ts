// Where Electron's program is, and how to get it if it is not there: with its own downloader, watched, because a network
// that swallows packets would otherwise keep a person waiting for minutes. Nothing here imports `electron`, which would
// start a download by itself.
import { fork } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/** Without a byte for this long, a download has failed. */
const SILENCE_MS = 5_000
/** Unpacking a hundred megabytes on a slow disk, or starting up when everything is cached, says nothing for a while. */
const WORK_MS = 120_000
const REMEMBER_MS = 24 * 3_600_000

function electronFolder(root: string): string | null {
  try {
    return dirname(createRequire(join(root, 'package.json')).resolve('electron/package.json'))
  } catch {
    return null
  }
}

/** The path of Electron's program, or null. */
export function findElectron(root: string, env: Env = process.env): string | null {
  const folder = electronFolder(root)
  if (folder === null) return null
  const elsewhere = env['ELECTRON_OVERRIDE_DIST_PATH']
  const name = read(join(folder, 'path.txt')) ?? platformName()
  const program = join(elsewhere === undefined || elsewhere === '' ? join(folder, 'dist') : elsewhere, name)
  return existsSync(program) ? program : null
}

function platformName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

export type Fetched = { readonly program: string } | { readonly program: null; readonly why: string }

type Failure = { readonly version: string; readonly at: number; readonly why: string }

/** Tries to get Electron's program. A failure is remembered for a day, so that the next start need not wait again. */
export async function fetchElectron(
  root: string,
  say: (progress: string) => void,
  { env = process.env, silenceMs = SILENCE_MS, now = Date.now }: { readonly env?: Env; readonly silenceMs?: number; readonly now?: () => number } = {},
): Promise<Fetched> {
  const folder = electronFolder(root)
  if (folder === null) return { program: null, why: 'the package electron is not installed' }
  if (env['SHORTLIST_NO_ELECTRON_DOWNLOAD'] === '1') return { program: null, why: 'SHORTLIST_NO_ELECTRON_DOWNLOAD is set' }
  const version = versionIn(folder)
  const memory = join(root, 'node_modules', '.cache', 'shortlist', 'electron-download.json')
  const earlier = readFailure(memory)
  if (earlier?.version === version && now() - earlier.at < REMEMBER_MS && now() >= earlier.at) {
    return { program: null, why: `an attempt less than a day ago failed (${earlier.why})` }
  }
  const why = await runDownloader(folder, say, env, silenceMs)
  const program = why === null ? findElectron(root, { ...env, ELECTRON_OVERRIDE_DIST_PATH: undefined }) : null
  if (program !== null) {
    rmSync(memory, { force: true })
    return { program }
  }
  const failure: Failure = { version, at: now(), why: why ?? 'the downloader left nothing behind' }
  mkdirSync(dirname(memory), { recursive: true })
  writeFileSync(memory, JSON.stringify(failure))
  return { program: null, why: failure.why }
}

/** Null when it went well, else why not. */
function runDownloader(folder: string, say: (progress: string) => void, env: Env, silenceMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    const child = fork(join(folder, 'install.js'), [], {
      execArgv: ['--import', new URL('./report-fetch.mjs', import.meta.url).href],
      env: { ...env, ELECTRON_GET_NO_PROGRESS: '1' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let complaint = ''
    let shown = -1
    let timer: NodeJS.Timeout | undefined
    const settle = (why: string | null): void => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      resolve(why)
    }
    const expectSomethingWithin = (ms: number, otherwise: string): void => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        settle(otherwise)
      }, ms)
    }
    expectSomethingWithin(WORK_MS, 'the downloader did nothing')
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text
    })
    child.on('message', (message: Progress) => {
      switch (message.kind) {
        case 'asking':
          expectSomethingWithin(silenceMs, `no answer within ${silenceMs / 1000} s`)
          return
        case 'received': {
          expectSomethingWithin(silenceMs, `the download stopped for ${silenceMs / 1000} s`)
          const percent = message.total === null ? 0 : Math.floor((message.received / message.total) * 100)
          if (Math.floor(percent / 10) !== Math.floor(shown / 10)) say(`Fetching Electron, ${percent} %`)
          shown = percent
          return
        }
        case 'unpacking':
          expectSomethingWithin(WORK_MS, 'unpacking took too long')
      }
    })
    child.once('error', (error) => {
      settle(error.message)
    })
    child.once('exit', (code) => {
      settle(code === 0 ? null : reasonIn(complaint))
    })
  })
}

type Progress =
  | { readonly kind: 'asking' | 'unpacking' }
  | { readonly kind: 'received'; readonly received: number; readonly total: number | null }

/** The downloader prints a stack; the innermost cause says most. */
function reasonIn(complaint: string): string {
  const lines = complaint.split('\n').map((line) => line.trim())
  const cause = lines.findLast((line) => /^(?:\[cause\]: )?\w*Error: /.test(line))
  return (cause ?? lines.find((line) => line !== '') ?? 'the downloader failed').replace(/^\[cause\]: /, '').replace(/^\w*Error: /, '').slice(0, 160)
}

function versionIn(folder: string): string {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly version: string }
  return about.version
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return null
  }
}

function readFailure(file: string): Failure | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Failure
  } catch {
    return null
  }
}
