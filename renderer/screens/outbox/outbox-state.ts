// Which part of the outbox is shown.
import { create } from 'zustand'
import type { OutboxPart } from '../../../shared/api/outbox.ts'
import { showView } from '../../state.ts'

export const useOutbox = create<{ readonly part: OutboxPart }>(() => ({ part: 'open' }))

export function showOutbox(part: OutboxPart): void {
  useOutbox.setState({ part })
  showView('outbox')
}
