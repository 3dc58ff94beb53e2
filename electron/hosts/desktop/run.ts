// The desktop program from its command line to its end: one per data folder, one window, everything closed in order.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { BrowserWindow, app, dialog, nativeTheme, protocol, session, shell } from 'electron'
import type { Tray } from 'electron'
import { appPolicy, rendererFiles, rendererFromDevServer } from '../../core/assets.ts'
import { readHolder, takeFolder } from '../../core/data-folder.ts'
import { helpText, readOptions } from '../../core/options.ts'
import type { Options } from '../../core/options.ts'
import { placesFor } from '../../core/places.ts'
import { privateFolder } from '../../core/private-files.ts'
import { closeMs } from '../../core/host.ts'
import type { Layout, StartProgram } from '../../core/host.ts'
import { channels } from './channels.ts'
import { desktopHost, desktopSettings } from './desktop-host.ts'
import { appOrigin, guardApp, guardSession, scheme } from './guard.ts'
import { localeFor, menuText } from './menu-text.ts'
import { showMenu, showTray } from './menu.ts'
import { connectPage, serveAssets } from './page.ts'
import { openWindow } from './window.ts'

const isMac = process.platform === 'darwin'

/** Runs before Electron is ready up to its first await, as the scheme and the sandbox must. */
export function runDesktop(startProgram: StartProgram, layout: Layout): void {
  let options: Options
  try {
    options = readOptions(process.argv.slice(1), process.cwd(), true)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    app.exit(2)
    return
  }
  if (options.help) {
    process.stdout.write(helpText)
    app.exit(0)
    return
  }
  const places = placesFor(process.platform, process.env, homedir())
  const dataDir = options.data ?? places.data
  privateFolder(dataDir)
  // Electron's own files go with the mail, so that its one-instance rule holds per data folder too.
  const chromiumDir = join(dataDir, 'electron')
  privateFolder(chromiumDir)
  app.setPath('userData', chromiumDir)
  app.setAppUserModelId('app.shortlist.desktop')
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }])
  guardApp()
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  app.whenReady().then(() => run(startProgram, layout, dataDir, places.secrets, options.sample)).catch(fail)
}

function fail(error: unknown): void {
  dialog.showErrorBox('Shortlist could not start', error instanceof Error ? error.message : String(error))
  app.exit(1)
}

async function run(startProgram: StartProgram, layout: Layout, dataDir: string, secretsDir: string, sample: boolean): Promise<void> {
  const folder = takeFolder(dataDir)
  if (folder === null) {
    // The other host has this folder; its page is the same app.
    const running = readHolder(dataDir)
    if (running?.url != null) await shell.openExternal(running.url)
    else dialog.showErrorBox('Shortlist', 'Another Shortlist has this data folder open.')
    app.exit(0)
    return
  }
  folder.announce(null)
  guardSession(session.defaultSession)
  const settings = desktopSettings(dataDir)
  const host = desktopHost({ dataDir, seedDir: layout.seedDir, secretsDir, settings, show: () => show() })
  const program = host.then((ready) => startProgram(ready, { ...layout, sample }))

  const devServer = app.isPackaged ? undefined : process.env.ELECTRON_RENDERER_URL
  const renderer = devServer ? rendererFromDevServer(devServer) : rendererFiles(layout.rendererDir, appPolicy([], `'self' ${appOrigin}`))
  serveAssets(session.defaultSession, renderer, program)

  const icon = (name: string): string => join(layout.root, 'out', 'icons', name)

  let quitting = false
  let closed = false
  const open = (): BrowserWindow => {
    const window = openWindow({ preload: join(layout.root, 'out', 'preload', 'preload.cjs'), remembered: settings.current().window, remember: settings.rememberWindow })
    connectPage(window.webContents, program, dataDir, icon('drag.png'))
    window.on('close', (event) => {
      if (quitting || !settings.current().tray) return
      event.preventDefault()
      window.hide()
    })
    return window
  }
  const show = (): void => {
    if (closed) return
    const window = BrowserWindow.getAllWindows()[0] ?? open()
    if (window.isMinimized()) window.restore()
    window.show()
    window.focus()
  }

  let tray: Tray | null = null
  let applied = ''
  const apply = (): void => {
    const { locale, theme, tray: wanted } = settings.current()
    // Settings are written often, e.g. while a pane is dragged; menus only when they would change.
    if (applied === JSON.stringify([locale, theme, wanted])) return
    applied = JSON.stringify([locale, theme, wanted])
    nativeTheme.themeSource = theme
    const shown = localeFor(locale, app.getLocale())
    showMenu(shown, isMac, (command) => {
      show()
      BrowserWindow.getAllWindows()[0]?.webContents.send(channels.menu, command)
    })
    tray?.destroy()
    tray = wanted ? showTray(shown, icon(isMac ? 'trayTemplate.png' : 'tray.png'), show, () => app.quit()) : null
  }
  apply()
  settings.onChange(apply)

  app.on('second-instance', show)
  app.on('activate', show)
  app.on('window-all-closed', () => {
    if (!isMac) app.quit()
  })
  app.on('before-quit', () => (quitting = true))
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    closed = true
    setTimeout(() => app.exit(1), closeMs).unref()
    const sayWhy = async (): Promise<void> => {
      const body = menuText[localeFor(settings.current().locale, app.getLocale())].sending
      ;(await host).notify({ title: 'Shortlist', body, open: () => undefined })
    }
    program
      .then((running) => running.close(() => void sayWhy()))
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        folder.release()
        app.exit(0)
      })
  })
  open()
  await program
}
