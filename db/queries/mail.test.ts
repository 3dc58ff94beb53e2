import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountId, FolderId, MessageId, PlacementId, ThreadId } from '../../shared/model/ids.ts'
import { parseSearch } from '../../shared/model/search-query.ts'
import type { Db } from '../handles.ts'
import { addAccount, addFolder, listed, openTestDb, type ListedOptions } from '../test-rows.ts'
import { accountsBeingRemoved, markAccountRemoving, removeAccountPart } from './accounts.ts'
import { allProved, ledgerLines, listFolders, mirrorFolders, notePull, notePulled } from './folders.ts'
import { getMessage, purgeOrphans, readBody, removePlacements, setRemoteFlags, storeBody, storeListed } from './messages.ts'
import { flagLocal, owedBy, placementsIn, settleTold } from './owed.ts'
import { runSearch } from './search.ts'
import { insertTask } from './tasks.ts'
import { joinThreads, splitMessage } from './threading.ts'
import { getThread, listThreads } from './threads.ts'

let dir: string
let db: Db
let account: AccountId
let inbox: FolderId
const now = 1_750_000_000_000
const day = 86_400_000

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-mail-'))
  db = openTestDb(join(dir, 'a.db'))
  account = addAccount(db)
  inbox = addFolder(db, account, 'INBOX', 'inbox')
})
afterEach(async () => {
  await db.close()
  rmSync(dir, { recursive: true })
})

let remote = 0
function store(messageId: string | null, options: ListedOptions = {}, folder = inbox): MessageId {
  remote++
  const message = listed(String(remote), messageId, options)
  return db.write('store', (tx) => storeListed(tx, account, folder, [message], now))[0]?.id as MessageId
}
const body = (text: string, extra: { filenames?: string[]; html?: string } = {}) => ({
  text,
  htmlZstd: extra.html === undefined ? null : zstdCompressSync(extra.html),
  snippet: text.slice(0, 50),
  invite: null,
  attachments: (extra.filenames ?? []).map((filename, index) => ({ index, filename, mimeType: 'application/pdf', size: 10, contentId: null, inline: false, kind: 'pdf' as const, dangerous: false })),
})
const threadOf = (id: MessageId) => getMessage(db, id)?.threadId
const search = async (query: string) => {
  await db.indexed()
  return runSearch(db, parseSearch(query, now, false), null, null, 20).hits.map((hit) => hit.messageId)
}
const rows = (source: FolderId | 'inboxes' = inbox) => listThreads(db, source, 'all', null, null, 50).rows

describe('messages of the same second', () => {
  const listedAs = (remoteId: number) => listed(String(remoteId), `m${String(remoteId)}@x`, { references: ['root@x'] })
  const received = (...remoteIds: readonly number[]): void => {
    for (const remoteId of remoteIds) db.write('store', (tx) => storeListed(tx, account, inbox, [listedAs(remoteId)], now))
  }
  const order = () => {
    const thread = db.get<{ thread_id: ThreadId }>("SELECT thread_id FROM message WHERE header_message_id LIKE 'm%'")?.thread_id
    return getThread(db, thread as ThreadId)?.messages.map((message) => Number(message.headerMessageId?.slice(1, -2)))
  }

  it.each([
    ['upwards', [11, 12, 13, 14, 15]],
    ['downwards', [15, 14, 13, 12, 11]],
    ['downwards, while new ones arrive', [13, 14, 12, 11, 15]],
    ['with some that were met late', [11, 13, 12, 15, 14]],
  ])('stand as the server received them, listed %s', (_how, remoteIds) => {
    received(...remoteIds)
    expect(order()).toEqual([11, 12, 13, 14, 15])
  })

  it('find room, however many there are', () => {
    received(...Array.from({ length: 100 }, (_, at) => 200 - at))
    expect(order()).toHaveLength(100)
  })
})

