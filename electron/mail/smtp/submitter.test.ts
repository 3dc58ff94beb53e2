// Against a real SMTP server on loopback, and small ones that answer wrongly, too late or not at all.
import { createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startSmtp, type Smtp, type SmtpOptions } from '../../../e2e/servers/smtp.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { Security } from '../../../shared/model/account.ts'
import type { Submission, SubmissionSteps, Submitted } from '../mailbox.ts'
import type { SmtpServer, SmtpSignIn } from './smtp-connection.ts'
import { addressBeyondAscii, createSubmitter, type Submitter, type SubmitterOptions } from './submitter.ts'

const closing: (() => Promise<unknown> | undefined)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function serverWith(options: SmtpOptions = {}): Promise<Smtp> {
  const smtp = await startSmtp(options)
  closing.push(() => smtp.stop())
  return smtp
}

const password: SmtpSignIn = { kind: 'password', userName: 'anna', password: () => Promise.resolve('geheim') }

function serverOf(smtp: Pick<Smtp, 'port' | 'certificate'>, security: Security, more: Partial<SmtpServer> = {}): SmtpServer {
  return {
    server: { host: '127.0.0.1', port: smtp.port, security },
    plainConsent: false,
    trusted: [{ host: '127.0.0.1', fingerprint: smtp.certificate.fingerprint256, pem: smtp.certificate.pem }],
    signIn: password,
    ...more,
  }
}

function submitter(server: SmtpServer, options: Partial<SubmitterOptions> = {}): Submitter {
  const made = createSubmitter({ server, silenceMs: 5_000, ...options })
  closing.push(() => {
    made.close()
    return undefined
  })
  return made
}

const headers = 'From: anna@firm.example\r\nTo: bert@firm.example\r\nMessage-ID: <one@firm.example>\r\nSubject: Hello\r\n\r\n'

function mail(more: Partial<Submission> & { readonly text?: string } = {}): Submission {
  const { text = 'God dag\r\n', ...rest } = more
  return { raw: Buffer.from(headers + text), headerMessageId: 'one@firm.example', from: 'anna@firm.example', to: ['bert@firm.example'], holdUntil: null, notify: false, ...rest }
}

type Told = { passed: number; routes: string[]; refused: string[]; progress: number[] }

async function submit(to: Submitter, submission = mail(), options: { readonly signal?: AbortSignal; readonly onPass?: () => void } = {}): Promise<{ told: Told; result: Submitted | MailFailure }> {
  const told: Told = { passed: 0, routes: [], refused: [], progress: [] }
  const steps: SubmissionSteps = {
    signal: options.signal ?? new AbortController().signal,
    onPointOfNoReturn() {
      told.passed++
      options.onPass?.()
    },
    onRoute: (route) => told.routes.push(route),
    onProgress: (done) => told.progress.push(done),
    onRefused: (refusal) => told.refused.push(refusal.address),
  }
  const result = await to.submit(submission, steps).catch((error: unknown) => {
    if (error instanceof MailFailure) return error
    throw error
  })
  return { told, result }
}

