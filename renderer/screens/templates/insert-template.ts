// A template's way into the mail being written: filled in for whom the mail is to, asking for what nothing else gives.
import type { StoredFile } from '../../../shared/model/draft.ts'
import type { Gender, RenderedTemplate, Template } from '../../../shared/model/template.ts'
import { client } from '../../api/api.ts'
import { text } from '../../locales/text.ts'
import { addFiles, currentIdentity, currentRecipient, insertHtml, setSubjectIfEmpty } from '../../message/composer/insertion.ts'
import { showToast } from '../../parts/toast.tsx'
import { tellFailed } from './template-actions.ts'
import { useTemplates } from './templates-state.ts'

export type FillChoice = { readonly language: string | null; readonly gender: Gender | null; readonly values: Readonly<Record<string, string>> }

/** The template as the current mail would get it. */
export function renderForMail(template: Template, choice: FillChoice): Promise<RenderedTemplate> {
  return client.templates.render({ id: template.id, language: choice.language, to: currentRecipient(), identityId: currentIdentity(), gender: choice.gender, values: { ...choice.values } })
}

/** Puts it in when it is whole; asks first when fields lack a value. */
export async function insertTemplate(template: Template, language: string | null = null): Promise<void> {
  try {
    const rendered = await renderForMail(template, { language, gender: null, values: {} })
    if (rendered.unresolved.length > 0) useTemplates.setState({ filling: { template, rendered, to: currentRecipient(), language } })
    else await putIn(template, rendered)
  } catch (error) {
    tellFailed(error)
  }
}

export async function putIn(template: Template, rendered: Pick<RenderedTemplate, 'html' | 'subject' | 'problems'> & { readonly files: readonly StoredFile[] }): Promise<void> {
  insertHtml(template.kind === 'snippet' ? asInline(rendered.html) : rendered.html)
  if (rendered.subject !== '') setSubjectIfEmpty(rendered.subject)
  if (rendered.files.length > 0) addFiles(rendered.files)
  if (rendered.problems.length > 0) showToast({ tone: 'error', message: text('templates:insert.mistakes', { name: template.name }), detail: text('templates:insert.mistakesDetail') })
  await client.templates.used({ id: template.id })
}

/** A snippet of one paragraph goes into the line it is typed in. */
function asInline(html: string): string {
  const single = /^<p[^>]*>((?:(?!<\/?p[\s>]).)*)<\/p>$/s.exec(html.trim())
  return single?.[1] ?? html
}
