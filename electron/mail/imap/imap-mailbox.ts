// The Mailbox over IMAP. Up to three connections, each opened when first needed: one for the work of keeping in sync, one for
// a person who is waiting (closed again after a while), one that waits for the server's hints. It keeps nothing a restart
// would miss, never retries, and lets nothing out but MailFailures.
import { MailFailure } from '../../../shared/model/failure.ts'
import type { ImapSettings } from '../../../shared/model/account.ts'
import type { Applied, FetchedBody, Mailbox, MailboxChange } from '../mailbox.ts'
import { appendMessage, findByHeader } from './append.ts'
import { fetchBodies, fetchSource, newPace, openFolder } from './fetch-bodies.ts'
import { applyFolderChange, listFolders } from './folders.ts'
import { allUids } from './folder-search.ts'
import { ignore, openConnection } from './imap-connection.ts'
import type { Connection } from './imap-connection.ts'
import { abortFailure, imapFailure } from './imap-failure.ts'
import { savesSentBySettings, submitterFor } from './imap-submission.ts'
import { createLane } from './lane.ts'
import type { Lane } from './lane.ts'
import { applyMessageChange } from './message-changes.ts'
import { pullFolder } from './pull-folder.ts'
import type { FlagMemory } from './pull-folder.ts'
import { remoteIdsOf } from './remote-id.ts'
import { searchWords } from './search-words.ts'
import { uidsOf } from './uid-set.ts'
import { watchFolder, watchSilenceMs } from './watch-folder.ts'

const backgroundIdleMs = 5 * 60_000
const foregroundIdleMs = 60_000
/** So few texts are asked for by somebody who is waiting, or for mail that has just come. */
const few = 8

export type ImapMailboxOptions = {
  readonly settings: ImapSettings
  /** Asked for at each sign-in; the mailbox does not keep it. */
  readonly password: () => Promise<string>
  /** The same for a server that sends and has a password of its own. */
  readonly outgoingPassword?: () => Promise<string>
  /** One line per connection event. Never holds a secret or mail. */
  readonly log?: (line: string) => void
  /** How often a server without IDLE is asked for changes, milliseconds. */
  readonly pollMs?: number
  /** Silence after which a server that owes an answer counts as gone, milliseconds. */
  readonly silenceMs?: number
}

