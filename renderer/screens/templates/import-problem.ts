// What of a file of templates could not be taken over, in plain words.
import { largestTemplateFile } from '../../../shared/model/template.ts'
import type { client } from '../../api/api.ts'
import { formatFor } from '../../locales/format.ts'
import { hasText, shownLocale, text } from '../../locales/text.ts'

export type ImportResult = Awaited<ReturnType<typeof client.templates.import>>

/** A file too large to be read is not looked into at all. */
export function refusedUnread({ size }: Blob): ImportResult | null {
  return size > largestTemplateFile ? { added: 0, replaced: 0, problems: [{ name: '', code: 'too-large' }] } : null
}

export function importProblem({ name, code }: ImportResult['problems'][number]): string {
  const key = `templates:importProblem.${code}`
  const limit = formatFor(shownLocale(), navigator.languages).size(largestTemplateFile)
  const told = hasText(key) ? text(key, { limit }) : text('templates:importProblem.unreadable')
  return name === '' ? told : `${name}: ${told}`
}
