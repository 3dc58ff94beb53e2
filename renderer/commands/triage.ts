// Acting on mail. What a person does is shown in the same frame: rows leave, the next conversation opens, marks change.
// The main side is told at the same time, or right after what leaves has been seen to leave; when it cannot do it,
// everything shown is taken back and the person is told.
// Every action becomes a step to undo, also one on a single conversation, and undoing is shown at once as well.
import type { ThreadSource } from '../../shared/api/lists.ts'
import type { TriageTarget } from '../../shared/api/triage.ts'
import type { MessageId, ThreadId, UndoId } from '../../shared/model/ids.ts'
import type { Folder } from '../../shared/model/folder.ts'
import type { Thread, ThreadRow } from '../../shared/model/message.ts'
import { stepCodeOf } from '../../shared/model/triage.ts'
import type { TriageAction, TriageDone } from '../../shared/model/triage.ts'
import { api, client, queryClient } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { currentSettings } from '../api/settings.ts'
import { findThreadRow, keepRow, patchThreadRows, takeOut } from '../api/thread-lists.ts'
import { formatFor } from '../locales/format.ts'
import { hasText, shownLocale, text } from '../locales/text.ts'
import type { TextKey } from '../locales/text.ts'
import { dismissToast, showToast } from '../parts/toast.tsx'
import { useApp } from '../state.ts'
import type { AppState } from '../state.ts'
import { leavesList } from './leaves-list.ts'
import type { Meant } from './meant.ts'
import { navigator } from './navigator.ts'
import { onceShown } from './once-shown.ts'
import { ask, endJob, startJob } from './triage-state.ts'
import type { Job } from './triage-state.ts'
import { newestStep, pushStep, takeStep } from './undo-stack.ts'
import type { UndoStep } from './undo-stack.ts'

/** Where to, or until when, in the words of the person who chose it. */
export type Detail = { readonly folder?: string; readonly when?: string }

function doneText(action: TriageAction, count: number, { folder, when }: Detail): string {
  const key = stepCodeOf(action)
  if (folder !== undefined && (key === 'move' || key === 'copy')) return text(`triage:doneTo.${key}`, { count, folder })
  if (when !== undefined && key === 'snooze') return text('triage:doneTo.snooze', { count, when })
  return text(`triage:done.${key}`, { count })
}

export function askText(action: TriageAction, count: number): string {
  return text(`triage:ask.${stepCodeOf(action)}`, { count, shown: formatFor(shownLocale(), window.navigator.languages).number(count) })
}

function specialOf(source: ThreadSource): Folder['special'] {
  if (source === 'inboxes') return 'inbox'
  if (source === 'snoozed') return null
  return queryClient.getQueryData<Folder[]>(api.folders.list.queryKey())?.find(({ id }) => id === source)?.special ?? null
}

/** What a row looks like once it is done; null when it looks the same. */
function changeOf(action: TriageAction): ((row: ThreadRow) => ThreadRow) | null {
  switch (action.type) {
    case 'seen':
      return (row) => ({ ...row, unread: !action.seen, people: row.people.map((person) => ({ ...person, unread: action.seen ? false : person.unread })) })
    case 'flag':
      return (row) => ({ ...row, flagged: action.flagged })
    case 'mute':
      return (row) => ({ ...row, muted: action.muted })
    case 'snooze':
      return (row) => ({ ...row, snoozedUntil: action.until, returned: false })
    case 'archive':
    case 'trash':
    case 'delete':
    case 'move':
    case 'copy':
    case 'spam':
      return null
  }
}

function patchThread(id: ThreadId, action: TriageAction): void {
  queryClient.setQueryData<Thread | null>(api.threads.get.queryKey({ input: { id } }), (thread) => {
    if (!thread) return thread
    if (action.type === 'mute') return { ...thread, muted: action.muted }
    if (action.type === 'snooze') return { ...thread, snoozedUntil: action.until }
    if (action.type !== 'seen' && action.type !== 'flag') return thread
    // A star or an unread mark goes to the newest message; taking them away takes them from all.
    const last = thread.messages.length - 1
    return {
      ...thread,
      messages: thread.messages.map((message, at) => ({
        ...message,
        ...(action.type === 'seen' && (action.seen || at === last) ? { seen: action.seen } : {}),
        ...(action.type === 'flag' && (!action.flagged || at === last) ? { flagged: action.flagged } : {}),
      })),
    }
  })
}

