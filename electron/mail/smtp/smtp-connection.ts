// One signed-in connection to a mail submission server (RFC 6409). Owns the way there: protection, certificate, sign-in. The
// sockets are opened here so that names are resolved as the operating system does it and so that no word is said, and no
// password handed out, before the other side is known to be who it should be. STARTTLS is demanded, never hoped for. It
// never reconnects and never retries.
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, TLSSocket, type ConnectionOptions } from 'node:tls'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { MailFailure } from '../../../shared/model/failure.ts'
import { asciiHost, assertTrusted, plainNotConsented, tlsOptions, type ServerTrust } from '../server-trust.ts'
import { smtpFailure, type SmtpStage } from './smtp-failure.ts'

const connectMs = 20_000
const greetingMs = 30_000

export type SmtpSignIn =
  | { readonly kind: 'none' }
  /** PLAIN or LOGIN, whichever the server offers first. The password is asked for at each sign-in and not kept. */
  | { readonly kind: 'password'; readonly userName: string; readonly password: () => Promise<string> }
  /** XOAUTH2. Asked for once more with `fresh` when the server refused the first token. */
  | { readonly kind: 'token'; readonly userName: string; readonly token: (fresh: boolean) => Promise<string> }

export type SmtpServer = ServerTrust & { readonly signIn: SmtpSignIn }

/** What the server offered after the connection was protected. */
export type SmtpOffer = {
  readonly has: (extension: string) => boolean
  /** RFC 1870, bytes; null: it does not say. */
  readonly sizeLimit: number | null
  /** RFC 4865: the longest it holds a message, milliseconds; null: not offered. */
  readonly holdMs: number | null
  /** RFC 4865: the latest instant it holds a message until. */
  readonly holdUntil: number | null
}

export type OpenSmtp = {
  readonly client: SMTPConnection
  readonly socket: () => Socket
  readonly offer: SmtpOffer
  /** Host, port and protection, for the person. */
  readonly route: string
  readonly closed: () => boolean
  /** Ends it at once. */
  readonly close: () => void
  /** Says goodbye first. */
  readonly quit: () => void
}

export type OpenOptions = {
  readonly server: SmtpServer
  /** Silence after which the server counts as gone, milliseconds. */
  readonly silenceMs: number
  /** Told as each step begins, for whoever shows them. */
  readonly onStep?: (step: 'secure' | 'login', detail: string) => void
  /** Shown the protected connection before its certificate is judged. */
  readonly onCertificate?: (socket: TLSSocket) => void
}

const protections = { tls: 'TLS', starttls: 'STARTTLS', plain: 'no encryption' } as const

export function routeOf({ server }: ServerTrust): string {
  return `${server.host}:${String(server.port)} (${protections[server.security]})`
}

