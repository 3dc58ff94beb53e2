import { describe, expect, it } from 'vitest'
import type { TemplateId } from '../../../shared/model/ids.ts'
import type { Template } from '../../../shared/model/template.ts'
import { foldersOf, plainText, rankTemplates, rowsOf, scoreTemplate } from './template-rows.ts'

let id = 0
const template = (name: string, over: Partial<Template> = {}): Template => ({
  id: ++id as TemplateId, kind: 'template', folder: '', name, shortcut: null, variants: [{ language: 'en', subject: '', html: '' }], files: [], uses: 0, lastUsedAt: null, updatedAt: 0, ...over,
})
const drawn = (templates: readonly Template[], folded: string[] = []) =>
  rowsOf(templates, new Set(folded)).map((row) => `${' '.repeat(row.depth)}${row.kind === 'folder' ? `${row.name}/ ${String(row.count)}` : row.template.name}`)

describe('the rows', () => {
  const all = [template('top'), template('b', { folder: 'A/B' }), template('a', { folder: 'A' }), template('z', { folder: 'A1' })]

  it('stand in their folders, with the folders above them and their counts', () => {
    expect(drawn(all)).toEqual(['top', 'A/ 2', ' a', ' B/ 1', '  b', 'A1/ 1', ' z'])
  })

  it('of a folded folder are away, the folder itself is not', () => {
    expect(drawn(all, ['A'])).toEqual(['top', 'A/ 2', 'A1/ 1', ' z'])
    expect(drawn(all, ['A/B'])).toEqual(['top', 'A/ 2', ' a', ' B/ 1', 'A1/ 1', ' z'])
  })

  it('name every folder once', () => {
    expect(foldersOf(all)).toEqual(['A', 'A/B', 'A1'])
  })
})

describe('a search', () => {
  const first = template('First contact', { shortcut: 'fc', folder: 'Sourcing', variants: [{ language: 'de', subject: 'Ihre Bewerbung', html: '<p>Guten <strong>Tag</strong> &amp; hallo</p>' }] })
  const other = template('Contact details', { uses: 5, lastUsedAt: 10 })

  it('looks at shortcut, name, folder and text, in this order', () => {
    const scores = ['fc', 'first', 'irst', 'frct', 'sourc', 'bewerbung'].map((typed) => scoreTemplate(first, typed))
    expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    expect(scores.every((score) => score > 0)).toBe(true)
    expect(scoreTemplate(first, 'contact nothing')).toBe(0)
  })

  it('puts better matches first, then what was used last', () => {
    expect(rankTemplates([first, other], 'contact', 9).map(({ name }) => name)).toEqual(['Contact details', 'First contact'])
    expect(rankTemplates([first, other], 'fc', 9)[0]?.name).toBe('First contact')
    expect(rankTemplates([first, other], '', 1)).toEqual([other])
  })

  it('ignores case and accents', () => {
    expect(scoreTemplate(template('Über uns'), 'uber')).toBeGreaterThan(0)
  })

  it('reads text without its markup', () => {
    expect(plainText({ html: '<p>Guten <strong>Tag</strong> &amp; hallo</p><p>x<br>y</p>' })).toBe('Guten Tag & hallo x y')
  })
})
