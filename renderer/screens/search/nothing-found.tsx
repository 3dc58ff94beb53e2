import { SearchX } from 'lucide-react'
import { parseSearch } from '../../../shared/model/search-query.ts'
import type { ThreadSource } from '../../../shared/api/lists.ts'
import { useFolders } from '../../api/shared-query.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { useFolderNames } from '../inbox/folder-names.ts'
import { searchEverywhere, searchNow } from './search-state.ts'
import { ServerSearch } from './server-search.tsx'

type Props = { readonly query: string; readonly source: ThreadSource | null; readonly ignored: readonly string[]; readonly notCovered: number }

/** Nothing found, why that may be, and what would find more. */
export function NothingFound({ query, source, ignored, notCovered }: Props) {
  const t = useText()
  const names = useFolderNames()
  const folders = useFolders()
  // Only the words matter here, and they do not depend on the day.
  const parsed = parseSearch(query, 0)
  const plain = parsed.terms.filter((term) => term.column === 'any' && !term.negated)
  const words = plain.map((term) => (/\s/u.test(term.text) ? `"${term.text}"` : term.text)).join(' ')
  const filtered = words !== '' && words !== query.trim()
  const folder = folders?.find(({ id }) => id === source)
  const place = source === 'inboxes' ? t('inbox:allInboxes') : folder ? names.shown(folder) : null
  const tips = [
    ...(filtered || plain.length === 0 ? [t('search:empty.narrow')] : []),
    ...(plain.length > 1 ? [t('search:empty.fewer')] : []),
    ...(plain.length > 0 ? [t('search:empty.beginning')] : []),
    ...(plain.length === 1 ? [t('search:empty.spelling')] : []),
  ]
  return (
    <div className="flex h-full flex-col overflow-y-auto px-8 pt-[10vh] pb-8">
      <span className="mb-4 flex size-12 items-center justify-center rounded-full bg-fill text-ink-3">
        <SearchX aria-hidden className="size-5" strokeWidth={1.5} />
      </span>
      <p className="text-md font-medium break-words text-ink">{t('search:empty.title', { query })}</p>
      {place !== null && <p className="mt-1 text-ink-2">{t('search:empty.elsewhere', { folder: place })}</p>}
      {ignored.length > 0 && <p className="mt-1 text-warn">{t('search:results.ignored', { parts: ignored.join(', ') })}</p>}
      <ul className="mt-3 list-disc space-y-1 pl-4 text-ink-3 marker:text-line-control">
        {tips.map((tip) => (
          <li key={tip}>{tip}</li>
        ))}
      </ul>
      <div className="mt-5 flex flex-wrap gap-2">
        {place !== null && <Button onClick={searchEverywhere}>{t('search:empty.searchEverywhere')}</Button>}
        {filtered && <Button onClick={() => searchNow(words)}>{t('search:empty.withoutFilters', { words })}</Button>}
      </div>
      {notCovered > 0 && (
        <div className="mt-6 overflow-hidden rounded-lg shadow-card">
          <ServerSearch key={query} query={query} notCovered={notCovered} />
        </div>
      )}
    </div>
  )
}
