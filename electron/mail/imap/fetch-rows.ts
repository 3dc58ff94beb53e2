// Fetching messages by UID. A FETCH may bring less than asked (messages expunged meanwhile), more (flag changes nobody asked
// for), in any order, one message in several rows, or end in a refusal because of a single message the server cannot read.
import type { FetchMessageObject, FetchQueryObject } from 'imapflow'
import { failureOf } from '../../../shared/model/failure.ts'
import type { RemoteFlags } from '../mailbox.ts'
import { breather } from './breather.ts'
import { existingUids } from './folder-search.ts'
import type { Connection } from './imap-connection.ts'
import { commandSized, countOf, formatUidSet, hasUid, subtract, uidSet, union } from './uid-set.ts'
import type { UidSet } from './uid-set.ts'

export type Row = Pick<FetchMessageObject, 'uid' | 'flags' | 'internalDate' | 'size' | 'headers' | 'source' | 'bodyStructure' | 'bodyParts'>

export type Rows = {
  readonly rows: ReadonlyMap<number, Row>
  /** Messages the server refuses to hand out although it has them. */
  readonly refused: UidSet
}

export async function fetchRows(connection: Connection, uids: UidSet, query: FetchQueryObject): Promise<Rows> {
  const rows = new Map<number, Row>()
  const breathe = breather()
  let refused: UidSet = []
  const fetchPart = async (part: UidSet): Promise<void> => {
    if (part.length === 0) return
    try {
      await connection.run(async (client) => {
        for await (const row of client.fetch(formatUidSet(part), { ...query, uid: true }, { uid: true })) {
          // Anything else is somebody's flag change, told in passing.
          if (row.uid && hasUid(part, row.uid)) rows.set(row.uid, merge(rows.get(row.uid), row))
          await breathe()
        }
      })
    } catch (error) {
      const failure = failureOf(error)
      if (failure.kind !== 'rejected' || connection.closed) throw failure
      // Exchange answers BAD or NO for a whole FETCH because of one broken item. Find it by halves.
      const missing = subtract(part, uidSet(rows.keys()))
      if (countOf(missing) <= 1) {
        refused = union(refused, missing)
        return
      }
      const [first, second] = halves(missing)
      await fetchPart(first)
      await fetchPart(second)
    }
  }
  for (const part of commandSized(uids)) await fetchPart(part)
  const missing = (): UidSet => subtract(subtract(uids, uidSet(rows.keys())), refused)
  if (missing().length === 0) return { rows, refused }
  // Gone meanwhile, or an answer that could not be read. The server is asked for the truth, and then once more.
  await connection.run((client) => client.noop())
  for (const part of commandSized(await existingUids(connection, missing()))) await fetchPart(part)
  refused = union(refused, await existingUids(connection, missing()))
  return { rows, refused }
}

function merge(known: Row | undefined, row: Row): Row {
  if (!known) return row
  return {
    uid: row.uid,
    flags: row.flags ?? known.flags,
    internalDate: row.internalDate ?? known.internalDate,
    size: row.size ?? known.size,
    headers: row.headers ?? known.headers,
    source: row.source ?? known.source,
    bodyStructure: row.bodyStructure ?? known.bodyStructure,
    bodyParts: known.bodyParts && row.bodyParts ? new Map([...known.bodyParts, ...row.bodyParts]) : (row.bodyParts ?? known.bodyParts),
  }
}

function halves(set: UidSet): readonly [UidSet, UidSet] {
  const middle = Math.ceil(countOf(set) / 2)
  const first: [number, number][] = []
  let left = middle
  for (const [from, to] of set) {
    if (left <= 0) break
    const end = Math.min(to, from + left - 1)
    first.push([from, end])
    left -= end - from + 1
  }
  return [first, subtract(set, first)]
}

export function flagsOf(flags: Iterable<string> | undefined): RemoteFlags {
  const keywords: string[] = []
  const is = { seen: false, flagged: false, answered: false, draft: false }
  for (const flag of flags ?? []) {
    switch (flag.toLowerCase()) {
      case '\\seen':
        is.seen = true
        break
      case '\\flagged':
        is.flagged = true
        break
      case '\\answered':
        is.answered = true
        break
      case '\\draft':
        is.draft = true
        break
      case '\\recent':
      case '\\deleted':
        break
      default:
        keywords.push(flag)
    }
  }
  return { ...is, keywords: keywords.sort() }
}
