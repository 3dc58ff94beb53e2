// Sending over a real SMTP server into a real Dovecot, by a process that is killed at every point of a mail's way, and over
// connections that are cut at every stage of the dialogue. Each time: at most one delivery, exactly one copy in Sent of what
// was delivered, byte for byte what was frozen, or a mail that waits for the person because nobody can know.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startChaosProxy } from '../../e2e/servers/chaos-proxy.ts'
import { startDovecot, type Dovecot } from '../../e2e/servers/dovecot.ts'
import { startSmtp, type ReceivedMail, type Smtp } from '../../e2e/servers/smtp.ts'
import type { SendingOrder } from './sending-process.ts'

let dovecot: Dovecot
/** One server files what it sends, the other does not. */
let servers: { readonly auto: Smtp; readonly here: Smtp }
let dir: string
let mails = 0

const serverThat = (sentCopy: 'auto' | 'here'): Promise<Smtp> =>
  startSmtp({ dovecot, users: { anna: 'geheim', bert: 'geheim' }, open: true, startTls: false, ...(sentCopy === 'auto' ? { savesInto: 'Sent' } : {}) })

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'shortlist-sending-'))
  dovecot = await startDovecot({ users: { anna: 'geheim', bert: 'geheim' } })
  servers = { auto: await serverThat('auto'), here: await serverThat('here') }
}, 60_000)
afterAll(async () => {
  await servers.auto.stop()
  await servers.here.stop()
  await dovecot.dispose()
  rmSync(dir, { recursive: true, force: true })
})

type Ended = { readonly killed: boolean; readonly state: string }

async function run(order: SendingOrder): Promise<Ended> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'sending-process.ts'), JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  await once(child, 'close')
  return { killed: child.signalCode === 'SIGKILL', state: said === '' ? 'none' : (JSON.parse(said) as { state: string }).state }
}

function fresh(sentCopy: 'auto' | 'here', bytes = 3_000): SendingOrder {
  const headerMessageId = `killed.${String(++mails)}@x.example`
  return { dir: mkdtempSync(join(dir, 'run-')), imapPort: dovecot.port, smtpPort: servers[sentCopy].port, sentCopy, headerMessageId, bytes, killAt: null }
}

const deliveriesOf = (order: SendingOrder, by: Smtp = servers[order.sentCopy]): readonly ReceivedMail[] => by.received.filter((mail) => mail.raw.includes(`Message-ID: <${order.headerMessageId}>`))

async function copiesOf(order: SendingOrder): Promise<readonly string[]> {
  const session = await dovecot.session('anna')
  try {
    await session.do('EXAMINE Sent')
    const found: string[] = []
    for (const uid of await session.search(`HEADER Message-ID "<${order.headerMessageId}>"`)) {
      const { untagged } = await session.do(`UID FETCH ${String(uid)} BODY.PEEK[]`)
      found.push(untagged.join('\r\n'))
    }
    return found
  } finally {
    await session.close()
  }
}

/** After all is said and done. */
async function judge(order: SendingOrder, state: string, where: string, by?: Smtp): Promise<void> {
  const delivered = deliveriesOf(order, by)
  const copies = await copiesOf(order)
  expect(delivered.length, where).toBeLessThanOrEqual(1)
  if (state === 'sent') {
    expect(delivered.length, where).toBe(1)
    expect(copies.length, where).toBe(1)
    // The copy another program reads is what travelled.
    expect(copies[0]?.includes(delivered[0]?.raw.toString('latin1') ?? 'nothing'), where).toBe(true)
    expect(delivered[0]?.raw.subarray(0, 24).toString(), where).toBe('X-Shortlist-Message-Id: ')
  } else {
    expect(state, where).toBe('uncertain')
    expect(copies.length, where).toBeLessThanOrEqual(delivered.length)
  }
}

/** [point, which time it is passed], and whether only the server or the person can know what became of the mail after it. */
const points: readonly (readonly [string, number, sure: boolean])[] = [
  ['picked', 1, true], ['begun', 1, true], ['connected', 1, true], ['progress', 1, true], ['progress', 2, true], ['before-point', 1, true],
  ['after-point', 1, false], ['progress', 3, false], ['answered', 1, false], ['storing', 1, false],
  ['stored', 1, true], ['picked', 2, true], ['filing', 1, true], ['searched-sent', 1, true], ['append-begun', 1, true], ['appended', 1, true],
  ['before-sent', 1, true], ['after-sent', 1, true], ['removed', 1, true],
]
/** Points that a mail does not come to where the server files the copy, or where we do. */
const notIn = { auto: ['append-begun', 'appended'], here: ['searched-sent'] }
/** Uploads of three pieces: the third progress is after the last byte. */
const bytes = 100_000

describe.concurrent('a process killed while it sends', () => {
  for (const sentCopy of ['auto', 'here'] as const) {
    for (const [point, nth, sure] of points) {
      if (notIn[sentCopy].includes(point)) continue
      it(`at '${point}' (${String(nth)}), the copy in Sent ${sentCopy === 'auto' ? 'by the server' : 'by us'}`, async () => {
        const order = fresh(sentCopy, bytes)
        const first = await run({ ...order, killAt: { point, nth } })
        expect(first).toMatchObject({ killed: true })
        const second = await run(order)
        expect(second.killed).toBe(false)
        // Where the server files what it sends, Sent tells.
        if (sure || (sentCopy === 'auto' && deliveriesOf(order).length === 1)) expect(second.state).toBe('sent')
        await judge(order, second.state, point)
      }, 120_000)
    }
  }
})

describe.concurrent('a connection that is cut', () => {
  const size = 3_000
  // Bytes from the client: in the greeting, the sign-in, the envelope, at DATA, in the message, in its last bytes and after them.
  for (const after of [0, 10, 60, 110, 180, 400, 1_500, 3_000, 3_190]) {
    it(`after ${String(after)} bytes of ours is a delivery or a question`, async () => {
      await using proxy = await startChaosProxy({ upstreamPort: servers.auto.port })
      proxy.arm({ do: 'cut', how: after % 20 === 0 ? 'reset' : 'close', when: { on: 'byte', from: 'from-client', after } })
      const order = { ...fresh('auto', size), smtpPort: proxy.port }
      const { state } = await run(order)
      await judge(order, state, String(after))
    }, 120_000)
  }
  for (const after of [5, 60, 180, 230, 300, 340, 380]) {
    it(`after ${String(after)} bytes of the server's is a delivery or a question`, async () => {
      await using proxy = await startChaosProxy({ upstreamPort: servers.auto.port })
      proxy.arm({ do: 'cut', how: 'reset', when: { on: 'byte', from: 'from-server', after } })
      const order = { ...fresh('auto', size), smtpPort: proxy.port }
      const { state } = await run(order)
      await judge(order, state, String(after))
    }, 120_000)
  }

  it('when the answer is lost is found in Sent or asked about, never sent again', async () => {
    for (const sentCopy of ['auto', 'here'] as const) {
      // One of its own: the others' mails are not to lose theirs.
      const forgetful = await serverThat(sentCopy)
      try {
        forgetful.loseAnswers(1)
        const order = { ...fresh(sentCopy), smtpPort: forgetful.port }
        const { state } = await run(order)
        await judge(order, state, sentCopy, forgetful)
        expect(deliveriesOf(order, forgetful)).toHaveLength(1)
      } finally {
        await forgetful.stop()
      }
    }
  }, 120_000)
})
