// The people mail goes to and comes from. Kept up as messages are stored: whoever wrote to us was heard from, whoever one of
// our own addresses wrote to was written to. Counts are of messages seen, and are never lowered.
import type { AccountId } from '../../shared/model/ids.ts'
import type { Address } from '../../shared/model/message.ts'
import { isFreeMail } from '../../shared/model/free-mail.ts'
import type { Reader, Tx } from '../handles.ts'

/** Recipients of one message who are taken for people written to; a longer list is a mailing. */
const recipientsAtMost = 100

/** SQL for the two columns of the message_sender index; a query must say them exactly like this. */
export const senderDomain = "lower(substr(from_address, instr(from_address, '@') + 1))"
export const senderAddress = 'lower(from_address)'

export function domainOf(address: string): string {
  return address.slice(address.indexOf('@') + 1).toLowerCase()
}

/** One of the accounts' or their identities' addresses. */
export function isOwnAddress(db: Reader, address: string): boolean {
  const key = address.toLowerCase()
  return db.get('SELECT 1 FROM account WHERE lower(address) = ? UNION ALL SELECT 1 FROM identity WHERE lower(address) = ? LIMIT 1', key, key) !== undefined
}

export type Correspondence = {
  readonly from: Address | null
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly automatic: boolean
  readonly listId: string | null
  /** UTC milliseconds. */
  readonly date: number
  /** Minutes east of UTC in the Date field; null when it names no zone. */
  readonly utcOffset: number | null
}

/** Takes a message that is new to this computer into account. `sent`: it lies in a folder of sent mail. */
export function noteCorrespondence(tx: Tx, account: AccountId, message: Correspondence, sent: boolean): void {
  const { from } = message
  if (!from) return
  if (sent || isOwnAddress(tx, from.address)) {
    const recipients = [...message.to, ...message.cc, ...message.bcc]
    if (recipients.length > recipientsAtMost) return
    for (const one of new Map(recipients.map((each) => [each.address.toLowerCase(), each])).values()) {
      if (isAddress(one.address) && !isOwnAddress(tx, one.address)) noteWritten(tx, account, one, message.date)
    }
    return
  }
  if (message.automatic || message.listId !== null || !isAddress(from.address)) return
  tx.run(
    `INSERT INTO correspondent (account_id, address, domain, name, received, last_at, utc_offset) VALUES (?, ?, ?, ?, 1, ?, ?)
     ON CONFLICT (account_id, address) DO UPDATE SET received = received + 1,
       name = iif(excluded.name <> '' AND (excluded.last_at >= last_at OR name = ''), excluded.name, name),
       utc_offset = iif(excluded.last_at >= last_at OR utc_offset IS NULL, coalesce(excluded.utc_offset, utc_offset), utc_offset),
       last_at = max(last_at, excluded.last_at)`,
    account, from.address.toLowerCase(), domainOf(from.address), from.name, message.date, message.utcOffset,
  )
}

function noteWritten(tx: Tx, account: AccountId, to: Address, date: number): void {
  const address = to.address.toLowerCase()
  const domain = domainOf(address)
  const byCompany = !isFreeMail(domain)
  const known = byCompany
    ? tx.get('SELECT 1 FROM correspondent WHERE domain = ? AND sent > 0', domain)
    : tx.get('SELECT 1 FROM correspondent WHERE address = ? AND sent > 0', address)
  tx.run(
    `INSERT INTO correspondent (account_id, address, domain, name, sent, last_at) VALUES (?, ?, ?, ?, 1, ?)
     ON CONFLICT (account_id, address) DO UPDATE SET sent = sent + 1, name = iif(name = '', excluded.name, name),
       last_at = max(last_at, excluded.last_at), forgotten = iif(excluded.last_at > forgotten, 0, forgotten)`,
    account, address, domain, to.name, date,
  )
  // Their earlier mail is no longer from somebody unknown.
  if (!known) lanesDueForSender(tx, domain, byCompany ? null : address)
}

/** Has the lanes of threads worked out again in which somebody of the domain, or the one address, wrote. */
export function lanesDueForSender(tx: Tx, domain: string, address: string | null): void {
  if (address === null) tx.run(`INSERT OR IGNORE INTO lane_due SELECT DISTINCT thread_id FROM message WHERE ${senderDomain} = ?`, domain)
  else tx.run(`INSERT OR IGNORE INTO lane_due SELECT DISTINCT thread_id FROM message WHERE ${senderDomain} = ? AND ${senderAddress} = ?`, domain, address)
}

function isAddress(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text)
}
