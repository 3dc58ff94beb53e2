// What is looked at among templates, snippets and files kept for sending, and which of their dialogs is open.
import { create } from 'zustand'
import type { Recipient, StoredFile } from '../../../shared/model/draft.ts'
import type { TemplateId } from '../../../shared/model/ids.ts'
import type { Gender, RenderedTemplate, Template, TemplateVariant } from '../../../shared/model/template.ts'
import { showView } from '../../state.ts'

export type TemplatesTab = 'template' | 'snippet' | 'files'

/** A template on its way into a mail that lacks the values of some fields. */
export type Filling = {
  readonly template: Template
  readonly rendered: RenderedTemplate
  readonly to: Recipient | null
  readonly language: string | null
}

/** What 'save as template' starts from. */
export type Keeping = { readonly variant: TemplateVariant; readonly files: readonly StoredFile[] }

type TemplatesState = {
  readonly tab: TemplatesTab
  readonly selected: TemplateId | null
  /** The folder the keyboard is on, by its path; null: on the chosen template. */
  readonly atFolder: string | null
  readonly query: string
  /** Folders that are folded, by tab and path. */
  readonly folded: ReadonlySet<string>
  readonly picker: 'templates' | 'files' | null
  readonly filling: Filling | null
  readonly keeping: Keeping | null
  /** Just made: its name is to be typed. */
  readonly naming: TemplateId | null
  /** Whom the preview is for, and what was given by hand; kept while the window lives, for the next mail is like the last. */
  readonly previewTo: Recipient | null
  readonly previewGender: Gender | null
  readonly values: Readonly<Record<string, string>>
}

export const useTemplates = create<TemplatesState>(() => ({
  tab: 'template',
  selected: null,
  atFolder: null,
  query: '',
  folded: new Set<string>(),
  picker: null,
  filling: null,
  keeping: null,
  naming: null,
  previewTo: null,
  previewGender: null,
  values: {},
}))

export function showTemplates(tab: TemplatesTab = useTemplates.getState().tab): void {
  showView('templates')
  showTab(tab)
}

export function showTab(tab: TemplatesTab): void {
  useTemplates.setState((state) => (state.tab === tab ? {} : { tab, selected: null, atFolder: null, query: '' }))
}

export function selectTemplate(selected: TemplateId | null): void {
  useTemplates.setState({ selected, atFolder: null })
}

export function toggleFolder(key: string): void {
  useTemplates.setState(({ folded }) => {
    const now = new Set(folded)
    if (!now.delete(key)) now.add(key)
    return { folded: now }
  })
}

export function giveValue(name: string, value: string): void {
  useTemplates.setState(({ values }) => ({ values: { ...values, [name]: value } }))
}
