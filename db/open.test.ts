import { mkdtempSync, rmSync, writeFileSync, copyFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseTooNew, openDb, type ChangeSet } from './open.ts'
import { addAccount, addFolder, listed, migrationsDir } from './test-rows.ts'
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
    const db = openDb(join(dir, 'a.db'), migrationsDir)
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
    expect(heard).toEqual([])
    db.close()
  })

  it('announces what it touched once, after the commit, gathered with its neighbours', async () => {
    const db = openDb(join(dir, 'a.db'), migrationsDir)
    const account = addAccount(db)
    await new Promise((resolve) => setTimeout(resolve, 100))
    const heard: ChangeSet[] = []
    db.onChange((changes) => heard.push(changes))
    const folder = addFolder(db, account, 'INBOX', 'inbox')
    db.write('one', (tx) => storeListed(tx, account, folder, [listed('1', 'a@x')], Date.now()))
    db.write('two', (tx) => storeListed(tx, account, folder, [listed('2', 'b@x')], Date.now()))
    expect(heard).toEqual([])
    await new Promise((resolve) => setTimeout(resolve, 120))
    expect(heard).toHaveLength(1)
    expect([...(heard[0]?.folders ?? [])]).toEqual([folder])
    expect(heard[0]?.threads.size).toBe(2)
    db.close()
  })

  it('refuses to nest and to await', () => {
    const db = openDb(join(dir, 'a.db'), migrationsDir)
    expect(() => db.write('outer', () => db.write('inner', () => 1))).toThrow(/inside another write/)
    expect(() => db.write('async', async () => Promise.resolve())).toThrow(/synchronous/)
    db.close()
  })

  it('keeps queries from writing', () => {
    const db = openDb(join(dir, 'a.db'), migrationsDir)
    expect(() => db.get("INSERT INTO derived (name, version) VALUES ('x', 1) RETURNING name")).toThrow(/must not write/)
    db.close()
  })
})

describe('opening', () => {
  it('keeps every row and every search trigger when a later migration rebuilds a table', () => {
    const file = join(dir, 'a.db')
    let db = openDb(file, migrationsDir)
    const account = addAccount(db)
    const folder = addFolder(db, account, 'INBOX', 'inbox')
    db.write('store', (tx) => storeListed(tx, account, folder, [listed('1', 'a@x', { subject: 'Kraftwerk' })], Date.now()))
    db.close()

    const later = join(dir, 'migrations')
    mkdirSync(later)
    copyFileSync(join(migrationsDir, '0001-initial.sql'), join(later, '0001-initial.sql'))
    writeFileSync(
      join(later, '0002-rebuild.sql'),
      `CREATE TABLE new_text (message_id INTEGER PRIMARY KEY REFERENCES message(id) ON DELETE CASCADE, subject TEXT NOT NULL, sender TEXT NOT NULL, recipients TEXT NOT NULL, body TEXT NOT NULL, filenames TEXT NOT NULL) STRICT;
       INSERT INTO new_text SELECT * FROM message_text; DROP TABLE message_text; ALTER TABLE new_text RENAME TO message_text;
       CREATE TABLE new_folder AS SELECT * FROM folder; DROP TABLE folder; ALTER TABLE new_folder RENAME TO folder; CREATE UNIQUE INDEX folder_id ON folder (id);`,
    )
    db = openDb(file, later)
    expect(db.get('SELECT count(*) AS n FROM message')).toEqual({ n: 1 })
    expect(db.get('SELECT count(*) AS n FROM placement')).toEqual({ n: 1 })
    db.write('store', (tx) => storeListed(tx, account, folder, [listed('2', 'b@x', { subject: 'Wasserkraft' })], Date.now()))
    expect(db.get("SELECT count(*) AS n FROM search WHERE search MATCH 'kraftwerk OR wasserkraft'")).toEqual({ n: 2 })
    db.close()
  })

  it('refuses a database written by a newer version instead of harming it', () => {
    const file = join(dir, 'a.db')
    const later = join(dir, 'migrations')
    mkdirSync(later)
    copyFileSync(join(migrationsDir, '0001-initial.sql'), join(later, '0001-initial.sql'))
    writeFileSync(join(later, '0002-more.sql'), 'CREATE TABLE more (id INTEGER);')
    openDb(file, later).close()
    expect(() => openDb(file, migrationsDir)).toThrow(DatabaseTooNew)
  })
})

