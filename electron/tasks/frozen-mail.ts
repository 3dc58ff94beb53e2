// The frozen bytes of mail on its way out, as files beside the database: they may be tens of megabytes, which a database
// write would hold everybody up for. A file is on the disk itself before a row names it, and goes only when no row does.
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

export type FrozenMail = {
  /** Takes a mail in pieces; gives the name to read it by. */
  readonly write: (pieces: readonly Uint8Array[]) => Promise<string>
  readonly read: (name: string) => Promise<Uint8Array>
  readonly remove: (names: readonly (string | null)[]) => Promise<void>
  /** Removes what none of these names; for a start, before anything is written. */
  readonly sweep: (named: readonly string[]) => Promise<void>
}

export function frozenMailIn(dir: string): FrozenMail {
  return {
    async write(pieces) {
      await mkdir(dir, { recursive: true, mode: 0o700 })
      const name = `${randomBytes(12).toString('base64url')}.eml`
      const file = await open(join(dir, name), 'wx', 0o600)
      try {
        for (const piece of pieces) await file.writeFile(piece)
        await file.sync()
      } finally {
        await file.close()
      }
      await syncFolder(dir)
      return name
    },
    read: (name) => readFile(join(dir, name)),
    async remove(names) {
      for (const name of names) if (name !== null) await rm(join(dir, name), { force: true })
    },
    async sweep(named) {
      const kept = new Set(named)
      const found = await readdir(dir).catch(() => [])
      for (const name of found) if (!kept.has(name) && name.endsWith('.eml')) await rm(join(dir, name), { force: true })
    },
  }
}

/** A new file's name lives in its folder. Windows has no such thing to sync. */
async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(dir, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
