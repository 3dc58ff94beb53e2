// Ids of messages ascend with their dates, to the second, so that ordering by id is ordering by date. Within a second those
// of one folder ascend in the order in which the server received them, as long as there is room between them.
import type { FolderId, MessageId } from '../../shared/model/ids.ts'
import type { Reader, Tx } from '../handles.ts'

const slotsPerSecond = 32

/** A free id for a message of this date, which a server has in `folder` under `remoteId`. The search index carries the same
 *  ids, so it can be walked newest first without sorting. */
export function messageIdFor(tx: Tx, date: number, folder: FolderId, remoteId: string): MessageId {
  const base = Math.max(1, Math.floor(date / 1000)) * slotsPerSecond
  const inOrder = idInOrder(tx, base, folder, remoteId)
  if (inOrder !== null) return inOrder
  for (let spread = slotsPerSecond; ; spread *= 2) {
    for (let attempt = 0; attempt < 4; attempt++) {
      const id = base + Math.floor(Math.random() * spread)
      if (isFree(tx, id)) return id as MessageId
    }
  }
}

/** An id between those of the folder's messages of this second that came before and after it. Null when none is free. */
function idInOrder(db: Reader, base: number, folder: FolderId, remoteId: string): MessageId | null {
  const number = arrivalNumber(remoteId)
  if (Number.isNaN(number)) return null
  let above = base - 1
  let below = base + slotsPerSecond
  const known = db.all<{ id: number; remote_id: string }>(
    'SELECT m.id, p.remote_id FROM message m CROSS JOIN placement p ON p.message_id = m.id WHERE m.id >= ? AND m.id < ? AND p.folder_id = ?',
    base, base + slotsPerSecond, folder,
  )
  for (const one of known) {
    const other = arrivalNumber(one.remote_id)
    if (other < number) above = Math.max(above, one.id)
    else if (other > number) below = Math.min(below, one.id)
  }
  // Folders are listed upwards and downwards: the first is put into the middle, the next ones on its sides, with a little
  // room at first for one that is met late.
  const follows = above >= base
  const precedes = below < base + slotsPerSecond
  const step = Math.ceil((below - above - 1) / 8)
  const start = follows && !precedes ? above + step : precedes && !follows ? below - step : Math.ceil((above + below) / 2)
  return firstFree(db, start, below, 1) ?? firstFree(db, start - 1, above, -1)
}

function firstFree(db: Reader, from: number, end: number, step: 1 | -1): MessageId | null {
  for (let id = from; step === 1 ? id < end : id > end; id += step) if (isFree(db, id)) return id as MessageId
  return null
}

function isFree(db: Reader, id: number): boolean {
  return !db.get('SELECT 1 FROM message WHERE id = ?', id)
}

/** The number a remote id begins with: an IMAP server's grow in the order of arrival (RFC 9051, 2.3.1.1). NaN: it has none. */
function arrivalNumber(remoteId: string): number {
  return Number.parseInt(remoteId, 10)
}

/** The smallest id a message of this date or later can have. */
export function firstIdFrom(date: number): number {
  return Math.max(0, Math.floor(date / 1000)) * slotsPerSecond
}
