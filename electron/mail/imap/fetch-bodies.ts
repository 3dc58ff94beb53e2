// Texts of many messages, the path most bytes take. Sizes are asked for first; then whole sources in portions that are
// large enough to forget the round trip and small enough for memory, the next one travelling while one is stored.
import { MailFailure } from '../../../shared/model/failure.ts'
import type { FetchedBody } from '../mailbox.ts'
import { planSkeleton } from './body-skeleton.ts'
import type { SkeletonPlan } from './body-skeleton.ts'
import { fetchRows } from './fetch-rows.ts'
import { ignore } from './imap-connection.ts'
import type { Connection } from './imap-connection.ts'
import type { Lane } from './lane.ts'
import { ownBytes } from './pull-folder.ts'
import { uidOf, uidsOfIds } from './remote-id.ts'
import { uidSet, uidsOf } from './uid-set.ts'
import type { UidSet } from './uid-set.ts'

const portionCount = 200
/** Bytes in one FETCH: what the line carries in about a second, so that a change of the person's waits no longer than that. */
const portionBytes = { first: 1024 * 1024, least: 128 * 1024, most: 4 * 1024 * 1024, quickMs: 500, slowMs: 2_000 }
/** Sizes of this many messages are asked for at once. */
const sizesAtOnce = 1_000

type Sized = { readonly remoteId: string; readonly size: number }
type Portion = readonly Sized[]

/** How much to ask for at once on this account's line; it learns. */
export type Pace = { bytes: number }
export const newPace = (): Pace => ({ bytes: portionBytes.first })

export type BodyOptions = { readonly signal: AbortSignal; readonly inlineLimit: number }

export async function* fetchBodies(lane: Lane, path: string, remoteIds: readonly string[], { signal, inlineLimit }: BodyOptions, pace: Pace): AsyncGenerator<FetchedBody, void, undefined> {
  for (let at = 0; at < remoteIds.length; at += sizesAtOnce) {
    const some = remoteIds.slice(at, at + sizesAtOnce)
    const sized = await lane.use(signal, (connection) => fetchSizes(connection, path, some))
    let next = 0
    const start = (): Promise<FetchedBody[]> | null => {
      const portion = portionFrom(sized, next, inlineLimit, pace)
      next += portion.length
      if (portion.length === 0) return null
      const fetching = lane.use(signal, (connection) => fetchPortion(connection, path, portion, inlineLimit, pace))
      fetching.catch(ignore)
      return fetching
    }
    let current = start()
    while (current) {
      const bodies: FetchedBody[] = await current
      current = start()
      yield* bodies
    }
  }
}

/** Opens the folder unless it is open. The UIDVALIDITY decides which of the ids still mean something. */
export async function openFolder(connection: Connection, path: string, mode: 'write' | 'read'): Promise<string> {
  const { selected } = connection
  if (selected?.path === path && (mode === 'read' || !selected.readOnly)) return selected.uidValidity
  return (await connection.select(path, mode)).uidValidity
}

async function fetchSizes(connection: Connection, path: string, remoteIds: readonly string[]): Promise<Sized[]> {
  const validity = await openFolder(connection, path, 'read')
  const { rows } = await fetchRows(connection, uidSet(uidsOfIds(remoteIds, validity)), { uid: true, size: true })
  return remoteIds.map((remoteId) => ({ remoteId, size: rows.get(uidOf(remoteId, validity) ?? 0)?.size ?? 0 }))
}

/** At least one message, if there is one left. */
function portionFrom(sized: readonly Sized[], from: number, inlineLimit: number, pace: Pace): Portion {
  let bytes = 0
  let to = from
  for (; to < sized.length && to - from < portionCount; to++) {
    // Of a large message only a part will come.
    bytes += Math.min(sized[to]?.size ?? 0, inlineLimit)
    if (bytes > pace.bytes && to > from) break
  }
  return sized.slice(from, to)
}

type Body = Omit<FetchedBody, 'remoteId'>

