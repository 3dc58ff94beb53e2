// Dragging conversations: the row, or the whole selection when the row is one of it. What is dragged is kept here, since
// a drag's data cannot be read before it is dropped.
import type { DragEvent } from 'react'
import { findThreadRow } from '../../api/thread-lists.ts'
import { meantBy, on } from '../../commands/meant.ts'
import type { Meant } from '../../commands/meant.ts'
import { currentContext } from '../../commands/all.ts'
import { text } from '../../locales/text.ts'
import { useApp } from '../../state.ts'
import type { AccountId, ThreadId } from '../../../shared/model/ids.ts'

export const threadDragType = 'application/x-shortlist-threads'

export type ThreadDrag = { readonly meant: Meant; readonly accounts: ReadonlySet<AccountId> }
let dragged: ThreadDrag | null = null

export function draggedThreads(): ThreadDrag | null {
  return dragged
}

export function startThreadDrag(id: ThreadId, event: DragEvent): void {
  const { selection } = useApp.getState()
  const meant = selection.has(id) ? meantBy(currentContext()) : on([id], () => meantBy(currentContext()))
  if (!meant) return
  const ids = meant.kind === 'threads' ? meant.ids : [id]
  dragged = { meant, accounts: new Set(ids.flatMap((each) => findThreadRow(each)?.accountId ?? [])) }
  event.dataTransfer.setData(threadDragType, ids.join(' '))
  event.dataTransfer.effectAllowed = 'copyMove'
  const image = dragImage(ids.length, findThreadRow(id)?.subject ?? '')
  event.dataTransfer.setDragImage(image, -10, -6)
  event.currentTarget.addEventListener(
    'dragend',
    () => {
      dragged = null
    },
    { once: true },
  )
}

/** A small card with what is dragged; it must be in the document while the browser takes its picture. */
function dragImage(count: number, subject: string): HTMLElement {
  const card = document.createElement('div')
  card.className = 'fixed -top-40 left-0 max-w-72 truncate rounded-lg bg-accent px-3 py-1.5 text-sm font-medium text-on-accent'
  card.textContent = count > 1 || subject === '' ? text('triage:drag.count', { count }) : subject
  document.body.append(card)
  setTimeout(() => card.remove())
  return card
}
