// The lanes over an inbox, each with what is unread in it.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { api } from '../../api/api.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { showLane, useApp } from '../../state.ts'
import type { ThreadSource } from '../../../shared/api/lists.ts'
import type { Lane } from '../../../shared/model/lane.ts'
import { shownLanes } from './lane-commands.ts'

const bringIntoView = (tab: HTMLElement | null): void => tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' })

export function LaneTabs({ source }: { readonly source: ThreadSource }) {
  const t = useText()
  const format = useFormat()
  const shown = useApp((state) => state.lane)
  const counts = useQuery(api.lanes.counts.queryOptions({ input: { source } })).data
  // How much is unread in all of them stands in the list's head.
  const unreadIn = (lane: Lane | null) => (lane === null ? 0 : (counts?.[lane].unread ?? 0))
  return (
    <div
      role="tablist"
      aria-label={t('triage:lane.label')}
      className="-mr-3 -ml-4 flex gap-2.5 overflow-x-auto border-b border-line px-4 [scrollbar-width:none]"
      onKeyDown={(event) => {
        const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
        if (step === 0) return
        event.preventDefault()
        event.stopPropagation()
        const at = shownLanes.indexOf(shown)
        const next = shownLanes[(at + step + shownLanes.length) % shownLanes.length]
        if (next === undefined) return
        showLane(next)
        event.currentTarget.querySelectorAll<HTMLElement>('[role="tab"]')[shownLanes.indexOf(next)]?.focus()
      }}
    >
      {shownLanes.map((lane) => {
        const unread = unreadIn(lane)
        const name = t(`triage:lane.${lane ?? 'all'}`)
        return (
          <button
            key={lane ?? 'all'}
            type="button"
            role="tab"
            aria-selected={lane === shown}
            aria-label={unread > 0 ? `${name}, ${t('triage:lane.unread', { count: unread })}` : name}
            ref={lane === shown ? bringIntoView : undefined}
            tabIndex={lane === shown ? 0 : -1}
            onClick={() => showLane(lane)}
            className={clsx(
              '-mb-px flex shrink-0 items-center gap-1.5 border-b-2 pt-1 pb-1.5 text-xs font-medium ring-inset-focus',
              lane === shown ? 'border-accent text-ink' : 'border-transparent text-ink-2 hover:text-ink',
            )}
          >
            {name}
            {unread > 0 && <span className={clsx('tabular text-2xs', lane === shown ? 'text-accent-ink' : 'text-ink-3')}>{format.count(unread)}</span>}
          </button>
        )
      })}
    </div>
  )
}
