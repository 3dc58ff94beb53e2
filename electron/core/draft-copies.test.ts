// Drafts on a real server, looked at by another mail program.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { simpleParser } from 'mailparser'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestDb } from '../../db/test-rows.ts'
import { startDovecot, type Dovecot } from '../../e2e/servers/dovecot.ts'
import type { ImapSession } from '../../e2e/servers/imap-session.ts'
import type { Draft, DraftContent } from '../../shared/model/draft.ts'
import type { MessageId, ThreadId } from '../../shared/model/ids.ts'
import { movableClock, startTestProgram, type TestProgram } from './test-program.ts'

let dovecot: Dovecot
let other: ImapSession
let program: TestProgram
let clock: ReturnType<typeof movableClock>
let dataDir: string
let secrets: Map<string, string>
const programs: TestProgram[] = []

beforeEach(async () => {
  dovecot = await startDovecot()
  other = await dovecot.session('anna')
  clock = movableClock()
  secrets = new Map()
  dataDir = mkdtempSync(join(tmpdir(), 'shortlist-copies-'))
  program = await startOn(dataDir)
})
afterEach(async () => {
  for (const one of programs.splice(0)) await one.close()
  await other.close()
  await dovecot.dispose()
  rmSync(dataDir, { recursive: true, force: true })
})

async function startOn(dir: string | undefined): Promise<TestProgram> {
  const started = await startTestProgram({ clock, ...(dir === undefined ? {} : { dataDir: dir, secrets }) })
  programs.push(started)
  if ((await started.api.accounts.list()).length === 0) {
    await started.api.accounts.add({
      draft: {
        name: 'Anna Berg', address: 'anna@firm.example',
        settings: { kind: 'imap', incoming: { host: dovecot.host, port: dovecot.port, security: 'plain' }, outgoing: null, userName: 'anna', plainConsent: true, trusted: [] },
      },
      password: 'geheim', outgoingPassword: null, keep: { bodies: 'all', attachments: 'all' },
    })
  }
  await settled(started)
  return started
}
const settled = (one: TestProgram): Promise<void> => expect.poll(async () => (await one.api.accounts.list())[0]?.state.upToDate, { timeout: 20_000, interval: 50 }).toBe(true)

const start = { kind: 'new' as const, sourceMessageId: null, accountId: null, identityId: null, to: [], mailto: null }

async function write(draft: Draft, changed: Partial<DraftContent>): Promise<Draft> {
  await program.api.drafts.save({ id: draft.id, content: { ...draft.content, ...changed }, basedOn: draft.version })
  const stored = await program.api.drafts.get({ id: draft.id })
  if (!stored) throw new Error('The draft is gone.')
  return stored
}

/** What another program sees in the Drafts folder: flags and bytes of each message. */
async function onServer(): Promise<{ flags: string; raw: Buffer }[]> {
  await other.do('SELECT Drafts')
  if ((await other.search('ALL')).length === 0) return []
  const { untagged } = await other.do('FETCH 1:* (FLAGS BODY.PEEK[])')
  return untagged.flatMap((line) => {
    const match = /FETCH \(FLAGS \(([^)]*)\) BODY\[\] \{\d+\}\r\n([\s\S]*)\)$/.exec(line)
    return match ? [{ flags: match[1] ?? '', raw: Buffer.from(match[2] ?? '', 'latin1') }] : []
  })
}
const subjects = async (): Promise<(string | undefined)[]> => Promise.all((await onServer()).map(async (one) => (await simpleParser(one.raw)).subject))

/** Lets the pause after the last change pass, and that after changes the copying itself brought. */
async function copied(): Promise<void> {
  clock.skip(25_000)
  await expect
    .poll(
      async () => {
        if (await allCopied()) return true
        clock.skip(3_000)
        return false
      },
      { timeout: 15_000, interval: 200 },
    )
    .toBe(true)
}
async function allCopied(): Promise<boolean> {
  for (const row of await program.api.drafts.list()) {
    const draft = await program.api.drafts.get({ id: row.id })
    if (draft && draft.version > 1 && draft.copiedVersion !== draft.version) return false
  }
  return true
}

/** The messages listed here as lying in Drafts. */
async function listedDrafts(on: TestProgram): Promise<MessageId[]> {
  const [account] = await on.api.accounts.list()
  if (account) await on.api.accounts.syncNow({ id: account.account.id })
  const folder = (await on.api.folders.list()).find((one) => one.special === 'drafts')
  if (!folder) return []
  const page = await on.api.threads.list({ source: folder.id, filter: 'all', lane: null, after: null, limit: 50 })
  return page.rows.map((row) => row.newestMessageId)
}
async function oneListed(on: TestProgram, matches: (subject: string) => boolean): Promise<MessageId> {
  let found: MessageId | undefined
  await expect
    .poll(
      async () => {
        for (const id of await listedDrafts(on)) if (matches((await on.api.messages.get({ id }))?.subject ?? '')) found = id
        return found !== undefined
      },
      { timeout: 15_000, interval: 100 },
    )
    .toBe(true)
  if (found === undefined) throw new Error('Not listed.')
  return found
}

