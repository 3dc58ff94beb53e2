// Folders made, renamed, moved, subscribed to and deleted here, told to the server.
import { z } from 'zod'
import {
  adoptFolderRow, confirmFolder, createLocalFolder, deleteFolderRow, getFolder, markRemoving, placeLocalFolder, remoteIdOf, restoreFolder, setSubscribed, subscribeLocalFolder,
} from '../../db/queries/folders.ts'
import { clearFolder } from '../../db/queries/messages.ts'
import { endTask, insertTask, markStarted } from '../../db/queries/tasks.ts'
import type { Reader, Tx } from '../../db/handles.ts'
import { failureOf, MailFailure } from '../../shared/model/failure.ts'
import { FolderId } from '../../shared/model/ids.ts'
import { takeBackFrom } from './message-tasks.ts'
import type { Given, TaskKind, TaskRun } from './task.ts'

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

/** A change of the folders is told alone: everything after it may mean the changed folders. */
async function one<P>(given: readonly Given<P>[], run: TaskRun, tell: (given: Given<P>) => Promise<(tx: Tx) => void>): Promise<void> {
  for (const each of given) {
    run.db.write('begin a task', (tx) => {
      markStarted(tx, each.task.id)
    })
    const finish = await tell(each)
    run.db.write(`end ${each.task.kind}`, (tx) => {
      finish(tx)
      endTask(tx, each.task.id)
    })
  }
}

const alone = (): null => null
const samePayload = <P>({ payload }: Given<P>): P => payload

export const createFolder: TaskKind<z.infer<typeof Create>> = {
  name: 'create-folder',
  parse: (payload) => Create.parse(payload),
  together: alone,
  run: (given, run) =>
    one(given, run, async ({ payload: { folderId, place } }) => {
      const parent = parentRemoteId(run.db, place.parentId)
      let remoteId: string | null
      let moved: ReadonlyMap<string, string> = new Map()
      try {
        const applied = await run.mailbox.apply({ kind: 'create-folder', parentRemoteId: parent, name: place.name }, run.signal)
        remoteId = applied.remoteId
        moved = applied.moved
      } catch (error) {
        // Made by an attempt whose answer was lost, or by another program meanwhile: it is the folder that was wanted.
        remoteId = failureOf(error).kind === 'rejected' ? await existingFolder(run, parent, place.name) : null
        if (remoteId === null) throw error
      }
      return (tx) => {
        adoptFolderRow(tx, folderId, remoteId)
        confirmFolder(tx, folderId, remoteId, moved)
      }
    }),
  undo({ task, payload: { folderId } }, tx, now) {
    takeBackFrom(tx, task.accountId, folderId, now)
    deleteFolderRow(tx, folderId)
  },
  problem: samePayload,
  again({ task, payload: { place } }, tx, now) {
    if (place.parentId !== null && !getFolder(tx, place.parentId)) return false
    const folderId = createLocalFolder(tx, task.accountId, place.parentId, place.name)
    insertTask(tx, task.accountId, 'create-folder', { folderId, place }, now)
    return true
  },
  refused: ({ place }) => ({ code: 'folder-create-refused', values: { name: place.name } }),
  shown: ({ payload: { place } }) => ({ code: 'create-folder', values: { name: place.name } }),
}

/** The server's folder of this name, if it has one that no row of ours stands for. */
async function existingFolder(run: TaskRun, parentRemoteId: string | null, name: string): Promise<string | null> {
  const listed = await run.mailbox.listFolders(run.signal)
  return listed.find((folder) => folder.parentRemoteId === parentRemoteId && folder.name.toLowerCase() === name.toLowerCase() && folder.selectable)?.remoteId ?? null
}

