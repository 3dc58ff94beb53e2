// The Host for a program without a desktop shell: settings in a file of the data folder, secrets sealed by a key file
// that lies elsewhere, the platform's openers, and no dialogs or notifications, which the browser has to itself.
import Conf from 'conf'
import { readSettings } from '../../../shared/model/settings.ts'
import { systemClock } from '../../core/clock.ts'
import { externalUrl } from '../../core/external-url.ts'
import { mayOpenFile } from '../../core/file-to-open.ts'
import type { Host, SettingsStore } from '../../core/host.ts'
import { profileId } from '../../core/private-files.ts'
import { keyFileSealer, sealedRecords } from '../../core/sealed-records.ts'
import { openWithPlatform } from './openers.ts'
import { systemSources, watchWake } from './wake.ts'

export function nodeHost(given: Pick<Host, 'version' | 'dataDir' | 'seedDir' | 'assetBase'> & { readonly secretsDir: string }): Host {
  const { secretsDir, ...rest } = given
  return {
    ...rest,
    kind: 'node',
    platform: process.platform,
    canPickFiles: false,
    secrets: sealedRecords(secretsDir, profileId(given.dataDir), keyFileSealer(secretsDir), 'file'),
    settings: settingsFile(given.dataDir),
    clock: systemClock,
    notify: () => undefined,
    openExternal: async (url) => {
      await openWithPlatform(externalUrl(url))
    },
    openFile: async (path) => (await mayOpenFile(path, given.dataDir)) && openWithPlatform(path),
    pickSavePath: () => Promise.resolve(null),
    pickSaveFolder: () => Promise.resolve(null),
    onWake: (run) => watchWake(run, systemSources),
  }
}

export function settingsFile(dir: string): SettingsStore {
  const file = new Conf({ cwd: dir, configName: 'settings', configFileMode: 0o600, clearInvalidConfig: true, accessPropertiesByDotNotation: false })
  // This process alone holds the folder, so what it wrote last is what the file says.
  let settings = readSettings(file.store)
  return {
    get: () => settings,
    set(next) {
      settings = readSettings(next)
      file.store = settings
    },
  }
}