const html = '<p>Hei <strong>Kåre</strong>,</p><p></p><p>her er <a href="https://x.example/a?b=1&amp;c=2">lenken</a> 😀</p><ul><li><p>en</p></li><li><p>to</p></li></ul><blockquote><p>sitat</p></blockquote><p></p>'
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

async function stored(filename: string, mimeType: string, bytes: Buffer) {
  const { uploadId } = await program.api.files.begin({ filename, mimeType, size: bytes.length })
  await program.api.files.append({ uploadId, offset: 0, data: bytes.toString('base64') })
  return program.api.files.finish({ uploadId })
}

describe('a draft on the server', () => {
  it('is one copy, however often the draft changes, and gone when it is discarded', async () => {
    let draft = await program.api.drafts.create(start)
    expect(await onServer()).toEqual([])
    for (const subject of ['One', 'Two', 'Three']) {
      draft = await write(draft, { subject, to: [{ name: 'Bo', address: 'bo@x.example' }], bcc: [{ name: '', address: 'hidden@x.example' }], html })
      await copied()
      expect(await subjects()).toEqual([subject])
    }
    const [copy] = await onServer()
    expect(copy?.flags.split(' ').sort()).toEqual(['\\Draft', '\\Seen'])
    const read = await simpleParser(copy?.raw ?? '')
    expect(read.text).toContain('her er lenken <https://x.example/a?b=1&c=2> 😀')
    expect(read.bcc).toBeDefined()
    await program.api.drafts.discard({ id: draft.id })
    clock.skip(5_000)
    await expect.poll(onServer, { timeout: 10_000 }).toEqual([])
    // Brought back, it is there again.
    await program.api.drafts.undiscard({ id: draft.id })
    await copied()
    await expect.poll(subjects, { timeout: 10_000 }).toEqual(['Three'])
  })

  it('leads back to the draft it is a copy of', async () => {
    const draft = await write(await program.api.drafts.create(start), { subject: 'Mine', html })
    await copied()
    const opened = await program.api.drafts.open({ messageId: await oneListed(program, (subject) => subject === 'Mine') })
    expect(opened.id).toBe(draft.id)
    expect(opened.version).toBe(draft.version)
    expect(await program.api.drafts.list()).toMatchObject([{ copied: true }])
    // The copy is not another draft.
    expect(await program.api.drafts.others()).toEqual([])
  })

  it('is not shown once more among the messages it answers', async () => {
    await dovecot.deliver('anna', 'INBOX', 'From: Bo <bo@x.example>\r\nTo: anna@firm.example\r\nSubject: Question\r\nMessage-ID: <question@x.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nCan you?\r\n')
    const [account] = await program.api.accounts.list()
    const inbox = (await program.api.folders.list()).find((one) => one.special === 'inbox')
    if (!account || !inbox) throw new Error('no inbox')
    await program.api.accounts.syncNow({ id: account.account.id })
    const listed = () => program.api.threads.list({ source: inbox.id, filter: 'all', lane: null, after: null, limit: 10 })
    await expect.poll(async () => (await listed()).rows.length, { timeout: 15_000 }).toBe(1)
    const [row] = (await listed()).rows
    if (!row) throw new Error('no thread')
    const thread = () => program.api.threads.get({ id: row.id })
    const question = (await thread())?.messages[0]
    if (!question) throw new Error('no message')
    await write(await program.api.drafts.create({ ...start, kind: 'reply', sourceMessageId: question.id }), { html: '<p>Yes.</p>' })
    await copied()
    const copy = await oneListed(program, (subject) => subject === 'Re: Question')
    expect((await program.api.messages.get({ id: copy }))?.threadId).toBe(question.threadId)
    expect((await thread())?.messages.map((one) => one.id)).toEqual([question.id])
  })

  it('is opened on another computer just as it was written', async () => {
    const image = await stored('bilde.png', 'image/png', picture)
    const file = await stored('søknad «1».pdf', 'application/pdf', Buffer.from('%PDF-1.4 æøå'))
    const content: Partial<DraftContent> = {
      subject: 'Søknad – første utkast', to: [{ name: 'Kåre Öst', address: 'kare@x.example' }], cc: [{ name: '', address: 'cc@x.example' }], bcc: [{ name: 'B', address: 'b@x.example' }],
      html: `${html}<p><img src="cid:${image.hash}" alt="bilde" /></p><div data-signature="7"><p>Anna Berg</p></div>`, files: [file],
    }
    const draft = await write(await program.api.drafts.create(start), content)
    await copied()
    const second = await startOn(undefined)
    const opened = await second.api.drafts.open({ messageId: await oneListed(second, (subject) => subject.startsWith('Søknad')) })
    expect(opened.content).toEqual({ ...draft.content, identityId: opened.content.identityId })
    // Opening it once more continues the same draft.
    expect((await second.api.drafts.open({ messageId: await oneListed(second, (subject) => subject.startsWith('Søknad')) })).id).toBe(opened.id)
    const bytes = await second.hosted.assets.serve(`file/${image.hash}`)
    expect(Buffer.from(bytes.body).equals(picture)).toBe(true)
  })

  it('of another program is continued, and replaced rather than doubled', async () => {
    await dovecot.deliver('anna', 'Drafts', 'From: anna@firm.example\r\nTo: Bo <bo@x.example>\r\nSubject: From the telephone\r\nMessage-ID: <phone@x.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><body><div>first<br></div><div>second</div></body></html>\r\n', { flags: ['\\Draft'] })
    const messageId = await oneListed(program, (subject) => subject === 'From the telephone')
    expect(await program.api.drafts.others()).toMatchObject([{ messageId, to: [{ name: 'Bo' }], subject: 'From the telephone' }])
    const opened = await program.api.drafts.open({ messageId })
    expect(await program.api.drafts.others()).toEqual([])
    expect(opened.content).toMatchObject({ to: [{ name: 'Bo', address: 'bo@x.example' }], html: '<p>first<br /></p><p>second</p>', quote: false })
    expect(await onServer()).toHaveLength(1)
    await write(opened, { subject: 'Continued here' })
    await copied()
    await expect.poll(subjects, { timeout: 10_000 }).toEqual(['Continued here'])
  })

  it('is not doubled by a crash between putting a copy there and noting it', async () => {
    const draft = await write(await program.api.drafts.create(start), { subject: 'Crash', html })
    await copied()
    // What a kill right after the server took it leaves behind: the message is there, its place and the version are not noted.
    await program.close()
    programs.splice(0)
    const db = openTestDb(join(dataDir, 'shortlist.db'))
    db.write('forget', (tx) => {
      tx.run('UPDATE draft_copy SET remote_id = NULL')
      tx.run('UPDATE draft SET copied_version = NULL')
    })
    await db.close()
    program = await startOn(dataDir)
    await copied()
    expect(await subjects()).toEqual(['Crash'])
    await write(await reread(draft), { subject: 'After the crash' })
    await copied()
    await expect.poll(subjects, { timeout: 10_000 }).toEqual(['After the crash'])
  })

  it('that another program changed under the same name is kept as a version before it is replaced', async () => {
    const draft = await write(await program.api.drafts.create(start), { subject: 'Ours', html: '<p>ours</p>' })
    await copied()
    const [copy] = await onServer()
    await other.do('STORE 1:* +FLAGS (\\Deleted)')
    await other.do('EXPUNGE')
    await other.append('Drafts', Buffer.from((copy?.raw.toString('latin1') ?? '').replaceAll('ours', 'edited elsewhere'), 'latin1'), { flags: ['\\Draft'] })
    await write(await reread(draft), { html: '<p>ours, going on</p>' })
    await copied()
    const versions = await program.api.drafts.versions({ id: draft.id })
    const texts = await Promise.all(versions.map(async (one) => (await program.api.drafts.versionContent({ id: draft.id, version: one.version }))?.html ?? ''))
    expect(texts.some((text) => text.includes('edited elsewhere'))).toBe(true)
    expect((await reread(draft)).content.html).toBe('<p>ours, going on</p>')
    await copied()
    await expect.poll(onServer, { timeout: 10_000 }).toHaveLength(1)
  })
})

