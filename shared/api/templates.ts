// The contract of templates, snippets and the file library.
import { oc } from '@orpc/contract'
import { z } from 'zod'
import { FileHash, Recipient } from '../model/draft.ts'
import { IdentityId, LibraryFileId, TemplateId } from '../model/ids.ts'
import { Locale } from '../model/settings.ts'
import { Gender, Language, LibraryFile, MergeField, RenderedTemplate, Template, TemplateProblem, largestTemplateFile } from '../model/template.ts'

const none = z.void()
/** Fields given by hand, by name. */
const GivenValues = z.record(z.string().max(100), z.string().max(2000)).refine((values) => Object.keys(values).length <= 200)

export const templatesContract = {
  /** By folder and name; all of them, texts included. */
  list: oc.output(z.array(Template)),
  save: oc.input(Template.omit({ id: true, uses: true, lastUsedAt: true, updatedAt: true }).extend({ id: TemplateId.nullable() })).output(Template),
  remove: oc.input(z.object({ ids: z.array(TemplateId).min(1).max(1000) })).output(none),
  /** Takes a removal back; possible for 30 days. */
  restore: oc.input(z.object({ ids: z.array(TemplateId).min(1).max(1000) })).output(none),
  /** Everything in a folder, folders in it included, into another; '' is the top. */
  moveFolder: oc.input(z.object({ from: z.string().trim().min(1).max(300), to: z.string().trim().max(300) })).output(none),
  /** Some good ones to begin with, in folders named in the person's language. Those that are there already are left alone. */
  addExamples: oc.input(z.object({ locale: Locale })).output(z.object({ added: z.number().int() })),
  /**
   * Filled in for one person. `language` null: the recipient's as far as known, else the variant nearest the person's own.
   * `values` are fields given by hand, by name; they win. Counts as no use: see `used`.
   */
  render: oc
    .input(
      z.object({
        id: TemplateId,
        language: Language.nullable(),
        to: Recipient.nullable(),
        identityId: IdentityId.nullable(),
        gender: Gender.nullable(),
        values: GivenValues,
      }),
    )
    .output(RenderedTemplate),
  /** The same for a text that is just being written. */
  preview: oc
    .input(
      z.object({
        subject: z.string().max(2000),
        html: z.string().max(500_000),
        language: Language,
        to: Recipient.nullable(),
        identityId: IdentityId.nullable(),
        gender: Gender.nullable(),
        values: GivenValues,
      }),
    )
    .output(RenderedTemplate),
  check: oc.input(z.object({ subject: z.string().max(2000), html: z.string().max(500_000) })).output(z.array(TemplateProblem)),
  fields: oc.output(z.array(MergeField)),
  /** It went into a mail. */
  used: oc.input(z.object({ id: TemplateId })).output(none),
  /** All, or some, as one file (JSON, files and images included as base64). */
  export: oc.input(z.object({ ids: z.array(TemplateId).max(5000).nullable() })).output(z.object({ filename: z.string(), text: z.string() })),
  import: oc.input(z.object({ text: z.string().max(largestTemplateFile) })).output(z.object({ added: z.number().int(), replaced: z.number().int(), problems: z.array(z.object({ name: z.string(), code: z.string() })) })),
}

export const libraryContract = {
  list: oc.output(z.array(LibraryFile)),
  add: oc.input(z.object({ hash: FileHash, filename: z.string().min(1).max(255), mimeType: z.string().max(200), folder: z.string().max(300) })).output(LibraryFile),
  update: oc.input(z.object({ id: LibraryFileId, filename: z.string().min(1).max(255), folder: z.string().max(300) })).output(none),
  remove: oc.input(z.object({ ids: z.array(LibraryFileId).min(1).max(500) })).output(none),
  restore: oc.input(z.object({ ids: z.array(LibraryFileId).min(1).max(500) })).output(none),
  used: oc.input(z.object({ id: LibraryFileId })).output(none),
}
