// Reports of mail servers matched with what was sent from here. A report is a claim by a stranger: it changes nothing but
// what is known of a recipient of a mail that this account really sent, and only of one the mail really went to.
import type { Tx } from '../../db/handles.ts'
import { accountOfMessage } from '../../db/queries/messages.ts'
import { markRecipients, reportedOutgoing } from '../../db/queries/outgoing.ts'
import type { MessageId } from '../../shared/model/ids.ts'
import type { DeliveryReport } from '../mail/mime/delivery-report.ts'

export type Bounce = { readonly subject: string; readonly address: string; readonly state: 'bounced' | 'delayed'; readonly status: string | null; readonly said: string | null }

/** Notes what the report says; gives what is news to the person. */
export function noteReport(tx: Tx, message: MessageId, report: DeliveryReport): readonly Bounce[] {
  const account = accountOfMessage(tx, message)
  const mail = account === null ? null : reportedOutgoing(tx, account, report.messageIds, report.envelopeId)
  if (!mail) return []
  const news: Bounce[] = []
  for (const { address, action, status, said } of report.recipients) {
    const wanted = address.toLowerCase()
    // A mail to one person bounces for that person, whatever name the last server knew them by.
    const recipient = mail.recipients.find((one) => one.address.toLowerCase() === wanted) ?? (mail.recipients.length === 1 ? mail.recipients[0] : undefined)
    if (!recipient || recipient.state === 'refused') continue
    const state = action === 'failed' && !status?.startsWith('4.') ? ('bounced' as const) : action === 'failed' || action === 'delayed' ? ('delayed' as const) : null
    if (state === null) {
      // Delivered after a delay after all.
      if (action === 'delivered' && recipient.state === 'delayed') markRecipients(tx, mail.id, 'accepted', [{ address: recipient.address, said, status }])
      continue
    }
    if (recipient.state === 'bounced' || recipient.state === state) continue
    markRecipients(tx, mail.id, state, [{ address: recipient.address, said, status }])
    news.push({ subject: mail.subject, address: recipient.address, state, status, said })
  }
  return news
}

/** Which plain words fit the status (RFC 3463): as precise as servers are reliable. */
export function bounceCode(status: string | null): string {
  switch (status?.slice(2)) {
    case '1.1':
    case '1.6':
    case '1.10':
      return 'bounced-unknown'
    case '1.2':
    case '1.3':
    case '4.4':
      return 'bounced-address'
    case '2.1':
      return 'bounced-disabled'
    case '2.2':
      return 'bounced-full'
    case '2.3':
    case '3.4':
      return 'bounced-too-large'
    case '4.1':
    case '4.7':
      return 'bounced-unreachable'
    default:
      return status?.startsWith('5.7.') ? 'bounced-policy' : 'bounced'
  }
}
