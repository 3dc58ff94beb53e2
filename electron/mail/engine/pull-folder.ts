// Brings one folder's list up to date. The rows of a page are stored in slices; the page's cursor commits with the last of
// them, so a kill in between only lists some messages again, which changes nothing.
import { failureOf } from '../../../shared/model/failure.ts'
import type { Account } from '../../../shared/model/account.ts'
import type { MessageId } from '../../../shared/model/ids.ts'
import type { Db } from '../../../db/handles.ts'
import { notePull, notePulled, remoteIdsIn, resetFolder, type SyncFolder } from '../../../db/queries/folders.ts'
import { clearFolder, removePlacements, setRemoteFlags, storeListed, type NewMessage } from '../../../db/queries/messages.ts'
import { dropLost, loseNumbers } from '../../../db/queries/owed.ts'
import type { ListedMessage, Mailbox, PullPage } from '../mailbox.ts'
import type { ParsedHeaders } from '../mime/headers.ts'
import type { OnStored, Parser, SyncClock } from './given.ts'
import { paced } from './paced.ts'

const pageSize = 250

export type FolderWork = {
  readonly db: Db
  readonly account: Account
  readonly mailbox: Mailbox
  readonly folder: SyncFolder
  /** The folder's change mark from the listing that led here; kept when the pull ends. */
  readonly mark: string | null
  readonly parser: Parser
  readonly clock: SyncClock
  readonly signal: AbortSignal
  readonly onStored?: OnStored | undefined
}

/** Pulls until the folder is listed completely. Gives the messages that arrived since the last complete listing. */
export async function pullFolder(work: FolderWork, onPage: (page: { created: number }) => void): Promise<MessageId[]> {
  const wasListed = work.folder.cursor !== null && work.folder.toFetch === 0
  try {
    const created = await pullFrom(work, work.folder.cursor, onPage)
    return wasListed ? created : []
  } catch (error) {
    if (failureOf(error).kind !== 'cursor-lost') throw error
    // The server numbered its messages anew. What we hold is recognised again by identity, texts included.
    work.db.write('reset a folder', (tx) => {
      resetFolder(tx, work.folder.id)
      loseNumbers(tx, work.folder.id)
    })
    while (work.db.write('clear a folder', (tx) => clearFolder(tx, work.folder.id, work.clock.now(), 50)) > 0) work.signal.throwIfAborted()
    await pullFrom(work, null, onPage)
    return []
  }
}

async function pullFrom(work: FolderWork, cursor: string | null, onPage: (page: { created: number }) => void): Promise<MessageId[]> {
  const { db, folder, mailbox, signal, clock } = work
  const created: MessageId[] = []
  for await (const page of mailbox.pull(folder.remoteId, cursor, { signal, pageSize, known: () => remoteIdsIn(db, folder.id) })) {
    const stored = await storePage(work, page)
    created.push(...stored)
    onPage({ created: stored.length })
    signal.throwIfAborted()
  }
  db.write('note a pull', (tx) => {
    dropLost(tx, folder.id, clock.now())
    notePulled(tx, folder.id, work.mark, clock.now())
  })
  return created
}

async function storePage(work: FolderWork, page: PullPage): Promise<MessageId[]> {
  const { db, account, folder, clock, parser } = work
  const created: MessageId[] = []
  const headers = page.added.length === 0 ? [] : await parser.parseHeaders(page.added.map((one) => one.headers))
  const messages = page.added.flatMap((one, index): NewMessage[] => {
    const parsed = headers[index]
    return parsed ? [newMessage(one, parsed)] : []
  })
  const { flagged, removed } = page

  // Removals and flags first: a message moved within the account then shows in one place only.
  await paced(removed.length, (from, more) => {
    let at = from
    db.write('remove placements', (tx) => {
      do removePlacements(tx, folder.id, removed.slice(at, at + 1), clock.now())
      while (++at < removed.length && more())
    })
    return at
  })
  await paced(flagged.length, (from, more) => {
    let at = from
    db.write('set flags', (tx) => {
      do {
        const one = flagged[at]
        if (one) setRemoteFlags(tx, folder.id, one.remoteId, one.flags)
      } while (++at < flagged.length && more())
    })
    return at
  })
  await paced(messages.length, (from, more) => {
    let at = from
    db.write('store listed messages', (tx) => {
      do {
        const stored = storeListed(tx, account.id, folder.id, messages.slice(at, at + 1), clock.now()).map((one) => one.id)
        if (stored.length > 0) work.onStored?.(tx, account.id, folder.id, stored)
        created.push(...stored)
      } while (++at < messages.length && more())
    })
    return at
  })
  db.write('note a page', (tx) => {
    notePull(tx, folder.id, { cursor: page.cursor, serverTotal: page.total, toFetch: page.toFetch })
  })
  return created
}

export function newMessage(listed: ListedMessage, headers: ParsedHeaders): NewMessage {
  return {
    remoteId: listed.remoteId,
    flags: listed.flags,
    receivedAt: listed.receivedAt,
    size: listed.size,
    hasAttachment: listed.hasAttachment ?? /^multipart\/mixed/.test(headers.contentType),
    rawHeaders: listed.headers,
    headers: {
      messageId: headers.messageId,
      inReplyTo: headers.inReplyTo,
      references: headers.references,
      subject: headers.subject,
      from: headers.from,
      replyTo: headers.replyTo,
      to: headers.to,
      cc: headers.cc,
      bcc: headers.bcc,
      recipientsOmitted: headers.recipientsOmitted,
      date: headers.date,
      automatic: headers.automatic !== null,
      listId: headers.listId,
      unsubscribe: headers.listUnsubscribe,
      utcOffset: headers.utcOffset,
      listPost: headers.listPost,
      followupTo: headers.followupTo,
    },
  }
}
