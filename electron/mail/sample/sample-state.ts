// What the sample's server knows, as data, and the rules of IMAP by which it changes: numbers that only grow, one validity
// per folder, expunges remembered so that a cursor learns of them. Pure: every transition gives a new state, and refuses
// by throwing a MailFailure. The bytes of the messages lie elsewhere; a message here points at them.
import { z } from 'zod'
import { MailFailure } from '../../../shared/model/failure.ts'
import { SpecialUse } from '../../../shared/model/folder.ts'
import type { Applied, MailboxChange, RemoteFlags, RemoteFolder } from '../mailbox.ts'

const count = z.number().int().nonnegative()

const StoredFlags = z.object({ seen: z.boolean(), flagged: z.boolean(), answered: z.boolean(), draft: z.boolean(), keywords: z.array(z.string()).readonly() })

const StoredMessage = z.object({
  uid: count,
  /** The folder's mark when the message last changed. */
  modseq: count,
  receivedAt: z.number(),
  flags: StoredFlags,
  hasAttachment: z.boolean(),
  /** Where its bytes lie, and how many of them are headers with the empty line. */
  offset: count,
  size: count,
  headerSize: count,
})
export type StoredMessage = Readonly<z.infer<typeof StoredMessage>>

const StoredFolder = z.object({
  path: z.array(z.string().min(1)).min(1).readonly(),
  special: SpecialUse.nullable(),
  selectable: z.boolean(),
  subscribed: z.boolean(),
  validity: count,
  uidNext: count,
  /** Grows with every change to any message of the folder. */
  modseq: count,
  /** By uid, ascending. */
  messages: z.array(StoredMessage).readonly(),
  expunged: z.array(z.object({ uid: count, modseq: count })).readonly(),
  /** Expunges up to this mark are no longer remembered. */
  forgotten: count,
})
export type StoredFolder = Readonly<z.infer<typeof StoredFolder>>

export const SampleState = z.object({
  format: z.literal(1),
  validityNext: count,
  /** Bytes of mail in use; whatever lies behind was never committed. */
  packEnd: count,
  folders: z.array(StoredFolder).readonly(),
})
export type SampleState = Readonly<z.infer<typeof SampleState>>

const expungesKept = 2_000
const separator = '/'

export const folderId = (folder: Pick<StoredFolder, 'path'>): string => folder.path.join(separator)

export function folderOf(state: SampleState, id: string): StoredFolder {
  const found = state.folders.find((folder) => folderId(folder) === id)
  if (!found) throw new MailFailure('gone', 'folder-gone', `There is no folder ${id}.`)
  return found
}

export function openFolder(state: SampleState, id: string): StoredFolder {
  const folder = folderOf(state, id)
  if (!folder.selectable) throw new MailFailure('rejected', 'cannot', `${id} holds folders only.`)
  return folder
}

export function listedFolder(folder: StoredFolder): RemoteFolder {
  const { path, messages } = folder
  return {
    remoteId: folderId(folder),
    parentRemoteId: path.length > 1 ? path.slice(0, -1).join(separator) : null,
    name: path.at(-1) ?? '',
    special: folder.special,
    selectable: folder.selectable,
    subscribed: folder.subscribed,
    status: folder.selectable
      ? {
          total: messages.length,
          unseen: messages.filter((message) => !message.flags.seen).length,
          mark: `${folder.validity}:${folder.uidNext}:${folder.modseq}`,
        }
      : null,
  }
}

// ---- pulling

/** `gaps` are the uids still to be listed, both ends included, highest first; everything else below `next` is listed. */
const Cursor = z.object({ validity: count, modseq: count, next: count, gaps: z.array(z.tuple([count, count])).readonly() })

export type StatePage = {
  readonly added: readonly StoredMessage[]
  readonly flagged: readonly StoredMessage[]
  readonly removed: readonly string[]
  readonly cursor: string
  readonly total: number
  readonly toFetch: number
}

