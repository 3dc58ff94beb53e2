import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../../../db/handles.ts'
import { noteCorrespondence } from '../../../db/queries/correspondents.ts'
import { forgetCorrespondent } from '../../../db/queries/recipients.ts'
import { addAccount, openTestDb } from '../../../db/test-rows.ts'
import type { AccountId } from '../../../shared/model/ids.ts'
import { createRecipientIndex, type RecipientIndex } from './recipient-index.ts'

const now = Date.UTC(2026, 10, 21)
const day = 86_400_000
const me = { name: 'Me', address: 'me@firm.example' }
let dir: string
let db: Db
let account: AccountId
let index: RecipientIndex
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-recipients-'))
  db = openTestDb(join(dir, 'a.db'))
  account = addAccount(db)
  index = createRecipientIndex(db, () => now)
})
afterEach(async () => {
  await db.close()
  rmSync(dir, { recursive: true })
})

const basis = { cc: [], bcc: [], automatic: false, listId: null, utcOffset: null }
const sentTo = (name: string, address: string, daysAgo = 1, by = account): void => {
  db.write('sent', (tx) => { noteCorrespondence(tx, by, { ...basis, from: me, to: [{ name, address }], date: now - daysAgo * day }, true) })
  index.stale()
}
const heardFrom = (name: string, address: string, daysAgo = 1): void => {
  db.write('heard', (tx) => { noteCorrespondence(tx, account, { ...basis, from: { name, address }, to: [me], date: now - daysAgo * day }, false) })
  index.stale()
}
const suggested = async (text: string, accountId: AccountId | null = null): Promise<string[]> => (await index.suggest({ text, accountId, limit: 10 })).map((one) => one.address.split('@')[0] ?? '')

describe('completion', () => {
  it('puts people written to before those who only wrote, then the most and the latest', async () => {
    for (let i = 0; i < 9; i++) heardFrom('Ada Often', 'ada.often@x.example')
    sentTo('Ada Once', 'ada.once@x.example', 3)
    for (let i = 0; i < 4; i++) sentTo('Ada Regular', 'ada.regular@x.example', 2)
    for (let i = 0; i < 4; i++) sentTo('Ada Former', 'ada.former@x.example', 900)
    expect(await suggested('ada')).toEqual(['ada.regular', 'ada.once', 'ada.former', 'ada.often'])
  })
  it('finds the start of any word of name, address and domain, several of them, with or without accents', async () => {
    sentTo('Jörg Müller-Öst', 'j.mueller@brueckner.example')
    sentTo('Søren Åberg', 'sa@nordlys.example')
    for (const text of ['jörg', 'JORG', 'joerg', 'mull', 'muell', 'ost', 'müller jörg', 'j.mu', 'brueck', 'j.mueller@bru']) expect(await suggested(text), text).toEqual(['j.mueller'])
    for (const text of ['søren', 'soren', 'aberg', 'aaberg', 'nordlys', 'sa@nordlys.ex']) expect(await suggested(text), text).toEqual(['sa'])
    for (const text of ['ller', 'oren', 'jörg nordlys']) expect(await suggested(text), text).toEqual([])
  })
  it('knows who was written to a moment ago, and older mail that came later', async () => {
    expect(await suggested('new')).toEqual([])
    sentTo('New Person', 'new@x.example', 0)
    expect(await suggested('new')).toEqual(['new'])
    heardFrom('Old Friend', 'old@x.example', 3000)
    await suggested('old')
    await expect.poll(() => suggested('old')).toEqual(['old'])
  })
  it('forgets somebody until they are written to again', async () => {
    sentTo('Ada', 'ada@x.example', 10)
    await suggested('ada')
    db.write('forget', (tx) => { forgetCorrespondent(tx, 'Ada@x.example', now - 5 * day) })
    index.forget('Ada@x.example')
    expect(await suggested('ada')).toEqual([])
    heardFrom('Ada', 'ada@x.example', 1)
    expect(await suggested('ada')).toEqual([])
    sentTo('Ada', 'ada@x.example', 0)
    expect(await suggested('ada')).toEqual(['ada'])
  })
  it('counts a person once over all accounts, and prefers those of the account written from', async () => {
    const second = addAccount(db, 'two', 'two@firm.example')
    sentTo('Ada', 'ada@x.example', 2)
    sentTo('Ada', 'ada@x.example', 1, second)
    expect(await index.suggest({ text: 'ada', accountId: null, limit: 5 })).toMatchObject([{ sent: 2, received: 0, lastAt: now - day }])
    sentTo('Bo One', 'bo1@x.example', 2)
    sentTo('Bo Two', 'bo2@x.example', 2, second)
    expect((await suggested('bo', second))[0]).toBe('bo2')
    expect((await suggested('bo', account))[0]).toBe('bo1')
  })
})
