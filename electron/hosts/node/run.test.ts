import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { socketProtocol, tokenProtocol } from '../../../shared/api/host-window.ts'
import { WebSocket } from 'ws'
import { takeFolder } from '../../core/data-folder.ts'
import { handOver } from './run.ts'

/** The command line in a process of its own, around a program that only marks when it was closed. */
const script = (root: string): string => `
  import { writeFileSync } from 'node:fs'
  import { runFromCommandLine } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'run.ts')).href)}
  const start = async (host, options) => {
    writeFileSync(host.dataDir + '/started', JSON.stringify({ sample: options.sample, version: host.version, secrets: host.secrets.strength }))
    if (process.env.FAIL) throw new Error('The database is newer than this program.')
    return { router: {}, assets: { serve: async () => ({ status: 404, headers: {}, body: '' }) }, close: async (onWait) => { if (process.env.WAIT) onWait(); writeFileSync(host.dataDir + '/closed', '') } }
  }
  await runFromCommandLine(process.argv.slice(1), start, {
    root: ${JSON.stringify(join(import.meta.dirname, '../../..'))}, rendererDir: ${JSON.stringify(root)}, migrationsDir: '', seedDir: '', parseWorkerUrl: new URL('file:///none'), indexWorkerUrl: new URL('file:///none'),
  })`

type Ended = { readonly code: number | null; readonly out: string; readonly err: string }
type Started = { readonly child: ChildProcess; readonly line: Promise<string>; readonly ended: Promise<Ended> }

