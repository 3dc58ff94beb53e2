// The way to the server: protection, certificates, sign-in, and what becomes of a connection whose other end is gone.
import { execFile } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startChaosProxy } from '../../../e2e/servers/chaos-proxy.ts'
import { startDovecot } from '../../../e2e/servers/dovecot.ts'
import type { Dovecot } from '../../../e2e/servers/dovecot.ts'
import { freePorts } from '../../../e2e/servers/loopback.ts'
import type { ImapSettings, Security, TrustedCertificate } from '../../../shared/model/account.ts'
import type { MailFailure } from '../../../shared/model/failure.ts'
import type { Mailbox } from '../mailbox.ts'
import { all, asFailure, message, within } from '../mailbox-contract.ts'
import { createImapMailbox } from './imap-mailbox.ts'
import { startScripted } from './scripted-server.ts'
import type { ScriptedServer } from './scripted-server.ts'

const never = new AbortController().signal
const run = promisify(execFile)
const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close()
})

function settingsFor(port: number, security: Security, more: Partial<ImapSettings> = {}, host = '127.0.0.1'): ImapSettings {
  return { kind: 'imap', incoming: { host, port, security }, outgoing: null, userName: 'anna', plainConsent: security === 'plain', trusted: [], ...more }
}

function mailboxFor(settings: ImapSettings, log?: (line: string) => void): Mailbox {
  const mailbox = createImapMailbox({ settings, password: () => Promise.resolve('geheim'), ...(log ? { log } : {}) })
  open.push(() => mailbox.close())
  return mailbox
}

async function scripted(...script: Parameters<typeof startScripted>): Promise<ScriptedServer> {
  const server = await startScripted(...script)
  open.push(() => server.close())
  return server
}

const listing = (mailbox: Mailbox): Promise<MailFailure | 'listed'> => mailbox.listFolders(never).then(() => 'listed' as const, asFailure)
const trust = (pem: string, host = '127.0.0.1'): TrustedCertificate => ({ host, fingerprint: new X509Certificate(pem).fingerprint256, pem })

type Kind = 'right' | 'expired' | 'other-name' | 'unknown-issuer' | 'another'
let certificates: Readonly<Record<Kind, { readonly key: string; readonly cert: string }>>
let dir = ''
let dovecot: Dovecot

/** Self-signed, unless an issuer is given; openssl's `ca` is the one command that makes certificates of the past. */
async function makeCertificate(name: string, options: { readonly names: string; readonly from: string; readonly to: string; readonly issuer?: string }): Promise<{ key: string; cert: string }> {
  const path = (suffix: string): string => join(dir, `${name}.${suffix}`)
  await writeFile(path('index'), '')
  await writeFile(path('serial'), '01')
  await writeFile(
    path('cnf'),
    `[req]\ndistinguished_name=n\nprompt=no\n[n]\nCN=${name}\n[ca]\ndefault_ca=d\n[d]\nnew_certs_dir=${dir}\ndatabase=${path('index')}\nserial=${path('serial')}\ndefault_md=sha256\npolicy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=${options.names}\nbasicConstraints=CA:TRUE\n`,
  )
  await run('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path('key')])
  await run('openssl', ['req', '-new', '-key', path('key'), '-config', path('cnf'), '-out', path('csr')])
  const signer = options.issuer === undefined ? ['-selfsign', '-keyfile', path('key')] : ['-keyfile', join(dir, `${options.issuer}.key`), '-cert', join(dir, `${options.issuer}.pem`)]
  await run('openssl', ['ca', '-batch', '-notext', '-config', path('cnf'), '-in', path('csr'), '-out', path('pem'), '-startdate', options.from, '-enddate', options.to, ...signer])
  return { key: await readFile(path('key'), 'utf8'), cert: await readFile(path('pem'), 'utf8') }
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shortlist-certificates-'))
  const here = 'DNS:localhost,IP:127.0.0.1'
  const now = { from: '20200101000000Z', to: '20990101000000Z' }
  await makeCertificate('issuer', { names: 'DNS:issuer.example', ...now })
  certificates = {
    right: await makeCertificate('right', { names: here, ...now }),
    another: await makeCertificate('another', { names: here, ...now }),
    expired: await makeCertificate('expired', { names: here, from: '20200101000000Z', to: '20200201000000Z' }),
    'other-name': await makeCertificate('other-name', { names: 'DNS:mail.example.com', ...now }),
    'unknown-issuer': await makeCertificate('unknown-issuer', { names: here, ...now, issuer: 'issuer' }),
  }
  dovecot = await startDovecot()
  await dovecot.deliver('anna', 'INBOX', message('hello').source)
}, 60_000)
afterAll(async () => {
  await dovecot.dispose()
  await rm(dir, { recursive: true, force: true })
})