describe('a message handed to its server', () => {
  it.each([
    ['TLS', { implicitTls: true }, 'tls'],
    ['STARTTLS', {}, 'starttls'],
    ['no protection, by consent', { open: true, startTls: false }, 'plain'],
  ] as const)('arrives byte for byte over %s', async (_name, options, security) => {
    const smtp = await serverWith(options)
    const raw = Buffer.from(`${headers}.\r\n..\r\n.dots\r\nGrüße ☕\r\n\r\n.\r\n`)
    const { result, told } = await submit(submitter(serverOf(smtp, security, { plainConsent: security === 'plain' })), mail({ raw }))
    expect(result).toMatchObject({ outcome: 'accepted', refused: [], held: false })
    expect(smtp.received[0]?.raw.equals(raw)).toBe(true)
    expect(smtp.received[0]).toMatchObject({ from: 'anna@firm.example', recipients: ['bert@firm.example'], user: 'anna', secure: security !== 'plain', parameters: { SIZE: String(raw.byteLength), BODY: '8BITMIME' } })
    expect(told).toMatchObject({ passed: 1, routes: [expect.stringContaining(`127.0.0.1:${String(smtp.port)}`)] })
  })

  it('of many megabytes tells how far it is and is only final at its end', async () => {
    const smtp = await serverWith({ implicitTls: true })
    const raw = Buffer.from(headers + `${'x'.repeat(76)}\r\n`.repeat(80_000))
    let arrivedBefore = -1
    const { result, told } = await submit(submitter(serverOf(smtp, 'tls')), mail({ raw }), { onPass: () => { arrivedBefore = smtp.received.length } })
    expect(result).toMatchObject({ outcome: 'accepted' })
    expect(arrivedBefore).toBe(0)
    expect(smtp.received[0]?.raw.equals(raw)).toBe(true)
    expect(told.progress.at(-1)).toBe(raw.byteLength)
    expect(told.progress.length).toBeGreaterThan(50)
    expect(told.progress).toEqual([...told.progress].sort((a, b) => a - b))
  })

  it('goes over one connection after another, and over a new one when the server hung up meanwhile', async () => {
    const smtp = await serverWith({ implicitTls: true })
    const to = submitter(serverOf(smtp, 'tls'))
    await submit(to)
    await submit(to)
    expect(smtp.signIns).toBe(1)
    smtp.hangUp()
    expect((await submit(to)).result).toMatchObject({ outcome: 'accepted' })
    expect(smtp.received).toHaveLength(3)
    expect(smtp.signIns).toBe(2)
  })

  it.each([['PIPELINING'], ['8BITMIME'], ['DSN'], ['SMTPUTF8']] as const)('needs no %s', async (without) => {
    const smtp = await serverWith({ without: [without] })
    expect((await submit(submitter(serverOf(smtp, 'starttls')), mail({ text: 'Grüße\r\n', notify: true }))).result).toMatchObject({ outcome: 'accepted' })
    expect(smtp.received).toHaveLength(1)
  })

  it('asks for delivery notices where asked to', async () => {
    const smtp = await serverWith()
    await submit(submitter(serverOf(smtp, 'starttls')), mail({ notify: true }))
    expect(smtp.received[0]).toMatchObject({ parameters: { RET: 'HDRS', ENVID: 'one@firm.example' }, notify: ['SUCCESS', 'FAILURE', 'DELAY'] })
  })

  it('is held by a server that offers it, and by nobody else', async () => {
    const holding = await serverWith({ holdSeconds: 86_400 })
    const at = Math.floor(Date.now() / 1000) * 1000 + 3_600_000
    const to = submitter(serverOf(holding, 'starttls'))
    expect(await to.holdLimit(new AbortController().signal)).toBe(86_400_000)
    expect((await submit(to, mail({ holdUntil: at }))).result).toMatchObject({ outcome: 'accepted', held: true })
    expect(Date.parse(String(holding.received[0]?.parameters['HOLDUNTIL']))).toBe(at)
    // The next one is not held along with it.
    await submit(to)
    expect(holding.received[1]?.parameters).not.toHaveProperty('HOLDUNTIL')
    expect((await submit(to, mail({ holdUntil: at + 2 * 86_400_000 }))).result).toMatchObject({ kind: 'rejected', code: 'hold-unsupported' })
    const plain = await serverWith()
    expect((await submit(submitter(serverOf(plain, 'starttls')), mail({ holdUntil: at }))).result).toMatchObject({ kind: 'rejected', code: 'hold-unsupported' })
    expect(plain.received).toHaveLength(0)
  })
})

