// Rows for tests: an account, folders and listed messages with sensible defaults.
import { join } from 'node:path'
import type { SpecialUse } from '../shared/model/folder.ts'
import type { AccountId, FolderId } from '../shared/model/ids.ts'
import type { Address } from '../shared/model/message.ts'
import type { Db } from './handles.ts'
import { openDb } from './open.ts'
import { insertAccount } from './queries/accounts.ts'
import { mirrorFolders, syncFolders } from './queries/folders.ts'
import type { MessageHeaders, NewMessage } from './queries/messages.ts'

export const migrationsDir = join(import.meta.dirname, 'migrations')
const indexWorkerUrl = new URL('index-worker.ts', import.meta.url)

export function openTestDb(file: string, migrations = migrationsDir): Db {
  return openDb({ file, migrationsDir: migrations, indexWorkerUrl })
}

export function addAccount(db: Db, id = 'acc', address = 'me@firm.example'): AccountId {
  return db.write('test account', (tx) =>
    insertAccount(tx, id as AccountId, { name: 'Test', address, color: '#000', settings: { kind: 'sample' }, keep: { bodies: 'all', attachments: 'demand' } }, 0),
  ).id
}

export function addFolder(db: Db, account: AccountId, remoteId: string, special: SpecialUse | null = null): FolderId {
  db.write('test folder', (tx) => {
    mirrorFolders(tx, account, [
      ...syncFolders(tx, account).map((one) => ({ remoteId: one.remoteId, parentRemoteId: null, name: one.name, special: one.special, selectable: true, subscribed: true })),
      { remoteId, parentRemoteId: null, name: remoteId, special, selectable: true, subscribed: true },
    ])
  })
  const found = syncFolders(db, account).find((one) => one.remoteId === remoteId)
  if (!found) throw new Error(`No folder ${remoteId}`)
  return found.id
}

export type ListedOptions = Partial<Pick<MessageHeaders, 'subject' | 'inReplyTo' | 'references' | 'to' | 'listId'>> & {
  readonly from?: Address
  readonly date?: number
  readonly seen?: boolean
  readonly size?: number
}

export function listed(remoteId: string, messageId: string | null, options: ListedOptions = {}): NewMessage {
  const { subject = 'Hello', inReplyTo = null, references = [], to = [], listId = null, from = { name: 'Ada', address: 'ada@x.example' }, date = 1_700_000_000_000, seen = false, size = 1000 } = options
  return {
    remoteId,
    flags: { seen, flagged: false, answered: false, draft: false, keywords: [] },
    receivedAt: date,
    size,
    hasAttachment: false,
    rawHeaders: Buffer.from(`Message-ID: <${messageId ?? ''}>\r\nSubject: ${subject}\r\nDate: ${String(date)}\r\n\r\n`),
    headers: { messageId, inReplyTo, references, subject, from, replyTo: [], to, cc: [], bcc: [], recipientsOmitted: 0, date, automatic: false, listId, unsubscribe: null, utcOffset: null },
  }
}
