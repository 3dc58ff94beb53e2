// Checks an account step by step: find the server, reach it, secure the connection, sign in, list the folders, and then all of
// that with the server that sends, as far as one can without sending anything. The first
// three are done by hand on a socket of their own, because a mail library only says that "connecting" failed; signing in
// then takes the very way the sync will take. Each step has a time limit. The report is for the person's IT: it holds
// everything about the way to the server and nothing secret.
import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { AccountDraft, CheckEvent, CheckStep } from '../../../shared/api/contract.ts'
import { MailFailure, type FailureKind } from '../../../shared/model/failure.ts'
import type { ImapSettings } from '../../../shared/model/account.ts'
import { unfitToSend } from '../presets.ts'
import { openSmtp } from '../smtp/smtp-connection.ts'
import { abortable, openConnection, type Connection } from './imap-connection.ts'
import { imapFailure } from './imap-failure.ts'
import { smtpServerOf } from './imap-submission.ts'
import { asciiHost, assertTrusted, incomingTrust, shownCertificate, tlsOptions } from '../server-trust.ts'

const stepMs = 10_000
/** Some servers lock an account after a handful of refused passwords. */
const loginTries = 3
const longestGreeting = 8_192

type Certificate = NonNullable<Extract<CheckEvent, { type: 'failed' }>['certificate']>

/** Ends after `done`; a failure is told as `failed` and then `done` with ok false. */
export async function* checkAccount(draft: AccountDraft, password: string, outgoingPassword: string | null, signal: AbortSignal): AsyncGenerator<CheckEvent> {
  const { settings } = draft
  const { host, port, security } = settings.incoming
  const report = new Report(draft, [password, ...(outgoingPassword === null ? [] : [outgoingPassword])])
  let step: CheckStep = 'resolve'
  let socket: Socket | null = null
  let connection: Connection | null = null
  let userName = settings.userName
  let certificate: Certificate | null = null
  const running = (next: CheckStep): CheckEvent => {
    step = next
    report.begin(next)
    return { type: 'step', step: next, state: 'running', detail: null }
  }
  const passed = (detail: string | null): CheckEvent => {
    report.end(`ok${detail === null ? '' : `: ${detail}`}`)
    return { type: 'step', step, state: 'ok', detail }
  }

  try {
    yield running('resolve')
    const addresses = await limited(signal, (limit) => resolve(host, limit))
    yield passed(addresses.join(', '))

    yield running('connect')
    socket = await limited(signal, (limit) => reach(addresses, port, limit))
    yield passed(`${socket.remoteAddress ?? ''} port ${String(port)}`)

    yield running('secure')
    if (security === 'plain' && !settings.plainConsent) throw new MailFailure('offline', 'plain-not-consented')
    const first = socket
    const secured = await limited(signal, (limit) => secure(first, settings, limit))
    socket = secured.socket
    report.note('greeting', secured.greeting)
    if (secured.tls) {
      certificate = certificateOf(secured.tls, host)
      report.note('protocol', `${secured.tls.getProtocol() ?? ''} ${secured.tls.getCipher().name}`)
      if (certificate) report.note('certificate', `${certificate.subject}, issued by ${certificate.issuer}, valid ${day(certificate.validFrom)} to ${day(certificate.validTo)}, SHA-256 ${certificate.fingerprint}`)
    }
    assertTrusted(incomingTrust(settings), secured.tls ?? socket)
    certificate = null
    yield passed(secured.tls ? `${secured.tls.getProtocol() ?? 'TLS'}, ${secured.tls.getCipher().name}` : null)
    socket.destroy()
    socket = null

    yield running('login')
    const signedIn = await signIn(draft, password, signal, report)
    connection = signedIn.connection
    userName = signedIn.userName
    yield passed(userName)

    yield running('folders')
    const open = connection
    const folders = await limited(signal, () => open.run((client) => client.list()))
    yield passed(String(folders.length))
    report.note('folders', String(folders.length))

    const sends = smtpServerOf({ ...settings, userName }, { password: () => Promise.resolve(password), ...(outgoingPassword === null ? {} : { outgoingPassword: () => Promise.resolve(outgoingPassword) }) })
    if (sends) {
      yield running('outgoing')
      const unfit = unfitToSend(sends.server)
      if (unfit !== null) throw new MailFailure('rejected', unfit)
      const smtp = await limited(signal, (limit) =>
        openSmtp({ server: sends, silenceMs: stepMs, onCertificate: (tls) => { certificate = certificateOf(tls, sends.server.host) } }, limit),
      )
      certificate = null
      smtp.quit()
      report.note('outgoing', `${smtp.route}${smtp.offer.sizeLimit === null ? '' : `, takes messages of ${String(smtp.offer.sizeLimit)} bytes`}${smtp.offer.holdMs === null ? '' : ', holds mail for later'}`)
      yield passed(smtp.route)
    }
    yield { type: 'done', ok: true, userName, folders: folders.length, report: report.text() }
  } catch (error) {
    if (signal.aborted) return
    const failure = imapFailure(error)
    report.end(`FAILED: ${failure.code}${failure.said === null ? '' : `: ${failure.said}`}`)
    // Set only while the certificate itself is being judged.
    // A refused password is not the certificate's fault.
    yield { type: 'failed', step, failure: report.redacted(failure), certificate: failure.code.startsWith('tls-') ? certificate : null }
    yield { type: 'done', ok: false, userName, folders: 0, report: report.text() }
  } finally {
    socket?.destroy()
    connection?.close()
  }
}

