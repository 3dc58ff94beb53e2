// Drafts through the contract, over the sample mail: begun from every kind of message, saved, restored, and killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Draft, DraftContent, DraftKind } from '../../shared/model/draft.ts'
import type { Message } from '../../shared/model/message.ts'
import { openTestDb } from '../../db/test-rows.ts'
import { getDraft } from '../../db/queries/drafts.ts'
import { buildDraft } from '../mail/compose/draft-message.ts'
import { openFileStore } from '../mail/compose/file-store.ts'
import { startTestProgram, type TestProgram } from './test-program.ts'

let program: TestProgram
let dataDir: string
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'shortlist-writing-'))
  program = await startTestProgram({ sample: true, dataDir })
  await expect.poll(async () => (await program.api.accounts.list())[0]?.state.upToDate, { timeout: 60_000, interval: 100 }).toBe(true)
})
afterEach(async () => {
  await program.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const start = { sourceMessageId: null, accountId: null, identityId: null, to: [], mailto: null }
const me = 'ingrid.solberg@solberg-search.example'

async function sampleMessage(matches: (message: Message) => boolean): Promise<Message> {
  const { api } = program
  for (const folder of await api.folders.list()) {
    const page = await api.threads.list({ source: folder.id, filter: 'all', lane: null, after: null, limit: 100 })
    for (const row of page.rows) {
      const found = (await api.threads.get({ id: row.id }))?.messages.find(matches)
      if (found) return found
    }
  }
  throw new Error('No such message in the sample.')
}
const begin = (kind: DraftKind, source: Message): Promise<Draft> => program.api.drafts.create({ ...start, kind, sourceMessageId: source.id })
const save = (draft: Draft, changed: Partial<DraftContent>) => program.api.drafts.save({ id: draft.id, content: { ...draft.content, ...changed }, basedOn: draft.version })
const addresses = (list: readonly { address: string }[]): string[] => list.map((one) => one.address.toLowerCase())

/** The draft as it would be sent, read back by another parser. The program is closed first: its files are read as they lie. */
async function built(draft: Draft): Promise<{ mail: Awaited<ReturnType<typeof PostalMime.parse>>; raw: Buffer }> {
  await program.close()
  const db = openTestDb(join(dataDir, 'shortlist.db'))
  try {
    const files = openFileStore({ dir: join(dataDir, 'files'), db, now: Date.now })
    const { raw } = await buildDraft({ db, files, now: Date.now, locale: () => 'en' }, draft.id)
    return { mail: await PostalMime.parse(raw), raw: Buffer.from(raw) }
  } finally {
    await db.close()
  }
}

describe('a new draft', () => {
  it('has a sender and is listed once something is there', async () => {
    const { api } = program
    const draft = await api.drafts.create({ ...start, kind: 'new' })
    const [identity] = await api.identities.list()
    expect(draft.content.identityId).toBe(identity?.id)
    expect(draft).toMatchObject({ version: 1, hasQuote: false, outgoing: false, copiedVersion: null })
    expect(await save(draft, { subject: 'Hei', html: '<p>Hei på deg</p>' })).toMatchObject({ version: 2, overtook: false })
    expect(await api.drafts.list()).toMatchObject([{ id: draft.id, subject: 'Hei', snippet: 'Hei på deg' }])
  })

  it('carries the signature of its sender, and starts from a mailto: address', async () => {
    const { api } = program
    const signature = await api.signatures.save({ id: null, name: 'Long', html: '<p>Ingrid Solberg</p>' })
    const [identity] = await api.identities.list()
    if (!identity) throw new Error('no identity')
    await api.identities.save({ ...identity, signatureNew: signature.id })
    const draft = await api.drafts.create({ ...start, kind: 'new', mailto: 'mailto:a@x.example?subject=Hi&body=one%0Atwo' })
    expect(draft.content).toMatchObject({ subject: 'Hi', to: [{ address: 'a@x.example' }], html: `<p>one</p><p>two</p><p></p><div data-signature="${String(signature.id)}"><p>Ingrid Solberg</p></div>` })
    const answer = await begin('reply', await sampleMessage((one) => one.from?.address !== me && one.replyTo.length === 0))
    expect(answer.content.html).toBe('<p></p>')
  })

  it('goes back to what it was, and keeps what came between', async () => {
    const { api } = program
    const draft = await api.drafts.create({ ...start, kind: 'new' })
    await save(draft, { subject: 'one' })
    await save(draft, { subject: 'two' })
    const versions = await api.drafts.versions({ id: draft.id })
    expect(versions.map((one) => one.subject)).toEqual(['two', 'one', ''])
    const restored = await api.drafts.restore({ id: draft.id, version: 2 })
    expect(restored).toMatchObject({ version: 4, content: { subject: 'one' } })
    expect((await api.drafts.versions({ id: draft.id })).map((one) => one.subject)).toEqual(['one', 'two', 'one', ''])
  })
})

describe('an answer', () => {
  it('goes to whoever wrote, under one prefix, with the original kept', async () => {
    const { api } = program
    const source = await sampleMessage((one) => /^Application: Senior/i.test(one.subject.replace(/^re: /i, '')) && one.from?.address !== me)
    const draft = await begin('reply', source)
    expect(addresses(draft.content.to)).toEqual([source.from?.address])
    expect(draft.content.subject).toMatch(/^Re: (?!re:)/i)
    expect(draft.hasQuote).toBe(true)
    expect(draft.threadId).toBe(source.threadId)
    const page = await program.hosted.assets.serve(`quote/${String(draft.id)}?theme=light`)
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("script-src 'none'")
    expect(String(page.body)).toContain('wrote:')
    expect((await api.drafts.quote({ id: draft.id })).html).toMatch(/^<p>On .* wrote:<\/p><blockquote><p>/)
    await save(draft, { html: '<p>Thank you!</p>' })
    const { mail } = await built(draft)
    expect(mail.inReplyTo).toBe(`<${source.headerMessageId ?? ''}>`)
    expect(mail.references?.split(/\s+/).at(-1)).toBe(`<${source.headerMessageId ?? ''}>`)
    expect(mail.text).toMatch(/^Thank you!\n\nOn .*wrote:\n> /)
    expect(mail.html).toContain('class="gmail_quote"')
  })

  it('to all leaves us out and keeps everybody else once', async () => {
    const source = await sampleMessage((one) => one.from?.address !== me && one.to.length + one.cc.length > 2)
    const { content } = await begin('reply-all', source)
    const everyone = [...addresses(content.to), ...addresses(content.cc)]
    expect(everyone).not.toContain(me)
    expect(new Set(everyone).size).toBe(everyone.length)
    const expected = new Set(addresses([...(source.replyTo.length > 0 ? source.replyTo : source.from ? [source.from] : []), ...source.to, ...source.cc]).filter((one) => one !== me))
    expect(new Set(everyone)).toEqual(expected)
  })

  it('to our own mail goes on to those it was sent to', async () => {
    const source = await sampleMessage((one) => one.from?.address === me && one.to.length === 1 && one.to[0]?.address !== me)
    expect(addresses((await begin('reply', source)).content.to)).toEqual(addresses(source.to))
  })
})

describe('a forward', () => {
  it('takes the text and the files along', async () => {
    const source = await sampleMessage((one) => one.attachments.some((each) => each.filename.endsWith('.pdf') && !each.inline))
    const draft = await begin('forward', source)
    expect(draft.content.subject).toMatch(/^Fwd: /)
    expect(draft.content.to).toEqual([])
    expect(draft.content.files.map((one) => one.filename)).toEqual(source.attachments.filter((one) => !one.inline).map((one) => one.filename))
    await save(draft, { to: [{ name: '', address: 'client@x.example' }] })
    const { mail } = await built(draft)
    expect(mail.text).toContain('---------- Forwarded message ----------')
    expect(mail.attachments.map((one) => one.filename)).toEqual(draft.content.files.map((one) => one.filename))
  })

  it('as an attachment carries the message as it was', async () => {
    const source = await sampleMessage((one) => one.attachments.length === 0 && one.from?.address !== me)
    const draft = await begin('forward-attached', source)
    expect(draft.content.files).toMatchObject([{ mimeType: 'message/rfc822' }])
    expect(draft.hasQuote).toBe(false)
  })
})

describe('a message', () => {
  it('is edited as new with its people, words and files, and answers nobody', async () => {
    const source = await sampleMessage((one) => one.from?.address === me && one.attachments.some((each) => !each.inline))
    const draft = await begin('edit', source)
    expect(addresses(draft.content.to)).toEqual(addresses(source.to))
    expect(draft.content).toMatchObject({ subject: source.subject, quote: false })
    expect(draft.content.html.length).toBeGreaterThan(20)
    expect(draft.content.files.length).toBeGreaterThan(0)
    expect((await built(draft)).mail.inReplyTo).toBeUndefined()
  })

  it('is sent on with every byte as it was below the new fields', async () => {
    const { api } = program
    const source = await sampleMessage((one) => one.from?.address !== me && one.attachments.some((each) => !each.inline))
    const original = Buffer.from((await program.hosted.assets.serve(`source/${String(source.id)}`)).body)
    const draft = await begin('redirect', source)
    await save(draft, { to: [{ name: 'Kollegin Käthe', address: 'kaethe@x.example' }], bcc: [{ name: '', address: 'b@x.example' }] })
    expect((await api.drafts.check({ id: draft.id })).filter((one) => one.blocks)).toEqual([])
    const { raw } = await built(draft)
    const text = raw.toString('latin1')
    expect(text.startsWith('Resent-Date: ')).toBe(true)
    expect(text).toMatch(/^Resent-From: .*<ingrid\.solberg@solberg-search\.example>\r$/m)
    expect(text).not.toContain('b@x.example')
    const body = text.slice(text.indexOf('\r\n', text.indexOf('Resent-Message-ID:')) + 2)
    // But for the path it came by, which is written anew.
    expect(original.toString('latin1')).toMatch(/^Return-Path: /m)
    expect(body).toBe(original.toString('latin1').replace(/\r?\n/g, '\r\n').replace(/^Return-Path: .*\r\n/m, ''))
  })
})

it('keeps the original of an answer when the message is gone', async () => {
  const source = await sampleMessage((one) => one.from?.address !== me && one.snippet.length > 50)
  const draft = await begin('reply', source)
  await program.close()
  const db = openTestDb(join(dataDir, 'shortlist.db'))
  db.write('lose the original', (tx) => {
    tx.run('DELETE FROM message WHERE id = ?', source.id)
    tx.touch.thread(source.threadId)
  })
  expect(getDraft(db, draft.id)).toMatchObject({ sourceMessageId: null, hasQuote: true })
  const files = openFileStore({ dir: join(dataDir, 'files'), db, now: Date.now })
  const { raw } = await buildDraft({ db, files, now: Date.now, locale: () => 'en' }, draft.id)
  await db.close()
  expect((await PostalMime.parse(raw)).text).toMatch(/wrote:\n>/)
})

describe('a kill', () => {
  it('loses nothing whose saving was confirmed', { timeout: 120_000 }, async () => {
    const { api } = program
    const draft = await api.drafts.create({ ...start, kind: 'new' })
    await program.close()
    // The program in a process of its own, saving as fast as it can and telling each save that resolved.
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, ['--no-warnings', join(import.meta.dirname, 'saving-process.ts'), dataDir, String(draft.id)], { stdio: ['ignore', 'pipe', 'inherit'] })
      let confirmed = 0
      const lines = createInterface({ input: child.stdout })
      lines.on('line', (line) => {
        confirmed = Number(line)
        // Somewhere in the middle of the next one.
        if (confirmed > 0 && confirmed % (17 + round * 8) === 0) child.kill('SIGKILL')
      })
      await once(child, 'exit')
      expect(confirmed).toBeGreaterThan(0)
      const db = openTestDb(join(dataDir, 'shortlist.db'))
      const stored = getDraft(db, draft.id)
      await db.close()
      expect(Number(stored?.content.subject)).toBeGreaterThanOrEqual(confirmed)
      expect(stored?.content.html).toBe(`<p>${'x'.repeat(Number(stored?.content.subject))}</p>`)
    }
    program = await startTestProgram({ sample: true, dataDir })
  })
})
