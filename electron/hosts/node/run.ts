// One run of the Node host from its command line to its end: takes the data folder or hands over to whoever has it,
// starts the program, serves it, opens it, and closes everything in order when asked to stop.
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { readHolder, takeFolder } from '../../core/data-folder.ts'
import { closeMs } from '../../core/host.ts'
import type { Layout, StartProgram } from '../../core/host.ts'
import { BadOption, helpText, readOptions } from '../../core/options.ts'
import type { Options } from '../../core/options.ts'
import { placesFor } from '../../core/places.ts'
import { nodeHost } from './node-host.ts'
import { openApp } from './openers.ts'
import { newKey, serve } from './server.ts'

/** How long a second start waits for the first one's address, which comes once it has started. */
const handOverMs = 15_000
/** A second request to stop after this long means: now. */
const impatientMs = 1000

export type Run = { readonly url: string; /** `onWait`: as of the program's close. */ readonly stop: (onWait?: () => void) => Promise<void> }

/** Starts on the folder; null when another process has it. */
export async function start(options: Options, startProgram: StartProgram, layout: Layout): Promise<Run | null> {
  const places = placesFor(process.platform, process.env, homedir())
  const dataDir = options.data ?? places.data
  const folder = takeFolder(dataDir)
  if (folder === null) return null
  const key = newKey()
  const closers: ((onWait?: () => void) => void | Promise<void>)[] = [() => folder.release()]
  const stop = async (onWait?: () => void): Promise<void> => {
    // Last opened, first closed: no caller is left when the program closes, and the folder is free when all is done.
    for (let close = closers.pop(); close !== undefined; close = closers.pop()) await close(onWait)
  }
  try {
    const host = nodeHost({ version: versionIn(layout.root), dataDir, seedDir: layout.seedDir, assetBase: key.assetBase, secretsDir: places.secrets })
    const program = await startProgram(host, { ...layout, sample: options.sample })
    closers.push((onWait) => program.close(onWait))
    const devServer = process.env.ELECTRON_RENDERER_URL
    const serving = await serve(program, key, { port: options.port, rendererDir: layout.rendererDir, ...(devServer ? { devServer } : {}) })
    closers.push(() => serving.close())
    folder.announce(serving)
    if (options.open) {
      closers.push(openApp(serving.url, join(dataDir, 'browser')).close)
    }
    return { url: serving.url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function versionIn(root: string): string {
  const about: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return typeof about === 'object' && about !== null && 'version' in about && typeof about.version === 'string' ? about.version : 'unknown'
}

export type HandOver = { readonly url: string | null }

/** Reaches the program that has the folder; null when it does not answer. */
export async function handOver(dataDir: string, waitMs = handOverMs): Promise<HandOver | null> {
  for (const until = Date.now() + waitMs; ; ) {
    const holder = readHolder(dataDir)
    if (holder !== null && (holder.url === null || (await isAlive(holder.alive)))) return { url: holder.url }
    if (Date.now() >= until) return null
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function isAlive(address: string | null): Promise<boolean> {
  if (address === null || !address.startsWith('http://127.0.0.1:')) return false
  try {
    return (await fetch(address, { signal: AbortSignal.timeout(2000), redirect: 'error' })).status === 204
  } catch {
    return false
  }
}

export async function runFromCommandLine(args: readonly string[], startProgram: StartProgram, layout: Layout): Promise<void> {
  let options: Options
  try {
    options = readOptions(args, process.cwd())
  } catch (error) {
    if (!(error instanceof BadOption)) throw error
    process.stderr.write(`${error.message}\n\n${helpText}`)
    process.exitCode = 2
    return
  }
  if (options.help) return void process.stdout.write(helpText)
  // Whoever reads our output may leave before we do.
  process.stdout.on('error', () => undefined)
  const tell = (sentence: string, url: string): void => void process.stdout.write(options.printUrlJson ? `${JSON.stringify({ url })}\n` : `${sentence} ${url}\n`)

  let run: Run | null
  try {
    run = await start(options, startProgram, layout)
  } catch (error) {
    process.stderr.write(`Shortlist could not start: ${error instanceof Error ? error.message : String(error)}\n`)
    // Not only the exit code: what had started may still hold the process.
    process.exit(1)
  }
  if (run === null) {
    const dataDir = options.data ?? placesFor(process.platform, process.env, homedir()).data
    const running = await handOver(dataDir)
    if (running?.url == null) {
      process.stderr.write(running === null ? `Another Shortlist has ${dataDir} open and does not answer.\n` : `Shortlist already has ${dataDir} open, in its own window.\n`)
      process.exitCode = running === null ? 1 : 0
      return
    }
    tell('Shortlist is already running on this folder:', running.url)
    if (options.open) await openApp(running.url, join(dataDir, 'browser')).opened
    return
  }
  tell('Shortlist is ready:', run.url)
  stopWhenAsked(run, () => {
    if (!options.printUrlJson) process.stdout.write('Shortlist is sending your last mail. Ask again to stop at once; what is left goes at the next start.\n')
  })
}

function stopWhenAsked(run: Run, onWait: () => void): void {
  let askedAt: number | null = null
  const stop = (): void => {
    if (askedAt !== null) {
      // One Ctrl+C arrives several times: from the terminal, forwarded by npm, raised again by a library's exit hook.
      if (Date.now() - askedAt > impatientMs) process.exit(130)
      return
    }
    askedAt = Date.now()
    setTimeout(() => process.exit(1), closeMs).unref()
    run.stop(onWait).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
}
