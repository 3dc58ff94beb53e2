// Files that go along with what a person writes, kept once by their content: <dir>/<SHA-256>, only their owner may read
// them. A file is complete before it has its name, and has its name before the database says it is here; a crash leaves
// at most bytes without a row, which the next cleaning takes away. It refuses names that are no hash.
import { createHash, randomBytes, type Hash } from 'node:crypto'
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { open, readFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Db } from '../../../db/handles.ts'
import { forgetUnusedFiles, hasStoredFile, noteStoredFile } from '../../../db/queries/stored-files.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import { FileHash, type StoredFile } from '../../../shared/model/draft.ts'

export type FileStore = {
  /** Takes a file in pieces; nothing is stored until `finish`. */
  readonly begin: (file: { readonly filename: string; readonly mimeType: string; readonly size: number }) => Promise<Incoming>
  /** Stores bytes that are all here. */
  readonly put: (file: { readonly filename: string; readonly mimeType: string; readonly bytes: Uint8Array }) => Promise<StoredFile>
  /** Null when there is no such file. */
  readonly read: (hash: FileHash) => Promise<Uint8Array | null>
  readonly has: (hash: FileHash) => boolean
  /** Deletes what nothing refers to any more; some files at a time, true when there may be more. */
  readonly clean: () => boolean
}

export type Incoming = {
  readonly received: () => number
  /** The next bytes, which begin at `offset`. Refuses gaps, overlaps and more than was announced. */
  readonly append: (offset: number, bytes: Uint8Array) => Promise<void>
  readonly finish: () => Promise<StoredFile>
  readonly cancel: () => Promise<void>
}

/** A file nobody refers to is kept this long: it may be on its way into a draft, or back by an undo. */
const unusedKeptMs = 24 * 60 * 60_000
const cleanedAtOnce = 20

export function openFileStore(options: { readonly dir: string; readonly db: Db; readonly now: () => number }): FileStore {
  const { dir, db, now } = options
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (process.platform !== 'win32') chmodSync(dir, 0o700)
  // Left by uploads that a crash cut off.
  for (const name of readdirSync(dir)) if (name.endsWith('.part')) rmSync(join(dir, name), { force: true })

  /** Names the file and notes it in one go: cleaning cannot come between. */
  const keep = (temporary: string, hash: FileHash, size: number): void => {
    renameSync(temporary, join(dir, hash))
    syncFolder(dir)
    db.write('note a stored file', (tx) => {
      noteStoredFile(tx, hash, size, now())
    })
  }

  const begin: FileStore['begin'] = async ({ filename, mimeType, size }) => {
    const temporary = join(dir, `${randomBytes(9).toString('hex')}.part`)
    const file: FileHandle = await open(temporary, 'wx', 0o600)
    const digest: Hash = createHash('sha256')
    let received = 0
    let state: 'open' | 'busy' | 'ended' = 'open'
    const cancel = async (): Promise<void> => {
      if (state === 'ended') return
      state = 'ended'
      await file.close()
      rmSync(temporary, { force: true })
    }
    const claim = (): void => {
      if (state !== 'open') throw new MailFailure('rejected', 'upload-order')
      state = 'busy'
    }
    return {
      received: () => received,
      async append(offset, bytes) {
        claim()
        try {
          if (offset !== received) throw new MailFailure('rejected', 'upload-order')
          if (received + bytes.byteLength > size) throw new MailFailure('rejected', 'upload-size')
          for (let at = 0; at < bytes.byteLength; ) at += (await file.write(bytes, at, bytes.byteLength - at)).bytesWritten
          digest.update(bytes)
          received += bytes.byteLength
        } finally {
          if (state === 'busy') state = 'open'
        }
      },
      async finish() {
        claim()
        if (received !== size) {
          state = 'open'
          throw new MailFailure('rejected', 'upload-size')
        }
        state = 'ended'
        try {
          await file.sync()
          await file.close()
          const hash = FileHash.parse(digest.digest('hex'))
          keep(temporary, hash, size)
          return { hash, filename, mimeType, size }
        } catch (error) {
          rmSync(temporary, { force: true })
          throw error
        }
      },
      cancel,
    }
  }

  return {
    begin,
    async put({ filename, mimeType, bytes }) {
      const hash = FileHash.parse(createHash('sha256').update(bytes).digest('hex'))
      const incoming = hasStoredFile(db, hash) && exists(join(dir, hash), bytes.byteLength) ? null : await begin({ filename, mimeType, size: bytes.byteLength })
      if (incoming === null) {
        db.write('note a stored file', (tx) => {
          noteStoredFile(tx, hash, bytes.byteLength, now())
        })
        return { hash, filename, mimeType, size: bytes.byteLength }
      }
      await incoming.append(0, bytes)
      return incoming.finish()
    },
    async read(hash) {
      try {
        return await readFile(join(dir, FileHash.parse(hash)))
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
        throw error
      }
    },
    has: (hash) => hasStoredFile(db, hash),
    clean() {
      const unused = db.write('forget unused files', (tx) => forgetUnusedFiles(tx, now() - unusedKeptMs, cleanedAtOnce))
      for (const hash of unused) rmSync(join(dir, hash), { force: true })
      if (unused.length > 0) return true
      // Bytes a crash left between their name and their row.
      for (const name of readdirSync(dir)) {
        const hash = FileHash.safeParse(name)
        if (hash.success && !hasStoredFile(db, hash.data) && statSync(join(dir, name)).mtimeMs < now() - unusedKeptMs) rmSync(join(dir, name), { force: true })
      }
      return false
    },
  }
}

function exists(path: string, size: number): boolean {
  return statSync(path, { throwIfNoEntry: false })?.size === size
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
