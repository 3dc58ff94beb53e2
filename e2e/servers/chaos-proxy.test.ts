import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startChaosProxy } from './chaos-proxy.ts'
import type { ChaosProxy, Fault } from './chaos-proxy.ts'
import { startDovecot } from './dovecot.ts'
import type { Dovecot } from './dovecot.ts'
import { openImapSession } from './imap-session.ts'
import type { ImapSession } from './imap-session.ts'

const LETTER = `From: ola@example.org\r\nSubject: Hello\r\n\r\n${'abcdefgh\r\n'.repeat(2000)}`

let dovecot: Dovecot
let proxy: ChaosProxy
const sessions: ImapSession[] = []

beforeAll(async () => {
  dovecot = await startDovecot()
  await dovecot.deliver('anna', 'INBOX', LETTER)
})
afterAll(() => dovecot.dispose())
beforeEach(async () => {
  proxy = await startChaosProxy({ upstreamPort: dovecot.port })
})
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((each) => each.close().catch(() => undefined)))
  await proxy.stop()
})

const open = async (): Promise<ImapSession> => {
  const session = await openImapSession({ port: proxy.port, user: 'anna', password: 'geheim' })
  sessions.push(session)
  return session
}
const count = async (folder: string): Promise<number> => {
  const session = await dovecot.session('anna')
  const reply = await session.tell(`STATUS ${folder} (MESSAGES)`)
  await session.close()
  return Number(/MESSAGES (\d+)/.exec(reply.untagged.join())?.[1] ?? 0)
}

describe('a chaos proxy without faults', () => {
  it('passes everything and knows the commands', async () => {
    const session = await open()
    await session.do('SELECT INBOX')
    const { untagged } = await session.do('FETCH 1 BODY.PEEK[]')
    expect(untagged.join()).toContain(LETTER)
    await session.do('CREATE Quiet')
    await session.append('Quiet', LETTER)
    await session.tell('APPEND', ' Nowhere ', Buffer.from('A1 LOGOUT\r\nA2 LOGOUT\r\n'))
    const idle = session.idleUntil(/EXISTS/, 5000)
    await proxy.nextCommand('IDLE')
    await dovecot.deliver('anna', 'INBOX', LETTER)
    await idle
    await session.do('UID FETCH 1:* FLAGS')

    const { commands, connections, open: openNow, bytesFromServer } = proxy.stats
    expect(commands.map((each) => each.name)).toEqual(
      ['LOGIN', 'SELECT', 'FETCH', 'CREATE', 'APPEND', 'APPEND', 'IDLE', 'UID FETCH'],
    )
    expect(commands[0]?.line).not.toContain('geheim')
    expect({ connections, openNow }).toEqual({ connections: 1, openNow: 1 })
    expect(bytesFromServer).toBeGreaterThan(LETTER.length)
    await session.close()
    for (let tries = 0; proxy.stats.open > 0 && tries < 100; tries += 1) await delay(10)
    expect(proxy.stats.open).toBe(0)
  })

  it('lets TLS through untouched, from the start and after STARTTLS', async () => {
    const tlsProxy = await startChaosProxy({ upstreamPort: dovecot.tlsPort })
    const session = await openImapSession({
      port: tlsProxy.port,
      user: 'anna',
      password: 'geheim',
      ca: dovecot.certificate.pem,
    })
    await session.do('NOOP')
    await session.close()
    await tlsProxy.stop()

    const socket = connect(proxy.port, proxy.host)
    await once(socket, 'data')
    socket.write('a STARTTLS\r\n')
    await once(socket, 'data')
    const secure = connectTls({ socket, servername: 'localhost', ca: dovecot.certificate.pem })
    await once(secure, 'secureConnect')
    secure.write('b CAPABILITY\r\n')
    const [answer] = (await once(secure, 'data')) as [Buffer]
    expect(answer.toString()).toContain('IMAP4rev1')
    secure.destroy()
  })
})

