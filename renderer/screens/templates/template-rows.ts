// The list of templates as rows: folders with what is in them, or what a search found, best first. Pure.
import type { Template, TemplateVariant } from '../../../shared/model/template.ts'

export type FolderRow = { readonly kind: 'folder'; readonly key: string; readonly path: string; readonly name: string; readonly depth: number; readonly open: boolean; readonly count: number }
export type TemplateRow = { readonly kind: 'template'; readonly key: string; readonly template: Template; readonly depth: number }
export type ListRow = FolderRow | TemplateRow

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`)

/** Rows of templates that are sorted by folder and name. Templates of no folder come first. */
export function rowsOf(templates: readonly Template[], folded: ReadonlySet<string>): ListRow[] {
  const rows: ListRow[] = []
  const shown = new Set<string>()
  const inFolders = templates.filter((template) => template.folder !== '')
  for (const template of templates) {
    if (template.folder === '') rows.push(row(template, 0))
  }
  const counts = new Map<string, number>()
  for (const { folder } of inFolders) for (const path of ancestors(folder)) counts.set(path, (counts.get(path) ?? 0) + 1)
  const closed = (path: string): boolean => ancestors(path).slice(0, -1).some((one) => folded.has(one))
  // A folder's own templates come after the folders in it were all told apart from their siblings by their whole path.
  for (const template of inFolders.toSorted((a, b) => compareFolders(a.folder, b.folder))) {
    for (const path of ancestors(template.folder)) {
      if (shown.has(path)) continue
      shown.add(path)
      if (closed(path)) continue
      const parts = path.split('/')
      rows.push({ kind: 'folder', key: `folder ${path}`, path, name: parts.at(-1) ?? path, depth: parts.length - 1, open: !folded.has(path), count: counts.get(path) ?? 0 })
    }
    if (!closed(template.folder) && !folded.has(template.folder)) rows.push(row(template, template.folder.split('/').length))
  }
  return rows
}

function row(template: Template, depth: number): TemplateRow {
  return { kind: 'template', key: `template ${String(template.id)}`, template, depth }
}

function ancestors(path: string): string[] {
  const parts = path.split('/')
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'))
}

/** Part by part, so that 'A/B' stands right under 'A' and before 'A1'. */
function compareFolders(a: string, b: string): number {
  const [one, two] = [a.split('/'), b.split('/')]
  for (let at = 0; at < Math.min(one.length, two.length); at++) {
    const order = (one[at] ?? '').localeCompare(two[at] ?? '', undefined, { numeric: true, sensitivity: 'base' })
    if (order !== 0) return order
  }
  return one.length - two.length
}

export function foldersOf(templates: readonly { readonly folder: string }[]): string[] {
  return [...new Set(templates.flatMap(({ folder }) => (folder === '' ? [] : ancestors(folder))))].toSorted(compareFolders)
}

export function isWithin(template: Template, folder: string): boolean {
  return within(template.folder, folder)
}

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** How well a template answers typed words, by shortcut, name, folder, then subject and text; 0 is not at all. */
export function scoreTemplate(template: Template, typed: string): number {
  const words = folded(typed).split(/\s+/).filter(Boolean)
  if (words.length === 0) return 1
  const shortcut = folded(template.shortcut ?? '')
  const name = folded(template.name)
  const folder = folded(template.folder)
  let text: string | null = null
  let score = 1
  for (const word of words) {
    if (shortcut === word) score *= 2
    else if (shortcut !== '' && shortcut.startsWith(word)) score *= 1.5
    else if (startsAWord(name, word)) score *= 1.2
    else if (name.includes(word)) score *= 0.8
    else if (lettersInOrder(name, word)) score *= 0.5
    else if (folder.includes(word)) score *= 0.4
    else {
      text ??= folded(template.variants.map((variant) => `${variant.subject} ${plainText(variant)}`).join(' '))
      if (!text.includes(word)) return 0
      score *= 0.2
    }
  }
  return score
}

function startsAWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')) return true
  return false
}

function lettersInOrder(text: string, word: string): boolean {
  if (word.length < 3) return false
  let at = 0
  for (const letter of word) {
    at = text.indexOf(letter, at) + 1
    if (at === 0) return false
  }
  return true
}

/** The text of a variant for reading in one line. */
export function plainText({ html }: Pick<TemplateVariant, 'html'>): string {
  return html
    .replace(/<(?:br|\/p|\/li|\/div|\/h\d)[^>]*>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&(?:amp|lt|gt|quot|nbsp|#39);/g, (entity) => ({ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" })[entity] ?? ' ')
    .replace(/\s+/g, ' ')
    .trim()
}

/** For choosing one while writing: the best matches, then the latest used, then the most used. */
export function rankTemplates(templates: readonly Template[], typed: string, limit: number): Template[] {
  return templates
    .map((template) => ({ template, score: scoreTemplate(template, typed) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (b.template.lastUsedAt ?? 0) - (a.template.lastUsedAt ?? 0) || b.template.uses - a.template.uses || a.template.name.localeCompare(b.template.name))
    .slice(0, limit)
    .map(({ template }) => template)
}
