// The engine on the sample mailbox: a real Mailbox with its own state, which a second actor changes behind the engine's back.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../../../db/handles.ts'
import { openTestDb } from '../../../db/test-rows.ts'
import { insertAccount } from '../../../db/queries/accounts.ts'
import { ledgerLines, listFolders } from '../../../db/queries/folders.ts'
import { runSearch } from '../../../db/queries/search.ts'
import { getThread, listThreads } from '../../../db/queries/threads.ts'
import type { AccountState } from '../../../shared/model/account.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { AccountId, FolderId, MessageId } from '../../../shared/model/ids.ts'
import { parseSearch } from '../../../shared/model/search-query.ts'
import type { Mailbox } from '../mailbox.ts'
import { createParsePool, type ParsePool } from '../mime/parse-pool.ts'
import { createSampleMailbox, type SampleMailbox } from '../sample/sample-mailbox.ts'
import { startEngine, type Engine } from './engine.ts'

const seedDir = join(import.meta.dirname, '../sample/seed')
const id = 'sample' as AccountId

let dir: string
let db: Db
let parser: ParsePool
let server: SampleMailbox
let engine: Engine
let states: AccountState[]
let arrived: { folder: FolderId; messages: readonly MessageId[] }[]

const clock = {
  now: Date.now,
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms)
    return () => { clearTimeout(timer) }
  },
}

function run(wrap: (mailbox: Mailbox) => Mailbox = (mailbox) => mailbox): void {
  states = []
  arrived = []
  engine = startEngine({
    db, clock, parser, random: () => 0,
    openMailbox: () => wrap(createSampleMailbox({ seedDir, stateDir: join(dir, 'server') })),
    onState: (state) => states.push(state),
    onArrived: (folder, messages) => arrived.push({ folder, messages }),
    settleTasks: () => Promise.resolve({ again: null, touched: [] }),
  })
}

async function until(what: string, holds: () => boolean | Promise<boolean>, ms = 20_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`Not reached: ${what}. ${JSON.stringify(engine.state(id))}`)
}
const upToDate = () => until('up to date', () => engine.state(id).upToDate)
const folder = (special: string) => listFolders(db).find((one) => one.special === special)
const inbox = () => folder('inbox')?.id as FolderId
const serverInbox = async () => (await server.listFolders(new AbortController().signal)).find((one) => one.special === 'inbox')?.remoteId ?? ''
const mail = (subject: string, extra = '') => Buffer.from(`From: Ada <ada@x.example>\r\nTo: me@x.example\r\nMessage-ID: <${subject}@x.example>\r\nSubject: ${subject}\r\nDate: ${new Date().toUTCString()}\r\n${extra}\r\nHello ${subject}\r\n`)

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-engine-'))
  db = openTestDb(join(dir, 'a.db'))
  parser = createParsePool({ workerUrl: new URL('../mime/parse-worker.ts', import.meta.url), workers: 1 })
  server = createSampleMailbox({ seedDir, stateDir: join(dir, 'server') })
  db.write('account', (tx) => insertAccount(tx, id, { name: 'S', address: 'me@x.example', color: '#000', settings: { kind: 'sample' }, keep: { bodies: 'all', attachments: 'demand' } }, 0))
})
afterEach(async () => {
  await engine.close()
  await server.close()
  await parser.close()
  await db.close()
  rmSync(dir, { recursive: true })
})

describe('a first sync', () => {
  it('lists and reads everything, proves every folder, and is searchable', async () => {
    run()
    await upToDate()
    const remote = await server.listFolders(new AbortController().signal)
    expect(listFolders(db)).toHaveLength(remote.length)
    for (const one of remote.filter((each) => each.selectable)) {
      const ids = await server.listRemoteIds(one.remoteId, new AbortController().signal)
      expect(ledgerLines(db, id, 0).find((line) => line.ourCount === ids.length && line.path.endsWith(one.name)), one.name).toBeDefined()
    }
    for (const line of ledgerLines(db, id, 0)) expect(line).toMatchObject({ toFetch: 0, unexplained: 0, bodiesToFetch: 0, provedAt: expect.any(Number) as number })
    await db.indexed()
    expect(runSearch(db, parseSearch('hydrokraft', Date.now(), false), null, null, 10).hits.length).toBeGreaterThan(0)
    expect(arrived).toEqual([])
  })

  it('does nothing twice when started again', async () => {
    run()
    await upToDate()
    const before = db.get('SELECT (SELECT count(*) FROM message) AS m, (SELECT count(*) FROM placement) AS p, (SELECT count(*) FROM thread) AS t, (SELECT max(id) FROM placement) AS last')
    await engine.close()
    run()
    await upToDate()
    expect(db.get('SELECT (SELECT count(*) FROM message) AS m, (SELECT count(*) FROM placement) AS p, (SELECT count(*) FROM thread) AS t, (SELECT max(id) FROM placement) AS last')).toEqual(before)
  })
})

