// Fetches texts and sources of messages already listed, newest first. Fetching, parsing (in workers) and storing overlap;
// what is in flight is bounded. A message that cannot be parsed is kept raw, one that the server refuses is noted and
// left for when it is opened; neither stops the others.
import { failureOf, MailFailure } from '../../../shared/model/failure.ts'
import type { Account } from '../../../shared/model/account.ts'
import type { MessageId } from '../../../shared/model/ids.ts'
import type { Db, Tx } from '../../../db/handles.ts'
import { noteExpunged } from '../../../db/queries/folders.ts'
import { noteBodyRefused, placementsOf, storeBody, storeSource, storeUnparsed, withoutBody, withoutSource, type BodyWanted } from '../../../db/queries/messages.ts'
import type { FetchedBody, Mailbox } from '../mailbox.ts'
import type { ParseOutcome } from '../mime/parse-pool.ts'
import type { OnReport, Parser, SyncClock } from './given.ts'
import { paced } from './paced.ts'

export type FillWork = {
  readonly db: Db
  readonly account: Account
  readonly mailbox: Mailbox
  readonly parser: Parser
  readonly onReport?: OnReport | undefined
  readonly clock: SyncClock
  readonly signal: AbortSignal
  /** UTC milliseconds; older messages are left on the server. */
  readonly notBefore: number
  /** Stop after about this many. */
  readonly atMost?: number | undefined
}

export type FillReport = {
  readonly onStored: (count: number) => void
  /** Asked between batches: something more urgent waits. */
  readonly interrupt: () => boolean
}

/** Attachments of messages up to this many bytes come along with the text: asking for parts would cost more. */
export const inlineLimit = 128 * 1024
const roundSize = 400
const batchCount = 24
const batchBytes = 2 * 1024 * 1024
const batchesInFlight = 3

type Fetched = { readonly wanted: BodyWanted; readonly body: FetchedBody; readonly source: Uint8Array }

export async function fillBodies(work: FillWork, report: FillReport): Promise<void> {
  let left = work.atMost ?? Number.POSITIVE_INFINITY
  while (left > 0 && !report.interrupt()) {
    const wanted = withoutBody(work.db, work.account.id, work.notBefore, Math.min(roundSize, left))
    if (wanted.length === 0) return
    left -= wanted.length
    await fetchTexts(work, wanted, report.onStored)
  }
}

/** Fetches the texts of these messages, whatever the keep policy says. */
export async function fetchTexts(work: Omit<FillWork, 'account' | 'clock' | 'notBefore'>, wanted: readonly BodyWanted[], onStored: (count: number) => void): Promise<void> {
  const { db, mailbox, signal } = work
  const pipeline = new Pipeline(work, onStored)
  const touched = new Set<MessageId>()
  try {
    for (const [folderRemoteId, group] of Map.groupBy(wanted, (one) => one.folderRemoteId)) {
      const byRemote = new Map(group.map((one) => [one.remoteId, one]))
      try {
        for await (const body of mailbox.fetchBodies(folderRemoteId, group.map((one) => one.remoteId), { signal, inlineLimit })) {
          const one = byRemote.get(body.remoteId)
          if (!one) continue
          touched.add(one.id)
          await pipeline.add(one, body)
        }
      } catch (error) {
        const met = failureOf(error)
        if (met.kind !== 'gone' && met.kind !== 'rejected') throw error
        // The whole folder was refused: note its messages so that the round makes progress.
        db.write('note refused texts', (tx) => {
          for (const one of group) if (!touched.has(one.id)) noteBodyRefused(tx, one.id, met.said ?? met.code)
        })
        for (const one of group) touched.add(one.id)
      }
    }
  } finally {
    await pipeline.end()
  }
  // A server that skips a message must not have it asked for without end.
  const skipped = wanted.filter((one) => !touched.has(one.id))
  if (skipped.length > 0) {
    db.write('note skipped texts', (tx) => {
      for (const one of skipped) noteBodyRefused(tx, one.id, 'not-sent')
    })
  }
}

/** Gathers fetched texts into batches, has them parsed, and stores the results in slices. */
class Pipeline {
  readonly #work: Pick<FillWork, 'db' | 'parser' | 'onReport'>
  readonly #onStored: (count: number) => void
  #batch: Fetched[] = []
  #bytes = 0
  readonly #running = new Set<Promise<void>>()
  #broken: unknown = null

  constructor(work: Pick<FillWork, 'db' | 'parser' | 'onReport'>, onStored: (count: number) => void) {
    this.#work = work
    this.#onStored = onStored
  }