async function fetchPortion(connection: Connection, path: string, portion: Portion, inlineLimit: number, pace: Pace): Promise<FetchedBody[]> {
  const startedAt = performance.now()
  const validity = await openFolder(connection, path, 'read')
  const uidOfOne = new Map(portion.map((one) => [one, uidOf(one.remoteId, validity)]))
  const whole = new Map<number, number>()
  const large = new Map<number, number>()
  for (const one of portion) {
    const uid = uidOfOne.get(one) ?? null
    if (uid !== null) (one.size > inlineLimit ? large : whole).set(uid, one.size)
  }
  const bodies = new Map<number, Body>()
  if (large.size > 0) {
    const { skeletons, unfit } = await fetchSkeletons(connection, uidSet(large.keys()), inlineLimit)
    for (const [uid, body] of skeletons) bodies.set(uid, body)
    for (const uid of unfit) whole.set(uid, large.get(uid) ?? 0)
  }
  for (const set of bounded(whole)) {
    const { rows, refused } = await fetchRows(connection, set, { uid: true, source: true })
    for (const [uid, row] of rows) if (row.source) bodies.set(uid, { source: ownBytes(row.source), complete: true })
    // A message the server has and will not hand out is not gone.
    for (const uid of uidsOf(refused)) bodies.set(uid, { source: new Uint8Array(), complete: false })
  }
  const took = performance.now() - startedAt
  if (took > portionBytes.slowMs) pace.bytes = Math.max(portionBytes.least, pace.bytes >> 1)
  else if (took < portionBytes.quickMs) pace.bytes = Math.min(portionBytes.most, pace.bytes * 2)
  return portion.map((one) => {
    const uid = uidOfOne.get(one) ?? null
    return { remoteId: one.remoteId, ...((uid === null ? undefined : bodies.get(uid)) ?? { source: null, complete: false }) }
  })
}

/** Sets whose sources together are not much more than a portion. */
function bounded(sizes: ReadonlyMap<number, number>): readonly UidSet[] {
  const groups: number[][] = []
  let bytes = 0
  for (const [uid, size] of sizes) {
    const last = groups.at(-1)
    if (!last || bytes + size > portionBytes.most) {
      groups.push([uid])
      bytes = size
    } else {
      last.push(uid)
      bytes += size
    }
  }
  return groups.map(uidSet)
}

/** Large messages without their large attachments; `unfit` are those to be fetched whole. A message in neither is gone. */
async function fetchSkeletons(connection: Connection, uids: UidSet, inlineLimit: number): Promise<{ skeletons: Map<number, Body>; unfit: number[] }> {
  const skeletons = new Map<number, Body>()
  const { rows, refused } = await fetchRows(connection, uids, { uid: true, bodyStructure: true, headers: true })
  const unfit = [...uidsOf(refused)]
  // Most mail is built alike: messages with the same parts are asked for in one command.
  const alike = new Map<string, { readonly parts: SkeletonPlan['parts']; readonly plans: Map<number, { plan: SkeletonPlan; headers: Uint8Array }> }>()
  for (const [uid, { bodyStructure, headers }] of rows) {
    const plan = bodyStructure && headers ? planSkeleton(bodyStructure, inlineLimit) : null
    if (!plan || !headers) {
      unfit.push(uid)
      continue
    }
    const key = JSON.stringify(plan.parts)
    const group = alike.get(key) ?? { parts: plan.parts, plans: new Map() }
    alike.set(key, group)
    group.plans.set(uid, { plan, headers })
  }
  for (const { parts, plans } of alike.values()) {
    const fetched = parts.length === 0 ? null : (await fetchRows(connection, uidSet(plans.keys()), { uid: true, bodyParts: [...parts] })).rows
    for (const [uid, { plan, headers }] of plans) {
      const sections = fetched === null ? new Map<string, Buffer>() : fetched.get(uid)?.bodyParts
      const source = sections ? plan.assemble(headers, sections) : null
      if (source) skeletons.set(uid, { source, complete: false, omitted: plan.omitted })
      else unfit.push(uid)
    }
  }
  return { skeletons, unfit }
}

/** The source as the server has it. */
export async function fetchSource(connection: Connection, path: string, remoteId: string): Promise<Uint8Array> {
  const validity = await openFolder(connection, path, 'read')
  const uid = uidOf(remoteId, validity)
  if (uid === null) throw new MailFailure('gone', 'message-gone')
  const { rows, refused } = await fetchRows(connection, uidSet([uid]), { uid: true, source: true })
  const source = rows.get(uid)?.source
  if (source) return ownBytes(source)
  if (refused.length > 0) throw new MailFailure('rejected', 'message-refused')
  throw new MailFailure('gone', 'message-gone')
}
