// Acting on mail, seen from one program on the sample server, which is a real server in the process.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { getFolder, ledgerLines, listFolders } from '../../db/queries/folders.ts'
import { whyLane } from '../../db/queries/lanes.ts'
import { placementsOf } from '../../db/queries/messages.ts'
import { countTasks } from '../../db/queries/tasks.ts'
import { getThread, laneCounts, listThreads } from '../../db/queries/threads.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import type { FolderId, MessageId, ThreadId, UndoId } from '../../shared/model/ids.ts'
import type { Lane } from '../../shared/model/lane.ts'
import type { TriageAction } from '../../shared/model/triage.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { createSampleMailbox, type SampleMailbox } from '../mail/sample/sample-mailbox.ts'
import { startSnoozeAlarm } from './snooze.ts'
import { listedOnServer, mail, openDesk, type Desk } from './test-desk.ts'

const { signal } = new AbortController()
const hour = 3_600_000
let dir: string
let server: SampleMailbox
let desk: Desk

function begin(folders: readonly { path: string; special?: string }[]): void {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-triage-'))
  mkdirSync(join(dir, 'seed'))
  writeFileSync(join(dir, 'seed', 'index.json'), JSON.stringify({ reference: '2026-11-20T15:00:00', folders, messages: [] }))
  server = createSampleMailbox({ seedDir: join(dir, 'seed'), stateDir: join(dir, 'server') })
  desk = openDesk(dir, server)
}

const usual = [
  { path: 'Inbox', special: 'inbox' }, { path: 'Sent', special: 'sent' }, { path: 'Archive', special: 'archive' }, { path: 'Trash', special: 'trash' }, { path: 'Junk', special: 'junk' },
  { path: 'Clients' },
]

beforeEach(() => {
  begin(usual)
})
afterEach(async () => {
  await desk.close()
  await server.close()
  rmSync(dir, { recursive: true })
})

type MailOptions = Parameters<typeof mail>[1] & { readonly folder?: string; readonly seen?: boolean }
async function arrive(id: string, { folder = 'Inbox', seen = false, ...options }: MailOptions = {}): Promise<MessageId> {
  await server.deliver(mail(id, options), { folderRemoteId: folder, flags: { seen } })
  await desk.sync()
  return desk.message(id)
}
const threadOf = (id: MessageId): ThreadId => desk.db.get<{ id: ThreadId }>('SELECT thread_id AS id FROM message WHERE id = ?', id)?.id as ThreadId
const act = async (messages: readonly MessageId[], action: TriageAction, source: 'inboxes' | FolderId | null = 'inboxes') =>
  desk.triage.act({ threads: messages.map(threadOf), source }, action)
const here = (folder: string): string[] => desk.listed(desk.folder(folder))
const there = (folder: string): Promise<string[]> => listedOnServer(server, folder)
const inboxSubjects = (lane: Lane | null = null): string[] => listThreads(desk.db, 'inboxes', 'all', lane, null, 50).rows.map((row) => row.subject)
const owed = (): number => countTasks(desk.db, desk.account.id)
const offline: Partial<Mailbox> = { apply: () => Promise.reject(new MailFailure('offline', 'refused')) }

