// A real SMTP server on loopback that delivers into a Dovecot, so that mail sent by the app arrives where a recipient
// reads it. It can refuse senders, recipients and messages, be slow, hold mail until its time (RFC 4865), save what it
// sends, and lose its last answer after it has taken a message.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerSession } from 'smtp-server'
import { createCertificate } from './certificate.ts'
import type { Certificate } from './certificate.ts'
import type { Dovecot } from './dovecot.ts'
import { LOOPBACK } from './loopback.ts'

export type SmtpOptions = {
  /** Whose users receive. Without one, mail is kept in `received` only. */
  readonly dovecot?: Dovecot
  /** Passwords by user name. Default: anna with the password geheim. */
  readonly users?: Readonly<Record<string, string>>
  /** Which user's INBOX an address belongs to. Default: the part before the @. Mail for nobody is kept in `received` only. */
  readonly userOf?: (address: string) => string | null
  /** TLS from the first byte instead of STARTTLS. */
  readonly implicitTls?: boolean
  /** Default: PLAIN and LOGIN. */
  readonly authMethods?: readonly ('PLAIN' | 'LOGIN' | 'XOAUTH2')[]
  /** Bearer tokens by user name, for XOAUTH2. */
  readonly tokens?: Readonly<Record<string, string>>
  /** Nobody needs to sign in, and signing in needs no TLS. */
  readonly open?: boolean
  /** Default: STARTTLS is offered. */
  readonly startTls?: boolean
  /** Largest message, bytes. */
  readonly size?: number
  /** Offers to hold mail for so long (RFC 4865), seconds. */
  readonly holdSeconds?: number
  /** Extensions that are not offered. */
  readonly without?: readonly ('PIPELINING' | '8BITMIME' | 'SMTPUTF8' | 'DSN')[]
  /** Puts a copy into the sender's folder of this name, as some servers do. */
  readonly savesInto?: string
}

export type ReceivedMail = {
  readonly from: string
  readonly recipients: readonly string[]
  readonly user: string
  readonly raw: Buffer
  /** Parameters of MAIL FROM, by upper-case name. */
  readonly parameters: Readonly<Record<string, string | true>>
  /** NOTIFY of the recipients, where given. */
  readonly notify: readonly string[]
  readonly secure: boolean
}

type Answer = { readonly code: number; readonly text: string }