export function nextPage(folder: StoredFolder, cursor: string | null, options: { pageSize: number; known: () => readonly string[]; allFlags: boolean }): StatePage {
  const from = cursor === null ? { validity: folder.validity, modseq: folder.modseq, next: 1, gaps: [] } : readCursor(cursor)
  if (from.validity !== folder.validity) throw new MailFailure('cursor-lost', 'uid-validity', `${folderId(folder)} numbers its messages anew.`)

  const gaps: readonly (readonly [number, number])[] = folder.uidNext > from.next ? [[from.next, folder.uidNext - 1], ...from.gaps] : from.gaps
  const untold = (uid: number): boolean => gaps.some(([low, high]) => low <= uid && uid <= high)
  const waiting = folder.messages.filter((message) => untold(message.uid)).reverse()
  const added = waiting.slice(0, Math.max(1, options.pageSize))
  const lowest = added.at(-1)?.uid ?? 0
  const left = waiting.length > added.length ? gaps.filter(([low]) => low < lowest).map(([low, high]) => [low, Math.min(high, lowest - 1)] as const) : []

  return {
    added,
    flagged: folder.messages.filter((message) => !untold(message.uid) && (options.allFlags || message.modseq > from.modseq)),
    removed: cursor === null || from.modseq < folder.forgotten ? absent(folder, options.known()) : folder.expunged.filter((one) => one.modseq > from.modseq).map((one) => String(one.uid)),
    cursor: JSON.stringify({ validity: folder.validity, modseq: folder.modseq, next: folder.uidNext, gaps: left }),
    total: folder.messages.length,
    toFetch: waiting.length - added.length,
  }
}

function readCursor(text: string): z.infer<typeof Cursor> {
  try {
    return Cursor.parse(JSON.parse(text))
  } catch (cause) {
    throw new MailFailure('cursor-lost', 'cursor-unreadable', null, { cause })
  }
}

function absent(folder: StoredFolder, known: readonly string[]): readonly string[] {
  const present = new Set(folder.messages.map((message) => String(message.uid)))
  return known.filter((id) => !present.has(id))
}

// ---- changing

export type Transition = {
  readonly state: SampleState
  readonly applied: Applied
  /** Folders with changed messages; null when the tree itself changed. */
  readonly touched: readonly (string | null)[]
}

const nothing: Applied = { remoteId: null, moved: new Map() }

export function applyChange(state: SampleState, change: MailboxChange): Transition {
  switch (change.kind) {
    case 'create-folder':
      return createFolder(state, change.parentRemoteId, change.name)
    case 'rename-folder':
      return renameFolder(state, change.remoteId, change.parentRemoteId, change.name)
    case 'delete-folder':
      return deleteFolder(state, change.remoteId)
    case 'subscribe-folder': {
      const folder = folderOf(state, change.remoteId)
      return { state: withFolder(state, folder, { ...folder, subscribed: change.subscribed }), applied: nothing, touched: [null] }
    }
    case 'set-flags':
      return withFlags(state, change.folderRemoteId, change.remoteIds, (flags) => changedFlags(flags, change.add, change.remove))
    case 'set-keywords':
      return withFlags(state, change.folderRemoteId, change.remoteIds, (flags) => changedKeywords(flags, change.add, change.remove))
    case 'copy': {
      const target = openFolder(state, change.toRemoteId)
      const chosen = new Set(change.remoteIds)
      const moved = new Map<string, string>()
      let after = state
      for (const message of openFolder(state, change.folderRemoteId).messages) {
        if (!chosen.has(String(message.uid))) continue
        const put = append(after, folderId(target), message)
        moved.set(String(message.uid), String(put.uid))
        after = put.state
      }
      if (chosen.size > 0 && moved.size === 0) throw new MailFailure('gone', 'message-gone', `${change.folderRemoteId} holds none of these messages.`)
      return { state: after, applied: { remoteId: null, moved }, touched: moved.size > 0 ? [change.toRemoteId] : [] }
    }
    case 'move': {
      const target = openFolder(state, change.toRemoteId)
      const { state: without, taken } = expunge(state, change.folderRemoteId, change.remoteIds)
      if (change.remoteIds.length > 0 && taken.length === 0) throw new MailFailure('gone', 'message-gone', `${change.folderRemoteId} holds none of these messages.`)
      const moved = new Map<string, string>()
      let after = without
      for (const message of taken) {
        const put = append(after, folderId(target), message)
        moved.set(String(message.uid), String(put.uid))
        after = put.state
      }
      return { state: after, applied: { remoteId: null, moved }, touched: taken.length > 0 ? [change.folderRemoteId, change.toRemoteId] : [] }
    }
    case 'delete': {
      const { state: after, taken } = expunge(state, change.folderRemoteId, change.remoteIds)
      return { state: after, applied: nothing, touched: taken.length > 0 ? [change.folderRemoteId] : [] }
    }
  }
}

