// Lists one folder: what arrived, what changed, what is gone, then older messages page by page, newest first. Everything a
// restart needs is in the cursor of the page last stored, so stopping after any page loses and repeats nothing.
// A cursor's modification sequence only moves on with the page that carries the last change up to it: a flag changed
// while older mail is being listed is told by the next round. New mail does not wait for old mail: between two
// portions of old mail the server's hints are looked at.
import { MailFailure, failureOf } from '../../../shared/model/failure.ts'
import type { ListedMessage, PullOptions, PullPage, RemoteFlags } from '../mailbox.ts'
import { attachmentByHeaders } from './attachment-hint.ts'
import { breather } from './breather.ts'
import { fetchRows, flagsOf } from './fetch-rows.ts'
import type { Row, Rows } from './fetch-rows.ts'
import { allUids, existingUids, highestUid, uidsAbove } from './folder-search.ts'
import { ignore } from './imap-connection.ts'
import type { Connection, SelectedFolder } from './imap-connection.ts'
import { throwIfAborted } from './imap-failure.ts'
import type { Lane } from './lane.ts'
import { readCursor, writeCursor } from './pull-cursor.ts'
import type { PullCursor } from './pull-cursor.ts'
import { remoteIdOf, remoteIdsOf, uidOf, uidsOfIds } from './remote-id.ts'
import { countOf, emptySet, hasUid, highestOf, intersect, lowestOf, newest, subtract, uidRange, uidSet, uidsOf, union } from './uid-set.ts'
import type { UidSet } from './uid-set.ts'

/** The first page is small, so that something can be seen at once. */
const firstPage = 50
/** Messages asked for in one FETCH: as many as the connection brings in about a second. */
const portions = { first: 200, least: 50, most: 2_000, quickMs: 500, slowMs: 2_000 }
/** Without modification sequences, flags of this many of the newest messages are compared in each pull. */
const flagWindow = 2_000
const flagsInAPage = 2_000
const removedInAPage = 5_000
/** A folder that changes under our eyes again and again is left for the next pull after this many rounds. */
const mostRounds = 5

/** Flags as told last, for servers that cannot say which changed. Only good for the cursor it was told with. */
export type FlagMemory = Map<string, { turn: string; readonly flags: Map<number, string> }>

const listQuery = { uid: true, flags: true, internalDate: true, size: true, headers: true } as const
const processName = Math.random().toString(36).slice(2, 10)
let turns = 0

type Portion = { readonly asked: UidSet; readonly found: Rows }

