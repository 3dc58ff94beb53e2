// Reading the correspondents for completion. A whole table is read in slices, in the order of its key.
import type { AccountId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'

export type CorrespondentRow = {
  readonly accountId: AccountId
  /** Lower case. */
  readonly address: string
  readonly name: string
  readonly sent: number
  readonly received: number
  readonly lastAt: number
  readonly utcOffset: number | null
  readonly forgotten: boolean
}

type Row = Omit<CorrespondentRow, 'forgotten'> & { readonly forgotten: number }

const columns = 'account_id AS accountId, address, name, sent, received, last_at AS lastAt, utc_offset AS utcOffset, forgotten'
const correspondent = (row: Row): CorrespondentRow => ({ ...row, forgotten: row.forgotten !== 0 })

/** The next ones after a place in the table; from the beginning with empty texts. */
export function correspondentsAfter(db: Reader, account: string, address: string, limit: number): CorrespondentRow[] {
  return db.all<Row>(`SELECT ${columns} FROM correspondent WHERE (account_id, address) > (?, ?) ORDER BY account_id, address LIMIT ?`, account, address, limit).map(correspondent)
}

/** Those heard from or written to since an instant. */
export function correspondentsSince(db: Reader, at: number, limit: number): CorrespondentRow[] {
  return db.all<Row>(`SELECT ${columns} FROM correspondent WHERE last_at >= ? LIMIT ?`, at, limit).map(correspondent)
}

export function countCorrespondents(db: Reader): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM correspondent')?.n ?? 0
}

/** Not suggested again until they are written to after this instant. */
export function forgetCorrespondent(tx: Tx, address: string, now: number): void {
  tx.run('UPDATE correspondent SET forgotten = ? WHERE address = ?', now, address.toLowerCase())
}

/** The largest message an account's server takes, as it said last. */
export function sizeLimitOf(db: Reader, account: AccountId): { readonly bytes: number | null; readonly askedAt: number } | null {
  return db.get<{ bytes: number | null; askedAt: number }>('SELECT bytes, asked_at AS askedAt FROM size_limit WHERE account_id = ?', account) ?? null
}

export function noteSizeLimit(tx: Tx, account: AccountId, bytes: number | null, now: number): void {
  tx.run('INSERT OR REPLACE INTO size_limit (account_id, bytes, asked_at) VALUES (?, ?, ?)', account, bytes, now)
}
