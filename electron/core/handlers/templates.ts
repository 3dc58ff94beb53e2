// Templates, snippets and the file library. What a template says is a matter of crm; its files are a matter of the file
// store; who is writing comes from the identities.
import { setImmediate } from 'node:timers/promises'
import { getAccount, listAccounts } from '../../../db/queries/accounts.ts'
import { getIdentity } from '../../../db/queries/identities.ts'
import { addLibraryFile, getLibraryFile, listLibrary, noteLibraryFileUsed, removeLibraryFiles, renameLibraryFile, restoreLibraryFiles } from '../../../db/queries/library.ts'
import { cidsIn } from '../../../db/queries/stored-files.ts'
import {
  getTemplate, listTemplates, moveTemplateFolder, noteTemplateUsed, removeTemplates, restoreTemplates, storeTemplate, templateWithShortcut, type TemplateText,
} from '../../../db/queries/templates.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { FileHash, Recipient, StoredFile } from '../../../shared/model/draft.ts'
import type { IdentityId, LibraryFileId, TemplateId } from '../../../shared/model/ids.ts'
import type { Gender, LibraryFile, Template } from '../../../shared/model/template.ts'
import { exampleTemplates } from '../../crm/example-templates.ts'
import { mergeFields, type MergeGiven } from '../../crm/merge-fields.ts'
import { checkTemplate, mergeTemplate } from '../../crm/merge.ts'
import { chooseVariant, languageOfAddress } from '../../crm/recipient-language.ts'
import { readTemplateFile, writeTemplateFile, type FileProblem } from '../../crm/template-file.ts'
import { safeTemplateHtml } from '../../crm/template-html.ts'
import { writingLocale } from '../built-draft.ts'
import type { Program } from '../program.ts'
import { base } from './base.ts'

/** Templates stored in one transaction of an import. */
const storedAtOnce = 5

type Asked = { readonly to: Recipient | null; readonly identityId: IdentityId | null; readonly gender: Gender | null; readonly values: Readonly<Record<string, string>> }

/** Of the file store, what is needed here. */
type Files = {
  readonly has: (hash: FileHash) => boolean
  readonly read: (hash: FileHash) => Promise<Uint8Array | null>
  readonly put: (file: { readonly filename: string; readonly mimeType: string; readonly bytes: Uint8Array }) => Promise<StoredFile>
}

export function templateHandlers(program: Program, files: Files) {
  const { db, host } = program
  const now = host.clock.now

  const existing = (id: TemplateId): Template => {
    const template = getTemplate(db, id)
    if (!template) throw new MailFailure('gone', 'template-gone')
    return template
  }
  const given = ({ to, identityId, gender, values }: Asked, language: string): MergeGiven => {
    const identity = identityId === null ? null : getIdentity(db, identityId)
    const account = identity ? getAccount(db, identity.accountId) : (listAccounts(db)[0] ?? null)
    return { to, gender, values, language, now: now(), sender: identity ?? account, accountName: account?.name ?? '' }
  }
  /** A file that is not stored would make a template nobody can send. */
  const refuseMissing = (list: readonly StoredFile[]): void => {
    for (const file of list) if (!files.has(file.hash)) throw new MailFailure('gone', 'file-gone')
  }

  return {
    list: base.templates.list.handler(() => listTemplates(db)),
    save: base.templates.save.handler(({ input: { id, ...input } }) => {
      if (id !== null) existing(id)
      refuseMissing(input.files)
      const languages = new Set(input.variants.map((variant) => variant.language))
      if (languages.size < input.variants.length) throw new MailFailure('rejected', 'template-language-twice')
      const holder = input.shortcut === null ? null : templateWithShortcut(db, input.shortcut)
      if (holder !== null && holder !== id) throw new MailFailure('rejected', 'template-shortcut-taken')
      return existing(db.write('save a template', (tx) => storeTemplate(tx, id, tidy(input), now())))
    }),
    remove: base.templates.remove.handler(({ input }) => {
      db.write('remove templates', (tx) => {
        removeTemplates(tx, input.ids, now())
      })
    }),
    restore: base.templates.restore.handler(({ input }) => {
      db.write('restore templates', (tx) => {
        restoreTemplates(tx, input.ids, now())
      })
    }),
    moveFolder: base.templates.moveFolder.handler(({ input }) => {
      const [from, to] = [folderPath(input.from), folderPath(input.to)]
      if (to === from) return
      if (to.startsWith(`${from}/`)) throw new MailFailure('rejected', 'folder-into-itself')
      db.write('move a folder of templates', (tx) => {
        moveTemplateFolder(tx, from, to)
      })
    }),
    addExamples: base.templates.addExamples.handler(({ input }) => {
      const there = new Set(listTemplates(db).map(placeOf))
      const fresh = exampleTemplates(input.locale).filter((example) => !there.has(placeOf(example)))
      db.write('add example templates', (tx) => {
        for (const example of fresh) {
          const shortcut = templateWithShortcut(tx, example.shortcut) === null ? example.shortcut : null
          storeTemplate(tx, null, { ...example, shortcut, files: [] }, now())
        }
      })
      return { added: fresh.length }
    }),
    render: base.templates.render.handler(({ input }) => {
      const template = existing(input.id)
      const variant = chooseVariant(template.variants, [input.language, input.to && languageOfAddress(input.to.address), writingLocale(host)])
      if (!variant) throw new MailFailure('gone', 'template-gone')
      return { ...mergeTemplate(variant, given(input, variant.language)), files: template.files }
    }),
    preview: base.templates.preview.handler(({ input }) => ({ ...mergeTemplate(input, given(input, input.language)), files: [] })),
    check: base.templates.check.handler(({ input }) => checkTemplate(input.subject, input.html)),
    fields: base.templates.fields.handler(() => [...mergeFields]),
    used: base.templates.used.handler(({ input }) => {
      db.write('note a used template', (tx) => {
        noteTemplateUsed(tx, input.id, now())
      })
    }),
    export: base.templates.export.handler(async ({ input }) => {
      const all = listTemplates(db)
      const chosen = input.ids === null ? all : all.filter((template) => input.ids?.includes(template.id))
      const bytes = new Map<FileHash, Uint8Array>()
      for (const hash of new Set(chosen.flatMap((template) => [...template.files.map((file) => file.hash), ...template.variants.flatMap((variant) => cidsIn(variant.html))]))) {
        const content = await files.read(hash)
        if (content) bytes.set(hash, content)
      }
      const day = new Date(now()).toISOString().slice(0, 10)
      return { filename: `shortlist-templates-${day}.json`, text: writeTemplateFile(chosen, bytes) }
    }),
    import: base.templates.import.handler(async ({ input }) => {
      const read = await readTemplateFile(input.text)
      const problems: FileProblem[] = [...read.problems]
      for (const [hash, bytes] of read.files) if (!files.has(hash)) await files.put({ filename: hash, mimeType: 'application/octet-stream', bytes })
      const there = new Map(listTemplates(db).map((template) => [placeOf(template), template.id]))
      let [added, replaced] = [0, 0]
      for (let from = 0; from < read.templates.length; from += storedAtOnce) {
        await setImmediate()
        db.write('import templates', (tx) => {
          for (const template of read.templates.slice(from, from + storedAtOnce)) {
            const text = tidy(template)
            const id = there.get(placeOf(text)) ?? null
            const holder = text.shortcut === null ? null : templateWithShortcut(tx, text.shortcut)
            const taken = holder !== null && holder !== id
            if (taken) problems.push({ name: text.name, code: 'shortcut-taken' })
            there.set(placeOf(text), storeTemplate(tx, id, { ...text, shortcut: taken ? null : text.shortcut }, now()))
            if (id === null) added++
            else replaced++
          }
        })
      }
      return { added, replaced, problems }
    }),
  }
}