describe('a certificate', () => {
  const codes: Readonly<Record<Kind, string>> = { right: 'tls-self-signed', another: 'tls-self-signed', expired: 'tls-expired', 'other-name': 'tls-self-signed', 'unknown-issuer': 'tls-untrusted' }
  for (const from of ['start', 'starttls'] as const) {
    const security = from === 'start' ? 'tls' : 'starttls'
    const capabilities = 'IMAP4rev1 ID NAMESPACE STARTTLS'
    it.each(Object.keys(codes) as Kind[])(`that is %s is refused over ${security} before the password is sent`, async (kind) => {
      const server = await scripted({ tls: { ...certificates[kind], from }, capabilities })
      expect(await listing(mailboxFor(settingsFor(server.port, security)))).toMatchObject({ kind: 'offline', code: codes[kind] })
      expect(server.heard.join('\n')).not.toMatch(/LOGIN|AUTHENTICATE/i)
      await new Promise((resolve) => setTimeout(resolve, 30))
      expect(server.open()).toBe(0)
    })
    it.each(Object.keys(codes) as Kind[])(`that is %s is accepted over ${security} once it was trusted for this host`, async (kind) => {
      const server = await scripted({ tls: { ...certificates[kind], from }, capabilities })
      expect(await listing(mailboxFor(settingsFor(server.port, security, { trusted: [trust(certificates[kind].cert)] })))).toBe('listed')
    })
    it(`is refused over ${security} when it is not the one that was trusted`, async () => {
      const server = await scripted({ tls: { ...certificates.another, from }, capabilities })
      expect(await listing(mailboxFor(settingsFor(server.port, security, { trusted: [trust(certificates.right.cert)] })))).toMatchObject({ kind: 'offline', code: 'tls-changed' })
      expect(server.heard.join('\n')).not.toMatch(/LOGIN|AUTHENTICATE/i)
    })
    it(`trusted for one host is not trusted for another over ${security}`, async () => {
      const server = await scripted({ tls: { ...certificates.right, from }, capabilities })
      expect(await listing(mailboxFor(settingsFor(server.port, security, { trusted: [trust(certificates.right.cert, 'localhost')] })))).toMatchObject({ code: 'tls-self-signed' })
    })
  }
  it('whose fingerprint does not belong to it is not trusted', async () => {
    const server = await scripted({ tls: { ...certificates.right, from: 'start' } })
    const forged = { ...trust(certificates.right.cert), pem: certificates.another.cert }
    expect(await listing(mailboxFor(settingsFor(server.port, 'tls', { trusted: [forged] })))).toMatchObject({ code: 'tls-self-signed' })
  })
})

