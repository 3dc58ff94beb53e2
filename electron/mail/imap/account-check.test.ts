// Against a real Dovecot, and against small servers that answer wrongly or not at all.
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startDovecot, type Dovecot } from '../../../e2e/servers/dovecot.ts'
import type { CheckEvent } from '../../../shared/api/contract.ts'
import type { ImapSettings, Security } from '../../../shared/model/account.ts'
import { checkAccount } from './account-check.ts'

let dovecot: Dovecot
beforeAll(async () => {
  dovecot = await startDovecot({ users: { anna: 'geheim', 'bert@firma.example': 'geheim' } })
})
afterAll(() => dovecot.dispose())

const servers: Server[] = []
const sockets = new Set<Socket>()
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})
async function serve(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    answer(socket)
  })
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function check(port: number, security: Security, more: Partial<ImapSettings> & { host?: string; password?: string; address?: string } = {}, signal = new AbortController().signal): Promise<CheckEvent[]> {
  const { host = '127.0.0.1', password = 'geheim', address = 'anna@firma.example', ...settings } = more
  const events: CheckEvent[] = []
  const draft = { name: 'A', address, settings: { kind: 'imap' as const, incoming: { host, port, security }, outgoing: null, userName: 'anna', plainConsent: true, trusted: [], ...settings } }
  for await (const event of checkAccount(draft, password, null, signal)) events.push(event)
  return events
}
const failed = (events: readonly CheckEvent[]) => events.find((one) => one.type === 'failed')
const done = (events: readonly CheckEvent[]) => events.find((one) => one.type === 'done')
const trusting = (): Partial<ImapSettings> => ({ trusted: [{ host: '127.0.0.1', fingerprint: dovecot.certificate.fingerprint256, pem: dovecot.certificate.pem }] })

describe('the check of an account', () => {
  it('goes through every step in order and ends with a report that names no secret', async () => {
    for (const [port, security] of [[dovecot.tlsPort, 'tls'], [dovecot.port, 'starttls'], [dovecot.port, 'plain']] as const) {
      const events = await check(port, security, trusting())
      expect(events.filter((one) => one.type === 'step' && one.state === 'ok').map((one) => (one.type === 'step' ? one.step : '')), security).toEqual(['resolve', 'connect', 'secure', 'login', 'folders'])
      expect(done(events)).toMatchObject({ ok: true, userName: 'anna' })
      const { report } = done(events) as { report: string }
      expect(report).toContain(`127.0.0.1 port ${String(port)}, ${security}`)
      expect(report).not.toContain('geheim')
      if (security !== 'plain') expect(report).toContain(dovecot.certificate.fingerprint256)
    }
  })

  it('shows a certificate nobody vouches for, and goes no further until it is trusted', async () => {
    for (const [port, security] of [[dovecot.tlsPort, 'tls'], [dovecot.port, 'starttls']] as const) {
      const events = await check(port, security)
      expect(failed(events)).toMatchObject({ step: 'secure', failure: { code: 'tls-self-signed' }, certificate: { host: '127.0.0.1', fingerprint: dovecot.certificate.fingerprint256 } })
      expect(events.some((one) => one.type === 'step' && one.step === 'login')).toBe(false)
    }
  })

  it('names the sign-in when the password is wrong, and keeps the password out of its words', async () => {
    const events = await check(dovecot.tlsPort, 'tls', { ...trusting(), password: 'wrong-password' })
    expect(failed(events)).toMatchObject({ step: 'login', failure: { kind: 'auth' }, certificate: null })
    expect(JSON.stringify(events)).not.toContain('wrong-password')
  })

  it('finds the user name the server wants', async () => {
    expect(done(await check(dovecot.port, 'plain', { userName: 'bert', address: 'bert@firma.example' }))).toMatchObject({ ok: true, userName: 'bert@firma.example' })
    expect(done(await check(dovecot.port, 'plain', { userName: 'anna@firma.example', address: 'anna@firma.example' }))).toMatchObject({ ok: true, userName: 'anna' })
  })

  it('names the step that failed: unknown host, closed port, no mail server, TLS where there is none', async () => {
    expect(failed(await check(993, 'tls', { host: 'no-such-host.invalid' }))).toMatchObject({ step: 'resolve', failure: { kind: 'offline' } })
    const closed = await serve(() => undefined)
    await new Promise((end) => servers.pop()?.close(end))
    expect(failed(await check(closed, 'tls'))).toMatchObject({ step: 'connect', failure: { kind: 'offline', code: 'refused' } })
    const web = await serve((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect(failed(await check(web, 'plain'))).toMatchObject({ step: 'secure', failure: { code: 'not-imap' } })
    expect(failed(await check(dovecot.port, 'tls'))).toMatchObject({ step: 'secure', failure: { code: 'tls-unsupported' } })
    const openly = await serve((socket) => {
      socket.write('* OK hello\r\n')
      socket.on('data', () => socket.write('s1 BAD what\r\n'))
    })
    expect(failed(await check(openly, 'starttls'))).toMatchObject({ step: 'secure', failure: { code: 'starttls-missing' } })
  })

  it('does not speak in the open without consent', async () => {
    let heard = ''
    const port = await serve((socket) => {
      socket.write('* OK hello\r\n')
      socket.on('data', (bytes) => (heard += bytes.toString()))
    })
    expect(failed(await check(port, 'plain', { plainConsent: false }))).toMatchObject({ step: 'secure', failure: { code: 'plain-not-consented' } })
    expect(heard).toBe('')
  })

  it('ends at once when it is called off, also while a server says nothing', async () => {
    const silent = await serve(() => undefined)
    const stop = new AbortController()
    const checking = check(silent, 'plain', {}, stop.signal)
    setTimeout(() => { stop.abort() }, 100)
    const events = await checking
    expect(events.at(-1)).toMatchObject({ type: 'step', step: 'secure', state: 'running' })
  })

  it('gives up on a server that swallows everything', async () => {
    const silent = await serve(() => undefined)
    expect(failed(await check(silent, 'tls'))).toMatchObject({ step: 'secure', failure: { kind: 'offline' } })
  })
})