/** Runs a step under its time limit; the step itself is told to stop when the limit or the caller ends it. */
async function limited<T>(signal: AbortSignal, run: (limit: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController()
  const timer = setTimeout(() => { limit.abort(new MailFailure('offline', 'timeout')) }, stepMs)
  const both = AbortSignal.any([signal, limit.signal])
  try {
    return await abortable(run(both), both)
  } finally {
    clearTimeout(timer)
  }
}

async function resolve(host: string, signal: AbortSignal): Promise<string[]> {
  const bare = host.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0) return [bare]
  const found = await abortable(lookup(asciiHost(host), { all: true }), signal)
  if (found.length === 0) throw new MailFailure('offline', 'unknown-host')
  return found.map((one) => one.address)
}

/** Tries the addresses in the order they were given. */
async function reach(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  let last: unknown = new MailFailure('offline', 'refused')
  for (const address of addresses) {
    try {
      return await new Promise<Socket>((connected, failed) => {
        const socket = connectTcp({ host: address, port, signal })
        socket.once('error', failed)
        socket.once('connect', () => {
          socket.off('error', failed)
          socket.on('error', () => undefined)
          connected(socket)
        })
      })
    } catch (error) {
      if (signal.aborted) throw error
      last = error
    }
  }
  throw last
}

type Secured = { readonly socket: Socket; readonly tls: TLSSocket | null; readonly greeting: string }

async function secure(socket: Socket, settings: ImapSettings, signal: AbortSignal): Promise<Secured> {
  switch (settings.incoming.security) {
    case 'tls': {
      const tls = await handshake(socket, settings, signal)
      return { socket: tls, tls, greeting: await greetingOf(tls, signal) }
    }
    case 'starttls': {
      const greeting = await greetingOf(socket, signal)
      const answer = await command(socket, 's1', 'STARTTLS', signal)
      if (!/^s1 OK/i.test(answer)) throw new MailFailure('offline', 'starttls-missing', answer.replace(/^s1\s*/, ''))
      const tls = await handshake(socket, settings, signal)
      return { socket: tls, tls, greeting }
    }
    case 'plain':
      return { socket, tls: null, greeting: await greetingOf(socket, signal) }
  }
}

function handshake(socket: Socket, settings: ImapSettings, signal: AbortSignal): Promise<TLSSocket> {
  const host = asciiHost(settings.incoming.host)
  return new Promise((done, failed) => {
    // Any certificate passes here, so that it can be shown; `assertTrusted` judges it before anything is said.
    const tls = connectTls({ ...tlsOptions(incomingTrust(settings)), socket, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) })
    const stop = (): void => { tls.destroy() }
    signal.addEventListener('abort', stop, { once: true })
    tls.once('secureConnect', () => {
      tls.off('error', failed)
      tls.on('error', () => undefined)
      done(tls)
    })
    tls.once('error', failed)
    tls.once('close', () => { failed(new MailFailure('offline', 'tls-unsupported')) })
  })
}

/** The server's first line, which tells whether it is a mail server at all. */
async function greetingOf(socket: Socket, signal: AbortSignal): Promise<string> {
  const line = await readLine(socket, signal)
  if (/^\* BYE/i.test(line)) throw imapFailure(new Error(line), { closed: true, farewell: line.slice(6).trim() })
  if (!/^\* (OK|PREAUTH)/i.test(line)) throw new MailFailure('offline', 'not-imap', line.slice(0, 200))
  return line.slice(2).trim()
}

async function command(socket: Socket, tag: string, words: string, signal: AbortSignal): Promise<string> {
  socket.write(`${tag} ${words}\r\n`)
  for (;;) {
    const line = await readLine(socket, signal)
    if (!line.startsWith('*')) return line
  }
}