describe('archiving', () => {
  it('is done here at once, and on the server when it can be reached', async () => {
    const id = await arrive('a@x', { seen: true })
    const { undoId, threads, messages } = await act([id], { type: 'archive' })
    expect({ threads, messages }).toEqual({ threads: 1, messages: 1 })
    expect(undoId).not.toBeNull()
    expect([here('inbox'), here('archive')]).toEqual([[], ['a@x seen']])
    expect(await there('Inbox')).toEqual(['a@x seen'])
    await desk.settle()
    expect([await there('Inbox'), await there('Archive')]).toEqual([[], ['a@x seen']])
    await desk.sync()
    expect([here('inbox'), here('archive')]).toEqual([[], ['a@x seen']])
  })

  it('makes the archive where the server has none', async () => {
    await desk.close()
    await server.close()
    rmSync(dir, { recursive: true })
    begin([{ path: 'Inbox', special: 'inbox' }, { path: 'Sent', special: 'sent' }])
    const ids = [await arrive('a@x'), await arrive('b@x')]
    for (const id of ids) await act([id], { type: 'archive' })
    expect(listFolders(desk.db).filter((one) => one.name === 'Archive')).toHaveLength(1)
    await desk.settle()
    await desk.sync()
    expect(await there('Archive')).toEqual(['a@x', 'b@x'])
    expect(here('Archive')).toEqual(['a@x', 'b@x'])
    expect(listFolders(desk.db).filter((one) => one.name === 'Archive')).toHaveLength(1)
  })

  it('puts mail into an archive that another program made meanwhile', async () => {
    await desk.close()
    await server.close()
    rmSync(dir, { recursive: true })
    begin([{ path: 'Inbox', special: 'inbox' }, { path: 'Sent', special: 'sent' }])
    const id = await arrive('a@x')
    await act([id], { type: 'archive' })
    await server.apply({ kind: 'create-folder', parentRemoteId: null, name: 'Archive' }, signal)
    await desk.sync()
    await desk.settle()
    await desk.sync()
    expect(await there('Archive')).toEqual(['a@x'])
    expect(listFolders(desk.db).filter((one) => one.name === 'Archive')).toHaveLength(1)
    expect(here('Archive')).toEqual(['a@x'])
    expect(desk.refused).toEqual([])
  })

  it('takes the conversation out of the inbox only, and it returns when somebody answers', async () => {
    const first = await arrive('a@x')
    await arrive('filed@x', { replyTo: 'a@x', folder: 'Clients', date: desk.now - hour })
    await act([first], { type: 'archive' }, null)
    await desk.settle()
    expect([await there('Archive'), await there('Clients')]).toEqual([['a@x'], ['filed@x']])
    expect(inboxSubjects()).toEqual([])
    await arrive('b@x', { replyTo: 'a@x', date: desk.now })
    expect(inboxSubjects()).toEqual(['About a@x'])
    expect(getThread(desk.db, threadOf(first))?.messages).toHaveLength(3)
  })
})