describe('threads', () => {
  it('follow In-Reply-To and References, whichever message comes first', () => {
    const reply = store('b@x', { inReplyTo: 'a@x', references: ['a@x'] })
    const other = store('c@x', { references: ['a@x', 'b@x'], inReplyTo: 'b@x' })
    const root = store('a@x')
    expect(threadOf(reply)).toBe(threadOf(root))
    expect(threadOf(other)).toBe(threadOf(root))
    expect(rows()).toHaveLength(1)
    expect(rows()[0]?.messageCount).toBe(3)
  })

  it('merge when a message turns out to link two of them', () => {
    const a = store('a@x')
    const b = store('b@x', { references: ['lost@x'] })
    expect(threadOf(a)).not.toBe(threadOf(b))
    store('lost@x', { inReplyTo: 'a@x' })
    expect(threadOf(a)).toBe(threadOf(b))
    expect(rows()).toHaveLength(1)
  })

  it('never join two people by the subject alone', () => {
    store('a@x', { subject: 'Application' })
    store('b@x', { subject: 'Re: Application', from: { name: 'Bo', address: 'bo@y.example' } })
    store(null, { subject: 'Application', date: now })
    expect(rows()).toHaveLength(3)
  })

  it('are about those written to while only the account itself wrote', () => {
    const me = { name: 'Maria Keller', address: 'Me@Firm.example' }
    const sent = addFolder(db, account, 'Sent', 'sent')
    const to = ['kari', 'ola', 'ane', 'bo', 'liv'].map((name) => ({ name, address: `${name}@a.no` }))
    store('a@x', { from: me, to, subject: 'Interview', date: now - day }, sent)
    expect(rows(sent)[0]).toMatchObject({ people: [{ me: true }], to: to.slice(0, 4) })
    store('b@x', { inReplyTo: 'a@x', references: ['a@x'], from: { name: 'Kari', address: 'kari@a.no' }, to: [me], subject: 'Re: Interview', date: now })
    expect(rows(sent)[0]).toMatchObject({ people: [{ name: 'Maria Keller' }, { name: 'Kari' }], to: [] })
  })

  it('stay split and joined when everything is listed anew', () => {
    const root = store('a@x')
    const reply = store('b@x', { inReplyTo: 'a@x', references: ['a@x'] })
    const stranger = store('z@y', { subject: 'Other' })
    const split = db.write('split', (tx) => splitMessage(tx, reply))
    expect(split).not.toBe(threadOf(root))
    expect(threadOf(reply)).toBe(split)
    db.write('join', (tx) => joinThreads(tx, [threadOf(root) ?? 0, threadOf(stranger) ?? 0] as never))
    expect(threadOf(stranger)).toBe(threadOf(root))

    db.write('lose everything', (tx) => {
      removePlacements(tx, inbox, ['1', '2', '3', String(remote), String(remote - 1), String(remote - 2)], 0)
      purgeOrphans(tx, 1, 100)
    })
    expect(rows()).toEqual([])
    const again = [store('b@x', { inReplyTo: 'a@x', references: ['a@x'] }), store('z@y', { subject: 'Other' }), store('a@x')]
    const [newReply, newStranger, newRoot] = again.map(threadOf)
    expect(newStranger).toBe(newRoot)
    expect(newReply).not.toBe(newRoot)
    // A reply to the split message stays with it, although its References name the old conversation too.
    expect(threadOf(store('c@x', { inReplyTo: 'b@x', references: ['a@x', 'b@x'] }))).toBe(newReply)
  })
})

