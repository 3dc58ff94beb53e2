// Which part of the outbox is shown.
import { create } from 'zustand'
import type { OutboxPart } from '../../../shared/api/outbox.ts'
import { showView } from '../../state.ts'

export const useOutbox = create<{ readonly part: OutboxPart }>(() => ({ part: 'open' }))

export function showOutbox(part: OutboxPart): void {
  useOutbox.setState({ part })
  showView('outbox')
}

/** Where the mail is that a notice tells of; null when the notice tells of something else. */
export function partOfNotice(code: string): OutboxPart | null {
  if (/^(send-(refused|uncertain|needs-sign-in)|sent-elsewhere|mail-missed)/.test(code)) return 'open'
  return /^(bounced|mail-delayed|send-some-refused|sent-copy-refused)/.test(code) ? 'done' : null
}