describe('what is not sent yet', () => {
  it('cancels out: archived and taken back, read and unread leave nothing to send', async () => {
    const id = await arrive('a@x')
    const { undoId } = await act([id], { type: 'archive' })
    await act([id], { type: 'seen', seen: true }, null)
    expect(owed()).toBe(2)
    await desk.triage.undo(undoId as UndoId)
    await act([id], { type: 'seen', seen: false })
    expect(owed()).toBe(0)
    expect(desk.db.all('SELECT * FROM owed')).toEqual([])
    expect(here('inbox')).toEqual(['a@x'])
    await desk.sync()
    expect([here('inbox'), here('archive')]).toEqual([['a@x'], []])
  })

  it('goes the whole way at once when it is moved twice', async () => {
    const id = await arrive('a@x')
    await act([id], { type: 'archive' })
    await act([id], { type: 'move', folderId: desk.folder('Clients') }, null)
    expect(owed()).toBe(1)
    let commands = 0
    desk.mailbox = { ...server, apply: (change, until) => { commands++; return server.apply(change, until) } }
    await desk.settle()
    expect(commands).toBe(1)
    expect(await there('Clients')).toEqual(['a@x'])
  })

  it('is not dropped once it may have reached the server: the opposite is sent instead', async () => {
    const id = await arrive('a@x')
    const { undoId } = await act([id], { type: 'archive' })
    desk.mailbox = { ...server, apply: async (change, until) => { await server.apply(change, until); throw new MailFailure('offline', 'cut') } }
    await expect(desk.settle()).rejects.toMatchObject({ kind: 'offline' })
    await desk.triage.undo(undoId as UndoId)
    expect(here('inbox')).toEqual(['a@x'])
    expect(owed()).toBe(2)
    desk.mailbox = server
    await desk.settle()
    await desk.sync()
    expect([await there('Inbox'), await there('Archive'), here('inbox'), here('archive')]).toEqual([['a@x'], [], ['a@x'], []])
  })

  it('is passed over by sync, and its text is fetched from where the server still has it', async () => {
    const id = await arrive('a@x')
    await act([id], { type: 'archive' })
    await desk.sync()
    await desk.check()
    expect([here('inbox'), here('archive')]).toEqual([[], ['a@x']])
    expect(placementsOf(desk.db, id)).toMatchObject([{ folderRemoteId: 'Inbox' }])
    for (const line of ledgerLines(desk.db, desk.account.id, 0)) expect(line.unexplained, line.path).toBe(0)
    await desk.settle()
    await desk.sync()
    for (const line of ledgerLines(desk.db, desk.account.id, 0)) expect(line, line.path).toMatchObject({ unexplained: 0, pending: 0 })
  })

  it('follows flags that another program sets meanwhile, except the one changed here', async () => {
    const id = await arrive('a@x')
    const [remoteId] = await server.listRemoteIds('Inbox', signal)
    await act([id], { type: 'seen', seen: true })
    await act([id], { type: 'archive' })
    await server.apply({ kind: 'set-flags', folderRemoteId: 'Inbox', remoteIds: [remoteId ?? ''], add: ['flagged'], remove: [] }, signal)
    await desk.sync()
    expect(here('archive')).toEqual(['a@x seen flagged'])
    await desk.settle()
    await desk.sync()
    expect([here('archive'), await there('Archive')]).toEqual([['a@x seen flagged'], ['a@x seen flagged']])
  })

  it('of a copy follows the copy, also when others of its kind are told before', async () => {
    const [a, b] = [await arrive('a@x'), await arrive('b@x', { folder: 'Archive' })]
    const clients = desk.folder('Clients')
    await desk.triage.act({ messages: [a] }, { type: 'move', folderId: clients })
    await desk.triage.act({ messages: [b] }, { type: 'copy', folderId: desk.folder('inbox') })
    expect(here('inbox')).toEqual(['b@x'])
    await act([b], { type: 'move', folderId: clients }, desk.folder('inbox'))
    expect([here('inbox'), here('Clients'), here('archive')]).toEqual([[], ['a@x', 'b@x'], ['b@x']])
    await desk.settle()
    await desk.sync()
    expect(desk.queue.list().rows).toEqual([])
    expect([await there('Inbox'), await there('Clients'), await there('Archive')]).toEqual([[], ['a@x', 'b@x'], ['b@x']])
    expect([here('inbox'), here('Clients'), here('archive')]).toEqual([[], ['a@x', 'b@x'], ['b@x']])
  })

  it('is told in a few commands, in order, however much it is', async () => {
    const ids: MessageId[] = []
    for (let index = 0; index < 40; index++) await server.deliver(mail(`m${String(index)}@x`))
    await desk.sync()
    for (let index = 0; index < 40; index++) ids.push(desk.message(`m${String(index)}@x`))
    for (const id of ids) {
      await act([id], { type: 'seen', seen: true })
      await act([id], { type: 'archive' })
    }
    expect(owed()).toBe(80)
    const commands: string[] = []
    desk.mailbox = { ...server, apply: (change, until) => { commands.push(change.kind); return server.apply(change, until) } }
    await desk.settle()
    expect(commands).toEqual(['set-flags', 'move'])
    expect(await there('Archive')).toEqual(ids.map((_, index) => `m${String(index)}@x seen`).sort())
  })
})