describe('a listed message', () => {
  it('is stored once however often it is listed', () => {
    const message = listed('7', 'a@x')
    for (let i = 0; i < 3; i++) db.write('store', (tx) => storeListed(tx, account, inbox, [message], now))
    expect(listFolders(db)[0]).toMatchObject({ total: 1, unread: 1 })
    expect(rows()).toHaveLength(1)
  })

  it('is one message in two folders, keeps its text through a move and is purged only when no folder holds it', async () => {
    const archive = addFolder(db, account, 'Archive', 'archive')
    const id = store('a@x')
    const from = String(remote)
    db.write('text', (tx) => { storeBody(tx, id, body('hydrokraft')) })
    db.write('gone', (tx) => removePlacements(tx, inbox, [from], now))
    expect(rows()).toEqual([])
    expect(getThread(db, threadOf(id) as never)).toBeNull()
    expect(store('a@x', {}, archive)).toBeUndefined()
    expect(rows(archive)[0]?.newestMessageId).toBe(id)
    expect(readBody(db, id)?.text).toBe('hydrokraft')
    expect(db.write('purge', (tx) => purgeOrphans(tx, now + day, 10))).toBe(0)
    db.write('gone', (tx) => removePlacements(tx, archive, [String(remote)], now))
    expect(db.write('purge', (tx) => purgeOrphans(tx, now + day, 10))).toBe(1)
    expect(await search('hydrokraft')).toEqual([])
    expect(db.get('SELECT count(*) AS n FROM thread')).toEqual({ n: 0 })
  })

  it('gets an id that follows its date, so that lists are in order without sorting', () => {
    const ids = [5, 1, 9, 3].map((days) => store(`${String(days)}@x`, { date: now - days * day }))
    const newestFirst = [...ids].sort((a, b) => b - a)
    expect(newestFirst.map((id) => getMessage(db, id)?.headerMessageId)).toEqual(['1@x', '3@x', '5@x', '9@x'])
    expect(rows().map((row) => row.newestMessageId)).toEqual(newestFirst)
  })

  it('from the future or without a date is dated by the server', () => {
    const id = store('f@x', { date: now })
    expect(getMessage(db, id)?.date).toBe(now)
    const message = { ...listed('99', 'g@x', { date: now + 400 * day }), receivedAt: now - day }
    const [created] = db.write('store', (tx) => storeListed(tx, account, inbox, [message], now))
    expect(getMessage(db, created?.id as MessageId)?.date).toBe(now - day)
  })
})

describe('flags', () => {
  it('set here are not overwritten by the server until it confirmed them', () => {
    const id = store('a@x')
    const remoteId = String(remote)
    const unseen = { seen: false, flagged: false, answered: false, draft: false, keywords: [] }
    const [place] = placementsIn(db, id, inbox)
    const task = db.write('read', (tx) => {
      const made = insertTask(tx, account, 'set-flags', {}, now)
      flagLocal(tx, place?.id as PlacementId, 'seen', true, () => made)
      return made
    })
    db.write('stale news', (tx) => { setRemoteFlags(tx, inbox, remoteId, unseen) })
    expect(getMessage(db, id)?.seen).toBe(true)
    expect(listFolders(db)[0]?.unread).toBe(0)
    db.write('confirmed', (tx) => { for (const owed of owedBy(tx, [task])) settleTold(tx, owed) })
    db.write('news', (tx) => { setRemoteFlags(tx, inbox, remoteId, unseen) })
    expect(getMessage(db, id)?.seen).toBe(false)
    expect(rows()[0]?.unread).toBe(true)
  })
})

describe('the thread list', () => {
  it('pages through every thread once, however the pages fall', () => {
    for (let i = 0; i < 23; i++) store(`${String(i)}@x`, { date: now - (i % 5) * 1000 })
    const seen: number[] = []
    for (let after: string | null = null; ; ) {
      const page = listThreads(db, 'inboxes', 'all', null, after, 4)
      seen.push(...page.rows.map((row) => row.id))
      if (page.next === null) break
      after = page.next
    }
    expect(new Set(seen).size).toBe(23)
    expect(seen).toHaveLength(23)
  })

  it('filters', () => {
    store('a@x', { seen: true })
    const unread = store('b@x')
    const cv = store('c@x', { seen: true })
    db.write('text', (tx) => { storeBody(tx, cv, body('see attached', { filenames: ['cv.pdf'] })) })
    expect(listThreads(db, inbox, 'unread', null, null, 9).rows.map((row) => row.newestMessageId)).toEqual([unread])
    expect(listThreads(db, inbox, 'attachments', null, null, 9).rows.map((row) => row.newestMessageId)).toEqual([cv])
  })
})

