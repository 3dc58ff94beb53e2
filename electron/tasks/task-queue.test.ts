// The queue against the sample mailbox, a real server in the process; failures are put between the two.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../../db/handles.ts'
import { getAccount } from '../../db/queries/accounts.ts'
import { createLocalFolder, getFolder, listFolders, markRemoving, mirrorFolders, placeLocalFolder } from '../../db/queries/folders.ts'
import { getMessage, setRemoteFlags, storeListed } from '../../db/queries/messages.ts'
import { countTasks } from '../../db/queries/tasks.ts'
import { addAccount, listed, openTestDb } from '../../db/test-rows.ts'
import type { Account } from '../../shared/model/account.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import type { FolderId, MessageId } from '../../shared/model/ids.ts'
import type { Mailbox, PullPage } from '../mail/mailbox.ts'
import { createSampleMailbox, type SampleMailbox } from '../mail/sample/sample-mailbox.ts'
import { createFolder, placeFolder, removeFolder } from './change-folder.ts'
import { flagMessages } from './message-tasks.ts'
import { openTaskQueue, type TaskQueue } from './task-queue.ts'

const { signal } = new AbortController()
let dir: string
let db: Db
let server: SampleMailbox
let account: Account
let queue: TaskQueue
let refused: { code: string; said: string | null }[]

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-tasks-'))
  db = openTestDb(join(dir, 'a.db'))
  server = createSampleMailbox({ seedDir: join(import.meta.dirname, '../mail/sample/seed'), stateDir: join(dir, 'server') })
  account = getAccount(db, addAccount(db)) as Account
  const folders = await server.listFolders(signal)
  db.write('mirror', (tx) => mirrorFolders(tx, account.id, folders))
  refused = []
  queue = openTaskQueue({ db, now: Date.now, onRefused: (_account, notice) => refused.push({ code: notice.code, said: notice.said }) })
})
afterEach(async () => {
  await server.close()
  await db.close()
  rmSync(dir, { recursive: true })
})

const inbox = () => listFolders(db).find((one) => one.special === 'inbox')?.id as FolderId
const settle = (mailbox: Mailbox = server) => queue.settle(account, mailbox, signal, () => Promise.resolve())
const onServer = async () => (await server.listFolders(signal)).map((one) => one.remoteId)

/** Brings one unread message of the server's inbox here. */
async function unreadMessage(): Promise<{ id: MessageId; remoteId: string; folderRemoteId: string }> {
  const folderRemoteId = (await server.listFolders(signal)).find((one) => one.special === 'inbox')?.remoteId ?? ''
  const remoteId = await server.deliver(Buffer.from('From: a@x.example\r\nSubject: new\r\nMessage-ID: <new@x>\r\n\r\nx\r\n'))
  const [created] = db.write('store', (tx) => storeListed(tx, account.id, inbox(), [listed(remoteId, 'new@x')], Date.now()))
  return { id: created?.id as MessageId, remoteId, folderRemoteId }
}
async function flagsOnServer(folderRemoteId: string, remoteId: string): Promise<{ seen: boolean; flagged: boolean } | undefined> {
  const pages: PullPage[] = []
  for await (const page of server.pull(folderRemoteId, null, { signal, pageSize: 500, known: () => [] })) pages.push(page)
  return pages.flatMap((page) => page.added).find((one) => one.remoteId === remoteId)?.flags
}
function read(id: MessageId): void {
  db.write('read', (tx) => {
    flagMessages(tx, [id], 'seen', true, Date.now())
  })
}