/** Folder and name, which tell templates apart when they come in from a file. */
function placeOf({ folder, name }: Pick<Template, 'folder' | 'name'>): string {
  return `${folder}\n${name}`.toLowerCase()
}

function tidy(text: TemplateText): TemplateText {
  return {
    kind: text.kind,
    name: text.name.trim(),
    folder: folderPath(text.folder),
    shortcut: text.shortcut,
    // A snippet goes into a mail that has a subject already.
    variants: text.variants.map((variant) => ({ language: variant.language, subject: text.kind === 'snippet' ? '' : variant.subject.replace(/\s+/g, ' ').trim(), html: safeTemplateHtml(variant.html) })),
    files: text.kind === 'snippet' ? [] : text.files,
  }
}

function folderPath(folder: string): string {
  return folder
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join('/')
}

export function libraryHandlers(program: Program, files: Files) {
  const { db, host } = program
  const now = host.clock.now
  const existing = (id: LibraryFileId): LibraryFile => {
    const file = getLibraryFile(db, id)
    if (!file) throw new MailFailure('gone', 'library-file-gone')
    return file
  }
  return {
    list: base.library.list.handler(() => listLibrary(db)),
    add: base.library.add.handler(async ({ input }) => {
      const bytes = await files.read(input.hash)
      if (bytes === null) throw new MailFailure('gone', 'file-gone')
      const { hash, filename, mimeType } = input
      return existing(db.write('add to the library', (tx) => addLibraryFile(tx, { hash, filename, mimeType, size: bytes.byteLength, folder: folderPath(input.folder) }, now())))
    }),
    update: base.library.update.handler(({ input }) => {
      existing(input.id)
      db.write('rename in the library', (tx) => {
        renameLibraryFile(tx, input.id, { filename: input.filename, folder: folderPath(input.folder) })
      })
    }),
    remove: base.library.remove.handler(({ input }) => {
      db.write('remove from the library', (tx) => {
        removeLibraryFiles(tx, input.ids, now())
      })
    }),
    restore: base.library.restore.handler(({ input }) => {
      db.write('restore in the library', (tx) => {
        restoreLibraryFiles(tx, input.ids, now())
      })
    }),
    used: base.library.used.handler(({ input }) => {
      db.write('note a used file', (tx) => {
        noteLibraryFileUsed(tx, input.id)
      })
    }),
  }
}