type Place = Pick<AppState, 'view' | 'source' | 'filter' | 'lane' | 'cursor' | 'open' | 'selection'>

function placeNow(): Place {
  const { view, source, filter, lane, cursor, open, selection } = useApp.getState()
  return { view, source, filter, lane, cursor, open, selection }
}

/** Goes on to the next conversation when the one under the cursor, or the open one, is done with. */
function moveOn(ids: ReadonlySet<ThreadId>): void {
  const { cursor, open } = useApp.getState()
  const next = navigator()?.neighbour(ids) ?? null
  const reading = open !== null && ids.has(open.threadId)
  const goesOn = reading && next !== null && currentSettings().afterTriage === 'next'
  useApp.setState({
    selection: new Set(),
    ...(cursor === null || ids.has(cursor) ? { cursor: next } : {}),
    ...(reading && !goesOn ? { open: null } : {}),
  })
  if (goesOn) navigator()?.show(next)
}

/** Back to where the person was, if that is still on the screen. */
function goBackTo(place: Place, ids: readonly ThreadId[]): void {
  const { view, source, filter, lane } = useApp.getState()
  if (view !== place.view || source !== place.source || filter !== place.filter || lane !== place.lane) return
  const cursor = place.cursor !== null && ids.includes(place.cursor) ? place.cursor : (ids[0] ?? null)
  useApp.setState({ cursor })
  if (place.open !== null && cursor !== null) navigator()?.show(cursor)
}

function tellFailure(error: unknown): void {
  const failure = failureFrom(error)
  showToast({ tone: 'error', key: 'triage', message: failureText(failure), detail: failure.said ?? undefined })
}

/** What the contract takes at a time. */
const chunk = 1000

function targetsOf(ids: readonly ThreadId[], source: ThreadSource | null): readonly TriageTarget[] {
  return Array.from({ length: Math.ceil(ids.length / chunk) }, (_, at) => ({ threads: ids.slice(at * chunk, (at + 1) * chunk), source }))
}

let jobs = 0

/** Follows a long piece of work of the main side while it lasts; the work is given its name and the signal that stops it. */
async function asJob<T>(job: Pick<Job, 'labelKey' | 'early'>, work: (id: string, signal: AbortSignal) => Promise<T>): Promise<T> {
  const id = `triage-${String(Date.now())}-${String(++jobs)}`
  const abort = new AbortController()
  startJob({ ...job, id, done: 0, total: 0, stop: () => abort.abort() })
  try {
    return await work(id, abort.signal)
  } finally {
    endJob(id)
  }
}

/** Takes journaled steps back, the newest, which is the last, first. When it is stopped, the rest is a step of its own. Deals with failures. */
export async function takeBack(ids: readonly UndoId[], label: string): Promise<boolean> {
  const left = [...ids]
  // The note that offered this has been answered.
  dismissToast('triage')
  return asJob({ labelKey: 'triage:undoing', early: false }, async (job, signal) => {
    try {
      for (let id = left.at(-1); id !== undefined; id = left.at(-1)) {
        await client.triage.undo({ id, job }, { signal })
        left.pop()
      }
      return true
    } catch (error) {
      if (signal.aborted) {
        const rest: UndoStep = { label, at: Date.now(), undo: () => takeBack(left, label) }
        pushStep(rest)
        showToast({ key: 'triage', message: text('triage:undoStopped'), action: { label: text('shell:undo'), perform: () => void undoStep(rest) }, inSteps: true })
      } else tellFailure(error)
      void queryClient.invalidateQueries()
      return false
    }
  })
}

function undoOf(label: string, doing: Promise<readonly TriageDone[]>, show: () => void, settle: () => void): UndoStep {
  return {
    label,
    at: Date.now(),
    undo: async () => {
      show()
      try {
        const [done] = await Promise.all([doing, onceShown()])
        return await takeBack(done.flatMap(({ undoId }) => undoId ?? []), label)
      } catch (error) {
        void queryClient.invalidateQueries()
        tellFailure(error)
        return false
      } finally {
        settle()
      }
    },
  }
}

