// The built-in sample mailbox: a Mailbox like any other over a server in this process (sample-server.ts). It can do all that
// IMAP does here, and one thing more: mail can be handed to it, as a mail server takes mail from the world. What is sent from
// it goes nowhere but into its own folders: a copy into Sent, and one into the inbox where it is addressed to its owner.
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { ListedMessage, Mailbox, PullOptions, PullPage, RemoteFlags, WatchHint } from '../mailbox.ts'
import { parseMessage } from '../mime/mime.ts'
import { folderFor, openSampleServer, type SampleServer } from './sample-server.ts'
import { listedFolder, nextPage, openFolder, type StoredMessage } from './sample-state.ts'

export type SampleMailbox = Mailbox & {
  /** Hands over a message as another server would. Gives its remote id in the folder, the inbox unless another is named. */
  readonly deliver: (source: Uint8Array, options?: { readonly folderRemoteId?: string; readonly flags?: Partial<RemoteFlags>; readonly receivedAt?: number }) => Promise<string>
  /** Files a copy in Sent, read. Gives its remote id there. */
  readonly send: (source: Uint8Array) => Promise<string>
}

export type SampleOptions = {
  readonly seedDir: string
  readonly stateDir: string
  readonly now?: () => number
  /** The owner's address; mail sent to it arrives. */
  readonly address?: string
}

/** As large servers have it: 25 MB of mail, encoded. */
const largestMessage = 35 * 1024 * 1024

const unread: RemoteFlags = { seen: false, flagged: false, answered: false, draft: false, keywords: [] }

/** Opens lazily: the first call plants the seed if `stateDir` holds no mailbox yet. */
export function createSampleMailbox({ seedDir, stateDir, now = Date.now, address = '' }: SampleOptions): SampleMailbox {
  const closed = new AbortController()
  let lease: Lease | null = null

  const server = async (signal?: AbortSignal): Promise<SampleServer> => {
    refuseAborted(signal)
    if (closed.signal.aborted) throw new MailFailure('offline', 'closed')
    lease ??= leaseServer(resolve(stateDir), () => openSampleServer({ seedDir, stateDir, now }))
    const mine = lease
    try {
      const opened = await mine.server
      refuseAborted(signal)
      return opened
    } catch (error) {
      // What kept it from opening may pass; the next call tries again.
      if (lease === mine && !signal?.aborted) {
        lease = null
        await mine.release()
      }
      throw error
    }
  }

  return {
    listFolders: (signal) => atEdge(async () => (await server(signal)).state().folders.map(listedFolder)),

    async *pull(folderRemoteId, cursor, options) {
      let from = cursor
      let first = true
      for (;;) {
        const page = await atEdge(async () => readPage(await server(options.signal), folderRemoteId, from, options, first))
        yield page
        if (page.toFetch === 0) return
        from = page.cursor
        first = false
      }
    },

    async *fetchBodies(folderRemoteId, remoteIds, { signal }) {
      for (const remoteId of remoteIds) {
        const source = await atEdge(async () => {
          const opened = await server(signal)
          const message = find(opened, folderRemoteId, remoteId)
          return message ? await opened.read(message, message.size) : null
        })
        yield { remoteId, source, complete: true }
      }
    },

    fetchRaw: (folderRemoteId, remoteId, signal) =>
      atEdge(async () => {
        const opened = await server(signal)
        const message = find(opened, folderRemoteId, remoteId)
        if (!message) throw new MailFailure('gone', 'message-gone', `${folderRemoteId} has no message ${remoteId}.`)
        return await opened.read(message, message.size)
      }),

    listRemoteIds: (folderRemoteId, signal) =>
      atEdge(async () => openFolder((await server(signal)).state(), folderRemoteId).messages.map((message) => String(message.uid))),

    search: (folderRemoteId, words, signal) =>
      atEdge(async () => {
        const opened = await server(signal)
        const wanted = words.map(folded)
        const found: string[] = []
        for (const message of openFolder(opened.state(), folderRemoteId).messages) {
          const text = folded(searchable(await opened.read(message, message.size)))
          if (wanted.every((word) => text.includes(word))) found.push(String(message.uid))
          // Reading a message takes milliseconds; the rest of the program gets its turn in between.
          await setImmediate()
          refuseAborted(signal)
        }
        return found
      }),

    apply: (change, signal) => atEdge(async () => await (await server(signal)).apply(change)),

    append: (folderRemoteId, raw, { flags, at }, signal) =>
      atEdge(async () => {
        const opened = await server(signal)
        openFolder(opened.state(), folderRemoteId)
        const [uid] = await opened.deliver(raw, [{ folderRemoteId, flags: { ...unread, ...Object.fromEntries(flags.map((flag) => [flag, true])) }, receivedAt: at }])
        return String(uid)
      }),

    findByMessageId: (folderRemoteId, headerMessageId, signal) =>
      atEdge(async () => {
        const opened = await server(signal)
        const found: string[] = []
        // The newest first: what is looked for was sent a moment ago.
        for (const message of [...openFolder(opened.state(), folderRemoteId).messages].reverse()) {
          refuseAborted(signal)
          const headers = (await opened.read(message, message.headerSize)).toString('latin1').replace(/\r?\n[ \t]+/g, ' ')
          const ids = /^(?:message-id|x-shortlist-message-id):\s*<?([^>\r\n]*?)>?\s*$/gim
          if ([...headers.matchAll(ids)].some((match) => match[1] === headerMessageId)) found.push(String(message.uid))
        }
        return found
      }),

    submit: ({ raw, to, holdUntil }, { signal, onPointOfNoReturn, onRoute, onProgress }) =>
      atEdge(async () => {
        const opened = await server(signal)
        onRoute('sample')
        if (holdUntil !== null) throw new MailFailure('rejected', 'hold-unsupported')
        if (to.length === 0) throw new MailFailure('rejected', 'recipients-refused', 'nobody')
        if (raw.byteLength > largestMessage) throw new MailFailure('rejected', 'too-large', `SIZE ${String(largestMessage)}`)
        const own = address.toLowerCase()
        const state = opened.state()
        const deliveries = [{ folderRemoteId: folderFor(state, 'sent'), flags: { ...unread, seen: true }, receivedAt: now() }]
        if (own !== '' && to.some((one) => one.toLowerCase() === own)) deliveries.push({ folderRemoteId: folderFor(state, 'inbox'), flags: unread, receivedAt: now() })
        onPointOfNoReturn()
        await opened.deliver(raw, deliveries)
        onProgress?.(raw.byteLength, raw.byteLength)
        return { outcome: 'accepted', said: '250 2.0.0 Kept in the sample mailbox', refused: [], held: false }
      }),

    savesSent: () => Promise.resolve(true),
    sizeLimit: () => Promise.resolve(largestMessage),
    holdLimit: () => Promise.resolve(null),

    watch: (folderRemoteId, hint, signal) =>
      atEdge(async () => {
        if (signal.aborted) return
        const opened = await server()
        openFolder(opened.state(), folderRemoteId)
        await listening(opened, hint, signal, closed.signal)
      }),

    async close() {
      closed.abort()
      const given = lease
      lease = null
      await given?.release()
    },

    deliver: (source, options = {}) =>
      atEdge(async () => {
        const opened = await server()
        const [uid] = await opened.deliver(source, [
          {
            folderRemoteId: options.folderRemoteId ?? folderFor(opened.state(), 'inbox'),
            flags: { ...unread, ...options.flags },
            receivedAt: options.receivedAt ?? now(),
          },
        ])
        return String(uid)
      }),

    send: (source) =>
      atEdge(async () => {
        const opened = await server()
        const [uid] = await opened.deliver(source, [{ folderRemoteId: folderFor(opened.state(), 'sent'), flags: { ...unread, seen: true }, receivedAt: now() }])
        return String(uid)
      }),
  }
}