/** Adds a message at the end of a folder. Its uid and mark are the folder's next, whatever it had before. */
export function append(state: SampleState, into: string, message: Omit<StoredMessage, 'uid' | 'modseq'>): { readonly state: SampleState; readonly uid: number } {
  const folder = openFolder(state, into)
  const uid = folder.uidNext
  const modseq = folder.modseq + 1
  return { state: withFolder(state, folder, { ...folder, messages: [...folder.messages, { ...message, uid, modseq }], uidNext: uid + 1, modseq }), uid }
}

function withFolder(state: SampleState, before: StoredFolder, after: StoredFolder): SampleState {
  return { ...state, folders: state.folders.map((folder) => (folder === before ? after : folder)) }
}

function withFlags(state: SampleState, id: string, remoteIds: readonly string[], change: (flags: RemoteFlags) => StoredMessage['flags']): Transition {
  const folder = openFolder(state, id)
  const chosen = new Set(remoteIds)
  const modseq = folder.modseq + 1
  const messages = folder.messages.map((message) => {
    const flags = chosen.has(String(message.uid)) ? change(message.flags) : message.flags
    return flags === message.flags ? message : { ...message, flags, modseq }
  })
  if (messages.every((message, place) => message === folder.messages[place])) return { state, applied: nothing, touched: [] }
  return { state: withFolder(state, folder, { ...folder, messages, modseq }), applied: nothing, touched: [id] }
}

function changedKeywords(flags: RemoteFlags, add: readonly string[], remove: readonly string[]): StoredMessage['flags'] {
  const keywords = [...new Set([...flags.keywords, ...add])].filter((keyword) => !remove.includes(keyword))
  return keywords.join(' ') === flags.keywords.join(' ') ? flags : { ...flags, keywords }
}

function changedFlags(flags: RemoteFlags, add: readonly ('seen' | 'flagged' | 'answered')[], remove: readonly ('seen' | 'flagged' | 'answered')[]): StoredMessage['flags'] {
  const after = { ...flags }
  for (const flag of add) after[flag] = true
  for (const flag of remove) after[flag] = false
  return after.seen === flags.seen && after.flagged === flags.flagged && after.answered === flags.answered ? flags : after
}

function expunge(state: SampleState, from: string, remoteIds: readonly string[]): { readonly state: SampleState; readonly taken: readonly StoredMessage[] } {
  const folder = openFolder(state, from)
  const chosen = new Set(remoteIds)
  const taken = folder.messages.filter((message) => chosen.has(String(message.uid)))
  if (taken.length === 0) return { state, taken }
  const modseq = folder.modseq + 1
  const all = [...folder.expunged, ...taken.map(({ uid }) => ({ uid, modseq }))]
  const expunged = all.slice(-expungesKept)
  const forgotten = all.length > expunged.length ? (all[all.length - expunged.length - 1]?.modseq ?? folder.forgotten) : folder.forgotten
  const messages = folder.messages.filter((message) => !chosen.has(String(message.uid)))
  return { state: withFolder(state, folder, { ...folder, messages, expunged, forgotten, modseq }), taken }
}

// ---- the tree

