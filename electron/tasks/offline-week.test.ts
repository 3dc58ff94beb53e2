// Seven days without a line on a real Dovecot: two thousand actions wait, other programs change the mailbox meanwhile, and
// all of it is told in order when the line is back. Servers with and without the extensions that make this easy.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startDovecot, type Dovecot, type DovecotOptions } from '../../e2e/servers/dovecot.ts'
import { ledgerLines } from '../../db/queries/folders.ts'
import { countTasks } from '../../db/queries/tasks.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import type { MessageId } from '../../shared/model/ids.ts'
import type { TriageAction } from '../../shared/model/triage.ts'
import { createImapMailbox } from '../mail/imap/imap-mailbox.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { listedOnServer, mail, openDesk, type Desk } from './test-desk.ts'

let dovecot: Dovecot
let dir: string
const opened: (Mailbox | Desk)[] = []

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
  await dovecot.dispose()
  rmSync(dir, { recursive: true, force: true })
})

async function begin(options: DovecotOptions, messages: number): Promise<void> {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-week-'))
  dovecot = await startDovecot(options)
  await dovecot.stop()
  const maildir = dovecot.maildir('anna')
  for (let index = 0; index < messages; index++) maildir.add([], { raw: mail(`m${String(index)}@x`), flags: [], date: new Date(Date.UTC(2026, 10, 1) + index * 60_000) })
  await dovecot.start()
}
const mailbox = (): Mailbox => {
  const one = createImapMailbox({
    settings: { kind: 'imap', incoming: { host: dovecot.host, port: dovecot.port, security: 'plain' }, outgoing: null, userName: 'anna', plainConsent: true, trusted: [] },
    password: () => Promise.resolve('geheim'),
  })
  opened.push(one)
  return one
}
const desk = (on: Mailbox, name: string): Desk => {
  const one = openDesk(dir, on, name)
  opened.push(one)
  return one
}
const offline = (one: Mailbox): Mailbox => ({ ...one, apply: () => Promise.reject(new MailFailure('offline', 'refused')), listFolders: () => Promise.reject(new MailFailure('offline', 'refused')) })

async function agree(desks: readonly Desk[], other: Mailbox): Promise<Map<string, string[]>> {
  const { signal } = new AbortController()
  const truth = new Map<string, string[]>()
  for (const folder of await other.listFolders(signal)) {
    if (!folder.selectable) continue
    const there = await listedOnServer(other, folder.remoteId)
    truth.set(folder.name, there)
    for (const one of desks) expect(one.listed(one.folder(folder.special ?? folder.name)), folder.remoteId).toEqual(there)
  }
  for (const one of desks) {
    for (const line of ledgerLines(one.db, one.account.id, 0)) expect(line, line.path).toMatchObject({ unexplained: 0, pending: 0 })
    expect(one.db.all('SELECT * FROM owed')).toEqual([])
  }
  return truth
}