describe('a chaos proxy that cuts', () => {
  it('cuts before a command, which the server then never heard of', async () => {
    const session = await open()
    const cut = proxy.arm({ do: 'cut', when: { on: 'command', name: 'CREATE', at: 'before' } })
    await expect(session.do('CREATE Unheard')).rejects.toThrow()
    expect(cut.times).toBe(1)
    const check = await dovecot.session('anna')
    expect((await check.tell('STATUS Unheard (MESSAGES)')).status).toBe('NO')
    await check.close()
  })

  it('cuts after the server carried a command out, which the client then does not know', async () => {
    const session = await open()
    await session.do('CREATE Twice')
    proxy.arm({ do: 'cut', how: 'reset', when: { on: 'command', name: 'APPEND', at: 'sent' } })
    await expect(session.append('Twice', LETTER)).rejects.toThrow()
    expect(await count('Twice')).toBe(1)
  })

  it('cuts half way through the first line of an answer and right behind an answer', async () => {
    const first = await open()
    proxy.arm({ do: 'cut', when: { on: 'command', name: 'SELECT', at: 'answering' } })
    const before = proxy.stats.bytesFromServer
    await expect(first.do('SELECT INBOX')).rejects.toThrow()
    expect(proxy.stats.bytesFromServer).toBeGreaterThan(before)

    const second = await open()
    proxy.arm({ do: 'cut', when: { on: 'command', name: 'SELECT', at: 'done' } })
    expect((await second.do('SELECT INBOX')).status).toBe('OK')
    await expect(second.do('NOOP')).rejects.toThrow()
  })

  it('cuts in the middle of a literal, from the server and from the client', async () => {
    const socket = await login()
    proxy.arm({ do: 'cut', when: { on: 'literal', from: 'from-server', after: 1000 } })
    const received = socket.readAll()
    socket.write('b SELECT INBOX\r\nc FETCH 1 BODY.PEEK[]\r\n')
    const text = await received
    const start = /BODY\[\] \{\d+\}\r\n/.exec(text)
    expect(text.length - (start?.index ?? 0) - (start?.[0].length ?? 0)).toBe(1000)

    const session = await open()
    await session.do('CREATE Half')
    proxy.arm({ do: 'cut', when: { on: 'literal', from: 'from-client' } })
    await expect(session.append('Half', LETTER)).rejects.toThrow()
    expect(await count('Half')).toBe(0)
  })

  it('cuts after exactly so many bytes', async () => {
    for (const after of [0, 1, 17, 200]) {
      proxy.arm({ do: 'cut', when: { on: 'byte', from: 'from-server', after } })
      const socket = await collect()
      socket.write('a CAPABILITY\r\nb CAPABILITY\r\n')
      expect((await socket.readAll()).length).toBe(after)
    }
  })

  it('meets a client that always reconnects at every command in turn', async () => {
    const cut = proxy.arm({ do: 'cut', when: { on: 'command', at: 'before' }, repeat: 'staircase' })
    const reached: string[] = []
    for (let round = 0; round < 5; round += 1) {
      const done: string[] = []
      try {
        const session = await openImapSession({ port: proxy.port, user: 'anna', password: 'geheim' })
        sessions.push(session)
        done.push('LOGIN')
        for (const command of ['SELECT INBOX', 'NOOP', 'CHECK', 'CLOSE', 'NOOP']) {
          await session.do(command)
          done.push(command)
        }
      } catch {
        reached.push(done.at(-1) ?? 'nothing')
      }
    }
    expect(reached).toEqual(['nothing', 'LOGIN', 'SELECT INBOX', 'NOOP', 'CHECK'])
    expect(cut.times).toBe(5)
  })

  it('cuts the chosen command of those with a name, and every connection if asked', async () => {
    const [one, other] = [await open(), await open()]
    const cut = proxy.arm({ do: 'cut', all: true, when: { on: 'command', name: /^NOOP$/, nth: 2, at: 'before' } })
    await one.do('NOOP')
    const happened = cut.next()
    await expect(other.do('NOOP')).rejects.toThrow()
    await expect(one.do('CHECK')).rejects.toThrow()
    expect(await happened).toMatchObject({ name: 'NOOP', connection: 2 })
    await expect(open()).resolves.toBeDefined()
  })
})