describe('a mail of one’s own that had hidden recipients', () => {
  it('does not tell of them when it is sent on as a file or as it is', async () => {
    await dovecot.deliver('anna', 'INBOX', 'From: anna@firm.example\r\nTo: Bo <bo@x.example>\r\nBcc: The Secret\r\n <secret@y.example>\r\nSubject: Quietly\r\nMessage-ID: <quiet@firm.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nBcc: is spoken of here.\r\n')
    const [account] = await program.api.accounts.list()
    const inbox = (await program.api.folders.list()).find((one) => one.special === 'inbox')
    if (!account || !inbox) throw new Error('no inbox')
    await program.api.accounts.syncNow({ id: account.account.id })
    const listed = async () => (await program.api.threads.list({ source: inbox.id, filter: 'all', lane: null, after: null, limit: 10 })).rows[0]
    await expect.poll(listed, { timeout: 15_000 }).toBeDefined()
    const source = (await program.api.threads.get({ id: (await listed())?.id as ThreadId }))?.messages[0]?.id ?? null
    for (const kind of ['forward-attached', 'redirect'] as const) {
      const { content } = await program.api.drafts.create({ ...start, kind, sourceMessageId: source })
      const file = Buffer.from((await program.hosted.assets.serve(`file/${content.files[0]?.hash ?? ''}`)).body).toString()
      expect(file).toContain('Subject: Quietly\r\n')
      expect(file).toContain('Bcc: is spoken of here.')
      expect(file).not.toContain('ecret')
    }
  })
})

async function reread(draft: Draft): Promise<Draft> {
  const found = await program.api.drafts.get({ id: draft.id })
  if (!found) throw new Error('The draft is gone.')
  return found
}
