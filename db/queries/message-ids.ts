// Ids of messages ascend with their dates, to the second, so that ordering by id is ordering by date.
import type { MessageId } from '../../shared/model/ids.ts'
import type { Tx } from '../handles.ts'

const slotsPerSecond = 32

/** A free id for a message of this date. The search index carries the same ids, so it can be walked newest first without
 *  sorting. */
export function messageIdFor(tx: Tx, date: number): MessageId {
  const base = Math.max(1, Math.floor(date / 1000)) * slotsPerSecond
  for (let spread = slotsPerSecond; ; spread *= 2) {
    for (let attempt = 0; attempt < 4; attempt++) {
      const id = base + Math.floor(Math.random() * spread)
      if (!tx.get('SELECT 1 FROM message WHERE id = ?', id)) return id as MessageId
    }
  }
}

/** The smallest id a message of this date or later can have. */
export function firstIdFrom(date: number): number {
  return Math.max(0, Math.floor(date / 1000)) * slotsPerSecond
}
