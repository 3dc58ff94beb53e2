// What became of a mail, in plain words. Pure but for the texts.
import type { AccountId } from '../../../shared/model/ids.ts'
import type { Outgoing, OutgoingRecipient } from '../../../shared/model/outgoing.ts'
import { hasText } from '../../locales/text.ts'
import type { TextKey, Translate } from '../../locales/text.ts'

/** The most telling text there is for an RFC 3463 status: '5.1.1', else its class. Null when it is no status. */
export function statusKey(status: string | null): TextKey | null {
  const parts = /^([245])\.(\d{1,3})\.(\d{1,3})$/.exec(status ?? '')
  if (!parts) return null
  const [, kind = '', subject = '', detail = ''] = parts
  return [`outbox:status.${kind}_${subject}_${detail}`, `outbox:status.${kind}`].find(hasText) ?? null
}

export function recipientText(recipient: OutgoingRecipient, t: Translate): string | null {
  if (recipient.state === 'accepted') return null
  const key = statusKey(recipient.status)
  return key === null ? null : t(key)
}

/** Recipients that need a look, first those it did not reach, last those whose server wants it to be tried again. */
export function troubled(outgoing: Outgoing): readonly OutgoingRecipient[] {
  const order = ['refused', 'bounced', 'delayed', 'waiting']
  return outgoing.recipients.filter(({ state, status }) => order.includes(state) && (state !== 'waiting' || status !== null)).toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
}

/** It will not reach them by itself. */
export const isLost = ({ state }: OutgoingRecipient): boolean => state === 'refused' || state === 'bounced'

/** The draft this mail was made of was sent before, from another program or in a mail given back. */
export const sentElsewhere = ({ state, failure }: Outgoing): boolean => state === 'uncertain' && failure?.code === 'sent-elsewhere'

/** Not answered, and being looked for in Sent. */
const looking = ({ state, failure }: Outgoing): boolean => state === 'sending' && failure?.code === 'send-uncertain'

/** Accounts whose server refused the sign-in for one of these mails: none of theirs is tried before the person did something. */
export function refusedSignIns(mails: readonly Outgoing[]): ReadonlySet<AccountId> {
  return new Set(mails.filter(({ state, failure }) => state === 'waiting' && failure?.kind === 'auth').map(({ accountId }) => accountId))
}

/** It is due, and waits until the person has signed in again: its own attempt was refused, or that of one before it. */
export function waitsForSignIn({ state, accountId, runAt, failure }: Outgoing, refused: ReadonlySet<AccountId>, now: number): boolean {
  if (state === 'waiting') return failure?.kind === 'auth' || refused.has(accountId)
  return state === 'held' && runAt <= now && refused.has(accountId)
}

/** Where it stands, in a few words. */
export function stateKey(outgoing: Outgoing, forSignIn = false): TextKey {
  if (forSignIn) return 'outbox:state.waiting'
  if (looking(outgoing)) return 'outbox:state.looking'
  if (sentElsewhere(outgoing)) return 'outbox:state.elsewhere'
  if (outgoing.state === 'sent' || outgoing.state === 'filing') {
    const lost = outgoing.recipients.filter(isLost).length
    if (lost > 0) return lost === outgoing.recipients.length ? 'outbox:state.notDelivered' : 'outbox:state.sentToSome'
  }
  return `outbox:state.${outgoing.state}`
}

/** One sentence for where it stands; `when` says an instant. */
export function stateDetail(outgoing: Outgoing, now: number, t: Translate, when: (at: number) => string, forSignIn = false): string {
  if (forSignIn) return t('outbox:detail.waitingSignIn')
  if (looking(outgoing)) return t('outbox:detail.looking')
  if (sentElsewhere(outgoing)) return t('outbox:detail.elsewhere')
  switch (outgoing.state) {
    case 'held':
      return t('outbox:detail.held', { count: Math.max(0, Math.ceil((outgoing.runAt - now) / 1000)) })
    case 'scheduled':
      return t('outbox:detail.scheduledComputer', { when: when(outgoing.runAt) })
    case 'missed':
      return t('outbox:detail.missed', { when: when(outgoing.runAt) })
    case 'waiting':
      return outgoing.attempts > 0 && outgoing.runAt > now ? t('outbox:detail.waitingUntil', { when: when(outgoing.runAt) }) : t('outbox:detail.waitingNow')
    case 'sending':
      return t('outbox:detail.sending')
    case 'uncertain':
      return t('outbox:detail.uncertain')
    case 'refused':
      return t('outbox:detail.refused')
    case 'filing':
      return t('outbox:detail.filing')
    case 'sent':
      return t('outbox:detail.sent', { when: when(outgoing.sentAt ?? outgoing.runAt) })
  }
}

/** What went wrong, where the state and its question do not say it already. */
export function toldFailure({ state, failure }: Outgoing): Outgoing['failure'] {
  return state === 'uncertain' || state === 'missed' || failure?.code === 'send-uncertain' ? null : failure
}

/** Whether a person has to decide something before it can go on. */
export function waitsForPerson({ state }: Outgoing): boolean {
  return state === 'uncertain' || state === 'missed' || state === 'refused'
}