async function readPage(server: SampleServer, folderRemoteId: string, cursor: string | null, options: PullOptions, first: boolean): Promise<PullPage> {
  const page = nextPage(openFolder(server.state(), folderRemoteId), cursor, {
    pageSize: options.pageSize,
    known: options.known,
    allFlags: first && cursor !== null && options.thorough === true,
  })
  const added: ListedMessage[] = []
  for (const message of page.added) {
    refuseAborted(options.signal)
    added.push({
      remoteId: String(message.uid),
      flags: message.flags,
      receivedAt: message.receivedAt,
      size: message.size,
      headers: await server.read(message, message.headerSize),
      hasAttachment: message.hasAttachment,
    })
  }
  return { ...page, added, flagged: page.flagged.map(({ uid, flags }) => ({ remoteId: String(uid), flags })) }
}

function find(server: SampleServer, folderRemoteId: string, remoteId: string): StoredMessage | undefined {
  return openFolder(server.state(), folderRemoteId).messages.find((message) => String(message.uid) === remoteId)
}

/** What IMAP's SEARCH TEXT looks at: the headers and the texts, decoded. */
function searchable(source: Uint8Array): string {
  const { headers, text, html, textFromHtml, attachments } = parseMessage(source)
  const people = [headers.from, headers.replyTo, headers.to, headers.cc, headers.bcc].flat().map((one) => (one ? `${one.name} ${one.address}` : ''))
  return [headers.subject, ...people, text, textFromHtml, html, ...attachments.map((one) => one.filename)].join('\n')
}

function folded(text: string): string {
  return text.normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase()
}

function listening(server: SampleServer, hint: (change: WatchHint) => void, signal: AbortSignal, closed: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      stop()
      signal.removeEventListener('abort', end)
      closed.removeEventListener('abort', end)
      if (signal.aborted) resolve()
      else reject(new MailFailure('offline', 'closed'))
    }
    const stop = server.listen((touched) => {
      for (const folderRemoteId of new Set(touched)) hint({ folderRemoteId })
    })
    signal.addEventListener('abort', end)
    closed.addEventListener('abort', end)
    if (signal.aborted || closed.aborted) end()
  })
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw signal.reason instanceof MailFailure ? signal.reason : new MailFailure('offline', 'aborted')
}

/** Only MailFailures leave. What is left over is the disk's: full, read-only, taken away; it may be back later. */
async function atEdge<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof MailFailure) throw error
    throw new MailFailure('offline', 'sample-storage', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

// ---- one server for all mailboxes open on a folder, as the clients of a real account share theirs

type Lease = { readonly server: Promise<SampleServer>; readonly release: () => Promise<void> }
type Shared = { readonly server: Promise<SampleServer>; users: number }

const shared = new Map<string, Shared>()

function leaseServer(stateDir: string, open: () => Promise<SampleServer>): Lease {
  let one = shared.get(stateDir)
  if (!one) {
    // A server still closing must be off the files before the next one opens them.
    one = { server: (closing.get(stateDir) ?? Promise.resolve()).then(open), users: 0 }
    shared.set(stateDir, one)
  }
  const mine = one
  mine.users++
  return {
    server: mine.server,
    async release() {
      if (--mine.users > 0) return
      if (shared.get(stateDir) === mine) shared.delete(stateDir)
      const ending: Promise<void> = mine.server
        .then((server) => server.close(), () => undefined)
        .finally(() => {
          if (closing.get(stateDir) === ending) closing.delete(stateDir)
        })
      closing.set(stateDir, ending)
      await ending
    },
  }
}

const closing = new Map<string, Promise<void>>()