describe('search', () => {
  it('finds words, phrases, beginnings and folded accents, newest first, and leaves out what is negated', async () => {
    const old = store('a@x', { date: now - 9 * day, subject: 'Gehaltsvorstellung' })
    const recent = store('b@x', { date: now - day })
    db.write('texts', (tx) => {
      storeBody(tx, old, body('Ich kenne Strömungslehre und Hydraulik sehr gut'))
      storeBody(tx, recent, body('Hydraulik ist nicht mein Fach'))
    })
    expect(await search('hydraulik')).toEqual([recent, old])
    expect(await search('stromungslehre')).toEqual([old])
    expect(await search('"sehr gut"')).toEqual([old])
    expect(await search('"gut sehr"')).toEqual([])
    expect(await search('hydr*')).toEqual([recent, old])
    expect(await search('hydraulik -fach')).toEqual([old])
    expect(await search('subject:gehaltsvorstellung')).toEqual([old])
    expect(await search('hydraulik after:3d')).toEqual([recent])
    expect(await search('hydraulik before:3d')).toEqual([old])
  })

  it('narrows by people, folder, state and file name', async () => {
    const archive = addFolder(db, account, 'Archive', 'archive')
    const a = store('a@x', { from: { name: 'Bjørn Østby', address: 'bjorn@online.example' }, to: [{ name: 'Me', address: 'me@firm.example' }] })
    const b = store('b@x', { seen: true }, archive)
    db.write('texts', (tx) => {
      storeBody(tx, a, body('report'))
      storeBody(tx, b, body('report', { filenames: ['Zeugnis_2024.pdf'] }))
    })
    expect(await search('from:ostby')).toEqual([])
    expect(await search('from:bjørn report')).toEqual([a])
    expect(await search('to:me@firm.example')).toEqual([a])
    expect(await search('report in:archive')).toEqual([b])
    expect(await search('is:unread')).toEqual([a])
    expect(await search('has:attachment')).toEqual([b])
    expect(await search('filename:zeugnis*')).toEqual([b])
    expect(await search('account:nobody report')).toEqual([])
  })

  it('finds what was forwarded, as a server says or from here', async () => {
    const [said, sent, neither] = [store('said@x'), store('sent@x', { date: now + 1000 }), store('neither@x', { date: now + 2000 })]
    db.write('forwarded', (tx) => {
      tx.run("UPDATE placement SET keywords = 'work $Forwarded' WHERE message_id = ?", said)
      tx.run("UPDATE placement SET keywords = '$ForwardedNot' WHERE message_id = ?", neither)
      tx.run(
        `INSERT INTO outgoing (account_id, source_message_id, source_mark, header_message_id, subject, from_name, from_address, state, run_at, created_at, size, sent_at)
         VALUES (?, ?, 'forwarded', 'fwd@x', 'Fwd: Hello', 'Me', 'me@firm.example', 'sent', 0, 0, 1, 1)`,
        account, sent,
      )
    })
    expect(await search('is:forwarded')).toEqual([sent, said])
    expect(await search('-is:forwarded hello')).toEqual([neither])
  })

  it('survives whatever is typed', () => {
    store('a@x')
    for (const query of ['"', '""', '-', '*', 'AND', 'a AND', 'NOT NOT', '(', 'from:', 'from:"', 'x:y:z', '^a', 'a:b OR {c}:', "'; DROP TABLE message --", '-only', '\u0000', 'NEAR(a b)', '"unclosed phrase']) {
      expect(() => runSearch(db, parseSearch(query, now), null, null, 10), query).not.toThrow()
    }
  })

  it('says what it could not cover', async () => {
    const id = store('a@x')
    expect(runSearch(db, parseSearch('hello', now), null, null, 10).notCovered).toBe(1)
    db.write('text', (tx) => { storeBody(tx, id, body('x')) })
    await db.indexed()
    expect(runSearch(db, parseSearch('hello', now), null, null, 10).notCovered).toBe(0)
  })

  it('shows a conversation once across pages of matches', async () => {
    const first = store('r@x')
    for (let i = 0; i < 12; i++) store(`r${String(i)}@x`, { inReplyTo: 'r@x', date: now + i * 1000 })
    expect(await search('hello')).toHaveLength(1)
    expect(threadOf(first)).toBeDefined()
  })
})

