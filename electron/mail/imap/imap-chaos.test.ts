// A connection that is cut, frozen or garbled at every place there is. What goes wrong is said to be what it is, nothing hangs,
// and going on from the last stored page ends with exactly what the server has.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startChaosProxy } from '../../../e2e/servers/chaos-proxy.ts'
import type { ChaosProxy, Fault } from '../../../e2e/servers/chaos-proxy.ts'
import { startDovecot } from '../../../e2e/servers/dovecot.ts'
import type { Dovecot } from '../../../e2e/servers/dovecot.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { FetchedBody, Mailbox } from '../mailbox.ts'
import { Replica, all, message, within } from '../mailbox-contract.ts'
import { createImapMailbox } from './imap-mailbox.ts'

const never = new AbortController().signal
const count = 24
const attempts = 200
const inlineLimit = 2_000

let dovecot: Dovecot
let proxy: ChaosProxy
const sources = new Map<string, Buffer>()

beforeAll(async () => {
  dovecot = await startDovecot()
  for (let index = 0; index < count; index++) {
    const large = index % 8 === 3
    const { id, source } = message(`chaos.${String(index)}`, large ? { text: 'line after line\r\n'.repeat(400) } : {})
    sources.set(id, source)
    await dovecot.deliver('anna', 'INBOX', source, { flags: index % 2 ? ['\\Seen'] : [] })
  }
  proxy = await startChaosProxy({ upstreamPort: dovecot.port })
}, 60_000)
afterAll(async () => {
  await proxy.stop()
  await dovecot.dispose()
})
beforeEach(() => proxy.heal())

function mailboxThrough(silenceMs = 20_000): Mailbox {
  return createImapMailbox({
    settings: { kind: 'imap', incoming: { host: proxy.host, port: proxy.port, security: 'plain' }, outgoing: null, userName: 'anna', plainConsent: true, trusted: [] },
    password: () => Promise.resolve('geheim'),
    silenceMs,
  })
}

/** Folders, a whole listing in small pages, all texts, and a change; each step goes on where it was stopped. */
class Session {
  readonly replica = new Replica(7)
  readonly bodies = new Map<string, FetchedBody>()
  #folders = 0
  #changed = false

  async proceed(mailbox: Mailbox): Promise<void> {
    if (this.#folders === 0) this.#folders = (await mailbox.listFolders(never)).length
    await this.replica.pull(mailbox, 'INBOX')
    const missing = this.replica.remoteIds().filter((id) => !this.bodies.has(id))
    for await (const body of mailbox.fetchBodies('INBOX', missing, { signal: never, inlineLimit })) this.bodies.set(body.remoteId, body)
    if (!this.#changed) {
      await mailbox.apply({ kind: 'set-flags', folderRemoteId: 'INBOX', remoteIds: this.replica.remoteIds().slice(0, 3), add: ['answered'], remove: [] }, never)
      this.#changed = true
    }
    await this.replica.pull(mailbox, 'INBOX')
  }

  expectComplete(): void {
    expect(this.replica.ids().sort()).toEqual([...sources.keys()].sort())
    expect(this.replica.repeated).toBe(0)
    expect(this.replica.lastPage).toMatchObject({ total: count, toFetch: 0 })
    expect(this.bodies.size).toBe(count)
    for (const [remoteId, body] of this.bodies) expect(Buffer.from(body.source ?? []).equals(sources.get(this.replica.idOf(remoteId)) ?? Buffer.alloc(0)), remoteId).toBe(true)
  }
}

/** Tries until it works; gives the failures met on the way. */
async function persist(session: Session, mailbox: Mailbox): Promise<MailFailure[]> {
  const met: MailFailure[] = []
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      await within(20_000, session.proceed(mailbox))
      return met
    } catch (error) {
      if (!(error instanceof MailFailure)) throw error
      met.push(error)
    }
  }
  throw new Error(`not through after ${String(attempts)} attempts, last: ${String(met.at(-1))}`)
}

