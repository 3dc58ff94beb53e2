// Which messages on a server are copies of which draft, and which copies are owed. A row is written before the message is
// put there, so that a crash in between leaves something to look for.
import type { AccountId, DraftId, MessageId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'

export type DraftCopy = {
  readonly id: number
  readonly accountId: AccountId
  readonly draftName: string
  readonly version: number
  readonly folderRemoteId: string
  readonly headerMessageId: string
  readonly remoteId: string | null
  readonly hash: Uint8Array | null
}

const columns = 'id, account_id AS accountId, draft_name AS draftName, version, folder_remote_id AS folderRemoteId, header_message_id AS headerMessageId, remote_id AS remoteId, hash'

export function copiesOfDraft(db: Reader, name: string): DraftCopy[] {
  return db.all<DraftCopy>(`SELECT ${columns} FROM draft_copy WHERE draft_name = ? ORDER BY id`, name)
}

export function copyByHeader(db: Reader, account: AccountId, headerMessageId: string): DraftCopy | null {
  return db.get<DraftCopy>(`SELECT ${columns} FROM draft_copy WHERE header_message_id = ? AND account_id = ? ORDER BY id DESC LIMIT 1`, headerMessageId, account) ?? null
}

/** For messages without a Message-ID. */
export function copyByPlace(db: Reader, account: AccountId, remoteIds: readonly string[]): DraftCopy | null {
  return db.get<DraftCopy>(`SELECT ${columns} FROM draft_copy WHERE header_message_id = '' AND account_id = ? AND remote_id IN (SELECT value FROM json_each(?)) LIMIT 1`, account, JSON.stringify(remoteIds)) ?? null
}

export function messageByHeaderId(db: Reader, account: AccountId, headerMessageId: string): MessageId | null {
  return db.get<{ id: MessageId }>('SELECT id FROM message WHERE header_message_id = ? AND account_id = ? ORDER BY id DESC LIMIT 1', headerMessageId, account)?.id ?? null
}

export function draftByName(db: Reader, name: string): DraftId | null {
  return db.get<{ id: DraftId }>('SELECT id FROM draft WHERE name = ?', name)?.id ?? null
}

export function insertCopy(tx: Tx, copy: Omit<DraftCopy, 'id'>): number {
  return tx.run(
    'INSERT INTO draft_copy (account_id, draft_name, version, folder_remote_id, header_message_id, remote_id, hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
    copy.accountId, copy.draftName, copy.version, copy.folderRemoteId, copy.headerMessageId, copy.remoteId, copy.hash,
  ).id
}

export function placeCopy(tx: Tx, id: number, remoteId: string | null): void {
  tx.run('UPDATE draft_copy SET remote_id = ? WHERE id = ?', remoteId, id)
}

export function forgetCopy(tx: Tx, id: number): void {
  tx.run('DELETE FROM draft_copy WHERE id = ?', id)
}

export function noteCopied(tx: Tx, id: DraftId, version: number): void {
  tx.run('UPDATE draft SET copied_version = ? WHERE id = ?', version, id)
  tx.touch.topic('drafts')
}

/** Nothing more is to be copied up to this version. */
export function settleCopies(tx: Tx, id: DraftId, version: number): void {
  tx.run('UPDATE draft SET settled_version = max(settled_version, ?) WHERE id = ?', version, id)
}

const owed = `d.version > max(coalesce(d.copied_version, 0), d.settled_version) AND d.outgoing = 0 AND d.discarded_at IS NULL AND d.kind <> 'redirect' AND a.removing = 0 AND a.paused = 0`

/** Drafts whose newest version is on no server, and when it was written. */
export function draftsToCopy(db: Reader): { id: DraftId; accountId: AccountId; updatedAt: number }[] {
  return db.all(`SELECT d.id, d.account_id AS accountId, d.updated_at AS updatedAt FROM draft d JOIN account a ON a.id = d.account_id WHERE ${owed} ORDER BY d.updated_at`)
}

/** Names of drafts that are sent, discarded or gone, with copies still on a server. */
export function draftsToRemove(db: Reader): { name: string; accountId: AccountId }[] {
  return db.all(
    `SELECT DISTINCT c.draft_name AS name, c.account_id AS accountId FROM draft_copy c JOIN account a ON a.id = c.account_id
     WHERE a.removing = 0 AND a.paused = 0 AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.name = c.draft_name AND d.discarded_at IS NULL)`,
  )
}
