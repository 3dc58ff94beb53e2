// Parsing off the main thread. A few workers take batches; a source that stalls, overruns memory or brings its worker down
// costs that one source (it comes back as unparsable, to be kept raw) and a new worker, never the batch. Nothing is retried
// that was already found guilty, and the pool rejects only when workers cannot be started at all.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { quoteHtml, type QuoteSource } from '../compose/quote-html.ts'
import { parseHeaders, type ParsedHeaders } from './headers.ts'
import { messageDocument, type DocumentInput, type MessageDocument } from './message-document.ts'
import type { Order, ParseOutcome, Report, Result, UnparsableReason, Work } from './parse-job.ts'
import type { ExtractedAttachment } from './parse-message.ts'

export type { PackedMessage, ParseOutcome, UnparsableReason } from './parse-job.ts'

export type ParsePoolOptions = {
  /** The built parse-worker, or its .ts source where Node strips types itself. */
  readonly workerUrl: URL
  /** Default: 2 where there are four cores or more, otherwise 1. */
  readonly workers?: number
  /** Milliseconds one message may take, plus one second for every 10 MB. Default 5,000. */
  readonly timeLimitMs?: number
  /** JavaScript heap of one worker. Default 384. */
  readonly memoryLimitMb?: number
  /** Larger sources are refused as too-big without being looked at. Default 256 MB. */
  readonly maxSourceBytes?: number
}

export type ParsePool = {
  /** One outcome for each source, in order. The sources are left as they are. `omitted` goes with sources that came without
   *  the contents of some attachments (FetchedBody.omitted), so that those attachments have their sizes. */
  readonly parse: (sources: readonly Uint8Array[], omitted?: readonly (readonly number[] | undefined)[]) => Promise<readonly ParseOutcome[]>
  /** Header blocks; one that cannot be read within the limits gives empty headers. */
  readonly parseHeaders: (blocks: readonly Uint8Array[]) => Promise<readonly ParsedHeaders[]>
  /** Contents of one attachment; null when there is none at that index or the source is unparsable. */
  readonly extract: (source: Uint8Array, index: number) => Promise<ExtractedAttachment | null>
  /** The page for a message. HTML that cannot be made safe within the limits is left out, and the text shown. */
  readonly render: (input: DocumentInput) => Promise<MessageDocument>
  /** A message as it is quoted in an answer. HTML that cannot be made safe within the limits is left out, and the text quoted. */
  readonly quote: (input: QuoteSource) => Promise<string>
  /** Ends the workers. Unfinished work is rejected. */
  readonly close: () => Promise<void>
}

type Done = { readonly ok: true; readonly result: Result } | { readonly ok: false; readonly reason: UnparsableReason }

type Job = {
  readonly works: readonly Work[]
  readonly done: (Done | undefined)[]
  readonly resolve: (done: readonly Done[]) => void
  readonly reject: (error: Error) => void
}

/** A worker's share of a job: the positions in the job that this batch covers. */
type Batch = { readonly job: Job; readonly positions: readonly number[]; readonly progress: Int32Array; received: number; seen: number; stalledMs: number }

/** `batches` are with the worker, in the order it works on them. */
type Slot = { worker: Worker | null; readonly batches: Batch[]; failedStarts: number; idleSince: number }

const startLimitMs = 30_000
const maxFailedStarts = 3
const batchesAhead = 2
const watchEveryMs = 250
const idleLimitMs = 30_000
const bytesPerExtraSecond = 10 * 1024 * 1024

