// Mail on its way, mail that goes later, and what was sent from here.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { AlarmClock, ArrowLeft, Send, SendHorizontal, TriangleAlert } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { api } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import type { TextKey } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Segmented } from '../../parts/segmented.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { goBack } from '../../state.ts'
import type { OutboxPart } from '../../../shared/api/outbox.ts'
import { refusedSignIns } from './delivery-words.ts'
import { OutgoingCard } from './outgoing-card.tsx'
import { showOutbox, useOutbox } from './outbox-state.ts'

const titles: Readonly<Record<OutboxPart, TextKey>> = { open: 'outbox:title', scheduled: 'outbox:scheduledTitle', done: 'outbox:doneTitle' }
const nothing: Readonly<Record<OutboxPart, readonly [LucideIcon, TextKey, TextKey]>> = {
  open: [SendHorizontal, 'outbox:empty.openTitle', 'outbox:empty.openDetail'],
  scheduled: [AlarmClock, 'outbox:empty.scheduledTitle', 'outbox:empty.scheduledDetail'],
  done: [Send, 'outbox:empty.doneTitle', 'outbox:empty.doneDetail'],
}
const parts: readonly OutboxPart[] = ['open', 'scheduled', 'done']
const pageSize = 50

export function OutboxScreen() {
  const t = useText()
  const format = useFormat()
  const part = useOutbox((state) => state.part)
  const counts = useQuery(api.outbox.counts.queryOptions()).data
  const badge = (of: OutboxPart) => {
    const count = of === 'open' ? counts?.open : of === 'scheduled' ? counts?.scheduled : 0
    return count === undefined || count === 0 ? undefined : format.number(count)
  }
  return (
    <section aria-label={t(titles[part])} className="flex h-full flex-col bg-canvas">
      <header className="flex shrink-0 flex-wrap items-center gap-3 border-b border-line bg-surface px-4 py-3">
        <IconButton icon={ArrowLeft} label={t('inbox:reading.back')} shortcut="u" onClick={goBack} />
        <h1 className="min-w-0 flex-1 truncate text-md font-semibold tracking-[-0.01em]">{t(titles[part])}</h1>
        <Segmented label={t('outbox:parts')} value={part} choices={parts.map((value) => ({ value, label: t(`outbox:part.${value}`), badge: badge(value) }))} onChange={showOutbox} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <Mails key={part} part={part} />
      </div>
    </section>
  )
}

function Mails({ part }: { readonly part: OutboxPart }) {
  const t = useText()
  const list = useInfiniteQuery(
    api.outbox.list.infiniteOptions({
      input: (after: string | null) => ({ part, after, limit: pageSize }),
      initialPageParam: null,
      getNextPageParam: (page: { readonly next: string | null }) => page.next,
    }),
  )
  if (list.isPending) return <Skeleton className="mx-auto mt-6 h-28 w-full max-w-[52rem]" />
  if (list.isError) {
    return (
      <EmptyState icon={TriangleAlert} title={t('outbox:failed')} action={<Button onClick={() => void list.refetch()}>{t('shell:retry')}</Button>}>
        {failureText(failureFrom(list.error))}
      </EmptyState>
    )
  }
  const mails = list.data.pages.flatMap(({ rows }) => rows)
  if (mails.length === 0) {
    const [icon, title, detail] = nothing[part]
    return (
      <EmptyState icon={icon} title={t(title)}>
        {t(detail)}
      </EmptyState>
    )
  }
  const refused = refusedSignIns(mails)
  return (
    <div className="mx-auto flex max-w-[52rem] flex-col gap-3 p-4">
      {mails.map((outgoing) => (
        <OutgoingCard key={outgoing.id} outgoing={outgoing} refused={refused} />
      ))}
      {list.hasNextPage && (
        <Button className="self-center" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('outbox:more')}
        </Button>
      )}
    </div>
  )
}