describe('taking back', () => {
  it('reverts several steps exactly, also after the server was told', async () => {
    const id = await arrive('a@x')
    const steps: (UndoId | null)[] = []
    for (const action of [{ type: 'flag', flagged: true }, { type: 'spam', spam: true }, { type: 'spam', spam: false }, { type: 'trash' }] as const) {
      steps.push((await act([id], action, action.type === 'spam' && !action.spam ? desk.folder('junk') : 'inboxes')).undoId)
      await desk.settle()
      await desk.sync()
    }
    expect(await there('Trash')).toEqual(['a@x flagged $NotJunk'])
    expect(desk.triage.steps().map((step) => step.code)).toEqual(['trash', 'not-spam', 'spam', 'flag'])
    await desk.triage.undo(steps[3] as UndoId)
    await desk.settle()
    expect(await there('Inbox')).toEqual(['a@x flagged $NotJunk'])
    await desk.triage.undo(steps[2] as UndoId)
    expect(here('junk')).toEqual(['a@x flagged $Junk'])
    await desk.triage.undo(steps[1] as UndoId)
    await desk.triage.undo(steps[0] as UndoId)
    await desk.settle()
    await desk.sync()
    expect([await there('Inbox'), here('inbox')]).toEqual([['a@x'], ['a@x']])
    expect(desk.triage.steps()).toEqual([])
  })

  it('of a large step can be followed and stopped, and the rest taken back later', async () => {
    const ids: MessageId[] = []
    for (let index = 0; index < 90; index++) await server.deliver(mail(`m${String(index)}@x`))
    await desk.sync()
    for (let index = 0; index < 90; index++) ids.push(desk.message(`m${String(index)}@x`))
    const { undoId } = await act(ids, { type: 'archive' })
    const stop = new AbortController()
    const told: [number, number][] = []
    await desk.triage.undo(undoId as UndoId, {
      signal: stop.signal,
      onProgress: (done, total) => {
        told.push([done, total])
        if (told.length === 2) stop.abort()
      },
    })
    expect(told).toEqual([[30, 90], [60, 90]])
    expect([here('inbox').length, here('archive').length]).toEqual([60, 30])
    expect(desk.triage.steps().map(({ id }) => id)).toEqual([undoId])
    await desk.triage.undo(undoId as UndoId)
    expect([here('inbox').length, here('archive').length, desk.triage.steps()]).toEqual([90, 0, []])
  })

  it('finds the message again after the server numbered it differently', async () => {
    const id = await arrive('a@x')
    const { undoId } = await act([id], { type: 'archive' })
    desk.mailbox = { ...server, apply: async (change, until) => ({ ...(await server.apply(change, until)), moved: new Map() }) }
    await desk.settle()
    desk.mailbox = server
    await desk.triage.undo(undoId as UndoId)
    await desk.settle()
    await desk.sync()
    expect([await there('Inbox'), here('inbox'), here('archive')]).toEqual([['a@x'], ['a@x'], []])
  })

  it('is too late when it was deleted for good on the server, and not before', async () => {
    const [a, b] = [await arrive('a@x', { folder: 'Trash' }), await arrive('b@x', { folder: 'Trash', seen: true })]
    const first = await act([a], { type: 'delete' }, desk.folder('trash'))
    await desk.settle()
    const second = await act([b], { type: 'delete' }, desk.folder('trash'))
    expect([here('trash'), await there('Trash')]).toEqual([[], ['b@x seen']])
    await desk.sync()
    expect(here('trash')).toEqual([])
    await expect(desk.triage.undo(first.undoId as UndoId)).rejects.toMatchObject({ kind: 'rejected', code: 'undo-too-late' })
    await desk.triage.undo(second.undoId as UndoId)
    expect(here('trash')).toEqual(['b@x seen'])
    expect(owed()).toBe(0)
  })

  it('takes a copy away again', async () => {
    const id = await arrive('a@x')
    const { undoId } = await act([id], { type: 'copy', folderId: desk.folder('Clients') })
    await desk.settle()
    await desk.sync()
    expect([await there('Inbox'), await there('Clients'), here('Clients')]).toEqual([['a@x'], ['a@x'], ['a@x']])
    await desk.triage.undo(undoId as UndoId)
    await desk.settle()
    expect([await there('Inbox'), await there('Clients')]).toEqual([['a@x'], []])
  })

  it('forgets steps beyond the last twenty', async () => {
    const id = await arrive('a@x')
    for (let index = 0; index < 25; index++) await act([id], { type: 'flag', flagged: index % 2 === 0 })
    expect(desk.triage.steps()).toHaveLength(20)
    expect(desk.db.get<{ n: number }>('SELECT count(*) AS n FROM undo_step')?.n).toBeLessThan(23)
  })
})

describe('what is owed', () => {
  it('names the conversation it is about, and how many there are beside it', async () => {
    const [a, b, c] = [await arrive('a@x'), await arrive('b@x'), await arrive('c@x')]
    await act([a, b, c], { type: 'archive' })
    await act([b], { type: 'flag', flagged: true }, null)
    const about = () => desk.queue.list().rows.map((row) => row.about)
    expect(about()).toEqual([{ subject: 'About a@x', others: 2 }, { subject: 'About b@x', others: 0 }])
    desk.mailbox = { ...server, apply: () => Promise.reject(new MailFailure('rejected', 'no-permission')) }
    await desk.settle()
    expect(desk.queue.list().problems).toBe(2)
    expect(about()).toEqual([{ subject: 'About a@x', others: 2 }, { subject: 'About b@x', others: 0 }])
  })

  it('counts the messages of one conversation once', async () => {
    const first = await arrive('a@x')
    await arrive('b@x', { replyTo: 'a@x', date: Date.UTC(2026, 10, 20, 10) })
    await act([first], { type: 'archive' })
    expect(desk.queue.list().rows).toMatchObject([{ values: { count: '2' }, about: { subject: 'About a@x', others: 0 } }])
  })
})

