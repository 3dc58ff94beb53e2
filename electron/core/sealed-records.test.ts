import { chmodSync, cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createOnce, privateFolder, profileId, writePrivate } from './private-files.ts'
import { keyFileSealer, sealedRecords } from './sealed-records.ts'

const posix = process.platform !== 'win32'

describe('secrets sealed by a key file', () => {
  let folder: string
  let secretsDir: string
  const store = (profile = 'p1') => sealedRecords(secretsDir, profile, keyFileSealer(secretsDir), 'file')
  const files = (profile = 'p1') => readdirSync(join(secretsDir, profile)).map((name) => join(secretsDir, profile, name))

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shortlist-secrets-'))
    secretsDir = join(folder, 'config/secrets')
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('gives back what was kept, also to a later start, and nothing that was removed', async () => {
    await store().set('account/1', 'pässword 🔑')
    await store().set('account/2', 'x'.repeat(20_000))
    expect(await store().get('account/1')).toBe('pässword 🔑')
    expect(await store().get('account/2')).toHaveLength(20_000)
    expect(await store().get('account/3')).toBeNull()
    await store().set('account/1', 'changed')
    expect(await store().get('account/1')).toBe('changed')
    await store().remove('account/1')
    await store().remove('account/1')
    expect(await store().get('account/1')).toBeNull()
  })

  it('writes neither the secret nor its name in the clear', async () => {
    await store().set('ada@example.com', 'correct horse')
    const all = files().map((file) => file + readFileSync(file, 'latin1')).join()
    expect(all).not.toContain('correct horse')
    expect(all).not.toContain('ada')
  })

  it('does not open a record put in the place of another', async () => {
    await store().set('mine', 'my password')
    const [mine = ''] = files()
    await store().set('theirs', 'their password')
    const theirs = files().find((file) => file !== mine) ?? ''
    const kept = readFileSync(mine)
    cpSync(theirs, mine)
    expect(await store().get('mine')).toBeNull()
    writeFileSync(mine, kept)
    expect(await store().get('mine')).toBe('my password')
  })

  it('does not open a record of another profile', async () => {
    await store('p1').set('mine', 'my password')
    await store('p2').set('mine', 'other')
    const [first = ''] = files('p1')
    const [second = ''] = files('p2')
    renameSync(first, second)
    expect(await store('p2').get('mine')).toBeNull()
  })

  it('counts a damaged record as not there', async () => {
    await store().set('mine', 'my password')
    const [file = ''] = files()
    const sealed = readFileSync(file)
    for (const length of [0, 11, 27, sealed.length - 1]) {
      writeFileSync(file, sealed.subarray(0, length))
      expect(await store().get('mine'), String(length)).toBeNull()
    }
    writeFileSync(file, sealed.map((byte, index) => (index === 30 ? byte ^ 1 : byte)))
    expect(await store().get('mine')).toBeNull()
  })

  it('opens nothing without the key', async () => {
    await store().set('mine', 'my password')
    rmSync(join(secretsDir, 'key'))
    expect(await store().get('mine')).toBeNull()
  })

  it('refuses a damaged key in words', () => {
    privateFolder(secretsDir)
    writeFileSync(join(secretsDir, 'key'), 'short')
    expect(() => store()).toThrow('is damaged')
  })

  it.skipIf(!posix)('lets only the owner read, and takes away permissions that others were given', async () => {
    await store().set('mine', 'my password')
    for (const dir of [secretsDir, join(secretsDir, 'p1')]) expect(statSync(dir).mode & 0o777).toBe(0o700)
    for (const file of [join(secretsDir, 'key'), ...files()]) expect(statSync(file).mode & 0o777).toBe(0o600)
    chmodSync(secretsDir, 0o755)
    chmodSync(join(secretsDir, 'key'), 0o644)
    expect(await store().get('mine')).toBe('my password')
    expect(statSync(secretsDir).mode & 0o777).toBe(0o700)
    expect(statSync(join(secretsDir, 'key')).mode & 0o777).toBe(0o600)
  })

  it.skipIf(!posix)('does not follow a link put in the place of the key', () => {
    privateFolder(secretsDir)
    writeFileSync(join(folder, 'elsewhere'), 'x'.repeat(32))
    symlinkSync(join(folder, 'elsewhere'), join(secretsDir, 'key'))
    expect(() => store()).toThrow('is not a file')
  })
})

describe('private files', () => {
  let folder: string
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'shortlist-private-'))))
  afterEach(() => rmSync(folder, { recursive: true }))

  it('are made once, and whoever asks again gets the first content', () => {
    expect(createOnce(join(folder, 'x'), () => Buffer.from('first')).toString()).toBe('first')
    expect(createOnce(join(folder, 'x'), () => Buffer.from('second')).toString()).toBe('first')
  })

  it('leave no other files behind', () => {
    writePrivate(join(folder, 'x'), 'one')
    writePrivate(join(folder, 'x'), 'two')
    createOnce(join(folder, 'y'), () => Buffer.from('y'))
    expect(readdirSync(folder).sort()).toEqual(['x', 'y'])
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('two')
  })

  it('keep the old content when the new one cannot be written', () => {
    writePrivate(join(folder, 'x'), 'one')
    expect(() => writePrivate(join(folder, 'missing/x'), 'two')).toThrow()
    expect(readFileSync(join(folder, 'x'), 'utf8')).toBe('one')
  })

  it('name a data folder for good, also after it was moved', () => {
    privateFolder(join(folder, 'a'))
    const id = profileId(join(folder, 'a'))
    renameSync(join(folder, 'a'), join(folder, 'b'))
    expect(profileId(join(folder, 'b'))).toBe(id)
    privateFolder(join(folder, 'a'))
    expect(profileId(join(folder, 'a'))).not.toBe(id)
  })
})
