import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { locales } from '../../shared/model/settings.ts'

const files = import.meta.glob<Record<string, unknown>>('./*/*.json', { eager: true, import: 'default' })
const sources = import.meta.glob<string>('../**/*.tsx', { eager: true, query: '?raw', import: 'default' })

function texts(tree: Record<string, unknown>, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[`${path}${key}`, value]] : texts(value as Record<string, unknown>, `${path}${key}.`),
  )
}
const namespaces = [...new Set(Object.keys(files).map((path) => path.split('/').at(-1) ?? ''))]
const read = (locale: string, namespace: string) => new Map(texts(files[`./${locale}/${namespace}`] ?? {}))
const places = (text: string) => [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]).toSorted()

describe.each(namespaces)('the texts of %s', (namespace) => {
  const english = read('en', namespace)

  it.each(locales)('are complete in %s: the same keys and plural forms, none empty', (locale) => {
    const own = read(locale, namespace)
    expect([...own.keys()].toSorted()).toEqual([...english.keys()].toSorted())
    expect([...own].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it.each(locales)('fill in the same values in %s', (locale) => {
    const own = read(locale, namespace)
    for (const [key, text] of english) {
      // A singular may leave the number out where the language says it in words.
      const wanted = /_(zero|one)$/.test(key) ? places(text).filter((place) => place !== 'count' && place !== 'shown') : places(text)
      const given = /_(zero|one)$/.test(key) ? places(own.get(key) ?? '').filter((place) => place !== 'count' && place !== 'shown') : places(own.get(key) ?? '')
      expect(given, key).toEqual(wanted)
    }
  })

  it.each(locales)('have every plural form %s needs', (locale) => {
    const own = read(locale, namespace)
    const { pluralCategories } = new Intl.PluralRules(locale).resolvedOptions()
    const bases = new Set([...own.keys()].filter((key) => /_(one|other)$/.test(key)).map((key) => key.replace(/_(one|other)$/, '')))
    for (const base of bases) for (const form of pluralCategories) expect(own.has(`${base}_${form}`), `${base}_${form}`).toBe(true)
  })
})

/** Text between tags, and attributes that people see or hear, written into a component. */
function bareTexts(path: string, source: string): string[] {
  const found: string[] = []
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const seen = ['aria-label', 'aria-description', 'aria-valuetext', 'title', 'placeholder', 'alt', 'label', 'description', 'hint']
  const isWords = (text: string) => /\p{L}{2}/u.test(text)
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node) && isWords(node.text)) found.push(node.text.trim())
    if (ts.isJsxExpression(node) && ts.isJsxElement(node.parent) && node.expression && ts.isStringLiteralLike(node.expression) && isWords(node.expression.text)) found.push(node.expression.text)
    if (ts.isJsxAttribute(node) && seen.includes(node.name.getText(file)) && node.initializer && ts.isStringLiteral(node.initializer) && isWords(node.initializer.text)) found.push(node.initializer.text)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found.map((text) => `${path}: ${text}`)
}

describe('components', () => {
  it('hold no text of their own', () => {
    expect(Object.entries(sources).flatMap(([path, source]) => bareTexts(path, source))).toEqual([])
  })
})