export function createParsePool(options: ParsePoolOptions): ParsePool {
  const pool = new Pool(options)
  const tooBig = options.maxSourceBytes ?? 256 * 1024 * 1024
  return {
    parse: async (sources, omitted) => {
      const works = sources.map((source, i): Work => (source.byteLength > tooBig ? { kind: 'headers', source: new Uint8Array(0) } : { kind: 'parse', source, omitted: omitted?.[i] }))
      const done = await pool.run(works, sources.length <= 1)
      return done.map((one): ParseOutcome => {
        if (!one.ok) return { ok: false, reason: one.reason }
        return one.result.kind === 'parse' ? { ok: true, message: one.result.message } : { ok: false, reason: 'too-big' }
      })
    },
    parseHeaders: async (blocks) => {
      const done = await pool.run(blocks.map((source): Work => ({ kind: 'headers', source })), false)
      return done.map((one) => (one.ok && one.result.kind === 'headers' ? one.result.headers : parseHeaders(new Uint8Array(0))))
    },
    extract: async (source, index) => {
      const [done] = await pool.run([{ kind: 'extract', source, index }], true)
      return done?.ok === true && done.result.kind === 'extract' ? done.result.attachment : null
    },
    render: async (input) => {
      const [done] = await pool.run([{ kind: 'render', input }], true)
      if (done?.ok === true && done.result.kind === 'render') return done.result.document
      return { ...messageDocument({ ...input, html: null, text: (input.text ?? '').slice(0, 100_000) }), htmlFailed: true }
    },
    quote: async (input) => {
      const [done] = await pool.run([{ kind: 'quote', input }], true)
      return done?.ok === true && done.result.kind === 'quote' ? done.result.html : quoteHtml({ ...input, html: null, text: input.text.slice(0, 100_000) })
    },
    close: () => pool.close(),
  }
}

class Pool {
  readonly #options: ParsePoolOptions
  readonly #slots: Slot[]
  readonly #queue: Job[] = []
  #watch: NodeJS.Timeout | null = null
  #checkedAt = 0
  #closed = false

  constructor(options: ParsePoolOptions) {
    this.#options = options
    const workers = options.workers ?? (availableParallelism() >= 4 ? 2 : 1)
    this.#slots = Array.from({ length: Math.max(1, workers) }, () => ({ worker: null, batches: [], failedStarts: 0, idleSince: 0 }))
  }

  run(works: readonly Work[], urgent: boolean): Promise<readonly Done[]> {
    if (this.#closed) return Promise.reject(new Error('The parse pool is closed'))
    if (works.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      const job: Job = { works, done: works.map(() => undefined), resolve, reject }
      // Somebody waits for a single message; a batch is the sync at work.
      if (urgent) this.#queue.unshift(job)
      else this.#queue.push(job)
      this.#pump()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    if (this.#watch !== null) clearInterval(this.#watch)
    this.#watch = null
    const error = new Error('The parse pool was closed')
    for (const job of this.#queue.splice(0)) job.reject(error)
    await Promise.all(
      this.#slots.map(async (slot) => {
        for (const batch of slot.batches.splice(0)) batch.job.reject(error)
        const worker = slot.worker
        slot.worker = null
        await worker?.terminate()
      }),
    )
  }

  #pump(): void {
    // A second batch waits with each worker, so that it never idles until this thread finds time for it.
    for (let depth = 0; depth < batchesAhead; depth++) {
      for (const slot of this.#slots) {
        if (slot.batches.length > depth) continue
        const job = this.#queue.shift()
        if (job === undefined) return
        this.#assign(slot, job)
      }
    }
  }

