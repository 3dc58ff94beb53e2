// One signed-in IMAP connection. Owns the way there (protection, certificate, sign-in, compression, extensions), notices
// when the other side is gone, and turns whatever goes wrong into a MailFailure. Not for two commands at once: a lane sees
// to that. It never reconnects and never retries.
import { ImapFlow } from 'imapflow'
import type { MailboxObject } from 'imapflow'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { ImapSettings } from '../../../shared/model/account.ts'
import { abortFailure, imapFailure, throwIfAborted } from './imap-failure.ts'
import { asciiHost, assertTrusted, incomingTrust, plainNotConsented, tlsOptions } from '../server-trust.ts'

const connectMs = 20_000
const greetingMs = 15_000

export type SelectedFolder = {
  readonly path: string
  /** Decimal text. */
  readonly uidValidity: string
  /** Null where the server does not say. */
  readonly uidNext: number | null
  readonly exists: number
  /** Null where the folder has no modification sequences we could build on. */
  readonly highestModseq: bigint | null
  readonly readOnly: boolean
}

export type Connection = {
  readonly closed: boolean
  readonly capabilities: { readonly has: (name: string) => boolean }
  readonly condstore: boolean
  readonly qresync: boolean
  /** The personal namespace: `INBOX.` on some servers, usually empty. */
  readonly prefix: string
  /** Null where the server knows no hierarchy. */
  readonly separator: string | null
  readonly greeting: string
  /** Milliseconds since the server was last heard of. */
  readonly quietMs: () => number
  /** Selected now, by our own last select. */
  readonly selected: SelectedFolder | null
  /** Messages in the selected folder, as far as the server has told since. */
  readonly exists: () => number
  /** The server spoke of new, changed or removed messages in the selected folder since it was selected. */
  readonly touched: boolean
  /** Opens the folder afresh. */
  readonly select: (path: string, mode: 'write' | 'read') => Promise<SelectedFolder>
  /** Runs library calls; what they throw comes out as a MailFailure. */
  readonly run: <T>(work: (client: ImapFlow) => Promise<T>) => Promise<T>
  /** The same for calls that answer false or nothing where they mean an error. */
  readonly must: <T>(work: (client: ImapFlow) => Promise<T | false | undefined>) => Promise<T>
  /** Ends it at once; commands under way fail with `because`. */
  readonly close: (because?: MailFailure) => void
  readonly logout: () => Promise<void>
  readonly onClosed: (listener: () => void) => void
  /** Why it is gone, for a connection that is. */
  readonly whyClosed: () => MailFailure
}

export type ConnectionOptions = {
  readonly settings: ImapSettings
  readonly password: () => Promise<string>
  readonly compress: boolean
  /** Silence after which a command under way counts as lost, milliseconds. */
  readonly silenceMs: number
  readonly log?: ((line: string) => void) | undefined
}

