import { FilePlus2, FileStack, FolderOpen, Save, TextCursorInput, TextQuote } from 'lucide-react'
import { shownLocale } from '../../locales/text.ts'
import type { Command } from '../../commands/command.ts'
import { meantComposer } from '../../message/composer/composers.ts'
import { sessionOf } from '../../message/composer/draft-session.ts'
import { canInsert } from '../../message/composer/insertion.ts'
import { newTemplate } from './template-actions.ts'
import { showTemplates, useTemplates } from './templates-state.ts'
import type { Keeping } from './templates-state.ts'

/** The text of the mail being written as a template would begin with it: without the signature, which the sender has anyway. */
function written(): Keeping | null {
  const id = meantComposer()
  const session = id === null ? undefined : sessionOf(id)
  if (session === undefined) return null
  const { subject, html, files } = session.use.getState().content
  const page = new DOMParser().parseFromString(session.editor()?.html() ?? html, 'text/html')
  for (const signature of page.querySelectorAll('[data-signature]')) signature.remove()
  // Empty lines that kept the signature apart.
  while (page.body.lastElementChild?.tagName === 'P' && page.body.lastElementChild.innerHTML.trim() === '') page.body.lastElementChild.remove()
  return { variant: { language: shownLocale(), subject, html: page.body.innerHTML }, files }
}

export const templatesCommands: readonly Command[] = [
  { id: 'go.templates', labelKey: 'templates:command.show', icon: FileStack, section: 'go', keys: ['g m'], perform: () => showTemplates('template') },
  { id: 'go.snippets', labelKey: 'templates:command.snippets', icon: TextQuote, section: 'go', keys: [], perform: () => showTemplates('snippet') },
  { id: 'go.library', labelKey: 'templates:command.library', icon: FolderOpen, section: 'go', keys: [], perform: () => showTemplates('files') },
  { id: 'template.new', labelKey: 'templates:command.new', icon: FilePlus2, section: 'write', keys: [], when: ({ app }) => app.view === 'templates', perform: () => newTemplate('template') },
  {
    id: 'template.insert', labelKey: 'templates:command.insert', icon: TextCursorInput, section: 'write', keys: ['mod+;', 'mod+shift+o'], everywhere: true,
    when: canInsert,
    perform: () => useTemplates.setState({ picker: 'templates' }),
  },
  {
    id: 'template.insert-file', labelKey: 'templates:command.insertFile', icon: FolderOpen, section: 'write', keys: [],
    when: canInsert,
    perform: () => useTemplates.setState({ picker: 'files' }),
  },
  {
    id: 'template.keep', labelKey: 'templates:command.keep', icon: Save, section: 'write', keys: [],
    when: canInsert,
    perform: () => {
      const keeping = written()
      if (keeping !== null) useTemplates.setState({ keeping })
    },
  },
]
