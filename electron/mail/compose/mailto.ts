// mailto: addresses (RFC 6068). They come from web pages and mail: only recipients, subject and text are taken from them.
import type { Address } from '../../../shared/model/message.ts'
import { cleanName, isAddress } from './message-address.ts'

export type MailtoParts = {
  readonly to: Address[]
  readonly cc: Address[]
  readonly bcc: Address[]
  readonly subject: string
  /** Plain text, LF line ends. */
  readonly body: string
  /** Message-ID without brackets. */
  readonly inReplyTo: string | null
}

/** Null when it is no mailto: address. */
export function readMailto(url: string): MailtoParts | null {
  const match = /^mailto:([^?#]*)(?:\?([^#]*))?/i.exec(url.trim())
  if (!match) return null
  const to = addresses(match[1] ?? '')
  const cc: Address[] = []
  const bcc: Address[] = []
  let subject = ''
  let body = ''
  let inReplyTo: string | null = null
  for (const pair of (match[2] ?? '').split(/&(?:amp;)?/)) {
    const [rawName = '', ...rest] = pair.split('=')
    const raw = rest.join('=')
    switch (decoded(rawName).trim().toLowerCase()) {
      case 'to':
        to.push(...addresses(raw))
        break
      case 'cc':
        cc.push(...addresses(raw))
        break
      case 'bcc':
        bcc.push(...addresses(raw))
        break
      case 'subject':
        subject = cleanName(decoded(raw)).slice(0, 2000)
        break
      case 'body':
        body += (body === '' ? '' : '\n') + decoded(raw).replace(/\r\n?/g, '\n')
        break
      case 'in-reply-to':
        inReplyTo = /<?([^<>\s]{1,900})>?/.exec(decoded(raw))?.[1] ?? null
        break
    }
  }
  return { to: to.slice(0, 100), cc: cc.slice(0, 100), bcc: bcc.slice(0, 100), subject, body: body.slice(0, 100_000), inReplyTo }
}

/** Commas between addresses are written as they are, those within one as %2C. */
function addresses(raw: string): Address[] {
  return raw.split(',').flatMap((piece) => {
    const text = decoded(piece).trim()
    const named = /^(.*?)<([^<>]+)>$/.exec(text)
    const address = (named?.[2] ?? text).trim()
    return isAddress(address) ? [{ name: cleanName((named?.[1] ?? '').replace(/^\s*"|"\s*$/g, '')), address }] : []
  })
}

/** A plus sign is a plus sign here, not a blank. */
function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}