describe('the folder tree', () => {
  it('mirrors nesting and tells which folders are gone', () => {
    const tree = (names: readonly string[]) =>
      names.map((path) => ({ remoteId: path, parentRemoteId: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : null, name: path.slice(path.lastIndexOf('/') + 1), special: null, selectable: true, subscribed: true }))
    db.write('tree', (tx) => mirrorFolders(tx, account, tree(['INBOX', 'Clients', 'Clients/Nordlys', 'Clients/Nordlys/2025'])))
    const byName = new Map(listFolders(db).map((one) => [one.name, one]))
    expect(byName.get('2025')?.parentId).toBe(byName.get('Nordlys')?.id)
    const gone = db.write('tree', (tx) => mirrorFolders(tx, account, tree(['INBOX', 'Clients'])))
    expect(gone.sort()).toEqual([byName.get('Nordlys')?.id, byName.get('2025')?.id].sort())
  })

  it('is proved only when every folder agrees with the server', () => {
    expect(allProved(db, account)).toBe(false)
    store('a@x')
    db.write('pull', (tx) => {
      notePull(tx, inbox, { cursor: 'c', serverTotal: 2, toFetch: 1 })
      notePulled(tx, inbox, 'm', now)
    })
    expect(allProved(db, account)).toBe(false)
    expect(ledgerLines(db, account, 0)[0]).toMatchObject({ serverCount: 2, ourCount: 1, toFetch: 1, unexplained: 0, provedAt: null })
    store('b@x')
    db.write('pull', (tx) => {
      notePull(tx, inbox, { cursor: 'd', serverTotal: 2, toFetch: 0 })
      expect(notePulled(tx, inbox, 'm', now)).toBe(true)
    })
    expect(allProved(db, account)).toBe(true)
    db.write('lose one behind our back', (tx) => tx.run('DELETE FROM placement WHERE remote_id = ?', String(remote)))
    expect(ledgerLines(db, account, 0)[0]?.unexplained).toBe(1)
    expect(allProved(db, account)).toBe(false)
  })
})

describe('removing an account', () => {
  it('leaves nothing of it and everything of the others', async () => {
    store('a@x')
    const other = addAccount(db, 'other', 'other@firm.example')
    const otherInbox = addFolder(db, other, 'INBOX', 'inbox')
    db.write('store', (tx) => storeListed(tx, other, otherInbox, [listed('1', 'a@x')], now))
    db.write('remove', (tx) => { markAccountRemoving(tx, account) })
    expect(accountsBeingRemoved(db)).toEqual([account])
    while (db.write('delete', (tx) => removeAccountPart(tx, account, 10)));
    for (const table of ['message', 'placement', 'thread', 'thread_ref', 'folder', 'account']) {
      expect(db.get(`SELECT count(*) AS n FROM ${table}`), table).toEqual({ n: 1 })
    }
    await db.indexed()
    expect(db.get("SELECT count(*) AS n FROM idx.search WHERE search MATCH 'hello'")).toEqual({ n: 1 })
  })
})