function createFolder(state: SampleState, parentId: string | null, name: string): Transition {
  const path = [...pathUnder(state, parentId), checkedName(name)]
  const id = path.join(separator)
  const there = state.folders.find((folder) => folderId(folder) === id)
  const validity = state.validityNext
  const next = { ...state, validityNext: validity + 1 }
  const made: StoredFolder = { ...emptyFolder(path, validity), special: there?.special ?? null }
  if (there && !there.selectable) return { state: withFolder(next, there, made), applied: { ...nothing, remoteId: id }, touched: [null] }
  refuseTaken(state, path)
  return { state: { ...next, folders: [...next.folders, made] }, applied: { ...nothing, remoteId: id }, touched: [null] }
}

export function emptyFolder(path: readonly string[], validity: number): StoredFolder {
  return { path, special: null, selectable: true, subscribed: true, validity, uidNext: 1, modseq: 1, messages: [], expunged: [], forgotten: 0 }
}

function renameFolder(state: SampleState, id: string, parentId: string | null, name: string): Transition {
  const folder = folderOf(state, id)
  refuseInbox(folder, 'renamed')
  const path = [...pathUnder(state, parentId), checkedName(name)]
  const to = path.join(separator)
  if (to === id) return { state, applied: { ...nothing, remoteId: id }, touched: [] }
  if (to.startsWith(id + separator)) throw new MailFailure('rejected', 'folder-into-itself', `${id} cannot be put inside itself.`)
  refuseTaken(state, path)
  const moved = new Map<string, string>()
  const folders = state.folders.map((one) => {
    if (one !== folder && !isBelow(one, folder)) return one
    const renamed = { ...one, path: [...path, ...one.path.slice(folder.path.length)] }
    if (one !== folder) moved.set(folderId(one), folderId(renamed))
    return renamed
  })
  return { state: { ...state, folders: withoutHollow(folders) }, applied: { remoteId: to, moved }, touched: [null] }
}

function deleteFolder(state: SampleState, id: string): Transition {
  const folder = folderOf(state, id)
  refuseInbox(folder, 'deleted')
  const hasChildren = state.folders.some((one) => isBelow(one, folder))
  if (!hasChildren) return { state: { ...state, folders: withoutHollow(state.folders.filter((one) => one !== folder)) }, applied: nothing, touched: [null] }
  if (!folder.selectable) throw new MailFailure('rejected', 'has-children', `${id} still holds folders.`)
  // RFC 9051, 6.3.5: its messages go, its name stays for the sake of the folders below.
  const hollow = { ...emptyFolder(folder.path, folder.validity), selectable: false, subscribed: folder.subscribed }
  return { state: withFolder(state, folder, hollow), applied: nothing, touched: [null] }
}

/** A name kept only for the folders below it goes with the last of them. */
function withoutHollow(folders: readonly StoredFolder[]): readonly StoredFolder[] {
  const kept = folders.filter((one) => one.selectable || folders.some((other) => isBelow(other, one)))
  return kept.length === folders.length ? kept : withoutHollow(kept)
}

function isBelow(one: StoredFolder, other: StoredFolder): boolean {
  return folderId(one).startsWith(folderId(other) + separator)
}

function pathUnder(state: SampleState, parentId: string | null): readonly string[] {
  return parentId === null ? [] : folderOf(state, parentId).path
}

function checkedName(name: string): string {
  const wanted = name.normalize('NFC')
  if (wanted.trim() === '' || wanted.includes(separator) || /\p{Cc}/u.test(wanted)) {
    throw new MailFailure('rejected', 'folder-name', `A folder cannot be called “${name}”.`)
  }
  return wanted
}

function refuseTaken(state: SampleState, path: readonly string[]): void {
  const id = path.join(separator)
  // INBOX is the one name without case (RFC 9051, 5.1).
  const taken = state.folders.some((folder) => folderId(folder) === id || (path.length === 1 && folder.special === 'inbox' && id.toLowerCase() === folderId(folder).toLowerCase()))
  if (taken) throw new MailFailure('rejected', 'already-exists', `There is a folder ${id} already.`)
}

function refuseInbox(folder: StoredFolder, done: string): void {
  if (folder.special === 'inbox') throw new MailFailure('rejected', 'folder-is-inbox', `The inbox cannot be ${done}.`)
}
