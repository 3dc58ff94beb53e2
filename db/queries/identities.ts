// Senders. Every account has at least one identity and exactly one default; the first is made with the account.
import type { AccountId, IdentityId, SignatureId } from '../../shared/model/ids.ts'
import type { Identity } from '../../shared/model/draft.ts'
import type { Reader, Tx } from '../handles.ts'
import { domainOf, lanesDueForSender } from './correspondents.ts'

type Row = {
  id: IdentityId
  account_id: AccountId
  name: string
  address: string
  reply_to: string | null
  signature_new: SignatureId | null
  signature_reply: SignatureId | null
  is_default: number
  position: number
}

const identity = (row: Row): Identity => ({
  id: row.id,
  accountId: row.account_id,
  name: row.name,
  address: row.address,
  replyTo: row.reply_to,
  signatureNew: row.signature_new,
  signatureReply: row.signature_reply,
  isDefault: row.is_default === 1,
  position: row.position,
})

const ordered = 'i.account_id = a.id AND a.removing = 0 ORDER BY a.position, a.created_at, i.is_default DESC, i.position, i.id'

/** By account, each account's default first. */
export function listIdentities(db: Reader): Identity[] {
  return db.all<Row>(`SELECT i.* FROM identity i JOIN account a ON ${ordered}`).map(identity)
}

export function identitiesOf(db: Reader, account: AccountId): Identity[] {
  return db.all<Row>('SELECT * FROM identity WHERE account_id = ? ORDER BY is_default DESC, position, id', account).map(identity)
}

export function getIdentity(db: Reader, id: IdentityId): Identity | null {
  const row = db.get<Row>('SELECT * FROM identity WHERE id = ?', id)
  return row ? identity(row) : null
}

export type IdentityChange = Omit<Identity, 'id' | 'position'>

export function insertIdentity(tx: Tx, fresh: IdentityChange): Identity {
  const known = tx.get<{ count: number; next: number }>('SELECT count(*) AS count, coalesce(max(position) + 1, 0) AS next FROM identity WHERE account_id = ?', fresh.accountId)
  const isDefault = fresh.isDefault || (known?.count ?? 0) === 0
  if (isDefault) tx.run('UPDATE identity SET is_default = 0 WHERE account_id = ?', fresh.accountId)
  const position = known?.next ?? 0
  const { id } = tx.run(
    'INSERT INTO identity (account_id, name, address, reply_to, signature_new, signature_reply, is_default, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    fresh.accountId, fresh.name, fresh.address, fresh.replyTo, fresh.signatureNew, fresh.signatureReply, Number(isDefault), position,
  )
  ownAddressChanged(tx, fresh.address)
  return { ...fresh, id: id as IdentityId, isDefault, position }
}

/** An identity stays with its account. The default stays the default until another becomes it. */
export function updateIdentity(tx: Tx, id: IdentityId, changed: IdentityChange): Identity | null {
  const before = getIdentity(tx, id)
  if (!before) return null
  const isDefault = changed.isDefault || before.isDefault
  if (isDefault && !before.isDefault) tx.run('UPDATE identity SET is_default = 0 WHERE account_id = ?', before.accountId)
  tx.run(
    'UPDATE identity SET name = ?, address = ?, reply_to = ?, signature_new = ?, signature_reply = ?, is_default = ? WHERE id = ?',
    changed.name, changed.address, changed.replyTo, changed.signatureNew, changed.signatureReply, Number(isDefault), id,
  )
  ownAddressChanged(tx, before.address)
  ownAddressChanged(tx, changed.address)
  return getIdentity(tx, id)
}

/** False when it is its account's last. */
export function removeIdentity(tx: Tx, id: IdentityId): boolean {
  const found = getIdentity(tx, id)
  if (!found) return true
  const others = identitiesOf(tx, found.accountId).filter((one) => one.id !== id)
  const heir = others[0]
  if (!heir) return false
  tx.run('DELETE FROM identity WHERE id = ?', id)
  if (found.isDefault) tx.run('UPDATE identity SET is_default = 1 WHERE id = ?', heir.id)
  ownAddressChanged(tx, found.address)
  return true
}

/** What came from an address of our own is not somebody's mail, and no lane is decided by it. */
function ownAddressChanged(tx: Tx, address: string): void {
  lanesDueForSender(tx, domainOf(address), address.toLowerCase())
  tx.touch.topic('identities')
}

/** The addresses mail of an account is written from, lower case: its identities' and its own. */
export function ownAddresses(db: Reader, account: AccountId): ReadonlySet<string> {
  return new Set(
    db
      .all<{ address: string }>('SELECT address FROM identity WHERE account_id = ? UNION SELECT address FROM account WHERE id = ?', account, account)
      .map((row) => row.address.toLowerCase()),
  )
}
