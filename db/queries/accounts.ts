import { Account, AccountSettings, KeepPolicy } from '../../shared/model/account.ts'
import type { AccountId, FolderId, MessageId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'
import { insertIdentity } from './identities.ts'

type Row = { id: AccountId; name: string; address: string; color: string; settings: string; keep: string; paused: number; position: number; last_success_at: number | null }

const account = (row: Row): Account => ({
  id: row.id,
  name: row.name,
  address: row.address,
  color: row.color,
  settings: AccountSettings.parse(JSON.parse(row.settings)),
  keep: KeepPolicy.parse(JSON.parse(row.keep)),
  paused: row.paused === 1,
  position: row.position,
})

export function listAccounts(db: Reader): Account[] {
  return db.all<Row>('SELECT * FROM account WHERE removing = 0 ORDER BY position, created_at').map(account)
}

export function getAccount(db: Reader, id: AccountId): Account | null {
  const row = db.get<Row>('SELECT * FROM account WHERE id = ? AND removing = 0', id)
  return row ? account(row) : null
}

export function lastSuccessOf(db: Reader, id: AccountId): number | null {
  return db.get<{ at: number | null }>('SELECT last_success_at AS at FROM account WHERE id = ?', id)?.at ?? null
}

export type NewAccount = Pick<Account, 'name' | 'address' | 'color' | 'settings' | 'keep'>

export function insertAccount(tx: Tx, id: AccountId, fresh: NewAccount, now: number): Account {
  tx.run(
    'INSERT INTO account (id, name, address, color, settings, keep, position, created_at) VALUES (?, ?, ?, ?, ?, ?, (SELECT count(*) FROM account), ?)',
    id, fresh.name, fresh.address, fresh.color, JSON.stringify(fresh.settings), JSON.stringify(fresh.keep), now,
  )
  insertIdentity(tx, { accountId: id, name: fresh.name, address: fresh.address, replyTo: null, signatureNew: null, signatureReply: null, isDefault: true })
  tx.touch.accounts()
  return { id, ...fresh, paused: false, position: (tx.get<{ n: number }>('SELECT count(*) AS n FROM account')?.n ?? 1) - 1 }
}

export function updateAccount(tx: Tx, id: AccountId, changed: NewAccount): void {
  // A sender that still reads as the account did follows it.
  tx.run(
    'UPDATE identity SET name = ?, address = ? WHERE account_id = ? AND (name, address) = (SELECT name, address FROM account WHERE id = ?)',
    changed.name, changed.address, id, id,
  )
  tx.touch.topic('identities')
  tx.run(
    'UPDATE account SET name = ?, address = ?, color = ?, settings = ?, keep = ? WHERE id = ?',
    changed.name, changed.address, changed.color, JSON.stringify(changed.settings), JSON.stringify(changed.keep), id,
  )
  // What was refused under the old settings may come under the new ones.
  tx.run('UPDATE message SET body_note = NULL WHERE account_id = ? AND body_state = 0 AND body_note IS NOT NULL', id)
  tx.touch.accounts()
}

export function setPaused(tx: Tx, id: AccountId, paused: boolean): void {
  tx.run('UPDATE account SET paused = ? WHERE id = ?', Number(paused), id)
  tx.touch.accounts()
}

export function orderAccounts(tx: Tx, ids: readonly AccountId[]): void {
  for (const [position, id] of ids.entries()) tx.run('UPDATE account SET position = ? WHERE id = ?', position, id)
  tx.touch.accounts()
}

export function noteSuccess(tx: Tx, id: AccountId, now: number): void {
  tx.run('UPDATE account SET last_success_at = ? WHERE id = ?', now, id)
}

/** Messages of an account and about how many bytes of `databaseBytes` are theirs: its share of all messages. */
export function accountSize(db: Reader, id: AccountId, databaseBytes: number): { messages: number; bytes: number } {
  const counts = db.get<{ own: number; total: number }>('SELECT (SELECT count(*) FROM message WHERE account_id = ?) AS own, count(*) AS total FROM message', id)
  if (!counts || counts.total === 0) return { messages: 0, bytes: 0 }
  return { messages: counts.own, bytes: Math.round((databaseBytes * counts.own) / counts.total) }
}

/** What a person began with an account and has not finished: it would be lost with it. */
export function unfinishedIn(db: Reader, id: AccountId): { drafts: number; outgoing: number; owed: number } {
  return (
    db.get<{ drafts: number; outgoing: number; owed: number }>(
      `SELECT (SELECT count(*) FROM draft WHERE account_id = ? AND discarded_at IS NULL AND outgoing = 0) AS drafts,
         (SELECT count(*) FROM outgoing WHERE account_id = ? AND state NOT IN ('sent', 'filing')) AS outgoing,
         (SELECT count(*) FROM task WHERE account_id = ? AND problem = 0) AS owed`,
      id, id, id,
    ) ?? { drafts: 0, outgoing: 0, owed: 0 }
  )
}

/** Takes an account out of sight; `removeAccountPart` then deletes what it left. */
export function markAccountRemoving(tx: Tx, id: AccountId): void {
  tx.run('UPDATE account SET removing = 1 WHERE id = ?', id)
  tx.run('UPDATE folder SET removing = 1 WHERE account_id = ?', id)
  tx.run('DELETE FROM task WHERE account_id = ?', id)
  tx.run('DELETE FROM outgoing WHERE account_id = ?', id)
  tx.touch.accounts()
  tx.touch.tree(id)
}

/** Accounts whose deletion was begun and not finished. */
export function accountsBeingRemoved(db: Reader): AccountId[] {
  return db.all<{ id: AccountId }>('SELECT id FROM account WHERE removing = 1').map((row) => row.id)
}

/** Deletes up to `limit` of a removed account's rows; false when nothing is left of it. */
export function removeAccountPart(tx: Tx, id: AccountId, limit: number): boolean {
  if (tx.run('DELETE FROM thread_folder WHERE (folder_id, thread_id) IN (SELECT tf.folder_id, tf.thread_id FROM folder f JOIN thread_folder tf ON tf.folder_id = f.id WHERE f.account_id = ? LIMIT ?)', id, limit * 4).changes > 0) return true
  const messages = tx.all<{ id: MessageId }>('SELECT id FROM message WHERE account_id = ? LIMIT ?', id, limit)
  for (const row of messages) {
    tx.run('DELETE FROM message WHERE id = ?', row.id)
  }
  if (messages.length > 0) return true
  if (tx.run('DELETE FROM thread WHERE id IN (SELECT id FROM thread WHERE account_id = ? LIMIT ?)', id, limit).changes > 0) return true
  const folder = tx.get<{ id: FolderId }>('SELECT id FROM folder WHERE account_id = ? LIMIT 1', id)
  if (folder) {
    tx.run('DELETE FROM folder WHERE id = ?', folder.id)
    return true
  }
  tx.run('DELETE FROM account WHERE id = ?', id)
  tx.touch.accounts()
  return false
}
