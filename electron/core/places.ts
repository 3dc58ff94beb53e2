// Where things lie on each platform. Both hosts share the folders, so that a recruiter who starts with one host finds
// the same mail in the other.
import { posix, win32 } from 'node:path'

export type Places = {
  /** The default data folder: database, settings, attachments. */
  readonly data: string
  /** Keys and sealed secrets, apart from the data so that a copy of the data alone opens nothing. */
  readonly secrets: string
}

export function placesFor(platform: string, env: Readonly<Record<string, string | undefined>>, home: string): Places {
  switch (platform) {
    case 'win32':
      return {
        data: win32.join(env.LOCALAPPDATA ?? win32.join(home, 'AppData', 'Local'), 'Shortlist'),
        secrets: win32.join(env.APPDATA ?? win32.join(home, 'AppData', 'Roaming'), 'Shortlist', 'Secrets'),
      }
    case 'darwin':
      return {
        data: posix.join(home, 'Library', 'Application Support', 'Shortlist'),
        secrets: posix.join(home, 'Library', 'Preferences', 'Shortlist', 'Secrets'),
      }
    default:
      return {
        data: posix.join(absolute(env.XDG_DATA_HOME) ?? posix.join(home, '.local', 'share'), 'Shortlist'),
        secrets: posix.join(absolute(env.XDG_CONFIG_HOME) ?? posix.join(home, '.config'), 'Shortlist', 'secrets'),
      }
  }
}

/** The XDG specification has relative paths ignored. */
function absolute(path: string | undefined): string | null {
  return path !== undefined && posix.isAbsolute(path) ? path : null
}
