// Works out the lane of a thread from who wrote it: a person's rule first, then a list or a machine, then the address book.
// The lane is part of the thread's derived summary (thread-summary.ts); here is how it is decided, and the rules.
import type { Lane, LaneReason, LaneRule, LaneRuleKind } from '../../shared/model/lane.ts'
import type { LaneRuleId, ThreadId } from '../../shared/model/ids.ts'
import { isFreeMail } from '../../shared/model/free-mail.ts'
import type { Reader, Tx } from '../handles.ts'
import { domainOf, isOwnAddress, lanesDueForSender } from './correspondents.ts'

/** Whose mail the thread is taken for. */
export type Sender = { readonly address: string; readonly listId: string | null; readonly automatic: boolean }

type SenderLine = Sender & { readonly own: boolean }

/** The newest person who wrote, or else the newest list or machine; null when all of it is our own. Lines are oldest first. */
export function decidingSender(lines: readonly SenderLine[]): Sender | null {
  return lines.findLast((line) => !line.own && !line.automatic && line.listId === null) ?? lines.findLast((line) => !line.own) ?? null
}

type RuleRow = { id: LaneRuleId; kind: LaneRuleKind; value: string; lane: Lane; created_at: number }
const rule = (row: RuleRow): LaneRule => ({ id: row.id, kind: row.kind, value: row.value, lane: row.lane, createdAt: row.created_at })

function ruleFor(db: Reader, kind: LaneRuleKind, value: string | null): LaneRule | null {
  if (value === null) return null
  const row = db.get<RuleRow>('SELECT * FROM lane_rule WHERE kind = ? AND value = ?', kind, value)
  return row ? rule(row) : null
}

export function scopesOf(sender: Sender): LaneReason['scopes'] {
  const address = sender.address.toLowerCase()
  const whole = address.includes('@')
  return { address: whole ? address : null, domain: whole ? domainOf(address) : null, list: sender.listId?.toLowerCase() ?? null }
}

export function laneReason(db: Reader, sender: Sender | null): LaneReason {
  if (!sender) return { lane: 'unknown', why: 'never-written-to', value: '', rule: null, scopes: { address: null, domain: null, list: null } }
  const scopes = scopesOf(sender)
  const reason = (lane: Lane, why: LaneReason['why'], value: string | null, by: LaneRule | null = null): LaneReason => ({ lane, why, value: value ?? '', rule: by, scopes })
  const by = ruleFor(db, 'address', scopes.address) ?? ruleFor(db, 'domain', scopes.domain) ?? ruleFor(db, 'list', scopes.list)
  if (by) return reason(by.lane, 'rule', by.value, by)
  if (scopes.list !== null) return reason('bulk', 'list-id', scopes.list)
  if (sender.automatic) return reason('bulk', 'automatic', scopes.address)
  if (scopes.address !== null && scopes.domain !== null) {
    if (!isFreeMail(scopes.domain)) {
      if (db.get('SELECT 1 FROM correspondent WHERE domain = ? AND sent > 0', scopes.domain)) return reason('clients', 'written-to-company', scopes.domain)
    } else if (db.get('SELECT 1 FROM correspondent WHERE address = ? AND sent > 0', scopes.address)) return reason('candidates', 'written-to-person', scopes.address)
  }
  return reason('unknown', 'never-written-to', scopes.address)
}

/** Null when the thread is gone. */
export function whyLane(db: Reader, thread: ThreadId): LaneReason | null {
  if (!db.get('SELECT 1 FROM thread WHERE id = ?', thread)) return null
  return laneReason(db, senderOfThread(db, thread))
}

export function senderOfThread(db: Reader, thread: ThreadId): Sender | null {
  const rows = db.all<{ from_address: string; list_id: string | null; automatic: number; sent: number }>(
    `SELECT m.from_address, m.list_id, m.automatic,
       EXISTS (SELECT 1 FROM placement p JOIN folder f ON f.id = p.folder_id WHERE p.message_id = m.id AND f.special IN ('sent', 'drafts')) AS sent
     FROM message m WHERE m.thread_id = ? AND m.orphaned_at IS NULL ORDER BY m.id`,
    thread,
  )
  return decidingSender(rows.map((row) => ({ address: row.from_address, listId: row.list_id, automatic: row.automatic === 1, own: row.sent === 1 || isOwnAddress(db, row.from_address) })))
}

export function listLaneRules(db: Reader): LaneRule[] {
  return db.all<RuleRow>('SELECT * FROM lane_rule ORDER BY created_at DESC, id DESC').map(rule)
}

/** Makes, changes or (null) removes the rule for one value, and has the lanes worked out again that it may change. Gives
 *  the lane it named before. */
export function setLaneRule(tx: Tx, kind: LaneRuleKind, value: string, lane: Lane | null, now: number): Lane | null {
  const before = ruleFor(tx, kind, value)?.lane ?? null
  if (before === lane) return before
  if (lane === null) tx.run('DELETE FROM lane_rule WHERE kind = ? AND value = ?', kind, value)
  else tx.run('INSERT INTO lane_rule (kind, value, lane, created_at) VALUES (?, ?, ?, ?) ON CONFLICT (kind, value) DO UPDATE SET lane = excluded.lane, created_at = excluded.created_at', kind, value, lane, now)
  switch (kind) {
    case 'address':
      lanesDueForSender(tx, domainOf(value), value)
      break
    case 'domain':
      lanesDueForSender(tx, value, null)
      break
    case 'list':
      tx.run('INSERT OR IGNORE INTO lane_due SELECT DISTINCT thread_id FROM message WHERE list_id IS NOT NULL AND lower(list_id) = ?', value)
      break
  }
  tx.touch.topic('lanes')
  return before
}

export function getLaneRule(db: Reader, id: LaneRuleId): LaneRule | null {
  const row = db.get<RuleRow>('SELECT * FROM lane_rule WHERE id = ?', id)
  return row ? rule(row) : null
}

/** Threads whose lane is to be worked out again. */
export function lanesDue(db: Reader, limit: number): ThreadId[] {
  return db.all<{ thread_id: ThreadId }>('SELECT thread_id FROM lane_due LIMIT ?', limit).map((row) => row.thread_id)
}

export function settleLane(tx: Tx, thread: ThreadId): void {
  tx.run('DELETE FROM lane_due WHERE thread_id = ?', thread)
  tx.touch.thread(thread)
}