describe('a chaos proxy with worse manners', () => {
  it('corrupts single bytes at a place', async () => {
    proxy.arm({ do: 'corrupt', bytes: 3, when: { on: 'literal', from: 'from-server', after: 50 } })
    const session = await open()
    await session.do('SELECT INBOX')
    const text = (await session.do('FETCH 1 BODY.PEEK[]')).untagged.join('').replace(/^.*\r\n/, '').slice(0, LETTER.length)
    const changed = Array.from(LETTER, (letter, at) => (text[at] === letter ? -1 : at)).filter((at) => at !== -1)
    expect(changed).toEqual([50, 51, 52])
    expect((await session.do('FETCH 1 BODY.PEEK[]')).untagged.join('')).toContain(LETTER)
  })

  it('goes half-open: nothing comes, and nobody is told', async () => {
    const session = await open()
    proxy.arm({ do: 'half-open', when: { on: 'command', name: 'NOOP', at: 'before' } })
    const answer = session.tell('NOOP').then(() => 'answered', () => 'failed')
    expect(await Promise.race([answer, delay(500, 'silence')])).toBe('silence')
    const healthy = await open()
    expect((await healthy.do('NOOP')).status).toBe('OK')
  })

  it('freezes everything until healed', async () => {
    const session = await open()
    proxy.freeze()
    const old = session.tell('NOOP').then(() => 'answered', () => 'failed')
    const fresh = open().then(() => 'answered', () => 'failed')
    expect(await Promise.race([old, fresh, delay(500, 'silence')])).toBe('silence')
    await proxy.heal()
    const healthy = await open()
    expect((await healthy.do('NOOP')).status).toBe('OK')
  })

  it('refuses new connections but not old ones', async () => {
    const session = await open()
    await proxy.refuse()
    await expect(open()).rejects.toThrow('ECONNREFUSED')
    expect((await session.do('NOOP')).status).toBe('OK')
    const { port } = proxy
    await proxy.heal()
    expect(proxy.port).toBe(port)
    await expect(open()).resolves.toBeDefined()
  })

  it('answers for the server that it does not know a command, also one with a literal', async () => {
    const session = await open()
    await session.do('CREATE Denied')
    const undo = proxy.reject(/^(UID )?MOVE$|^APPEND$/)
    await session.do('SELECT INBOX')
    expect((await session.tell('UID MOVE 1 Denied')).status).toBe('BAD')
    expect((await session.tell('APPEND Denied ', Buffer.from(LETTER))).status).toBe('BAD')
    expect((await session.do('NOOP')).status).toBe('OK')
    const raw = await login()
    const all = raw.readAll()
    raw.write(`b APPEND Denied {${LETTER.length}+}\r\n${LETTER}\r\nc NOOP\r\nd LOGOUT\r\n`)
    expect(await all).toMatch(/^b BAD [\s\S]*^c OK /m)
    undo()
    await session.append('Denied', LETTER)
    expect(await count('Denied')).toBe(1)
  })

  it('adds latency and limits bandwidth', async () => {
    const session = await open()
    await session.do('SELECT INBOX')
    proxy.shape({ latencyMs: 60 })
    let before = performance.now()
    await session.do('NOOP')
    expect(performance.now() - before).toBeGreaterThanOrEqual(115)
    proxy.shape({ bytesPerSecond: 40_000 })
    before = performance.now()
    expect((await session.do('FETCH 1 BODY.PEEK[]')).untagged.join()).toContain(LETTER)
    expect(performance.now() - before).toBeGreaterThanOrEqual((LETTER.length / 40_000) * 1000 - 20)
  })

  it('stalls one answer', async () => {
    const session = await open()
    proxy.arm({ do: 'stall', ms: 300, when: { on: 'command', name: 'NOOP', at: 'answering' } })
    const before = performance.now()
    await session.do('NOOP')
    expect(performance.now() - before).toBeGreaterThanOrEqual(290)
  })

  it('does the same again for the same traffic', async () => {
    const fault: Fault = { do: 'cut', when: { on: 'byte', from: 'from-server', after: 777 } }
    const runs: string[] = []
    const fixed = await fixedServer()
    const own = await startChaosProxy({ upstreamPort: fixed.port })
    for (let run = 0; run < 3; run += 1) {
      own.arm(fault)
      runs.push(await (await collect(own.port)).readAll())
    }
    expect(runs[0]).toHaveLength(777)
    expect(new Set(runs).size).toBe(1)
    await own.stop()
    fixed.close()
  })
})

type RawClient = { write(text: string): void; readAll(): Promise<string> }

const collect = async (port = proxy.port): Promise<RawClient> => {
  const socket: Socket = connect(port, proxy.host)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const over = new Promise<string>((resolve) => {
    socket.on('error', () => undefined)
    socket.on('close', () => {
      resolve(Buffer.concat(chunks).toString('latin1'))
    })
  })
  await once(socket, 'connect')
  return { write: (text) => socket.write(text), readAll: () => over }
}

const login = async (): Promise<RawClient> => {
  const client = await collect()
  const loggedIn = proxy.nextCommand('LOGIN')
  client.write('a LOGIN anna geheim\r\n')
  await loggedIn
  await delay(200)
  return client
}

const fixedServer = async (): Promise<{ readonly port: number; close(): void }> => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('* OK hello\r\n'.repeat(500))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, close: () => server.close() }
}