describe('flags set here', () => {
  it('reach the server in the order they were set, and only then follow it again', async () => {
    const { id, remoteId, folderRemoteId } = await unreadMessage()
    read(id)
    db.write('star', (tx) => {
      flagMessages(tx, [id], 'flagged', true, Date.now())
    })
    expect(countTasks(db, account.id)).toBe(2)
    await settle()
    expect(await flagsOnServer(folderRemoteId, remoteId)).toMatchObject({ seen: true, flagged: true })
    expect(countTasks(db, account.id)).toBe(0)
    db.write('news', (tx) => { setRemoteFlags(tx, inbox(), remoteId, { seen: true, flagged: false, answered: false, draft: false, keywords: [] }) })
    expect(getMessage(db, id)).toMatchObject({ seen: true, flagged: false })
  })

  it('wait while the server cannot be reached, and are not lost by a restart', async () => {
    const { id, remoteId, folderRemoteId } = await unreadMessage()
    read(id)
    await expect(settle({ ...server, apply: () => Promise.reject(new MailFailure('offline', 'refused')) })).rejects.toMatchObject({ kind: 'offline' })
    expect(countTasks(db, account.id)).toBe(1)
    expect(getMessage(db, id)?.seen).toBe(true)
    await db.close()
    db = openTestDb(join(dir, 'a.db'))
    queue = openTaskQueue({ db, now: Date.now, onRefused: () => undefined })
    await settle()
    expect(await flagsOnServer(folderRemoteId, remoteId)).toMatchObject({ seen: true })
  })

  it('are taken back and told when the server refuses them', async () => {
    const { id } = await unreadMessage()
    read(id)
    await settle({ ...server, apply: () => Promise.reject(new MailFailure('rejected', 'no-permission', 'read-only mailbox')) })
    expect(getMessage(db, id)?.seen).toBe(false)
    expect(refused).toEqual([{ code: 'flags-refused', said: 'read-only mailbox' }])
    expect(countTasks(db, account.id)).toBe(0)
    expect(queue.list()).toMatchObject({ problems: 1, rows: [{ state: 'problem', code: 'read', failure: { kind: 'rejected', said: 'read-only mailbox' } }] })
  })

  it('survive our own faults a few times and are then taken back, so that the queue goes on', async () => {
    const { id } = await unreadMessage()
    read(id)
    const broken = { ...server, apply: () => Promise.reject(new TypeError('ours')) }
    await expect(settle(broken)).rejects.toMatchObject({ kind: 'bug' })
    await expect(settle(broken)).rejects.toMatchObject({ kind: 'bug' })
    await settle(broken)
    expect(countTasks(db, account.id)).toBe(0)
    expect(getMessage(db, id)?.seen).toBe(false)
  })
})

describe('folders changed here', () => {
  const make = (name: string, parentId: FolderId | null): FolderId =>
    db.write('create', (tx) => {
      const id = createLocalFolder(tx, account.id, parentId, name)
      queue.enqueue(tx, account.id, createFolder.name, { folderId: id, place: { parentId, name } })
      return id
    })
  const place = (id: FolderId, name: string, parentId: FolderId | null): void => {
    const before = getFolder(db, id)
    db.write('place', (tx) => {
      placeLocalFolder(tx, id, { parentId, name })
      queue.enqueue(tx, account.id, placeFolder.name, { folderId: id, place: { parentId, name }, before: { parentId: before?.parentId ?? null, name: before?.name ?? '' } })
    })
  }

  it('are made, nested, renamed and deleted there, and keep their local rows on the way', async () => {
    const parent = make('Søknader', null)
    const child = make('2026', parent)
    place(parent, 'Bewerbungen', null)
    await settle()
    const listing = await server.listFolders(signal)
    expect(listing.find((one) => one.name === 'Bewerbungen')).toBeDefined()
    const remoteChild = listing.find((one) => one.name === '2026' && one.parentRemoteId === listing.find((each) => each.name === 'Bewerbungen')?.remoteId)
    expect(remoteChild).toBeDefined()
    // A listing now finds nothing to change: the rows know their new names on the server.
    expect(db.write('mirror', (tx) => mirrorFolders(tx, account.id, listing))).toEqual([])
    expect(getFolder(db, child)).toMatchObject({ name: '2026', parentId: parent, pending: false })
    expect(listFolders(db).filter((one) => one.name === '2026')).toHaveLength(1)

    db.write('remove', (tx) => {
      markRemoving(tx, child, true)
      queue.enqueue(tx, account.id, removeFolder.name, { folderId: child, name: '2026' })
    })
    expect(listFolders(db).some((one) => one.id === child)).toBe(false)
    await settle()
    expect(await onServer()).not.toContain(remoteChild?.remoteId)
    expect(getFolder(db, child)).toBeNull()
  })

  it('go back to what they were when the server refuses', async () => {
    const id = make('Kandidaten', null)
    await settle()
    place(id, 'Verboten', null)
    db.write('remove', (tx) => {
      markRemoving(tx, id, true)
      queue.enqueue(tx, account.id, removeFolder.name, { folderId: id, name: 'Kandidaten' })
    })
    await settle({ ...server, apply: () => Promise.reject(new MailFailure('rejected', 'no-permission')) })
    expect(listFolders(db).find((one) => one.id === id)).toMatchObject({ name: 'Kandidaten', pending: false })
    expect(refused.map((one) => one.code)).toEqual(['folder-rename-refused', 'folder-delete-refused'])
  })
})

