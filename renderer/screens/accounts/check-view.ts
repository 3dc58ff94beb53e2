// What the events of one check add up to: a row of steps, each waiting, running, passed, failed or never reached.
import { checkSteps } from '../../../shared/api/contract.ts'
import type { CheckEvent, CheckStep } from '../../../shared/api/contract.ts'
import type { Failure } from '../../../shared/model/failure.ts'

export type StepState = 'waiting' | 'running' | 'ok' | 'failed' | 'skipped'
export type ShownCertificate = NonNullable<Extract<CheckEvent, { type: 'failed' }>['certificate']>

export type CheckView = {
  readonly phase: 'idle' | 'running' | 'passed' | 'failed' | 'cancelled'
  readonly steps: readonly { readonly step: CheckStep; readonly state: StepState; readonly detail: string | null }[]
  readonly failedStep: CheckStep | null
  readonly failure: Failure | null
  readonly certificate: ShownCertificate | null
  /** The user name the server accepted; empty until the check passed. */
  readonly userName: string
  readonly folders: number
  /** For IT, without secrets; empty until the check ended. */
  readonly report: string
}

export const noCheck: CheckView = {
  phase: 'idle',
  steps: checkSteps.map((step) => ({ step, state: 'waiting', detail: null })),
  failedStep: null,
  failure: null,
  certificate: null,
  userName: '',
  folders: 0,
  report: '',
}

export const startedCheck: CheckView = { ...noCheck, phase: 'running' }

export function afterEvent(view: CheckView, event: CheckEvent): CheckView {
  switch (event.type) {
    case 'step':
      return {
        ...view,
        steps: view.steps.map((one) => (one.step === event.step ? { step: one.step, state: event.state, detail: event.detail ?? one.detail } : one)),
      }
    case 'failed':
      return {
        ...view,
        phase: 'failed',
        failedStep: event.step,
        failure: event.failure,
        certificate: event.certificate,
        steps: endedSteps(view, event.step),
      }
    case 'done':
      return event.ok
        ? { ...view, phase: 'passed', userName: event.userName, folders: event.folders, report: event.report }
        : { ...view, phase: 'failed', report: event.report }
  }
}

/** The connection to our own program broke, or it threw: no step of the server's can be blamed. */
export function brokenCheck(view: CheckView, failure: Failure): CheckView {
  const running = view.steps.find((one) => one.state === 'running')?.step ?? null
  return { ...view, phase: 'failed', failure, failedStep: running, steps: endedSteps(view, running) }
}

export function cancelledCheck(view: CheckView): CheckView {
  return { ...view, phase: 'cancelled', steps: view.steps.map((one) => (one.state === 'ok' ? one : { ...one, state: 'skipped' })) }
}

function endedSteps(view: CheckView, failed: CheckStep | null): CheckView['steps'] {
  return view.steps.map((one) => {
    if (one.step === failed) return { ...one, state: 'failed' }
    return one.state === 'ok' ? one : { ...one, state: 'skipped' }
  })
}

/** SHA-256 in eight groups of four pairs, to be read out over a telephone. */
export function fingerprintGroups(fingerprint: string): readonly string[] {
  const pairs = fingerprint.split(':')
  return Array.from({ length: Math.ceil(pairs.length / 4) }, (_, group) => pairs.slice(group * 4, group * 4 + 4).join(' '))
}
