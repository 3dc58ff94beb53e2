// A data folder belongs to one running program. Whoever comes second learns how to reach the first.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { lockFolder } from '../../db/folder-lock.ts'
import { privateFolder, readPrivate, writePrivate } from './private-files.ts'

/** `url` holds the start's token, so the file is its owner's alone; null for the desktop program. */
const Holder = z.object({ pid: z.number(), url: z.string().nullable(), alive: z.string().nullable() })
export type Holder = z.infer<typeof Holder>

export type HeldFolder = {
  /** Tells those who come later where this program is. `alive` answers 204 as long as it runs. */
  readonly announce: (where: { readonly url: string; readonly alive: string } | null) => void
  readonly release: () => void
}

/** Takes the folder, making it if need be; null when another process has it. */
export function takeFolder(dir: string): HeldFolder | null {
  privateFolder(dir)
  const unlock = lockFolder(dir)
  if (unlock === null) return null
  const file = join(dir, 'running.json')
  // What a killed process left behind.
  rmSync(file, { force: true })
  return {
    announce: (where) => writePrivate(file, JSON.stringify({ pid: process.pid, url: null, alive: null, ...where } satisfies Holder)),
    release: () => {
      rmSync(file, { force: true })
      unlock()
    },
  }
}

export function readHolder(dir: string): Holder | null {
  const text = readPrivate(join(dir, 'running.json'))?.toString('utf8')
  if (text === undefined) return null
  try {
    return Holder.parse(JSON.parse(text))
  } catch {
    return null
  }
}
