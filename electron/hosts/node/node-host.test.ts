import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readSettings } from '../../../shared/model/settings.ts'
import type { Settings } from '../../../shared/model/settings.ts'
import { nodeHost, settingsFile } from './node-host.ts'
import { appBrowsers, appWindow, hasDisplay, openApp } from './openers.ts'
import { ownerIn } from './peer-owner.ts'
import { watchWake } from './wake.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shortlist-node-'))))
afterEach(() => {
  rmSync(folder, { recursive: true })
  vi.useRealTimers()
  vi.unstubAllEnvs()
})

describe('settings on the Node host', () => {
  it('start with the defaults, last over a restart, and are private', () => {
    const settings = settingsFile(folder)
    expect(settings.get()).toEqual(readSettings({}))
    settings.set({ ...readSettings({}), theme: 'dark', panes: { 'a.b': [20, 80] } } satisfies Settings)
    expect(settingsFile(folder).get()).toMatchObject({ theme: 'dark', panes: { 'a.b': [20, 80] } })
    if (process.platform !== 'win32') expect(statSync(join(folder, 'settings.json')).mode & 0o777).toBe(0o600)
  })

  it('survive a damaged file and bad values', () => {
    writeFileSync(join(folder, 'settings.json'), '{"theme": "da')
    expect(settingsFile(folder).get()).toEqual(readSettings({}))
    writeFileSync(join(folder, 'settings.json'), '{"theme": "purple", "density": "compact"}')
    expect(settingsFile(folder).get()).toMatchObject({ theme: 'system', density: 'compact' })
  })
})

describe('the Node host', () => {
  it('keeps a secret apart from the data folder', async () => {
    const dataDir = join(folder, 'data')
    const secretsDir = join(folder, 'secrets')
    mkdirSync(dataDir)
    const make = () => nodeHost({ version: '1', dataDir, seedDir: '', assetBase: '/a/', secretsDir })
    await make().secrets.set('account', 'correct horse')
    expect(await make().secrets.get('account')).toBe('correct horse')
    expect(make().secrets.strength).toBe('file')
    expect(readFileSync(join(dataDir, 'profile-id'), 'utf8')).toHaveLength(32)
    expect(make()).toMatchObject({ kind: 'node', canPickFiles: false })
  })

  it('opens nothing but web pages, mail and phone numbers outside, and nothing at all without a display', async () => {
    vi.stubEnv('DISPLAY', '')
    vi.stubEnv('WAYLAND_DISPLAY', '')
    mkdirSync(join(folder, 'data'))
    const host = nodeHost({ version: '1', dataDir: join(folder, 'data'), seedDir: '', assetBase: '/a/', secretsDir: join(folder, 'secrets') })
    await expect(host.openExternal('file:///etc/passwd')).rejects.toMatchObject({ kind: 'rejected' })
    if (process.platform === 'linux') {
      await host.openExternal('https://example.com')
      writeFileSync(join(folder, 'data/cv.pdf'), 'x')
      expect(await host.openFile(join(folder, 'data/cv.pdf'))).toBe(false)
    }
  })

  it.skipIf(process.platform !== 'linux')('hands an address to the opener as one argument, without a shell', async () => {
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\nprintf '%s|' "$@" > ${folder}/opened\n`)
    chmodSync(join(folder, 'xdg-open'), 0o755)
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`)
    vi.stubEnv('DISPLAY', ':0')
    mkdirSync(join(folder, 'data'))
    const host = nodeHost({ version: '1', dataDir: join(folder, 'data'), seedDir: '', assetBase: '/a/', secretsDir: join(folder, 'secrets') })
    await host.openExternal('https://example.com/?a=$(touch x);b&c=`d` "e"')
    expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe('https://example.com/?a=$(touch%20x);b&c=`d`%20%22e%22|')
    for (const name of ['cv.pdf', 'cv.desktop']) writeFileSync(join(folder, 'data', name), 'x')
    expect(await host.openFile(join(folder, 'data/cv.pdf'))).toBe(true)
    expect(readFileSync(join(folder, 'opened'), 'utf8')).toBe(`${join(folder, 'data/cv.pdf')}|`)
    expect(await host.openFile(join(folder, 'data/cv.desktop'))).toBe(false)
    expect(await host.openFile('/etc/hostname')).toBe(false)
    writeFileSync(join(folder, 'xdg-open'), '#!/bin/sh\nexit 3\n')
    expect(await host.openFile(join(folder, 'data/cv.pdf'))).toBe(false)
  })
})