/** Undoes one step and says so. */
export async function undoStep(step: UndoStep): Promise<void> {
  if (!takeStep(step)) return
  if (await step.undo()) showToast({ key: 'triage', message: text('triage:undone', { what: step.label }) })
}

/** Takes back the newest step: of this window, else the newest the main side knows of. */
export async function undoNewest(): Promise<void> {
  const step = newestStep()
  if (step) return undoStep(step)
  const [known] = await client.triage.steps()
  if (!known) {
    showToast({ key: 'triage', message: text('triage:nothingToUndo') })
    return
  }
  const what = hasText(`triage:done.${known.code}_other`) ? text(`triage:done.${known.code}` as 'triage:done.archive', { count: Math.max(1, known.threads) }) : ''
  if (await takeBack([known.id], what)) showToast({ key: 'triage', message: text('triage:undone', { what }) })
}

function triageThreads(ids: readonly ThreadId[], source: ThreadSource | null, action: TriageAction, detail: Detail): void {
  const chosen = new Set(ids)
  const place = placeNow()
  const rows = ids.map(findThreadRow).filter((row) => row !== undefined)
  const targets = targetsOf(ids, source)
  const change = changeOf(action)
  // In a search nothing leaves by itself, but what was dealt with is dealt with.
  const leaves = source === null ? place.view === 'search' && !['copy', 'seen', 'flag'].includes(action.type) : leavesList(action, source, source, specialOf)

  if (leaves) moveOn(chosen)
  else if (source !== null) for (const id of ids) keepRow(source, place.filter, place.lane, id)
  if (change) {
    patchThreadRows(chosen, change)
    for (const id of ids) patchThread(id, action)
  }
  const out = takeOut(chosen, (list) => leavesList(action, source, list, specialOf))

  const show = () => {
    out.putBack()
    const old = new Map(rows.map((row) => [row.id, row]))
    if (change) patchThreadRows(chosen, (row) => ({ ...row, ...marksOf(old.get(row.id) ?? row) }))
    if (leaves) goBackTo(place, ids)
  }
  const doing = (async () => {
    const done: TriageDone[] = []
    // Rows on their way out stay out whatever is fetched meanwhile; a mark would not.
    if (leaves) await onceShown()
    for (const target of targets) done.push(await client.triage.act({ target, action, job: null }))
    return done
  })()
  const label = doneText(action, ids.length, detail)
  const step = undoOf(label, doing, show, () => {
    out.settle()
    if (change) for (const id of ids) void queryClient.invalidateQueries({ queryKey: api.threads.get.key({ input: { id } }) })
  })
  const undoable = action.type !== 'delete'
  if (undoable) pushStep(step)
  // One star or one mark says it by itself.
  if (ids.length > 1 || (action.type !== 'seen' && action.type !== 'flag')) {
    showToast({ key: 'triage', message: label, ...(action.type === 'mute' && action.muted ? { detail: text('triage:muteHint') } : {}), ...(undoable ? { action: { label: text('shell:undo'), perform: () => void undoStep(step) }, inSteps: true } : {}) })
  }
  const putBack = () => {
    takeStep(step)
    show()
    out.settle()
    void queryClient.invalidateQueries()
  }
  doing.then(
    (done) => {
      out.confirm()
      if (!leaves || done.some(({ threads }) => threads > 0)) return
      // It was elsewhere already.
      putBack()
      showToast({ key: 'triage', message: text('triage:nothingDone') })
    },
    (error: unknown) => {
      putBack()
      tellFailure(error)
    },
  )
}

function marksOf({ unread, people, flagged, muted, snoozedUntil, returned }: ThreadRow): Partial<ThreadRow> {
  return { unread, people, flagged, muted, snoozedUntil, returned }
}