describe('a connection cut', () => {
  it.each(['before', 'sent', 'answering', 'done'] as const)('at every command in turn (%s) is offline each time, and nothing is lost or doubled', async (at) => {
    const fault = proxy.arm({ do: 'cut', how: 'reset', when: { on: 'command', at }, repeat: 'staircase' })
    const mailbox = mailboxThrough()
    const session = new Session()
    const met = await persist(session, mailbox)
    expect(fault.times).toBeGreaterThan(8)
    expect(met.length).toBeGreaterThan(5)
    expect(new Set(met.map((failure) => failure.kind))).toEqual(new Set(['offline']))
    session.expectComplete()
    await mailbox.close()
    await expect.poll(() => proxy.stats.open).toBe(0)
  }, 60_000)

  it('in the middle of every literal is offline, and nothing is lost or doubled', async () => {
    const fault = proxy.arm({ do: 'cut', how: 'close', when: { on: 'literal', from: 'from-server' }, repeat: 'staircase' })
    const mailbox = mailboxThrough()
    const session = new Session()
    const met = await persist(session, mailbox)
    expect(fault.times).toBeGreaterThan(5)
    expect(new Set(met.map((failure) => failure.kind))).toEqual(new Set(['offline']))
    session.expectComplete()
    await mailbox.close()
  }, 60_000)

  it('after any number of bytes, in either direction, is offline', async () => {
    const places: Fault[] = []
    for (let step = 0; step < 40; step++) {
      places.push({ do: 'cut', how: step % 2 ? 'reset' : 'close', when: { on: 'byte', from: 'from-server', after: Math.round(1 + step ** 2 * 31) } })
      if (step < 20) places.push({ do: 'cut', how: 'reset', when: { on: 'byte', from: 'from-client', after: Math.round(1 + step * 29) } })
    }
    for (const fault of places) {
      await proxy.heal()
      proxy.arm(fault)
      const mailbox = mailboxThrough()
      const session = new Session()
      const met = await persist(session, mailbox)
      for (const failure of met) expect(failure.kind, JSON.stringify(fault)).toBe('offline')
      session.expectComplete()
      await mailbox.close()
    }
  }, 120_000)

  it('while watching ends the watch', async () => {
    const mailbox = mailboxThrough()
    const watching = mailbox.watch('INBOX', () => undefined, never).catch((error: unknown) => error)
    await proxy.nextCommand('IDLE')
    await new Promise((resolve) => setTimeout(resolve, 50))
    proxy.cutAll('reset')
    expect(await within(2_000, watching)).toMatchObject({ kind: 'offline' })
    await mailbox.close()
  })
})

describe('a connection that is half-open', () => {
  it.each(['LIST', 'SELECT', 'UID FETCH', 'UID STORE'])('at %s is noticed, and the next one does the work', async (name) => {
    proxy.arm({ do: 'half-open', when: { on: 'command', name, at: 'sent' } })
    const mailbox = mailboxThrough(1_000)
    const session = new Session()
    const met = await persist(session, mailbox)
    expect(met[0]).toMatchObject({ kind: 'offline', code: 'timeout' })
    session.expectComplete()
    await mailbox.close()
  }, 30_000)

  it('while watching is noticed', async () => {
    const mailbox = mailboxThrough(300)
    const watching = mailbox.watch('INBOX', () => undefined, never).catch((error: unknown) => error)
    await proxy.nextCommand('IDLE')
    await new Promise((resolve) => setTimeout(resolve, 50))
    proxy.freeze()
    expect(await within(5_000, watching)).toMatchObject({ kind: 'offline' })
    await proxy.heal()
    await mailbox.close()
  })

  it('is left at once on an abort', async () => {
    const mailbox = mailboxThrough()
    await mailbox.listFolders(never)
    proxy.freeze()
    const controller = new AbortController()
    const running = all(mailbox.pull('INBOX', null, { signal: controller.signal, pageSize: 5, known: () => [] })).catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 50))
    controller.abort()
    expect(await within(300, running)).toMatchObject({ kind: 'offline', code: 'aborted' })
    await within(3_000, mailbox.close())
    await proxy.heal()
  })

  it('that only stalls for a moment goes on', async () => {
    proxy.arm({ do: 'stall', ms: 300, when: { on: 'command', name: 'UID FETCH', at: 'answering' } })
    const mailbox = mailboxThrough(10_000)
    const session = new Session()
    expect(await persist(session, mailbox)).toEqual([])
    session.expectComplete()
    await mailbox.close()
  })
})

describe('a connection that changes bytes on the way', () => {
  it('never brings down more than the operation, and a thorough pull mends what it spoilt', async () => {
    const kinds = new Set<string>()
    for (let step = 0; step < 60; step++) {
      await proxy.heal()
      proxy.arm({ do: 'corrupt', bytes: 1 + (step % 3), when: { on: 'byte', from: step % 5 === 4 ? 'from-client' : 'from-server', after: step % 5 === 4 ? step * 17 : Math.round(5 + step ** 2 * 11) } })
      const mailbox = mailboxThrough(300)
      let session = new Session()
      for (let attempt = 0; ; attempt++) {
        expect(attempt).toBeLessThan(10)
        try {
          await within(10_000, session.proceed(mailbox))
          break
        } catch (error) {
          if (!(error instanceof MailFailure)) throw error
          kinds.add(error.kind)
          expect(error.kind, `${String(step)}: ${error.message}`).not.toBe('bug')
          if (error.kind === 'cursor-lost') session = new Session()
        }
      }
      await proxy.heal()
      await session.replica.pull(mailbox, 'INBOX', { thorough: true }).catch(async (error: unknown) => {
        expect(error).toMatchObject({ kind: 'cursor-lost' })
        session.replica.reset()
        await session.replica.pull(mailbox, 'INBOX')
      })
      expect(session.replica.remoteIds().sort(), String(step)).toEqual([...(await mailbox.listRemoteIds('INBOX', never))].sort())
      expect(session.replica.lastPage, String(step)).toMatchObject({ total: count, toFetch: 0 })
      await mailbox.close()
    }
    expect(kinds).toContain('offline')
  }, 180_000)
})
