// Templates and the file library through the contract: with their files, out to a file and back, filled in for a person.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileHash, type StoredFile } from '../../shared/model/draft.ts'
import type { Template } from '../../shared/model/template.ts'
import { startTestProgram, type TestProgram } from './test-program.ts'

let program: TestProgram
let dataDir: string
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'shortlist-templates-'))
  program = await startTestProgram({ sample: true, dataDir })
})
afterEach(async () => {
  await program.close()
  rmSync(dataDir, { recursive: true, force: true })
})

async function upload(filename: string, mimeType: string, content: string): Promise<StoredFile> {
  const { files } = program.api
  const bytes = Buffer.from(content)
  const { uploadId } = await files.begin({ filename, mimeType, size: bytes.byteLength })
  await files.append({ uploadId, offset: 0, data: bytes.toString('base64') })
  return files.finish({ uploadId })
}
type Save = Parameters<TestProgram['api']['templates']['save']>[0]
const letter = (over: Partial<Save> = {}): Save => ({ id: null, kind: 'template', folder: '', name: 'Letter', shortcut: null, variants: [{ language: 'en', subject: 'S', html: '<p>Hi {{ candidate.first_name }}</p>' }], files: [], ...over })
const written = ({ kind, folder, name, shortcut, variants, files }: Template) => ({ kind, folder, name, shortcut, variants, files })
const kari = { name: 'Kari Nordmann', address: 'kari@firma.no' }
const ask = { language: null, to: kari, identityId: null, gender: null, values: {} }

