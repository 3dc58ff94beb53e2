import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FileHash, type DraftContent } from '../../shared/model/draft.ts'
import type { AccountId, DraftId } from '../../shared/model/ids.ts'
import type { Db } from '../handles.ts'
import { addAccount, migrationsDir, openTestDb } from '../test-rows.ts'
import { markAccountRemoving, removeAccountPart, unfinishedIn, updateAccount, getAccount } from './accounts.ts'
import { discardDraft, discardedKeptMs, draftVersionContent, finishDraft, getDraft, insertDraft, listDrafts, listVersions, markOutgoing, purgeDiscarded, reopenDraft, saveDraft, undiscardDraft } from './drafts.ts'
import { identitiesOf, insertIdentity, removeIdentity, updateIdentity } from './identities.ts'
import { removeSignature, saveSignature } from './signatures.ts'
import { cidsIn, forgetUnusedFiles, noteStoredFile, setFileUses } from './stored-files.ts'

let dir: string
let db: Db
let account: AccountId
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-drafts-'))
  db = openTestDb(join(dir, 'a.db'))
  account = addAccount(db)
})
afterEach(async () => {
  await db.close()
  rmSync(dir, { recursive: true })
})

const hash = (digit: string): FileHash => FileHash.parse(digit.repeat(64))
const content = (text: string, changed: Partial<DraftContent> = {}): DraftContent => ({ identityId: null, to: [], cc: [], bcc: [], subject: text, html: `<p>${text}</p>`, quote: false, files: [], notify: false, ...changed })
const begin = (first = content('0')): DraftId =>
  db.write('begin', (tx) => insertDraft(tx, { accountId: account, kind: 'new', content: first, snippet: '', sourceMessageId: null, threadId: null, inReplyTo: null, references: [], quote: null }, 1000))
const save = (id: DraftId, text: string, basedOn: number, at = 2000, changed: Partial<DraftContent> = {}) => db.write('save', (tx) => saveDraft(tx, id, content(text, changed), text, basedOn, at))
const written = (id: DraftId): string[] => listVersions(db, id).map((one) => draftVersionContent(db, id, one.version)?.subject ?? '')

describe('a draft', () => {
  it('counts as unfinished in its account until it is discarded', () => {
    const id = begin()
    begin()
    expect(unfinishedIn(db, account)).toEqual({ drafts: 2, outgoing: 0, owed: 0 })
    db.write('discard', (tx) => discardDraft(tx, id, 3000))
    expect(unfinishedIn(db, account)).toEqual({ drafts: 1, outgoing: 0, owed: 0 })
  })

  it('keeps both versions when two write at once, the later one newest', () => {
    const id = begin()
    expect(save(id, 'here', 1)).toMatchObject({ version: 2, overtook: false })
    expect(save(id, 'there', 1)).toMatchObject({ version: 3, overtook: true })
    expect(written(id)).toEqual(['there', 'here', '0'])
    expect(getDraft(db, id)?.content.subject).toBe('there')
  })
  it('makes no version of what is already stored', () => {
    const id = begin()
    save(id, 'a', 1)
    expect(save(id, 'a', 1)).toMatchObject({ version: 2, overtook: false })
    expect(listVersions(db, id)).toHaveLength(2)
  })
  it('keeps its last twenty versions whole, and of older ones some with time between them', () => {
    const id = begin()
    for (let i = 1; i <= 200; i++) save(id, String(i), i, 1000 + i * 60_000)
    const kept = written(id).map(Number)
    expect(kept.slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => 200 - i))
    const older = kept.slice(20)
    expect(older.length).toBeGreaterThan(10)
    expect(older.length).toBeLessThanOrEqual(20)
    for (const [i, one] of older.entries()) if (i > 0) expect((older[i - 1] ?? 0) - one).toBeGreaterThanOrEqual(5)
  })
  it('is out of sight while it is discarded or on its way, and comes back from both', () => {
    const id = begin()
    db.write('discard', (tx) => { discardDraft(tx, id, 5000) })
    expect(listDrafts(db)).toEqual([])
    db.write('undiscard', (tx) => undiscardDraft(tx, id))
    expect(listDrafts(db)).toHaveLength(1)
    db.write('send', (tx) => { markOutgoing(tx, id) })
    expect(listDrafts(db)).toEqual([])
    expect(getDraft(db, id)?.outgoing).toBe(true)
    db.write('take back', (tx) => { reopenDraft(tx, id, false) })
    expect(listDrafts(db)).toHaveLength(1)
    db.write('sent', (tx) => { finishDraft(tx, id) })
    expect(getDraft(db, id)).toBeNull()
  })
  it('is deleted 30 days after it was discarded, never while it is on its way', () => {
    const [gone, young, sending] = [begin(), begin(), begin()]
    db.write('discard', (tx) => {
      discardDraft(tx, gone, 0)
      discardDraft(tx, young, discardedKeptMs)
      discardDraft(tx, sending, 0)
      markOutgoing(tx, sending)
    })
    db.write('purge', (tx) => purgeDiscarded(tx, discardedKeptMs, 50))
    expect([gone, young, sending].map((id) => getDraft(db, id) !== null)).toEqual([false, true, true])
  })
  it('goes with its account and leaves nothing behind', () => {
    const id = begin(content('x', { files: [] }))
    db.write('files', (tx) => { noteStoredFile(tx, hash('a'), 1, 0) })
    save(id, 'with file', 1, 0, { files: [{ hash: hash('a'), filename: 'a', mimeType: 'a/b', size: 1 }] })
    db.write('remove', (tx) => { markAccountRemoving(tx, account) })
    while (db.write('part', (tx) => removeAccountPart(tx, account, 10)));
    for (const table of ['draft', 'draft_version', 'identity', 'draft_copy']) expect(db.get(`SELECT count(*) AS n FROM ${table}`)).toEqual({ n: 0 })
    expect(db.write('clean', (tx) => forgetUnusedFiles(tx, 1, 10))).toEqual([hash('a')])
  })
})

