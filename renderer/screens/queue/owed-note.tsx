// A quiet word in the frame while something is owed to a server, louder when something waits for the person.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { CloudUpload, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { api } from '../../api/api.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Tooltip } from '../../parts/tooltip.tsx'
import { showView } from '../../state.ts'
import { showOutbox } from '../outbox/outbox-state.ts'

/** What is told to a server within this time is not worth a word. */
const patience = 2500

export function OwedNote() {
  const t = useText()
  const format = useFormat()
  const queue = useQuery(api.queue.counts.queryOptions()).data
  const outbox = useQuery(api.outbox.counts.queryOptions()).data
  const problems = queue?.problems ?? 0
  const person = outbox?.needsPerson ?? 0
  const waiting = (queue?.total ?? 0) - problems
  const lasting = useLasting(waiting > 0)
  if (person > 0) {
    return <Note tone="danger" label={t('queue:indicator.person', { count: person, shown: format.number(person) })} count={format.count(person)} onClick={() => showOutbox('open')} />
  }
  if (problems > 0) {
    return <Note tone="danger" label={t('queue:indicator.problems', { count: problems, shown: format.number(problems) })} count={format.count(problems)} onClick={() => showView('queue')} />
  }
  if (waiting === 0 || !lasting) return null
  return <Note tone="quiet" label={t('queue:indicator.owed', { count: waiting, shown: format.number(waiting) })} count={format.count(waiting)} onClick={() => showView('queue')} />
}

function Note({ tone, label, count, onClick }: { readonly tone: 'quiet' | 'danger'; readonly label: string; readonly count: string; readonly onClick: () => void }) {
  const Icon = tone === 'danger' ? TriangleAlert : CloudUpload
  return (
    <Tooltip label={label}>
      <button
        type="button"
        aria-label={label}
        onClick={onClick}
        className={clsx('tabular flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs', tone === 'danger' ? 'bg-danger-soft font-medium text-danger' : 'text-ink-3 hover:bg-fill hover:text-ink-2')}
      >
        <Icon aria-hidden className="size-4" strokeWidth={1.75} />
        {count}
      </button>
    </Tooltip>
  )
}

/** True once `on` has been so for a while, so that nothing flickers with every key. */
function useLasting(on: boolean): boolean {
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLasting(on), on ? patience : 0)
    return () => clearTimeout(timer)
  }, [on])
  return on && lasting
}
