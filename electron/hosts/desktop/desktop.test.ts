// The desktop host against a stand-in for the one package that cannot run here, 'electron'. The stand-in only keeps what
// it is told and lets a test play the operating system; everything else, files, secrets and the port, is real.
import { EventEmitter } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { MessageChannel } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { implement } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { contract } from '../../../shared/api/contract.ts'
import type { Contract } from '../../../shared/api/contract.ts'
import { menuCommands } from '../../../shared/api/host-window.ts'
import type { HostWindow } from '../../../shared/api/host-window.ts'
import { locales, readSettings } from '../../../shared/model/settings.ts'
import type { Settings } from '../../../shared/model/settings.ts'
import { plainAnswer } from '../../core/assets.ts'
import { takeFolder } from '../../core/data-folder.ts'
import { layoutAround } from '../../core/host.ts'
import type { Host, HostedProgram, Layout } from '../../core/host.ts'

type Options = Record<string, unknown>

const os = vi.hoisted(() => {
  // electron-store asks the real package for a path outside Electron; this keeps it from fetching a binary.
  process.env.ELECTRON_OVERRIDE_DIST_PATH = '/nowhere'
  return {
    calls: [] as [string, ...unknown[]][],
    instanceFree: true,
    backend: 'gnome_libsecret',
    keychain: true,
    online: true,
    picked: [] as string[],
    display: { x: 0, y: 0, width: 1920, height: 1040 },
    scheme: null as ((request: Request) => Promise<Response>) | null,
    shown: { menu: [] as unknown[], trays: 0 },
  }
})
const told = (name: string): unknown[][] => os.calls.filter(([called]) => called === name).map(([, ...args]) => args)

vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events')
  const note = (name: string) => (...args: unknown[]) => void os.calls.push([name, ...args])
  const kept = (names: readonly string[], prefix: string) => Object.fromEntries(names.map((name) => [name, note(`${prefix}.${name}`)]))

  class Contents extends EventEmitter {
    readonly ipc = new EventEmitter()
    readonly mainFrame = frame('shortlist://app', null)
    openHandler: ((details: { url: string }) => { action: string }) | null = null
    setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
      this.openHandler = handler
    }
    readonly reload = note('reload')
    readonly send = note('send')
    readonly startDrag = note('startDrag')
    readonly isDestroyed = () => false
  }
  function frame(origin: string, parent: unknown) {
    return { origin, parent, detached: false, isDestroyed: () => false, posted: [] as unknown[][], postMessage(...args: unknown[]) { this.posted.push(args) } }
  }
  class BrowserWindow extends EventEmitter {
    static all: BrowserWindow[] = []
    static getAllWindows = () => BrowserWindow.all
    readonly webContents = new Contents()
    maximized = false
    readonly options: Options
    constructor(options: Options) {
      super()
      this.options = options
      BrowserWindow.all.unshift(this)
      app.emit('web-contents-created', {}, this.webContents)
    }
    loadURL(url: string) {
      note('loadURL')(url)
      return Promise.resolve()
    }
    readonly show = note('show')
    readonly hide = note('hide')
    readonly focus = note('focus')
    readonly restore = note('restore')
    readonly isMinimized = () => false
    readonly isDestroyed = () => false
    readonly isMaximized = () => this.maximized
    maximize() { this.maximized = true }
    getNormalBounds() {
      const { x = 10, y = 20, width, height } = this.options as { x?: number; y?: number; width: number; height: number }
      return { x, y, width, height }
    }
  }
  const app = Object.assign(new EventEmitter(), kept(['enableSandbox', 'setPath', 'setAppUserModelId', 'exit'], 'app'), {
    isPackaged: false,
    whenReady: () => Promise.resolve(),
    requestSingleInstanceLock: () => os.instanceFree,
    getVersion: () => '1.2.3',
    getLocale: () => 'de-AT',
    getPath: (name: string) => `/${name}`,
    quit() {
      app.emit('before-quit', {})
      app.emit('will-quit', { preventDefault: note('app.waits') })
    },
  })
  const defaultSession = Object.assign(new EventEmitter(), kept(['setPermissionRequestHandler', 'setPermissionCheckHandler', 'setDevicePermissionHandler', 'setSpellCheckerEnabled'], 'session'), {
    webRequest: kept(['onBeforeSendHeaders', 'onHeadersReceived'], 'webRequest'),
    protocol: { handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => void (os.scheme = handler) },
  })
  class MessageChannelMain {
    readonly port1: unknown
    readonly port2: MessagePort
    constructor() {
      const { port1, port2 } = new MessageChannel()
      const main = new EventEmitter()
      port1.on('message', (data: unknown) => main.emit('message', { data }))
      port1.on('close', () => main.emit('close'))
      this.port1 = Object.assign(main, { start: () => port1.start(), close: () => port1.close(), postMessage: (data: unknown) => port1.postMessage(data) })
      this.port2 = port2
    }
  }
  const sealed = (text: string) => Buffer.from(text).map((byte) => byte ^ 0x5a)
  return {
    app,
    BrowserWindow,
    MessageChannelMain,
    session: { defaultSession },
    protocol: { registerSchemesAsPrivileged: note('schemes') },
    shell: { openExternal: (url: string) => Promise.resolve(void os.calls.push(['openExternal', url])), openPath: (path: string) => Promise.resolve((note('openPath')(path), '')) },
    dialog: {
      showErrorBox: note('errorBox'),
      showSaveDialog: (...args: unknown[]) => Promise.resolve((note('saveDialog')(...args), { canceled: os.picked.length === 0, filePath: os.picked[0] ?? '' })),
      showOpenDialog: (...args: unknown[]) => Promise.resolve((note('openDialog')(...args), { canceled: os.picked.length === 0, filePaths: os.picked })),
    },
    nativeTheme: { themeSource: 'system', shouldUseDarkColors: true },
    nativeImage: { createFromPath: (path: string) => path },
    screen: { getDisplayMatching: () => ({ workArea: os.display }) },
    powerMonitor: new EventEmitter(),
    net: { isOnline: () => os.online },
    Menu: { buildFromTemplate: (template: unknown[]) => template, setApplicationMenu: (menu: unknown[]) => void (os.shown.menu = menu) },
    Tray: class extends EventEmitter {
      constructor() {
        super()
        os.shown.trays++
      }
      readonly setToolTip = note('tip')
      readonly setContextMenu = note('trayMenu')
      destroy() { os.shown.trays-- }
    },
    Notification: class extends EventEmitter {
      static isSupported = () => true
      readonly text: Options
      constructor(text: Options) {
        super()
        this.text = text
      }
      show() { os.calls.push(['notified', this]) }
    },
    safeStorage: {
      getSelectedStorageBackend: () => os.backend,
      isAsyncEncryptionAvailable: () => Promise.resolve(os.keychain),
      encryptStringAsync: (text: string) => Promise.resolve(sealed(text)),
      decryptStringAsync: (bytes: Buffer) => Promise.resolve({ result: Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString(), shouldReEncrypt: false }),
    },
    ipcRenderer: Object.assign(new EventEmitter(), { send: note('ipc') }),
    contextBridge: { exposeInMainWorld: note('expose') },
  }
})

