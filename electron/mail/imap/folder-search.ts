// Asking a selected folder for UIDs.
import { MailFailure } from '../../../shared/model/failure.ts'
import { breather } from './breather.ts'
import type { Connection } from './imap-connection.ts'
import { countOf, emptySet, intersect, parseUidSet, subtract, uidRange, uidSet, union } from './uid-set.ts'
import type { UidSet } from './uid-set.ts'

/** How many UIDs one reply should carry at most: it is parsed in one go, and a screen must not wait for that. */
const replyUids = 4_000
const firstSpan = 20_000
export const highestUid = 0xffff_ffff

/** The UIDs that exist within `wanted`. */
export async function existingUids(connection: Connection, wanted: UidSet): Promise<UidSet> {
  if (connection.exists() === 0 || wanted.length === 0) return emptySet
  let found: UidSet = emptySet
  let left = wanted
  let span = firstSpan
  while (left.length > 0) {
    const lowest = left[0]?.[0] ?? 1
    const window = intersect(left, uidRange(lowest, lowest + span - 1))
    left = subtract(left, window)
    const { uids, replied } = await searchRange(connection, window)
    found = union(found, uids)
    if (replied > replyUids) span = Math.max(1_000, span >> 1)
    else if (replied < replyUids / 4) span = Math.min(0x7fff_ffff, span * 4)
  }
  return found
}

async function searchRange(connection: Connection, window: UidSet): Promise<{ uids: UidSet; replied: number }> {
  const from = window[0]?.[0] ?? 1
  const to = window.at(-1)?.[1] ?? from
  const answer = await connection.must((client) => client.search({ uid: `${String(from)}:${String(to)}` }, { uid: true, returnOptions: ['ALL'] }))
  const uids = Array.isArray(answer) ? uidSet(answer) : parseUidSet(answer.all ?? '')
  return { uids: intersect(uids, window), replied: Array.isArray(answer) ? answer.length : countRanges(answer.all ?? '') }
}

function countRanges(text: string): number {
  return text === '' ? 0 : text.split(',').length
}

/**
 * Every UID of the selected folder. What is missing here will be taken for removed, so the answer must agree with the number of
 * messages; where SEARCH does not, the messages themselves are counted.
 */
export async function allUids(connection: Connection): Promise<UidSet> {
  const before = connection.exists()
  const found = await existingUids(connection, uidRange(1, highestUid))
  const least = Math.min(before, connection.exists())
  if (countOf(found) >= least) return found
  const seen: number[] = []
  const breathe = breather()
  await connection.run(async (client) => {
    for await (const row of client.fetch('1:*', { uid: true })) {
      if (row.uid) seen.push(row.uid)
      await breathe()
    }
  })
  const counted = uidSet(seen)
  if (countOf(counted) >= Math.min(least, connection.exists()) || countOf(subtract(counted, found)) === 0) return counted
  const failure = new MailFailure('offline', 'garbled')
  connection.close(failure)
  throw failure
}

/** UIDs above `uid`, for what arrived since. */
export async function uidsAbove(connection: Connection, uid: number): Promise<UidSet> {
  if (connection.exists() === 0) return emptySet
  const answer = await connection.must((client) => client.search({ uid: `${String(uid + 1)}:*` }, { uid: true, returnOptions: ['ALL'] }))
  const uids = Array.isArray(answer) ? uidSet(answer) : parseUidSet(answer.all ?? '')
  // `n:*` always includes the last message, however low its UID.
  return subtract(uids, uidRange(1, uid))
}