describe('what happens on the server', () => {
  it('shows here: new mail, flags, moves and deletions', async () => {
    run()
    await upToDate()
    const remoteId = await server.deliver(mail('fresh'))
    await until('new mail', () => listThreads(db, inbox(), 'all', null, null, 5).rows[0]?.subject === 'fresh')
    expect(arrived).toHaveLength(1)
    const signal = new AbortController().signal
    await server.apply({ kind: 'set-flags', folderRemoteId: await serverInbox(), remoteIds: [remoteId], add: ['seen', 'flagged'], remove: [] }, signal)
    await until('flags', () => listThreads(db, inbox(), 'flagged', null, null, 5).rows.some((row) => row.subject === 'fresh' && !row.unread))
    const archive = (await server.listFolders(signal)).find((one) => one.special === 'archive')?.remoteId ?? ''
    const text = () => db.get<{ n: number }>("SELECT count(*) AS n FROM message WHERE subject = 'fresh'")?.n
    await server.apply({ kind: 'move', folderRemoteId: await serverInbox(), remoteIds: [remoteId], toRemoteId: archive }, signal)
    engine.syncNow(id)
    await until('moved', () => listThreads(db, folder('archive')?.id as FolderId, 'all', null, null, 50).rows.some((row) => row.subject === 'fresh'))
    expect(listThreads(db, inbox(), 'all', null, null, 50).rows.some((row) => row.subject === 'fresh')).toBe(false)
    expect(text()).toBe(1)
  })

  it('folders made, renamed and deleted there appear, follow and go', async () => {
    run()
    await upToDate()
    const signal = new AbortController().signal
    const made = await server.apply({ kind: 'create-folder', parentRemoteId: null, name: 'Søknader' }, signal)
    engine.syncNow(id)
    await until('created', () => listFolders(db).some((one) => one.name === 'Søknader'))
    const renamed = await server.apply({ kind: 'rename-folder', remoteId: made.remoteId ?? '', parentRemoteId: null, name: 'Bewerbungen' }, signal)
    engine.syncNow(id)
    await until('renamed', () => listFolders(db).some((one) => one.name === 'Bewerbungen') && !listFolders(db).some((one) => one.name === 'Søknader'))
    await server.apply({ kind: 'delete-folder', remoteId: renamed.remoteId ?? '' }, signal)
    engine.syncNow(id)
    await until('deleted', () => !listFolders(db).some((one) => one.name === 'Bewerbungen'))
  })
})

describe('failures', () => {
  it('of the connection are told, waited out and left behind without loss', async () => {
    let broken = true
    run((mailbox) => ({
      ...mailbox,
      listFolders: (signal) => (broken ? Promise.reject(new MailFailure('offline', 'refused', 'no route')) : mailbox.listFolders(signal)),
    }))
    await until('told', () => engine.state(id).failure?.kind === 'offline')
    expect(engine.state(id)).toMatchObject({ step: 'waiting', upToDate: false, retryAt: expect.any(Number) as number })
    broken = false
    engine.wake()
    await upToDate()
    expect(engine.state(id).failure).toBeNull()
  })

  it('of the password wait for the person, not for the clock', async () => {
    let tries = 0
    run((mailbox) => ({ ...mailbox, listFolders: () => { tries++; return Promise.reject(new MailFailure('auth', 'login-refused')) } }))
    await until('told', () => engine.state(id).failure?.kind === 'auth')
    engine.wake()
    engine.tasksAdded(id)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(tries).toBe(1)
    expect(engine.state(id).retryAt).toBeNull()
  })

  it('of one folder do not keep the others from being mirrored', async () => {
    const inboxId = await serverInbox()
    run((mailbox) => ({
      ...mailbox,
      async *pull(remoteId, cursor, options) {
        if (remoteId !== inboxId) throw new MailFailure('rejected', 'no-permission')
        yield* mailbox.pull(remoteId, cursor, options)
      },
    }))
    await until('inbox listed', () => (folder('inbox')?.total ?? 0) > 20)
    await until('resting', () => engine.state(id).step === 'idle')
    expect(engine.state(id).upToDate).toBe(false)
  })
})

describe('a comparison', () => {
  it('finds and mends what is missing here and what is here too much', async () => {
    run()
    await upToDate()
    const total = folder('inbox')?.total ?? 0
    db.write('harm', (tx) => {
      tx.run('DELETE FROM placement WHERE id IN (SELECT id FROM placement WHERE folder_id = ? LIMIT 3)', inbox())
      tx.run("INSERT INTO placement (message_id, folder_id, remote_id, seen, flagged, answered, draft) SELECT message_id, folder_id, '999999', 1, 0, 0, 0 FROM placement WHERE folder_id = ? LIMIT 1", inbox())
    })
    expect(ledgerLines(db, id, 0).some((line) => line.unexplained !== 0)).toBe(true)
    await engine.check(id, new AbortController().signal)
    expect(folder('inbox')?.total).toBe(total)
    for (const line of ledgerLines(db, id, 0)) expect(line).toMatchObject({ unexplained: 0, comparedAt: expect.any(Number) as number })
  })
})

describe('reading', () => {
  it('fetches a text and a source that are not here, once for two readers', async () => {
    db.write('keep little', (tx) => tx.run(`UPDATE account SET keep = '{"bodies":1,"attachments":"demand"}' WHERE id = ?`, id))
    let fetched = 0
    run((mailbox) => ({ ...mailbox, fetchRaw: (...args) => { fetched++; return mailbox.fetchRaw(...args) } }))
    await upToDate()
    const old = db.get<{ id: MessageId; thread_id: number }>('SELECT id, thread_id FROM message WHERE body_state = 0 ORDER BY id LIMIT 1')
    if (!old) throw new Error('The sample mailbox has no mail older than a month.')
    await engine.ensureBody(old.id)
    expect(getThread(db, old.thread_id as never)?.messages.find((one) => one.id === old.id)?.bodyState).toBe('stored')
    const [a, b] = await Promise.all([engine.ensureSource(old.id), engine.ensureSource(old.id)])
    expect(Buffer.compare(a, b)).toBe(0)
    expect(fetched).toBe(1)
    await engine.ensureSource(old.id)
    expect(fetched).toBe(1)
  })
})
