// The template that is being written. It is stored a moment after the last change and when another is opened; a change that
// could not be stored stays here and says why.
import { create } from 'zustand'
import type { Failure } from '../../../shared/model/failure.ts'
import type { TemplateId } from '../../../shared/model/ids.ts'
import type { Template } from '../../../shared/model/template.ts'
import { api, client, queryClient } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { text as say } from '../../locales/text.ts'
import { showToast } from '../../parts/toast.tsx'

export type TemplateText = Pick<Template, 'kind' | 'folder' | 'name' | 'shortcut' | 'variants' | 'files'>

type DraftState = {
  readonly id: TemplateId | null
  readonly text: TemplateText | null
  readonly state: 'saved' | 'changed' | 'saving' | 'failed'
  readonly failure: Failure | null
}

export const useTemplateDraft = create<DraftState>(() => ({ id: null, text: null, state: 'saved', failure: null }))

const pause = 700
let timer: ReturnType<typeof setTimeout> | undefined
let running: Promise<void> = Promise.resolve()

export function openDraft(template: Template): void {
  if (useTemplateDraft.getState().id === template.id) return
  void saveDraft()
  const { kind, folder, name, shortcut, variants, files } = template
  useTemplateDraft.setState({ id: template.id, text: { kind, folder, name, shortcut, variants, files }, state: 'saved', failure: null })
}

export function closeDraft(): void {
  void saveDraft()
  useTemplateDraft.setState({ id: null, text: null, state: 'saved', failure: null })
}

/** Forgets what is here without storing it: the template was taken away. */
export function dropDraft(): void {
  clearTimeout(timer)
  useTemplateDraft.setState({ id: null, text: null, state: 'saved', failure: null })
}

export function changeDraft(change: (text: TemplateText) => TemplateText): void {
  const { text } = useTemplateDraft.getState()
  if (text === null) return
  const changed = change(text)
  if (changed === text) return
  useTemplateDraft.setState({ text: changed, state: 'changed', failure: null })
  clearTimeout(timer)
  timer = setTimeout(() => void saveDraft(), pause)
}

/** Stores what is not stored; resolves when it is, or could not be. */
export function saveDraft(): Promise<void> {
  clearTimeout(timer)
  const { id, text, state } = useTemplateDraft.getState()
  if (id === null || text === null || (state !== 'changed' && state !== 'failed') || text.name.trim() === '') return running
  useTemplateDraft.setState({ state: 'saving' })
  running = running.then(() => store(id, text))
  return running
}

async function store(id: TemplateId, text: TemplateText): Promise<void> {
  const stillThis = (): boolean => useTemplateDraft.getState().id === id && useTemplateDraft.getState().text === text
  try {
    const saved = await client.templates.save({ id, ...text, variants: [...text.variants], files: [...text.files] })
    putTemplate(saved)
    if (stillThis()) useTemplateDraft.setState({ state: 'saved', failure: null })
  } catch (error) {
    const failure = failureFrom(error)
    if (stillThis()) useTemplateDraft.setState({ state: 'failed', failure })
    // It is no longer on the screen, so nothing there could say it.
    else if (useTemplateDraft.getState().id !== id) showToast({ tone: 'error', message: say('templates:notStored', { name: text.name }), detail: failureText(failure) })
  }
}

/** Shows a stored template in the list before the list is asked for again. */
export function putTemplate(saved: Template): void {
  queryClient.setQueryData<Template[]>(api.templates.list.queryKey(), (list) => {
    if (!list) return list
    return list.some((one) => one.id === saved.id) ? list.map((one) => (one.id === saved.id ? saved : one)) : [...list, saved]
  })
}
