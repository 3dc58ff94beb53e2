// For tests: one of our programs at work on an account, without timers. It syncs, settles and acts when told to, and can be
// killed at any write or at any command to the server; what is left is what its database holds.
import { join } from 'node:path'
import type { Db, Tx } from '../../db/handles.ts'
import { insertAccount, getAccount } from '../../db/queries/accounts.ts'
import { deleteFolderRow, listFolders, mirrorFolders, syncFolder, syncFolders } from '../../db/queries/folders.ts'
import { clearFolder } from '../../db/queries/messages.ts'
import { openTestDb } from '../../db/test-rows.ts'
import { failureOf } from '../../shared/model/failure.ts'
import type { Account } from '../../shared/model/account.ts'
import type { AccountId, FolderId, MessageId } from '../../shared/model/ids.ts'
import { compareFolder } from '../mail/engine/compare-folder.ts'
import type { Parser } from '../mail/engine/given.ts'
import { pullFolder } from '../mail/engine/pull-folder.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { parseHeaders } from '../mail/mime/mime.ts'
import { settleLanes } from './lane-keeper.ts'
import { takeBackFrom } from './message-tasks.ts'
import { onStored } from './snooze.ts'
import { openTaskQueue, type TaskQueue } from './task-queue.ts'
import { openTriage, type Triage } from './triage.ts'

export class Killed extends Error {}

/** Headers only, in this thread: queues do not care for texts. */
export const headerParser: Parser = {
  parse: () => Promise.reject(new Error('No texts here.')),
  parseHeaders: (blocks) => Promise.resolve(blocks.map((block) => parseHeaders(block))),
}

export type Desk = {
  readonly db: Db
  readonly account: Account
  readonly queue: TaskQueue
  readonly triage: Triage
  readonly refused: string[]
  /** The mailbox as the program sees it: replace parts of it to break the line. */
  mailbox: Mailbox
  /** UTC milliseconds. */
  now: number
  /** Ends the program at the n-th write from now, before (or after) it is committed; null: lets it live. */
  killAtWrite: { left: number; committed: boolean } | null
  /** The program begins again on the database it left. */
  readonly restart: () => void
  readonly settle: () => Promise<number | null>
  /** Lists the folders and what changed in them. */
  readonly sync: () => Promise<void>
  /** Compares every id. */
  readonly check: () => Promise<void>
  readonly folder: (name: string) => FolderId
  /** Message-IDs of a folder with their flags, sorted. */
  readonly listed: (folder: FolderId) => string[]
  readonly message: (headerMessageId: string) => MessageId
  readonly close: () => Promise<void>
}

