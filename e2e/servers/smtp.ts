// A real SMTP server on loopback that delivers into a Dovecot, so that mail sent by the app arrives where a recipient
// reads it. It can refuse recipients, be slow, and lose its last answer after it has taken a message.
import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { Dovecot } from './dovecot.ts'
import { LOOPBACK } from './loopback.ts'

export type SmtpOptions = {
  /** Whose users may send, and receive. */
  readonly dovecot: Dovecot
  /** Passwords by user name. Default: anna with the password geheim. */
  readonly users?: Readonly<Record<string, string>>
  /** Which user's INBOX an address belongs to. Default: the part before the @. Mail for nobody is kept in `received` only. */
  readonly userOf?: (address: string) => string | null
  /** TLS from the first byte instead of STARTTLS. */
  readonly implicitTls?: boolean
}

export type ReceivedMail = {
  readonly from: string
  readonly recipients: readonly string[]
  readonly user: string
  readonly raw: Buffer
}

export type Smtp = {
  readonly host: string
  readonly port: number
  /** Everything accepted, in order. */
  readonly received: readonly ReceivedMail[]
  /** From now on this recipient is refused with the code; null lifts it. */
  refuse(recipient: string, answer: { readonly code: number; readonly text: string } | null): void
  /** The next messages are taken and delivered, but the connection ends before the client hears so. */
  loseAnswers(count: number): void
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export async function startSmtp(options: SmtpOptions): Promise<Smtp> {
  const { dovecot, users = { anna: 'geheim' } } = options
  const userOf = options.userOf ?? ((address: string) => address.split('@')[0] ?? null)
  const received: ReceivedMail[] = []
  const refused = new Map<string, Error>()
  let answersToLose = 0

  const answer = (code: number, text: string): Error => Object.assign(new Error(text), { responseCode: code })

  const server = new SMTPServer({
    secure: options.implicitTls === true,
    key: await readFile(dovecot.certificate.keyFile),
    cert: dovecot.certificate.pem,
    authMethods: ['PLAIN', 'LOGIN'],
    disableReverseLookup: true,
    size: 50 * 1024 * 1024,
    onAuth(auth, _session, callback) {
      const { username = '', password } = auth
      if (password !== undefined && users[username] === password) callback(null, { user: username })
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
          user: session.user ?? '',
          raw: Buffer.concat(chunks),
        }
        received.push(mail)
        deliver(mail).then(
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
    received,
    refuse(recipient, how) {
      if (how === null) refused.delete(recipient.toLowerCase())
      else refused.set(recipient.toLowerCase(), answer(how.code, how.text))
    },
    loseAnswers(count) {
      answersToLose = count
    },
    stop() {
      return new Promise((resolve) => {
        server.close(resolve)
      })
    },
    [Symbol.asyncDispose]() {
      return smtp.stop()
    },
  }
  return smtp
}
