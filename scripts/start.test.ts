import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const HERE = fileURLToPath(new URL('..', import.meta.url))
const isRoot = process.getuid?.() === 0

let root: string

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** A project with the real start script, but a build tool and hosts that only say what they were asked to do. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'shortlist-start-'))
  chmodSync(root, 0o755)
  cpSync(join(HERE, 'scripts'), join(root, 'scripts'), { recursive: true })
  cpSync(join(HERE, 'electron', 'core', 'options.ts'), join(root, 'electron', 'core', 'options.ts'))
  put('package.json', '{"type":"module"}')
  put('shared/word.ts', 'export const word = 1')
  put('node_modules/electron-vite/package.json', '{}')
  put(
    'node_modules/electron-vite/bin/electron-vite.js',
    `const { mkdirSync, writeFileSync } = require('node:fs')
     for (const file of ['out/main/node.js', 'out/main/desktop.js', 'out/preload/preload.cjs', 'out/renderer/index.html']) {
       mkdirSync(require('node:path').dirname(file), { recursive: true })
       writeFileSync(file, file.endsWith('node.js') ? \`${NODE_HOST}\` : '')
     }`,
  )
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

const NODE_HOST = `
  process.on('SIGTERM', () => { console.log('ASKED TO STOP'); process.exit(3) })
  console.log('NODE HOST ' + JSON.stringify(process.argv.slice(2)))
  if (process.argv.includes('--sample')) process.exit(7)
  setInterval(() => {}, 1000)`

const environment = (extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => {
  const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env
  return { ...env, SHORTLIST_NO_ELECTRON_DOWNLOAD: '1', ...extra }
}
type Ended = { readonly status: number | null; readonly out: string; readonly err: string }
const start = (...args: readonly string[]): Ended => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts', 'start.mjs'), ...args], {
    encoding: 'utf8',
    env: environment(),
  })
  return { status, out: stdout, err: stderr }
}

describe('npm start', () => {
  it('lists the options without building anything', () => {
    const { status, out, err } = start('--help')
    expect(status).toBe(0)
    expect(out).toContain('--sample')
    expect(err).toBe('')
  })

  it('refuses an option it does not know', () => {
    expect(start('--simple')).toMatchObject({ status: 2, out: '', err: expect.stringContaining('--simple') as string })
  })

  it('builds when there is something to build, and hands on options and exit code', () => {
    expect(start('--sample', '--data', 'x')).toMatchObject({
      status: 7,
      out: 'NODE HOST ["--sample","--data","x"]\n',
      err: expect.stringContaining('Building') as string,
    })
    expect(start('--sample').err).not.toContain('Building')
    put('shared/word.test.ts', 'a test is no source of the program')
    expect(start('--sample').err).not.toContain('Building')
    put('shared/word.ts', 'export const word = 12')
    expect(start('--sample').err).toContain('the sources changed')
    rmSync(join(root, 'out', 'renderer', 'index.html'))
    expect(start('--sample').err).toContain('Building')
  })

  it('says in one line why it runs in a browser, unless that was asked for', () => {
    start('--sample')
    expect(start('--sample').err.trim().split('\n')).toEqual([expect.stringMatching(/^Shortlist runs in a browser window this time: /)])
    expect(start('--sample', '--no-open').err).toBe('')
    expect(start('--sample', '--port', '0', '--print-url-json').err).toBe('')
  })

  it('does not start what could not be built', () => {
    put('node_modules/electron-vite/bin/electron-vite.js', 'console.error("no such word"); process.exit(1)')
    const { status, err, out } = start('--sample')
    expect(status).toBe(1)
    expect(out).toBe('')
    expect(err).toContain('no such word')
  })

  it('passes a signal on and waits for an orderly end', async () => {
    start('--sample')
    const child = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), '--no-open'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: environment(),
    })
    let out = ''
    const ready = new Promise<void>((resolve) => {
      child.stdout.on('data', (text: Buffer) => {
        out += text.toString()
        if (out.includes('NODE HOST')) resolve()
      })
    })
    await ready
    child.kill('SIGTERM')
    const [code] = (await once(child, 'close')) as [number | null]
    expect(code).toBe(3)
    expect(out).toContain('ASKED TO STOP')
  })

  it.skipIf(process.platform === 'win32')('ends when npm and its shell were ended', async () => {
    start('--sample')
    const shell = spawn('/bin/sh', ['-c', `"${process.execPath}" "${join(root, 'scripts', 'start.mjs')}" --no-open; true`], {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: environment({ npm_lifecycle_event: 'start' }),
    })
    let out = ''
    shell.stdout.on('data', (text: Buffer) => {
      out += text.toString()
      if (out.includes('NODE HOST')) shell.kill('SIGTERM')
    })
    // The pipe closes when the last process that could write to it has ended.
    await once(shell.stdout, 'close')
    expect(out).toContain('ASKED TO STOP')
  })

  it.skipIf(process.platform !== 'linux')("runs Electron's program on the project where there is one and a display", async () => {
    start('--sample')
    const program = join(root, 'electron-elsewhere', 'electron')
    put('electron-elsewhere/electron', '#!/bin/sh\necho "ELECTRON $*"\nexit 5\n')
    chmodSync(program, 0o755)
    put('node_modules/electron/package.json', '{"name":"electron","version":"45.0.0"}')
    const child: ChildProcess = spawn(process.execPath, [join(root, 'scripts', 'start.mjs'), '--data', 'y'], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment({ DISPLAY: ':77', ELECTRON_OVERRIDE_DIST_PATH: dirname(program) }),
      // The desktop program is not for root.
      ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
    })
    let out = ''
    child.stdout?.on('data', (text: Buffer) => {
      out += text.toString()
    })
    const [code] = (await once(child, 'close')) as [number | null]
    expect(out).toBe(`ELECTRON ${root} --data y\n`)
    expect(code).toBe(5)
  })
})
