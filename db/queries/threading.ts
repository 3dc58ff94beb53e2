// Decides which thread a message belongs to, by Message-ID, In-Reply-To and References (RFC 5322 section 3.6.4), after
// Jamie Zawinski's algorithm but incremental: each id ever seen or referred to points to a thread. A subject never joins
// anything. A person's split or join is kept by Message-ID and wins over the headers, also after everything local is lost.
import { createHash, randomUUID } from 'node:crypto'
import type { AccountId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import type { Tx } from '../handles.ts'

export type ThreadingHeaders = {
  readonly messageId: string | null
  readonly inReplyTo: string | null
  readonly references: readonly string[]
}

/** 12 bytes tell a hundred million ids apart. */
function refKey(account: AccountId, messageId: string): Uint8Array {
  return createHash('sha1').update(account).update('\0').update(messageId).digest().subarray(0, 12)
}

function threadOfRef(tx: Tx, key: Uint8Array): ThreadId | null {
  return tx.get<{ thread_id: ThreadId }>('SELECT thread_id FROM thread_ref WHERE ref = ?', key)?.thread_id ?? null
}

function newThread(tx: Tx, account: AccountId, choice: string | null): ThreadId {
  return tx.run('INSERT INTO thread (account_id, choice) VALUES (?, ?)', account, choice).id as ThreadId
}

function threadOfChoice(tx: Tx, account: AccountId, choice: string): ThreadId {
  const found = tx.get<{ id: ThreadId }>('SELECT id FROM thread WHERE account_id = ? AND choice = ?', account, choice)
  return found?.id ?? newThread(tx, account, choice)
}

function isChosen(tx: Tx, thread: ThreadId): boolean {
  return tx.get<{ n: number }>('SELECT choice IS NOT NULL AS n FROM thread WHERE id = ?', thread)?.n === 1
}

function mergeThreads(tx: Tx, into: ThreadId, from: ThreadId): void {
  tx.run('UPDATE message SET thread_id = ? WHERE thread_id = ?', into, from)
  tx.run('UPDATE thread_ref SET thread_id = ? WHERE thread_id = ?', into, from)
  tx.touch.thread(into)
  tx.touch.thread(from)
}

/** The thread for a message that is about to be stored; makes, merges and remembers as needed. */
export function threadForMessage(tx: Tx, account: AccountId, headers: ThreadingHeaders): ThreadId {
  const own = headers.messageId === null ? null : refKey(account, headers.messageId)
  // The nearest ancestor first: it decides when a person has split the conversation.
  const ancestors = [...new Set([headers.inReplyTo, ...[...headers.references].reverse()])]
    .filter((id): id is string => id !== null && id !== headers.messageId)
    .map((id) => refKey(account, id))

  const choice =
    headers.messageId === null
      ? undefined
      : tx.get<{ choice: string }>('SELECT choice FROM thread_choice WHERE account_id = ? AND header_message_id = ?', account, headers.messageId)?.choice
  let thread: ThreadId | null = choice === undefined ? null : threadOfChoice(tx, account, choice)
  const chosen = thread !== null

  const unclaimed: Uint8Array[] = []
  const linked = new Set<ThreadId>()
  for (const key of own ? [own, ...ancestors] : ancestors) {
    const found = threadOfRef(tx, key)
    if (found === null) unclaimed.push(key)
    else linked.add(found)
  }
  if (thread === null) {
    // The message's own id may already be known from replies that arrived first.
    thread = [...linked][0] ?? newThread(tx, account, null)
  }
  if (!chosen && linked.size > 1 && !isChosen(tx, thread)) {
    for (const other of linked) {
      if (other !== thread && !isChosen(tx, other)) mergeThreads(tx, thread, other)
    }
  }
  for (const key of unclaimed) {
    // Ancestors of a message a person moved stay free for the conversation it was moved out of.
    if (chosen && key !== own) continue
    tx.run('INSERT OR IGNORE INTO thread_ref (ref, thread_id) VALUES (?, ?)', key, thread)
  }
  if (chosen && own) tx.run('UPDATE thread_ref SET thread_id = ? WHERE ref = ?', thread, own)
  tx.touch.thread(thread)
  return thread
}

/** Makes one message a thread of its own; null when it is gone. */
export function splitMessage(tx: Tx, message: MessageId): ThreadId | null {
  const found = tx.get<{ account_id: AccountId; thread_id: ThreadId; header_message_id: string | null }>(
    'SELECT account_id, thread_id, header_message_id FROM message WHERE id = ?',
    message,
  )
  if (!found) return null
  const choice = `split-${randomUUID()}`
  const thread = newThread(tx, found.account_id, choice)
  tx.run('UPDATE message SET thread_id = ? WHERE id = ?', thread, message)
  if (found.header_message_id !== null) {
    rememberChoice(tx, found.account_id, found.header_message_id, choice)
    tx.run('UPDATE thread_ref SET thread_id = ? WHERE ref = ?', thread, refKey(found.account_id, found.header_message_id))
  }
  tx.touch.thread(found.thread_id)
  tx.touch.thread(thread)
  return thread
}

/** Joins threads of one account into the first; null when the first is gone. Threads of other accounts are left alone. */
export function joinThreads(tx: Tx, ids: readonly ThreadId[]): ThreadId | null {
  const [into, ...others] = ids
  if (into === undefined) return null
  const target = tx.get<{ account_id: AccountId; choice: string | null }>('SELECT account_id, choice FROM thread WHERE id = ?', into)
  if (!target) return null
  const choice = target.choice ?? `join-${randomUUID()}`
  tx.run('UPDATE thread SET choice = ? WHERE id = ?', choice, into)
  for (const other of others) {
    const found = tx.get<{ account_id: AccountId }>('SELECT account_id FROM thread WHERE id = ?', other)
    if (found?.account_id === target.account_id && other !== into) mergeThreads(tx, into, other)
  }
  for (const { header_message_id } of tx.all<{ header_message_id: string }>(
    'SELECT header_message_id FROM message WHERE thread_id = ? AND header_message_id IS NOT NULL',
    into,
  )) {
    rememberChoice(tx, target.account_id, header_message_id, choice)
  }
  tx.touch.thread(into)
  return into
}

function rememberChoice(tx: Tx, account: AccountId, headerMessageId: string, choice: string): void {
  tx.run(
    `INSERT INTO thread_choice (account_id, header_message_id, choice) VALUES (?, ?, ?)
     ON CONFLICT (account_id, header_message_id) DO UPDATE SET choice = excluded.choice`,
    account, headerMessageId, choice,
  )
}