export const placeFolder: TaskKind<z.infer<typeof Move>> = {
  name: 'place-folder',
  parse: (payload) => Move.parse(payload),
  together: alone,
  run: (given, run) =>
    one(given, run, async ({ payload: { folderId, place } }) => {
      const remoteId = remoteIdOf(run.db, folderId)
      if (remoteId === null) throw new MailFailure('gone', 'folder-gone')
      const applied = await run.mailbox.apply({ kind: 'rename-folder', remoteId, parentRemoteId: parentRemoteId(run.db, place.parentId), name: place.name }, run.signal)
      return (tx) => {
        confirmFolder(tx, folderId, applied.remoteId, applied.moved)
      }
    }),
  undo({ payload: { folderId, before } }, tx) {
    restoreFolder(tx, folderId, before)
  },
  problem: samePayload,
  again({ task, payload: { folderId, place } }, tx, now) {
    const folder = getFolder(tx, folderId)
    if (!folder || (place.parentId !== null && !getFolder(tx, place.parentId))) return false
    placeLocalFolder(tx, folderId, place)
    insertTask(tx, task.accountId, 'place-folder', { folderId, place, before: { parentId: folder.parentId, name: folder.name } }, now)
    return true
  },
  refused: ({ before }) => ({ code: 'folder-rename-refused', values: { name: before.name } }),
  shown: ({ payload: { place, before } }) => ({ code: 'place-folder', values: { name: before.name, to: place.name } }),
}

export const subscribeFolder: TaskKind<z.infer<typeof Subscribe>> = {
  name: 'subscribe-folder',
  parse: (payload) => Subscribe.parse(payload),
  together: alone,
  run: (given, run) =>
    one(given, run, async ({ payload: { folderId, subscribed } }) => {
      const remoteId = remoteIdOf(run.db, folderId)
      if (remoteId !== null) await run.mailbox.apply({ kind: 'subscribe-folder', remoteId, subscribed }, run.signal)
      return (tx) => {
        confirmFolder(tx, folderId, null, new Map())
      }
    }),
  undo({ payload: { folderId, subscribed } }, tx) {
    setSubscribed(tx, folderId, !subscribed)
    confirmFolder(tx, folderId, null, new Map())
  },
  problem: samePayload,
  again({ task, payload }, tx, now) {
    if (!getFolder(tx, payload.folderId)) return false
    subscribeLocalFolder(tx, payload.folderId, payload.subscribed)
    insertTask(tx, task.accountId, 'subscribe-folder', payload, now)
    return true
  },
  refused: () => ({ code: 'folder-subscribe-refused', values: {} }),
  shown: ({ payload: { folderId, subscribed } }, about) => ({ code: subscribed ? 'subscribe-folder' : 'unsubscribe-folder', values: { name: about.folder(folderId) } }),
}

/** Rows of a deleted folder forgotten in one write. */
const clearAtOnce = 50

export const removeFolder: TaskKind<z.infer<typeof Remove>> = {
  name: 'remove-folder',
  parse: (payload) => Remove.parse(payload),
  together: alone,
  run: (given, run) =>
    one(given, run, async ({ task, payload: { folderId } }) => {
      const { db, mailbox, signal, now } = run
      const remoteId = remoteIdOf(db, folderId)
      if (remoteId !== null) {
        try {
          await mailbox.apply({ kind: 'delete-folder', remoteId }, signal)
        } catch (error) {
          if (failureOf(error).kind !== 'gone') throw error
        }
      }
      db.write('take back what was put into a deleted folder', (tx) => {
        takeBackFrom(tx, task.accountId, folderId, now())
      })
      while (getFolder(db, folderId) && db.write('clear a deleted folder', (tx) => clearFolder(tx, folderId, now(), clearAtOnce)) > 0) {
        await new Promise(setImmediate)
      }
      return (tx) => {
        deleteFolderRow(tx, folderId)
      }
    }),
  undo({ payload: { folderId } }, tx) {
    markRemoving(tx, folderId, false)
  },
  problem: samePayload,
  again({ task, payload }, tx, now) {
    if (!getFolder(tx, payload.folderId)) return false
    markRemoving(tx, payload.folderId, true)
    insertTask(tx, task.accountId, 'remove-folder', payload, now)
    return true
  },
  refused: ({ name }) => ({ code: 'folder-delete-refused', values: { name } }),
  shown: ({ payload: { name } }) => ({ code: 'remove-folder', values: { name } }),
}
