import { Bookmark, Clock, X } from 'lucide-react'
import { searchFields } from '../../../shared/model/search-query.ts'
import { useSettings } from '../../api/settings.ts'
import { useText } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { focusSearchField } from './search-commands.ts'
import { dropSaved, forgetSearch, searchNow, typeSearch } from './search-state.ts'

/** The start page of a search: what was searched for before, and how to narrow a search down. */
export function SearchStart() {
  const t = useText()
  const { recentSearches, savedSearches } = useSettings()
  const insert = (word: string): void => {
    typeSearch(word)
    focusSearchField()
  }
  return (
    <div className="h-full overflow-y-auto px-6 py-6">
      <h1 className="text-md font-semibold">{t('search:start.title')}</h1>
      <p className="mt-1 max-w-[52ch] text-ink-2">{t('search:start.text')}</p>
      {savedSearches.length > 0 && (
        <section className="mt-6">
          <h2 className="mb-1 text-xs font-medium text-ink-3">{t('search:saved.title')}</h2>
          <ul>
            {savedSearches.map((saved) => (
              <Row key={saved.query} icon={Bookmark} label={saved.name} detail={saved.name === saved.query ? '' : saved.query} remove={t('search:saved.remove', { name: saved.name })} onOpen={() => searchNow(saved.query)} onRemove={() => void dropSaved(saved.query)} />
            ))}
          </ul>
        </section>
      )}
      {recentSearches.length > 0 && (
        <section className="mt-6">
          <h2 className="mb-1 text-xs font-medium text-ink-3">{t('search:recent')}</h2>
          <ul>
            {recentSearches.slice(0, 8).map((recent) => (
              <Row key={recent} icon={Clock} label={recent} detail="" remove={t('search:forget', { query: recent })} onOpen={() => searchNow(recent)} onRemove={() => forgetSearch(recent)} />
            ))}
          </ul>
        </section>
      )}
      <section className="mt-6">
        <h2 className="mb-1 text-xs font-medium text-ink-3">{t('search:operators')}</h2>
        <ul className="-mx-2 grid grid-cols-[repeat(auto-fill,minmax(15rem,1fr))]">
          {searchFields.map((operator) => (
            <li key={operator}>
              <button type="button" className="flex h-8 w-full items-center gap-3 rounded-md px-2 text-left hover:bg-fill" onClick={() => insert(`${operator}:`)}>
                <code className="w-32 shrink-0 truncate font-mono text-xs text-accent-ink">{t(`search:example.${operator}`)}</code>
                <span className="truncate text-ink-3">{t(`search:operator.${operator}`)}</span>
              </button>
            </li>
          ))}
        </ul>
        <p className="mt-2 text-xs text-ink-3">{t('search:syntax')}</p>
      </section>
    </div>
  )
}

type RowProps = { readonly icon: typeof Clock; readonly label: string; readonly detail: string; readonly remove: string; readonly onOpen: () => void; readonly onRemove: () => void }

function Row({ icon: Icon, label, detail, remove, onOpen, onRemove }: RowProps) {
  return (
    <li className="group -mx-2 flex items-center rounded-md hover:bg-fill">
      <button type="button" className="flex h-8 min-w-0 flex-1 items-center gap-2 rounded-md px-2 text-left" onClick={onOpen}>
        <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />
        <bdi className="truncate">{label}</bdi>
        {detail !== '' && <bdi className="truncate font-mono text-xs text-ink-3">{detail}</bdi>}
      </button>
      <IconButton icon={X} size="small" label={remove} tooltip={false} className="mr-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100" onClick={onRemove} />
    </li>
  )
}