export function openDesk(dir: string, mailbox: Mailbox, name = 'a'): Desk {
  const real = openTestDb(join(dir, `${name}.db`))
  const state: { killAtWrite: Desk['killAtWrite']; dead: boolean; now: number; mailbox: Mailbox } = { killAtWrite: null, dead: false, now: Date.UTC(2026, 10, 21, 12), mailbox }
  const dying = (): boolean => state.killAtWrite !== null && state.killAtWrite.left-- <= 0
  const db: Db = {
    ...real,
    write<T>(label: string, change: (tx: Tx) => T): T {
      if (state.dead) throw new Killed(label)
      const committed = state.killAtWrite?.committed ?? false
      const dies = dying()
      if (dies) {
        state.killAtWrite = null
        state.dead = true
      }
      if (dies && !committed) throw new Killed(label)
      const result = real.write(label, change)
      if (dies) throw new Killed(label)
      return result
    },
  }
  const id = 'account' as AccountId
  if (!getAccount(db, id)) {
    db.write('account', (tx) => insertAccount(tx, id, { name: 'Me', address: 'me@firm.example', color: '#000', settings: { kind: 'sample' }, keep: { bodies: 'all', attachments: 'demand' } }, 0))
  }
  const account = getAccount(db, id) as Account
  const refused: string[] = []
  const now = (): number => state.now
  const begin = (): TaskQueue => openTaskQueue({ db, now, random: () => 0, onRefused: (_account, notice) => refused.push(notice.code) })
  let queue = begin()
  const { signal } = new AbortController()
  const work = { db, account, mark: null, parser: headerParser, clock: { now, after: () => () => undefined }, signal, onStored: (tx: Tx, of: AccountId, folder: FolderId, messages: readonly MessageId[]) => { onStored(tx, of, folder, messages, now()) } }

  const look = async (folder: FolderId): Promise<void> => {
    const found = syncFolder(db, folder)
    if (!found?.selectable) return
    try {
      await pullFolder({ ...work, mailbox: state.mailbox, folder: found }, () => undefined)
    } catch (error) {
      if (failureOf(error).kind !== 'gone') throw error
    }
  }
  const tree = async (): Promise<void> => {
    const listing = await state.mailbox.listFolders(signal)
    for (const gone of db.write('mirror', (tx) => mirrorFolders(tx, id, listing))) {
      db.write('take back', (tx) => {
        takeBackFrom(tx, id, gone, now())
      })
      while (db.write('clear', (tx) => clearFolder(tx, gone, now(), 100)) > 0);
      db.write('forget', (tx) => {
        deleteFolderRow(tx, gone)
      })
    }
  }

  return {
    db,
    account,
    get queue() {
      return queue
    },
    triage: openTriage({ db, now }),
    refused,
    get mailbox() {
      return state.mailbox
    },
    set mailbox(next) {
      state.mailbox = next
    },
    get now() {
      return state.now
    },
    set now(next) {
      state.now = next
    },
    get killAtWrite() {
      return state.killAtWrite
    },
    set killAtWrite(next) {
      state.killAtWrite = next
    },
    restart() {
      state.killAtWrite = null
      state.dead = false
      queue = begin()
    },
    settle: async () => (await queue.settle(account, state.mailbox, signal, look)).again,
    async sync() {
      await tree()
      for (const folder of syncFolders(db, id)) if (folder.selectable) await look(folder.id)
      await settleLanes(db)
    },
    async check() {
      await tree()
      for (const folder of syncFolders(db, id)) if (folder.selectable) await compareFolder({ ...work, mailbox: state.mailbox, folder }, () => undefined)
    },
    folder(wanted) {
      const found = listFolders(db).find((one) => one.name === wanted || one.special === wanted)
      if (!found) throw new Error(`No folder ${wanted} among ${listFolders(db).map((one) => one.name).join(', ')}.`)
      return found.id
    },
    listed: (folder) =>
      db
        .all<{ line: string }>(
          `SELECT m.header_message_id || iif(p.seen, ' seen', '') || iif(p.flagged, ' flagged', '') || iif(p.keywords = '', '', ' ' || p.keywords) AS line
           FROM placement p JOIN message m ON m.id = p.message_id WHERE p.folder_id = ?`,
          folder,
        )
        .map((row) => row.line)
        .sort(),
    message(headerMessageId) {
      const row = db.get<{ id: MessageId }>('SELECT id FROM message WHERE header_message_id = ?', headerMessageId)
      if (!row) throw new Error(`No message ${headerMessageId}.`)
      return row.id
    },
    close: () => real.close(),
  }
}

/** Message-IDs of a folder on the server with their flags, sorted, written as Desk.listed writes them. */
export async function listedOnServer(mailbox: Mailbox, folderRemoteId: string): Promise<string[]> {
  const lines: string[] = []
  for await (const page of mailbox.pull(folderRemoteId, null, { signal: new AbortController().signal, pageSize: 1000, known: () => [] })) {
    for (const one of page.added) {
      const id = /^message-id:\s*<([^>]*)>/im.exec(Buffer.from(one.headers).toString('latin1'))?.[1] ?? ''
      lines.push(`${id}${one.flags.seen ? ' seen' : ''}${one.flags.flagged ? ' flagged' : ''}${one.flags.keywords.length > 0 ? ` ${one.flags.keywords.join(' ')}` : ''}`)
    }
  }
  return lines.sort()
}

export function mail(id: string, options: { readonly subject?: string; readonly from?: string; readonly to?: string; readonly replyTo?: string; readonly date?: number; readonly extra?: string } = {}): Buffer {
  const { subject = `About ${id}`, from = 'Ada <ada@x.example>', to = 'me@firm.example', replyTo, date = Date.UTC(2026, 10, 20, 9), extra = '' } = options
  return Buffer.from(
    `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: ${new Date(date).toUTCString()}\r\nMessage-ID: <${id}>\r\n${replyTo ? `In-Reply-To: <${replyTo}>\r\nReferences: <${replyTo}>\r\n` : ''}${extra}\r\nText of ${id}.\r\n`,
  )
}