describe('a conflict', () => {
  it('is listed: the message is gone, the folder was renamed; what can come back comes back', async () => {
    const [a, b] = [await arrive('a@x'), await arrive('b@x')]
    await act([a], { type: 'archive' })
    await act([b], { type: 'move', folderId: desk.folder('Clients') })
    const [first] = await server.listRemoteIds('Inbox', signal)
    await server.apply({ kind: 'delete', folderRemoteId: 'Inbox', remoteIds: [first ?? ''] }, signal)
    await server.apply({ kind: 'rename-folder', remoteId: 'Clients', parentRemoteId: null, name: 'Customers' }, signal)
    await desk.settle()
    await desk.sync()
    expect([here('inbox'), here('archive'), here('Customers')]).toEqual([['b@x'], [], []])
    const { rows, problems } = desk.queue.list()
    expect(problems).toBe(2)
    expect(rows).toMatchObject([
      { state: 'problem', code: 'move', values: { count: '1', folder: 'Archive' }, failure: { kind: 'gone', code: 'message-gone' } },
      { state: 'problem', code: 'move', values: { count: '1' }, failure: { kind: 'gone', code: 'folder-gone' } },
    ])
    desk.queue.drop(rows.map((row) => row.id))
    expect(desk.queue.list()).toEqual({ rows: [], total: 0, problems: 0 })
  })

  it('is none when another program did the same', async () => {
    const id = await arrive('a@x')
    await act([id], { type: 'archive' })
    await server.apply({ kind: 'move', folderRemoteId: 'Inbox', remoteIds: await server.listRemoteIds('Inbox', signal), toRemoteId: 'Archive' }, signal)
    await desk.settle()
    await desk.sync()
    expect([here('inbox'), here('archive')]).toEqual([[], ['a@x']])
    expect(desk.queue.list().total).toBe(0)
  })

  it('in which the target vanished before anything was sent puts the mail back', async () => {
    const id = await arrive('a@x')
    await act([id], { type: 'move', folderId: desk.folder('Clients') })
    await server.apply({ kind: 'delete-folder', remoteId: 'Clients' }, signal)
    await desk.sync()
    expect(here('inbox')).toEqual(['a@x'])
    expect(desk.queue.list()).toMatchObject({ total: 1, problems: 1 })
    await desk.settle()
    expect(await there('Inbox')).toEqual(['a@x'])
  })
})

describe('a refusal', () => {
  it('takes back what was refused and nothing else, tells it, and can be tried once more', async () => {
    const [a, b] = [await arrive('a@x'), await arrive('b@x')]
    await act([a], { type: 'archive' })
    await act([b], { type: 'archive' })
    const [first] = await server.listRemoteIds('Inbox', signal)
    desk.mailbox = {
      ...server,
      apply: (change, until) => ('remoteIds' in change && change.remoteIds.includes(first ?? '') ? Promise.reject(new MailFailure('rejected', 'no-permission', 'not yours')) : server.apply(change, until)),
    }
    await desk.settle()
    expect([here('inbox'), here('archive')]).toEqual([['a@x'], ['b@x']])
    expect(desk.refused).toEqual(['move-refused'])
    const [problem] = desk.queue.list().rows
    expect(problem).toMatchObject({ state: 'problem', failure: { said: 'not yours' }, values: { count: '1' } })
    desk.mailbox = server
    desk.queue.retry([problem?.id as never])
    expect(here('inbox')).toEqual([])
    await desk.settle()
    expect(await there('Archive')).toEqual(['a@x', 'b@x'])
    expect(desk.queue.list().total).toBe(0)
  })

  it('for now makes the queue wait as long as the server asks, and no other mail', async () => {
    const id = await arrive('a@x')
    await act([id], { type: 'archive' })
    desk.mailbox = { ...server, apply: () => Promise.reject(new MailFailure('throttled', 'limit', 'slow down', { retryAfterMs: 90_000 })) }
    const again = await desk.settle()
    expect(again).toBe(desk.now + 90_000)
    desk.mailbox = server
    expect(await desk.settle()).toBe(again)
    expect(await there('Inbox')).toEqual(['a@x'])
    desk.now += 90_000
    expect(await desk.settle()).toBeNull()
    expect(await there('Archive')).toEqual(['a@x'])
  })

  it('to reach the server under a clock that was wrong does not wait for that clock', async () => {
    const id = await arrive('a@x')
    const right = desk.now
    desk.now += 400 * 24 * hour
    await act([id], { type: 'archive' })
    desk.now = right
    expect(await desk.settle()).toBeNull()
    expect(await there('Archive')).toEqual(['a@x'])
    await act([await arrive('b@x')], { type: 'archive' })
    desk.now += 400 * 24 * hour
    desk.mailbox = { ...server, apply: () => Promise.reject(new MailFailure('throttled', 'limit', 'slow down', { retryAfterMs: 90_000 })) }
    await desk.settle()
    desk.mailbox = server
    desk.now = right
    expect(await desk.settle()).toBeNull()
    expect(await there('Archive')).toEqual(['a@x', 'b@x'])
  })

  it('by the person drops what waits', async () => {
    const id = await arrive('a@x')
    await act([id], { type: 'archive' })
    desk.mailbox = { ...server, ...offline }
    await expect(desk.settle()).rejects.toMatchObject({ kind: 'offline' })
    desk.queue.drop(desk.queue.list().rows.map((row) => row.id))
    expect([here('inbox'), owed()]).toEqual([['a@x'], 0])
  })
})

