import { create } from 'zustand'
import type { Attachment } from '../../shared/model/message.ts'

/** What the preview shows: one of a message's attachments, with the others to page through. */
export const usePreview = create<{ readonly files: readonly Attachment[]; readonly at: number | null }>(() => ({ files: [], at: null }))

export function showPreview(files: readonly Attachment[], index: number): void {
  const at = files.findIndex((file) => file.index === index)
  usePreview.setState({ files, at: at < 0 ? null : at })
}

export function closePreview(): void {
  usePreview.setState({ files: [], at: null })
}

/** False at the end. */
export function stepPreview(by: 1 | -1): boolean {
  const { files, at } = usePreview.getState()
  if (at === null || files[at + by] === undefined) return false
  usePreview.setState({ at: at + by })
  return true
}
