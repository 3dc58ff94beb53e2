// Opens an address or a file with what this computer has: a Chromium-like browser as an app window, or the platform's
// own opener. No shell is ever involved, and nothing here waits for a window to be closed.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { accessSync, constants, realpathSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>
type Command = { readonly file: string; readonly args: readonly string[] }

/** An opener that still runs after this long has opened something. */
const settledMs = 4000

/** Linux and the like: without a display no window can open. */
export function hasDisplay(platform: string, env: Env): boolean {
  return platform === 'win32' || platform === 'darwin' || Boolean(env.DISPLAY) || Boolean(env.WAYLAND_DISPLAY)
}

const programs: Readonly<Record<string, readonly string[]>> = {
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'].map((name) => `${name}.app/Contents/MacOS/${name}`),
  win32: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe', 'Chromium\\Application\\chrome.exe'],
  linux: ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge-stable', 'microsoft-edge', 'brave-browser'],
}

function folders(platform: string, env: Env): readonly string[] {
  const given = platform === 'darwin' ? ['/Applications', env.HOME && join(env.HOME, 'Applications')] : platform === 'win32' ? [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA] : (env.PATH ?? '').split(delimiter)
  return given.filter((folder): folder is string => Boolean(folder) && isAbsolute(folder ?? ''))
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Installed browsers that can show a page as a window of its own, the likeliest first. */
export function appBrowsers(platform: string, env: Env): readonly string[] {
  const names = programs[platform] ?? programs.linux ?? []
  return names.flatMap((name) => folders(platform, env).map((folder) => join(folder, name)).filter(canRun).slice(0, 1))
}

/** A snap may not write into hidden folders, so there the person's own browser profile has to do. */
const isSnap = (file: string): boolean => /[\\/]snap([\\/]|$)/.test(file) || realpathSync(file).endsWith('/snap')

export function appWindow(file: string, url: string, profileDir: string): Command {
  const profile = isSnap(file) ? [] : [`--user-data-dir=${profileDir}`]
  // The window is ours, so the browser has nobody to report to or sync with on its account.
  return { file, args: [`--app=${url}`, ...profile, '--no-first-run', '--no-default-browser-check', '--disable-background-networking', '--disable-sync'] }
}

function platformOpener(platform: string, target: string): Command {
  switch (platform) {
    case 'darwin':
      return { file: '/usr/bin/open', args: [target] }
    case 'win32':
      return { file: 'rundll32.exe', args: ['url.dll,FileProtocolHandler', target] }
    default:
      return { file: 'xdg-open', args: [target] }
  }
}

/** Runs the command. `began` tells whether it got to work: it ended well, or still runs after a while. */
function begin(command: Command): { readonly began: Promise<boolean>; readonly child: ChildProcess } {
  const child = spawn(command.file, command.args, { stdio: 'ignore', windowsHide: true })
  child.unref()
  const began = new Promise<boolean>((resolve) => {
    const settled = setTimeout(() => resolve(true), settledMs)
    const end = (ok: boolean): void => {
      clearTimeout(settled)
      resolve(ok)
    }
    child.once('error', () => end(false))
    child.once('exit', (code) => end(code === 0))
  })
  return { began, child }
}

/** Opens a file or an address that was checked before with the platform's program for it. False when that failed. */
export async function openWithPlatform(target: string): Promise<boolean> {
  return hasDisplay(process.platform, process.env) && begin(platformOpener(process.platform, target)).began
}

export type OpenedApp = {
  /** Settles once a window is open, or nothing more can be tried. */
  readonly opened: Promise<void>
  readonly close: () => void
}

/** Opens the app: as a window of its own where a browser can, else in the default browser. */
export function openApp(url: string, profileDir: string): OpenedApp {
  let window: ChildProcess | null = null
  let closed = false
  const open = async (): Promise<void> => {
    if (!hasDisplay(process.platform, process.env)) return
    for (const file of appBrowsers(process.platform, process.env)) {
      const { began, child } = begin(appWindow(file, url, profileDir))
      window = child
      if ((await began) || closed) return
    }
    window = null
    await openWithPlatform(url)
  }
  const close = (): void => {
    closed = true
    window?.kill()
  }
  return { opened: open(), close }
}