const electron = await import('electron')
const { runDesktop } = await import('./run.ts')
const { desktopHost, desktopSecrets, desktopSettings } = await import('./desktop-host.ts')
const { guardContents, isAppUrl } = await import('./guard.ts')
const { localeFor, menuText } = await import('./menu-text.ts')
const { dispositionName } = await import('./page.ts')
const { placeOn } = await import('./window.ts')

type Contents = EventEmitter & { readonly ipc: EventEmitter; readonly mainFrame: { posted: unknown[][] }; readonly openHandler: (details: { url: string }) => { action: string } }
type Window = EventEmitter & { readonly webContents: Contents; readonly options: Options & { readonly webPreferences: Options } }
const windows = (): Window[] => electron.BrowserWindow.getAllWindows() as unknown as Window[]
const theWindow = (): Window => windows()[0] ?? expect.fail('no window')
const event = () => ({ prevented: false, preventDefault() { this.prevented = true } })

const info = { version: '1.2.3', host: 'desktop', platform: 'linux', secrets: 'keychain', assetBase: '/a/', canPickFiles: true } as const
const asset = (path: string) =>
  path.startsWith('attachment/12/0')
    ? { status: 200, headers: { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="x"; filename*=UTF-8''CV%20%C3%85se.pdf` }, body: new Uint8Array([1, 2, 3]) }
    : path.startsWith('message/12')
      ? { status: 200, headers: { 'content-type': 'text/html', 'content-security-policy': "default-src 'none'; frame-ancestors 'self'" }, body: path }
      : plainAnswer(404, 'Not found.')

let folder: string
let dataDir: string
let layout: Layout
let closes: number
let waitsToClose: boolean
const argv = process.argv

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shortlist-desktop-'))
  dataDir = join(folder, 'data')
  mkdirSync(join(folder, 'out/renderer'), { recursive: true })
  writeFileSync(join(folder, 'out/renderer/index.html'), 'the page')
  layout = layoutAround(pathToFileURL(join(folder, 'out/main/desktop.js')).href)
  closes = 0
  waitsToClose = false
  process.argv = ['electron', '.', '--data', dataDir]
  vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'config'))
  vi.stubEnv('XDG_DATA_HOME', join(folder, 'share'))
  Object.assign(os, { instanceFree: true, backend: 'gnome_libsecret', keychain: true, online: true, picked: [], scheme: null, calls: [], shown: { menu: [], trays: 0 } })
  windows().length = 0
})
afterEach(() => {
  for (const emitter of [electron.app, electron.session.defaultSession, electron.powerMonitor] as unknown as EventEmitter[]) emitter.removeAllListeners()
  vi.unstubAllEnvs()
  process.argv = argv
  rmSync(folder, { recursive: true, force: true })
})

let started: Host | null = null
const start = async (...args: string[]): Promise<void> => {
  process.argv = [...process.argv, ...args]
  runDesktop((host, options) => {
    started = host
    os.calls.push(['started', options])
    const close = (onWait?: () => void): Promise<void> => {
      closes++
      if (waitsToClose) onWait?.()
      return Promise.resolve()
    }
    const router = { app: { info: implement(contract).app.info.handler(() => info) } }
    // Only this call is made here, so the rest of the contract is left out.
    const program = { router: router as unknown as HostedProgram['router'], assets: { serve: (path: string) => Promise.resolve(asset(path)) }, close }
    return Promise.resolve(program)
  }, layout)
  await expect.poll(() => told('started').length + told('app.exit').length).toBeGreaterThan(0)
}
const quit = async (): Promise<void> => {
  electron.app.quit()
  await expect.poll(() => told('app.exit').length).toBe(1)
}

describe('the desktop program', () => {
  it('sets up its scheme, sandbox and identity before it is ready, and opens one window with its own page', async () => {
    await start('--sample')
    const before = os.calls.slice(0, 4).map(([name]) => name)
    expect(before).toEqual(['app.setPath', 'app.setAppUserModelId', 'schemes', 'app.enableSandbox'])
    expect(told('app.setPath')).toEqual([['userData', join(dataDir, 'electron')]])
    expect(told('schemes')).toEqual([[[{ scheme: 'shortlist', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]]])
    expect(told('loadURL')).toEqual([['shortlist://app/index.html']])
    expect(told('started')).toMatchObject([[{ sample: true }]])
    expect(started).toMatchObject({ kind: 'desktop', version: '1.2.3', dataDir, canPickFiles: true, assetBase: '/a/' })
    await quit()
  })

  it('gives its page no Node, no webview and a sandbox', async () => {
    await start()
    expect(theWindow().options.webPreferences).toEqual({
      preload: join(folder, 'out/preload/preload.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    })
    await quit()
  })

  it('leaves at once when it already runs, and the running one shows its window', async () => {
    os.instanceFree = false
    await start()
    expect(told('app.exit')).toEqual([[0]])
    expect(windows()).toHaveLength(0)
    Object.assign(os, { instanceFree: true, calls: [] })
    await start()
    electron.app.emit('second-instance')
    expect(told('focus')).toHaveLength(1)
    expect(windows()).toHaveLength(1)
    await quit()
  })

  it('hands over to the other host when that has the folder', async () => {
    const held = takeFolder(dataDir)
    held?.announce({ url: 'http://127.0.0.1:1/#token=x', alive: 'http://127.0.0.1:1/a/' })
    await start()
    expect(told('openExternal')).toEqual([['http://127.0.0.1:1/#token=x']])
    expect(told('app.exit')).toEqual([[0]])
    expect(windows()).toHaveLength(0)
    held?.release()
  })

  it('says why it cannot start', async () => {
    runDesktop(() => Promise.reject(new Error('The database is newer than this program.')), layout)
    await expect.poll(() => told('errorBox')).toEqual([['Shortlist could not start', 'The database is newer than this program.']])
    expect(told('app.exit')).toEqual([[1]])
  })

  it('explains its options and leaves', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
    process.argv = ['shortlist', '--help']
    runDesktop(() => expect.fail('started'), layout)
    expect(write.mock.calls.join()).toContain('--data DIR')
    expect(told('app.exit')).toEqual([[0]])
    write.mockRestore()
  })

  it('closes the program before it ends, and gives the folder back', async () => {
    await start()
    expect(takeFolder(dataDir)).toBeNull()
    await quit()
    expect(told('app.waits')).toHaveLength(1)
    expect(closes).toBe(1)
    expect(told('app.exit')).toEqual([[0]])
    const again = takeFolder(dataDir)
    expect(again).not.toBeNull()
    again?.release()
  })
})

describe('a desktop program that has mail to send when it ends', () => {
  it('says so in the language of the program, and opens no window for a click on that', async () => {
    await start()
    waitsToClose = true
    windows().length = 0
    await quit()
    await expect.poll(() => told('notified').length).toBe(1)
    const [note] = told('notified')[0] as [EventEmitter & { readonly text: Options }]
    expect(note.text).toEqual({ title: 'Shortlist', body: menuText.de.sending })
    note.emit('click')
    expect(windows()).toHaveLength(0)
  })
})

describe('what pages may not do', () => {
  const contents = () => {
    const one = Object.assign(new EventEmitter(), { openHandler: (_details: { url: string }) => ({ action: '' }), setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) { this.openHandler = handler } })
    guardContents(one as unknown as Electron.WebContents)
    return one
  }

  it('is to open windows: links go to the browser, and nothing else goes anywhere', () => {
    const page = contents()
    for (const url of ['https://example.com/a b', 'mailto:ada@example.com', 'file:///etc/passwd', 'shortlist://app/', 'javascript:alert(1)', 'smb://host/x', 'about:blank']) {
      expect(page.openHandler({ url })).toEqual({ action: 'deny' })
    }
    expect(told('openExternal')).toEqual([['https://example.com/a%20b'], ['mailto:ada@example.com']])
  })

  it('is to navigate away, in the window or in a frame', () => {
    const page = contents()
    const navigation = (url: string, isMainFrame: boolean): boolean => {
      const details = { ...event(), url, isMainFrame }
      page.emit('will-frame-navigate', details)
      return !details.prevented
    }
    expect(navigation('shortlist://app/index.html', true)).toBe(true)
    for (const url of ['https://example.com', 'shortlist://app/a/message/12', 'shortlist://evil/', 'about:blank', 'file:///etc/passwd', 'data:text/html,x', 'blob:shortlist://app/1']) {
      expect(navigation(url, true), url).toBe(false)
    }
    for (const url of ['shortlist://app/a/message/12?images=0&theme=dark', 'blob:shortlist://app/0c1f', 'about:srcdoc', 'about:blank']) expect(navigation(url, false), url).toBe(true)
    for (const url of ['https://example.com', 'http://127.0.0.1', 'file:///etc/passwd', 'data:text/html,x', 'blob:https://example.com/1']) expect(navigation(url, false), url).toBe(false)
    const webview = event()
    page.emit('will-attach-webview', webview)
    expect(webview.prevented).toBe(true)
  })

  it('is to use devices, places, notifications or the clipboard, but to copy text from the app itself', async () => {
    await start()
    const [[ask]] = told('session.setPermissionRequestHandler') as [[(contents: null, permission: string, callback: (ok: boolean) => void, details: Options) => void]]
    const [[check]] = told('session.setPermissionCheckHandler') as [[(contents: null, permission: string, origin: string, details: Options) => boolean]]
    const [[device]] = told('session.setDevicePermissionHandler') as [[() => boolean]]
    const asked = (permission: string, requestingUrl: string, isMainFrame: boolean): boolean => {
      let answer = true
      ask(null, permission, (ok) => (answer = ok), { requestingUrl, isMainFrame })
      expect(check(null, permission, requestingUrl, { isMainFrame })).toBe(answer)
      return answer
    }
    for (const permission of ['media', 'geolocation', 'notifications', 'clipboard-read', 'openExternal', 'fullscreen', 'hid', 'usb', 'local-network-access', 'unknown']) {
      expect(asked(permission, 'shortlist://app/', true), permission).toBe(false)
    }
    expect(asked('clipboard-sanitized-write', 'shortlist://app/', true)).toBe(true)
    expect(asked('clipboard-sanitized-write', 'shortlist://app/a/message/1', false)).toBe(false)
    expect(asked('clipboard-sanitized-write', 'https://example.com/', true)).toBe(false)
    expect(device()).toBe(false)
    expect(told('session.setSpellCheckerEnabled')).toEqual([[false]])
    await quit()
  })

  it('is to download from elsewhere, to trust a bad certificate or to show one of ours', async () => {
    await start()
    const session = electron.session.defaultSession as unknown as EventEmitter
    const download = (url: string): boolean => {
      const will = event()
      session.emit('will-download', will, { getURL: () => url })
      return !will.prevented
    }
    expect(download('shortlist://app/a/attachment/12/0?download=1')).toBe(true)
    expect(download('blob:shortlist://app/12')).toBe(true)
    expect(download('https://example.com/x.exe')).toBe(false)
    const bad = event()
    const trust: unknown[] = []
    electron.app.emit('certificate-error', bad, null, 'https://x', 'ERR', {}, (ok: unknown) => trust.push(ok))
    electron.app.emit('select-client-certificate', bad, null, 'https://x', [{}], (...chosen: unknown[]) => trust.push(chosen))
    expect(trust).toEqual([false, []])
    expect(bad.prevented).toBe(true)
    await quit()
  })

  it('is to tell a sender whose picture is loaded more than that', async () => {
    await start()
    const [[filter, send]] = told('webRequest.onBeforeSendHeaders') as [[unknown, (details: Options, callback: (answer: unknown) => void) => void]]
    const [[, receive]] = told('webRequest.onHeadersReceived') as [[unknown, (details: Options, callback: (answer: unknown) => void) => void]]
    const answers: unknown[] = []
    send({ requestHeaders: { Accept: 'image/*', Cookie: 'id=1', Referer: 'shortlist://app/' } }, (answer) => answers.push(answer))
    receive({ responseHeaders: { 'Set-Cookie': ['id=2'], etag: ['x'] } }, (answer) => answers.push(answer))
    expect(filter).toEqual({ urls: ['http://*/*', 'https://*/*'] })
    expect(answers).toEqual([{ requestHeaders: { Accept: 'image/*' } }, { responseHeaders: { etag: ['x'] } }])
    await quit()
  })

  it('knows the app by scheme and host', () => {
    expect(isAppUrl('shortlist://app/index.html')).toBe(true)
    for (const url of ['shortlist://app.evil/', 'shortlist:app', 'https://app/', 'shortlist://app:80/', 'shortlist://x@app.evil/', '']) expect(isAppUrl(url), url).toBe(false)
  })
})

describe('the app scheme', () => {
  const get = async (url: string, init?: RequestInit & { readonly initiatorOrigin?: string }): Promise<Response> => {
    const request = new Request(url, init)
    return (await os.scheme?.(init?.initiatorOrigin === undefined ? request : Object.assign(request, { initiatorOrigin: init.initiatorOrigin }))) ?? expect.fail('no handler')
  }

  it('serves the page and mail, each under its policy, and nothing else', async () => {
    await start()
    const page = await get('shortlist://app/index.html')
    expect(await page.text()).toBe('the page')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self' shortlist://app; ")
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    const message = await get('shortlist://app/a/message/12?images=0&theme=dark', { initiatorOrigin: 'shortlist://app' })
    expect(await message.text()).toBe('message/12?images=0&theme=dark')
    expect(message.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'self' shortlist:")
    expect(new Uint8Array(await (await get('shortlist://app/a/attachment/12/0', { initiatorOrigin: 'null' })).arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]))
    expect((await get('shortlist://app/a/message/13')).status).toBe(404)
    expect((await get('shortlist://other/index.html')).status).toBe(404)
    expect((await get('shortlist://app/..%2f..%2fpackage.json')).status).toBe(404)
    expect((await get('shortlist://app/index.html', { method: 'POST' })).status).toBe(405)
    expect((await get('shortlist://app/a/message/12', { initiatorOrigin: 'https://evil.example' })).status).toBe(403)
    expect(await (await get('shortlist://app/index.html', { method: 'HEAD' })).text()).toBe('')
    await quit()
  })
})

describe('the port', () => {
  const connect = (senderFrame: unknown): void => void theWindow().webContents.ipc.emit('shortlist:connect', { senderFrame })
  const posted = () => theWindow().webContents.mainFrame.posted

  it('carries calls, and a newer one closes the older', async () => {
    await start()
    const { mainFrame } = theWindow().webContents
    connect(mainFrame)
    await expect.poll(() => posted().length).toBe(1)
    const [channel, , [port]] = posted()[0] as [string, null, [MessagePort]]
    expect(channel).toBe('shortlist:port')
    const api: ContractRouterClient<Contract> = createORPCClient(new RPCLink({ port }))
    expect(await api.app.info()).toEqual(info)
    const closed = new Promise((resolve) => port.once('close', resolve))
    connect(mainFrame)
    await closed
    expect(posted()).toHaveLength(2)
    ;(posted()[1] as [string, null, [MessagePort]])[2][0].close()
    await quit()
  })

  it('is given to the app page alone', async () => {
    await start()
    const strangers = [null, { origin: 'https://evil.example', parent: null }, { origin: 'null', parent: null }, { origin: 'shortlist://app', parent: theWindow().webContents.mainFrame }, { origin: 'shortlist://app.evil', parent: null }]
    for (const senderFrame of strangers) connect(senderFrame)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(posted()).toHaveLength(0)
    await quit()
  })
})

describe('dragging an attachment out', () => {
  it('offers a file with the right name, to the app page alone, and leaves none for the next start', async () => {
    await start()
    const { ipc, mainFrame } = theWindow().webContents
    ipc.emit('shortlist:drag', { senderFrame: mainFrame }, 12, 0)
    await expect.poll(() => told('startDrag').length).toBe(1)
    const [[{ file, icon }]] = told('startDrag') as [[{ file: string; icon: string }]]
    expect(basename(file)).toBe('CV Åse.pdf')
    expect(file.startsWith(join(dataDir, 'dragged'))).toBe(true)
    expect(readFileSync(file)).toEqual(Buffer.from([1, 2, 3]))
    expect(icon).toBe(join(folder, 'out/icons/drag.png'))
    for (const [senderFrame, message, index] of [[null, 12, 0], [{ origin: 'null', parent: mainFrame }, 12, 0], [mainFrame, '../12', 0], [mainFrame, 12, -1], [mainFrame, 12, '0'], [mainFrame, 1.5, 0], [mainFrame, 13, 0]]) {
      ipc.emit('shortlist:drag', { senderFrame }, message, index)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(told('startDrag')).toHaveLength(1)
    await quit()
    os.calls = []
    windows().length = 0
    await start()
    expect(existsSync(file)).toBe(false)
    await quit()
  })

  it('takes the name from the header, made safe', () => {
    expect(dispositionName('attachment; filename="a \\"b\\".pdf"')).toBe('a _b_.pdf')
    expect(dispositionName(`attachment; filename*=UTF-8''..%2F..%2Fetc%2Fpasswd`)).toBe('passwd')
    expect(dispositionName(`attachment; filename="plain.txt"; filename*=UTF-8''%E0%A4%A`)).toBe('plain.txt')
    expect(dispositionName('inline')).toBe('')
  })
})

describe('the window', () => {
  it('stands where it stood, as far as the screens allow', () => {
    const area = { x: 0, y: 25, width: 1440, height: 800 }
    expect(placeOn(area, { x: 100, y: 100, width: 1000, height: 600 })).toEqual({ x: 100, y: 100, width: 1000, height: 600 })
    expect(placeOn(area, { x: 3000, y: -500, width: 1000, height: 600 })).toEqual({ x: 440, y: 25, width: 1000, height: 600 })
    expect(placeOn(area, { x: -200, y: 0, width: 5000, height: 5000 })).toEqual({ x: 0, y: 25, width: 1440, height: 800 })
    expect(placeOn({ x: -1920, y: 0, width: 1920, height: 1080 }, { x: -1500.4, y: 10.6, width: 20, height: 20 })).toEqual({ x: -1500, y: 11, width: 760, height: 480 })
  })

  it('remembers its place over a restart, whatever older settings others write', async () => {
    await start()
    Object.assign(theWindow().options, { x: 300, y: 200, width: 900, height: 700 })
    started?.settings.set({ ...readSettings({}), theme: 'dark', window: null })
    theWindow().emit('close', event())
    expect(JSON.parse(readFileSync(join(dataDir, 'settings.json'), 'utf8'))).toMatchObject({ theme: 'dark', window: { x: 300, y: 200, width: 900, height: 700, maximized: false } })
    started?.settings.set({ ...readSettings({}), window: null })
    await quit()
    windows().length = 0
    os.calls = []
    await start()
    expect(theWindow().options).toMatchObject({ x: 300, y: 200, width: 900, height: 700 })
    await quit()
  })

  it('comes back after a crash, but not for ever', async () => {
    await start()
    const crash = (reason: string): void => void theWindow().webContents.emit('render-process-gone', {}, { reason })
    crash('clean-exit')
    expect(told('reload')).toHaveLength(0)
    for (let time = 0; time < 3; time++) crash('crashed')
    expect(told('reload')).toHaveLength(3)
    expect(told('errorBox')).toHaveLength(0)
    crash('oom')
    expect(told('reload')).toHaveLength(3)
    expect(told('errorBox')).toHaveLength(1)
    await quit()
  })

  it('hides into the tray when the person wants one, and closes when not', async () => {
    await start()
    const close = (): boolean => {
      const closing = event()
      theWindow().emit('close', closing)
      return !closing.prevented
    }
    expect(close()).toBe(true)
    expect(os.shown.trays).toBe(0)
    started?.settings.set({ ...readSettings({}), tray: true })
    expect(os.shown.trays).toBe(1)
    expect(close()).toBe(false)
    expect(told('hide')).toHaveLength(1)
    started?.settings.set({ ...readSettings({}), tray: true, panes: { inbox: [1] } })
    expect(told('trayMenu')).toHaveLength(1)
    started?.settings.set({ ...readSettings({}), tray: false })
    expect(os.shown.trays).toBe(0)
    await quit()
    expect(close()).toBe(true)
  })
})

describe('the menu', () => {
  type Item = { readonly label?: string; readonly role?: string; readonly click?: () => void; readonly submenu?: readonly Item[] }
  const items = (list: readonly Item[]): readonly Item[] => list.flatMap((item) => [item, ...items(item.submenu ?? [])])

  it('speaks the language of the program and sends its commands to the page', async () => {
    await start()
    const found = (label: string) => items(os.shown.menu as Item[]).find((item) => item.label === label)
    found('Einstellungen …')?.click?.()
    expect(told('send')).toEqual([['shortlist:menu', 'settings']])
    started?.settings.set({ ...readSettings({}), locale: 'nb' } satisfies Settings)
    expect(found('Innstillinger …')).toBeDefined()
    expect(electron.nativeTheme.themeSource).toBe('system')
    started?.settings.set({ ...readSettings({}), theme: 'dark' })
    expect(electron.nativeTheme.themeSource).toBe('dark')
    await quit()
  })

  it('has an entry for every command, and no word is missing in any language', async () => {
    await start()
    const clickable = items(os.shown.menu as Item[]).filter((item) => item.click)
    for (const item of clickable) item.click?.()
    expect(new Set(told('send').map(([, command]) => command))).toEqual(new Set(menuCommands))
    for (const locale of locales) expect(Object.values(menuText[locale]).every((word) => word.length > 0)).toBe(true)
    expect(['de-AT', 'nn-NO', 'no', 'nb_NO', 'fr', ''].map((system) => localeFor('system', system))).toEqual(['de', 'nb', 'nb', 'nb', 'en', 'en'])
    await quit()
  })
})

describe('secrets on the desktop', () => {
  const dir = (): string => join(folder, 'secrets')

  it('are sealed by the keychain, each to its name', async () => {
    const store = await desktopSecrets(dir(), 'p')
    expect(store.strength).toBe('keychain')
    await store.set('a', 'password a')
    await store.set('b', 'password b')
    expect(await store.get('a')).toBe('password a')
    expect(await store.get('c')).toBeNull()
    const records = join(dir(), 'keychain/p')
    const [first = '', second = ''] = readdirSync(records).map((name) => join(records, name))
    const swapped = [readFileSync(first), readFileSync(second)]
    writeFileSync(first, swapped[1] ?? '')
    writeFileSync(second, swapped[0] ?? '')
    expect([await store.get('a'), await store.get('b')]).toEqual([null, null])
    await store.remove('a')
    expect(readdirSync(records)).toHaveLength(1)
  })

  it.skipIf(process.platform !== 'linux')('warn that protection is weak where Linux has no keychain, and use our own key rather than one everyone knows', async () => {
    for (const [backend, keychain] of [['basic_text', true], ['unknown', true], ['gnome_libsecret', false]] as const) {
      Object.assign(os, { backend, keychain })
      const store = await desktopSecrets(dir(), backend)
      expect(store.strength, backend).toBe('weak')
      await store.set('a', 'password a')
      expect(await store.get('a')).toBe('password a')
      expect(existsSync(join(dir(), 'keychain', backend))).toBe(false)
    }
  })

  it.skipIf(process.platform !== 'linux')('move into the keychain as soon as there is one', async () => {
    os.backend = 'basic_text'
    await (await desktopSecrets(dir(), 'p')).set('a', 'password a')
    os.backend = 'kwallet6'
    const store = await desktopSecrets(dir(), 'p')
    expect(await store.get('a')).toBe('password a')
    expect(readdirSync(join(dir(), 'p'))).toEqual([])
    expect(await store.get('a')).toBe('password a')
  })
})

describe('the Host of the desktop', () => {
  const make = (show: () => void = () => undefined): Promise<Host> => {
    mkdirSync(dataDir, { recursive: true })
    return desktopHost({ dataDir, seedDir: '', secretsDir: join(folder, 'secrets'), settings: desktopSettings(dataDir), show })
  }

  it('opens outside only what is fit for it', async () => {
    const host = await make()
    await host.openExternal('https://example.com')
    await expect(Promise.resolve().then(() => host.openExternal('file:///etc/passwd'))).rejects.toMatchObject({ kind: 'rejected' })
    expect(told('openExternal')).toEqual([['https://example.com/']])
  })

  it('opens files of the data folder that do not run', async () => {
    const host = await make()
    mkdirSync(join(dataDir, 'opened'))
    for (const name of ['cv.pdf', 'setup.exe', 'run.desktop']) writeFileSync(join(dataDir, 'opened', name), 'x')
    expect(await host.openFile(join(dataDir, 'opened/cv.pdf'))).toBe(true)
    for (const path of [join(dataDir, 'opened/setup.exe'), join(dataDir, 'opened/run.desktop'), join(dataDir, 'opened'), join(dataDir, 'opened/none.pdf'), '/etc/hostname']) expect(await host.openFile(path), path).toBe(false)
    expect(told('openPath')).toEqual([[join(dataDir, 'opened/cv.pdf')]])
  })

  it('asks where to save, and takes no for an answer', async () => {
    const host = await make()
    expect(await host.pickSavePath('cv.pdf')).toBeNull()
    expect(await host.pickSaveFolder()).toBeNull()
    os.picked = ['/downloads/mine.pdf']
    expect(await host.pickSavePath('../../cv.pdf')).toBe('/downloads/mine.pdf')
    expect(told('saveDialog').at(-1)).toEqual([{ defaultPath: join('/downloads', 'cv.pdf') }])
    expect(await host.pickSaveFolder()).toBe('/downloads/mine.pdf')
  })

  it('shows a notification whose click shows the window and what it is about', async () => {
    const order: string[] = []
    const host = await make(() => order.push('window'))
    host.notify({ title: 'Ada', body: 'Application', open: () => order.push('thread') })
    const [[note]] = told('notified') as [[EventEmitter & { text: Options }]]
    expect(note.text).toEqual({ title: 'Ada', body: 'Application' })
    note.emit('click')
    expect(order).toEqual(['window', 'thread'])
  })

  it('tells of waking and of a network that is back', async () => {
    const host = await make()
    vi.useFakeTimers()
    const why: string[] = []
    const stop = host.onWake((reason) => why.push(reason))
    const power = electron.powerMonitor as unknown as EventEmitter
    power.emit('resume')
    os.online = false
    vi.advanceTimersByTime(5000)
    os.online = true
    vi.advanceTimersByTime(10_000)
    expect(why).toEqual(['resume', 'online'])
    stop()
    power.emit('resume')
    expect(why).toHaveLength(2)
    vi.useRealTimers()
  })
})

describe('the preload script', () => {
  it('gives the page a port, menu commands and dragging, and nothing of Electron', async () => {
    const page = new EventEmitter()
    const posted: unknown[][] = []
    vi.stubGlobal('window', { addEventListener: (name: string, run: () => void) => page.on(name, run), postMessage: (...args: unknown[]) => posted.push(args) })
    vi.stubGlobal('location', { origin: 'shortlist://app' })
    const ipc = electron.ipcRenderer as unknown as EventEmitter
    await import('./preload.ts')
    const [[name, host]] = told('expose') as [[string, HostWindow]]
    expect(name).toBe('shortlistHost')
    expect(Object.keys(host).sort()).toEqual(['connect', 'kind', 'onMenu', 'platform', 'startDrag'])

    page.emit('load')
    expect(told('ipc')).toEqual([['shortlist:connect']])
    const ports = ['a port']
    ipc.emit('shortlist:port', { ports })
    expect(posted).toEqual([['shortlist-port', 'shortlist://app', ports]])
    host.startDrag(12, 0)
    expect(told('ipc').at(-1)).toEqual(['shortlist:drag', 12, 0])

    const chosen: string[] = []
    const stop = host.onMenu((command) => chosen.push(command))
    ipc.emit('shortlist:menu', {}, 'settings')
    ipc.emit('shortlist:menu', {}, 'nonsense')
    stop()
    ipc.emit('shortlist:menu', {}, 'search')
    expect(chosen).toEqual(['settings'])
    vi.unstubAllGlobals()
  })

  it('asks once when the page asked before it was loaded', async () => {
    const page = new EventEmitter()
    vi.stubGlobal('window', { addEventListener: (name: string, run: () => void) => page.on(name, run), postMessage: () => undefined })
    vi.stubGlobal('location', { origin: 'shortlist://app' })
    vi.resetModules()
    await import('./preload.ts')
    const [[, host]] = told('expose') as [[string, HostWindow]]
    host.connect()
    page.emit('load')
    expect(told('ipc')).toEqual([['shortlist:connect']])
    vi.unstubAllGlobals()
  })
})
