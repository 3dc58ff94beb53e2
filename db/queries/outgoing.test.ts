// Mail on its way out and what became of it, in a database that has sent much.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AccountId } from '../../shared/model/ids.ts'
import type { Db } from '../handles.ts'
import { addAccount, openTestDb } from '../test-rows.ts'
import { allOwed, bouncedBefore, changeOutgoing, countOutgoing, insertOutgoing, listOutgoing, markRecipients, type NewOutgoing } from './outgoing.ts'

let dir: string
let db: Db
let account: AccountId
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-outgoing-'))
  db = openTestDb(join(dir, 'a.db'))
  account = addAccount(db)
})
afterEach(async () => {
  await db.close()
  rmSync(dir, { recursive: true })
})

const mail = (address: string, more: Partial<NewOutgoing> = {}): NewOutgoing => ({
  accountId: account, identityId: null, draftId: null, sourceMessageId: null, sourceMark: null, headerMessageId: `${address}.${String(Math.random())}`, subject: 's',
  from: { name: '', address: 'me@firm.example' }, recipients: [{ name: '', address, kind: 'to' }], state: 'waiting', runAt: 1, chosenAt: null, timeZone: null, wall: null,
  handoverAt: null, size: 1, notify: false, rawFile: 'r', copyFile: null, lookFirst: false, ...more,
})
const sent = (address: string, sentAt: number, state: 'accepted' | 'bounced'): void => {
  db.write('sent', (tx) => {
    const id = insertOutgoing(tx, mail(address), 1)
    changeOutgoing(tx, id, { state: 'sent', sentAt })
    markRecipients(tx, id, state, [{ address, said: null, status: null }])
  })
}

describe('an address', () => {
  it('counts as one that mail came back from until mail to it arrived again', () => {
    expect(bouncedBefore(db, 'a@x.example')).toBe(false)
    sent('a@x.example', 10, 'accepted')
    expect(bouncedBefore(db, 'a@x.example')).toBe(false)
    sent('a@x.example', 20, 'bounced')
    sent('b@x.example', 30, 'accepted')
    expect(bouncedBefore(db, 'a@x.example')).toBe(true)
    sent('a@x.example', 40, 'accepted')
    expect(bouncedBefore(db, 'a@x.example')).toBe(false)
  })
})

describe('lists of mail on its way', () => {
  it('hold what they should, in order, and nothing of what is done', () => {
    const ids = db.write('fill', (tx) => {
      const waiting = insertOutgoing(tx, mail('a@x.example', { runAt: 9 }), 1)
      const late = insertOutgoing(tx, mail('b@x.example', { state: 'scheduled', runAt: 8 }), 1)
      const early = insertOutgoing(tx, mail('c@x.example', { state: 'scheduled', runAt: 7 }), 1)
      return { waiting, late, early }
    })
    sent('d@x.example', 10, 'accepted')
    sent('e@x.example', 20, 'accepted')
    const listed = (part: 'open' | 'scheduled' | 'done'): string[] => listOutgoing(db, part, null, 10).rows.map((one) => one.recipients[0]?.address.slice(0, 1) ?? '')
    expect([listed('open'), listed('scheduled'), listed('done')]).toEqual([['a'], ['c', 'b'], ['e', 'd']])
    expect(countOutgoing(db)).toEqual({ open: 1, scheduled: 2, needsPerson: 0 })
    expect(allOwed(db).map((one) => one.id)).toEqual([ids.early, ids.late, ids.waiting])
  })

  it('do not get slower with every mail that was sent', () => {
    db.write('years of mail', (tx) => {
      tx.run(
        `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
         INSERT INTO outgoing (account_id, header_message_id, subject, from_name, from_address, state, run_at, created_at, size, sent_at)
         SELECT ?, 'm' || i, 'subject', '', 'me@firm.example', 'sent', i, i, 1000, i FROM n`,
        account,
      )
      tx.run("INSERT INTO outgoing_recipient (outgoing_id, position, kind, name, address, state) SELECT id, 0, 'to', '', 'p' || id || '@x.example', 'accepted' FROM outgoing")
    })
    const begun = performance.now()
    for (let each = 0; each < 200; each++) {
      allOwed(db)
      countOutgoing(db)
      listOutgoing(db, 'open', null, 50)
      listOutgoing(db, 'scheduled', null, 50)
      bouncedBefore(db, `p${String(each)}@x.example`)
    }
    // A scan of what was sent takes a hundred times as long.
    expect(performance.now() - begun).toBeLessThan(3_000)
  })
})
