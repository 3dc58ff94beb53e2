import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Db } from '../../../db/handles.ts'
import { setFileUses } from '../../../db/queries/stored-files.ts'
import { openTestDb } from '../../../db/test-rows.ts'
import { openFileStore, type FileStore } from './file-store.ts'

let dir: string
let db: Db
let files: FileStore
let now = 0
const day = 86_400_000
const kept = (): string[] => readdirSync(join(dir, 'files'))
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-files-'))
  db = openTestDb(join(dir, 'a.db'))
  now = Date.now()
  files = openFileStore({ dir: join(dir, 'files'), db, now: () => now })
})
afterEach(async () => {
  await db.close()
  rmSync(dir, { recursive: true })
})

it('takes a file in pieces and keeps it under its hash, for its owner alone', async () => {
  const bytes = randomBytes(300_000)
  const incoming = await files.begin({ filename: 'cv.pdf', mimeType: 'application/pdf', size: bytes.length })
  await incoming.append(0, bytes.subarray(0, 100_000))
  await incoming.append(100_000, bytes.subarray(100_000))
  expect(incoming.received()).toBe(300_000)
  const stored = await incoming.finish()
  expect(stored).toEqual({ hash: createHash('sha256').update(bytes).digest('hex'), filename: 'cv.pdf', mimeType: 'application/pdf', size: 300_000 })
  expect(kept()).toEqual([stored.hash])
  expect(statSync(join(dir, 'files', stored.hash)).mode & 0o777).toBe(0o600)
  expect(Buffer.compare((await files.read(stored.hash)) ?? Buffer.alloc(0), bytes)).toBe(0)
})

it('refuses gaps, overlaps, more than was announced and less', async () => {
  const incoming = await files.begin({ filename: 'a', mimeType: 'a/b', size: 10 })
  await expect(incoming.append(5, Buffer.alloc(5))).rejects.toMatchObject({ code: 'upload-order' })
  await incoming.append(0, Buffer.alloc(5))
  await expect(incoming.append(0, Buffer.alloc(5))).rejects.toMatchObject({ code: 'upload-order' })
  await expect(incoming.append(5, Buffer.alloc(6))).rejects.toMatchObject({ code: 'upload-size' })
  await expect(incoming.finish()).rejects.toMatchObject({ code: 'upload-size' })
  await incoming.append(5, Buffer.alloc(5))
  await incoming.finish()
  await expect(incoming.append(10, Buffer.alloc(0))).rejects.toMatchObject({ code: 'upload-order' })
})

it('leaves nothing of an upload that was cancelled or cut off', async () => {
  const cancelled = await files.begin({ filename: 'a', mimeType: 'a/b', size: 10 })
  await cancelled.append(0, Buffer.alloc(5))
  await cancelled.cancel()
  expect(kept()).toEqual([])
  writeFileSync(join(dir, 'files', 'abc.part'), 'cut off')
  openFileStore({ dir: join(dir, 'files'), db, now: () => now })
  expect(kept()).toEqual([])
})

it('keeps one file for the same content, and mends one whose bytes were lost', async () => {
  const bytes = Buffer.from('the same')
  const one = await files.put({ filename: 'a.txt', mimeType: 'text/plain', bytes })
  const two = await files.put({ filename: 'b.txt', mimeType: 'text/plain', bytes })
  expect(two).toEqual({ ...one, filename: 'b.txt' })
  expect(kept()).toHaveLength(1)
  rmSync(join(dir, 'files', one.hash))
  expect(await files.read(one.hash)).toBeNull()
  await files.put({ filename: 'c.txt', mimeType: 'text/plain', bytes })
  expect(await files.read(one.hash)).not.toBeNull()
})

it('cleans what nothing needs a day later, and what a crash left without a row, but nothing in use', async () => {
  const used = await files.put({ filename: 'a', mimeType: 'a/b', bytes: Buffer.from('used') })
  const unused = await files.put({ filename: 'a', mimeType: 'a/b', bytes: Buffer.from('unused') })
  db.write('use', (tx) => { setFileUses(tx, 'template', 1, [used.hash], now) })
  const stray = join(dir, 'files', 'f'.repeat(64))
  writeFileSync(stray, 'no row')
  utimesSync(stray, 0, 0)
  now += day - 1000
  while (files.clean());
  expect(kept().sort()).toEqual([used.hash, unused.hash].sort())
  now += 2000
  while (files.clean());
  expect(kept()).toEqual([used.hash])
})
