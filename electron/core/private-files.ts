// Small files that only their owner may read, written so that a crash leaves the old or the new content, never a part.
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, linkSync, lstatSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Makes the folder, or tightens it to its owner. */
export function privateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (process.platform !== 'win32') chmodSync(path, 0o700)
}

function writeTemporary(path: string, content: Uint8Array | string): string {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const file = openSync(temporary, 'wx', 0o600)
  try {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written)
    fsyncSync(file)
  } catch (error) {
    closeSync(file)
    rmSync(temporary, { force: true })
    throw error
  }
  closeSync(file)
  return temporary
}

/** A rename is on disk only once its folder is; Windows has no such call and needs none. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

export function writePrivate(path: string, content: Uint8Array | string): void {
  const temporary = writeTemporary(path, content)
  try {
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(dirname(path))
}

/**
 * The content of a file that is written once and never again: `make` is used only if there is none yet. Two processes
 * that come at once get the same content, and a crash leaves no half-written file.
 */
export function createOnce(path: string, make: () => Uint8Array): Buffer {
  const there = readPrivate(path)
  if (there !== null) return there
  const temporary = writeTemporary(path, make())
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    rmSync(temporary, { force: true })
  }
  syncFolder(dirname(path))
  return readFileSync(path)
}

/** Null when there is no such file. A link in its place is refused; permissions that let others in are taken away. */
export function readPrivate(path: string): Buffer | null {
  try {
    const stat = lstatSync(path)
    if (!stat.isFile()) throw new Error(`${path} is not a file.`)
    if (process.platform !== 'win32' && (stat.mode & 0o077) !== 0) chmodSync(path, 0o600)
    return readFileSync(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** The folder's own lasting name, so that secrets kept elsewhere follow a data folder that is moved. */
export function profileId(dataDir: string): string {
  const id = createOnce(join(dataDir, 'profile-id'), () => Buffer.from(randomBytes(16).toString('hex'))).toString('utf8').trim()
  if (!/^[0-9a-f]{32}$/.test(id)) throw new Error('The file "profile-id" in the data folder is damaged.')
  return id
}