function readLine(socket: Socket, signal: AbortSignal): Promise<string> {
  return new Promise((done, failed) => {
    let text = ''
    const release = (): void => {
      socket.off('readable', read)
      socket.off('end', ended)
      socket.off('close', ended)
      socket.off('error', stop)
      signal.removeEventListener('abort', aborted)
    }
    const stop = (error: unknown): void => {
      release()
      failed(error instanceof Error ? error : new MailFailure('offline', 'connection-lost'))
    }
    const ended = (): void => { stop(new MailFailure('offline', text === '' ? 'connection-lost' : 'not-imap', text.slice(0, 200) || null)) }
    const aborted = (): void => { stop(signal.reason) }
    const read = (): void => {
      // Byte by byte, so that nothing after the line is taken from whoever reads next.
      for (let byte = socket.read(1) as Buffer | null; byte !== null; byte = socket.read(1) as Buffer | null) {
        text += byte.toString('latin1')
        if (text.length > longestGreeting) {
          stop(new MailFailure('offline', 'not-imap', text.slice(0, 200)))
          return
        }
        if (!text.endsWith('\n')) continue
        const line = text.trimEnd()
        release()
        done(line)
        return
      }
    }
    socket.on('readable', read)
    socket.once('end', ended)
    socket.once('close', ended)
    socket.once('error', stop)
    signal.addEventListener('abort', aborted, { once: true })
    read()
  })
}

/** Signs in as typed, then under the names servers commonly want, as long as only the name or password is refused. */
async function signIn(draft: AccountDraft, password: string, signal: AbortSignal, report: Report): Promise<{ connection: Connection; userName: string }> {
  const names = [...new Set([draft.settings.userName, draft.address, draft.address.split('@')[0] ?? draft.address])].slice(0, loginTries)
  let refused: unknown
  for (const userName of names) {
    try {
      const connection = await limited(signal, (limit) =>
        openConnection({ settings: { ...draft.settings, userName }, password: () => Promise.resolve(password), compress: false, silenceMs: stepMs }, limit),
      )
      report.note('signed in as', userName)
      return { connection, userName }
    } catch (error) {
      const failure = imapFailure(error)
      if (failure.kind !== 'auth') throw failure
      report.note('refused as', `${userName}${failure.said === null ? '' : ` (${failure.said})`}`)
      // The answer to the name that was typed is the one to show.
      refused ??= failure
    }
  }
  throw refused
}

function certificateOf(tls: TLSSocket, host: string): Certificate | null {
  const shown = shownCertificate(tls)
  if (!shown) return null
  // Typed as text, yet missing where a certificate leaves it empty.
  const named = (text: string | undefined): string => (text ?? '').replaceAll('\n', ', ')
  return {
    host: host.toLowerCase(),
    fingerprint: shown.fingerprint256,
    pem: shown.toString(),
    subject: named(shown.subject) || host,
    issuer: named(shown.issuer),
    validFrom: shown.validFromDate.getTime(),
    validTo: shown.validToDate.getTime(),
  }
}

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)

const stepNames: Readonly<Record<CheckStep, string>> = { resolve: 'Find the server', connect: 'Reach it', secure: 'Secure the connection', login: 'Sign in', folders: 'List the folders', outgoing: 'Sign in to the server that sends' }

class Report {
  readonly #lines: string[]
  readonly #secrets: readonly string[]
  #startedAt = 0
  #step: CheckStep = 'resolve'

  constructor(draft: AccountDraft, secrets: readonly string[]) {
    const { host, port, security } = draft.settings.incoming
    this.#secrets = secrets
    this.#lines = [
      'Shortlist mailbox check', `time: ${new Date().toISOString()}`, `address: ${draft.address}`, `user name: ${draft.settings.userName}`,
      `server: ${host} port ${String(port)}, ${security}`,
      ...(draft.settings.outgoing ? [`sends by: ${draft.settings.outgoing.server.host} port ${String(draft.settings.outgoing.server.port)}, ${draft.settings.outgoing.server.security}`] : []), '',
    ]
  }

  begin(step: CheckStep): void {
    this.#step = step
    this.#startedAt = performance.now()
  }

  end(result: string): void {
    this.#lines.push(`${stepNames[this.#step]}: ${result} (${String(Math.round(performance.now() - this.#startedAt))} ms)`)
  }

  note(name: string, value: string): void {
    this.#lines.push(`  ${name}: ${value}`)
  }

  /** A server may repeat what it was sent; its words are cleaned of the password before anybody sees them. */
  redacted(failure: MailFailure): { kind: FailureKind; code: string; said: string | null; retryAfterMs: number | null } {
    return { ...failure.toData(), said: failure.said === null ? null : this.#clean(failure.said) }
  }

  text(): string {
    return this.#clean(this.#lines.join('\n')) + '\n'
  }

  #clean(text: string): string {
    return this.#secrets.reduce((clean, secret) => clean.replaceAll(secret, '[password]').replaceAll(Buffer.from(secret).toString('base64'), '[password]'), text)
  }
}
