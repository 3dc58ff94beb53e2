// Flags, keywords, copies, moves and deletions on the server. Messages of others that happen to be marked \Deleted are never expunged with ours.
import type { ImapFlow } from 'imapflow'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { Applied, MessageChange } from '../mailbox.ts'
import { openFolder } from './fetch-bodies.ts'
import { existingUids } from './folder-search.ts'
import type { Connection } from './imap-connection.ts'
import { remoteIdOf, uidsOfIds } from './remote-id.ts'
import { commandSized, formatUidSet, intersect, subtract, uidSet } from './uid-set.ts'
import type { UidSet } from './uid-set.ts'

const flagNames = { seen: '\\Seen', flagged: '\\Flagged', answered: '\\Answered' } as const

export async function applyMessageChange(connection: Connection, change: MessageChange): Promise<Applied> {
  const validity = await openFolder(connection, change.folderRemoteId, 'write')
  const wanted = uidSet(uidsOfIds(change.remoteIds, validity))
  if (change.remoteIds.length > 0 && wanted.length === 0) throw new MailFailure('gone', 'message-gone')
  const moved = new Map<string, string>()
  for (const uids of commandSized(wanted)) {
    switch (change.kind) {
      case 'set-flags':
        await setFlags(connection, uids, change)
        break
      case 'set-keywords':
        await setKeywords(connection, uids, change)
        break
      case 'copy':
        for (const [from, to] of await copy(connection, uids, change.toRemoteId)) moved.set(remoteIdOf(from, validity), to)
        break
      case 'move':
        for (const [from, to] of await move(connection, uids, change.toRemoteId)) moved.set(remoteIdOf(from, validity), to)
        break
      case 'delete':
        await remove(connection, uids)
        break
    }
  }
  return { remoteId: null, moved }
}

async function setFlags(connection: Connection, uids: UidSet, change: Extract<MessageChange, { kind: 'set-flags' }>): Promise<void> {
  const range = formatUidSet(uids)
  if (change.add.length > 0) await store(connection, (client) => client.messageFlagsAdd(range, change.add.map((flag) => flagNames[flag]), { uid: true, silent: true }))
  if (change.remove.length > 0) await store(connection, (client) => client.messageFlagsRemove(range, change.remove.map((flag) => flagNames[flag]), { uid: true, silent: true }))
}

/** Nothing where the folder keeps no keywords of one's own (RFC 3501 PERMANENTFLAGS without \\*): they are a hint, not mail. */
async function setKeywords(connection: Connection, uids: UidSet, change: Extract<MessageChange, { kind: 'set-keywords' }>): Promise<void> {
  const range = formatUidSet(uids)
  const permanent = await connection.run((client) => Promise.resolve(client.mailbox === false ? undefined : client.mailbox.permanentFlags))
  const kept = (keywords: readonly string[]): string[] => keywords.filter((keyword) => !permanent || permanent.has('\\*') || permanent.has(keyword))
  const add = kept(change.add)
  const remove = kept(change.remove)
  if (add.length > 0) await store(connection, (client) => client.messageFlagsAdd(range, add, { uid: true, silent: true }))
  if (remove.length > 0) await store(connection, (client) => client.messageFlagsRemove(range, remove, { uid: true, silent: true }))
}

async function store(connection: Connection, work: (client: ImapFlow) => Promise<boolean>): Promise<void> {
  // The library drops flags the folder does not take, without a word to the server or to us.
  if (connection.selected?.readOnly) throw new MailFailure('rejected', 'read-only')
  await connection.must(work)
}

