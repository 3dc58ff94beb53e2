// The engine keeps every account in sync: one AccountSync each, nothing shared between them but the database and the
// parser. Its door for the rest of the program; what must reach a server on somebody's behalf goes through here too.
import { MailFailure } from '../../../shared/model/failure.ts'
import type { Account, AccountState } from '../../../shared/model/account.ts'
import type { AccountId, MessageId } from '../../../shared/model/ids.ts'
import { getAccount, lastSuccessOf, listAccounts } from '../../../db/queries/accounts.ts'
import { syncFolders } from '../../../db/queries/folders.ts'
import { getMessage, readSource, withoutBodyAmong } from '../../../db/queries/messages.ts'
import type { Mailbox } from '../mailbox.ts'
import { startAccountSync, type AccountSync, type SyncContext } from './account-sync.ts'
import { fetchBody, fetchSource, fetchTexts } from './fill-bodies.ts'

export type EngineOptions = SyncContext & { readonly openMailbox: (account: Account) => Mailbox }

/** A server search fetches at most this many texts from one folder, the newest. */
const textsPerFolder = 200

export type Engine = {
  readonly state: (id: AccountId) => AccountState
  /** Starts, restarts or stops an account as its row now says. */
  readonly apply: (id: AccountId) => Promise<void>
  readonly syncNow: (id: AccountId) => void
  /** The network came back or the computer woke: everything tries at once. */
  readonly wake: () => void
  /** Something new is owed to the account's server. */
  readonly tasksAdded: (id: AccountId) => void
  /** Resolves when the message's text is here; rejects with the reason when it cannot be. */
  readonly ensureBody: (id: MessageId) => Promise<void>
  /** The message's whole source, from here or from its server. */
  readonly ensureSource: (id: MessageId) => Promise<Uint8Array>
  /** What the account is reached by now; null while it is paused or gone. Another one after its settings changed. */
  readonly mailboxOf: (id: AccountId) => Mailbox | null
  /** The largest message the account's server takes, bytes; null when it does not say. Asks the server. */
  readonly sizeLimit: (id: AccountId) => Promise<number | null>
  readonly check: (id: AccountId, signal: AbortSignal) => Promise<void>
  /** Asks one account's server for messages with all the words and fetches the texts that are not here. Gives how many matched. */
  readonly searchServer: (id: AccountId, words: readonly string[], signal: AbortSignal) => Promise<number>
  readonly close: () => Promise<void>
}

export function startEngine(options: EngineOptions): Engine {
  const { db } = options
  const running = new Map<AccountId, AccountSync>()
  const ended = new AbortController()
  /** Fetches under way, so that two readers of one message share one. */
  const fetching = new Map<string, Promise<unknown>>()
  let applying: Promise<void> = Promise.resolve()

  const start = (account: Account): void => {
    if (account.paused || ended.signal.aborted) return
    running.set(account.id, startAccountSync(account, options.openMailbox(account), options))
  }

  const stopped = (id: AccountId): AccountState => ({
    accountId: id,
    step: 'paused',
    folderName: null,
    done: 0,
    total: 0,
    leftMs: null,
    lastSuccessAt: lastSuccessOf(db, id),
    failure: null,
    retryAt: null,
    connected: false,
    upToDate: false,
  })

  const syncOf = (message: MessageId): AccountSync => {
    const found = getMessage(db, message)
    if (!found) throw new MailFailure('gone', 'message-gone')
    const sync = running.get(found.accountId)
    if (!sync) throw new MailFailure('offline', 'paused')
    return sync
  }

  const once = <T>(key: string, run: () => Promise<T>): Promise<T> => {
    const known = fetching.get(key) as Promise<T> | undefined
    if (known) return known
    const started = run().finally(() => fetching.delete(key))
    fetching.set(key, started)
    return started
  }

  for (const account of listAccounts(db)) start(account)

  return {
    state: (id) => running.get(id)?.state() ?? stopped(id),
    apply(id) {
      // One after the other: stopping takes a moment, and two starts of one account must never overlap.
      applying = applying.then(async () => {
        const old = running.get(id)
        running.delete(id)
        await old?.stop()
        const account = getAccount(db, id)
        if (account) {
          start(account)
          options.onState(running.get(id)?.state() ?? stopped(id))
        }
      })
      return applying
    },
    syncNow: (id) => running.get(id)?.nudge('sync'),
    wake: () => {
      for (const sync of running.values()) sync.nudge('wake')
    },
    tasksAdded: (id) => running.get(id)?.nudge('tasks'),
    ensureBody: async (id) => {
      const message = getMessage(db, id)
      if (!message) throw new MailFailure('gone', 'message-gone')
      if (message.bodyState !== 'none') return
      await once(`body ${String(id)}`, () => fetchBody({ ...options, mailbox: syncOf(id).mailbox, signal: ended.signal }, id))
    },
    ensureSource: async (id) => readSource(db, id) ?? (await once(`source ${String(id)}`, () => fetchSource({ ...options, mailbox: syncOf(id).mailbox, signal: ended.signal }, id))),
    mailboxOf: (id) => running.get(id)?.mailbox ?? null,
    async sizeLimit(id) {
      const sync = running.get(id)
      if (!sync) throw new MailFailure('offline', 'paused')
      return await sync.mailbox.sizeLimit(ended.signal)
    },
    async check(id, signal) {
      const sync = running.get(id)
      if (!sync) throw new MailFailure('offline', 'paused')
      await sync.check(signal)
    },
    async searchServer(id, words, signal) {
      const sync = running.get(id)
      if (!sync) throw new MailFailure('offline', 'paused')
      let found = 0
      for (const folder of syncFolders(db, id)) {
        if (!folder.selectable) continue
        const remoteIds = await sync.mailbox.search(folder.remoteId, words, signal)
        found += remoteIds.length
        const wanted = withoutBodyAmong(db, folder.id, remoteIds, textsPerFolder)
        await fetchTexts({ ...options, mailbox: sync.mailbox, signal }, wanted, () => undefined)
      }
      return found
    },
    async close() {
      ended.abort(new MailFailure('offline', 'stopped'))
      await applying
      await Promise.all([...running.values()].map((sync) => sync.stop()))
      running.clear()
    },
  }
}
