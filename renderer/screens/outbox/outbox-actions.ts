// What can be done with a mail on its way, each told in a note when it is done.
import { client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { formatFor } from '../../locales/format.ts'
import { shownLocale, text } from '../../locales/text.ts'
import { continueDraft } from '../../message/composer/composer-actions.ts'
import { showToast } from '../../parts/toast.tsx'
import { whenText } from '../../when/when-text.ts'
import { ownZone } from '../../when/zones.ts'
import type { Outgoing } from '../../../shared/model/outgoing.ts'
import type { ScheduleChoice } from './schedule-dialog.tsx'

async function telling(act: () => Promise<string | null>): Promise<void> {
  try {
    const message = await act()
    if (message !== null) showToast({ key: 'outbox', message })
  } catch (error) {
    const failure = failureFrom(error)
    showToast({ tone: 'error', key: 'outbox', message: failureText(failure), detail: failure.said ?? undefined })
  }
}

/** Takes it back from the outbox; its text is a draft again and stays closed. */
export function cancelSending({ id }: Outgoing): Promise<void> {
  return telling(async () => {
    await client.outbox.cancel({ id })
    return text('outbox:done.dropped')
  })
}

/** Takes it back and opens it in a composer. */
export function editSending({ id }: Outgoing): Promise<void> {
  return telling(async () => {
    const { draftId } = await client.outbox.cancel({ id })
    if (draftId !== null) await continueDraft(draftId)
    return text('outbox:done.cancelled')
  })
}

export function reschedule({ id }: Outgoing, { at, timeZone }: ScheduleChoice): Promise<void> {
  return telling(async () => {
    const changed = await client.outbox.reschedule({ id, at, timeZone })
    return text('outbox:done.rescheduled', { when: whenText(formatFor(shownLocale(), navigator.languages).tag, changed.runAt, changed.timeZone ?? ownZone()) })
  })
}

export function sendNow({ id }: Outgoing): Promise<void> {
  return telling(async () => {
    await client.outbox.sendNow({ id })
    return text('outbox:done.sendNow')
  })
}

export function retrySending({ id }: Outgoing): Promise<void> {
  return telling(async () => {
    await client.outbox.retry({ id })
    return text('outbox:done.sendNow')
  })
}

export function resolveSending({ id }: Outgoing, answer: 'arrived' | 'send-again' | 'send-late' | 'drop'): Promise<void> {
  return telling(async () => {
    await client.outbox.resolve({ id, answer })
    switch (answer) {
      case 'arrived':
        return text('outbox:done.arrived')
      case 'drop':
        return text('outbox:done.dropped')
      case 'send-again':
      case 'send-late':
        return text('outbox:done.sendNow')
    }
  })
}