describe('a run of the Node host', () => {
  let folder: string
  let data: string
  let children: ChildProcess[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shortlist-run-'))
    data = join(folder, 'data')
    mkdirSync(join(folder, 'renderer'))
    writeFileSync(join(folder, 'renderer/index.html'), 'page')
    children = []
  })
  afterEach(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) await new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL'))
    rmSync(folder, { recursive: true, force: true })
  })

  const launch = (args: readonly string[], env: Record<string, string> = {}): Started => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script(join(folder, 'renderer')), '--', ...args], {
      env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config'), XDG_DATA_HOME: join(folder, 'share'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    let out = ''
    let err = ''
    const line = new Promise<string>((resolve) => {
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        out += text
        if (out.includes('\n')) resolve(out.split('\n', 1)[0] ?? '')
      })
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, out, err })))
    return { child, line: Promise.race([line, ended.then(({ err }) => err)]), ended }
  }
  const urlIn = (line: string): string => (JSON.parse(line) as { url: string }).url
  const quietly = (): string[] => ['--data', data, '--no-open', '--print-url-json']
  const tokenWorks = (url: string): Promise<boolean> =>
    new Promise((resolve) => {
      const { origin, hash } = new URL(url)
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, [socketProtocol, tokenProtocol(hash.slice('#token='.length))], { headers: { origin } })
      socket.on('open', () => resolve(true))
      socket.on('error', () => resolve(false))
    })

  it('prints the address in one line, closes in order when asked to stop, and leaves the folder free', async () => {
    const first = launch(['--data', data, '--no-open', '--sample'])
    expect(await first.line).toMatch(/^Shortlist is ready: http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/)
    expect(JSON.parse(readFileSync(join(data, 'started'), 'utf8'))).toMatchObject({ sample: true, secrets: 'file', version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string })
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    expect(readFileSync(join(data, 'closed'), 'utf8')).toBe('')
    const second = launch(quietly())
    expect(await tokenWorks(urlIn(await second.line))).toBe(true)
  })

  it('closes while a window is open', async () => {
    const run = launch(quietly())
    expect(await tokenWorks(urlIn(await run.line))).toBe(true)
    run.child.kill('SIGINT')
    expect(await run.ended).toMatchObject({ code: 0 })
  })

  it('says that it still sends, where a person reads it', async () => {
    const run = launch(['--data', data, '--no-open'], { WAIT: '1' })
    await run.line
    run.child.kill('SIGTERM')
    expect(await run.ended).toMatchObject({ code: 0, out: expect.stringContaining('is sending your last mail') as string })
    const read = launch(quietly(), { WAIT: '1' })
    const line = await read.line
    read.child.kill('SIGTERM')
    expect(await read.ended).toMatchObject({ code: 0, out: `${line}\n`, err: '' })
  })

  it('hands a second start on the same folder over to the running one', async () => {
    const first = launch(quietly())
    const url = urlIn(await first.line)
    const second = await launch(quietly()).ended
    expect(second).toMatchObject({ code: 0, out: `${JSON.stringify({ url })}\n` })
    expect((await launch(['--data', data, '--no-open']).ended).out).toBe(`Shortlist is already running on this folder: ${url}\n`)
    const elsewhere = launch(['--data', join(folder, 'other'), '--no-open', '--print-url-json'])
    expect(urlIn(await elsewhere.line)).not.toBe(url)
  })

  it('says so when the desktop program has the folder', async () => {
    const held = takeFolder(data)
    held?.announce(null)
    expect(await launch(quietly()).ended).toMatchObject({ code: 0, out: '', err: `Shortlist already has ${data} open, in its own window.\n` })
    held?.release()
  })

  it('hands nobody over to an address where no program answers', async () => {
    const held = takeFolder(data)
    const nobody = createServer()
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve))
    const bound = nobody.address()
    const origin = `http://127.0.0.1:${String(typeof bound === 'object' ? bound?.port : 0)}`
    nobody.close()
    held?.announce({ url: `${origin}/#token=x`, alive: `${origin}/a/` })
    expect(await handOver(data, 300)).toBeNull()
    held?.announce({ url: 'http://192.0.2.1/#token=x', alive: 'http://192.0.2.1/a/' })
    expect(await handOver(data, 300)).toBeNull()
    held?.release()
  })

  it('lets exactly one of several simultaneous starts have the folder', async () => {
    const urls = await Promise.all(Array.from({ length: 4 }, async () => urlIn(await launch(quietly()).line)))
    expect(new Set(urls).size).toBe(1)
    expect(await tokenWorks(urls[0] ?? '')).toBe(true)
  })

  it('starts again at once after it was killed, with a new token', async () => {
    const first = launch(quietly())
    const url = urlIn(await first.line)
    first.child.kill('SIGKILL')
    await first.ended
    const again = urlIn(await launch(quietly()).line)
    expect(again).not.toBe(url)
    expect(await tokenWorks(again)).toBe(true)
    expect(await tokenWorks(url)).toBe(false)
  })

  it.skipIf(process.platform === 'win32')('keeps the folder and the address to its owner', async () => {
    await launch(quietly()).line
    expect(statSync(data).mode & 0o777).toBe(0o700)
    expect(statSync(join(data, 'running.json')).mode & 0o777).toBe(0o600)
    expect(statSync(join(folder, 'config/Shortlist/secrets')).mode & 0o777).toBe(0o700)
  })

  it('uses the platform folder when none is named', async () => {
    await launch(['--no-open', '--print-url-json']).line
    if (process.platform === 'linux') expect(statSync(join(folder, 'share/Shortlist')).isDirectory()).toBe(true)
  })

  it('says why it cannot start, and gives the folder back', async () => {
    expect(await launch(quietly(), { FAIL: '1' }).ended).toMatchObject({ code: 1, out: '', err: 'Shortlist could not start: The database is newer than this program.\n' })
    expect(urlIn(await launch(quietly()).line)).toContain('127.0.0.1')
  })

  it('explains its options, and what was wrong with one', async () => {
    expect(await launch(['--help']).ended).toMatchObject({ code: 0, out: expect.stringContaining('--data DIR') as string })
    expect(await launch(['--sampel']).ended).toMatchObject({ code: 2, out: '', err: expect.stringContaining("'--sampel'") as string })
    expect(await launch(['--port', '99999']).ended).toMatchObject({ code: 2, err: expect.stringContaining('--port needs a number') as string })
  })
})
