import { createLocalFolder, folderTree, getFolder, listFolders, markRemoving, placeLocalFolder, presentFolder, subscribeLocalFolder } from '../../../db/queries/folders.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { Folder } from '../../../shared/model/folder.ts'
import type { AccountId, FolderId } from '../../../shared/model/ids.ts'
import { createFolder, placeFolder, removeFolder, subscribeFolder } from '../../tasks/change-folder.ts'
import type { Program } from '../program.ts'
import { base } from './base.ts'

export function folderHandlers(program: Program) {
  const { db, tasks } = program

  const existing = (id: FolderId): Folder => {
    const folder = getFolder(db, id)
    if (!folder) throw new MailFailure('gone', 'folder-gone')
    return folder
  }
  const place = (account: AccountId, self: FolderId | null, parentId: FolderId | null, name: string): void => {
    if (parentId !== null && existing(parentId).accountId !== account) throw new MailFailure('rejected', 'folder-other-account')
    const taken = listFolders(db).some((one) => one.accountId === account && one.parentId === parentId && one.id !== self && one.name.toLowerCase() === name.toLowerCase())
    if (taken) throw new MailFailure('rejected', 'folder-name-taken')
  }
  const moveTo = (folder: Folder, to: { parentId: FolderId | null; name: string }): void => {
    if (folder.special === 'inbox') throw new MailFailure('rejected', 'folder-is-inbox')
    if (to.parentId !== null && folderTree(db, folder.id).includes(to.parentId)) throw new MailFailure('rejected', 'folder-into-itself')
    if (to.parentId === folder.parentId && to.name === folder.name) return
    place(folder.accountId, folder.id, to.parentId, to.name)
    db.write('place a folder', (tx) => {
      placeLocalFolder(tx, folder.id, to)
      tasks.enqueue(tx, folder.accountId, placeFolder.name, { folderId: folder.id, place: to, before: { parentId: folder.parentId, name: folder.name } })
    })
  }

  return {
    list: base.folders.list.handler(() => listFolders(db)),
    create: base.folders.create.handler(({ input }) => {
      place(input.accountId, null, input.parentId, input.name)
      const id = db.write('create a folder', (tx) => {
        const created = createLocalFolder(tx, input.accountId, input.parentId, input.name)
        tasks.enqueue(tx, input.accountId, createFolder.name, { folderId: created, place: { parentId: input.parentId, name: input.name } })
        return created
      })
      return existing(id)
    }),
    rename: base.folders.rename.handler(({ input }) => {
      const folder = existing(input.id)
      moveTo(folder, { parentId: folder.parentId, name: input.name })
    }),
    move: base.folders.move.handler(({ input }) => {
      const folder = existing(input.id)
      moveTo(folder, { parentId: input.parentId, name: folder.name })
    }),
    remove: base.folders.remove.handler(({ input }) => {
      const folder = existing(input.id)
      if (folder.special !== null) throw new MailFailure('rejected', 'folder-is-special')
      if (folderTree(db, folder.id).length > 1) throw new MailFailure('rejected', 'folder-has-children')
      db.write('remove a folder', (tx) => {
        markRemoving(tx, folder.id, true)
        tasks.enqueue(tx, folder.accountId, removeFolder.name, { folderId: folder.id, name: folder.name })
      })
    }),
    subscribe: base.folders.subscribe.handler(({ input }) => {
      const folder = existing(input.id)
      if (folder.subscribed === input.subscribed) return
      db.write('subscribe to a folder', (tx) => {
        subscribeLocalFolder(tx, folder.id, input.subscribed)
        tasks.enqueue(tx, folder.accountId, subscribeFolder.name, { folderId: folder.id, subscribed: input.subscribed })
      })
    }),
    present: base.folders.present.handler(({ input: { id, ...look } }) => {
      db.write('change the look of a folder', (tx) => {
        presentFolder(tx, id, look)
      })
    }),
  }
}
