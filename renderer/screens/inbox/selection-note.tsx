// Under a selection of all that is loaded: the way to all there is.
import { perform } from '../../commands/all.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'

type Props = {
  readonly loaded: number
  readonly complete: boolean
  readonly everything: boolean
  /** The list's name; null for a search. */
  readonly name: string | null
}

export function SelectionNote({ loaded, complete, everything, name }: Props) {
  const t = useText()
  const format = useFormat()
  if (complete && !everything) return null
  return (
    <p role="status" className="flex shrink-0 flex-wrap items-center gap-x-2 border-b border-line bg-accent-soft px-4 py-1.5 text-xs text-ink">
      {everything ? (
        <span>{name === null ? t('triage:everything.selectedFound') : t('triage:everything.selected', { name })}</span>
      ) : (
        <>
          <span>{t('triage:everything.loaded', { count: loaded, shown: format.number(loaded) })}</span>
          <button type="button" className="rounded-sm font-medium text-accent-ink underline-offset-2 hover:underline" onClick={() => perform('list.everything')}>
            {name === null ? t('triage:everything.selectFound') : t('triage:everything.select', { name })}
          </button>
        </>
      )}
    </p>
  )
}
