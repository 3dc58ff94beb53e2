// Why a conversation is in its lane, and where its sender's mail should go instead: L, then a number.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { useState } from 'react'
import { api, client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { takeBack, undoStep } from '../../commands/triage.ts'
import { stopAsking } from '../../commands/triage-state.ts'
import type { Asking } from '../../commands/triage-state.ts'
import { pushStep } from '../../commands/undo-stack.ts'
import type { UndoStep } from '../../commands/undo-stack.ts'
import { text, useText } from '../../locales/text.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Kbd } from '../../parts/kbd.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { showToast } from '../../parts/toast.tsx'
import { lanes } from '../../../shared/model/lane.ts'
import type { Lane, LaneReason, LaneRuleKind } from '../../../shared/model/lane.ts'
import type { ThreadId } from '../../../shared/model/ids.ts'
import { laneIcons } from './lane-icons.ts'

async function setLane(threadIds: readonly ThreadId[], lane: Lane, scope: LaneRuleKind, told: string): Promise<void> {
  try {
    const { undoId } = await client.lanes.set({ threadIds: [...threadIds], lane, scope })
    if (undoId === null) {
      showToast({ key: 'triage', message: told })
      return
    }
    const label = text('triage:done.lane', { count: threadIds.length })
    const step: UndoStep = { label, at: Date.now(), undo: () => takeBack([undoId], label) }
    pushStep(step)
    showToast({ key: 'triage', message: step.label, detail: told, inSteps: true, action: { label: text('shell:undo'), perform: () => void undoStep(step) } })
  } catch (error) {
    const failure = failureFrom(error)
    showToast({ tone: 'error', key: 'triage', message: failureText(failure), detail: failure.said ?? undefined })
  }
}

const kinds: readonly LaneRuleKind[] = ['address', 'domain', 'list']

export function LaneDialog({ asking }: { readonly asking: Extract<Asking, { kind: 'lane' }> }) {
  const t = useText()
  const { ids } = asking.meant
  const [first] = ids
  const reason = useQuery({ ...api.lanes.why.queryOptions({ input: { threadId: first ?? (1 as ThreadId) } }), enabled: first !== undefined })
  return (
    <Dialog open onOpenChange={stopAsking} title={t('triage:lane.title')} width="narrow" description={ids.length > 1 ? t('triage:lane.several', { count: ids.length }) : undefined}>
      {reason.isPending ? <Skeleton className="h-40 w-full" /> : <Choosing ids={ids} reason={reason.data ?? null} />}
    </Dialog>
  )
}

function Choosing({ ids, reason }: { readonly ids: readonly ThreadId[]; readonly reason: LaneReason | null }) {
  const t = useText()
  const single = ids.length === 1 && reason !== null
  const offered = kinds.filter((kind) => (single ? reason.scopes[kind] !== null : kind !== 'list'))
  const [scope, setScope] = useState<LaneRuleKind>(() => (single && reason.scopes.list !== null ? 'list' : (offered[0] ?? 'address')))
  const nameOf = (kind: LaneRuleKind) => (single ? t(`triage:lane.${kind}`, { value: reason.scopes[kind] ?? '' }) : t(kind === 'domain' ? 'triage:lane.severalDomain' : 'triage:lane.severalAddress'))
  const choose = (lane: Lane) => {
    stopAsking()
    const where = t(`triage:lane.${lane}`)
    void setLane(ids, lane, scope, single ? t('triage:lane.set', { value: reason.scopes[scope] ?? '', lane: where }) : t('triage:lane.setSeveral', { lane: where }))
  }
  const at = single ? lanes.indexOf(reason.lane) : 0
  return (
    <div
      onKeyDown={(event) => {
        const lane = event.ctrlKey || event.metaKey || event.altKey ? undefined : lanes[Number(event.key) - 1]
        if (!lane) return
        event.preventDefault()
        choose(lane)
      }}
    >
      {single && (
        <p className="mb-3 text-ink-2">
          {t('triage:lane.nowIn', { lane: t(`triage:lane.${reason.lane}`) })} {t(`triage:lane.why.${reason.why}`, { value: reason.value })}
        </p>
      )}
      <div
        role="group"
        aria-label={t('triage:lane.title')}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
          if (step === 0) return
          event.preventDefault()
          const buttons = [...event.currentTarget.querySelectorAll('button')]
          const now = buttons.findIndex((button) => button === document.activeElement)
          buttons[(now + step + buttons.length) % buttons.length]?.focus()
        }}
      >
        {lanes.map((lane, place) => {
          const Icon = laneIcons[lane]
          const current = single && reason.lane === lane
          return (
            <button
              key={lane}
              type="button"
              autoFocus={place === at}
              aria-pressed={current}
              onClick={() => choose(lane)}
              className={clsx('flex h-9 w-full items-center gap-3 rounded-md px-3 text-left ring-inset-focus hover:bg-fill-strong focus-visible:bg-fill-strong', current && 'text-accent-ink')}
            >
              <Icon aria-hidden className={clsx('size-4', !current && 'text-ink-3')} strokeWidth={1.75} />
              <span className="flex-1">{t(`triage:lane.${lane}`)}</span>
              <Kbd keys={String(place + 1)} />
            </button>
          )
        })}
      </div>
      {offered.length > 1 && (
        <fieldset className="mt-4">
          <legend className="mb-1 text-xs font-medium text-ink-2">{t('triage:lane.scope')}</legend>
          {offered.map((kind) => (
            <label key={kind} className="flex min-h-7 items-center gap-2">
              <input type="radio" name="lane-scope" value={kind} checked={scope === kind} onChange={() => setScope(kind)} className="size-3.5 shrink-0 accent-(--accent)" />
              <bdi className="min-w-0 break-words">{nameOf(kind)}</bdi>
            </label>
          ))}
        </fieldset>
      )}
    </div>
  )
}
