// What is being asked about an action on mail at the moment, and how far a long one is.
import { create } from 'zustand'
import type { TriageAction } from '../../shared/model/triage.ts'
import type { TextKey } from '../locales/text.ts'
import type { Meant } from './meant.ts'

export type Asking =
  | { readonly kind: 'folder'; readonly action: 'move' | 'copy'; readonly meant: Meant }
  | { readonly kind: 'snooze'; readonly meant: Meant }
  | { readonly kind: 'lane'; readonly meant: Extract<Meant, { kind: 'threads' }> }
  /** `folder` is where to, as it is called on the screen. */
  | { readonly kind: 'confirm'; readonly action: TriageAction; readonly meant: Meant; readonly count: number; readonly folder: string | null; readonly goOn: () => void }

export type Job = {
  readonly id: string
  readonly labelKey: TextKey
  readonly done: number
  /** 0 until the main side tells of it, which it does of large ones. */
  readonly total: number
  /** Shown before anything was told of it. */
  readonly early: boolean
  readonly stop: () => void
}

type TriageState = { readonly asking: Asking | null; readonly jobs: readonly Job[] }

export const useTriage = create<TriageState>(() => ({ asking: null, jobs: [] }))

export function ask(asking: Asking): void {
  useTriage.setState({ asking })
}

export function stopAsking(): void {
  useTriage.setState({ asking: null })
}

export function startJob(job: Job): void {
  useTriage.setState(({ jobs }) => ({ jobs: [...jobs, job] }))
}

export function endJob(id: string): void {
  useTriage.setState(({ jobs }) => ({ jobs: jobs.filter((job) => job.id !== id) }))
}

/** From the 'job' events; those of other windows' jobs are nobody's here. */
export function tellJob(id: string, done: number, total: number): void {
  useTriage.setState(({ jobs }) => ({ jobs: jobs.map((job) => (job.id === id ? { ...job, done, total } : job)) }))
}
