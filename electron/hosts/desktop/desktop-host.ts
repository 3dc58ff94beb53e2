// The Host of the desktop program: the operating system's keychain, dialogs, notifications and power events.
import { rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { BrowserWindow, Notification, app, dialog, net, powerMonitor, safeStorage, shell } from 'electron'
import ElectronStore from 'electron-store'
import { z } from 'zod'
import { readSettings } from '../../../shared/model/settings.ts'
import type { Settings } from '../../../shared/model/settings.ts'
import { systemClock } from '../../core/clock.ts'
import { externalUrl } from '../../core/external-url.ts'
import { mayOpenFile } from '../../core/file-to-open.ts'
import type { Host, SecretStore, SettingsStore } from '../../core/host.ts'
import { profileId } from '../../core/private-files.ts'
import { keyFileSealer, sealedRecords } from '../../core/sealed-records.ts'
import type { Sealer } from '../../core/sealed-records.ts'
import { assetBase } from './guard.ts'

export type DesktopSettings = SettingsStore & {
  readonly current: () => Settings
  readonly rememberWindow: (place: NonNullable<Settings['window']>) => void
  readonly onChange: (run: (settings: Settings) => void) => void
}

export function desktopSettings(dir: string): DesktopSettings {
  const file = new ElectronStore({ cwd: dir, name: 'settings', configFileMode: 0o600, clearInvalidConfig: true, accessPropertiesByDotNotation: false })
  let settings = readSettings(file.store)
  const listeners: ((settings: Settings) => void)[] = []
  const write = (next: Settings): void => {
    settings = next
    file.store = next
  }
  return {
    get: () => settings,
    current: () => settings,
    set(next) {
      // The window's place is this host's alone; whoever else writes settings read an older one.
      write({ ...readSettings(next), window: settings.window })
      for (const listener of listeners) listener(settings)
    },
    rememberWindow: (place) => write({ ...settings, window: place }),
    onChange: (run) => void listeners.push(run),
  }
}

/** Sealed by the operating system. The record's name goes inside, since safeStorage binds none. */
const keychainSealer: Sealer = {
  seal: (name, secret) => safeStorage.encryptStringAsync(JSON.stringify({ name, secret })),
  async open(name, sealed) {
    const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(sealed)
    const record = z.object({ name: z.literal(name), secret: z.string() }).parse(JSON.parse(result))
    return { secret: record.secret, sealAgain: shouldReEncrypt }
  },
}

/**
 * The keychain where there is one. Where Linux offers only 'basic_text', a key that every program knows, our own key
 * file is used instead and the strength says 'weak', so that the person is warned. A record made while there was no
 * keychain, or by the Node host, moves into the keychain when it is first read.
 */
export async function desktopSecrets(dir: string, profile: string): Promise<SecretStore> {
  const unprotected = process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())
  const available = !unprotected && (await safeStorage.isAsyncEncryptionAvailable())
  const byKeyFile = sealedRecords(dir, profile, keyFileSealer(dir), 'weak')
  if (!available) return byKeyFile
  const inKeychain = sealedRecords(join(dir, 'keychain'), profile, keychainSealer, 'keychain')
  return {
    strength: 'keychain',
    async get(name) {
      const kept = await inKeychain.get(name)
      if (kept !== null) return kept
      const earlier = await byKeyFile.get(name)
      if (earlier === null) return null
      await inKeychain.set(name, earlier)
      await byKeyFile.remove(name)
      return earlier
    },
    async set(name, secret) {
      await inKeychain.set(name, secret)
      await byKeyFile.remove(name)
    },
    async remove(name) {
      await inKeychain.remove(name)
      await byKeyFile.remove(name)
    },
  }
}

/** Windows asks before it runs, and Office protects, what carries this mark of the Internet. */
export async function markAsReceived(path: string): Promise<void> {
  if (process.platform === 'win32') await writeFile(`${path}:Zone.Identifier`, '[ZoneTransfer]\r\nZoneId=3\r\n').catch(() => undefined)
}

export async function desktopHost(given: {
  readonly dataDir: string
  readonly seedDir: string
  readonly secretsDir: string
  readonly settings: DesktopSettings
  readonly show: () => void
}): Promise<Host> {
  const { dataDir, seedDir, settings, show } = given
  await rm(join(dataDir, draggedFolder), { recursive: true, force: true })
  // Without a reference the notification and its click are collected.
  const shown = new Set<Notification>()
  return {
    kind: 'desktop',
    version: app.getVersion(),
    platform: process.platform,
    assetBase,
    canPickFiles: true,
    dataDir,
    seedDir,
    secrets: await desktopSecrets(given.secretsDir, profileId(dataDir)),
    settings,
    clock: systemClock,
    notify({ title, body, open }) {
      if (!Notification.isSupported()) return
      const notification = new Notification({ title, body })
      shown.add(notification)
      notification.once('click', () => {
        shown.delete(notification)
        show()
        open()
      })
      notification.once('close', () => shown.delete(notification))
      notification.show()
    },
    openExternal: (url) => shell.openExternal(externalUrl(url)),
    async openFile(path) {
      if (!(await mayOpenFile(path, dataDir))) return false
      await markAsReceived(path)
      return (await shell.openPath(path)) === ''
    },
    async pickSavePath(suggestedName) {
      const options = { defaultPath: join(app.getPath('downloads'), basename(suggestedName)) }
      const [window] = BrowserWindow.getAllWindows()
      const { canceled, filePath } = await (window ? dialog.showSaveDialog(window, options) : dialog.showSaveDialog(options))
      return canceled || filePath === '' ? null : filePath
    },
    async pickSaveFolder() {
      const options = { defaultPath: app.getPath('downloads'), properties: ['openDirectory' as const, 'createDirectory' as const] }
      const [window] = BrowserWindow.getAllWindows()
      const { canceled, filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
      return canceled ? null : (filePaths[0] ?? null)
    },
    onWake(run) {
      const resume = (): void => run('resume')
      powerMonitor.on('resume', resume)
      powerMonitor.on('unlock-screen', resume)
      let online = net.isOnline()
      const timer = setInterval(() => {
        const now = net.isOnline()
        if (now && !online) run('online')
        online = now
      }, 5000)
      return () => {
        powerMonitor.off('resume', resume)
        powerMonitor.off('unlock-screen', resume)
        clearInterval(timer)
      }
    },
  }
}

/** Files on their way out of the window, under the data folder; emptied at every start. */
export const draggedFolder = 'dragged'
