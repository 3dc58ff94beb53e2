import { mkdtempSync, rmSync, writeFileSync, cpSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChangeSet } from './handles.ts'
import { DatabaseTooNew } from './open.ts'
import { addAccount, addFolder, listed, migrationsDir, openTestDb } from './test-rows.ts'
import { storeListed } from './queries/messages.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-db-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

describe('a write', () => {
  it('is undone whole when it throws, and announces nothing', async () => {
    const db = openTestDb(join(dir, 'a.db'))
    const account = addAccount(db)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const heard: ChangeSet[] = []
    db.onChange((changes) => heard.push(changes))
    expect(() =>
      db.write('fails', (tx) => {
        tx.run('INSERT INTO folder (account_id, remote_id, name) VALUES (?, ?, ?)', account, 'X', 'X')
        tx.touch.tree(account)
        throw new Error('on purpose')
      }),
    ).toThrow('on purpose')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(db.all('SELECT * FROM folder')).toEqual([])
    expect(heard.filter((changes) => changes.folders.size > 0 || changes.trees.size > 0)).toEqual([])
    await db.close()
  })

  it('announces what it touched once, after the commit, gathered with its neighbours', async () => {
    const db = openTestDb(join(dir, 'a.db'))
    const account = addAccount(db)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const heard: ChangeSet[] = []
    db.onChange((changes) => heard.push(changes))
    const folder = addFolder(db, account, 'INBOX', 'inbox')
    db.write('one', (tx) => storeListed(tx, account, folder, [listed('1', 'a@x')], Date.now()))
    db.write('two', (tx) => storeListed(tx, account, folder, [listed('2', 'b@x')], Date.now()))
    expect(heard).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 120))
    const told = heard.filter((changes) => changes.folders.size > 0)
    expect(told).toHaveLength(1)
    expect([...(told[0]?.folders ?? [])]).toEqual([folder])
    expect(told[0]?.threads.size).toBe(2)
    await db.indexed()
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(heard.some((changes) => changes.searchable)).toBe(true)
    await db.close()
  })

  it('refuses to nest and to await', async () => {
    const db = openTestDb(join(dir, 'a.db'))
    expect(() => db.write('outer', () => db.write('inner', () => 1))).toThrow(/inside another write/)
    expect(() => db.write('async', async () => Promise.resolve())).toThrow(/synchronous/)
    await db.close()
  })

  it('keeps queries from writing', async () => {
    const db = openTestDb(join(dir, 'a.db'))
    expect(() => db.get('INSERT INTO index_queue (message_id) VALUES (1) RETURNING seq')).toThrow(/must not write/)
    await db.close()
  })
})

describe('opening', () => {
  it('keeps every row and every search trigger when a later migration rebuilds a table', async () => {
    const file = join(dir, 'a.db')
    let db = openTestDb(file)
    const account = addAccount(db)
    const folder = addFolder(db, account, 'INBOX', 'inbox')
    db.write('store', (tx) => storeListed(tx, account, folder, [listed('1', 'a@x', { subject: 'Kraftwerk' })], Date.now()))
    await db.close()

    const later = join(dir, 'migrations')
    cpSync(migrationsDir, later, { recursive: true })
    writeFileSync(
      join(later, '9999-rebuild.sql'),
      `CREATE TABLE new_text (message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE, body TEXT NOT NULL, filenames TEXT NOT NULL) STRICT;
       INSERT INTO new_text SELECT * FROM message_text; DROP TABLE message_text; ALTER TABLE new_text RENAME TO message_text;
       CREATE TABLE new_folder AS SELECT * FROM folder; DROP TABLE folder; ALTER TABLE new_folder RENAME TO folder; CREATE UNIQUE INDEX folder_id ON folder (id);`,
    )
    db = openTestDb(file, later)
    expect(db.get('SELECT count(*) AS n FROM message')).toEqual({ n: 1 })
    expect(db.get('SELECT count(*) AS n FROM placement')).toEqual({ n: 1 })
    db.write('store', (tx) => storeListed(tx, account, folder, [listed('2', 'b@x', { subject: 'Wasserkraft' })], Date.now()))
    await db.indexed()
    expect(db.get("SELECT count(*) AS n FROM idx.search WHERE search MATCH 'kraftwerk OR wasserkraft'")).toEqual({ n: 2 })
    await db.close()
  })

  it('builds the search index anew when its file is lost or damaged', async () => {
    const file = join(dir, 'a.db')
    let db = openTestDb(file)
    const account = addAccount(db)
    const folder = addFolder(db, account, 'INBOX', 'inbox')
    db.write('store', (tx) => storeListed(tx, account, folder, [listed('1', 'a@x', { subject: 'Kraftwerk' })], Date.now()))
    await db.close()
    writeFileSync(join(dir, 'a-search.db'), 'this is no database, and it is long enough to be taken for the header of one, more or less')
    db = openTestDb(file)
    await db.indexed()
    expect(db.get("SELECT count(*) AS n FROM idx.search WHERE search MATCH 'kraftwerk'")).toEqual({ n: 1 })
    await db.close()
  })

  it('refuses a database written by a newer version instead of harming it', async () => {
    const file = join(dir, 'a.db')
    const later = join(dir, 'migrations')
    cpSync(migrationsDir, later, { recursive: true })
    writeFileSync(join(later, '9999-more.sql'), 'CREATE TABLE more (id INTEGER);')
    await openTestDb(file, later).close()
    expect(() => openTestDb(file)).toThrow(DatabaseTooNew)
  })
})

