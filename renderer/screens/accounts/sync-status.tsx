// The foot of the folder pane: one calm line for all accounts, the details a click away, and the one thing only the
// person can do (sign in again) right beside it.
import clsx from 'clsx'
import { BookOpenCheck, Pause, Play, RefreshCw } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import type { Account } from '../../../shared/model/account.ts'
import { client } from '../../api/api.ts'
import { useAccounts } from '../../api/shared-query.ts'
import { failureAdvice } from '../../api/failure-advice.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Popover } from '../../parts/popover.tsx'
import { ProgressBar } from '../../parts/progress-bar.tsx'
import { showToast } from '../../parts/toast.tsx'
import { showSettings } from '../../state.ts'
import { showLedger } from '../ledger/shown-ledger.ts'
import { accountCssColor } from './account-color.ts'
import { askAboutAccount } from './account-questions.ts'
import { Said } from './check-panel.tsx'
import { FailureIcon, SummaryIcon, agoText, leftText, shortFailure, summaryText, tickFor } from './sync-line.tsx'
import { countdown, needsSignIn, summaryOf, workingStep } from './sync-summary.ts'
import type { AccountWithState, SyncSummary } from './sync-summary.ts'
import { useNow } from './use-now.ts'

/** Work is shown once it has lasted so long, milliseconds. */
const calmMs = 1_000

const none: readonly AccountWithState[] = []

export function SyncStatus() {
  const t = useText()
  const format = useFormat()
  const all: readonly AccountWithState[] = useAccounts() ?? none
  const now = useNow(tickFor(all))
  const [open, setOpen] = useState(false)
  const truth = useMemo(() => summaryOf(all), [all])
  const summary = useCalm(truth)
  const line = summaryText(t, format, truth, now)
  if (summary.kind === 'none') return null

  const share = summary.kind === 'working' && summary.total > 0 ? Math.min(1, summary.done / summary.total) : null

  return (
    <div className="relative flex min-w-0 flex-1 flex-wrap items-center gap-1 border-t border-line px-2 py-1.5">
      {share !== null && (
        <span aria-hidden className="absolute inset-x-0 -top-px h-px overflow-hidden">
          <span className="block h-full origin-left bg-accent transition-transform duration-200" style={{ transform: `scaleX(${share})` }} />
        </span>
      )}
      <Popover
        open={open}
        onOpenChange={setOpen}
        side="top"
        label={t('accounts:status.label')}
        className="w-[22rem] max-w-[calc(100vw-1rem)] !p-0"
        trigger={
          <button
            type="button"
            aria-label={t('accounts:status.open', { line })}
            title={line}
            className={clsx(
              'flex min-h-7 flex-[999_1_0%] items-center gap-2 rounded-md px-1.5 py-0.5 text-left text-xs text-ink-2 transition-colors duration-100 hover:bg-fill hover:text-ink data-[state=open]:bg-fill',
              // In a narrow pane the button beside it moves below rather than squeezing the words.
              summary.kind === 'sign-in' ? 'min-w-32' : 'min-w-0',
            )}
          >
            {summary.kind === 'failed' ? <FailureIcon failure={summary.failure} /> : <SummaryIcon kind={summary.kind} />}
            <span className="tabular min-w-0 flex-1">
              <span className={clsx('block', summary.kind === 'sign-in' ? 'line-clamp-2 font-medium text-danger' : summary.kind === 'failed' ? 'line-clamp-2' : 'truncate')}>{summaryText(t, format, summary, now, 'short')}</span>
              {/* The pane is narrow: the time left has a line of its own, kept while it is not known so that nothing jumps. */}
              {share !== null && summary.kind === 'working' && (
                <span className="block truncate text-2xs text-ink-3">{summary.leftMs === null ? t('accounts:status.left.unknown') : leftText(t, summary.leftMs)}</span>
              )}
            </span>
          </button>
        }
      >
        <ul className="flex flex-col divide-y divide-line">
          {all.map((one) => (
            <li key={one.account.id} className="p-3">
              <AccountDetails
                one={one}
                now={now}
                onReconnect={() => {
                  setOpen(false)
                  askAboutAccount('sign-in', one.account.id)
                }}
                onLedger={() => {
                  setOpen(false)
                  showLedger(one.account.id)
                }}
              />
            </li>
          ))}
        </ul>
        <div className="flex justify-end border-t border-line p-2">
          <Button
            look="quiet"
            onClick={() => {
              setOpen(false)
              showSettings('accounts')
            }}
          >
            {t('accounts:status.manage')}
          </Button>
        </div>
      </Popover>
      {summary.kind === 'sign-in' && (
        <Button className="!h-7 grow !px-2 text-xs" onClick={() => askAboutAccount('sign-in', summary.account.id)}>
          {t('accounts:status.reconnect')}
        </Button>
      )}
      {/* Spoken when it changes, but not each number on the way. */}
      <span role="status" className="sr-only">
        {summary.kind === 'working' ? t(`accounts:status.steps.${summary.step}`) : summary.kind === 'failed' ? shortFailure(t, summary.failure) : summaryText(t, format, summary, now)}
      </span>
    </div>
  )
}