describe('snoozing', () => {
  const snooze = (id: MessageId, ms: number) => act([id], { type: 'snooze', until: desk.now + ms })
  const alarm = () => startSnoozeAlarm({ db: desk.db, clock: { now: () => desk.now, after: () => () => undefined }, onReturned: () => undefined })

  it('hides a conversation from the inbox and brings it back on time, on top', async () => {
    const old = await arrive('old@x', { date: desk.now - 48 * hour })
    await arrive('new@x', { date: desk.now - hour })
    await snooze(old, 3 * hour)
    expect(inboxSubjects()).toEqual(['About new@x'])
    const listed = listThreads(desk.db, 'snoozed', 'all', null, null, 10).rows
    expect(listed).toMatchObject([{ subject: 'About old@x', snoozedUntil: desk.now + 3 * hour, returned: false }])
    desk.now += 3 * hour - 1
    alarm().stop()
    expect(inboxSubjects()).toEqual(['About new@x'])
    desk.now += 1
    alarm().stop()
    expect(inboxSubjects()).toEqual(['About old@x', 'About new@x'])
    expect(listThreads(desk.db, 'inboxes', 'all', null, null, 10).rows[0]).toMatchObject({ returned: true, snoozedUntil: null })
    await act([old], { type: 'seen', seen: true })
    expect(listThreads(desk.db, 'inboxes', 'all', null, null, 10).rows[0]).toMatchObject({ subject: 'About old@x', returned: false })
    expect(listThreads(desk.db, 'snoozed', 'all', null, null, 10).rows).toEqual([])
  })

  it('pages through returned and other threads once each', async () => {
    const ids: MessageId[] = []
    for (let index = 0; index < 9; index++) ids.push(await arrive(`m${String(index)}@x`, { date: desk.now - (index + 1) * hour }))
    for (const id of [ids[2], ids[5], ids[7]]) await snooze(id as MessageId, hour)
    desk.now += 2 * hour
    alarm().stop()
    desk.now += 10_000
    const seen: string[] = []
    for (let after: string | null = null; ; ) {
      const page = listThreads(desk.db, 'inboxes', 'all', null, after, 2)
      seen.push(...page.rows.map((row) => row.subject))
      after = page.next
      if (after === null) break
    }
    expect(seen.slice(0, 3).sort()).toEqual(['About m2@x', 'About m5@x', 'About m7@x'])
    expect([...seen].sort()).toEqual(ids.map((_, index) => `About m${String(index)}@x`))
  })

  it('ends at once when somebody answers, and not when we do', async () => {
    const id = await arrive('a@x')
    await snooze(id, 48 * hour)
    await arrive('mine@x', { from: 'Me <me@firm.example>', to: 'ada@x.example', replyTo: 'a@x', folder: 'Sent', date: desk.now - hour })
    expect(inboxSubjects()).toEqual([])
    await arrive('b@x', { replyTo: 'a@x', date: desk.now })
    expect(inboxSubjects()).toEqual(['About a@x'])
    expect(listThreads(desk.db, 'inboxes', 'all', null, null, 10).rows[0]).toMatchObject({ returned: true })
  })

  it('outlives the loss of every local id, and can be taken back', async () => {
    const id = await arrive('a@x')
    const { undoId } = await snooze(id, 48 * hour)
    desk.db.write('lose everything', (tx) => {
      tx.run('DELETE FROM message')
      tx.run('DELETE FROM thread')
      tx.run('UPDATE folder SET cursor = NULL')
    })
    await desk.sync()
    expect(inboxSubjects()).toEqual([])
    expect(listThreads(desk.db, 'snoozed', 'all', null, null, 10).rows).toHaveLength(1)
    expect(undoId).not.toBeNull()
    const again = await act([desk.message('a@x')], { type: 'snooze', until: desk.now + 90 * hour }, 'inboxes')
    await desk.triage.undo(again.undoId as UndoId)
    expect(listThreads(desk.db, 'snoozed', 'all', null, null, 10).rows[0]?.snoozedUntil).toBe(desk.now + 48 * hour)
  })

  it('brings an archived conversation back into the inbox', async () => {
    const id = await arrive('a@x', { folder: 'Archive' })
    await act([id], { type: 'snooze', until: desk.now + hour }, desk.folder('archive'))
    desk.now += hour
    alarm().stop()
    expect(inboxSubjects()).toEqual(['About a@x'])
    await desk.settle()
    expect(await there('Inbox')).toEqual(['a@x'])
  })
})

