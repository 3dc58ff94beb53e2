import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Db } from '../../db/handles.ts'
import { storeListed } from '../../db/queries/messages.ts'
import { bouncedBefore, changeOutgoing, getOutgoing, insertOutgoing, markRecipients, outgoingForMessage } from '../../db/queries/outgoing.ts'
import { addAccount, addFolder, listed, openTestDb } from '../../db/test-rows.ts'
import type { AccountId, MessageId, OutgoingId } from '../../shared/model/ids.ts'
import type { DeliveryReport, ReportedRecipient } from '../mail/mime/delivery-report.ts'
import { bounceCode, noteReport, type Bounce } from './bounces.ts'

let dir: string
let db: Db
let account: AccountId
let bounceMessage: MessageId
let sentMessage: MessageId
let mail: OutgoingId
const header = 'one-that-was-sent@firm.example'

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-bounces-'))
  db = openTestDb(join(dir, 'a.db'))
  account = addAccount(db)
  const store = (folder: string, special: 'inbox' | 'sent', id: string): MessageId => {
    const folderId = addFolder(db, account, folder, special)
    return db.write('store', (tx) => storeListed(tx, account, folderId, [listed('1', id)], 0))[0]?.id as MessageId
  }
  bounceMessage = store('INBOX', 'inbox', 'bounce@mx.example')
  sentMessage = store('Sent', 'sent', header)
  mail = db.write('send', (tx) => {
    const id = insertOutgoing(tx, {
      accountId: account, identityId: null, draftId: null, sourceMessageId: null, sourceMark: null, headerMessageId: header, subject: 'Hi', from: { name: '', address: 'me@firm.example' },
      recipients: [{ name: '', address: 'A@x.example', kind: 'to' }, { name: '', address: 'b@x.example', kind: 'cc' }],
      state: 'waiting', runAt: 0, chosenAt: null, timeZone: null, wall: null, handoverAt: null, size: 1, notify: false, rawFile: 'x', copyFile: null, lookFirst: false,
    }, 0)
    markRecipients(tx, id, 'accepted', 'waiting')
    changeOutgoing(tx, id, { state: 'sent', sentAt: 5 })
    return id
  })
})
afterEach(async () => {
  await db.close()
  rmSync(dir, { recursive: true })
})

const recipient = (address: string, more: Partial<ReportedRecipient> = {}): ReportedRecipient => ({ address, action: 'failed', status: '5.1.1', said: '550 no', ...more })
const note = (report: Partial<DeliveryReport>): readonly Bounce[] => db.write('report', (tx) => noteReport(tx, bounceMessage, { envelopeId: null, messageIds: [header], recipients: [], ...report }))
const states = (): string[] => getOutgoing(db, mail)?.recipients.map((one) => one.state) ?? []

describe('a report', () => {
  it('marks the recipient it names on the mail that was sent, and is shown on the copy in Sent', () => {
    expect(note({ recipients: [recipient('a@x.example')] })).toEqual([{ subject: 'Hi', address: 'A@x.example', state: 'bounced', status: '5.1.1', said: '550 no' }])
    expect(outgoingForMessage(db, sentMessage)?.recipients).toMatchObject([{ state: 'bounced', status: '5.1.1', said: '550 no' }, { state: 'accepted' }])
    expect(getOutgoing(db, mail)?.messageId).toBe(sentMessage)
    expect([bouncedBefore(db, 'A@x.example'), bouncedBefore(db, 'b@x.example')]).toEqual([true, false])
  })

  it('of a delay is no bounce, whichever way it says so, and ends with a delivery or a bounce', () => {
    note({ recipients: [recipient('a@x.example', { action: 'delayed', status: '4.4.1' }), recipient('b@x.example', { status: '4.2.2' })] })
    expect(states()).toEqual(['delayed', 'delayed'])
    note({ recipients: [recipient('a@x.example', { action: 'delivered', status: '2.0.0' }), recipient('b@x.example')] })
    expect(states()).toEqual(['accepted', 'bounced'])
  })

  it('is told once', () => {
    expect(note({ recipients: [recipient('a@x.example')] })).toHaveLength(1)
    expect(note({ recipients: [recipient('a@x.example')] })).toHaveLength(0)
  })

  it('is matched by the envelope id as well, and by nothing less', () => {
    expect(note({ messageIds: [], envelopeId: header, recipients: [recipient('a@x.example')] })).toHaveLength(1)
    expect(note({ messageIds: ['unknown@x'], envelopeId: 'one', recipients: [recipient('b@x.example')] })).toHaveLength(0)
  })

  it('about somebody the mail never went to, or to another account, changes nothing', () => {
    expect(note({ recipients: [recipient('stranger@x.example')] })).toEqual([])
    const other = addAccount(db, 'other', 'other@firm.example')
    const folder = addFolder(db, other, 'INBOX', 'inbox')
    const elsewhere = db.write('store', (tx) => storeListed(tx, other, folder, [listed('1', 'bounce2@mx.example')], 0))[0]?.id as MessageId
    expect(db.write('report', (tx) => noteReport(tx, elsewhere, { envelopeId: null, messageIds: [header], recipients: [recipient('a@x.example')] }))).toEqual([])
    expect(states()).toEqual(['accepted', 'accepted'])
  })

  it('is put in plain words by its status', () => {
    expect(['5.1.1', '5.2.2', '5.7.1', '5.4.7', null, '5.9.9'].map(bounceCode)).toEqual(['bounced-unknown', 'bounced-full', 'bounced-policy', 'bounced-unreachable', 'bounced', 'bounced'])
  })
})