export type Smtp = {
  readonly host: string
  readonly port: number
  readonly certificate: Certificate
  /** Everything accepted, in order. */
  readonly received: readonly ReceivedMail[]
  /** From now on this recipient is refused with the code; null lifts it. */
  refuse(recipient: string, answer: Answer | null): void
  /** The same for every sender, for every message after its last byte, and for every sign-in. */
  refuseAll(at: 'sender' | 'message' | 'login', answer: Answer | null): void
  /** Milliseconds before each message is answered. */
  answerAfter(ms: number): void
  /** Ends every open connection, as for idleness. */
  hangUp(): void
  /** Sign-ins tried. */
  readonly signIns: number
  /** The next messages are taken and delivered, but the connection ends before the client hears so. */
  loseAnswers(count: number): void
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startSmtp(options: SmtpOptions): Promise<Smtp> {
  const { dovecot, users = { anna: 'geheim' }, tokens = {} } = options
  const ownDir = dovecot ? null : await mkdtemp(join(tmpdir(), 'shortlist-smtp-'))
  const certificate = dovecot?.certificate ?? (await createCertificate(ownDir ?? ''))
  const userOf = options.userOf ?? ((address: string) => address.split('@')[0] ?? null)
  const received: ReceivedMail[] = []
  const refused = new Map<string, Error>()
  const refusals = new Map<'sender' | 'message' | 'login', Error>()
  let answersToLose = 0
  let answerMs = 0
  let signIns = 0

  /** Offers what the server itself knows nothing of. */
  const offerHolding = (session: SMTPServerSession): void => {
    for (const connection of server.connections as Set<{ readonly id: string; send(code: number, lines: unknown, ...more: unknown[]): void }>) {
      if (connection.id !== session.id) continue
      const send = connection.send.bind(connection)
      connection.send = (code, lines, ...more) => {
        const isOffer = Array.isArray(lines) && lines.some((line) => typeof line === 'string' && line.startsWith('SIZE'))
        const latest = new Date(Date.now() + (options.holdSeconds ?? 0) * 1000).toISOString().replace(/\.\d{3}Z$/, 'Z')
        send(code, isOffer ? [...(lines as unknown[]), `FUTURERELEASE ${String(options.holdSeconds)} ${latest}`] : lines, ...more)
      }
    }
  }

  const answer = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code })

  const server = new SMTPServer({
    secure: options.implicitTls === true,
    key: await readFile(certificate.keyFile),
    cert: certificate.pem,
    authMethods: [...(options.authMethods ?? ['PLAIN', 'LOGIN'])],
    authOptional: options.open === true,
    allowInsecureAuth: options.open === true,
    hideSTARTTLS: options.startTls === false,
    disabledCommands: options.startTls === false ? ['STARTTLS'] : [],
    hideDSN: options.without?.includes('DSN') === true,
    hidePIPELINING: options.without?.includes('PIPELINING') === true,
    hide8BITMIME: options.without?.includes('8BITMIME') === true,
    hideSMTPUTF8: options.without?.includes('SMTPUTF8') === true,
    disableReverseLookup: true,
    size: options.size ?? 50 * 1024 * 1024,
    rejectOversized: true,
    onConnect(session, callback) {
      if (options.holdSeconds !== undefined) offerHolding(session)
      callback()
    },
    onMailFrom(_address, _session, callback) {
      callback(refusals.get('sender') ?? null)
    },
    onAuth(auth, _session, callback) {
      signIns++
      const { username = '', password, accessToken } = auth
      const refusal = refusals.get('login')
      if (refusal) callback(refusal)
      else if (accessToken !== undefined) {
        if (tokens[username] === accessToken) callback(null, { user: username })
        else callback(null, { data: { status: '401', schemes: 'bearer' } })
      } else if (password !== undefined && users[username] === password) callback(null, { user: username })
      else callback(answer(535, '5.7.8 Authentication failed'))
    },
    onRcptTo({ address }, _session, callback) {
      callback(refused.get(address.toLowerCase()) ?? null)
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const mail: ReceivedMail = {
          from: mailFrom === false ? '' : mailFrom.address,
          recipients: rcptTo.map((each) => each.address),
          user: typeof session.user === 'string' ? session.user : '',
          raw: Buffer.concat(chunks),
          parameters: mailFrom === false || mailFrom.args === false ? {} : mailFrom.args,
          notify: rcptTo.flatMap((each) => each.dsn?.notify ?? []),
          secure: session.secure,
        }
        const refusal = refusals.get('message')
        if (refusal) {
          callback(refusal)
          return
        }
        if (stream.sizeExceeded) {
          callback(answer(552, '5.3.4 Too large'))
          return
        }
        // What could not be delivered is answered with a refusal and was not received.
        deliver(mail).then(async () => {
          received.push(mail)
          await delay(answerMs)
        }).then(
          () => {
            if (answersToLose > 0) {
              answersToLose -= 1
              for (const connection of server.connections as Set<{ readonly id: string; close(): void }>) {
                if (connection.id === session.id) connection.close()
              }
            } else callback(null)
          },
          (error: unknown) => {
            callback(answer(451, `4.3.0 ${String(error)}`))
          },
        )
      })
    },
  })
  server.on('error', () => undefined)

  const deliver = async (mail: ReceivedMail): Promise<void> => {
    if (!dovecot) return
    if (options.savesInto !== undefined) await dovecot.deliver(mail.user, options.savesInto, mail.raw, { flags: ['\\Seen'] })
    const head = Buffer.from(`Return-Path: <${mail.from}>\r\nReceived: from client by ${LOOPBACK} with ESMTPSA\r\n`)
    for (const recipient of mail.recipients) {
      const user = userOf(recipient)
      if (user !== null && Object.hasOwn(users, user)) await dovecot.deliver(user, 'INBOX', Buffer.concat([head, mail.raw]))
    }
  }

  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    const listening = server.listen(0, LOOPBACK, () => {
      resolve((listening.address() as AddressInfo).port)
    })
  })

  const smtp: Smtp = {
    host: LOOPBACK,
    port,
    certificate,
    received,
    get signIns() {
      return signIns
    },
    refuseAll(at, how) {
      if (how === null) refusals.delete(at)
      else refusals.set(at, answer(how.code, how.text))
    },
    hangUp() {
      for (const connection of server.connections as Set<{ close(): void }>) connection.close()
    },
    answerAfter(ms) {
      answerMs = ms
    },
    refuse(recipient, how) {
      if (how === null) refused.delete(recipient.toLowerCase())
      else refused.set(recipient.toLowerCase(), answer(how.code, how.text))
    },
    loseAnswers(count) {
      answersToLose = count
    },
    stop() {
      return new Promise<void>((resolve) => {
        server.close(resolve)
      }).finally(() => (ownDir === null ? undefined : rm(ownDir, { recursive: true, force: true })))
    },
    [Symbol.asyncDispose]() {
      return smtp.stop()
    },
  }
  return smtp
}
