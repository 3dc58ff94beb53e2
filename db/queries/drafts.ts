// Drafts and their versions. The newest version is the draft; the ones before it are kept to go back to. Nothing written
// is overwritten: a save built on an older version becomes a version of its own, and a draft goes for good only when its
// sending is confirmed or 30 days after it was discarded.
import { randomBytes } from 'node:crypto'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { DraftContent, type Draft, type DraftKind, type DraftRow, type DraftVersion, type ServerDraft } from '../../shared/model/draft.ts'
import type { AccountId, DraftId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import type { Address } from '../../shared/model/message.ts'
import type { Reader, Tx } from '../handles.ts'
import { addFileUses, cidsIn, dropFileUses } from './stored-files.ts'

/** The newest versions are all kept; of older ones, some with a while between them. */
const keptVersions = 20
const keptOlder = 20
const olderApartMs = 5 * 60_000
export const discardedKeptMs = 30 * 24 * 60 * 60_000

type Row = {
  id: DraftId
  account_id: AccountId
  kind: DraftKind
  name: string
  sending_name: string | null
  version: number
  people: string
  subject: string
  snippet: string
  created_at: number
  updated_at: number
  source_message_id: MessageId | null
  thread_id: ThreadId | null
  in_reply_to: string | null
  refs: string
  copied_version: number | null
  outgoing: number
  may_have_left: number
  discarded_at: number | null
  has_quote: number
}

// A conversation may have been split or joined since: the original knows best where it belongs.
const columns = `d.id, d.account_id, d.kind, d.name, d.sending_name, d.version, d.people, d.subject, d.snippet, d.created_at, d.updated_at, d.source_message_id,
  coalesce((SELECT m.thread_id FROM message m WHERE m.id = d.source_message_id), d.thread_id) AS thread_id, d.in_reply_to, d.refs, d.copied_version,
  d.outgoing, d.may_have_left, d.discarded_at, EXISTS (SELECT 1 FROM draft_quote q WHERE q.draft_id = d.id) AS has_quote`

const rowOf = (db: Reader, id: DraftId): Row | undefined => db.get<Row>(`SELECT ${columns} FROM draft d WHERE d.id = ?`, id)

function packed(content: DraftContent): Uint8Array {
  return zstdCompressSync(JSON.stringify(content))
}

export function draftVersionContent(db: Reader, id: DraftId, version: number): DraftContent | null {
  const row = db.get<{ content: Uint8Array }>('SELECT content FROM draft_version WHERE draft_id = ? AND version = ?', id, version)
  return row ? DraftContent.parse(JSON.parse(zstdDecompressSync(row.content).toString('utf8'))) : null
}

export function listDrafts(db: Reader): DraftRow[] {
  return db
    .all<Row>(`SELECT ${columns} FROM draft d JOIN account a ON a.id = d.account_id WHERE d.discarded_at IS NULL AND d.outgoing = 0 AND a.removing = 0 ORDER BY d.updated_at DESC, d.id DESC`)
    .map((row) => ({
      id: row.id,
      accountId: row.account_id,
      kind: row.kind,
      to: JSON.parse(row.people) as Address[],
      subject: row.subject,
      snippet: row.snippet,
      updatedAt: row.updated_at,
      threadId: row.thread_id,
      sourceMessageId: row.source_message_id,
      copied: row.copied_version !== null,
    }))
}

/** Messages in Drafts folders that are copies of no draft of ours; whose copies outlive it for a while are not listed either. */
export function listServerDrafts(db: Reader): ServerDraft[] {
  // From the few folders to their messages; left to itself SQLite goes through every placement there is.
  return db
    .all<{ id: MessageId; account_id: AccountId; people: string; subject: string; snippet: string; date: number }>(
      `SELECT DISTINCT m.id, m.account_id, m.people, m.subject, m.snippet, m.date
       FROM folder f JOIN account a ON a.id = f.account_id CROSS JOIN placement p ON p.folder_id = f.id CROSS JOIN message m ON m.id = p.message_id
       WHERE f.special = 'drafts' AND a.removing = 0 AND NOT EXISTS (
         SELECT 1 FROM draft_copy c WHERE c.account_id = m.account_id AND c.folder_remote_id = f.remote_id
           AND (c.remote_id = p.remote_id OR (c.header_message_id <> '' AND c.header_message_id = m.header_message_id)))
       ORDER BY m.date DESC, m.id DESC`,
    )
    .map(({ id, account_id, people, ...row }) => ({ messageId: id, accountId: account_id, to: (JSON.parse(people) as { to: Address[] }).to, ...row }))
}

/** Also discarded ones, and those on their way out. */
export function getDraft(db: Reader, id: DraftId): Draft | null {
  const row = rowOf(db, id)
  const content = row ? draftVersionContent(db, id, row.version) : null
  if (!row || !content) return null
  return {
    id,
    accountId: row.account_id,
    kind: row.kind,
    content,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    sourceMessageId: row.source_message_id,
    threadId: row.thread_id,
    hasQuote: row.has_quote === 1,
    copiedVersion: row.copied_version,
    outgoing: row.outgoing === 1,
  }
}

/** What a draft keeps that a screen has no use for. */
export type DraftBasis = {
  readonly name: string
  /** Names the mail it becomes: the same on every computer that goes on with the draft. */
  readonly sendingName: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly discarded: boolean
  /** A mail made of it was given back while nobody knew whether it had arrived. */
  readonly mayHaveLeft: boolean
}

export function draftBasis(db: Reader, id: DraftId): DraftBasis | null {
  const row = rowOf(db, id)
  return row ? { name: row.name, sendingName: row.sending_name ?? row.name, inReplyTo: row.in_reply_to, references: JSON.parse(row.refs) as string[], discarded: row.discarded_at !== null, mayHaveLeft: row.may_have_left === 1 } : null
}

export type QuotedOriginal = {
  readonly from: Address | null
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly date: number
  readonly subject: string
}

export type DraftQuote = { readonly about: QuotedOriginal; readonly html: string }

export function draftQuote(db: Reader, id: DraftId): DraftQuote | null {
  const row = db.get<{ about: string; html: Uint8Array }>('SELECT about, html FROM draft_quote WHERE draft_id = ?', id)
  return row ? { about: JSON.parse(row.about) as QuotedOriginal, html: zstdDecompressSync(row.html).toString('utf8') } : null
}

export type NewDraft = {
  readonly accountId: AccountId
  readonly kind: DraftKind
  readonly content: DraftContent
  readonly snippet: string
  readonly sourceMessageId: MessageId | null
  readonly threadId: ThreadId | null
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly quote: DraftQuote | null
  /** Of a draft begun on another computer. */
  readonly sendingName?: string | null
}

export function insertDraft(tx: Tx, fresh: NewDraft, now: number): DraftId {
  const { content } = fresh
  const { id } = tx.run(
    `INSERT INTO draft (account_id, kind, name, version, people, subject, snippet, created_at, updated_at, source_message_id, thread_id, in_reply_to, refs, sending_name, settled_version)
     VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)`,
    fresh.accountId, fresh.kind, randomBytes(15).toString('base64url'), listedPeople(content), content.subject, fresh.snippet, now, now,
    fresh.sourceMessageId, fresh.threadId, fresh.inReplyTo, JSON.stringify(fresh.references), fresh.sendingName ?? null,
  )
  const draft = id as DraftId
  if (fresh.quote) {
    tx.run('INSERT INTO draft_quote (draft_id, about, html) VALUES (?, ?, ?)', draft, JSON.stringify(fresh.quote.about), zstdCompressSync(fresh.quote.html))
    addFileUses(tx, 'draft', draft, cidsIn(fresh.quote.html))
  }
  insertVersion(tx, draft, 1, content, fresh.snippet, now)
  tx.touch.topic('drafts')
  return draft
}

/** People shown in a list of drafts; a long list of recipients is not repeated there. */
function listedPeople(content: DraftContent): string {
  return JSON.stringify([...content.to, ...content.cc, ...content.bcc].slice(0, 5))
}

function insertVersion(tx: Tx, id: DraftId, version: number, content: DraftContent, snippet: string, now: number): void {
  tx.run('INSERT INTO draft_version (draft_id, version, saved_at, subject, snippet, content) VALUES (?, ?, ?, ?, ?, ?)', id, version, now, content.subject, snippet, packed(content))
  // Uses only grow: what an older version shows must still be there when it is restored.
  addFileUses(tx, 'draft', id, [...content.files.map((file) => file.hash), ...cidsIn(content.html)])
  pruneVersions(tx, id)
}

function pruneVersions(tx: Tx, id: DraftId): void {
  const older = tx.all<{ version: number; saved_at: number }>('SELECT version, saved_at FROM draft_version WHERE draft_id = ? ORDER BY version DESC LIMIT -1 OFFSET ?', id, keptVersions)
  let kept = 0
  let last: number | null = null
  // From the oldest, so that the same ones stay at every save.
  for (const row of older.reverse()) {
    if (last === null || row.saved_at - last >= olderApartMs) {
      last = row.saved_at
      kept++
      continue
    }
    tx.run('DELETE FROM draft_version WHERE draft_id = ? AND version = ?', id, row.version)
  }
  if (kept > keptOlder) tx.run('DELETE FROM draft_version WHERE draft_id = ? AND version IN (SELECT version FROM draft_version WHERE draft_id = ? ORDER BY version LIMIT ?)', id, id, kept - keptOlder)
}

export type SavedDraft = { readonly version: number; readonly savedAt: number; readonly overtook: boolean }

/** Stores the content as the newest version. Null when there is no such draft. */
export function saveDraft(tx: Tx, id: DraftId, content: DraftContent, snippet: string, basedOn: number, now: number): SavedDraft | null {
  const row = tx.get<{ version: number; updated_at: number }>('SELECT version, updated_at FROM draft WHERE id = ?', id)
  if (!row) return null
  const newest = tx.get<{ content: Uint8Array }>('SELECT content FROM draft_version WHERE draft_id = ? AND version = ?', id, row.version)
  // Saving what is already stored, as a screen does when it closes, is no version.
  if (newest && Buffer.compare(newest.content, packed(content)) === 0) return { version: row.version, savedAt: row.updated_at, overtook: false }
  const version = row.version + 1
  insertVersion(tx, id, version, content, snippet, now)
  tx.run('UPDATE draft SET version = ?, people = ?, subject = ?, snippet = ?, updated_at = ? WHERE id = ?', version, listedPeople(content), content.subject, snippet, now, id)
  tx.touch.topic('drafts')
  return { version, savedAt: now, overtook: basedOn < row.version }
}

export function listVersions(db: Reader, id: DraftId): DraftVersion[] {
  return db.all('SELECT version, saved_at AS savedAt, subject, snippet FROM draft_version WHERE draft_id = ? ORDER BY version DESC', id)
}

export function discardDraft(tx: Tx, id: DraftId, now: number): void {
  tx.run('UPDATE draft SET discarded_at = coalesce(discarded_at, ?) WHERE id = ?', now, id)
  tx.touch.topic('drafts')
}

/** False when it is gone for good. Its copy on the server is owed again. */
export function undiscardDraft(tx: Tx, id: DraftId): boolean {
  const { changes } = tx.run('UPDATE draft SET discarded_at = NULL, settled_version = iif(copied_version IS NULL, settled_version, 0), copied_version = NULL WHERE id = ?', id)
  tx.touch.topic('drafts')
  return changes > 0
}

/** Handed to the outbox: out of the list and read-only until it is finished or comes back. */
export function markOutgoing(tx: Tx, id: DraftId): void {
  tx.run('UPDATE draft SET outgoing = 1 WHERE id = ?', id)
  tx.touch.topic('drafts')
}

/** Taken back from the outbox, to be written on; `mayHaveLeft`: nobody knows whether the mail arrived. */
export function reopenDraft(tx: Tx, id: DraftId, mayHaveLeft: boolean): void {
  tx.run('UPDATE draft SET outgoing = 0, discarded_at = NULL, may_have_left = max(may_have_left, ?) WHERE id = ?', Number(mayHaveLeft), id)
  tx.touch.topic('drafts')
}

/** Its sending is confirmed: the draft and its versions go. Copies on the server are removed by whoever keeps them. */
export function finishDraft(tx: Tx, id: DraftId): void {
  dropFileUses(tx, 'draft', id)
  tx.run('DELETE FROM draft WHERE id = ?', id)
  tx.touch.topic('drafts')
}

/** Deletes up to `limit` drafts discarded before `before`. */
export function purgeDiscarded(tx: Tx, before: number, limit: number): number {
  const rows = tx.all<{ id: DraftId }>('SELECT id FROM draft WHERE discarded_at < ? AND outgoing = 0 LIMIT ?', before, limit)
  for (const row of rows) finishDraft(tx, row.id)
  return rows.length
}
