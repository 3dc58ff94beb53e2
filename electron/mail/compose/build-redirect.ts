// A message sent on as it is (RFC 5322 3.6.6): fields that say who sent it on and to whom stand above, and below them
// every byte is the original's, but for a Bcc field, which was never meant for others, and the path it came here by.
import MimeNode from 'nodemailer/lib/mime-node'
import type { DraftContent } from '../../../shared/model/draft.ts'
import type { IdentityId } from '../../../shared/model/ids.ts'
import type { Address } from '../../../shared/model/message.ts'
import { parseHeaders } from '../mime/headers.ts'
import { asBuffer, recipientsOf, rfcDate, withoutField } from './build-message.ts'
import type { BuiltMessage } from './built-message.ts'
import { wireOf } from './message-address.ts'

export type RedirectInput = {
  readonly source: Uint8Array
  readonly identityId: IdentityId | null
  readonly from: Address
  readonly content: DraftContent
  readonly headerMessageId: string
  readonly date: number
  readonly timeZone?: string | undefined
}

export function buildRedirect(input: RedirectInput): BuiltMessage {
  const from = wireOf({ name: input.from.name, address: input.from.address })
  const recipients = recipientsOf(input.content)
  // Whoever delivers it writes the path of this journey (RFC 5321 4.4).
  const original = withoutField(withoutHidden(crlf(asBuffer(input.source))), 'return-path')
  const resent = (withBcc: boolean): Buffer => {
    const people = (kind: 'to' | 'cc' | 'bcc'): string => MimeNode.encodeHeaderValue('To', recipients.filter((one) => one.kind === kind).map(({ name, address }) => ({ name, address })))
    const fields: [string, string][] = [
      ['Resent-Date', rfcDate(input.date, input.timeZone)],
      ['Resent-From', MimeNode.encodeHeaderValue('From', [from])],
      ['Resent-To', people('to')],
      ['Resent-Cc', people('cc')],
      ...(withBcc ? [['Resent-Bcc', people('bcc')] satisfies [string, string]] : []),
      ['Resent-Message-ID', `<${input.headerMessageId}>`],
    ]
    return Buffer.from(fields.filter(([, value]) => value !== '').map(([name, value]) => `${folded(`${name}: ${value}`)}\r\n`).join(''))
  }
  return {
    raw: Buffer.concat([resent(false), original]),
    copy: Buffer.concat([resent(true), original]),
    headerMessageId: input.headerMessageId,
    identityId: input.identityId,
    from,
    subject: parseHeaders(original).subject,
    recipients,
    notify: input.content.notify,
  }
}

/** A message that goes on to others: a copy of what one sent oneself names those whom nobody was to know of. */
export function withoutHidden(source: Uint8Array): Buffer {
  return withoutField(withoutField(asBuffer(source), 'bcc'), 'resent-bcc')
}

/** Recipients one a line: fields stay within the length of a line, and readable. */
function folded(field: string): string {
  return field.length <= 76 ? field : field.replace(/, (?=\S)/g, ',\r\n ')
}

/** Servers want CRLF; mail kept with bare line feeds is given it. */
function crlf(source: Buffer): Buffer {
  for (let at = source.indexOf(0x0a); at !== -1; at = source.indexOf(0x0a, at + 1)) {
    if (at === 0 || source[at - 1] !== 0x0d) return Buffer.from(source.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
  }
  return source
}
