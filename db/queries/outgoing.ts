// Mail on its way out. A row changes only by the functions here, each of which is one step of its way; which step is
// allowed when is the outbox's affair.
import type { Failure } from '../../shared/model/failure.ts'
import type { AccountId, DraftId, IdentityId, MessageId, OutgoingId, ThreadId } from '../../shared/model/ids.ts'
import type { Address } from '../../shared/model/message.ts'
import { Outgoing, type OutgoingRecipient, type OutgoingState } from '../../shared/model/outgoing.ts'
import type { OutboxPart } from '../../shared/api/outbox.ts'
import type { Reader, Tx } from '../handles.ts'

export type NewOutgoing = {
  readonly accountId: AccountId
  readonly identityId: IdentityId | null
  readonly draftId: DraftId | null
  readonly sourceMessageId: MessageId | null
  /** What the source becomes when this is delivered. */
  readonly sourceMark: 'answered' | 'forwarded' | null
  readonly headerMessageId: string
  readonly subject: string
  readonly from: Address
  readonly recipients: readonly (Address & { readonly kind: 'to' | 'cc' | 'bcc' })[]
  readonly state: 'held' | 'scheduled' | 'waiting'
  readonly runAt: number
  readonly chosenAt: number | null
  readonly timeZone: string | null
  readonly wall: string | null
  readonly handoverAt: number | null
  readonly size: number
  readonly notify: boolean
  readonly rawFile: string
  readonly copyFile: string | null
  /** Another program may have sent it already: Sent is searched first. */
  readonly lookFirst: boolean
  /** Begun on another computer, which may have been told to send it at the same time. */
  readonly continued?: boolean
}

/** A row as the outbox works with it. */
export type OwedMail = {
  readonly id: OutgoingId
  readonly accountId: AccountId
  readonly draftId: DraftId | null
  readonly sourceMessageId: MessageId | null
  readonly sourceMark: 'answered' | 'forwarded' | null
  readonly headerMessageId: string
  readonly subject: string
  readonly fromAddress: string
  readonly state: OutgoingState
  readonly heldBy: 'computer' | 'server'
  readonly runAt: number
  readonly chosenAt: number | null
  readonly timeZone: string | null
  readonly wall: string | null
  readonly handoverAt: number | null
  readonly createdAt: number
  readonly attempts: number
  /** Attempts in a row that ended by a fault of our own. */
  readonly ownFaults: number
  /** Attempts after which some recipients were to be tried again later. */
  readonly deferrals: number
  readonly failure: Failure | null
  /** Null: no server was ever offered it from here. */
  readonly route: string | null
  readonly sentAt: number | null
  readonly notify: boolean
  readonly rawFile: string | null
  readonly copyFile: string | null
  readonly passed: boolean
  readonly looks: number
  readonly continued: boolean
  readonly lookedAt: number | null
  readonly appendBegun: boolean
  readonly recipients: readonly OutgoingRecipient[]
}

type Row = {
  id: OutgoingId
  account_id: AccountId
  identity_id: IdentityId | null
  draft_id: DraftId | null
  source_message_id: MessageId | null
  source_mark: 'answered' | 'forwarded' | null
  header_message_id: string
  subject: string
  from_name: string
  from_address: string
  state: OutgoingState
  held_by: 'computer' | 'server'
  run_at: number
  chosen_at: number | null
  time_zone: string | null
  wall: string | null
  handover_at: number | null
  created_at: number
  attempts: number
  own_faults: number
  deferrals: number
  failure: string | null
  route: string | null
  said: string | null
  sent_at: number | null
  size: number
  notify: number
  raw_file: string | null
  copy_file: string | null
  passed: number
  looks: number
  continued: number
  looked_at: number | null
  append_begun: number
  sent_folder_remote_id: string | null
  sent_remote_id: string | null
}
type RecipientRow = { outgoing_id: OutgoingId; kind: 'to' | 'cc' | 'bcc'; name: string; address: string; state: OutgoingRecipient['state']; said: string | null; status: string | null }