export async function* pullFolder(lane: Lane, path: string, cursorText: string | null, options: PullOptions, memory: FlagMemory): AsyncGenerator<PullPage, void, undefined> {
  const { signal } = options
  const pageSize = Math.max(1, options.pageSize)
  let cursor = cursorText === null ? null : readCursor(cursorText)
  if (cursorText !== null && cursor === null) throw new MailFailure('cursor-lost', 'cursor-unreadable')
  let total = 0
  let pending: UidSet = cursor?.pending ?? emptySet
  /** Members of `pending` that exist; null until looked up. */
  let unlisted: UidSet | null = pending.length === 0 ? emptySet : null
  let portionSize = portions.first
  /** The server spoke of changes since the folder was last opened. */
  const hints = { restless: false }
  const isRestless = (): boolean => hints.restless
  let pages = 0
  let rememberedFlags = remembered(memory, path, cursor?.turn)

  const state = (): PullCursor => {
    if (!cursor) throw new MailFailure('bug', 'no-cursor')
    return cursor
  }

  /** Makes a page; what it changes in `cursor` is what the caller has once it stored it. */
  const page = (part: { added?: readonly ListedMessage[]; flagged?: PullPage['flagged']; removed?: readonly number[]; modseq?: string | null; stale?: readonly string[] }): PullPage => {
    const { added = [], flagged = [], removed = [], stale = [] } = part
    const before = state()
    const validity = before.uidValidity
    const next: PullCursor = {
      ...before,
      pending: pending.map(([from, to]) => [from, to]),
      modseq: part.modseq === undefined ? before.modseq : part.modseq,
      held: before.held === null ? null : before.held + added.length,
      turn: `${processName}.${String(++turns)}`,
    }
    cursor = next
    if (rememberedFlags) {
      memory.set(path, { turn: next.turn, flags: rememberedFlags })
      for (const one of added) remember(rememberedFlags, Number.parseInt(one.remoteId, 10), one.flags)
      for (const uid of removed) rememberedFlags.delete(uid)
    }
    pages++
    const toFetch = unlisted === null ? Math.max(0, total - (next.held ?? 0)) : countOf(unlisted)
    return { added, flagged, removed: [...remoteIdsOf(removed, validity), ...stale], cursor: writeCursor(next), total, toFetch }
  }

  const listed = (row: Row, validity: string): ListedMessage => {
    const headers = row.headers ? ownBytes(row.headers) : new Uint8Array()
    return {
      remoteId: remoteIdOf(row.uid, validity),
      flags: flagsOf(row.flags),
      receivedAt: row.internalDate instanceof Date ? row.internalDate.getTime() : null,
      size: row.size ?? headers.byteLength,
      headers,
      hasAttachment: attachmentByHeaders(headers),
    }
  }

  /** Rows newest first, with a stand-in for each message the server will not show, so that it is counted all the same. */
  const newestFirst = ({ rows, refused }: Rows): Row[] => [...rows.values(), ...[...uidsOf(refused)].map((uid): Row => ({ uid }))].sort((a, b) => b.uid - a.uid)

  /** The messages of a portion, in pages; the last of them also settles what was asked for and is gone. */
  function* pagesOf({ asked, found }: Portion): Generator<PullPage> {
    const messages = newestFirst(found)
    const { uidValidity } = state()
    total = Math.max(0, total - (countOf(asked) - messages.length))
    const lowest = lowestOf(asked) ?? 1
    for (let at = 0; at < messages.length || at === 0; at += pageSize) {
      const slice = messages.slice(at, at + pageSize)
      const last = at + pageSize >= messages.length
      const below = last ? lowest : (slice.at(-1)?.uid ?? lowest)
      pending = intersect(pending, uidRange(1, below - 1))
      if (unlisted) unlisted = intersect(unlisted, uidRange(1, below - 1))
      yield page({ added: slice.map((row) => listed(row, uidValidity)) })
    }
  }

  const opened = (selected: SelectedFolder): SelectedFolder => {
    if (cursor && selected.uidValidity !== cursor.uidValidity) throw new MailFailure('cursor-lost', 'numbered-anew')
    // UIDs never go backwards. A server that was restored from a backup numbers new mail with old numbers.
    if (cursor && selected.uidNext !== null && selected.uidNext <= cursor.high) throw new MailFailure('cursor-lost', 'numbered-backwards')
    return selected
  }

  const ensureOpen = async (connection: Connection): Promise<void> => {
    if (connection.selected?.path === path && connection.selected.uidValidity === state().uidValidity) return
    opened(await connection.select(path, 'write'))
    // Whatever was said about the folder while it was not selected was said to nobody.
    hints.restless = true
  }

  /** Nothing where the server refuses one of them; they are then found one by one, as older mail is. */
  const newestRows = async (connection: Connection, first: number, last: number): Promise<Map<number, Row>> => {
    const rows = new Map<number, Row>()
    if (first > last) return rows
    try {
      await connection.run(async (client) => {
        for await (const row of client.fetch(`${String(first)}:${String(last)}`, listQuery)) {
          if (row.uid && row.seq >= first && row.seq <= last) rows.set(row.uid, { ...rows.get(row.uid), ...row })
        }
      })
      return rows
    } catch (error) {
      if (failureOf(error).kind !== 'rejected' || connection.closed) throw error
      return new Map()
    }
  }

  /** The very first look: the newest few by sequence number, which needs no search. */
  const beginFresh = async (connection: Connection, selected: SelectedFolder): Promise<PullPage> => {
    const wanted = Math.min(firstPage, pageSize, selected.exists)
    const first = selected.exists - wanted + 1
    const rows = await newestRows(connection, first, selected.exists)
    const uids = uidSet(rows.keys())
    const lowest = lowestOf(uids)
    const top = selected.uidNext === null ? highestUid : selected.uidNext - 1
    cursor = {
      v: 1,
      uidValidity: selected.uidValidity,
      high: highestOf(uids) ?? (wanted === 0 ? 0 : top),
      pending: [],
      modseq: selected.highestModseq === null ? null : String(selected.highestModseq),
      held: 0,
      turn: '',
    }
    if (rows.size < wanted) {
      // Gone meanwhile, refused or unreadable: looked for with the older ones.
      cursor = { ...cursor, high: top }
      pending = subtract(uidRange(1, top), uids)
    } else if (first > 1 && lowest !== null) pending = uidRange(1, lowest - 1)
    unlisted = pending.length === 0 ? emptySet : null
    if (selected.highestModseq === null) rememberedFlags = new Map()
    return page({ added: newestFirst({ rows, refused: emptySet }).map((row) => listed(row, selected.uidValidity)) })
  }

  /** What arrived above the highest UID known. */
  const arrivals = async (connection: Connection, selected: SelectedFolder): Promise<Portion | null> => {
    const { high, held } = state()
    if (pending.length > 0 && unlisted === null && held === null) unlisted = await existingUids(connection, pending)
    if (selected.exists === 0 || (selected.uidNext !== null && selected.uidNext - 1 <= high)) return null
    const arrived = await uidsAbove(connection, high)
    const top = highestOf(arrived)
    if (top === null) return null
    pending = union(pending, arrived)
    if (unlisted) unlisted = union(unlisted, arrived)
    cursor = { ...state(), high: top }
    const asked = newest(arrived, Math.min(firstPage, pageSize))
    return { asked, found: await fetchRows(connection, asked, listQuery) }
  }

  type Changes = {
    readonly flagged: readonly (readonly [number, RemoteFlags])[]
    readonly removed: readonly number[]
    /** Ids from another numbering that the caller still holds. */
    readonly stale: readonly string[]
    readonly held: number | null
    readonly modseq: string | null
  }

  /** What happened to messages listed before, which all have UIDs up to `high`. */
  const changes = async (connection: Connection, selected: SelectedFolder, high: number, firstRound: boolean): Promise<Changes> => {
    const before = state()
    const thorough = firstRound && options.thorough === true
    const now = selected.highestModseq
    const since = before.modseq === null ? null : BigInt(before.modseq)
    const modseq = now === null ? null : String(now)
    const oldListed = subtract(uidRange(1, high), pending)
    const flagged: [number, RemoteFlags][] = []
    const vanished: number[] = []
    const breathe = breather()
    let removalsTold = false

    const continuous = now !== null && since !== null && since > 0n && now >= since
    if (continuous) {
      removalsTold = connection.qresync
      if (now > since && oldListed.length > 0) {
        await connection.run(async (client) => {
          const onExpunge = (event: { uid?: number | undefined }): void => {
            if (event.uid) vanished.push(event.uid)
          }
          client.on('expunge', onExpunge)
          try {
            for await (const row of client.fetch(`1:${String(high)}`, { uid: true, flags: true }, { uid: true, changedSince: since })) {
              if (row.uid && row.flags && hasUid(oldListed, row.uid)) flagged.push([row.uid, flagsOf(row.flags)])
              await breathe()
            }
          } finally {
            client.off('expunge', onExpunge)
          }
        })
      }
    } else if (firstRound && oldListed.length > 0 && selected.exists > 0) {
      // With modification sequences that appeared, went away or went backwards, anything may have changed.
      const wanted = thorough || now !== null || since !== null ? oldListed : null
      await flagsByLooking(connection, selected, wanted, oldListed, flagged)
    }

    if (removalsTold && !thorough) {
      const gone = uidSet(vanished)
      let told = intersect(gone, oldListed)
      // A server that lost its record of expunged messages names every number that is not in use.
      if (countOf(told) > removedInAPage) told = intersect(told, uidSet(uidsOfIds(options.known(), before.uidValidity)))
      if (unlisted) unlisted = subtract(unlisted, gone)
      return { flagged, removed: [...uidsOf(told)], stale: [], held: told.length > 0 ? null : before.held, modseq }
    }
    return { flagged, modseq, ...(await removals(connection, selected, thorough || (now !== null && since !== null && now < since))) }
  }

  /** Without help from the server: as many as we expect means all are there; else all UIDs are compared. */
  const removals = async (connection: Connection, selected: SelectedFolder, compare: boolean): Promise<Pick<Changes, 'removed' | 'stale' | 'held'>> => {
    const { held, uidValidity } = state()
    if (pending.length > 0 && unlisted === null) unlisted = await existingUids(connection, pending)
    const expected = held === null ? null : held + countOf(unlisted ?? emptySet)
    if (!compare && expected === selected.exists) return { removed: [], stale: [], held }
    const listedUpTo = uidRange(1, state().high)
    const there = intersect(await allUids(connection), listedUpTo)
    const knownIds = options.known()
    const known = uidSet(uidsOfIds(knownIds, uidValidity))
    const stale = countOf(known) === knownIds.length ? [] : knownIds.filter((id) => uidOf(id, uidValidity) === null)
    // On the server, not with the caller and not waiting to be listed: lost once, found again.
    const lost = subtract(subtract(there, known), pending)
    pending = union(pending, lost)
    unlisted = union(intersect(unlisted ?? emptySet, there), lost)
    return { removed: [...uidsOf(subtract(known, there))], stale, held: countOf(intersect(known, there)) }
  }

  /** Flags of `wanted`, or of the newest messages; only what differs from what was told before. */
  const flagsByLooking = async (connection: Connection, selected: SelectedFolder, wanted: UidSet | null, oldListed: UidSet, into: [number, RemoteFlags][]): Promise<void> => {
    const told = rememberedFlags ?? new Map<number, string>()
    if (selected.highestModseq === null) rememberedFlags = told
    const take = (rows: Iterable<Row>): void => {
      for (const row of rows) {
        if (!row.flags || !hasUid(oldListed, row.uid)) continue
        const flags = flagsOf(row.flags)
        if (remember(told, row.uid, flags)) into.push([row.uid, flags])
      }
    }
    if (wanted === null) {
      const rows: Row[] = []
      await connection.run(async (client) => {
        const from = Math.max(1, selected.exists - flagWindow + 1)
        const breathe = breather()
        for await (const row of client.fetch(`${String(from)}:*`, { uid: true, flags: true })) {
          if (row.uid) rows.push(row)
          await breathe()
        }
      })
      take(rows)
      return
    }
    let left = await existingUids(connection, wanted)
    while (left.length > 0) {
      throwIfAborted(signal)
      const part = newest(left, 5_000)
      left = subtract(left, part)
      take((await fetchRows(connection, part, { uid: true, flags: true })).rows.values())
    }
  }

  function* pagesOfChanges(told: Changes): Generator<PullPage> {
    const { flagged, removed, stale, modseq } = told
    const unchanged = flagged.length === 0 && removed.length === 0 && stale.length === 0
    if (unchanged && modseq === state().modseq && told.held === state().held && pages > 0) return
    for (let at = 0, first = true; first || at * flagsInAPage < flagged.length || at * removedInAPage < removed.length; at++, first = false) {
      const last = (at + 1) * flagsInAPage >= flagged.length && (at + 1) * removedInAPage >= removed.length
      // Until the last page is stored the next pull must look again; `held` is then only known again after a comparison.
      cursor = { ...state(), held: last ? told.held : null }
      const validity = state().uidValidity
      yield page({
        flagged: flagged.slice(at * flagsInAPage, (at + 1) * flagsInAPage).map(([uid, flags]) => ({ remoteId: remoteIdOf(uid, validity), flags })),
        removed: removed.slice(at * removedInAPage, (at + 1) * removedInAPage),
        stale: last ? stale : [],
        ...(last ? { modseq } : {}),
      })
    }
  }

  let ahead: Promise<Portion> | null = null
  const startPortion = (rest: UidSet): { asked: UidSet; portion: Promise<Portion> } => {
    const asked = newest(rest, portionSize)
    const portion = lane.use(signal, async (connection): Promise<Portion> => {
      await ensureOpen(connection)
      const startedAt = performance.now()
      const found = await fetchRows(connection, asked, listQuery)
      const took = performance.now() - startedAt
      if (took < portions.quickMs) portionSize = Math.min(portions.most, portionSize * 2)
      else if (took > portions.slowMs) portionSize = Math.max(portions.least, portionSize >> 1)
      hints.restless ||= connection.touched
      return { asked, found }
    })
    portion.catch(ignore)
    return { asked, portion }
  }

  for (let round = 1; ; round++) {
    hints.restless = false
    const fresh = cursor === null
    const { high, selected, portion, firstLook } = await lane.use(signal, async (connection) => {
      const folder = opened(await connection.select(path, 'write'))
      total = folder.exists
      if (fresh) return { high: 0, selected: folder, portion: null, firstLook: await beginFresh(connection, folder) }
      const oldHigh = state().high
      const arrived = await arrivals(connection, folder)
      hints.restless ||= connection.touched
      return { high: oldHigh, selected: folder, portion: arrived, firstLook: null }
    })
    if (firstLook) yield firstLook
    if (portion) yield* pagesOf(portion)
    if (!fresh) {
      const told = await lane.use(signal, async (connection) => {
        await ensureOpen(connection)
        const current = connection.selected ?? selected
        total = current.exists
        const found = await changes(connection, current, high, round === 1)
        hints.restless ||= connection.touched
        return found
      })
      yield* pagesOfChanges(told)
    }

    if (pending.length > 0) {
      if (unlisted === null) {
        unlisted = await lane.use(signal, async (connection) => {
          await ensureOpen(connection)
          return existingUids(connection, pending)
        })
        const { held } = state()
        if (held !== null) total = Math.min(total, held + countOf(unlisted))
      }
      let unasked = unlisted
      while (unasked.length > 0 || ahead) {
        let current = ahead
        ahead = null
        if (!current) {
          const started = startPortion(unasked)
          unasked = subtract(unasked, started.asked)
          current = started.portion
        }
        const done = await current
        // The next portion travels while this one is stored, unless something newer is waiting.
        if (!isRestless() && unasked.length > 0) {
          const started = startPortion(unasked)
          unasked = subtract(unasked, started.asked)
          ahead = started.portion
        }
        yield* pagesOf(done)
        if (isRestless() && !ahead) break
      }
      if (unasked.length === 0 && pending.length > 0) {
        // What remained in the ranges does not exist.
        pending = emptySet
        yield page({})
      }
    }
    if (pending.length > 0) continue
    if (!isRestless() || round >= mostRounds) break
  }
  if (pages === 0) yield page({})
}

function remembered(memory: FlagMemory, path: string, turn: string | undefined): Map<number, string> | null {
  const found = memory.get(path)
  return found && found.turn === turn ? found.flags : null
}

/** True when it differs from what was remembered. */
function remember(told: Map<number, string>, uid: number, flags: RemoteFlags): boolean {
  const text = `${flags.seen ? 'S' : ''}${flags.flagged ? 'F' : ''}${flags.answered ? 'A' : ''}${flags.draft ? 'D' : ''} ${flags.keywords.join(' ')}`
  if (told.get(uid) === text) return false
  told.set(uid, text)
  return true
}

/** Bytes that share memory with nothing else, so that they can be handed to a worker. */
export function ownBytes(bytes: Buffer): Uint8Array {
  return bytes.buffer.byteLength === bytes.byteLength ? bytes : new Uint8Array(bytes)
}
