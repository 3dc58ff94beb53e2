// What is owed to servers: since when, what, to whom; what could not be done comes first and waits to be read.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { ArrowLeft, CheckCircle2, CloudUpload, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useId, useState } from 'react'
import { api, client, queryClient } from '../../api/api.ts'
import { useAccounts, useFolders } from '../../api/shared-query.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { failureAdvice } from '../../api/failure-advice.ts'
import { perform } from '../../commands/all.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { showToast } from '../../parts/toast.tsx'
import { goBack } from '../../state.ts'
import type { TaskId } from '../../../shared/model/ids.ts'
import type { QueuedTask } from '../../../shared/model/triage.ts'
import { accountCssColor } from '../accounts/account-color.ts'
import { askAboutAccount } from '../accounts/account-questions.ts'
import { needsSignIn } from '../accounts/sync-summary.ts'
import { useNow } from '../accounts/use-now.ts'
import { taskText } from './queue-words.ts'

async function telling(act: () => Promise<void>): Promise<void> {
  try {
    await act()
    await queryClient.invalidateQueries({ queryKey: api.queue.key() })
  } catch (error) {
    const failure = failureFrom(error)
    showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? undefined })
  }
}

export function QueueScreen() {
  const t = useText()
  const queue = useQuery(api.queue.list.queryOptions())
  const [dropping, setDropping] = useState<readonly TaskId[]>([])
  const problems = queue.data?.rows.filter(({ state }) => state === 'problem') ?? []
  const waiting = queue.data?.rows.filter(({ state }) => state === 'waiting') ?? []
  return (
    <section aria-label={t('queue:title')} className="flex h-full flex-col bg-canvas">
      <header className="flex shrink-0 items-center gap-3 border-b border-line bg-surface px-4 py-3">
        <IconButton icon={ArrowLeft} label={t('inbox:reading.back')} shortcut="u" onClick={goBack} />
        <h1 className="min-w-0 flex-1 truncate text-md font-semibold tracking-[-0.01em]">{t('queue:title')}</h1>
        {queue.data && queue.data.total > 0 && <Button onClick={() => perform('queue.retry-all')}>{t('queue:command.retryAll')}</Button>}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {queue.isPending ? (
          <Skeleton className="mx-auto mt-6 h-28 w-full max-w-[52rem]" />
        ) : queue.isError ? (
          <EmptyState icon={TriangleAlert} title={failureText(failureFrom(queue.error))} action={<Button onClick={() => void queue.refetch()}>{t('shell:retry')}</Button>} />
        ) : queue.data.rows.length === 0 ? (
          <EmptyState icon={CheckCircle2} title={t('queue:nothing')}>
            {t('queue:nothingDetail')}
          </EmptyState>
        ) : (
          <div className="mx-auto max-w-[52rem] p-4">
            <p className="mb-4 text-ink-2">{t('queue:intro')}</p>
            <SignIns tasks={waiting} />
            <Part title={t('queue:problems')} tasks={problems} missing={queue.data.problems - problems.length} onDrop={setDropping} />
            <Part title={t('queue:waiting')} tasks={waiting} missing={queue.data.total - queue.data.problems - waiting.length} onDrop={setDropping} />
          </div>
        )}
      </div>
      {dropping.length > 0 && (
        <ConfirmDialog
          open
          onOpenChange={() => setDropping([])}
          danger
          title={t('queue:dropAsk', { count: dropping.length })}
          description={t('queue:dropDetail')}
          confirm={t('queue:dropConfirm')}
          onConfirm={() => telling(() => client.queue.drop({ ids: [...dropping] }))}
        />
      )}
    </section>
  )
}

/** Mailboxes whose server refuses the sign-in: nothing is told to it before the person did something. */
function SignIns({ tasks }: { readonly tasks: readonly QueuedTask[] }) {
  const t = useText()
  const accounts = useAccounts() ?? []
  const refused = accounts.filter(({ account, state }) => needsSignIn(state) && tasks.some(({ accountId }) => accountId === account.id))
  return refused.map(({ account }) => (
    <p key={account.id} className="mb-4 flex items-center gap-3 rounded-lg bg-warn-soft py-2 pr-2 pl-4">
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-warn" strokeWidth={1.75} />
      <span className="min-w-0 flex-1">{t('queue:signIn', { name: account.name })}</span>
      <Button onClick={() => askAboutAccount('sign-in', account.id)}>{t('inbox:banner.authAction')}</Button>
    </p>
  ))
}