function recipientsOf(db: Reader, ids: readonly OutgoingId[]): Map<OutgoingId, OutgoingRecipient[]> {
  const rows = db.all<RecipientRow>(
    'SELECT outgoing_id, kind, name, address, state, said, status FROM outgoing_recipient WHERE outgoing_id IN (SELECT value FROM json_each(?)) ORDER BY outgoing_id, position',
    JSON.stringify(ids),
  )
  const found = new Map<OutgoingId, OutgoingRecipient[]>()
  for (const { outgoing_id, ...recipient } of rows) {
    const list = found.get(outgoing_id)
    if (list) list.push(recipient)
    else found.set(outgoing_id, [recipient])
  }
  return found
}

/** The listed copy in Sent: the one the server told of, else any with the Message-ID. */
function copyInSent(db: Reader, row: Row): { id: MessageId; thread_id: ThreadId } | undefined {
  const told =
    row.sent_remote_id === null
      ? undefined
      : db.get<{ id: MessageId; thread_id: ThreadId }>(
          `SELECT m.id, m.thread_id FROM folder f JOIN placement p ON p.folder_id = f.id JOIN message m ON m.id = p.message_id
           WHERE f.account_id = ? AND f.remote_id = ? AND p.remote_id = ?`,
          row.account_id, row.sent_folder_remote_id, row.sent_remote_id,
        )
  return (
    told ??
    db.get(
      `SELECT m.id, m.thread_id FROM message m JOIN placement p ON p.message_id = m.id JOIN folder f ON f.id = p.folder_id
       WHERE m.header_message_id = ? AND m.account_id = ? AND f.special IN ('sent', 'all') LIMIT 1`,
      row.header_message_id, row.account_id,
    )
  )
}

function outgoing(db: Reader, rows: readonly Row[]): Outgoing[] {
  const recipients = recipientsOf(db, rows.map((row) => row.id))
  return rows.map((row) => {
    const copy = row.state === 'sent' || row.state === 'filing' ? copyInSent(db, row) : undefined
    const source = row.source_message_id === null ? undefined : db.get<{ thread_id: ThreadId }>('SELECT thread_id FROM message WHERE id = ?', row.source_message_id)
    return {
      id: row.id,
      accountId: row.account_id,
      identityId: row.identity_id,
      draftId: row.draft_id,
      headerMessageId: row.header_message_id,
      subject: row.subject,
      from: { name: row.from_name, address: row.from_address },
      recipients: recipients.get(row.id) ?? [],
      state: row.state,
      heldBy: row.held_by,
      runAt: row.run_at,
      timeZone: row.time_zone,
      scheduled: row.chosen_at !== null,
      createdAt: row.created_at,
      attempts: row.attempts,
      failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
      route: row.route,
      said: row.said,
      sentAt: row.sent_at,
      size: row.size,
      threadId: copy?.thread_id ?? source?.thread_id ?? null,
      messageId: copy?.id ?? null,
    }
  })
}

function owed(db: Reader, rows: readonly Row[]): OwedMail[] {
  const recipients = recipientsOf(db, rows.map((row) => row.id))
  return rows.map((row) => ({
    id: row.id,
    accountId: row.account_id,
    draftId: row.draft_id,
    sourceMessageId: row.source_message_id,
    sourceMark: row.source_mark,
    headerMessageId: row.header_message_id,
    subject: row.subject,
    fromAddress: row.from_address,
    state: row.state,
    heldBy: row.held_by,
    runAt: row.run_at,
    chosenAt: row.chosen_at,
    timeZone: row.time_zone,
    wall: row.wall,
    handoverAt: row.handover_at,
    createdAt: row.created_at,
    attempts: row.attempts,
    ownFaults: row.own_faults,
    deferrals: row.deferrals,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
    route: row.route,
    sentAt: row.sent_at,
    notify: row.notify === 1,
    rawFile: row.raw_file,
    copyFile: row.copy_file,
    passed: row.passed === 1,
    looks: row.looks,
    continued: row.continued === 1,
    lookedAt: row.looked_at,
    appendBegun: row.append_begun === 1,
    recipients: recipients.get(row.id) ?? [],
  }))
}

