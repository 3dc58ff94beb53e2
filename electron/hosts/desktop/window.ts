// The one window: where it stood last time, as far as the screens of today allow, and up again after a crash.
import { BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import type { Rectangle } from 'electron'
import type { Settings } from '../../../shared/model/settings.ts'
import { appOrigin } from './guard.ts'

type Place = NonNullable<Settings['window']>

const usual = { width: 1280, height: 820 }
const least = { width: 760, height: 480 }
/** A page that crashes more often than this in a minute is not reloaded again. */
const crashesAllowed = 3

/** The remembered rectangle, moved and shrunk into the screen it overlaps most. */
export function placeOn(area: Rectangle, remembered: Rectangle): Rectangle {
  const width = Math.min(Math.max(remembered.width, least.width), area.width)
  const height = Math.min(Math.max(remembered.height, least.height), area.height)
  const within = (value: number, from: number, room: number): number => Math.round(Math.min(Math.max(value, from), from + room))
  return { x: within(remembered.x, area.x, area.width - width), y: within(remembered.y, area.y, area.height - height), width: Math.round(width), height: Math.round(height) }
}

export function openWindow(given: { readonly preload: string; readonly remembered: Place | null; readonly remember: (place: Place) => void }): BrowserWindow {
  const { preload, remembered, remember } = given
  const bounds = remembered === null ? usual : placeOn(screen.getDisplayMatching(remembered).workArea, remembered)
  const window = new BrowserWindow({
    ...bounds,
    minWidth: least.width,
    minHeight: least.height,
    title: 'Shortlist',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181b' : '#ffffff',
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (remembered?.maximized === true) window.maximize()
    window.show()
  })

  let timer: NodeJS.Timeout | null = null
  const save = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (!window.isDestroyed()) remember({ ...window.getNormalBounds(), maximized: window.isMaximized() })
  }
  const saveSoon = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = setTimeout(save, 500)
  }
  window.on('resize', saveSoon)
  window.on('move', saveSoon)
  window.on('close', save)

  const crashes: number[] = []
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return
    const now = Date.now()
    crashes.push(now)
    if (crashes.filter((at) => now - at < 60_000).length <= crashesAllowed) window.webContents.reload()
    else dialog.showErrorBox('Shortlist', `The window keeps stopping (${details.reason}). Your mail is safe. Please quit and start again.`)
  })
  void window.loadURL(`${appOrigin}/index.html`)
  return window
}
