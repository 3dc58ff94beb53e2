// Templates as one file a person can keep, send and read back: JSON with a version, and every file and picture in it once,
// by its hash, as base64. A file from elsewhere is not trusted: each template is checked by itself, its HTML sanitised, its
// bytes held against their hash, and what cannot be used is named while the rest is taken.
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import { FileHash, StoredFile } from '../../shared/model/draft.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import { largestTemplateFile, Template, TemplateVariant } from '../../shared/model/template.ts'
import { safeTemplateHtml } from './template-html.ts'

export const templateFileVersion = 1
const format = 'shortlist-templates'

const WrittenTemplate = Template.pick({ kind: true, folder: true, name: true, shortcut: true }).extend({
  variants: z.array(TemplateVariant).min(1).max(20),
  files: z.array(StoredFile).max(50),
})
export type WrittenTemplate = z.infer<typeof WrittenTemplate>

const Envelope = z.object({
  format: z.literal(format),
  version: z.number().int(),
  templates: z.array(z.unknown()).max(5000),
  files: z.record(z.string(), z.string()),
})

export type FileProblem = { readonly name: string; readonly code: string }

/** `bytes` holds every file the templates name; one that is missing is left out and will be named when the file is read. Fails with
 *  'rejected' 'templates-too-large' where the file could not be read back. */
export function writeTemplateFile(templates: readonly WrittenTemplate[], bytes: ReadonlyMap<FileHash, Uint8Array>): string {
  const written = templates.map(({ kind, folder, name, shortcut, variants, files }) => ({ kind, folder, name, shortcut, variants, files }))
  // Some would not even fit into one string.
  if ([...bytes.values()].reduce((sum, content) => sum + Math.ceil(content.byteLength / 3) * 4, 0) > largestTemplateFile) throw tooLarge()
  const files = Object.fromEntries([...bytes].map(([hash, content]) => [hash, Buffer.from(content).toString('base64')]))
  const text = `${JSON.stringify({ format, version: templateFileVersion, templates: written, files }, null, 1)}\n`
  if (Buffer.byteLength(text) > largestTemplateFile) throw tooLarge()
  return text
}

const tooLarge = (): MailFailure => new MailFailure('rejected', 'templates-too-large')

export type ReadTemplates = {
  readonly templates: readonly WrittenTemplate[]
  /** The bytes they need, each once. */
  readonly files: ReadonlyMap<FileHash, Uint8Array>
  readonly problems: readonly FileProblem[]
}

/** Other work gets its turn between one template or file and the next. */
export async function readTemplateFile(text: string): Promise<ReadTemplates> {
  const nothing = (code: string): ReadTemplates => ({ templates: [], files: new Map(), problems: [{ name: '', code }] })
  if (Buffer.byteLength(text) > largestTemplateFile) return nothing('too-large')
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return nothing('not-json')
  }
  const envelope = Envelope.safeParse(json)
  if (!envelope.success) return nothing('not-templates')
  if (envelope.data.version > templateFileVersion) return nothing('newer-version')
  const problems: FileProblem[] = []
  const given = new Map<string, Uint8Array>()
  for (const [hash, data] of Object.entries(envelope.data.files)) {
    await setImmediate()
    const bytes = Buffer.from(data, 'base64')
    if (createHash('sha256').update(bytes).digest('hex') === hash) given.set(hash, bytes)
  }
  const templates: WrittenTemplate[] = []
  const files = new Map<FileHash, Uint8Array>()
  for (const entry of envelope.data.templates) {
    await setImmediate()
    const parsed = WrittenTemplate.safeParse(entry)
    if (!parsed.success) {
      problems.push({ name: nameIn(entry), code: 'unreadable' })
      continue
    }
    const template = parsed.data
    const variants = uniqueLanguages(template.variants).map((variant) => ({ ...variant, html: safeTemplateHtml(variant.html) }))
    const take = (hash: FileHash, code: string): boolean => {
      const bytes = given.get(hash)
      if (bytes) files.set(hash, bytes)
      else problems.push({ name: template.name, code })
      return bytes !== undefined
    }
    for (const variant of variants) for (const hash of picturesIn(variant.html)) take(hash, 'picture-missing')
    const kept = template.files.filter((file) => take(file.hash, 'file-missing'))
    templates.push({ ...template, variants, files: kept.map((file) => ({ ...file, size: files.get(file.hash)?.byteLength ?? file.size })) })
  }
  return { templates, files, problems }
}

function picturesIn(html: string): FileHash[] {
  return [...new Set([...html.matchAll(/\bcid:([0-9a-f]{64})\b/g)].map((match) => FileHash.parse(match[1])))]
}

function uniqueLanguages(variants: readonly TemplateVariant[]): TemplateVariant[] {
  return variants.filter((variant, index) => variants.findIndex((other) => other.language === variant.language) === index)
}

function nameIn(entry: unknown): string {
  return typeof entry === 'object' && entry !== null && 'name' in entry && typeof entry.name === 'string' ? entry.name.slice(0, 200) : ''
}