describe('templates', () => {
  it('are the same after leaving as a file, being removed and coming back', async () => {
    const { templates } = program.api
    const pdf = await upload('Profil.pdf', 'application/pdf', '%PDF')
    const logo = await upload('logo.png', 'image/png', 'picture')
    await templates.save(letter({ folder: ' Sourcing / First ', shortcut: 'first', files: [pdf], variants: [{ language: 'de', subject: ' a  b ', html: `<p><img src="cid:${logo.hash}"></p>` }, { language: 'nb', subject: '', html: '<p>x</p>' }] }))
    await templates.save(letter({ kind: 'snippet', name: 'Bit', shortcut: 'bit', files: [pdf] }))
    const before = (await templates.list()).map(written)
    expect(before).toMatchObject([{ name: 'Bit', files: [], variants: [{ subject: '' }] }, { folder: 'Sourcing/First', files: [pdf], variants: [{ subject: 'a b' }, {}] }])

    const { text, filename } = await templates.export({ ids: null })
    expect(filename).toMatch(/^shortlist-templates-\d{4}-\d\d-\d\d\.json$/)
    await templates.remove({ ids: (await templates.list()).map((one) => one.id) })
    expect(await templates.list()).toEqual([])
    expect(await templates.import({ text })).toEqual({ added: 2, replaced: 0, problems: [] })
    expect((await templates.list()).map(written)).toEqual(before)
    expect(await templates.import({ text })).toEqual({ added: 0, replaced: 2, problems: [] })
    expect((await templates.list()).map(written)).toEqual(before)
    expect((await templates.export({ ids: null })).text).toBe(text)
  })

  it('bring their files to another computer', async () => {
    const pdf = await upload('Profil.pdf', 'application/pdf', '%PDF')
    await program.api.templates.save(letter({ files: [pdf] }))
    const { text } = await program.api.templates.export({ ids: null })
    const otherDir = mkdtempSync(join(tmpdir(), 'shortlist-templates-'))
    const other = await startTestProgram({ sample: true, dataDir: otherDir })
    try {
      await other.api.templates.import({ text })
      const [template] = await other.api.templates.list()
      expect(template?.files).toEqual([pdf])
      // Only what is stored can be kept.
      expect(await other.api.library.add({ hash: pdf.hash, filename: pdf.filename, mimeType: pdf.mimeType, folder: '' })).toMatchObject({ size: 4 })
    } finally {
      await other.close()
      rmSync(otherDir, { recursive: true, force: true })
    }
  })

  it('refuse a shortcut somebody has, a language twice and files that are not here', async () => {
    const { templates } = program.api
    await templates.save(letter({ shortcut: 'One' }))
    const code = (promise: Promise<unknown>) => promise.then(() => 'stored', (error: unknown) => (error as { data?: { code?: string } }).data?.code)
    expect(await code(templates.save(letter({ name: 'Two', shortcut: 'one' })))).toBe('template-shortcut-taken')
    expect(await code(templates.save(letter({ variants: [{ language: 'en', subject: '', html: '' }, { language: 'en', subject: '', html: '' }] })))).toBe('template-language-twice')
    expect(await code(templates.save(letter({ files: [{ hash: FileHash.parse('a'.repeat(64)), filename: 'x', mimeType: '', size: 1 }] })))).toBe('file-gone')
    const { problems } = await templates.import({ text: (await templates.export({ ids: null })).text.replace('"Letter"', '"Other"') })
    expect(problems).toEqual([{ name: 'Other', code: 'shortcut-taken' }])
  })

  it('are filled in for a person, in their language, from a sender', async () => {
    const { templates, identities } = program.api
    const { id } = await templates.save(letter({ variants: [{ language: 'en', subject: 'For {{ candidate.name }}', html: '<p>{{ greeting }} from {{ sender.first_name }}</p>' }, { language: 'nb', subject: '', html: '<p>{{ greeting }} fra {{ sender.name }} om {{ position.title }}</p>' }] }))
    expect(await templates.render({ ...ask, id })).toMatchObject({ language: 'nb', html: '<p>Hei Kari fra Ingrid Solberg om {{ position.title }}</p>', unresolved: ['position.title'] })
    expect(await templates.render({ ...ask, id, language: 'en', gender: 'female' })).toMatchObject({ subject: 'For Kari Nordmann', html: '<p>Dear Ms Nordmann from Ingrid</p>', unresolved: [], gender: 'female' })
    const [identity] = await identities.list()
    if (!identity) throw new Error('No sender.')
    const other = await identities.save({ ...identity, id: null, name: 'Solberg, Jonas', address: 'jonas@solberg-search.example', isDefault: false })
    expect((await templates.render({ ...ask, id, language: 'en', identityId: other.id })).html).toBe('<p>Dear Kari Nordmann from Jonas</p>')
    await templates.used({ id })
    expect((await templates.list())[0]).toMatchObject({ uses: 1 })
  })

  it('come as examples only when asked for, and not twice', async () => {
    const { templates } = program.api
    expect(await templates.list()).toEqual([])
    const { added } = await templates.addExamples({ locale: 'nb' })
    expect(added).toBeGreaterThan(4)
    expect(await templates.addExamples({ locale: 'nb' })).toEqual({ added: 0 })
    const all = await templates.list()
    expect(all).toHaveLength(added)
    expect(all.map((template) => template.name)).toContain('Første kontakt')
    for (const template of all) for (const variant of template.variants) expect(await templates.check(variant), template.name).toEqual([])
  })

  it('move with their folder, and not into themselves', async () => {
    const { templates } = program.api
    await templates.save(letter({ folder: 'A/B' }))
    await templates.moveFolder({ from: 'A', to: 'X' })
    expect((await templates.list())[0]?.folder).toBe('X/B')
    await expect(templates.moveFolder({ from: 'X', to: 'X/B/C' })).rejects.toMatchObject({ data: { code: 'folder-into-itself' } })
  })
})

describe('the library', () => {
  it('keeps files, forgets them on request and takes that back', async () => {
    const { library } = program.api
    const { hash, filename, mimeType } = await upload('Vertrag.pdf', 'application/pdf', '%PDF')
    const file = await library.add({ hash, filename, mimeType, folder: ' Verträge / ' })
    expect(file).toMatchObject({ folder: 'Verträge', size: 4, uses: 0 })
    await library.used({ id: file.id })
    await library.update({ id: file.id, filename: 'Neu.pdf', folder: '' })
    expect(await library.list()).toMatchObject([{ filename: 'Neu.pdf', folder: '', uses: 1 }])
    await library.remove({ ids: [file.id] })
    expect(await library.list()).toEqual([])
    await library.restore({ ids: [file.id] })
    expect(await library.list()).toHaveLength(1)
  })
})