/** Accounts being removed owe nothing any more. The plus sign: nearly all rows of an account are of mail long sent, so its
 *  index is the worst way to the few that are owed. */
const ofLivingAccount = '+account_id IN (SELECT id FROM account WHERE removing = 0)'

export function insertOutgoing(tx: Tx, mail: NewOutgoing, now: number): OutgoingId {
  const { id } = tx.run(
    `INSERT INTO outgoing (account_id, identity_id, draft_id, source_message_id, source_mark, header_message_id, subject, from_name, from_address,
       state, run_at, chosen_at, time_zone, wall, handover_at, created_at, size, notify, raw_file, copy_file, looks, continued)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    mail.accountId, mail.identityId, mail.draftId, mail.sourceMessageId, mail.sourceMark, mail.headerMessageId, mail.subject, mail.from.name, mail.from.address,
    mail.state, mail.runAt, mail.chosenAt, mail.timeZone, mail.wall, mail.handoverAt, now, mail.size, Number(mail.notify), mail.rawFile, mail.copyFile, Number(mail.lookFirst), Number(mail.continued ?? false),
  )
  for (const [position, one] of mail.recipients.entries()) {
    tx.run('INSERT INTO outgoing_recipient (outgoing_id, position, kind, name, address) VALUES (?, ?, ?, ?, ?)', id, position, one.kind, one.name, one.address)
  }
  tx.touch.topic('outbox')
  return id as OutgoingId
}

export function deleteOutgoing(tx: Tx, id: OutgoingId): void {
  tx.run('DELETE FROM outgoing WHERE id = ?', id)
  tx.touch.topic('outbox')
}

export function getOutgoing(db: Reader, id: OutgoingId): Outgoing | null {
  return outgoing(db, db.all<Row>(`SELECT * FROM outgoing WHERE id = ? AND ${ofLivingAccount}`, id))[0] ?? null
}

export function getOwed(db: Reader, id: OutgoingId): OwedMail | null {
  return owed(db, db.all<Row>(`SELECT * FROM outgoing WHERE id = ? AND ${ofLivingAccount}`, id))[0] ?? null
}

/** Everything that is not done, the earliest first. */
export function allOwed(db: Reader, account?: AccountId): OwedMail[] {
  return owed(
    db,
    account === undefined
      ? db.all<Row>(`SELECT * FROM outgoing WHERE state <> 'sent' AND ${ofLivingAccount} ORDER BY run_at, id`)
      : db.all<Row>(`SELECT * FROM outgoing INDEXED BY outgoing_owed WHERE state <> 'sent' AND account_id = ? AND ${ofLivingAccount} ORDER BY run_at, id`, account),
  )
}

/** Names of all files of frozen mail that something may still be owed of. */
export function frozenFiles(db: Reader): string[] {
  return db
    .all<{ raw_file: string | null; copy_file: string | null }>('SELECT raw_file, copy_file FROM outgoing WHERE raw_file IS NOT NULL OR copy_file IS NOT NULL')
    .flatMap((row) => [row.raw_file, row.copy_file].filter((name) => name !== null))
}

const parts: Readonly<Record<OutboxPart, { where: string; order: string }>> = {
  open: { where: "state <> 'sent' AND state <> 'scheduled'", order: 'id' },
  scheduled: { where: "state <> 'sent' AND state = 'scheduled'", order: 'run_at, id' },
  done: { where: "state = 'sent'", order: 'sent_at DESC, id DESC' },
}

export function listOutgoing(db: Reader, part: OutboxPart, after: string | null, limit: number): { rows: Outgoing[]; next: string | null } {
  const { where, order } = parts[part]
  const skip = after !== null && /^\d{1,9}$/.test(after) ? Number(after) : 0
  const rows = db.all<Row>(`SELECT * FROM outgoing WHERE ${where} AND ${ofLivingAccount} ORDER BY ${order} LIMIT ? OFFSET ?`, limit + 1, skip)
  return { rows: outgoing(db, rows.slice(0, limit)), next: rows.length > limit ? String(skip + limit) : null }
}

export function countOutgoing(db: Reader): { open: number; scheduled: number; needsPerson: number } {
  const rows = db.all<{ state: OutgoingState; failure_kind: string | null; n: number }>(
    `SELECT state, json_extract(failure, '$.kind') AS failure_kind, count(*) AS n FROM outgoing WHERE state <> 'sent' AND ${ofLivingAccount} GROUP BY 1, 2`,
  )
  const sum = (wanted: (row: (typeof rows)[number]) => boolean): number => rows.reduce((all, row) => all + (wanted(row) ? row.n : 0), 0)
  return {
    open: sum((row) => row.state !== 'scheduled'),
    scheduled: sum((row) => row.state === 'scheduled'),
    needsPerson: sum((row) => row.state === 'uncertain' || row.state === 'missed' || row.state === 'refused' || (row.state === 'waiting' && row.failure_kind === 'auth')),
  }
}

/** What is known of the sending of a listed message. */
export function outgoingForMessage(db: Reader, message: MessageId): Outgoing | null {
  const rows = db.all<Row>(
    `SELECT o.* FROM message m JOIN outgoing o ON o.header_message_id = m.header_message_id AND o.account_id = m.account_id WHERE m.id = ?
     UNION
     SELECT o.* FROM placement p JOIN folder f ON f.id = p.folder_id JOIN outgoing o ON o.account_id = f.account_id AND o.sent_remote_id = p.remote_id AND o.sent_folder_remote_id = f.remote_id
     WHERE p.message_id = ?`,
    message, message,
  )
  return outgoing(db, rows)[0] ?? null
}

/** The draft's mail that is on its way, if any. */
export function outgoingOfDraft(db: Reader, draft: DraftId): OutgoingId | null {
  return db.get<{ id: OutgoingId }>("SELECT id FROM outgoing WHERE draft_id = ? AND state <> 'sent' ORDER BY id DESC LIMIT 1", draft)?.id ?? null
}

// ---- the steps

export type Change = {
  readonly state?: OutgoingState
  readonly heldBy?: 'computer' | 'server'
  readonly runAt?: number
  readonly chosenAt?: number | null
  readonly timeZone?: string | null
  readonly wall?: string | null
  readonly handoverAt?: number | null
  readonly attempts?: number
  readonly ownFaults?: number
  readonly deferrals?: number
  readonly failure?: Failure | null
  readonly route?: string
  readonly said?: string | null
  readonly sentAt?: number
  readonly rawFile?: null
  readonly copyFile?: null
  readonly passed?: boolean
  readonly looks?: number
  readonly lookedAt?: number | null
  readonly appendBegun?: boolean
  readonly sentFolderRemoteId?: string
  readonly sentRemoteId?: string | null
}

const columns: Readonly<Record<keyof Change, string>> = {
  state: 'state', heldBy: 'held_by', runAt: 'run_at', chosenAt: 'chosen_at', timeZone: 'time_zone', wall: 'wall', handoverAt: 'handover_at', attempts: 'attempts', ownFaults: 'own_faults', deferrals: 'deferrals',
  failure: 'failure', route: 'route', said: 'said', sentAt: 'sent_at', rawFile: 'raw_file', copyFile: 'copy_file', passed: 'passed', looks: 'looks',
  lookedAt: 'looked_at', appendBegun: 'append_begun', sentFolderRemoteId: 'sent_folder_remote_id', sentRemoteId: 'sent_remote_id',
}

export function changeOutgoing(tx: Tx, id: OutgoingId, change: Change): void {
  const keys = Object.keys(change) as (keyof Change)[]
  const value = (key: keyof Change): string | number | null => {
    const given = change[key]
    if (given === null || given === undefined) return null
    if (typeof given === 'boolean') return Number(given)
    return typeof given === 'object' ? JSON.stringify(given) : given
  }
  tx.run(`UPDATE outgoing SET ${keys.map((key) => `${columns[key]} = ?`).join(', ')} WHERE id = ?`, ...keys.map(value), id)
  tx.touch.topic('outbox')
}

/** Sets the state of the recipients with these addresses, or of all that wait. */
export function markRecipients(tx: Tx, id: OutgoingId, state: OutgoingRecipient['state'], marks: readonly { readonly address: string; readonly said: string | null; readonly status: string | null }[] | 'waiting'): void {
  if (marks === 'waiting') tx.run("UPDATE outgoing_recipient SET state = ?, said = NULL, status = NULL WHERE outgoing_id = ? AND state = 'waiting'", state, id)
  else {
    for (const { address, said, status } of marks) {
      tx.run('UPDATE outgoing_recipient SET state = ?, said = ?, status = ? WHERE outgoing_id = ? AND address = ? COLLATE NOCASE', state, said, status, id, address)
    }
  }
  tx.touch.topic('outbox')
}

/** Recipients the server refused are to be tried once more. */
export function reviveRecipients(tx: Tx, id: OutgoingId): void {
  tx.run("UPDATE outgoing_recipient SET state = 'waiting', said = NULL, status = NULL WHERE outgoing_id = ? AND state = 'refused'", id)
  tx.touch.topic('outbox')
}

// ---- bounces

/** Mail sent from an account that a report names: by its Message-ID, or by the envelope id, which is its beginning. */
export function reportedOutgoing(db: Reader, account: AccountId, headerMessageIds: readonly string[], envelopeId: string | null): OwedMail | null {
  for (const headerMessageId of headerMessageIds) {
    const found = db.all<Row>('SELECT * FROM outgoing WHERE header_message_id = ? AND account_id = ?', headerMessageId, account)
    if (found.length > 0) return owed(db, found)[0] ?? null
  }
  if (envelopeId === null || envelopeId.length < 16) return null
  const found = db.all<Row>('SELECT * FROM outgoing WHERE header_message_id >= ? AND header_message_id < ? AND account_id = ? LIMIT 2', envelopeId, `${envelopeId}\u{10ffff}`, account)
  return found.length === 1 ? (owed(db, found)[0] ?? null) : null
}

/** Whether the last mail to this address came back for good. */
export function bouncedBefore(db: Reader, address: string): boolean {
  const last = db.get<{ at: number | null }>(
    "SELECT max(o.sent_at) AS at FROM outgoing_recipient r JOIN outgoing o ON o.id = r.outgoing_id WHERE r.address = ? AND r.state = 'bounced' AND o.state = 'sent'",
    address,
  )
  if (last?.at == null) return false
  // Few addresses get this far: only what was sent since is looked through.
  return !db.get(
    "SELECT 1 FROM outgoing o CROSS JOIN outgoing_recipient r ON r.outgoing_id = o.id WHERE o.state = 'sent' AND o.sent_at > ? AND r.address = ? LIMIT 1",
    last.at, address,
  )
}

// ---- what was learned of an account's way out

/** Whether the server puts what it sends into Sent by itself; null: not known. */
export function knownToSaveSent(db: Reader, account: AccountId, server: string): boolean | null {
  const row = db.get<{ saves_sent: number | null }>('SELECT saves_sent FROM account_sending WHERE account_id = ? AND server = ?', account, server)
  return row?.saves_sent == null ? null : row.saves_sent === 1
}

export function learnSavesSent(tx: Tx, account: AccountId, server: string, saves: boolean): void {
  tx.run('INSERT OR REPLACE INTO account_sending (account_id, server, saves_sent) VALUES (?, ?, ?)', account, server, Number(saves))
}