export async function openConnection(options: ConnectionOptions, signal: AbortSignal): Promise<Connection> {
  const { settings, log } = options
  const { host, port, security } = settings.incoming
  const trust = incomingTrust(settings)
  throwIfAborted(signal)
  if (security === 'plain' && !settings.plainConsent) throw plainNotConsented()
  const password = await abortable(options.password(), signal)

  let closedBecause: MailFailure | null = null
  let socketError: unknown
  /** What the library met and kept to itself: many of its calls answer false and only log the server's refusal. */
  let refusal: unknown
  let selected: SelectedFolder | null = null
  let touched = false
  let heardAt = Date.now()

  const client = new ImapFlow({
    host: asciiHost(host),
    port,
    secure: security === 'tls',
    doSTARTTLS: security === 'tls' ? undefined : security === 'starttls',
    tls: tlsOptions(trust),
    auth: {
      user: settings.userName,
      // Read at the very moment of signing in, when the connection is as protected as it will ever be.
      get pass() {
        assertTrusted(trust, socketOf(client))
        return password
      },
    },
    clientInfo: { name: 'Shortlist', version: false, vendor: false, 'support-url': false },
    qresync: true,
    disableAutoIdle: true,
    disableCompression: !options.compress,
    connectionTimeout: connectMs,
    greetingTimeout: greetingMs,
    socketTimeout: options.silenceMs,
    logger: {
      debug: ignore,
      info: ignore,
      warn: remember,
      error: remember,
      fatal: remember,
      isLevelEnabled: (level: string) => level === 'warn' || level === 'error',
    } as Logger,
  })
  function remember(entry: unknown): void {
    if (typeof entry === 'object' && entry !== null && 'err' in entry) refusal = entry.err
  }
  const closedListeners = new Set<() => void>()
  client.on('error', (error) => {
    socketError ??= error
  })
  client.on('close', () => {
    selected = null
    log?.(`closed: ${closedBecause?.code ?? client.byeReason ?? (socketError instanceof Error ? socketError.message : 'by the server')}`)
    for (const listener of closedListeners) listener()
  })
  const stir = (): void => {
    heardAt = Date.now()
    touched = true
  }
  client.on('exists', stir)
  client.on('flags', stir)
  client.on('expunge', ({ earlier }) => {
    if (!earlier) stir()
  })

  const failed = (error: unknown): MailFailure => imapFailure(error, { closedBecause, closed: !client.usable, socketError, farewell: client.byeReason })
  const close = (because?: MailFailure): void => {
    closedBecause ??= because ?? new MailFailure('offline', 'closed')
    hush(client)
    client.close()
  }

  const onAbort = (): void => close(abortFailure(signal))
  signal.addEventListener('abort', onAbort, { once: true })
  const startedAt = Date.now()
  try {
    const connecting = client.connect()
    hush(client)
    await connecting
    // A server that lets everybody in asks for no password, and so would never have been judged.
    assertTrusted(trust, socketOf(client))
  } catch (error) {
    const failure = imapFailure(error, { closedBecause, closed: client.isClosed, socketError, farewell: client.byeReason })
    close(failure)
    log?.(`not opened: ${failure.kind} ${failure.code}`)
    throw failure
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
  hush(client)
  log?.(`opened in ${Date.now() - startedAt} ms, ${[...client.enabled].join(' ') || 'nothing'} enabled`)

  const run = async <T>(work: (client: ImapFlow) => Promise<T>): Promise<T> => {
    refusal = undefined
    try {
      const result = await work(client)
      heardAt = Date.now()
      return result
    } catch (error) {
      throw failed(error)
    }
  }
  const must = async <T>(work: (client: ImapFlow) => Promise<T | false | undefined>): Promise<T> => {
    const result = await run(work)
    if (result !== false && result !== undefined) return result
    throw failed(refusal ?? (client.usable ? new MailFailure('rejected', 'server-refused') : new MailFailure('offline', 'connection-lost')))
  }

  return {
    get closed() {
      return client.isClosed || !client.usable
    },
    capabilities: { has: (name) => client.capabilities.has(name) },
    condstore: client.enabled.has('CONDSTORE'),
    qresync: client.enabled.has('QRESYNC'),
    prefix: client.namespace?.prefix ?? '',
    separator: client.namespace?.delimiter ?? null,
    greeting: client.greeting ?? '',
    quietMs: () => Date.now() - heardAt,
    get selected() {
      return selected
    },
    exists: () => (client.mailbox === false ? 0 : client.mailbox.exists || 0),
    get touched() {
      return touched
    },
    async select(path, mode) {
      selected = null
      const opened = await run((imap): Promise<MailboxObject | undefined> => imap.mailboxOpen(path, { readOnly: mode === 'read' }))
      if (!opened) throw failed(refusal ?? new MailFailure('offline', 'connection-lost'))
      // Typed as always there. A line the library could not read is left out, and a folder must not seem empty or
      // numbered anew because of that.
      const { exists, uidValidity } = opened as { readonly exists?: number; readonly uidValidity?: bigint }
      if (exists === undefined || uidValidity === undefined) {
        const failure = new MailFailure('offline', 'garbled')
        close(failure)
        throw failure
      }
      touched = false
      selected = {
        path,
        uidValidity: String(uidValidity),
        uidNext: opened.uidNext || null,
        exists,
        highestModseq: client.enabled.has('CONDSTORE') && !opened.noModseq ? (opened.highestModseq ?? null) : null,
        readOnly: mode === 'read' || opened.readOnly === true,
      }
      return selected
    },
    run,
    must,
    close,
    async logout() {
      if (client.isClosed) return
      closedBecause ??= new MailFailure('offline', 'closed')
      const patience = setTimeout(close, 2_000)
      try {
        await client.logout()
      } catch {
        // It is gone either way.
      } finally {
        clearTimeout(patience)
        close()
      }
    },
    onClosed: (listener) => closedListeners.add(listener),
    whyClosed: () => failed(new MailFailure('offline', 'connection-lost')),
  }
}

/** Rejects as soon as the signal does, whatever the promise goes on to do. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  throwIfAborted(signal)
  const aborted = Promise.withResolvers<never>()
  const onAbort = (): void => aborted.reject(abortFailure(signal))
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    promise.catch(ignore)
  }
}

export function ignore(): void {
  // Nothing to do.
}

type Logger = NonNullable<Exclude<ConstructorParameters<typeof ImapFlow>[0], undefined>['logger']>

/** The library keeps its socket to itself; we need it to see the certificate before the password goes out. */
function socketOf(client: ImapFlow): unknown {
  return (client as unknown as { readonly socket?: unknown }).socket
}

/** The library takes its listeners off before it destroys a socket; a late error of that socket would end the program. */
function hush(client: ImapFlow): void {
  const socket = socketOf(client)
  if (typeof socket === 'object' && socket !== null && 'on' in socket && typeof socket.on === 'function') {
    const emitter = socket as NodeJS.EventEmitter
    if (!emitter.listeners('error').includes(ignore)) emitter.on('error', ignore)
  }
}
