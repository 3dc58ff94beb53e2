// Templates and snippets with their variants and files. Removing one hides it for a while, so that it can come back.
import type { StoredFile } from '../../shared/model/draft.ts'
import type { TemplateId } from '../../shared/model/ids.ts'
import type { Template, TemplateKind, TemplateVariant } from '../../shared/model/template.ts'
import type { Reader, Tx } from '../handles.ts'
import { cidsIn, dropFileUses, setFileUses } from './stored-files.ts'

/** How long a removed template or library file can be brought back, milliseconds. */
export const keepRemovedFor = 30 * 86_400_000

type Row = { id: TemplateId; kind: TemplateKind; folder: string; name: string; shortcut: string | null; uses: number; last_used_at: number | null; updated_at: number }
type VariantRow = TemplateVariant & { readonly id: TemplateId }
type FileRow = StoredFile & { readonly id: TemplateId }

const rowColumns = 'id, kind, folder, name, shortcut, uses, last_used_at, updated_at'
const fileColumns = 'template_id AS id, hash, filename, mime_type AS mimeType, size'

function assembled(rows: readonly Row[], variants: readonly VariantRow[], files: readonly FileRow[]): Template[] {
  const found = new Map<TemplateId, { variants: TemplateVariant[]; files: StoredFile[] }>()
  for (const row of rows) found.set(row.id, { variants: [], files: [] })
  for (const { id, ...variant } of variants) found.get(id)?.variants.push(variant)
  for (const { id, ...file } of files) found.get(id)?.files.push(file)
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    folder: row.folder,
    name: row.name,
    shortcut: row.shortcut,
    variants: found.get(row.id)?.variants ?? [],
    files: found.get(row.id)?.files ?? [],
    uses: row.uses,
    lastUsedAt: row.last_used_at,
    updatedAt: row.updated_at,
  }))
}

/** All that are there, by folder and name as a person would sort them. */
export function listTemplates(db: Reader): Template[] {
  const compare = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' }).compare
  return assembled(
    db.all<Row>(`SELECT ${rowColumns} FROM template WHERE removed_at IS NULL`),
    db.all<VariantRow>('SELECT template_id AS id, language, subject, html FROM template_variant ORDER BY template_id, position'),
    db.all<FileRow>(`SELECT ${fileColumns} FROM template_file ORDER BY template_id, position`),
  ).sort((a, b) => compare(a.folder, b.folder) || compare(a.name, b.name) || a.id - b.id)
}

export function getTemplate(db: Reader, id: TemplateId): Template | null {
  const [template] = assembled(
    db.all<Row>(`SELECT ${rowColumns} FROM template WHERE id = ? AND removed_at IS NULL`, id),
    db.all<VariantRow>('SELECT template_id AS id, language, subject, html FROM template_variant WHERE template_id = ? ORDER BY position', id),
    db.all<FileRow>(`SELECT ${fileColumns} FROM template_file WHERE template_id = ? ORDER BY position`, id),
  )
  return template ?? null
}

/** Who has a shortcut now; letter case makes no difference. */
export function templateWithShortcut(db: Reader, shortcut: string): TemplateId | null {
  return db.get<{ id: TemplateId }>('SELECT id FROM template WHERE shortcut_key = ? AND removed_at IS NULL', shortcutKey(shortcut))?.id ?? null
}

function shortcutKey(shortcut: string): string {
  return shortcut.toLowerCase()
}

export type TemplateText = Pick<Template, 'kind' | 'folder' | 'name' | 'shortcut' | 'variants' | 'files'>

/** Stores a template, a new one without an id. A shortcut that another has fails on its unique index. */
export function storeTemplate(tx: Tx, id: TemplateId | null, text: TemplateText, now: number): TemplateId {
  const key = text.shortcut === null ? null : shortcutKey(text.shortcut)
  let stored: TemplateId
  if (id === null) {
    stored = tx.run('INSERT INTO template (kind, folder, name, shortcut, shortcut_key, updated_at) VALUES (?, ?, ?, ?, ?, ?)', text.kind, text.folder, text.name, text.shortcut, key, now).id as TemplateId
  } else {
    stored = id
    tx.run('UPDATE template SET kind = ?, folder = ?, name = ?, shortcut = ?, shortcut_key = ?, updated_at = ? WHERE id = ?', text.kind, text.folder, text.name, text.shortcut, key, now, id)
    tx.run('DELETE FROM template_variant WHERE template_id = ?', id)
    tx.run('DELETE FROM template_file WHERE template_id = ?', id)
  }
  for (const [position, variant] of text.variants.entries()) {
    tx.run('INSERT INTO template_variant (template_id, position, language, subject, html) VALUES (?, ?, ?, ?, ?)', stored, position, variant.language, variant.subject, variant.html)
  }
  for (const [position, file] of text.files.entries()) {
    tx.run('INSERT INTO template_file (template_id, position, hash, filename, mime_type, size) VALUES (?, ?, ?, ?, ?, ?)', stored, position, file.hash, file.filename, file.mimeType, file.size)
  }
  setFileUses(tx, 'template', stored, [...text.files.map((file) => file.hash), ...text.variants.flatMap((variant) => cidsIn(variant.html))], now)
  tx.touch.topic('templates')
  return stored
}

/** Puts everything in a folder, and in the folders in it, into another; '' is the top. */
export function moveTemplateFolder(tx: Tx, from: string, to: string): void {
  tx.run("UPDATE template SET folder = trim(? || substr(folder, length(?) + 1), '/') WHERE folder = ? OR substr(folder, 1, length(?) + 1) = ? || '/'", to, from, from, from, from)
  tx.touch.topic('templates')
}

export function removeTemplates(tx: Tx, ids: readonly TemplateId[], now: number): void {
  for (const { id } of tx.all<{ id: TemplateId }>('SELECT id FROM template WHERE removed_at < ?', now - keepRemovedFor)) {
    tx.run('DELETE FROM template WHERE id = ?', id)
    dropFileUses(tx, 'template', id)
  }
  for (const id of ids) tx.run('UPDATE template SET removed_at = ? WHERE id = ? AND removed_at IS NULL', now, id)
  tx.touch.topic('templates')
}

/** Brings removed ones back. One whose shortcut was given to another meanwhile comes back without it. */
export function restoreTemplates(tx: Tx, ids: readonly TemplateId[], now: number): void {
  for (const id of ids) {
    tx.run(
      `UPDATE template SET shortcut = NULL, shortcut_key = NULL
       WHERE id = ? AND removed_at IS NOT NULL AND shortcut_key IN (SELECT shortcut_key FROM template WHERE removed_at IS NULL)`,
      id,
    )
    tx.run('UPDATE template SET removed_at = NULL WHERE id = ? AND removed_at >= ?', id, now - keepRemovedFor)
  }
  tx.touch.topic('templates')
}

export function noteTemplateUsed(tx: Tx, id: TemplateId, now: number): void {
  tx.run('UPDATE template SET uses = uses + 1, last_used_at = ? WHERE id = ?', now, id)
  tx.touch.topic('templates')
}