describe('muting', () => {
  it('archives the conversation and all that comes later, read, until it is unmuted', async () => {
    const id = await arrive('a@x')
    const { undoId } = await act([id], { type: 'mute', muted: true })
    expect(inboxSubjects()).toEqual([])
    await arrive('b@x', { replyTo: 'a@x' })
    expect([here('inbox'), here('archive')]).toEqual([[], ['a@x', 'b@x seen']])
    await desk.settle()
    expect(await there('Archive')).toEqual(['a@x', 'b@x seen'])
    await desk.triage.undo(undoId as UndoId)
    await arrive('c@x', { replyTo: 'b@x' })
    expect(here('inbox')).toEqual(['a@x', 'c@x'])
  })
})

describe('large targets', () => {
  it('go in slices, tell how far they are, stop when asked, and are one step', async () => {
    for (let index = 0; index < 120; index++) await server.deliver(mail(`m${String(index)}@x`))
    await desk.sync()
    const target = { list: 'inboxes', filter: 'all', lane: null } as const
    expect(await desk.triage.count(target)).toEqual({ threads: 120, messages: 120 })
    const stop = new AbortController()
    const progress: number[] = []
    const done = await desk.triage.act(target, { type: 'archive' }, {
      signal: stop.signal,
      onProgress: (count) => {
        progress.push(count)
        if (count >= 60) stop.abort()
      },
    })
    expect(done.threads).toBeGreaterThanOrEqual(60)
    expect(done.threads).toBeLessThan(120)
    expect(progress.length).toBeGreaterThan(1)
    expect(here('archive')).toHaveLength(done.threads)
    expect(desk.triage.steps()).toMatchObject([{ code: 'archive', threads: done.threads, messages: done.messages }])
    await desk.triage.undo(done.undoId as UndoId)
    expect([here('inbox').length, here('archive').length, owed()]).toEqual([120, 0, 0])
  })

  it('mean every conversation that a search finds', async () => {
    await arrive('a@x', { subject: 'Invoice 7' })
    await arrive('b@x', { subject: 'Re: Invoice 7', replyTo: 'a@x' })
    await arrive('c@x', { subject: 'Something else' })
    await desk.db.indexed()
    const target = { query: 'invoice', source: null } as const
    expect(await desk.triage.count(target)).toEqual({ threads: 1, messages: 2 })
    await desk.triage.act(target, { type: 'trash' })
    expect([here('inbox'), here('trash')]).toEqual([['c@x'], ['a@x', 'b@x']])
  })
})