function triageMessages(messages: readonly { readonly id: MessageId; readonly threadId: ThreadId }[], action: TriageAction, detail: Detail): void {
  const ids = new Set(messages.map(({ id }) => id))
  const threads = new Set(messages.map(({ threadId }) => threadId))
  if (action.type === 'seen' || action.type === 'flag') {
    const marks = action.type === 'seen' ? { seen: action.seen } : { flagged: action.flagged }
    for (const id of threads) {
      queryClient.setQueryData<Thread | null>(api.threads.get.queryKey({ input: { id } }), (thread) =>
        thread ? { ...thread, messages: thread.messages.map((message) => (ids.has(message.id) ? { ...message, ...marks } : message)) } : thread,
      )
    }
  }
  const refetch = () => {
    for (const id of threads) void queryClient.invalidateQueries({ queryKey: api.threads.get.key({ input: { id } }) })
  }
  const doing = client.triage.act({ target: { messages: [...ids] }, action, job: null }).then((done) => [done])
  const label = doneText(action, 1, detail)
  const step = undoOf(label, doing, () => undefined, refetch)
  const undoable = action.type !== 'delete'
  if (undoable) pushStep(step)
  if (action.type !== 'seen' && action.type !== 'flag') showToast({ key: 'triage', message: label, ...(undoable ? { action: { label: text('shell:undo'), perform: () => void undoStep(step) }, inSteps: true } : {}) })
  doing.catch((error: unknown) => {
    takeStep(step)
    refetch()
    tellFailure(error)
  })
}

/** About what a screen shows: more than this is asked about first. */
const screenful = 50

async function triageEverything(target: TriageTarget, action: TriageAction, detail: Detail, labelKey: TextKey): Promise<void> {
  useApp.setState({ selection: new Set(), everything: false, open: null })
  await asJob({ labelKey, early: true }, async (job, signal) => {
    let before: UndoId | null = null
    try {
      before = (await client.triage.steps())[0]?.id ?? null
      const done = await client.triage.act({ target, action, job }, { signal })
      if (done.threads === 0) {
        showToast({ key: 'triage', message: text('triage:nothingDone') })
        return
      }
      const label = doneText(action, done.threads, detail)
      const step = undoOf(label, Promise.resolve([done]), () => undefined, () => undefined)
      const undoable = action.type !== 'delete' && done.undoId !== null
      if (undoable) pushStep(step)
      showToast({ key: 'triage', message: label, ...(undoable ? { action: { label: text('shell:undo'), perform: () => void undoStep(step) }, inSteps: true } : {}) })
    } catch (error) {
      if (signal.aborted) await tellStopped(action, before)
      else tellFailure(error)
    }
  })
  void queryClient.invalidateQueries({ queryKey: api.triage.key() })
}

/** The call was given up, so its answer is not here; what was done before that is the newest step, if it is another than before. */
async function tellStopped(action: TriageAction, before: UndoId | null): Promise<void> {
  const [newest] = await client.triage.steps()
  const made = newest && newest.id !== before && newest.code === stepCodeOf(action) ? newest : null
  const count = made?.threads ?? 0
  const label = text('triage:stopped', { count, shown: formatFor(shownLocale(), window.navigator.languages).number(count) })
  if (!made || action.type === 'delete') {
    showToast({ key: 'triage', message: label })
    return
  }
  const step: UndoStep = { label, at: Date.now(), undo: () => takeBack([made.id], label) }
  pushStep(step)
  showToast({ key: 'triage', message: label, action: { label: text('shell:undo'), perform: () => void undoStep(step) }, inSteps: true })
}

/** Does `action` to what is meant, asking first where it cannot be undone or is more than is in sight. */
export async function triage(meant: Meant, action: TriageAction, labelKey: TextKey, detail: Detail = {}): Promise<void> {
  const goOn = (): void => {
    switch (meant.kind) {
      case 'threads':
        triageThreads(meant.ids, meant.source, action, detail)
        break
      case 'messages':
        triageMessages(meant.messages, action, detail)
        break
      case 'everything':
        void triageEverything(meant.target, action, detail, labelKey)
        break
    }
  }
  if (meant.kind === 'everything') {
    const { threads } = await client.triage.count({ target: meant.target })
    if (threads > screenful || action.type === 'delete') ask({ kind: 'confirm', action, meant, count: threads, folder: detail.folder ?? null, goOn })
    else goOn()
  } else if (action.type === 'delete') ask({ kind: 'confirm', action, meant, count: meant.kind === 'threads' ? meant.ids.length : 1, folder: null, goOn })
  else goOn()
}
