// Templates and snippets offered while ';word' is typed in a mail, and snippets that stand for their keyword.
import { QueryObserver } from '@tanstack/react-query'
import { api, queryClient } from '../../api/api.ts'
import { currentSettings } from '../../api/settings.ts'
import { offerExpansions, offerSuggestions } from '../../message/composer/insertion.ts'
import type { Suggestion } from '../../message/composer/insertion.ts'
import { insertTemplate } from './insert-template.ts'
import { templatesNow } from './template-actions.ts'
import { plainText, rankTemplates, scoreTemplate } from './template-rows.ts'

/** How well a name has to match to be offered before its shortcut is typed. */
const nearEnough = 0.5

function suggest(typed: string): readonly Suggestion[] {
  const known = templatesNow().filter((template) => template.shortcut !== null)
  const wanted = typed.toLowerCase()
  const byShortcut = known.filter((template) => template.shortcut?.toLowerCase().startsWith(wanted))
  const exact = byShortcut.filter((template) => template.shortcut?.toLowerCase() === wanted)
  const others = rankTemplates(byShortcut.filter((template) => !exact.includes(template)), '', 8)
  const byName = wanted.length < 2 ? [] : rankTemplates(known.filter((template) => !byShortcut.includes(template) && scoreTemplate(template, typed) >= nearEnough), typed, 4)
  return [...exact, ...others, ...byName].map((template) => ({
    id: String(template.id),
    shortcut: template.shortcut ?? '',
    label: template.name,
    detail: template.folder || template.variants[0]?.subject || plainText(template.variants[0] ?? { html: '' }),
    choose: () => insertTemplate(template),
  }))
}

/** Snippets only: a whole mail should not come by a word that is typed by chance. */
function expand(word: string, key: 'Tab' | ' '): (() => Promise<void>) | null {
  const { snippetKey } = currentSettings()
  if (snippetKey === 'menu' || (key === ' ' && (snippetKey !== 'space' || !word.startsWith(';')))) return null
  const keyword = word.replace(/^;/, '').toLowerCase()
  const snippet = templatesNow().find((template) => template.kind === 'snippet' && template.shortcut?.toLowerCase() === keyword)
  return snippet ? () => insertTemplate(snippet) : null
}

/** Once per window. */
export function offerTemplates(): () => void {
  // Observed for as long as the window lives: what nobody observes is forgotten after some minutes.
  const observer = new QueryObserver(queryClient, api.templates.list.queryOptions())
  const stops = [observer.subscribe(() => undefined), offerSuggestions(suggest), offerExpansions(expand)]
  return () => {
    for (const stop of stops) stop()
  }
}