/** Pairs of the old UID and the new remote id, as far as the server tells (RFC 4315). */
async function move(connection: Connection, uids: UidSet, to: string): Promise<readonly (readonly [number, string])[]> {
  if (connection.selected?.readOnly) throw new MailFailure('rejected', 'read-only')
  if (to === connection.selected?.path) return []
  const range = formatUidSet(uids)
  await connection.run((client) => client.noop())
  const there = await existingUids(connection, uids)
  // Some servers call a move of nothing an error, others a success.
  if (there.length === 0) throw new MailFailure('gone', 'message-gone')
  const done = await connection.must((client) => (connection.capabilities.has('MOVE') ? client.messageMove(range, to, { uid: true }) : client.messageCopy(range, to, { uid: true })))
  const pairs = pairsOf(done)
  if (!connection.capabilities.has('MOVE')) await expunge(connection, there)
  // It told of no message: what it showed a moment ago was gone already.
  if (pairs.length === 0 && connection.capabilities.has('UIDPLUS')) throw new MailFailure('gone', 'message-gone')
  return pairs
}

async function copy(connection: Connection, uids: UidSet, to: string): Promise<readonly (readonly [number, string])[]> {
  // A folder that is already selected may still show what another program has removed.
  await connection.run((client) => client.noop())
  if ((await existingUids(connection, uids)).length === 0) throw new MailFailure('gone', 'message-gone')
  const pairs = pairsOf(await connection.must((client) => client.messageCopy(formatUidSet(uids), to, { uid: true })))
  if (pairs.length === 0 && connection.capabilities.has('UIDPLUS')) throw new MailFailure('gone', 'message-gone')
  return pairs
}

function pairsOf({ uidMap, uidValidity }: { readonly uidMap?: ReadonlyMap<number, number>; readonly uidValidity?: bigint }): readonly (readonly [number, string])[] {
  if (!uidMap || uidValidity === undefined) return []
  return [...uidMap].map(([from, into]) => [from, remoteIdOf(into, String(uidValidity))] as const)
}

async function remove(connection: Connection, uids: UidSet): Promise<void> {
  if (connection.selected?.readOnly) throw new MailFailure('rejected', 'read-only')
  const there = await existingUids(connection, uids)
  if (there.length === 0) return
  if (connection.capabilities.has('X-GM-EXT-1')) {
    const trash = await gmailTrash(connection)
    // Expunging from a label only takes the label off; what is in the trash is deleted for good.
    if (trash !== null && trash !== connection.selected?.path) {
      const from = connection.selected?.path
      const pairs = await move(connection, there, trash)
      await connection.select(trash, 'write')
      await expunge(connection, uidSet(uidsOfIds(pairs.map(([, to]) => to), connection.selected?.uidValidity ?? '0')))
      if (from !== undefined) await connection.select(from, 'write')
      return
    }
  }
  await expunge(connection, there)
}

async function gmailTrash(connection: Connection): Promise<string | null> {
  const folders = await connection.run((client) => client.list())
  const here = folders.find((folder) => folder.path === connection.selected?.path)
  if (here?.specialUse === '\\Trash' || here?.specialUse === '\\Junk') return null
  return folders.find((folder) => folder.specialUse === '\\Trash' && folder.specialUseSource === 'extension')?.path ?? null
}

/** Marks these messages and removes them, and only them. */
async function expunge(connection: Connection, uids: UidSet): Promise<void> {
  if (uids.length === 0) return
  const range = formatUidSet(uids)
  if (connection.capabilities.has('UIDPLUS')) {
    await connection.must((client) => client.messageDelete(range, { uid: true }))
    return
  }
  // A plain EXPUNGE takes everything that is marked. What others marked is unmarked for the moment it takes.
  const answer = await connection.must((client) => client.search({ deleted: true }, { uid: true }))
  const others = Array.isArray(answer) ? subtract(uidSet(answer), uids) : []
  const pieces = commandSized(others).map(formatUidSet)
  for (const piece of pieces) await connection.must((client) => client.messageFlagsRemove(piece, ['\\Deleted'], { uid: true, silent: true }))
  try {
    await connection.must((client) => client.messageDelete(range, { uid: true }))
  } finally {
    const left = pieces.length > 0 && !connection.closed ? await existingUids(connection, others) : []
    for (const piece of commandSized(intersect(others, left)).map(formatUidSet)) await connection.must((client) => client.messageFlagsAdd(piece, ['\\Deleted'], { uid: true, silent: true }))
  }
}
