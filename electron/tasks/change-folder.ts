// Folders made, renamed, moved, subscribed to and deleted here, told to the server.
import { z } from 'zod'
import { confirmFolder, deleteFolderRow, getFolder, markRemoving, remoteIdOf, restoreFolder, setSubscribed } from '../../db/queries/folders.ts'
import { clearFolder } from '../../db/queries/messages.ts'
import type { Reader } from '../../db/handles.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import { FolderId } from '../../shared/model/ids.ts'
import type { TaskKind } from './task.ts'

const Place = z.object({ parentId: FolderId.nullable(), name: z.string() })
const Create = z.object({ folderId: FolderId, place: Place })
const Move = z.object({ folderId: FolderId, place: Place, before: Place })
const Subscribe = z.object({ folderId: FolderId, subscribed: z.boolean() })
const Remove = z.object({ folderId: FolderId, name: z.string() })

/** The parent's name on the server. A parent the server does not have (any more) is a refusal, not a reason to wait. */
function parentRemoteId(db: Reader, parent: FolderId | null): string | null {
  if (parent === null) return null
  const remoteId = remoteIdOf(db, parent)
  if (remoteId === null) throw new MailFailure('rejected', 'folder-parent-gone')
  return remoteId
}

export const createFolder: TaskKind<z.infer<typeof Create>> = {
  name: 'create-folder',
  parse: (payload) => Create.parse(payload),
  async run({ folderId, place }, { db, mailbox, signal }) {
    const applied = await mailbox.apply({ kind: 'create-folder', parentRemoteId: parentRemoteId(db, place.parentId), name: place.name }, signal)
    return (tx) => {
      confirmFolder(tx, folderId, applied.remoteId, applied.moved)
    }
  },
  undo: ({ folderId }, tx) => {
    deleteFolderRow(tx, folderId)
  },
  refused: ({ place }) => ({ code: 'folder-create-refused', values: { name: place.name } }),
}

export const placeFolder: TaskKind<z.infer<typeof Move>> = {
  name: 'place-folder',
  parse: (payload) => Move.parse(payload),
  async run({ folderId, place }, { db, mailbox, signal }) {
    const remoteId = remoteIdOf(db, folderId)
    if (remoteId === null) throw new MailFailure('gone', 'folder-gone')
    const applied = await mailbox.apply({ kind: 'rename-folder', remoteId, parentRemoteId: parentRemoteId(db, place.parentId), name: place.name }, signal)
    return (tx) => {
      confirmFolder(tx, folderId, applied.remoteId, applied.moved)
    }
  },
  undo({ folderId, before }, tx) {
    restoreFolder(tx, folderId, before)
  },
  refused: ({ before }) => ({ code: 'folder-rename-refused', values: { name: before.name } }),
}

export const subscribeFolder: TaskKind<z.infer<typeof Subscribe>> = {
  name: 'subscribe-folder',
  parse: (payload) => Subscribe.parse(payload),
  async run({ folderId, subscribed }, { db, mailbox, signal }) {
    const remoteId = remoteIdOf(db, folderId)
    if (remoteId !== null) await mailbox.apply({ kind: 'subscribe-folder', remoteId, subscribed }, signal)
    return (tx) => {
      confirmFolder(tx, folderId, null, new Map())
    }
  },
  undo({ folderId, subscribed }, tx) {
    setSubscribed(tx, folderId, !subscribed)
    confirmFolder(tx, folderId, null, new Map())
  },
  refused: () => ({ code: 'folder-subscribe-refused', values: {} }),
}

/** Rows of a deleted folder forgotten in one write. */
const clearAtOnce = 50

export const removeFolder: TaskKind<z.infer<typeof Remove>> = {
  name: 'remove-folder',
  parse: (payload) => Remove.parse(payload),
  async run({ folderId }, { db, mailbox, signal, now }) {
    const remoteId = remoteIdOf(db, folderId)
    if (remoteId !== null) {
      try {
        await mailbox.apply({ kind: 'delete-folder', remoteId }, signal)
      } catch (error) {
        if (!(error instanceof MailFailure) || error.kind !== 'gone') throw error
      }
    }
    while (getFolder(db, folderId) && db.write('clear a deleted folder', (tx) => clearFolder(tx, folderId, now, clearAtOnce)) > 0) {
      await new Promise(setImmediate)
    }
    return (tx) => {
      deleteFolderRow(tx, folderId)
    }
  },
  undo({ folderId }, tx) {
    markRemoving(tx, folderId, false)
  },
  refused: ({ name }) => ({ code: 'folder-delete-refused', values: { name } }),
}
