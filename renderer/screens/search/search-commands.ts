import { BookmarkMinus, BookmarkPlus, Search, SearchX } from 'lucide-react'
import type { Command, CommandContext } from '../../commands/command.ts'
import { text } from '../../locales/text.ts'
import { showToast } from '../../parts/toast.tsx'
import { dropSaved, isSaved, leaveSearch, saveSearch } from './search-state.ts'

const searching = ({ app }: CommandContext): boolean => app.view === 'search'
const hasQuery = ({ app }: CommandContext): boolean => app.view === 'search' && app.search.query !== ''

export function focusSearchField(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search-field]')
  field?.focus()
  field?.select()
}

export const searchCommands: readonly Command[] = [
  { id: 'search.focus', labelKey: 'search:command.focus', icon: Search, section: 'search', keys: ['/', 'mod+f'], perform: focusSearchField },
  {
    id: 'search.save', labelKey: 'search:command.save', icon: BookmarkPlus, section: 'search', keys: [],
    when: (context) => hasQuery(context) && !isSaved(context.app.search.query),
    perform: async ({ app }) => {
      const { query } = app.search
      await saveSearch(query.slice(0, 100), query)
      showToast({ key: 'saved-search', message: text('search:saved.done'), action: { label: text('shell:undo'), perform: () => void dropSaved(query) } })
    },
  },
  {
    id: 'search.drop', labelKey: 'search:command.drop', icon: BookmarkMinus, section: 'search', keys: [],
    when: (context) => hasQuery(context) && isSaved(context.app.search.query),
    perform: async ({ app }) => {
      const { query } = app.search
      await dropSaved(query)
      showToast({ key: 'saved-search', message: text('search:saved.dropped'), action: { label: text('shell:undo'), perform: () => void saveSearch(query.slice(0, 100), query) } })
    },
  },
  { id: 'search.leave', labelKey: 'search:command.leave', icon: SearchX, section: 'search', keys: [], when: searching, perform: leaveSearch },
]