describe('lanes', () => {
  const laneOf = (id: MessageId): string | undefined => whyLane(desk.db, threadOf(id))?.lane
  const wrote = (to: string) => arrive(`to-${to}`, { from: 'Me <me@firm.example>', to, folder: 'Sent', seen: true })

  it('follow the address book, lists and machines, and old mail moves when somebody is written to', async () => {
    const stranger = await arrive('s@x', { from: 'S <sven@kraft.example>' })
    const candidate = await arrive('c@x', { from: 'C <clara@gmail.com>' })
    const list = await arrive('l@x', { from: 'News <news@kraft.example>', extra: 'List-Id: <news.kraft.example>\r\n' })
    expect([laneOf(stranger), laneOf(candidate), laneOf(list)]).toEqual(['unknown', 'unknown', 'bulk'])
    await wrote('somebody.else@kraft.example')
    await wrote('clara@gmail.com')
    expect(whyLane(desk.db, threadOf(stranger))).toMatchObject({ lane: 'clients', why: 'written-to-company', value: 'kraft.example' })
    expect(whyLane(desk.db, threadOf(candidate))).toMatchObject({ lane: 'candidates', why: 'written-to-person', value: 'clara@gmail.com' })
    expect(inboxSubjects('clients')).toEqual(['About s@x'])
    expect(inboxSubjects('candidates')).toEqual(['About c@x'])
    expect(laneCounts(desk.db, 'inboxes')).toEqual({ candidates: { total: 1, unread: 1 }, clients: { total: 1, unread: 1 }, unknown: { total: 0, unread: 0 }, bulk: { total: 1, unread: 1 } })
  })

  it('are corrected by a rule for old and new mail, an address before a domain before a list', async () => {
    const a = await arrive('a@x', { from: 'A <a@kraft.example>', extra: 'List-Id: <jobs.kraft.example>\r\n' })
    await desk.triage.setLane([threadOf(a)], 'unknown', 'list')
    expect(laneOf(a)).toBe('unknown')
    await desk.triage.setLane([threadOf(a)], 'clients', 'domain')
    const step = await desk.triage.setLane([threadOf(a)], 'candidates', 'address')
    expect(inboxSubjects('candidates')).toEqual(['About a@x'])
    const b = await arrive('b@x', { from: 'B <b@kraft.example>' })
    expect(laneOf(b)).toBe('clients')
    await desk.triage.undo(step as UndoId)
    expect(laneOf(a)).toBe('clients')
    expect(inboxSubjects('clients').sort()).toEqual(['About a@x', 'About b@x'])
  })

  it('are not lost to an automatic answer in a conversation', async () => {
    await wrote('clara@gmail.com')
    const id = await arrive('c@x', { from: 'C <clara@gmail.com>' })
    await arrive('auto@x', { from: 'C <clara@gmail.com>', replyTo: 'c@x', extra: 'Auto-Submitted: auto-replied\r\n' })
    expect(laneOf(id)).toBe('candidates')
  })
})

describe('two programs on one account', () => {
  it('agree in the end, whatever each did while it was alone', async () => {
    for (const id of ['a@x', 'b@x', 'c@x', 'd@x']) await arrive(id)
    const second = openDesk(dir, server, 'b')
    try {
      await second.sync()
      await act([desk.message('a@x')], { type: 'archive' })
      await act([desk.message('b@x')], { type: 'trash' })
      await act([desk.message('c@x')], { type: 'flag', flagged: true })
      await second.triage.act({ messages: [second.message('a@x')] }, { type: 'archive' })
      await second.triage.act({ messages: [second.message('b@x')] }, { type: 'move', folderId: second.folder('Clients') })
      await second.triage.act({ messages: [second.message('c@x')] }, { type: 'seen', seen: true })
      for (let round = 0; round < 2; round++) {
        for (const one of [desk, second]) {
          await one.settle()
          await one.sync()
        }
      }
      await desk.sync()
      for (const folder of ['Inbox', 'Archive', 'Trash', 'Clients']) {
        expect(desk.listed(desk.folder(folder)), folder).toEqual(await there(folder))
        expect(second.listed(second.folder(folder)), folder).toEqual(await there(folder))
      }
      expect(await there('Archive')).toEqual(['a@x'])
      expect(await there('Inbox')).toEqual(['c@x seen flagged', 'd@x'])
      // The second came too late for its move, and says so.
      expect(second.queue.list().rows).toMatchObject([{ state: 'problem', code: 'move' }])
    } finally {
      await second.close()
    }
  })

  it('refuse a folder of another account and one that holds no messages', async () => {
    const id = await arrive('a@x')
    await expect(act([id], { type: 'move', folderId: 9999 as FolderId })).rejects.toMatchObject({ kind: 'gone' })
    expect(getFolder(desk.db, desk.folder('inbox'))).toMatchObject({ total: 1, unread: 1 })
  })
})