describe.each([
  ['with every extension', {}],
  ['with none', { capabilities: 'plain' }],
] as const)('a week offline %s', (_name, options) => {
  it('ends with two thousand actions told in order, conflicts listed, and everybody seeing the same', async () => {
    const messages = 700
    await begin(options, messages)
    const setup = await dovecot.session('anna')
    await setup.do('CREATE Elsewhere')
    await setup.do('LOGOUT')
    const server = mailbox()
    const first = desk(server, 'a')
    await first.sync()
    const ids = Array.from({ length: messages }, (_, index) => first.message(`m${String(index)}@x`))
    first.mailbox = offline(server)
    const clients = first.triage
    let actions = 0
    const act = async (id: MessageId, action: TriageAction): Promise<void> => {
      actions++
      first.now += 5 * 60_000
      await clients.act({ messages: [id] }, action)
    }
    for (const [index, id] of ids.entries()) {
      await act(id, { type: 'seen', seen: true })
      if (index % 3 === 0) await act(id, { type: 'flag', flagged: true })
      await act(id, index % 7 === 0 ? { type: 'trash' } : { type: 'archive' })
      if (index % 2 === 0 && index % 7 !== 0) await act(id, { type: 'move', folderId: first.folder('junk') })
      if (index % 4 === 0) await act(id, { type: 'seen', seen: false })
      if (index % 200 === 0) await expect(first.settle()).rejects.toMatchObject({ kind: 'offline' })
    }
    expect(actions).toBeGreaterThanOrEqual(2000)
    expect(first.now - Date.UTC(2026, 10, 21, 12)).toBeGreaterThan(6 * 86_400_000)
    first.restart()

    // Meanwhile: some of it deleted, some of it moved, all by somebody else.
    const session = await dovecot.session('anna')
    await session.do('SELECT INBOX')
    await session.do('STORE 1:5 +FLAGS (\\Deleted)')
    await session.do('EXPUNGE')
    await session.do('SUBSCRIBE Elsewhere')
    await session.do('COPY 1:3 Elsewhere')
    await session.do('STORE 1:3 +FLAGS (\\Deleted)')
    await session.do('EXPUNGE')
    await session.do('LOGOUT')

    first.mailbox = server
    expect(await first.settle()).toBeNull()
    await first.sync()
    expect(countTasks(first.db, first.account.id)).toBe(0)
    const { problems, rows } = first.queue.list()
    expect(problems).toBeGreaterThan(0)
    expect(rows.filter((row) => row.state === 'problem' && row.code === 'move').reduce((sum, row) => sum + Number(row.values['count']), 0)).toBe(8)

    const other = mailbox()
    const second = desk(other, 'b')
    await second.sync()
    const truth = await agree([first, second], other)
    expect(truth.get('INBOX') ?? truth.get('Inbox')).toEqual([])
    expect(truth.get('Elsewhere')).toHaveLength(3)
    expect([...truth.values()].flat()).toHaveLength(messages - 5)
    // In order: what was read and then marked unread again is unread.
    const archive = truth.get('Archive') ?? []
    for (const line of archive) {
      const index = Number(/^m(\d+)@/.exec(line)?.[1])
      expect(line.includes(' seen'), line).toBe(index % 4 !== 0)
      expect(line.includes(' flagged'), line).toBe(index % 3 === 0)
    }
  }, 240_000)

  it('of two programs with different plans ends with both seeing the same', async () => {
    await begin(options, 40)
    const [one, two] = [desk(mailbox(), 'a'), desk(mailbox(), 'b')]
    await one.sync()
    await two.sync()
    for (let index = 0; index < 40; index++) {
      const id = `m${String(index)}@x`
      await one.triage.act({ messages: [one.message(id)] }, index % 2 === 0 ? { type: 'archive' } : { type: 'flag', flagged: true })
      await two.triage.act({ messages: [two.message(id)] }, index % 3 === 0 ? { type: 'trash' } : { type: 'seen', seen: true })
    }
    for (let round = 0; round < 3; round++) {
      for (const each of [one, two]) {
        await each.settle()
        await each.sync()
      }
    }
    await one.check()
    const truth = await agree([one, two], mailbox())
    expect([...truth.values()].flat()).toHaveLength(40)
  }, 120_000)

  it('survives that the server numbers a folder anew while moves from it wait', async () => {
    await begin(options, 6)
    const one = desk(mailbox(), 'a')
    await one.sync()
    await one.triage.act({ messages: [one.message('m0@x'), one.message('m1@x')] }, { type: 'archive' })
    await one.triage.act({ messages: [one.message('m2@x')] }, { type: 'flag', flagged: true })
    await dovecot.doveadm(['mailbox', 'update', '-u', 'anna', '--uid-validity', '987654', 'INBOX'])
    await one.sync()
    expect(one.listed(one.folder('inbox'))).toEqual(['m2@x flagged', 'm3@x', 'm4@x', 'm5@x'])
    await one.settle()
    await one.sync()
    const truth = await agree([one], mailbox())
    expect(truth.get('Archive')).toEqual(['m0@x', 'm1@x'])
    expect(one.queue.list().problems).toBe(0)
  }, 120_000)
})
