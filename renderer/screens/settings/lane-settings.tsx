// The lanes over the inbox: whether there are any, and the rules the person made, each to be taken back.
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { api, client, queryClient } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { changeSettings, useSettings } from '../../api/settings.ts'
import { useFormat } from '../../locales/format.ts'
import { text, useText } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { showToast } from '../../parts/toast.tsx'
import { Switch } from '../../parts/toggle.tsx'
import type { LaneRule } from '../../../shared/model/lane.ts'
import { laneIcons } from '../inbox/lane-icons.ts'

function tellFailure(error: unknown): void {
  const failure = failureFrom(error)
  showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
}

async function removeRule(rule: LaneRule): Promise<void> {
  try {
    await client.lanes.removeRule({ id: rule.id })
    await queryClient.invalidateQueries({ queryKey: api.lanes.key() })
    showToast({ message: text('triage:rules.removed', { value: rule.value }) })
  } catch (error) {
    tellFailure(error)
  }
}

export function LaneSettings() {
  const t = useText()
  const format = useFormat()
  const { lanes } = useSettings()
  const rules = useQuery(api.lanes.rules.queryOptions()).data ?? []
  const sorted = rules.toSorted((a, b) => format.compare(a.value, b.value))
  return (
    <>
      <section className="mb-8 rounded-lg px-4 py-3 shadow-card">
        <Switch label={t('triage:rules.switch')} hint={t('triage:rules.switchHint')} checked={lanes} onChange={(on) => void changeSettings({ lanes: on }).catch(tellFailure)} />
        <p className="mt-3 text-ink-2">{t('triage:rules.how')}</p>
      </section>
      <h2 id="lane-rules" className="mb-2 text-xs font-semibold text-ink-2">
        {t('triage:rules.heading')}
      </h2>
      {sorted.length === 0 ? (
        <p className="text-ink-3">{t('triage:rules.none')}</p>
      ) : (
        <table aria-labelledby="lane-rules" className="w-full rounded-lg text-left shadow-card">
          <thead>
            <tr className="border-b border-line text-xs text-ink-3">
              <th className="px-4 py-2 font-medium">{t('triage:rules.value')}</th>
              <th className="py-2 pr-4 font-medium">{t('triage:rules.kind')}</th>
              <th className="py-2 pr-4 font-medium">{t('triage:rules.lane')}</th>
              <th className="py-2 pr-4 font-medium">{t('triage:rules.made')}</th>
              <td className="w-10" />
            </tr>
          </thead>
          <tbody>
            {sorted.map((rule) => {
              const Icon = laneIcons[rule.lane]
              return (
                <tr key={rule.id} className="border-b border-line last:border-0">
                  <th scope="row" className="selectable max-w-64 truncate px-4 py-1.5 font-normal">
                    <bdi>{rule.value}</bdi>
                  </th>
                  <td className="py-1.5 pr-4 text-ink-2">{t(`triage:rules.${rule.kind}`)}</td>
                  <td className="py-1.5 pr-4">
                    <span className="inline-flex items-center gap-1.5">
                      <Icon aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.75} />
                      {t(`triage:lane.${rule.lane}`)}
                    </span>
                  </td>
                  <td className="tabular py-1.5 pr-4 text-xs whitespace-nowrap text-ink-3">{format.date(rule.createdAt)}</td>
                  <td className="pr-2">
                    <IconButton icon={Trash2} size="small" label={t('triage:rules.remove', { value: rule.value })} onClick={() => void removeRule(rule)} />
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </>
  )
}
