// One calm line for all accounts, decided here as data and worded in the locale files. What needs the person comes
// first, then what is wrong, then what is happening; "up to date" is said only when every account has proved it.
import type { Account, AccountState, SyncStep } from '../../../shared/model/account.ts'
import type { Failure } from '../../../shared/model/failure.ts'

export type AccountWithState = { readonly account: Account; readonly state: AccountState }

export type WorkingStep = Exclude<SyncStep, 'idle' | 'waiting' | 'paused'>

export type SyncSummary =
  | { readonly kind: 'none' }
  | { readonly kind: 'sign-in'; readonly account: Account; readonly code: string; readonly others: number }
  | { readonly kind: 'failed'; readonly account: Account; readonly failure: Failure; readonly retryAt: number | null; readonly others: number }
  | { readonly kind: 'working'; readonly step: WorkingStep; readonly done: number; readonly total: number; readonly leftMs: number | null }
  | { readonly kind: 'paused'; readonly some: boolean }
  | { readonly kind: 'up-to-date' }
  | { readonly kind: 'resting'; readonly lastSuccessAt: number | null }

/** What one account is doing, apart from whether anything is wrong with it. */
export function workingStep(state: AccountState): WorkingStep | null {
  return state.step === 'idle' || state.step === 'waiting' || state.step === 'paused' ? null : state.step
}

/** A refused sign-in only the person can mend: no retry helps. */
export function needsSignIn(state: AccountState): boolean {
  return state.failure?.kind === 'auth' && state.step !== 'paused'
}

// The step furthest from the end speaks for all, so the line moves forward and does not flicker between accounts.
const order: readonly WorkingStep[] = ['connecting', 'folders', 'listing', 'bodies', 'attachments', 'checking']

export function summaryOf(all: readonly AccountWithState[]): SyncSummary {
  const active = all.filter(({ account, state }) => !account.paused && state.step !== 'paused')
  if (all.length === 0) return { kind: 'none' }
  if (active.length === 0) return { kind: 'paused', some: false }

  const refused = active.filter(({ state }) => needsSignIn(state))
  if (refused[0]) return { kind: 'sign-in', account: refused[0].account, code: refused[0].state.failure?.code ?? 'auth', others: refused.length - 1 }

  const failed = active
    .filter(({ state }) => state.failure !== null && workingStep(state) === null)
    .sort((a, b) => (a.state.retryAt ?? Infinity) - (b.state.retryAt ?? Infinity))
  const first = failed[0]
  if (first?.state.failure) {
    return { kind: 'failed', account: first.account, failure: first.state.failure, retryAt: first.state.retryAt, others: failed.length - 1 }
  }

  const step = order.find((one) => active.some(({ state }) => state.step === one))
  if (step !== undefined) {
    const same = active.map(({ state }) => state).filter((state) => state.step === step)
    const lefts = same.map((state) => state.leftMs)
    return {
      kind: 'working',
      step,
      done: same.reduce((sum, state) => sum + state.done, 0),
      total: same.reduce((sum, state) => sum + state.total, 0),
      leftMs: lefts.some((left) => left === null) ? null : Math.max(...lefts.map((left) => left ?? 0)),
    }
  }

  if (active.every(({ state }) => state.upToDate)) return active.length === all.length ? { kind: 'up-to-date' } : { kind: 'paused', some: true }
  const successes = active.map(({ state }) => state.lastSuccessAt)
  return { kind: 'resting', lastSuccessAt: successes.some((at) => at === null) ? null : Math.min(...successes.map((at) => at ?? 0)) }
}

/** "0:42", "12:05", "1:02:09": the time until an instant, never negative. */
export function countdown(until: number, now: number): string {
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  const two = (value: number): string => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** Rounded the way people say it: under a minute, whole minutes, then hours. */
export function timeLeft(ms: number): { readonly unit: 'moments' | 'minutes' | 'hours'; readonly count: number } {
  if (ms < 50_000) return { unit: 'moments', count: 0 }
  const minutes = Math.max(1, Math.round(ms / 60_000))
  return minutes < 90 ? { unit: 'minutes', count: minutes } : { unit: 'hours', count: Math.round(minutes / 60) }
}