describe('addresses beyond ASCII', () => {
  it('travel by SMTPUTF8, and a domain in its ASCII form', async () => {
    const smtp = await serverWith()
    const to = submitter(serverOf(smtp, 'starttls'))
    await submit(to, mail({ to: ['jürgen@bücher.example', 'kari@bücher.example'] }))
    expect(smtp.received[0]?.parameters).toHaveProperty('SMTPUTF8')
    await submit(to, mail({ to: ['kari@bücher.example'] }))
    expect(smtp.received[1]?.parameters).not.toHaveProperty('SMTPUTF8')
  })

  it('are refused before anything is said where the server cannot', async () => {
    const smtp = await serverWith({ without: ['SMTPUTF8'] })
    expect((await submit(submitter(serverOf(smtp, 'starttls')), mail({ to: ['jürgen@firm.example'] }))).result).toMatchObject({ kind: 'rejected', code: 'needs-smtputf8', said: 'jürgen@firm.example' })
    expect(smtp.received).toHaveLength(0)
  })

  it.each([
    ['Reply-To: jürgen@firm.example', 'jürgen@firm.example'],
    ['To: =?UTF-8?Q?B=C3=A5rd?= <bert@firm.example>,\r\n Kari <kåri@firm.example>', 'kåri@firm.example'],
  ])('are refused too where only a field of the header has them: %s', async (field, address) => {
    const raw = Buffer.from(`${field}\r\n${headers}God dag\r\n`)
    const without = await serverWith({ without: ['SMTPUTF8'] })
    const refused = await submit(submitter(serverOf(without, 'starttls')), mail({ raw }))
    expect(refused.result).toMatchObject({ kind: 'rejected', code: 'needs-smtputf8', said: address })
    expect(refused.told.passed).toBe(0)
    expect(without.received).toHaveLength(0)
    const smtp = await serverWith()
    const to = submitter(serverOf(smtp, 'starttls'))
    await submit(to, mail({ raw }))
    expect(smtp.received[0]?.parameters).toHaveProperty('SMTPUTF8')
    await submit(to)
    expect(smtp.received[1]?.parameters).not.toHaveProperty('SMTPUTF8')
  })

  it('are looked for in addresses alone', () => {
    const header = (...fields: readonly string[]): Buffer => Buffer.from(`${fields.join('\r\n')}\r\n\r\nTo: jürgen@firm.example\r\n`)
    expect(addressBeyondAscii(header('From: Jürgen <a@firm.example>', 'Subject: jürgen@firm.example', 'To: bert@bücher.example'))).toBeNull()
    expect(addressBeyondAscii(header('Subject: x', 'Cc: "Doe, Jürgen" <a@firm.example>,', ' <kåri@firm.example>'))).toBe('kåri@firm.example')
  })

  it('cannot smuggle a command', async () => {
    const smtp = await serverWith()
    for (const address of ['a@b.example>\r\nRCPT TO:<c@d.example', 'a b@c.example', 'a@b.example\n', '<a@b.example>', '']) {
      expect((await submit(submitter(serverOf(smtp, 'starttls')), mail({ to: [address] }))).result, address).toMatchObject({ kind: 'rejected', code: 'recipients-refused' })
    }
    expect(smtp.received).toHaveLength(0)
  })
})

describe('signing in', () => {
  it.each(['PLAIN', 'LOGIN'] as const)('works by %s', async (method) => {
    const smtp = await serverWith({ authMethods: [method] })
    expect((await submit(submitter(serverOf(smtp, 'starttls')))).result).toMatchObject({ outcome: 'accepted' })
  })

  it('works by XOAUTH2, with a fresh token once the first is refused', async () => {
    const smtp = await serverWith({ authMethods: ['XOAUTH2'], tokens: { anna: 'fresh' } })
    const asked: boolean[] = []
    const signIn: SmtpSignIn = { kind: 'token', userName: 'anna', token: (fresh) => { asked.push(fresh); return Promise.resolve(fresh ? 'fresh' : 'stale') } }
    expect((await submit(submitter(serverOf(smtp, 'starttls', { signIn })))).result).toMatchObject({ outcome: 'accepted' })
    expect(asked).toEqual([false, true])
  })

  it('fails as such, for a wrong token, a token that cannot be had, and a password where none is taken', async () => {
    const smtp = await serverWith({ authMethods: ['XOAUTH2'], tokens: { anna: 'right' } })
    const token = (give: () => Promise<string>): SmtpServer => serverOf(smtp, 'starttls', { signIn: { kind: 'token', userName: 'anna', token: give } })
    expect((await submit(submitter(token(() => Promise.resolve('wrong'))))).result).toMatchObject({ kind: 'auth', code: 'login-refused' })
    expect((await submit(submitter(token(() => Promise.reject(new MailFailure('offline', 'unknown-host')))))).result).toMatchObject({ kind: 'offline', code: 'unknown-host' })
    expect((await submit(submitter(serverOf(smtp, 'starttls')))).result).toMatchObject({ kind: 'auth', code: 'no-login-method' })
  })

  it('tells a wrong password from a server that is not well', async () => {
    const smtp = await serverWith()
    const wrong = submitter(serverOf(smtp, 'starttls', { signIn: { kind: 'password', userName: 'anna', password: () => Promise.resolve('falsch') } }))
    expect((await submit(wrong)).result).toMatchObject({ kind: 'auth', code: 'login-refused' })
    expect(smtp.signIns).toBe(1)
    smtp.refuseAll('login', { code: 454, text: '4.7.0 Temporary authentication failure' })
    expect((await submit(submitter(serverOf(smtp, 'starttls')))).result).toMatchObject({ kind: 'throttled' })
    smtp.refuseAll('login', { code: 535, text: '5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant' })
    expect((await submit(submitter(serverOf(smtp, 'starttls')))).result).toMatchObject({ kind: 'auth', code: 'password-off' })
  })

  it('does not hand out the password to anybody but the right server', async () => {
    const smtp = await serverWith()
    let asked = 0
    const signIn: SmtpSignIn = { kind: 'password', userName: 'anna', password: () => { asked++; return Promise.resolve('geheim') } }
    const of = (more: Partial<SmtpServer>, security: Security = 'starttls'): Submitter => submitter(serverOf(smtp, security, { signIn, ...more }))
    expect((await submit(of({ trusted: [] }))).result).toMatchObject({ kind: 'offline', code: 'tls-self-signed' })
    const other = await serverWith({ implicitTls: true })
    expect((await submit(submitter(serverOf({ port: other.port, certificate: smtp.certificate }, 'tls', { signIn })))).result).toMatchObject({ kind: 'offline', code: 'tls-changed' })
    expect((await submit(of({ plainConsent: false }, 'plain'))).result).toMatchObject({ kind: 'offline', code: 'plain-not-consented' })
    expect((await submit(of({}, 'tls'))).result).toMatchObject({ kind: 'offline', code: 'tls-unsupported' })
    const bare = await serverWith({ startTls: false, open: true })
    expect((await submit(submitter(serverOf(bare, 'starttls', { signIn })))).result).toMatchObject({ kind: 'offline' })
    expect(bare.received).toHaveLength(0)
    expect(asked).toBe(0)
  })
})

