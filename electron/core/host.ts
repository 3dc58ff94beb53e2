// What the program needs from whatever runs it, and what a host needs of the program. Three implementations of Host:
// desktop, node, and the one tests make.
import { fileURLToPath } from 'node:url'
import type { Router } from '@orpc/server'
import type { Contract } from '../../shared/api/contract.ts'
import type { Assets } from './assets.ts'

export type SecretStore = {
  /** Where secrets are kept, for the person: 'keychain', 'file' (a key file beside the data protects only against copying
   *  the database alone) or 'weak' (the operating system offers no real protection). */
  readonly strength: 'keychain' | 'file' | 'weak'
  readonly get: (name: string) => Promise<string | null>
  readonly set: (name: string, secret: string) => Promise<void>
  readonly remove: (name: string) => Promise<void>
}

export type Clock = {
  readonly now: () => number
  /** Runs once after `ms`; returns a function that cancels it. */
  readonly after: (ms: number, run: () => void) => () => void
}

export type SettingsStore = {
  readonly get: () => unknown
  readonly set: (settings: unknown) => void
}

export type Host = {
  readonly kind: 'desktop' | 'node' | 'test'
  readonly version: string
  /** Node's word: 'darwin', 'win32', 'linux'. */
  readonly platform: string
  /** Where the page finds Assets on its own origin: a path that ends in '/'. */
  readonly assetBase: string
  /** False where there are no dialogs to pick files with; the renderer then downloads. */
  readonly canPickFiles: boolean
  readonly dataDir: string
  readonly seedDir: string
  readonly secrets: SecretStore
  readonly settings: SettingsStore
  readonly clock: Clock
  /** Shows a notification; `open` runs when the person clicks it. A host without notifications does nothing. */
  readonly notify: (note: { readonly title: string; readonly body: string; readonly open: () => void }) => void
  /** Opens an http, https, mailto or tel URL outside the program. */
  readonly openExternal: (url: string) => Promise<void>
  /** Opens a file written by the program with the operating system's own program for it. False where the host cannot. */
  readonly openFile: (path: string) => Promise<boolean>
  /** Asks where to save; null when the person cancels or the host has no dialogs (then the renderer downloads instead). */
  readonly pickSavePath: (suggestedName: string) => Promise<string | null>
  readonly pickSaveFolder: () => Promise<string | null>
  /** Calls back when the network comes back or the computer wakes; returns a function that stops it. */
  readonly onWake: (run: (why: 'online' | 'resume') => void) => () => void
}

/** The started program as its host sees it. */
export type HostedProgram = {
  readonly router: Router<Contract, Record<string, never>>
  readonly assets: Assets
  /** Sends what was sent and not yet gone, for some seconds at most, then ends. `onWait` is called when that takes over a second. */
  readonly close: (onWait?: () => void) => Promise<void>
}

/** The longest a program may take to close, milliseconds: what is on its way is waited for first. */
export const closeMs = 30_000

export type StartProgram = (host: Host, options: { readonly sample: boolean; readonly parseWorkerUrl: URL; readonly indexWorkerUrl: URL; readonly migrationsDir: string }) => Promise<HostedProgram>

/** Where a built program's files lie. */
export type Layout = {
  /** The folder of package.json. */
  readonly root: string
  readonly rendererDir: string
  readonly migrationsDir: string
  readonly seedDir: string
  readonly parseWorkerUrl: URL
  readonly indexWorkerUrl: URL
}

/** From the address of a host's built entry, out/main/<host>.js. */
export function layoutAround(entry: string): Layout {
  const at = (path: string): string => fileURLToPath(new URL(path, entry))
  return { root: at('../..'), rendererDir: at('../renderer'), migrationsDir: at('migrations'), seedDir: at('seed'), parseWorkerUrl: new URL('parse-worker.js', entry), indexWorkerUrl: new URL('index-worker.js', entry) }
}