export async function openSmtp({ server, silenceMs, onStep, onCertificate }: OpenOptions, signal: AbortSignal): Promise<OpenSmtp> {
  const { host, port, security } = server.server
  throwIfAborted(signal)
  if (security === 'plain' && !server.plainConsent) throw plainNotConsented()
  const bare = asciiHost(host.replace(/^\[|\]$/g, ''))
  // Where the certificate is to be shown the handshake lets any pass; `assertTrusted` judges it all the same.
  const tls: ConnectionOptions = { ...tlsOptions(server), ...(onCertificate ? { rejectUnauthorized: false } : {}) }
  const judge = (socket: Socket): void => {
    if (socket instanceof TLSSocket) onCertificate?.(socket)
    assertTrusted(server, socket)
  }
  const connection = await reach(server, bare, tls, judge, signal)

  /** The library writes its own codes onto the errors it is given; what went wrong with a token is kept out of its reach. */
  let tokenFailure: unknown
  const client = new SMTPConnection({
    connection,
    host: bare,
    port,
    secure: security === 'tls',
    secured: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'plain',
    ...(isIP(bare) === 0 ? { servername: bare } : {}),
    tls,
    // The name of this computer is nobody's business; servers take the sender from the sign-in.
    name: '[127.0.0.1]',
    connectionTimeout: connectMs + greetingMs,
    greetingTimeout: greetingMs,
    socketTimeout: silenceMs,
    // Ends at once: a half-closed connection must not deliver a mail that was called off.
    socketCloseTimeout: 0,
    logger: false,
    customAuth: { XOAUTH2: xoauth2(server.signIn, (error) => (tokenFailure ??= error)) },
  })
  const now = { ended: false }
  let lost: unknown
  client.on('error', (error) => {
    lost ??= error
  })
  client.once('end', () => {
    now.ended = true
  })
  const close = (): void => {
    now.ended = true
    client.close()
    connection.destroy()
  }
  const socket = (): Socket => client._socket || connection
  const stage = { at: 'connect' as SmtpStage }
  const onAbort = (): void => close()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await settled(client, (done) => {
      client.connect(done)
    })
    // After STARTTLS the socket is another one; only now is it known whose it is.
    judge(socket())
    onStep?.('secure', protections[security])
    const offer = readOffer(client.lastServerResponse || '')
    stage.at = 'auth'
    if (server.signIn.kind !== 'none') {
      const credentials = await credentialsFor(server.signIn, offer)
      throwIfAborted(signal)
      await settled(client, (done) => {
        client.login(credentials, (error) => {
          done(error ?? undefined)
        })
      })
      onStep?.('login', server.signIn.userName)
    }
    return {
      client,
      socket,
      offer,
      route: routeOf(server),
      closed: () => now.ended || socket().destroyed,
      close,
      quit() {
        if (now.ended) return
        now.ended = true
        client.quit()
        // A server that does not answer a goodbye is left all the same.
        setTimeout(() => client.close(), 2_000).unref()
      },
    }
  } catch (error) {
    close()
    if (signal.aborted) throw abortFailure(signal)
    throw smtpFailure(tokenFailure ?? error ?? lost, stage.at)
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function reach({ server: { port, security } }: ServerTrust, host: string, tls: ConnectionOptions, judge: (socket: Socket) => void, signal: AbortSignal): Promise<Socket> {
  const limit = AbortSignal.timeout(connectMs)
  const both = AbortSignal.any([signal, limit])
  try {
    return await new Promise<Socket>((connected, failed) => {
      const socket =
        security === 'tls'
          ? connectTls({ ...tls, host, port, ...(isIP(host) === 0 ? { servername: host } : {}) })
          : connectTcp({ host, port })
      const stop = (): void => {
        socket.destroy(new MailFailure('offline', 'timeout'))
      }
      both.addEventListener('abort', stop, { once: true })
      socket.once('error', failed)
      // A handshake that is cut off ends without an error.
      socket.once('close', () => failed(new MailFailure('offline', security === 'tls' ? 'tls-unsupported' : 'connection-lost')))
      socket.once(security === 'tls' ? 'secureConnect' : 'connect', () => {
        both.removeEventListener('abort', stop)
        socket.removeAllListeners('error').removeAllListeners('close')
        // The library takes its listeners off when it closes; a late error must not end the program.
        socket.on('error', () => undefined)
        try {
          if (security === 'tls') judge(socket)
          connected(socket)
        } catch (error) {
          socket.destroy()
          failed(error instanceof Error ? error : new MailFailure('offline', 'tls-untrusted'))
        }
      })
    })
  } catch (error) {
    if (signal.aborted) throw abortFailure(signal)
    throw smtpFailure(error, 'connect')
  }
}

/** Waits for a callback of the library, or for the end of its connection, which it does not always tell the callback. */
async function settled(client: SMTPConnection, begin: (done: (error?: unknown) => void) => void): Promise<void> {
  await new Promise<void>((done, failed) => {
    let last: unknown
    const release = (): void => {
      client.off('error', onError)
      client.off('end', onEnd)
    }
    const onError = (error: unknown): void => {
      last ??= error
    }
    const onEnd = (): void => {
      setImmediate(() => {
        release()
        failed(last instanceof Error ? last : new MailFailure('offline', 'connection-lost'))
      })
    }
    client.on('error', onError)
    client.once('end', onEnd)
    begin((error) => {
      release()
      if (error === undefined) done()
      else failed(error instanceof Error ? error : new MailFailure('bug', 'unexpected'))
    })
  })
}

type Credentials = Parameters<SMTPConnection['login']>[0]

async function credentialsFor(signIn: Exclude<SmtpSignIn, { kind: 'none' }>, offer: SmtpOffer): Promise<Credentials> {
  if (!offer.has('AUTH')) throw new MailFailure('auth', 'login-disabled')
  switch (signIn.kind) {
    case 'password':
      return { user: signIn.userName, pass: await signIn.password() }
    case 'token':
      return { method: 'XOAUTH2', user: signIn.userName, pass: '' }
  }
}

/** SASL XOAUTH2, with one more try under a fresh token: an expired one is refused like a wrong one. */
function xoauth2(signIn: SmtpSignIn, noToken: (error: unknown) => void): (context: AuthContext) => Promise<void> {
  return async (context) => {
    // Offered nothing else by the server, and all we have is a password.
    if (signIn.kind !== 'token') throw new Error('no password sign-in offered')
    for (const fresh of [false, true]) {
      const token = await signIn.token(fresh).catch((error: unknown) => {
        noToken(error)
        throw new Error('no token')
      })
      let answer = await context.sendCommand(`AUTH XOAUTH2 ${Buffer.from(`user=${signIn.userName}\x01auth=Bearer ${token}\x01\x01`).toString('base64')}`)
      // The server explains a refusal in a challenge, which is to be answered with an empty line.
      if (answer.status === 334) answer = await context.sendCommand('')
      if (answer.status >= 200 && answer.status < 300) return
      if (fresh || answer.status < 500) throw new Error('refused')
    }
  }
}

type AuthContext = { sendCommand(command: string): Promise<{ readonly status: number; readonly response: string }> }

export function readOffer(ehlo: string): SmtpOffer {
  const lines = new Map<string, string>()
  for (const line of ehlo.split(/\r?\n/).slice(1)) {
    const [, name = '', values = ''] = /^\d{3}[ -]([A-Za-z0-9-]+)[ =]?(.*)$/.exec(line) ?? []
    if (name !== '') lines.set(name.toUpperCase(), values.trim())
  }
  const size = Number(lines.get('SIZE') || Number.NaN)
  const [interval = '', until = ''] = (lines.get('FUTURERELEASE') ?? '').split(/\s+/)
  return {
    has: (extension) => lines.has(extension),
    // RFC 1870: zero means no fixed limit.
    sizeLimit: Number.isInteger(size) && size > 0 ? size : null,
    holdMs: /^\d{1,9}$/.test(interval) ? Number(interval) * 1000 : null,
    holdUntil: Number.isNaN(Date.parse(until)) ? null : Date.parse(until),
  }
}

export function abortFailure(signal: AbortSignal): MailFailure {
  return signal.reason instanceof MailFailure ? signal.reason : new MailFailure('offline', 'aborted')
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortFailure(signal)
}
