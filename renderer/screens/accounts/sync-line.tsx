// The words for what accounts are doing, shared by the one line, its details and the settings.
import { AlertTriangle, CheckCircle2, CircleDashed, CirclePause, KeyRound, WifiOff } from 'lucide-react'
import type { Failure } from '../../../shared/model/failure.ts'
import type { Format } from '../../locales/format.ts'
import { hasText } from '../../locales/text.ts'
import type { Translate } from '../../locales/text.ts'
import { Spinner } from '../../parts/spinner.tsx'
import { countdown, summaryOf, timeLeft } from './sync-summary.ts'
import type { AccountWithState, SyncSummary } from './sync-summary.ts'

/** Two or three words for a failure, where there is no room for the sentence. */
export function shortFailure(t: Translate, failure: Failure): string {
  const byCode = `accounts:status.shortCode.${failure.code}`
  return hasText(byCode) ? t(byCode) : t(`accounts:status.short.${failure.kind}`)
}

/** How long ago; the clock shown moves in steps, so it may still stand before what has just happened. */
export function agoText(t: Translate, format: Format, at: number, now: number): string {
  return now - at < 60_000 ? t('accounts:status.justNow') : format.relative(at, now)
}

export function leftText(t: Translate, leftMs: number): string {
  const { unit, count } = timeLeft(leftMs)
  return unit === 'moments' ? t('accounts:status.left.moments') : t(`accounts:status.left.${unit}`, { count })
}

export function summaryText(t: Translate, format: Format, summary: SyncSummary, now: number, length: 'short' | 'full' = 'full'): string {
  switch (summary.kind) {
    case 'none':
      return t('accounts:status.none')
    case 'sign-in':
      return shortFailure(t, { kind: 'auth', code: summary.code, said: null, retryAfterMs: null })
    case 'failed': {
      const what = shortFailure(t, summary.failure)
      if (summary.retryAt === null) return what
      return summary.retryAt <= now ? t('accounts:status.retryNow', { what }) : t('accounts:status.retry', { what, time: countdown(summary.retryAt, now) })
    }
    case 'working': {
      const step = length === 'full' || summary.step === 'connecting' || summary.step === 'folders' ? t(`accounts:status.steps.${summary.step}`) : t(`accounts:status.shortSteps.${summary.step}`)
      if (summary.total <= 0) return t('accounts:status.working', { step })
      const values = { step, done: format.number(summary.done), total: format.number(summary.total) }
      return summary.leftMs === null || length === 'short' ? t('accounts:status.counted', values) : t('accounts:status.countedLeft', { ...values, left: leftText(t, summary.leftMs) })
    }
    case 'paused':
      return t(summary.some ? 'accounts:status.somePaused' : 'accounts:status.paused')
    case 'up-to-date':
      return t('accounts:status.upToDate')
    case 'resting':
      return summary.lastSuccessAt === null ? t('accounts:status.notSynced') : t('accounts:status.synced', { when: agoText(t, format, summary.lastSuccessAt, now) })
  }
}

/** One account in the same words as the line for all of them. */
export function accountLine(t: Translate, format: Format, one: AccountWithState, now: number): string {
  return summaryText(t, format, summaryOf([one]), now)
}

export function SummaryIcon({ kind }: { readonly kind: SyncSummary['kind'] }) {
  const look = 'size-4 shrink-0'
  switch (kind) {
    case 'none':
      return <CircleDashed aria-hidden className={`${look} text-ink-3`} strokeWidth={1.75} />
    case 'sign-in':
      return <KeyRound aria-hidden className={`${look} text-danger`} strokeWidth={1.75} />
    case 'failed':
      return <WifiOff aria-hidden className={`${look} text-warn`} strokeWidth={1.75} />
    case 'working':
      return <Spinner className={`${look} text-accent`} />
    case 'paused':
      return <CirclePause aria-hidden className={`${look} text-ink-3`} strokeWidth={1.75} />
    case 'up-to-date':
      return <CheckCircle2 aria-hidden className={`${look} text-ok`} strokeWidth={1.75} />
    case 'resting':
      return <CircleDashed aria-hidden className={`${look} text-ink-3`} strokeWidth={1.75} />
  }
}

/** A failure that is no network trouble is drawn as what it is. */
export function FailureIcon({ failure }: { readonly failure: Failure }) {
  if (failure.kind === 'auth') return <SummaryIcon kind="sign-in" />
  if (failure.kind === 'offline') return <SummaryIcon kind="failed" />
  return <AlertTriangle aria-hidden className="size-4 shrink-0 text-danger" strokeWidth={1.75} />
}

/** Seconds matter while something counts down, half minutes while a time is told relatively. */
export function tickFor(all: readonly AccountWithState[]): number {
  return all.some(({ state }) => state.retryAt !== null && state.step === 'waiting') ? 1000 : 30_000
}
