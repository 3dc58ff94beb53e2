import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect as connectTls } from 'node:tls'
import type { PeerCertificate } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { startDovecot } from './dovecot.ts'
import type { Dovecot, DovecotOptions } from './dovecot.ts'
import { openImapSession } from './imap-session.ts'
import { encodeModifiedUtf7 } from './modified-utf7.ts'

const LETTER = 'From: Ola Nordmann <ola@example.org>\r\nSubject: Application\r\n\r\nGod dag\r\n'

const started: Dovecot[] = []
const start = async (options: DovecotOptions = {}): Promise<Dovecot> => {
  const dovecot = await startDovecot(options)
  started.push(dovecot)
  return dovecot
}
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.dispose()))
})

const ask = async (dovecot: Dovecot, ...commands: readonly string[]): Promise<readonly string[]> => {
  const session = await dovecot.session('anna')
  const lines: string[] = []
  for (const command of commands) lines.push(...(await session.do(command)).untagged)
  await session.close()
  return lines
}
const number = (lines: readonly string[], pattern: RegExp): number => Number(pattern.exec(lines.join('\n'))?.[1])

describe('a Dovecot for tests', () => {
  it('answers on its plain port and on its TLS port with the certificate it shows', async () => {
    const dovecot = await start()
    const plain = await dovecot.session('anna')
    expect(plain.greeting).toMatch(/^\* OK .*STARTTLS/)
    await plain.close()

    const secure = connectTls({ port: dovecot.tlsPort, host: dovecot.host, ca: dovecot.certificate.pem })
    await once(secure, 'secureConnect')
    const peer: PeerCertificate = secure.getPeerCertificate()
    expect(peer.fingerprint256).toBe(dovecot.certificate.fingerprint256)
    secure.destroy()

    const session = await openImapSession({
      port: dovecot.tlsPort,
      user: 'anna',
      password: 'geheim',
      ca: dovecot.certificate.pem,
    })
    expect((await session.do('NOOP')).status).toBe('OK')
    await session.close()
  })

  it('refuses a wrong password and knows a new user, and a changed password, at once', async () => {
    const dovecot = await start({ users: { anna: 'geheim' } })
    const logIn = (user: string, password: string): Promise<void> =>
      openImapSession({ port: dovecot.port, user, password }).then((session) => session.close())
    await expect(logIn('anna', 'wrong')).rejects.toThrow('AUTHENTICATIONFAILED')
    await expect(logIn('kari@example.org', 'x')).rejects.toThrow('AUTHENTICATIONFAILED')
    await dovecot.addUser('kari@example.org', 'hemmelig: æøå')
    await logIn('anna', 'geheim')
    await expect(dovecot.session('kari@example.org').then((session) => session.close())).resolves.toBeUndefined()
    await dovecot.addUser('anna', 'gehein')
    await expect(logIn('anna', 'geheim')).rejects.toThrow('AUTHENTICATIONFAILED')
    await logIn('anna', 'gehein')
  })

  it('has the standard folders with their special uses', async () => {
    const dovecot = await start()
    const lines = await ask(dovecot, 'LIST "" "*"')
    for (const use of ['Drafts', 'Sent', 'Trash', 'Junk', 'Archive']) {
      expect(lines.find((line) => line.endsWith(` ${use}`))).toContain(`\\${use}`)
    }
  })

  it.each([['running'], ['stopped']])('takes a delivery with flags, keyword, date and folder while %s', async (state) => {
    const dovecot = await start()
    const date = new Date('2026-03-04T05:06:07Z')
    if (state === 'stopped') await dovecot.stop()
    await dovecot.deliver('anna', 'INBOX', LETTER, { flags: ['\\Seen', '$Interview'], date })
    await dovecot.deliver('anna', 'Søknader/Oslo', LETTER, { flags: ['$Later', '\\Flagged', '\\Answered'], date })
    await dovecot.deliver('anna', 'INBOX', LETTER.replaceAll('\r\n', '\n'), { date: new Date(date.getTime() + 1000) })
    await dovecot.start()

    const inbox = (await ask(dovecot, 'SELECT INBOX', 'FETCH 1:* (FLAGS RFC822.SIZE INTERNALDATE BODY.PEEK[])')).join('\n')
    expect(inbox).toContain('* 2 EXISTS')
    expect(inbox).toMatch(/1 FETCH \(FLAGS \([^)]*\\Seen[^)]*\$Interview[^)]*\)/)
    expect(inbox).toContain('"04-Mar-2026 05:06:07 +0000"')
    expect(inbox.split(LETTER)).toHaveLength(3)
    expect(inbox.match(new RegExp(`RFC822.SIZE ${LETTER.length} `, 'g'))).toHaveLength(2)

    const folder = encodeModifiedUtf7('Søknader/Oslo')
    const filed = (await ask(dovecot, `SELECT "${folder}"`, 'FETCH 1 FLAGS')).join('\n')
    expect(filed).toMatch(/1 FETCH \(FLAGS \([^)]*\\Answered \\Flagged[^)]*\$Later/)
  })

  it('keeps its ports, mail and UIDs over a stop and a start', async () => {
    const dovecot = await start()
    await dovecot.deliver('anna', 'INBOX', LETTER)
    const { port, tlsPort } = dovecot
    const before = await ask(dovecot, 'STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)')
    await dovecot.stop()
    expect(dovecot.running).toBe(false)
    await expect(openImapSession({ port })).rejects.toThrow('ECONNREFUSED')
    await dovecot.start()
    expect(dovecot).toMatchObject({ port, tlsPort, running: true })
    expect(await ask(dovecot, 'STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)')).toEqual(before)
  })

  it('ends at once when killed, with every connection, and starts again', async () => {
    const dovecot = await start()
    const session = await dovecot.session('anna')
    await session.do('SELECT INBOX')
    await dovecot.kill()
    await expect(session.do('NOOP')).rejects.toThrow()
    await dovecot.start()
    expect(await ask(dovecot, 'STATUS INBOX (MESSAGES)')).toEqual(['* STATUS INBOX (MESSAGES 0)'])
  })

  it('runs beside others', async () => {
    const all = await Promise.all([start(), start(), start({ users: { bert: 'x' } })])
    expect(new Set(all.flatMap((each) => [each.port, each.tlsPort])).size).toBe(6)
    await all[0].deliver('anna', 'INBOX', LETTER)
    expect(await ask(all[0], 'STATUS INBOX (MESSAGES)')).toEqual(['* STATUS INBOX (MESSAGES 1)'])
    expect(await ask(all[1], 'STATUS INBOX (MESSAGES)')).toEqual(['* STATUS INBOX (MESSAGES 0)'])
    const bert = await all[2].session('bert')
    await bert.close()
  })

  it('tells a waiting client of new mail', async () => {
    const dovecot = await start()
    const session = await dovecot.session('anna')
    await session.do('SELECT INBOX')
    const waiting = session.idleUntil(/EXISTS/, 5000)
    await dovecot.deliver('anna', 'INBOX', LETTER)
    expect(await waiting).toBe('* 1 EXISTS')
    expect(await session.search('UNSEEN')).toEqual([1])
    await session.close()
  })

  it('can be a server without a single extension', async () => {
    const dovecot = await start({ capabilities: 'plain' })
    await dovecot.deliver('anna', 'INBOX', LETTER)
    const lines = (await ask(dovecot, 'CAPABILITY', 'SELECT INBOX')).join('\n')
    const offered = /\* CAPABILITY (.*)/.exec(lines)?.[1]?.split(' ') ?? []
    expect(offered).toEqual(expect.arrayContaining(['IMAP4rev1']))
    for (const modern of ['CONDSTORE', 'QRESYNC', 'IDLE', 'MOVE', 'UIDPLUS', 'SPECIAL-USE', 'ENABLE', 'LIST-EXTENDED', 'ESEARCH']) {
      expect(offered).not.toContain(modern)
    }
    expect(lines).toContain('NOMODSEQ')
    expect(lines).not.toContain('HIGHESTMODSEQ')

    const before = await ask(dovecot, 'STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)')
    await dovecot.stop()
    await dovecot.start()
    expect(await ask(dovecot, 'STATUS INBOX (MESSAGES UIDNEXT UIDVALIDITY)')).toEqual(before)
  })

  it('can lack single extensions', async () => {
    const dovecot = await start({ capabilities: { without: ['QRESYNC', 'MOVE'] } })
    const [line] = await ask(dovecot, 'CAPABILITY')
    const offered = line?.split(' ') ?? []
    expect(offered).toEqual(expect.arrayContaining(['CONDSTORE', 'IDLE', 'UIDPLUS', 'SPECIAL-USE']))
    expect(offered).not.toContain('QRESYNC')
    expect(offered).not.toContain('MOVE')
  })

  it('offers compression when asked to', async () => {
    const [with_, without] = await Promise.all([start({ compression: true }), start()])
    expect((await ask(with_, 'CAPABILITY')).join()).toContain('COMPRESS=DEFLATE')
    expect((await ask(without, 'CAPABILITY')).join()).not.toContain('COMPRESS')
    const session = await with_.session('anna')
    expect((await session.tell('COMPRESS DEFLATE')).status).toBe('OK')
    await with_.kill()
    await session.close()
  })

  it('can put folders under a prefix with another separator', async () => {
    const dovecot = await start({ prefix: 'INBOX.', separator: '.' })
    await dovecot.deliver('anna', 'INBOX.Clients.Acme', LETTER)
    await dovecot.stop()
    await dovecot.deliver('anna', 'INBOX.Clients.Beta', LETTER)
    await dovecot.start()
    const lines = await ask(dovecot, 'LIST "" "*"')
    expect(lines).toContainEqual(expect.stringMatching(/"\." INBOX\.Clients\.Acme$/))
    expect(lines).toContainEqual(expect.stringMatching(/"\." INBOX\.Clients\.Beta$/))
  })

  it('can know nothing of TLS', async () => {
    const dovecot = await start({ tls: false })
    const plain = await dovecot.session('anna')
    expect(plain.greeting).not.toContain('STARTTLS')
    await plain.close()
    await expect(openImapSession({ port: dovecot.tlsPort })).rejects.toThrow('ECONNREFUSED')
  })

  it('can be given a new UIDVALIDITY by its administrator', async () => {
    const dovecot = await start()
    await dovecot.deliver('anna', 'INBOX', LETTER)
    await dovecot.doveadm(['mailbox', 'update', '--uid-validity', '4711', '-u', 'anna', 'INBOX'])
    const lines = await ask(dovecot, 'STATUS INBOX (UIDVALIDITY)')
    expect(number(lines, /UIDVALIDITY (\d+)/)).toBe(4711)
  })

  it('keeps a given directory, wherever it lies, and finds its mail there again', async () => {
    const home = mkdtempSync(join(tmpdir(), 'shortlist-home-'))
    const dir = join(home, 'deep', 'dovecot')
    const first = await start({ dir })
    await first.deliver('anna', 'INBOX', LETTER)
    await first.dispose()
    const second = await start({ dir })
    expect(await ask(second, 'STATUS INBOX (MESSAGES)')).toEqual(['* STATUS INBOX (MESSAGES 1)'])
    await second.dispose()
    rmSync(home, { recursive: true })
  })

  it.each([['only the process'], ['the process and its watchdog']])('leaves nothing behind when %s is killed', async (what) => {
    const code = `
      const { startDovecot } = await import(${JSON.stringify(fileURLToPath(new URL('./dovecot.ts', import.meta.url)))})
      const dovecot = await startDovecot()
      console.log(JSON.stringify({ dir: dovecot.dir, port: dovecot.port }))
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [output] = (await once(child.stdout, 'data')) as [Buffer]
    const { dir, port } = JSON.parse(output.toString()) as { readonly dir: string; readonly port: number }
    await (await openImapSession({ port, user: 'anna', password: 'geheim' })).close()
    if (what !== 'only the process') {
      const watchdogs = spawn('pkill', ['-KILL', '-f', `watchdog ${dir}`])
      await once(watchdogs, 'exit')
    }
    child.kill('SIGKILL')
    await once(child, 'exit')
    if (what !== 'only the process') {
      await expect(openImapSession({ port }).then((session) => session.close())).resolves.toBeUndefined()
      const next = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(next.stdout, 'data')
      next.kill('SIGKILL')
    }
    for (let tries = 0; existsSync(dir) && tries < 100; tries += 1) await delay(50)
    expect(existsSync(dir)).toBe(false)
    await expect(openImapSession({ port })).rejects.toThrow('ECONNREFUSED')
  })
})
