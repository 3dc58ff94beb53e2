import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileHash, type StoredFile } from '../../shared/model/draft.ts'
import type { TemplateId } from '../../shared/model/ids.ts'
import type { Db } from '../handles.ts'
import { openTestDb } from '../test-rows.ts'
import { addLibraryFile, listLibrary, noteLibraryFileUsed, removeLibraryFiles, renameLibraryFile, restoreLibraryFiles } from './library.ts'
import { forgetUnusedFiles, hasStoredFile, noteStoredFile } from './stored-files.ts'
import { getTemplate, keepRemovedFor, listTemplates, moveTemplateFolder, noteTemplateUsed, removeTemplates, restoreTemplates, storeTemplate, templateWithShortcut, type TemplateText } from './templates.ts'

let dir: string
let db: Db
const now = 1_750_000_000_000

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-templates-'))
  db = openTestDb(join(dir, 'a.db'))
})
afterEach(async () => {
  await db.close()
  rmSync(dir, { recursive: true })
})

const file = (digit: string): StoredFile => ({ hash: FileHash.parse(digit.repeat(64)), filename: `${digit}.pdf`, mimeType: 'application/pdf', size: 3 })
const text = (over: Partial<TemplateText> = {}): TemplateText => ({ kind: 'template', folder: '', name: 'One', shortcut: null, variants: [{ language: 'en', subject: 's', html: '<p>h</p>' }], files: [], ...over })
const store = (over: Partial<TemplateText> = {}, id: TemplateId | null = null) => db.write('store', (tx) => storeTemplate(tx, id, text(over), now))
const names = () => listTemplates(db).map((template) => [template.folder, template.name].filter(Boolean).join('/'))
const keepFiles = (...files: StoredFile[]) => db.write('files', (tx) => { for (const one of files) noteStoredFile(tx, one.hash, one.size, now) })
const unused = () => db.write('clean', (tx) => forgetUnusedFiles(tx, now + 10 * keepRemovedFor, 100))

describe('templates', () => {
  it('come back as they were stored, variants and files in order', () => {
    const variants = [{ language: 'nb', subject: 'b', html: '<p>b</p>' }, { language: 'de', subject: 'a', html: '<p>a</p>' }]
    const id = store({ variants, files: [file('b'), file('a')], shortcut: 'Abc' })
    expect(getTemplate(db, id)).toEqual({ ...text({ variants, files: [file('b'), file('a')], shortcut: 'Abc' }), id, uses: 0, lastUsedAt: null, updatedAt: now })
    store({ variants: variants.slice(1), name: 'Two' }, id)
    expect(listTemplates(db)).toMatchObject([{ id, name: 'Two', files: [], shortcut: null, variants: [variants[1]] }])
  })

  it('are listed by folder and name as a person sorts them', () => {
    for (const name of ['10', '9', 'ä', 'z', 'B']) store({ name, folder: name === '9' ? 'F' : '' })
    expect(names()).toEqual(['10', 'ä', 'B', 'z', 'F/9'])
  })

  it('have shortcuts that nobody else has, whatever the case', () => {
    const id = store({ shortcut: 'Für' })
    expect(templateWithShortcut(db, 'fÜR')).toBe(id)
    expect(() => store({ shortcut: 'FÜR', name: 'Two' })).toThrow(/UNIQUE/)
    store({ shortcut: 'für' }, id)
  })

  it('can be removed and brought back, a lost shortcut aside', () => {
    const id = store({ shortcut: 'a' })
    db.write('remove', (tx) => { removeTemplates(tx, [id], now) })
    expect(names()).toEqual([])
    expect(getTemplate(db, id)).toBeNull()
    store({ shortcut: 'A', name: 'Two' })
    db.write('restore', (tx) => { restoreTemplates(tx, [id], now + 1) })
    expect(listTemplates(db)).toMatchObject([{ name: 'One', shortcut: null }, { name: 'Two', shortcut: 'A' }])
  })

  it('removed a month ago are gone, and their files with them', () => {
    keepFiles(file('a'), file('b'))
    const id = store({ files: [file('a')], variants: [{ language: 'en', subject: '', html: `<img src="cid:${file('b').hash}">` }] })
    expect(unused()).toEqual([])
    db.write('remove', (tx) => { removeTemplates(tx, [id], now) })
    expect(unused()).toEqual([])
    db.write('restore too late', (tx) => { restoreTemplates(tx, [id], now + keepRemovedFor + 1) })
    expect(names()).toEqual([])
    db.write('remove others', (tx) => { removeTemplates(tx, [], now + keepRemovedFor + 1) })
    expect(unused()).toHaveLength(2)
    expect(hasStoredFile(db, file('a').hash)).toBe(false)
  })

  it('move with their folder and the folders in it', () => {
    store({ name: 'a', folder: 'S' })
    store({ name: 'b', folder: 'S/T' })
    store({ name: 'c', folder: 'ST' })
    db.write('move', (tx) => { moveTemplateFolder(tx, 'S', 'X/Y') })
    expect(names()).toEqual(['ST/c', 'X/Y/a', 'X/Y/T/b'])
    db.write('move', (tx) => { moveTemplateFolder(tx, 'X/Y', '') })
    expect(names().sort()).toEqual(['ST/c', 'T/b', 'a'])
  })

  it('count their uses', () => {
    const id = store()
    db.write('use', (tx) => { noteTemplateUsed(tx, id, now + 5) })
    expect(getTemplate(db, id)).toMatchObject({ uses: 1, lastUsedAt: now + 5, updatedAt: now })
  })

  it('are listed without losing one when there are a thousand', () => {
    db.write('many', (tx) => { for (let n = 0; n < 1000; n++) storeTemplate(tx, null, text({ name: `T ${String(n)}`, folder: `F${String(n % 20)}` }), now) })
    const all = listTemplates(db)
    expect(all).toHaveLength(1000)
    expect(all.every((template) => template.variants.length === 1)).toBe(true)
  })
})

describe('the library', () => {
  it('keeps one entry for the same bytes in a folder', () => {
    keepFiles(file('a'))
    const add = (folder: string, filename = 'a.pdf') => db.write('add', (tx) => addLibraryFile(tx, { ...file('a'), filename, folder }, now))
    const id = add('')
    expect(add('', 'renamed.pdf')).toBe(id)
    add('Contracts')
    db.write('use', (tx) => { noteLibraryFileUsed(tx, id) })
    expect(listLibrary(db).map((one) => [one.folder, one.filename, one.uses])).toEqual([['', 'renamed.pdf', 1], ['Contracts', 'a.pdf', 0]])
    db.write('rename', (tx) => { renameLibraryFile(tx, id, { filename: 'x.pdf', folder: 'Z' }) })
    db.write('remove', (tx) => { removeLibraryFiles(tx, [id], now) })
    expect(listLibrary(db)).toHaveLength(1)
    db.write('restore', (tx) => { restoreLibraryFiles(tx, [id], now) })
    expect(listLibrary(db).map((one) => one.filename)).toEqual(['a.pdf', 'x.pdf'])
    expect(unused()).toEqual([])
  })
})