describe('protection', () => {
  it('is demanded of a server that lets everybody in, too', async () => {
    const server = await scripted({ greeting: '* PREAUTH welcome', tls: { ...certificates.another, from: 'start' } })
    expect(await listing(mailboxFor(settingsFor(server.port, 'tls', { trusted: [trust(certificates.right.cert)] })))).toMatchObject({ code: 'tls-changed' })
    expect(server.heard.join('\n')).not.toMatch(/^LIST/im)
  })
  it('is never given up: STARTTLS that is not offered, refused, or answered with more than it should', async () => {
    const missing = await scripted({ capabilities: 'IMAP4rev1 ID' })
    expect(await listing(mailboxFor(settingsFor(missing.port, 'starttls')))).toMatchObject({ kind: 'offline', code: 'starttls-missing' })
    const refused = await scripted({ capabilities: 'IMAP4rev1 ID STARTTLS', rules: [[/^STARTTLS/i, ['T NO not now']]] })
    expect(await listing(mailboxFor(settingsFor(refused.port, 'starttls')))).toMatchObject({ kind: 'offline', code: 'starttls-missing' })
    const injected = await scripted({ capabilities: 'IMAP4rev1 ID STARTTLS', rules: [[/^STARTTLS/i, ['T OK go ahead\r\n* OK [ALERT] injected']]] })
    expect(await listing(mailboxFor(settingsFor(injected.port, 'starttls')))).toMatchObject({ kind: 'offline' })
    const welcomed = await scripted({ greeting: '* PREAUTH welcome', capabilities: 'IMAP4rev1 ID' })
    expect(await listing(mailboxFor(settingsFor(welcomed.port, 'starttls')))).toMatchObject({ kind: 'offline', code: 'starttls-missing' })
    for (const server of [missing, refused, injected, welcomed]) expect(server.heard.join('\n')).not.toMatch(/^(?:LOGIN|AUTHENTICATE|LIST)/im)
  })
  it('is not done without unless the person agreed', async () => {
    const server = await scripted()
    expect(await listing(mailboxFor(settingsFor(server.port, 'plain', { plainConsent: false })))).toMatchObject({ kind: 'offline', code: 'plain-not-consented' })
    expect(server.heard).toEqual([])
    expect(server.open()).toBe(0)
  })
  it('cannot begin where the server speaks in the open, or the other way round', async () => {
    expect(await listing(mailboxFor(settingsFor(dovecot.port, 'tls')))).toMatchObject({ kind: 'offline', code: 'tls-unsupported' })
  })
  it('works on a real server, each way', async () => {
    const trusted = [trust(dovecot.certificate.pem)]
    expect(await listing(mailboxFor(settingsFor(dovecot.tlsPort, 'tls', { trusted })))).toBe('listed')
    expect(await listing(mailboxFor(settingsFor(dovecot.port, 'starttls', { trusted })))).toBe('listed')
    expect(await listing(mailboxFor(settingsFor(dovecot.port, 'plain')))).toBe('listed')
    expect(await listing(mailboxFor(settingsFor(dovecot.tlsPort, 'tls', { trusted: [trust(dovecot.certificate.pem, 'localhost')] }, 'localhost')))).toBe('listed')
  })
})

describe('the way to a server', () => {
  it('that does not exist, is closed, or leads nowhere, is offline', async () => {
    expect(await listing(mailboxFor(settingsFor(993, 'tls', {}, 'no-such-host.invalid')))).toMatchObject({ kind: 'offline', code: expect.stringMatching(/unknown-host|no-name-server/) as string })
    const [closed = 0] = await freePorts(1)
    expect(await listing(mailboxFor(settingsFor(closed, 'plain')))).toMatchObject({ kind: 'offline', code: 'refused' })
  })
  it('with a wrong password is a matter for the person', async () => {
    const mailbox = createImapMailbox({ settings: settingsFor(dovecot.port, 'plain'), password: () => Promise.resolve('wrong') })
    open.push(() => mailbox.close())
    expect(await listing(mailbox)).toMatchObject({ kind: 'auth', code: 'login-refused' })
    expect(await mailbox.watch('INBOX', () => undefined, never).catch(asFailure)).toMatchObject({ kind: 'auth' })
  })
  it('is not begun while the password cannot be had, and an abort does not wait for it', async () => {
    const mailbox = createImapMailbox({ settings: settingsFor(dovecot.port, 'plain'), password: () => new Promise<string>(() => undefined) })
    open.push(() => mailbox.close())
    const controller = new AbortController()
    const running = mailbox.listFolders(controller.signal).catch(asFailure)
    controller.abort()
    expect(await within(200, running)).toMatchObject({ code: 'aborted' })
  })
  it('is logged without a secret', async () => {
    const lines: string[] = []
    const mailbox = mailboxFor(settingsFor(dovecot.port, 'plain'), (line) => lines.push(line))
    await mailbox.listFolders(never)
    await mailbox.close()
    expect(lines).toHaveLength(2)
    expect(lines.join('\n')).not.toContain('geheim')
  })
})