/** Work that is over in a moment, as each key causes, is not shown: the line would never rest. */
function useCalm(summary: SyncSummary): SyncSummary {
  const [last, setLast] = useState(summary)
  const [lasts, setLasts] = useState(false)
  const working = summary.kind === 'working'
  if (!working && last !== summary) setLast(summary)
  useEffect(() => {
    if (!working) return
    const timer = setTimeout(() => setLasts(true), calmMs)
    return () => {
      clearTimeout(timer)
      setLasts(false)
    }
  }, [working])
  return working && !lasts ? last : summary
}

type DetailsProps = { readonly one: AccountWithState; readonly now: number; readonly onReconnect: () => void; readonly onLedger: () => void }

function AccountDetails({ one, now, onReconnect, onLedger }: DetailsProps) {
  const t = useText()
  const format = useFormat()
  const { account, state } = one
  const step = workingStep(state)
  const paused = account.paused || state.step === 'paused'
  const label = step === null ? null : [t(`accounts:status.steps.${step}`), state.folderName === null ? null : t('accounts:status.folder', { folder: state.folderName })].filter(Boolean).join(' ')
  return (
    <section aria-label={account.name} className="flex flex-col gap-2">
      <header className="flex items-center gap-2">
        <span aria-hidden style={{ background: accountCssColor(account.color) }} className="size-2 shrink-0 rounded-full" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{account.name}</span>
          {account.name !== account.address && <span className="block truncate text-xs text-ink-3">{account.address}</span>}
        </span>
        <SummaryIcon kind={summaryOf([one]).kind} />
      </header>
      {step !== null && label !== null && <ProgressBar label={label} done={state.done} total={state.total} leftMs={state.leftMs} />}
      {state.failure !== null && (
        <div>
          {step !== null ? (
            // Being tried again right now: what went wrong is history, not alarm.
            <p className="text-xs text-ink-2">
              {t('accounts:status.lastProblem')}: {failureText(state.failure)}
            </p>
          ) : (
            <>
              <p className={state.failure.kind === 'offline' ? 'font-medium text-warn' : 'font-medium text-danger'}>{failureText(state.failure)}</p>
              <p className="text-xs text-ink-2">{needsSignIn(state) ? t('accounts:status.kept') : `${failureAdvice(state.failure)} ${t('accounts:status.kept')}`}</p>
            </>
          )}
          <Said failure={state.failure} />
        </div>
      )}
      <dl className="text-xs text-ink-2">
        {paused ? (
          <dd>{t('accounts:status.pausedText')}</dd>
        ) : state.upToDate ? (
          <dd>{t('accounts:status.proved')}</dd>
        ) : state.retryAt !== null && step === null ? (
          <dd className="tabular">{state.retryAt <= now ? t('accounts:status.nextTryNow') : t('accounts:status.nextTry', { time: countdown(state.retryAt, now) })}</dd>
        ) : null}
        <dd className="text-ink-3" title={state.lastSuccessAt === null ? undefined : format.fullDate(state.lastSuccessAt)}>
          {state.lastSuccessAt === null ? t('accounts:status.never') : t('accounts:status.lastSuccess', { when: agoText(t, format, state.lastSuccessAt, now) })}
        </dd>
      </dl>
      <AccountActions account={account} paused={paused} signIn={needsSignIn(state)} busy={step !== null} onReconnect={onReconnect} onLedger={onLedger} />
    </section>
  )
}

type ActionsProps = {
  readonly account: Account
  readonly paused: boolean
  readonly signIn: boolean
  readonly busy: boolean
  readonly onReconnect: () => void
  readonly onLedger: () => void
}

function AccountActions({ account, paused, signIn, busy, onReconnect, onLedger }: ActionsProps) {
  const t = useText()
  const small = '!h-7 !px-2 text-xs'
  return (
    <div className="flex flex-wrap items-center gap-1">
      {signIn ? (
        <Button look="primary" className={small} onClick={onReconnect}>
          {t('accounts:status.reconnect')}
        </Button>
      ) : paused ? (
        <Button className={small} icon={<Play aria-hidden className="size-3.5" strokeWidth={1.75} />} onClick={() => void setPaused(account, false)}>
          {t('accounts:status.resume')}
        </Button>
      ) : (
        <Button className={small} icon={<RefreshCw aria-hidden className="size-3.5" strokeWidth={1.75} />} disabled={busy} onClick={() => void syncNow(account)}>
          {t('accounts:status.syncNow')}
        </Button>
      )}
      {!paused && (
        <Button look="quiet" className={small} icon={<Pause aria-hidden className="size-3.5" strokeWidth={1.75} />} onClick={() => void setPaused(account, true)}>
          {t('accounts:status.pause')}
        </Button>
      )}
      <Button look="quiet" className={small} icon={<BookOpenCheck aria-hidden className="size-3.5" strokeWidth={1.75} />} onClick={onLedger}>
        {t('accounts:status.ledger')}
      </Button>
    </div>
  )
}

export async function setPaused(account: Account, paused: boolean): Promise<void> {
  await orTell(client.accounts.pause({ id: account.id, paused }))
}

export async function syncNow(account: Account): Promise<void> {
  await orTell(client.accounts.syncNow({ id: account.id }))
}

async function orTell(call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    const failure = failureFrom(error)
    showToast({ tone: 'error', message: failureText(failure), detail: failure.said ?? failureAdvice(failure) })
  }
}
