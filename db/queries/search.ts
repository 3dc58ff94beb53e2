// Runs a search. The index's rows carry the message ids, which follow the dates, so the newest matches are found by
// walking it backwards without sorting: a word that half of all mail contains costs no more than a rare one.
import type { SearchHit, SearchPage } from '../../shared/api/contract.ts'
import type { ThreadSource } from '../../shared/api/lists.ts'
import type { FolderId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import type { SearchQuery, SearchTerm } from '../../shared/model/search-query.ts'
import type { Reader, Value } from '../handles.ts'
import { firstIdFrom } from './message-ids.ts'
import { forwardedMessage } from './messages.ts'
import { excerpt, markAll, markedWords } from './search-excerpt.ts'
import { threadRows } from './threads.ts'

function expression(terms: readonly SearchTerm[]): string | null {
  const part = (term: SearchTerm): string =>
    `${term.column === 'any' ? '' : `${term.column} : `}"${term.text.replaceAll('"', '""')}"${term.prefix ? ' *' : ''}`
  const wanted = terms.filter((term) => !term.negated).map(part)
  const unwanted = terms.filter((term) => term.negated).map(part)
  if (wanted.length === 0) return null
  return unwanted.length === 0 ? wanted.join(' AND ') : `(${wanted.join(' AND ')}) NOT (${unwanted.join(' OR ')})`
}

type Hit = { id: MessageId; thread_id: ThreadId; date: number; snippet: string; subject: string }

type Selection = { readonly match: string | null; readonly from: string; readonly id: string; readonly where: string; readonly values: readonly Value[]; readonly ignored: readonly string[] }

/** The SQL of what a query and a source ask for, older than `after`; null when the query asks for nothing. */
function select(db: Reader, query: SearchQuery, source: ThreadSource | null, after: string | null): Selection | { readonly match: null; readonly where: null; readonly ignored: readonly string[] } {
  const match = expression(query.terms)
  const conditions: string[] = []
  const values: Value[] = []
  const where = (condition: string, ...bound: Value[]): void => {
    conditions.push(condition)
    values.push(...bound)
  }

  const ignored = [...query.ignored]
  if (match === null) ignored.push(...query.terms.map((term) => `-${term.text}`))
  const narrowed =
    query.folders.length > 0 || query.accounts.length > 0 || query.hasAttachment !== null || query.unread !== null || query.flagged !== null ||
    query.answered !== null || query.forwarded !== null || query.after !== null || query.before !== null
  if (match === null && !narrowed) return { match: null, where: null, ignored }

  const start = Math.min(after === null ? Number.MAX_SAFE_INTEGER : Number(after) || 0, query.before === null ? Number.MAX_SAFE_INTEGER : firstIdFrom(query.before))
  const id = match === null ? 'm.id' : 's.rowid'
  if (match !== null) where('s.search MATCH ?', match)
  where(`${id} < ?`, start)
  if (query.after !== null) where(`${id} >= ?`, firstIdFrom(query.after))
  where('m.orphaned_at IS NULL')

  if (source === 'inboxes') where("EXISTS (SELECT 1 FROM placement p JOIN folder f ON f.id = p.folder_id WHERE p.message_id = m.id AND f.special = 'inbox')")
  else if (source === 'snoozed') where('EXISTS (SELECT 1 FROM thread t WHERE t.id = m.thread_id AND t.snoozed_until IS NOT NULL)')
  else if (source !== null) where('EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.folder_id = ?)', source)
  if (query.folders.length > 0) {
    const folders = query.folders.flatMap((name) => foldersNamed(db, name))
    where('EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.folder_id IN (SELECT value FROM json_each(?)))', JSON.stringify(folders))
  }
  if (query.accounts.length > 0) {
    const accounts = db
      .all<{ id: string; name: string; address: string }>('SELECT id, name, address FROM account')
      .filter((one) => query.accounts.some((text) => one.name.toLowerCase().includes(text) || one.address.toLowerCase().includes(text)))
      .map((one) => one.id)
    where('m.account_id IN (SELECT value FROM json_each(?))', JSON.stringify(accounts))
  }
  if (query.hasAttachment !== null) where('m.has_attachment = ?', Number(query.hasAttachment))
  if (query.unread !== null) where(`${query.unread ? '' : 'NOT '}EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.seen = 0)`)
  if (query.flagged !== null) where(`${query.flagged ? '' : 'NOT '}EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.flagged = 1)`)
  if (query.answered !== null) where(`${query.answered ? '' : 'NOT '}EXISTS (SELECT 1 FROM placement p WHERE p.message_id = m.id AND p.answered = 1)`)
  if (query.forwarded !== null) where(`${query.forwarded ? '' : 'NOT '}${forwardedMessage}`)
  return { match, id, from: match === null ? 'message m' : 'idx.search s CROSS JOIN message m ON m.id = s.rowid', where: conditions.join(' AND '), values, ignored }
}

/** Threads with a message the query finds, in the order of their newest matches; `next` resumes after these. */
export function searchThreads(db: Reader, query: SearchQuery, source: ThreadSource | null, after: string | null, limit: number): { threads: ThreadId[]; next: string | null } {
  const asked = select(db, query, source, after)
  if (asked.where === null) return { threads: [], next: null }
  const rows = db.all<{ id: MessageId; thread_id: ThreadId }>(`SELECT m.id, m.thread_id FROM ${asked.from} WHERE ${asked.where} ORDER BY ${asked.id} DESC LIMIT ?`, ...asked.values, limit)
  const last = rows.at(-1)
  return { threads: [...new Set(rows.map((row) => row.thread_id))], next: rows.length === limit && last ? String(last.id) : null }
}

export function runSearch(db: Reader, query: SearchQuery, source: ThreadSource | null, after: string | null, limit: number): SearchPage {
  const asked = select(db, query, source, after)
  const uncovered = notCovered(db)
  if (asked.where === null) return { hits: [], next: null, notCovered: uncovered, words: [], ignored: [...asked.ignored] }

  // A conversation is shown once, by its newest match, so more messages are read than conversations shown.
  const readAhead = limit * 2
  const rows = db.all<Hit>(
    `SELECT m.id, m.thread_id, m.date, m.snippet, m.subject FROM ${asked.from} WHERE ${asked.where} ORDER BY ${asked.id} DESC LIMIT ?`,
    ...asked.values, readAhead + 1,
  )
  const seen = new Set<ThreadId>()
  const shown: Hit[] = []
  let next: string | null = null
  let last: MessageId | null = null
  for (const row of rows.slice(0, readAhead)) {
    if (!seen.has(row.thread_id)) {
      if (shown.length === limit) {
        next = String(last)
        break
      }
      seen.add(row.thread_id)
      shown.push(row)
    }
    last = row.id
  }
  if (next === null && rows.length > readAhead && last !== null) next = String(last)

  const threads = new Map(threadRows(db, shown.map((hit) => hit.thread_id)).map((row) => [row.id, row]))
  const wanted = markedWords(query.terms.filter((term) => !term.negated && (term.column === 'any' || term.column === 'subject')))
  const hits = shown.flatMap((hit): SearchHit[] => {
    const row = threads.get(hit.thread_id)
    if (!row) return []
    const body = wanted.length === 0 ? '' : (db.get<{ body: string }>('SELECT body FROM message_text WHERE message_id = ?', hit.id)?.body ?? '')
    const folderId = db.get<{ folder_id: FolderId }>('SELECT folder_id FROM placement WHERE message_id = ? LIMIT 1', hit.id)?.folder_id ?? null
    return [{ ...row, date: hit.date, messageId: hit.id, folderId, excerpt: excerpt(body, wanted) ?? markAll(hit.snippet, wanted), markedSubject: markAll(hit.subject, wanted) }]
  })
  const words = query.terms.filter((term) => !term.negated && term.column !== 'filenames').map((term) => term.text)
  return { hits, next, notCovered: uncovered, words, ignored: [...asked.ignored] }
}

/** Messages a search cannot see: not listed yet, listed without their text, or not indexed yet. */
function notCovered(db: Reader): number {
  const listed = db.get<{ n: number }>('SELECT count(*) AS n FROM message WHERE body_state = 0 AND orphaned_at IS NULL')?.n ?? 0
  const unlisted = db.get<{ n: number | null }>('SELECT sum(to_fetch) AS n FROM folder WHERE removing = 0')?.n ?? 0
  const waiting = db.get<{ n: number }>('SELECT count(DISTINCT q.message_id) AS n FROM index_queue q JOIN message m ON m.id = q.message_id WHERE m.body_state <> 0')?.n ?? 0
  return listed + unlisted + waiting
}

function foldersNamed(db: Reader, text: string): FolderId[] {
  const rows = db.all<{ id: FolderId; name: string; shown_name: string | null; special: string | null }>('SELECT id, name, shown_name, special FROM folder')
  const names = rows.map((row) => ({ id: row.id, special: row.special, names: [row.name, row.shown_name ?? ''].map((name) => name.toLowerCase()) }))
  const exact = names.filter((row) => row.special === text || row.names.includes(text))
  return (exact.length > 0 ? exact : names.filter((row) => row.names.some((name) => name.startsWith(text)))).map((row) => row.id)
}
