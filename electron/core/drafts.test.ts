import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DraftContent } from '../../shared/model/draft.ts'
import type { FolderId, MessageId } from '../../shared/model/ids.ts'
import type { Message } from '../../shared/model/message.ts'
import { startTestProgram, type TestProgram } from './test-program.ts'

let program: TestProgram
beforeEach(async () => {
  program = await startTestProgram({ sample: true })
  await expect.poll(async () => (await program.api.accounts.list())[0]?.state.upToDate, { timeout: 30_000, interval: 100 }).toBe(true)
})
afterEach(() => program.close())

const start = { sourceMessageId: null, accountId: null, identityId: null, to: [], mailto: null }

async function inboxMessage(matches: (message: Message) => boolean): Promise<Message> {
  const { api } = program
  const folders = await api.folders.list()
  for (const folder of folders) {
    const page = await api.threads.list({ source: folder.id as FolderId, filter: 'all', lane: null, after: null, limit: 100 })
    for (const row of page.rows) {
      const thread = await api.threads.get({ id: row.id })
      const found = thread?.messages.find(matches)
      if (found) return found
    }
  }
  throw new Error('No such message in the sample.')
}

const saved = async (id: number, content: DraftContent, basedOn: number) => program.api.drafts.save({ id: id as never, content, basedOn })

describe('a new draft', () => {
  it('has a sender and is listed once something is there', async () => {
    const { api } = program
    const draft = await api.drafts.create({ ...start, kind: 'new' })
    const [identity] = await api.identities.list()
    expect(draft.content.identityId).toBe(identity?.id)
    expect(draft).toMatchObject({ version: 1, hasQuote: false, outgoing: false, copiedVersion: null })
    const { version } = await saved(draft.id, { ...draft.content, subject: 'Hei', html: '<p>Hei på deg</p>' }, 1)
    expect(version).toBe(2)
    expect(await api.drafts.list()).toMatchObject([{ id: draft.id, subject: 'Hei', snippet: 'Hei på deg' }])
  })
})

describe('an answer', () => {
  it('goes to whoever wrote, under one prefix, with the original kept', async () => {
    const { api } = program
    const source = await inboxMessage((one) => /^Application: Senior/i.test(one.subject.replace(/^re: /i, '')) && !one.from?.address.startsWith('ingrid'))
    const draft = await api.drafts.create({ ...start, kind: 'reply', sourceMessageId: source.id as MessageId })
    expect(draft.content.to.map((one) => one.address)).toEqual([source.from?.address])
    expect(draft.content.subject).toMatch(/^Re: (?!re:)/i)
    expect(draft.hasQuote).toBe(true)
    expect(draft.threadId).toBe(source.threadId)
    const page = await program.hosted.assets.serve(`quote/${String(draft.id)}?theme=light`)
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain("script-src 'none'")
    expect(String(page.body)).toContain('wrote:')
    expect((await api.drafts.quote({ id: draft.id })).html).toMatch(/^<p>On .* wrote:<\/p><blockquote><p>/)
  })
})