  #assign(slot: Slot, job: Job): void {
    const positions = job.done.flatMap((done, position) => (done === undefined ? [position] : []))
    if (positions.length === 0) {
      finish(job)
      this.#pump()
      return
    }
    const progress = new Int32Array(new SharedArrayBuffer(4))
    progress[0] = -1
    slot.batches.push({ job, positions, progress, received: 0, seen: -1, stalledMs: 0 })
    const worker = slot.worker ?? this.#start(slot)
    worker.ref()
    const { works, buffer } = packSources(positions.map((position) => job.works[position]))
    const order: Order = { works, progress }
    worker.postMessage(order, buffer === null ? [] : [buffer])
    this.#watch ??= setInterval(() => { this.#check() }, watchEveryMs).unref()
  }

  #start(slot: Slot): Worker {
    const memory = this.#options.memoryLimitMb ?? 384
    const worker = new Worker(this.#options.workerUrl, { resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 8, stackSizeMb: 4 }, name: 'parse' })
    slot.worker = worker
    worker.on('message', (report: Report) => { if (slot.worker === worker) this.#receive(slot, report) })
    worker.on('error', (error) => {
      if (slot.worker !== worker) return
      const code = error instanceof Error && 'code' in error ? error.code : null
      this.#lost(slot, code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out-of-memory' : 'crashed', error instanceof Error ? error : new Error(String(error)))
    })
    worker.on('exit', () => { if (slot.worker === worker) this.#lost(slot, 'crashed', new Error('A parse worker ended by itself')) })
    return worker
  }

  #receive(slot: Slot, report: Report): void {
    const batch = slot.batches[0]
    if (batch === undefined) return
    slot.failedStarts = 0
    report.results.forEach((result, i) => {
      const position = batch.positions[report.from + i]
      if (position !== undefined) batch.job.done[position] = { ok: true, result }
    })
    batch.received += report.results.length
    if (batch.received < batch.positions.length) return
    slot.batches.shift()
    const next = slot.batches[0]
    if (next === undefined) {
      slot.idleSince = performance.now()
      slot.worker?.unref()
    } else next.stalledMs = 0
    finish(batch.job)
    this.#pump()
  }

  /** The worker is gone or must go: blame the piece it was on, and give everything else it had to a new one. */
  #lost(slot: Slot, reason: UnparsableReason, error: Error): void {
    const { worker } = slot
    const batches = slot.batches.splice(0)
    slot.worker = null
    void worker?.terminate()
    if (batches.length === 0 || this.#closed) return
    const current = batches.find((batch) => Atomics.load(batch.progress, 0) < batch.positions.length)
    const at = current === undefined ? -1 : Atomics.load(current.progress, 0)
    const guilty = at < 0 ? undefined : current?.positions[at]
    if (guilty === undefined && ++slot.failedStarts >= maxFailedStarts) {
      for (const batch of batches) batch.job.reject(error)
      slot.failedStarts = 0
      this.#pump()
      return
    }
    // What was done before the guilty piece but not yet reported is simply done again.
    if (guilty !== undefined && current !== undefined) current.job.done[guilty] ??= { ok: false, reason }
    this.#queue.unshift(...batches.map((batch) => batch.job))
    this.#pump()
  }

  #check(): void {
    const now = performance.now()
    // A computer that slept, or this thread being busy, is no fault of the worker's.
    const elapsed = Math.min(now - this.#checkedAt, 2 * watchEveryMs)
    this.#checkedAt = now
    let busy = false
    for (const slot of this.#slots) {
      const batch = slot.batches[0]
      if (batch === undefined) {
        // The first worker stays for whoever opens a message next; the others go when there is nothing to do.
        if (slot.worker !== null && slot !== this.#slots[0] && now - slot.idleSince > idleLimitMs) {
          const worker = slot.worker
          slot.worker = null
          void worker.terminate()
        }
        busy ||= slot.worker !== null && slot !== this.#slots[0]
        continue
      }
      busy = true
      // The counter may already stand in the next batch while this one's results are still on their way.
      const current = slot.batches.find((one) => Atomics.load(one.progress, 0) < one.positions.length) ?? batch
      const at = Atomics.load(current.progress, 0)
      if (at !== current.seen || at >= current.positions.length) {
        current.seen = at
        current.stalledMs = 0
      } else if ((current.stalledMs += elapsed) > this.#limitFor(current, at)) {
        this.#lost(slot, 'too-slow', new Error('A parse worker did not start in time'))
      }
    }
    if (!busy && this.#watch !== null) {
      clearInterval(this.#watch)
      this.#watch = null
    }
  }

  #limitFor(batch: Batch, at: number): number {
    if (at < 0) return startLimitMs
    const work = batch.job.works[batch.positions[at] ?? -1]
    const size = work === undefined ? 0 : 'input' in work ? (work.input.html ?? '').length : work.source.byteLength
    return (this.#options.timeLimitMs ?? 5_000) + (size / bytesPerExtraSecond) * 1_000
  }
}

function finish(job: Job): void {
  const done = job.done.filter((one) => one !== undefined)
  job.resolve(done)
}

/** Copies the sources of a batch into one buffer that moves to the worker; the caller keeps its own. */
function packSources(works: readonly (Work | undefined)[]): { readonly works: readonly Work[]; readonly buffer: ArrayBuffer | null } {
  const present = works.filter((work) => work !== undefined)
  const total = present.reduce((sum, work) => sum + ('input' in work ? 0 : work.source.byteLength), 0)
  if (total === 0) return { works: present, buffer: null }
  const buffer = new ArrayBuffer(total)
  let at = 0
  const packed = present.map((work): Work => {
    if ('input' in work) return work
    const source = new Uint8Array(buffer, at, work.source.byteLength)
    source.set(work.source)
    at += source.byteLength
    return { ...work, source }
  })
  return { works: packed, buffer }
}
