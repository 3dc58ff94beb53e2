import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { zstdDecompressSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createParsePool, type ParsePool, type ParsePoolOptions } from './parse-pool.ts'

const workerUrl = new URL('./parse-worker.ts', import.meta.url)
const mail = (subject: string, body = 'text'): Buffer => Buffer.from(`Subject: ${subject}\r\nContent-Type: text/html\r\n\r\n<p>${body}</p>`)

let folder: string
let treacherous: URL
const pools: ParsePool[] = []

function start(options: Partial<ParsePoolOptions> = {}): ParsePool {
  const pool = createParsePool({ workerUrl, workers: 1, ...options })
  pools.push(pool)
  return pool
}

beforeAll(() => {
  // The real work, but for sources that ask to hang, to eat all memory or to end the thread.
  folder = mkdtempSync(join(tmpdir(), 'parse-pool-'))
  const file = join(folder, 'treacherous-worker.mts')
  writeFileSync(
    file,
    `import { parentPort } from 'node:worker_threads'
import { perform } from ${JSON.stringify(new URL('./parse-job.ts', import.meta.url).href)}
parentPort.on('message', ({ works, progress }) => {
  const results = []
  works.forEach((work, i) => {
    Atomics.store(progress, 0, i)
    const subject = Buffer.from(work.source ?? []).toString('latin1', 0, 40)
    if (subject.includes('hang')) for (;;);
    if (subject.includes('eat')) { const eaten = []; for (;;) eaten.push(new Array(100_000).fill({})) }
    if (subject.includes('throw')) throw new Error('thrown')
    if (subject.includes('exit')) process.exit(3)
    results.push(perform(work))
  })
  Atomics.store(progress, 0, works.length)
  parentPort.postMessage({ from: 0, results })
})
`,
  )
  treacherous = pathToFileURL(file)
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('the parse pool', () => {
  it('parses in order and leaves the sources as they are', async () => {
    const pool = start({ workers: 2 })
    const sources = Array.from({ length: 100 }, (_, i) => mail(`number ${i}`))
    const outcomes = await pool.parse(sources)
    expect(outcomes.map((one) => one.ok && one.message.headers.subject)).toEqual(sources.map((_, i) => `number ${i}`))
    expect(sources[0]?.toString()).toContain('number 0')
  })

  it('gives what the database stores: text drawn from HTML, and the HTML compressed', async () => {
    const [outcome] = await start().parse([mail('s', 'Hello <b>you</b>')])
    if (outcome?.ok !== true) throw new Error('not parsed')
    expect(outcome.message).toMatchObject({ text: 'Hello you', textIsDerived: true, snippet: 'Hello you', attachments: [], invite: null, problems: [] })
    expect(zstdDecompressSync(outcome.message.htmlZstd ?? new Uint8Array()).toString()).toBe('<p>Hello <b>you</b></p>')
  })

  it.each([
    ['hang', 'too-slow'],
    ['eat', 'out-of-memory'],
    ['throw', 'crashed'],
    ['exit', 'crashed'],
  ] as const)('costs only the message when one makes the worker %s', async (does, reason) => {
    const pool = start({ workerUrl: treacherous, timeLimitMs: 1_500, memoryLimitMb: 64 })
    const outcomes = await pool.parse([mail('one'), mail(does), mail('two'), mail(does), mail('three')])
    // Eating memory under load can run into the time limit first: either way it is that message's fault alone.
    const words = outcomes.map((one) => (one.ok ? one.message.headers.subject : one.reason === 'too-slow' ? reason : one.reason))
    expect(words).toEqual(['one', reason, 'two', reason, 'three'])
    const [after] = await pool.parse([mail('after')])
    expect(after?.ok).toBe(true)
  }, 60_000)

  it('loses nothing of the batch that waited behind the one that fell', async () => {
    const pool = start({ workerUrl: treacherous, timeLimitMs: 1_500 })
    const batches = await Promise.all([pool.parse([mail('a'), mail('hang'), mail('b')]), pool.parse([mail('c'), mail('throw')]), pool.parse([mail('d')])])
    expect(batches.map((outcomes) => outcomes.map((one) => (one.ok ? one.message.headers.subject : one.reason)))).toEqual([['a', 'too-slow', 'b'], ['c', 'crashed'], ['d']])
  }, 60_000)

  it('refuses a source over the limit without looking at it', async () => {
    const outcomes = await start({ maxSourceBytes: 1_000 }).parse([Buffer.alloc(2_000, 0x61), mail('small')])
    expect(outcomes.map((one) => (one.ok ? 'parsed' : one.reason))).toEqual(['too-big', 'parsed'])
  })

  it('reads header blocks, extracts attachments and renders pages', async () => {
    const pool = start()
    const [headers] = await pool.parseHeaders([Buffer.from('From: Jane <jane@x.no>\r\n\r\n')])
    expect(headers?.from).toEqual({ name: 'Jane', address: 'jane@x.no' })
    const source = Buffer.from('Content-Type: application/pdf; name=cv.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==')
    const extracted = await pool.extract(source, 0)
    expect(extracted).toMatchObject({ filename: 'cv.pdf', mimeType: 'application/pdf' })
    expect(Buffer.from(extracted?.bytes ?? []).toString()).toBe('%PDF')
    expect(await pool.extract(source, 5)).toBeNull()
    const document = await pool.render({ html: '<p onclick="x()">Hi</p>', text: null, cids: {}, images: 'blocked', theme: 'light' })
    expect(document.html).toContain('<p>Hi</p>')
  })

  it('shows the text when the HTML cannot be made safe in time', async () => {
    const pool = start({ timeLimitMs: 1 })
    const slow = '<b x=1>y</b>'.repeat(300_000)
    const document = await pool.render({ html: slow, text: 'the text', cids: {}, images: 'blocked', theme: 'light' })
    expect(document.htmlFailed).toBe(true)
    expect(document.html).toContain('the text')
  }, 60_000)

  it('serves somebody who waits before a batch that does not', async () => {
    const pool = start()
    const order: string[] = []
    await pool.parse([mail('warm')])
    const batches = [0, 1, 2, 3].map((n) => pool.parse(Array.from({ length: 200 }, () => mail('batch'))).then(() => order.push(`batch ${n}`)))
    const waiting = pool.render({ html: '<p>x</p>', text: null, cids: {}, images: 'blocked', theme: 'light' }).then(() => order.push('page'))
    await Promise.all([...batches, waiting])
    expect(order.indexOf('page')).toBeLessThan(3)
  })

  it('rejects when its worker cannot be started, instead of trying for ever', async () => {
    await expect(start({ workerUrl: new URL('./no-such-worker.ts', import.meta.url) }).parse([mail('x')])).rejects.toThrow()
  })

  it('rejects what is unfinished when it is closed, and everything after', async () => {
    const pool = start({ workerUrl: treacherous })
    const hanging = pool.parse([mail('hang')])
    hanging.catch(() => null)
    const queued = pool.parse([mail('a'), mail('b')])
    queued.catch(() => null)
    await pool.close()
    await expect(hanging).rejects.toThrow('closed')
    await expect(queued).rejects.toThrow('closed')
    await expect(pool.parse([mail('c')])).rejects.toThrow('closed')
  })
})