describe('finding a browser', () => {
  it.skipIf(process.platform === 'win32')('takes the installed ones, the likeliest first, and gives each a profile of its own', () => {
    for (const name of ['chromium', 'google-chrome']) {
      writeFileSync(join(folder, name), '')
      chmodSync(join(folder, name), 0o755)
    }
    writeFileSync(join(folder, 'microsoft-edge'), '')
    chmodSync(join(folder, 'microsoft-edge'), 0o644)
    const found = appBrowsers('linux', { PATH: `relative:${folder}` })
    expect(found).toEqual([join(folder, 'google-chrome'), join(folder, 'chromium')])
    expect(appWindow(found[0] ?? '', 'http://127.0.0.1:1/#token=x', '/data/browser')).toEqual({
      file: join(folder, 'google-chrome'),
      args: ['--app=http://127.0.0.1:1/#token=x', '--user-data-dir=/data/browser', '--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--disable-sync'],
    })
    expect(appBrowsers('linux', {})).toEqual([])
  })

  it.skipIf(process.platform !== 'linux')('goes on to the next one, and at last to the default browser, when one does not start', async () => {
    const program = (name: string, script: string): void => {
      writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
      chmodSync(join(folder, name), 0o755)
    }
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`)
    vi.stubEnv('DISPLAY', ':0')
    for (const name of ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable', 'microsoft-edge', 'brave-browser']) program(name, `echo ${name} >> ${folder}/tried; exit 1`)
    program('xdg-open', `echo "default $1" >> ${folder}/tried`)
    await openApp('http://127.0.0.1:1/#token=x', join(folder, 'profile')).opened
    const tried = readFileSync(join(folder, 'tried'), 'utf8').trim().split('\n')
    expect([tried[0], tried.length, tried.at(-1)]).toEqual(['google-chrome-stable', 8, 'default http://127.0.0.1:1/#token=x'])
  })

  it.skipIf(process.platform !== 'linux')('closes the window it opened, and opens no other in its place', async () => {
    writeFileSync(join(folder, 'google-chrome-stable'), `#!/bin/sh\necho started > ${folder}/window\nexec sleep 60\n`)
    writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho opened > ${folder}/other\n`)
    for (const name of ['google-chrome-stable', 'xdg-open']) chmodSync(join(folder, name), 0o755)
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`)
    vi.stubEnv('DISPLAY', ':0')
    const app = openApp('http://127.0.0.1:1/', join(folder, 'profile'))
    await expect.poll(() => existsSync(join(folder, 'window'))).toBe(true)
    app.close()
    await app.opened
    expect(existsSync(join(folder, 'other'))).toBe(false)
  })

  it('needs a display on Linux only', () => {
    expect(hasDisplay('linux', {})).toBe(false)
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
    expect(hasDisplay('darwin', {})).toBe(true)
    expect(hasDisplay('win32', {})).toBe(true)
  })
})

describe('who owns a connection', () => {
  it('is read from the table of the kernel', () => {
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 65033 1 0',
      '   1: 0100007F:1F90 0100007F:C001 01 00000000:00000000 00:00000000 00000000     7        0 65034 1 0',
      '   2: 0100007F:C001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000  1000        0 65035 1 0',
    ].join('\n')
    expect(ownerIn(table, 0xc001, 0x1f90)).toBe(1000)
    expect(ownerIn(table, 0xc002, 0x1f90)).toBeNull()
  })
})

describe('waking', () => {
  it('is noticed by a late timer, and a new network by its address', () => {
    vi.useFakeTimers()
    let now = 0
    let addresses: readonly string[] = ['192.168.1.2']
    const why: string[] = []
    const stop = watchWake((reason) => why.push(reason), { everyMs: 1000, now: () => now, addresses: () => addresses })
    const pass = (ms: number) => {
      now += ms
      vi.advanceTimersByTime(1000)
    }
    pass(1000)
    pass(9000)
    expect(why).toEqual([])
    pass(3_600_000)
    expect(why).toEqual(['resume'])
    addresses = []
    pass(1000)
    expect(why).toEqual(['resume'])
    addresses = ['10.0.0.7']
    pass(1000)
    pass(1000)
    expect(why).toEqual(['resume', 'online'])
    addresses = ['10.0.0.7', 'fe80::1']
    pass(1000)
    expect(why).toEqual(['resume', 'online', 'online'])
    stop()
    addresses = ['1.2.3.4']
    pass(1000)
    expect(why).toHaveLength(3)
  })
})
