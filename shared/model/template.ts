// Texts written once and sent often. Merge fields are written in Liquid: {{ candidate.first_name | default: "there" }}.
import { z } from 'zod'
import { LibraryFileId, TemplateId } from './ids.ts'
import { StoredFile } from './draft.ts'

/** The largest file of templates that is written or read, bytes: it is parsed in one go. */
export const largestTemplateFile = 50_000_000

/** BCP 47 primary language of a variant. */
export const Language = z.string().regex(/^[a-z]{2,3}$/)

export const TemplateVariant = z.object({
  language: Language,
  subject: z.string().max(2000),
  html: z.string().max(500_000),
})
export type TemplateVariant = z.infer<typeof TemplateVariant>

/** A 'snippet' is a few words put in by its keyword; it has no subject and no files. */
export const TemplateKind = z.enum(['template', 'snippet'])
export type TemplateKind = z.infer<typeof TemplateKind>

export const Template = z.object({
  id: TemplateId,
  kind: TemplateKind,
  /** '' for the top; 'Sourcing/First contact' for a folder in a folder. */
  folder: z.string().trim().max(300),
  name: z.string().trim().min(1).max(200),
  /** Typed after ';' in the composer; null for none. Unique. */
  shortcut: z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u).nullable(),
  variants: z.array(TemplateVariant).min(1).max(20),
  files: z.array(StoredFile).max(50),
  uses: z.number().int(),
  lastUsedAt: z.number().nullable(),
  updatedAt: z.number(),
})
export type Template = z.infer<typeof Template>

/** A mistake in a template and where it is; lines and columns from 1, in the text as the person sees it. */
export const TemplateProblem = z.object({
  where: z.enum(['subject', 'text']),
  line: z.number().int(),
  column: z.number().int(),
  /** Locale key under 'templates:problem', e.g. 'unknown-field', 'syntax', 'unclosed'. */
  code: z.string(),
  values: z.record(z.string(), z.string()),
})
export type TemplateProblem = z.infer<typeof TemplateProblem>

export const MergeField = z.object({
  /** e.g. 'candidate.first_name' */
  name: z.string(),
  /** Locale key of what it stands for, under 'templates:field'. */
  labelKey: z.string(),
  /** Not known from the recipient, the sender or the day: the person gives it. */
  asked: z.boolean(),
})
export type MergeField = z.infer<typeof MergeField>

export const Gender = z.enum(['female', 'male', 'unknown'])
export type Gender = z.infer<typeof Gender>

export const RenderedTemplate = z.object({
  subject: z.string(),
  html: z.string(),
  language: Language,
  files: z.array(StoredFile),
  /** Fields that had no value and no default; they stand in the text as they were written. */
  unresolved: z.array(z.string()),
  problems: z.array(TemplateProblem),
  /** What was taken for the recipient's gender, when the text depends on it; null when it does not. */
  gender: Gender.nullable(),
})
export type RenderedTemplate = z.infer<typeof RenderedTemplate>

export const LibraryFile = StoredFile.extend({
  id: LibraryFileId,
  folder: z.string().trim().max(300),
  uses: z.number().int(),
  addedAt: z.number(),
})
export type LibraryFile = z.infer<typeof LibraryFile>
