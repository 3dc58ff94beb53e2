// The program under measurement, in a process of its own: syncs one IMAP account from nothing and prints one JSON line of
// figures. Times are milliseconds, memory bytes. Run by run.ts.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createRouterClient } from '@orpc/server'
import { startProgram } from '../electron/core/start.ts'
import { nodeHost } from '../electron/hosts/node/node-host.ts'
import type { FolderId, ThreadId } from '../shared/model/ids.ts'

const { values } = parseArgs({ options: { data: { type: 'string' }, port: { type: 'string' }, user: { type: 'string' }, password: { type: 'string' }, half: { type: 'string' }, pair: { type: 'string' }, sender: { type: 'string' } } })
const data = values.data ?? ''
const root = join(import.meta.dirname, '..')
mkdirSync(data, { recursive: true })

const host = nodeHost({ version: 'bench', dataDir: data, seedDir: join(root, 'electron/mail/sample/seed'), assetBase: '/a/', secretsDir: join(data, 'secrets') })
const program = await startProgram(host, { sample: false, parseWorkerUrl: new URL('../electron/mail/mime/parse-worker.ts', import.meta.url), indexWorkerUrl: new URL('../db/index-worker.ts', import.meta.url), migrationsDir: join(root, 'db/migrations') })
const api = createRouterClient(program.router)

const percentile = (samples: readonly number[], at: number): number => [...samples].sort((a, b) => a - b)[Math.min(samples.length - 1, Math.floor(samples.length * at))] ?? 0
const spread = (samples: readonly number[]) => ({ p50: percentile(samples, 0.5), p95: percentile(samples, 0.95), n: samples.length })

const timed = async (run: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await run()
  return performance.now() - start
}
const search = (query: string) => timed(() => api.search.run({ query, source: null, after: null, limit: 50 }))

const loop = monitorEventLoopDelay({ resolution: 1 })
loop.enable()
const started = performance.now()
const account = await api.accounts.add({
  draft: {
    name: 'Bench', address: 'bench@bench.example',
    settings: { kind: 'imap', incoming: { host: '127.0.0.1', port: Number(values.port), security: 'plain' }, outgoing: null, userName: values.user ?? '', plainConsent: true, trusted: [] },
  },
  password: values.password ?? '',
  outgoingPassword: null,
  keep: { bodies: 'all', attachments: 'demand' },
})

let first500: number | null = null
let listed: number | null = null
let inbox: FolderId | undefined
const during = { list: [] as number[], thread: [] as number[], search: [] as number[] }
let sampleAt = 0
for (;;) {
  const now = performance.now() - started
  if (first500 === null) {
    inbox = (await api.folders.list()).find((folder) => folder.special === 'inbox' && folder.total >= 500)?.id
    if (inbox !== undefined) first500 = now
  }
  const [{ state } = { state: undefined }] = await api.accounts.list()
  if (state?.failure) throw new Error(`Sync failed: ${JSON.stringify(state.failure)}`)
  if (listed === null && (state?.step === 'bodies' || state?.step === 'idle') && state.total > 400) listed = now
  if (state?.upToDate) break
  if (inbox !== undefined && now >= sampleAt) {
    sampleAt = now + 200
    const source = inbox
    during.list.push(await timed(() => api.threads.list({ source, filter: 'all', lane: null, after: null, limit: 50 })))
    const page = await api.threads.list({ source, filter: 'all', lane: null, after: null, limit: 50 })
    const thread = page.rows[Math.floor(Math.random() * page.rows.length)]?.id
    if (thread !== undefined) during.thread.push(await timed(() => api.threads.get({ id: thread })))
    during.search.push(await search(values.half ?? 'the'))
  }
  await delay(first500 === null ? 10 : 25)
}
const full = performance.now() - started
loop.disable()
const loopDelay = { p50: loop.percentile(50) / 1e6, p99: loop.percentile(99) / 1e6, max: loop.max / 1e6 }
const peakSyncing = process.resourceUsage().maxRSS * 1024

const folders = await api.folders.list()
const messages = folders.reduce((sum, folder) => sum + folder.total, 0)
const found = inbox ?? folders[0]?.id
if (found === undefined) throw new Error('The mailbox has no folder.')
const source: FolderId = found

const after = { list: [] as number[], next: [] as number[], thread: [] as number[], word: [] as number[], half: [] as number[], pair: [] as number[], prefix: [] as number[], from: [] as number[] }
let cursor: string | null = null
const threads: ThreadId[] = []
for (let i = 0; i < 200; i++) {
  after.list.push(await timed(() => api.threads.list({ source, filter: 'all', lane: null, after: null, limit: 50 })))
  const at = cursor
  let page = { rows: [] as readonly { id: ThreadId }[], next: null as string | null }
  after.next.push(await timed(async () => { page = await api.threads.list({ source, filter: 'all', lane: null, after: at, limit: 50 }) }))
  cursor = page.next
  threads.push(...page.rows.map((row) => row.id))
}
for (let i = 0; i < 200; i++) {
  const id = threads[Math.floor(Math.random() * threads.length)]
  if (id !== undefined) after.thread.push(await timed(() => api.threads.get({ id })))
}
const half = values.half ?? 'the'
const [one = '', two = ''] = (values.pair ?? '').split(',')
for (let i = 0; i < 60; i++) {
  after.word.push(await search(one))
  after.half.push(await search(`${half} `))
  after.pair.push(await search(`${one} ${two} `))
  after.prefix.push(await search(half.slice(0, 3)))
  after.from.push(await search(`from:${values.sender ?? 'anna'} `))
}

const bytes = (await api.accounts.size({ id: account.id })).bytes
await program.close()
process.stdout.write(`${JSON.stringify({
  messages, first500, listed, full, peakSyncing, loopDelay, bytesPerMessage: bytes / messages,
  during: { list: spread(during.list), thread: spread(during.thread), search: spread(during.search) },
  after: Object.fromEntries(Object.entries(after).map(([name, samples]) => [name, spread(samples)])),
})}\n`)
process.exit(0)
