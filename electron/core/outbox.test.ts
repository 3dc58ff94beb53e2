// Sending through the whole program on the sample mailbox, by its contract.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Draft } from '../../shared/model/draft.ts'
import { startTestProgram, type TestProgram } from './test-program.ts'

const address = 'ingrid.solberg@solberg-search.example'
let program: TestProgram

beforeEach(async () => {
  program = await startTestProgram({ sample: true })
  await program.api.settings.set({ undoSendSeconds: 0 })
}, 60_000)
afterEach(() => program.close())

async function draftTo(to: readonly string[], subject = 'To myself'): Promise<Draft> {
  const { api } = program
  const draft = await api.drafts.create({ kind: 'new', sourceMessageId: null, accountId: null, identityId: null, to: to.map((one) => ({ name: '', address: one })), mailto: null })
  const { version } = await api.drafts.save({ id: draft.id, content: { ...draft.content, subject, html: '<p>Hello</p>' }, basedOn: draft.version })
  return { ...draft, version }
}
const send = (draft: Draft, at: number | null = null) => program.api.outbox.send({ draftId: draft.id, version: draft.version, at, timeZone: null })

describe('a draft that is sent', () => {
  it('goes once, arrives, is filed, and is a draft no more', async () => {
    const { api } = program
    const draft = await draftTo([address])
    const { id } = await send(draft)
    await vi.waitFor(async () => expect(await api.outbox.get({ id })).toMatchObject({ state: 'sent', route: 'sample' }), 20_000)
    expect(await api.drafts.get({ id: draft.id })).toBeNull()
    await vi.waitFor(async () => {
      const { hits } = await api.search.run({ query: 'subject:"To myself"', source: null, after: null, limit: 10 })
      expect(hits.length).toBeGreaterThan(0)
      const sent = await api.outbox.get({ id })
      expect(sent?.messageId).not.toBeNull()
      if (sent?.messageId) expect(await api.outbox.forMessage({ messageId: sent.messageId })).toMatchObject({ id })
    }, { timeout: 30_000, interval: 300 })
  }, 60_000)

  it('cannot be sent twice, nor in a version that is not the newest, nor while a check blocks it', async () => {
    const { api } = program
    const draft = await draftTo(['kari@nordlys.example'])
    await expect(api.outbox.send({ draftId: draft.id, version: draft.version - 1, at: null, timeZone: null })).rejects.toMatchObject({ data: { code: 'draft-changed' } })
    await send(draft, Date.now() + 3_600_000)
    await expect(send(draft)).rejects.toMatchObject({ data: { code: 'already-sent' } })
    await expect(send(await draftTo([]))).rejects.toMatchObject({ data: { kind: 'rejected', code: 'draft-blocked' } })
    expect(await api.outbox.counts()).toEqual({ open: 0, scheduled: 1, needsPerson: 0 })
  }, 60_000)

  it('or snoozed takes no time that no calendar has, and is still a draft', async () => {
    const { api } = program
    const draft = await draftTo(['kari@nordlys.example'])
    for (const at of [1e300, 1e17, -1]) await expect(send(draft, at)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    expect(await api.drafts.list()).toHaveLength(1)
    const { id } = await send(draft, Date.now() + 3_600_000.5)
    for (const at of [1e300, 1e17, -1]) await expect(api.outbox.reschedule({ id, at, timeZone: 'Europe/Oslo' })).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    const row = await vi.waitFor(async () => {
      const [first] = (await api.threads.list({ source: 'inboxes', filter: 'all', lane: null, after: null, limit: 1 })).rows
      if (!first) throw new Error('no thread')
      return first
    }, 30_000)
    const snooze = (until: number) => api.triage.act({ target: { threads: [row.id], source: 'inboxes' }, action: { type: 'snooze', until }, job: null })
    for (const until of [1e300, 1e17]) await expect(snooze(until)).rejects.toMatchObject({ code: 'BAD_REQUEST' })
    await snooze(Date.now() + 3_600_000.5)
    expect((await api.threads.list({ source: 'snoozed', filter: 'all', lane: null, after: null, limit: 5 })).rows.map((one) => one.id)).toEqual([row.id])
  }, 60_000)

  it('taken back from its schedule can be written on and sent', async () => {
    const { api } = program
    const draft = await draftTo(['kari@nordlys.example'])
    const { id } = await send(draft, Date.now() + 3_600_000)
    expect(await api.drafts.get({ id: draft.id })).toMatchObject({ outgoing: true })
    expect(await api.outbox.cancel({ id })).toEqual({ draftId: draft.id })
    expect(await api.drafts.get({ id: draft.id })).toMatchObject({ outgoing: false })
    const again = await send(draft)
    await vi.waitFor(async () => expect(await api.outbox.get({ id: again.id })).toMatchObject({ state: 'sent' }), 20_000)
  }, 60_000)
})