describe('what a server refuses', () => {
  it('is told with its words, by what it refused', async () => {
    const smtp = await serverWith({ size: 10_000 })
    const to = submitter(serverOf(smtp, 'starttls'))
    expect(await to.sizeLimit(new AbortController().signal)).toBe(10_000)
    const large = await submit(to, mail({ text: 'x'.repeat(20_000) + '\r\n' }))
    expect(large.result).toMatchObject({ kind: 'rejected', code: 'too-large', said: expect.stringContaining('10000') as string })
    expect(large.told.passed).toBe(0)
    smtp.refuseAll('sender', { code: 550, text: '5.7.60 SMTP; Client does not have permissions to send as this sender' })
    expect((await submit(to)).result).toMatchObject({ kind: 'rejected', code: 'sender-refused', said: expect.stringContaining('5.7.60') as string })
    smtp.refuseAll('sender', { code: 421, text: '4.7.0 Too busy' })
    expect((await submit(to)).result).toMatchObject({ kind: 'throttled' })
    smtp.refuseAll('sender', null)
    smtp.refuseAll('message', { code: 554, text: '5.7.1 Spam message rejected' })
    expect((await submit(to)).result).toMatchObject({ kind: 'rejected', code: 'message-refused' })
    smtp.refuseAll('message', { code: 550, text: '5.4.5 Daily user sending quota exceeded' })
    expect((await submit(to)).result).toMatchObject({ kind: 'throttled', code: 'daily-limit' })
    smtp.refuseAll('message', { code: 451, text: '4.3.0 Try again' })
    expect((await submit(to)).result).toMatchObject({ kind: 'throttled' })
    expect(smtp.received).toHaveLength(0)
  })

  it('some recipients of, is told of them while the others get it', async () => {
    const smtp = await serverWith()
    smtp.refuse('nobody@firm.example', { code: 550, text: '5.1.1 No such user' })
    smtp.refuse('later@firm.example', { code: 450, text: '4.2.0 Greylisted' })
    const { result } = await submit(submitter(serverOf(smtp, 'starttls')), mail({ to: ['bert@firm.example', 'nobody@firm.example', 'later@firm.example'] }))
    expect(result).toMatchObject({
      outcome: 'accepted',
      refused: [
        { address: 'nobody@firm.example', status: '5.1.1', said: expect.stringContaining('No such user') as string },
        { address: 'later@firm.example', status: '4.2.0' },
      ],
    })
    expect(smtp.received[0]?.recipients).toEqual(['bert@firm.example'])
  })

  it('every recipient of, is a failure that names them', async () => {
    const smtp = await serverWith()
    smtp.refuse('nobody@firm.example', { code: 550, text: '5.1.1 No such user' })
    const refused = await submit(submitter(serverOf(smtp, 'starttls')), mail({ to: ['nobody@firm.example'] }))
    expect(refused.result).toMatchObject({ kind: 'rejected', code: 'recipients-refused' })
    expect(refused.told).toMatchObject({ passed: 0, refused: ['nobody@firm.example'] })
    smtp.refuse('later@firm.example', { code: 450, text: '4.2.0 Greylisted' })
    expect((await submit(submitter(serverOf(smtp, 'starttls')), mail({ to: ['nobody@firm.example', 'later@firm.example'] }))).result).toMatchObject({ kind: 'throttled', code: 'recipients-deferred' })
    const other = await submit(submitter(serverOf(smtp, 'starttls')), mail({ to: ['later@firm.example', 'nobody@firm.example'] }))
    expect(other.result).toMatchObject({ kind: 'throttled', code: 'recipients-deferred', said: expect.stringContaining('Greylisted') as string })
    expect(other.told.refused).toEqual(['later@firm.example', 'nobody@firm.example'])
  })

  it('may not mend a message: half a line end is our own fault', async () => {
    const smtp = await serverWith()
    for (const text of ['a\nb\r\n', 'a\rb\r\n', 'no end']) expect((await submit(submitter(serverOf(smtp, 'starttls')), mail({ text }))).result).toMatchObject({ kind: 'bug', code: 'not-crlf' })
  })
})