describe('a stored file', () => {
  it('stays while anything refers to it: a version, a quote, a signature, another owner', () => {
    const hashes = ['a', 'b', 'c', 'd', 'e'].map(hash)
    db.write('store', (tx) => { for (const one of hashes) noteStoredFile(tx, one, 1, 0) })
    const id = begin(content('first', { files: [{ hash: hash('a'), filename: 'a', mimeType: 'a/b', size: 1 }] }))
    save(id, `second`, 1, 1, { html: `<img src="cid:${hash('b')}">` })
    const signature = db.write('sign', (tx) => saveSignature(tx, { id: null, name: 'x', html: `<img src="cid:${hash('c')}">` }, 0))
    db.write('template', (tx) => { setFileUses(tx, 'template', 1, [hash('d')], 0) })
    const clean = (): FileHash[] => db.write('clean', (tx) => forgetUnusedFiles(tx, 1_000_000, 10))
    expect(clean()).toEqual([hash('e')])
    db.write('let go', (tx) => {
      if (signature) removeSignature(tx, signature.id)
      finishDraft(tx, id)
      setFileUses(tx, 'template', 1, [], 999_999)
    })
    expect(clean().sort()).toEqual(['a', 'b', 'c', 'd'].map(hash))
  })
  it('is kept for a while after it was stored or let go', () => {
    db.write('store', (tx) => { noteStoredFile(tx, hash('a'), 1, 500) })
    expect(db.write('clean', (tx) => forgetUnusedFiles(tx, 500, 10))).toEqual([])
    db.write('use', (tx) => {
      setFileUses(tx, 'library', 1, [hash('a')], 600)
      setFileUses(tx, 'library', 1, [], 900)
    })
    expect(db.write('clean', (tx) => forgetUnusedFiles(tx, 800, 10))).toEqual([])
    expect(db.write('clean', (tx) => forgetUnusedFiles(tx, 901, 10))).toEqual([hash('a')])
  })
  it('is found where a text shows it', () => {
    expect(cidsIn(`<img src="cid:${hash('a')}"> cid:abc <img src='cid:${hash('b')}'> ${hash('c')}`)).toEqual([hash('a'), hash('b')])
  })
})

describe('identities', () => {
  it('are made for the accounts that were here before there were any', async () => {
    const first = join(dir, 'first')
    mkdirSync(first)
    for (const name of readdirSync(migrationsDir).filter((one) => one < '0003')) copyFileSync(join(migrationsDir, name), join(first, name))
    const old = openTestDb(join(dir, 'old.db'), first)
    old.write('an account of before', (tx) => {
      tx.run("INSERT INTO account (id, name, address, color, settings, keep, created_at) VALUES ('a', 'Ada', 'ada@x.example', '#000', '{}', '{}', 0)")
    })
    await old.close()
    const migrated = openTestDb(join(dir, 'old.db'))
    expect(identitiesOf(migrated, 'a' as AccountId)).toMatchObject([{ name: 'Ada', address: 'ada@x.example', isDefault: true }])
    await migrated.close()
  })
  it('begin with one per account, which follows the account as long as nobody changed it', () => {
    expect(identitiesOf(db, account)).toMatchObject([{ name: 'Test', address: 'me@firm.example', isDefault: true }])
    const row = getAccount(db, account)
    if (!row) throw new Error('no account')
    db.write('rename', (tx) => { updateAccount(tx, account, { ...row, name: 'Ingrid', address: 'ingrid@firm.example' }) })
    const [one] = identitiesOf(db, account)
    expect(one).toMatchObject({ name: 'Ingrid', address: 'ingrid@firm.example' })
    if (one) db.write('own name', (tx) => updateIdentity(tx, one.id, { ...one, name: 'Ingrid S.' }))
    db.write('rename', (tx) => { updateAccount(tx, account, { ...row, name: 'Other', address: 'ingrid@firm.example' }) })
    expect(identitiesOf(db, account)).toMatchObject([{ name: 'Ingrid S.' }])
  })
  it('always have one default, and the last one stays', () => {
    const [first] = identitiesOf(db, account)
    if (!first) throw new Error('none')
    const second = db.write('add', (tx) => insertIdentity(tx, { ...first, name: 'Two', address: 'two@firm.example', isDefault: true }))
    expect(identitiesOf(db, account).filter((one) => one.isDefault).map((one) => one.id)).toEqual([second.id])
    db.write('not default', (tx) => updateIdentity(tx, second.id, { ...second, isDefault: false }))
    expect(identitiesOf(db, account)[0]).toMatchObject({ id: second.id, isDefault: true })
    expect(db.write('remove', (tx) => removeIdentity(tx, second.id))).toBe(true)
    expect(identitiesOf(db, account)).toMatchObject([{ id: first.id, isDefault: true }])
    expect(db.write('remove', (tx) => removeIdentity(tx, first.id))).toBe(false)
  })
})