describe('a connection', () => {
  it('is one for the sync, one for the person who waits, one to watch, and none after closing', async () => {
    await using proxy = await startChaosProxy({ upstreamPort: dovecot.port })
    const mailbox = mailboxFor(settingsFor(proxy.port, 'plain'))
    await mailbox.listFolders(never)
    expect(proxy.stats.open).toBe(1)
    const [page] = await all(mailbox.pull('INBOX', null, { signal: never, pageSize: 10, known: () => [] }))
    await all(mailbox.fetchBodies('INBOX', [page?.added[0]?.remoteId ?? ''], { signal: never, inlineLimit: 1000 }))
    expect(proxy.stats.open).toBe(1)
    await mailbox.fetchRaw('INBOX', page?.added[0]?.remoteId ?? '', never)
    expect(proxy.stats.open).toBe(2)
    const controller = new AbortController()
    const watching = mailbox.watch('INBOX', () => undefined, controller.signal)
    await proxy.nextCommand('IDLE')
    expect(proxy.stats.open).toBe(3)
    controller.abort()
    await watching
    await mailbox.close()
    await expect.poll(() => proxy.stats.open).toBe(0)
    expect(proxy.stats.connections).toBe(3)
  })
  it('lost between two operations is opened anew by the next', async () => {
    await using proxy = await startChaosProxy({ upstreamPort: dovecot.port })
    const mailbox = mailboxFor(settingsFor(proxy.port, 'plain'))
    await mailbox.listFolders(never)
    proxy.cutAll('reset')
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await listing(mailbox)).toBe('listed')
    expect(proxy.stats.connections).toBe(2)
  })
  it('uses compression where the server offers it', async () => {
    const compressing = await startDovecot({ compression: true })
    try {
      await using proxy = await startChaosProxy({ upstreamPort: compressing.port })
      const mailbox = mailboxFor(settingsFor(proxy.port, 'plain'))
      await compressing.deliver('anna', 'INBOX', message('long', { text: 'the same words again and again\r\n'.repeat(4_000) }).source)
      const [page] = await all(mailbox.pull('INBOX', null, { signal: never, pageSize: 10, known: () => [] }))
      const before = proxy.stats.bytesFromServer
      const source = await mailbox.fetchRaw('INBOX', page?.added[0]?.remoteId ?? '', never)
      expect(source.byteLength).toBeGreaterThan(120_000)
      expect(proxy.stats.bytesFromServer - before).toBeLessThan(20_000)
      await mailbox.close()
    } finally {
      await compressing.dispose()
    }
  })
  it('that breaks under compression is opened without it the next time', async () => {
    const server = await scripted({ capabilities: 'IMAP4rev1 ID NAMESPACE COMPRESS=DEFLATE', rules: [[/^COMPRESS/i, ['T OK\r\nthis is not compressed at all, and comes too early']]] })
    const mailbox = mailboxFor(settingsFor(server.port, 'plain'))
    expect(await listing(mailbox)).toMatchObject({ kind: 'offline', code: 'compression-broken' })
    expect(await listing(mailbox)).toBe('listed')
  })
})