  async add(wanted: BodyWanted, body: FetchedBody): Promise<void> {
    if (body.source === null) {
      this.#work.db.write('note a message that is gone', (tx) => {
        noteExpunged(tx, wanted.folderId, 1)
        noteBodyRefused(tx, wanted.id, 'gone')
      })
      return
    }
    this.#batch.push({ wanted, body, source: body.source })
    this.#bytes += body.source.byteLength
    if (this.#batch.length >= batchCount || this.#bytes >= batchBytes) this.#flush()
    while (this.#running.size >= batchesInFlight) await Promise.race(this.#running)
    if (this.#broken !== null) throw failureOf(this.#broken)
  }

  async end(): Promise<void> {
    this.#flush()
    await Promise.all(this.#running)
    if (this.#broken !== null) throw failureOf(this.#broken)
  }

  #flush(): void {
    if (this.#batch.length === 0) return
    const batch = this.#batch
    this.#batch = []
    this.#bytes = 0
    const running: Promise<void> = this.#process(batch)
      .catch((error: unknown) => {
        this.#broken ??= error
      })
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  async #process(batch: readonly Fetched[]): Promise<void> {
    const outcomes = await this.#work.parser.parse(batch.map((one) => one.source), batch.map((one) => one.body.omitted))
    await paced(batch.length, (from, more) => {
      let at = from
      this.#work.db.write('store texts', (tx) => {
        do {
          const fetched = batch[at]
          const outcome = outcomes[at]
          if (fetched && outcome) storeOutcome(tx, fetched.wanted.id, fetched.body, outcome, this.#work.onReport)
        } while (++at < batch.length && more())
      })
      return at
    })
    this.#onStored(batch.length)
  }
}

function storeOutcome(tx: Tx, id: MessageId, body: Pick<FetchedBody, 'source' | 'complete'>, outcome: ParseOutcome, onReport: OnReport | undefined): void {
  if (!outcome.ok) {
    // What was fetched without its attachments is not the message; its source is fetched when asked for.
    storeUnparsed(tx, id, body.complete ? body.source : null, outcome.reason)
    return
  }
  const { message } = outcome
  storeBody(tx, id, {
    text: message.text,
    htmlZstd: message.htmlZstd,
    snippet: message.snippet,
    invite: message.invite,
    attachments: message.attachments,
  })
  if (message.report) onReport?.(tx, id, message.report)
}

/** Fetches whole sources so that attachments open offline, as far as the keep policy asks. */
export async function fillSources(work: FillWork, report: FillReport): Promise<void> {
  if (!Number.isFinite(work.notBefore)) return
  while (!report.interrupt()) {
    const wanted = withoutSource(work.db, work.account.id, work.notBefore, 20)
    if (wanted.length === 0) return
    for (const { id } of wanted) {
      if (report.interrupt()) return
      try {
        await fetchSource(work, id)
      } catch (error) {
        const met = failureOf(error)
        if (met.kind !== 'gone' && met.kind !== 'rejected') throw error
        work.db.write('note a refused source', (tx) => noteBodyRefused(tx, id, met.code))
      }
      report.onStored(1)
    }
  }
}

/** One message's whole source, stored together with its text if that was missing. */
export async function fetchSource(work: Pick<FillWork, 'db' | 'mailbox' | 'parser' | 'signal' | 'onReport'>, id: MessageId): Promise<Uint8Array> {
  const places = placementsOf(work.db, id)
  let gone = new MailFailure('gone', 'message-gone')
  for (const place of places) {
    try {
      const source = await work.mailbox.fetchRaw(place.folderRemoteId, place.remoteId, work.signal)
      const [outcome] = await work.parser.parse([source])
      work.db.write('store a source', (tx) => {
        if (outcome) storeOutcome(tx, id, { source, complete: true }, outcome, work.onReport)
        storeSource(tx, id, source)
      })
      return source
    } catch (error) {
      const met = failureOf(error)
      // Another folder may still hold it.
      if (met.kind !== 'gone') throw met
      gone = met
    }
  }
  throw gone
}

/** One message's text, for somebody who is waiting to read it. */
export async function fetchBody(work: Pick<FillWork, 'db' | 'mailbox' | 'parser' | 'signal' | 'onReport'>, id: MessageId): Promise<void> {
  for (const place of placementsOf(work.db, id)) {
    for await (const body of work.mailbox.fetchBodies(place.folderRemoteId, [place.remoteId], { signal: work.signal, inlineLimit })) {
      if (body.source === null) continue
      const [outcome] = await work.parser.parse([body.source], [body.omitted])
      if (outcome) work.db.write('store a text', (tx) => { storeOutcome(tx, id, body, outcome, work.onReport) })
      return
    }
  }
  throw new MailFailure('gone', 'message-gone')
}
