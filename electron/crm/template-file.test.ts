import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { FileHash } from '../../shared/model/draft.ts'
import { exampleTemplates } from './example-templates.ts'
import { checkTemplate, mergeTemplate } from './merge.ts'
import { readTemplateFile, writeTemplateFile, type WrittenTemplate } from './template-file.ts'

const stored = (text: string) => {
  const bytes = Buffer.from(text)
  return { bytes, hash: FileHash.parse(createHash('sha256').update(bytes).digest('hex')) }
}
const cv = stored('%PDF one')
const logo = stored('a picture')
const letter: WrittenTemplate = {
  kind: 'template',
  folder: 'Sourcing/Erstansprache',
  name: 'Über uns – “kurz”',
  shortcut: 'über',
  variants: [
    { language: 'de', subject: '{{ position.title }}', html: `<p>{{ greeting }},</p><p><img src="cid:${logo.hash}" alt="Logo" /></p>` },
    { language: 'en', subject: '', html: '<p>a &lt; b</p>' },
  ],
  files: [{ hash: cv.hash, filename: 'Übersicht.pdf', mimeType: 'application/pdf', size: cv.bytes.byteLength }],
}
const bytes = new Map([[cv.hash, cv.bytes], [logo.hash, logo.bytes]])

describe('a file of templates', () => {
  it('read back is what was written', async () => {
    const snippet: WrittenTemplate = { kind: 'snippet', folder: '', name: 'Gruß', shortcut: null, variants: [{ language: 'nb', subject: '', html: '<p>Hei</p>' }], files: [] }
    const read = await readTemplateFile(writeTemplateFile([letter, snippet], bytes))
    expect(read.problems).toEqual([])
    expect(read.templates).toEqual([letter, snippet])
    expect([...read.files.keys()].sort()).toEqual([cv.hash, logo.hash].sort())
    expect(Buffer.from(read.files.get(cv.hash) ?? [])).toEqual(cv.bytes)
    expect(writeTemplateFile(read.templates, read.files)).toBe(writeTemplateFile([letter, snippet], new Map([...read.files])))
  })

  it('names what is missing or damaged and takes the rest', async () => {
    const text = writeTemplateFile([letter], new Map([[cv.hash, Buffer.from('something else')]]))
    const read = await readTemplateFile(text)
    expect(read.templates).toMatchObject([{ name: letter.name, files: [] }])
    expect(read.problems).toEqual([
      { name: letter.name, code: 'picture-missing' },
      { name: letter.name, code: 'file-missing' },
    ])
  })

  it('refuses what it cannot be', async () => {
    const code = async (text: string) => (await readTemplateFile(text)).problems.map((problem) => problem.code)
    expect(await code('no json')).toEqual(['not-json'])
    expect(await code('{"a":1}')).toEqual(['not-templates'])
    expect(await code(writeTemplateFile([letter], bytes).replace('"version": 1', '"version": 2'))).toEqual(['newer-version'])
  })

  it('is not read beyond its largest size, nor written', async () => {
    const large = writeTemplateFile([letter], bytes).replace('a &lt; b', 'ü'.repeat(25_000_000))
    expect(await readTemplateFile(large)).toMatchObject({ templates: [], problems: [{ name: '', code: 'too-large' }] })
    expect(() => writeTemplateFile([letter], new Map([[cv.hash, Buffer.alloc(38_000_000)]]))).toThrow(expect.objectContaining({ kind: 'rejected', code: 'templates-too-large' }))
  })

  it('takes nothing from a stranger that acts', async () => {
    const hostile = { ...letter, files: [], variants: [{ language: 'en', subject: 'x', html: '<p onclick="a()">a<script>b</script><img src="https://x.example/a.png" onerror="b()"></p><a href="javascript:a()">c</a>' }] }
    const read = await readTemplateFile(writeTemplateFile([hostile, { ...letter, name: '' }], new Map()))
    expect(read.templates[0]?.variants[0]?.html).toBe('<p>a<img src="https://x.example/a.png" /></p><a>c</a>')
    expect(read.problems).toEqual([{ name: '', code: 'unreadable' }])
  })
})

describe('the examples', () => {
  it('have no mistakes and are whole once the asked fields are given, in each language', () => {
    const values = Object.fromEntries(
      ['position.title', 'position.company', 'position.location', 'interview.date', 'interview.time', 'interview.place', 'offer.salary', 'offer.start_date'].map((name) => [name, 'X']),
    )
    for (const locale of ['en', 'de', 'nb'] as const) {
      for (const example of exampleTemplates(locale)) {
        expect(example.variants[0]?.language).toBe(locale)
        for (const variant of example.variants) {
          expect(checkTemplate(variant.subject, variant.html), example.name).toEqual([])
          const given = { to: { name: 'Kari Nordmann', address: 'k@x.example' }, gender: null, sender: { name: 'Ingrid Solberg', address: 'i@x.example' }, accountName: 'Solberg', language: variant.language, now: 0, values }
          const filled = mergeTemplate(variant, given)
          expect(filled.unresolved).toEqual([])
          expect(filled.html + filled.subject).not.toMatch(/\{\{|\{%/)
        }
      }
    }
  })
})