export function createImapMailbox({ settings, password, outgoingPassword, log, pollMs = 20_000, silenceMs = 75_000 }: ImapMailboxOptions): Mailbox {
  const now = { compress: true, ended: false }
  const isEnded = (): boolean => now.ended
  const watches = new Set<Connection>()
  const opener =
    (purpose: string, silence: number) =>
    async (signal: AbortSignal): Promise<Connection> => {
      try {
        const connection = await openConnection({ settings, password, compress: now.compress, silenceMs: silence, log: log && ((line) => log(`${purpose}: ${line}`)) }, signal)
        connection.onClosed(() => noteCompression(connection.whyClosed()))
        return connection
      } catch (error) {
        noteCompression(imapFailure(error))
        throw error
      }
    }
  /** A server whose compression breaks is spoken to without it from then on. */
  const noteCompression = (failure: MailFailure): void => {
    if (failure.code === 'compression-broken') now.compress = false
  }

  const background = createLane(opener('sync', silenceMs), backgroundIdleMs)
  const foreground = createLane(opener('person', silenceMs), foregroundIdleMs)
  const openWatch = opener('watch', Math.min(watchSilenceMs, silenceMs))
  const memory: FlagMemory = new Map()
  const pace = newPace()
  const submitter = submitterFor(settings, { password, ...(outgoingPassword ? { outgoingPassword } : {}) })

  /** A server that allows no further connection still serves the person, only later. */
  const forPerson = async <T>(signal: AbortSignal, work: (connection: Connection) => Promise<T>): Promise<T> => {
    const started = { begun: false }
    try {
      return await foreground.use(signal, (connection) => {
        started.begun = true
        return work(connection)
      })
    } catch (error) {
      if (started.begun || !(error instanceof MailFailure) || error.kind !== 'throttled') throw error
      return await background.use(signal, work)
    }
  }
  const personLane: Lane = { ...foreground, busy: false, use: forPerson }

  const letGo = (path: string): void => {
    foreground.leave(path)
    memory.delete(path)
  }

  return {
    listFolders: (signal) => atEdge(signal, () => background.use(signal, listFolders)),

    pull: (folderRemoteId, cursor, options) => edged(options.signal, pullFolder(background, folderRemoteId, cursor, options, memory)),

    fetchBodies(folderRemoteId, remoteIds, options) {
      // A person's few texts do not queue behind a long listing; with nothing to queue behind they need no connection of their own.
      const lane = remoteIds.length <= few && background.busy ? personLane : background
      return edged(options.signal, fetchBodies(lane, folderRemoteId, remoteIds, options, pace))
    },

    fetchRaw: (folderRemoteId, remoteId, signal) => atEdge(signal, () => forPerson(signal, (connection) => fetchSource(connection, folderRemoteId, remoteId))),

    listRemoteIds: (folderRemoteId, signal) =>
      atEdge(signal, () =>
        background.use(signal, async (connection) => {
          const { uidValidity } = await connection.select(folderRemoteId, 'write')
          return remoteIdsOf(uidsOf(await allUids(connection)), uidValidity)
        }),
      ),

    search: (folderRemoteId, words, signal) =>
      atEdge(signal, () =>
        forPerson(signal, async (connection) => {
          const validity = await openFolder(connection, folderRemoteId, 'read')
          return remoteIdsOf(uidsOf(await searchWords(connection, words)), validity)
        }),
      ),

    apply: (change, signal) => atEdge(signal, () => background.use(signal, (connection) => applyChange(connection, change, letGo))),

    // What has been sent is filed, and looked for, by somebody who waits: not behind a long listing.
    append: (folderRemoteId, raw, options, signal) => atEdge(signal, () => forPerson(signal, (connection) => appendMessage(connection, folderRemoteId, raw, options))),

    findByMessageId: (folderRemoteId, headerMessageId, signal) => atEdge(signal, () => forPerson(signal, (connection) => findByHeader(connection, folderRemoteId, headerMessageId))),

    submit: (submission, steps) => submitter.submit(submission, steps),

    savesSent: (signal) =>
      atEdge(signal, async () => {
        const told = savesSentBySettings(settings)
        if (told !== null || settings.outgoing?.sentCopy !== 'auto') return told
        // Gmail behind a name of the company's own.
        return await forPerson(signal, (connection) => Promise.resolve(connection.capabilities.has('X-GM-EXT-1') ? true : null))
      }),

    sizeLimit: (signal) => submitter.sizeLimit(signal),

    holdLimit: (signal) => submitter.holdLimit(signal),

    async watch(folderRemoteId, hint, signal) {
      if (signal.aborted) return
      if (now.ended) throw new MailFailure('offline', 'closed')
      try {
        const connection = await openWatch(signal)
        watches.add(connection)
        connection.onClosed(() => watches.delete(connection))
        if (isEnded()) connection.close()
        await watchFolder(connection, folderRemoteId, hint, { pollMs, signal })
      } catch (error) {
        if (!isAborted(signal)) throw imapFailure(error)
      }
    },

    async close() {
      now.ended = true
      submitter.close()
      for (const connection of watches) connection.close()
      await Promise.all([background.close(), foreground.close()]).catch(ignore)
    },
  }
}

function applyChange(connection: Connection, change: MailboxChange, leave: (path: string) => void): Promise<Applied> {
  switch (change.kind) {
    case 'create-folder':
    case 'rename-folder':
    case 'delete-folder':
    case 'subscribe-folder':
      return applyFolderChange(connection, change, leave)
    case 'set-flags':
    case 'set-keywords':
    case 'copy':
    case 'move':
    case 'delete':
      return applyMessageChange(connection, change)
  }
}

/** The compiler takes a signal that was not aborted before an await to be so after it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}

/** After an abort an operation ends with the abort's reason, whatever it was in the middle of. */
function atEdgeFailure(error: unknown, signal: AbortSignal): MailFailure {
  return signal.aborted ? abortFailure(signal) : imapFailure(error)
}

async function atEdge<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw atEdgeFailure(error, signal)
  }
}

async function* edged<T extends FetchedBody | object>(signal: AbortSignal, pages: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
  try {
    yield* pages
  } catch (error) {
    throw atEdgeFailure(error, signal)
  }
}
