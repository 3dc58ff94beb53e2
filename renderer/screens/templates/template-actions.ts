// What is done to templates from menus, lists and commands. Failures are told by whoever catches them: `act` is for menus.
import type { TemplateId } from '../../../shared/model/ids.ts'
import type { Template, TemplateKind } from '../../../shared/model/template.ts'
import { api, client, queryClient } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { shownLocale, text } from '../../locales/text.ts'
import { downloadFrom } from '../../message/download.ts'
import { showToast } from '../../parts/toast.tsx'
import { refusedUnread, type ImportResult } from './import-problem.ts'
import { dropDraft, putTemplate, saveDraft, useTemplateDraft } from './template-draft.ts'
import { selectTemplate, showTemplates, useTemplates } from './templates-state.ts'

export function tellFailed(error: unknown): void {
  const failure = failureFrom(error)
  showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
}

export function templatesNow(): readonly Template[] {
  return queryClient.getQueryData<Template[]>(api.templates.list.queryKey()) ?? []
}

/** A name nobody in the folder has: 'New template', 'New template 2'. */
function freshName(name: string, folder: string): string {
  const taken = new Set(templatesNow().filter((one) => one.folder === folder).map((one) => one.name.toLowerCase()))
  for (let n = 1; ; n++) {
    const tried = n === 1 ? name : `${name} ${String(n)}`
    if (!taken.has(tried.toLowerCase())) return tried
  }
}

export async function newTemplate(kind: TemplateKind, folder = ''): Promise<void> {
  const name = freshName(text(kind === 'snippet' ? 'templates:newSnippetName' : 'templates:newName'), folder)
  const made = await client.templates.save({ id: null, kind, folder, name, shortcut: null, variants: [{ language: shownLocale(), subject: '', html: '' }], files: [] })
  putTemplate(made)
  useTemplates.setState({ query: '' })
  showTemplates(kind)
  selectTemplate(made.id)
  useTemplates.setState({ naming: made.id })
}

export async function duplicateTemplate(template: Template): Promise<void> {
  try {
    await saveDraft()
    const from = templatesNow().find((one) => one.id === template.id) ?? template
    const { kind, folder, variants, files } = from
    const made = await client.templates.save({ id: null, kind, folder, name: freshName(text('templates:copyName', { name: from.name }), folder), shortcut: null, variants, files })
    putTemplate(made)
    selectTemplate(made.id)
  } catch (error) {
    tellFailed(error)
  }
}

export async function removeTemplates(templates: readonly Template[]): Promise<void> {
  const ids = templates.map((template) => template.id)
  const [first] = templates
  if (!first) return
  try {
    await saveDraft()
    if (ids.includes(useTemplateDraft.getState().id ?? first.id)) dropDraft()
    await client.templates.remove({ ids })
    queryClient.setQueryData<Template[]>(api.templates.list.queryKey(), (list) => list?.filter((one) => !ids.includes(one.id)))
    if (ids.includes(useTemplates.getState().selected ?? first.id)) selectTemplate(null)
    showToast({
      message: ids.length === 1 ? text('templates:removed', { name: first.name }) : text('templates:removedMany', { count: ids.length }),
      detail: text('templates:removedDetail'),
      action: {
        label: text('shell:undo'),
        perform: () => {
          client.templates
            .restore({ ids })
            .then(() => queryClient.invalidateQueries({ queryKey: api.templates.list.key() }))
            .then(() => {
              if (ids.length === 1) selectTemplate(first.id)
            })
            .catch(tellFailed)
        },
      },
    })
  } catch (error) {
    tellFailed(error)
  }
}

export async function exportTemplates(ids: readonly TemplateId[] | null): Promise<void> {
  try {
    await saveDraft()
    const { filename, text: content } = await client.templates.export({ ids: ids === null ? null : [...ids] })
    const url = URL.createObjectURL(new Blob([content], { type: 'application/json' }))
    downloadFrom(url, filename)
    setTimeout(() => URL.revokeObjectURL(url), 60_000)
  } catch (error) {
    tellFailed(error)
  }
}

export async function importTemplates(file: File): Promise<ImportResult> {
  const refused = refusedUnread(file)
  if (refused) return refused
  await saveDraft()
  dropDraft()
  const result = await client.templates.import({ text: await file.text() })
  await queryClient.invalidateQueries({ queryKey: api.templates.list.key() })
  return result
}

export async function addExamples(): Promise<void> {
  try {
    const { added } = await client.templates.addExamples({ locale: shownLocale() })
    await queryClient.invalidateQueries({ queryKey: api.templates.list.key() })
    showToast({ message: text('templates:examplesAdded', { count: added }) })
  } catch (error) {
    tellFailed(error)
  }
}