type PartProps = { readonly title: string; readonly tasks: readonly QueuedTask[]; readonly missing: number; readonly onDrop: (ids: readonly TaskId[]) => void }

function Part({ title, tasks, missing, onDrop }: PartProps) {
  const t = useText()
  const format = useFormat()
  const id = useId()
  if (tasks.length === 0) return null
  return (
    <section aria-labelledby={id} className="mb-6">
      <h2 id={id} className="mb-2 text-xs font-semibold text-ink-2">
        {title}
      </h2>
      <ul className="divide-y divide-line rounded-lg bg-surface shadow-card">
        {tasks.map((task) => (
          <Task key={task.id} task={task} onDrop={onDrop} />
        ))}
      </ul>
      {missing > 0 && <p className="mt-2 text-xs text-ink-3">{t('queue:more', { count: missing, shown: format.number(missing) })}</p>}
    </section>
  )
}

function Task({ task, onDrop }: { readonly task: QueuedTask; readonly onDrop: (ids: readonly TaskId[]) => void }) {
  const t = useText()
  const format = useFormat()
  const now = useNow(15_000)
  const accounts = useAccounts() ?? []
  const owner = accounts.find((one) => one.account.id === task.accountId)
  const account = owner?.account
  const folders = useFolders() ?? []
  const problem = task.state === 'problem'
  const Icon = problem ? TriangleAlert : CloudUpload
  const facts: readonly ReactNode[] = [
    account && (
      <span className="inline-flex items-center gap-1.5">
        <span aria-hidden className="size-2 rounded-full" style={{ background: accountCssColor(account.color) }} />
        {account.name}
      </span>
    ),
    <span title={format.fullDate(task.createdAt)}>{format.relative(task.createdAt, now)}</span>,
    task.attempts > 0 && t('queue:attempts', { count: task.attempts }),
    !problem && (owner && needsSignIn(owner.state) ? t('queue:waitsForSignIn') : task.runAt > now && t('queue:next', { when: format.relative(task.runAt, now) })),
  ].filter((fact) => fact !== undefined && fact !== false)
  return (
    <li className="flex items-start gap-3 px-4 py-3">
      <Icon aria-hidden className={clsx('mt-0.5 size-4 shrink-0', problem ? 'text-danger' : 'text-ink-3')} strokeWidth={1.75} />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          <bdi>{taskText(task, folders, t)}</bdi>
        </p>
        {task.about && (
          <p className="flex text-ink-2">
            <bdi className="truncate">{task.about.subject.trim() === '' ? t('message:noSubject') : task.about.subject}</bdi>
            {task.about.others > 0 && (
              <span className="shrink-0 whitespace-pre text-ink-3">
                {' '}
                {t('queue:more', { count: task.about.others, shown: format.number(task.about.others) })}
              </span>
            )}
          </p>
        )}
        <p className="mt-0.5 flex flex-wrap gap-x-2 text-xs text-ink-3">
          {facts.map((fact, at) => (
            <span key={at}>
              {at > 0 && <span aria-hidden>· </span>}
              {fact}
            </span>
          ))}
        </p>
        {task.failure && (
          <p className="selectable mt-1 text-ink-2">
            {failureText(task.failure)}. {failureAdvice(task.failure)}
            {task.failure.said !== null && <bdi className="block text-xs break-words text-ink-3">{t('queue:said', { said: task.failure.said })}</bdi>}
          </p>
        )}
      </div>
      <div className="flex shrink-0 gap-1">
        <Button look="quiet" onClick={() => void telling(() => client.queue.retry({ ids: [task.id] }))}>
          {t('queue:retry')}
        </Button>
        {problem ? (
          <Button look="quiet" onClick={() => void telling(() => client.queue.drop({ ids: [task.id] }))}>
            {t('queue:dismiss')}
          </Button>
        ) : (
          <Button look="quiet" onClick={() => onDrop([task.id])}>
            {t('queue:drop')}
          </Button>
        )}
      </div>
    </li>
  )
}