describe('an answer that never comes', () => {
  it('after the last byte is uncertain', async () => {
    const smtp = await serverWith({ implicitTls: true })
    smtp.loseAnswers(1)
    const { result, told } = await submit(submitter(serverOf(smtp, 'tls')))
    expect(result).toMatchObject({ outcome: 'uncertain' })
    expect(told.passed).toBe(1)
  })

  it('and a silence that lasts are the same', async () => {
    const smtp = await serverWith({ implicitTls: true })
    smtp.answerAfter(3_000)
    expect((await submit(submitter(serverOf(smtp, 'tls'), { answerMs: 300 }))).result).toMatchObject({ outcome: 'uncertain' })
  })

  it('when it is called off before, is certain to reach nobody, and after, is uncertain', async () => {
    const smtp = await serverWith({ implicitTls: true })
    smtp.answerAfter(2_000)
    const early = new AbortController()
    early.abort(new MailFailure('offline', 'cancelled'))
    expect((await submit(submitter(serverOf(smtp, 'tls')), mail(), { signal: early.signal })).result).toMatchObject({ kind: 'offline', code: 'cancelled' })
    const late = new AbortController()
    const { result } = await submit(submitter(serverOf(smtp, 'tls')), mail(), { signal: late.signal, onPass: () => setTimeout(() => { late.abort(new MailFailure('offline', 'stopped')) }, 200) })
    expect(result).toMatchObject({ outcome: 'uncertain' })
  })

  it('to the point of no return itself means that nobody gets it', async () => {
    const smtp = await serverWith({ implicitTls: true })
    const { result } = await submit(submitter(serverOf(smtp, 'tls')), mail(), { onPass: () => { throw new Error('the disk is full') } })
    expect(result).toMatchObject({ kind: 'bug' })
    await new Promise((done) => setTimeout(done, 200))
    expect(smtp.received).toHaveLength(0)
  })

  it('at the greeting, at EHLO or from something that is no mail server is offline', async () => {
    const answering = async (answer: (socket: Socket) => void): Promise<MailFailure | Submitted> => {
      const sockets = new Set<Socket>()
      const server = createServer((socket) => {
        sockets.add(socket)
        socket.on('error', () => undefined)
        answer(socket)
      })
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const to = createSubmitter({ silenceMs: 500, server: { server: { host: '127.0.0.1', port, security: 'plain' }, plainConsent: true, trusted: [], signIn: { kind: 'none' } } })
      const { result } = await submit(to)
      for (const socket of sockets) socket.destroy()
      server.close()
      return result
    }
    expect(await answering((socket) => socket.destroy())).toMatchObject({ kind: 'offline' })
    expect(await answering((socket) => socket.end('* OK IMAP\r\n'))).toMatchObject({ kind: 'offline' })
    expect(await answering((socket) => socket.write('554 5.7.1 Go away\r\n'))).toMatchObject({ kind: 'offline', code: 'turned-away' })
    expect(await answering((socket) => socket.write('421 4.3.2 Not now\r\n'))).toMatchObject({ kind: 'throttled' })
    expect(await answering((socket) => socket.write('220 hello\r\n'))).toMatchObject({ kind: 'offline', code: 'timeout' })
  })
})
