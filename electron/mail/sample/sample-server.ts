// The server behind the sample mailbox, inside this process: one per data folder, however many mailboxes are open on it.
// It keeps one file of mail that only grows and one small file of state that is replaced whole. A change is first on disk,
// then in memory, then told to those who watch; a kill in between leaves the old state. Lost or damaged state is not
// mended: the mailbox begins again from the seed, with new validities, so that no cursor mistakes the new for the old.
import { mkdir, open, readFile, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { MailFailure } from '../../../shared/model/failure.ts'
import { SpecialUse } from '../../../shared/model/folder.ts'
import type { Applied, MailboxChange, RemoteFlags } from '../mailbox.ts'
import { append, applyChange, emptyFolder, folderId, SampleState, type StoredMessage } from './sample-state.ts'
import { readWall, shiftMail, shiftTo, type Shift } from './seed-dates.ts'

export type SampleLocation = {
  /** Holds index.json and the messages it names. */
  readonly seedDir: string
  /** The mailbox's own folder; made if it is missing. */
  readonly stateDir: string
  readonly now: () => number
}

export type Delivery = {
  readonly folderRemoteId: string
  readonly flags: RemoteFlags
  /** UTC milliseconds. */
  readonly receivedAt: number
}

export type SampleServer = {
  readonly state: () => SampleState
  readonly read: (message: Pick<StoredMessage, 'offset'>, bytes: number) => Promise<Buffer>
  readonly apply: (change: MailboxChange) => Promise<Applied>
  /** Puts one message into all these folders, or into none. Gives its uids in their order. */
  readonly deliver: (source: Uint8Array, deliveries: readonly Delivery[]) => Promise<readonly number[]>
  readonly listen: (listener: (touched: readonly (string | null)[]) => void) => () => void
  readonly close: () => Promise<void>
}

const stateFile = 'mailbox.json'
const packFile = 'mail.pack'

export async function openSampleServer(location: SampleLocation): Promise<SampleServer> {
  const { stateDir } = location
  await mkdir(stateDir, { recursive: true })
  let state = await readState(stateDir)
  if (!state) {
    state = await plantSeed(location)
    await writeState(stateDir, state)
  }
  const pack = await open(join(stateDir, packFile), 'r+')
  const listeners = new Set<(touched: readonly (string | null)[]) => void>()
  let current = state
  let last: Promise<unknown> = Promise.resolve()

  /** One change after the other, each seeing what the one before left. */
  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const turn = last.then(change)
    last = turn.catch(() => undefined)
    return turn
  }
  const commit = async (next: SampleState, touched: readonly (string | null)[]): Promise<void> => {
    if (next === current) return
    await writeState(stateDir, next)
    current = next
    for (const listener of listeners) listener(touched)
  }

  return {
    state: () => current,
    read: (message, bytes) => readExactly(pack, message.offset, bytes),
    apply: (change) =>
      inTurn(async () => {
        const { state: next, applied, touched } = applyChange(current, change)
        await commit(next, touched)
        return applied
      }),
    deliver: (source, deliveries) =>
      inTurn(async () => {
        const bytes = Buffer.from(source)
        const measures = measured(bytes)
        let next = current
        const uids: number[] = []
        for (const { folderRemoteId, flags, receivedAt } of deliveries) {
          const put = append(next, folderRemoteId, { ...measures, offset: current.packEnd, receivedAt, flags })
          next = put.state
          uids.push(put.uid)
        }
        await writeExactly(pack, bytes, current.packEnd)
        await commit({ ...next, packEnd: current.packEnd + bytes.byteLength }, deliveries.map((one) => one.folderRemoteId))
        return uids
      }),
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async close() {
      await last
      await pack.close()
    },
  }
}

async function readState(stateDir: string): Promise<SampleState | null> {
  try {
    const state = SampleState.parse(JSON.parse(await readFile(join(stateDir, stateFile), 'utf8')))
    const pack = await open(join(stateDir, packFile), 'r')
    const { size } = await pack.stat().finally(() => pack.close())
    return size < state.packEnd ? null : state
  } catch (error) {
    // Not there, or not what was written: a new beginning. Anything else (no permission, say) is for the caller.
    if (error instanceof SyntaxError || error instanceof z.ZodError || isMissing(error)) return null
    throw error
  }
}

async function writeState(stateDir: string, state: SampleState): Promise<void> {
  const fresh = join(stateDir, `${stateFile}.new`)
  await writeFile(fresh, JSON.stringify(state), { flush: true })
  await rename(fresh, join(stateDir, stateFile))
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, position + done)
    if (bytesRead === 0) throw new MailFailure('gone', 'message-gone', 'The sample mailbox lost this message.')
    done += bytesRead
  }
  return bytes
}

async function writeExactly(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let done = 0
  while (done < bytes.byteLength) done += (await file.write(bytes, done, bytes.byteLength - done, position + done)).bytesWritten
}

function measured(source: Buffer): Pick<StoredMessage, 'size' | 'headerSize' | 'hasAttachment'> {
  const text = source.toString('latin1')
  const end = /\r?\n\r?\n/.exec(text)
  return {
    size: source.byteLength,
    headerSize: end ? end.index + end[0].length : source.byteLength,
    hasAttachment: /^content-disposition:\s*attachment/im.test(text),
  }
}

// ---- the first opening

const SeedIndex = z.object({
  /** Oslo wall clock of the moment at which the seed's newest mail is minutes old. */
  reference: z.string(),
  folders: z.array(z.object({ path: z.string().min(1), special: SpecialUse.optional() })),
  messages: z.array(
    z.object({
      file: z.string(),
      folder: z.string(),
      /** Days before the reference, and the time of that day, of the message's arrival. */
      daysAgo: z.number().int().nonnegative(),
      at: z.string(),
      /** seen, flagged, answered, draft; anything else is a keyword. */
      flags: z.array(z.string()),
      dates: z.array(z.tuple([z.string(), z.string(), z.string(), z.enum(['en', 'de', 'nb'])])).default([]),
      encoding: z.enum(['qp-utf8', 'qp-latin1', '8bit-latin1', '8bit-utf8']).default('qp-utf8'),
    }),
  ),
})
type SeedMessage = z.infer<typeof SeedIndex>['messages'][number]

const day = 24 * 60 * 60_000

async function plantSeed({ seedDir, stateDir, now }: SampleLocation): Promise<SampleState> {
  const index = SeedIndex.parse(JSON.parse(await readSeed(seedDir, 'index.json').then((bytes) => bytes.toString('utf8'))))
  const opened = now()
  const reference = readWall(index.reference)
  const shift = shiftTo(reference, opened)
  // Seconds since 1970 as IMAP servers do it: a mailbox planted again later numbers its folders anew.
  const validity = Math.floor(opened / 1000)
  let state: SampleState = {
    format: 1,
    validityNext: validity + index.folders.length,
    packEnd: 0,
    folders: index.folders.map(({ path, special }, place) => ({ ...emptyFolder(path.split('/'), validity + place), special: special ?? null })),
  }
  await rm(join(stateDir, stateFile), { force: true })
  const pack = await open(join(stateDir, packFile), 'w')
  try {
    const arrivals = index.messages.map((message) => ({ message, receivedAt: arrivalOf(message, reference, shift) })).sort((a, b) => a.receivedAt - b.receivedAt)
    for (const { message, receivedAt } of arrivals) {
      const source = shiftMail(await readSeed(seedDir, message.file), message.dates, message.encoding, shift)
      await writeExactly(pack, source, state.packEnd)
      const put = append(state, message.folder, { ...measured(source), offset: state.packEnd, receivedAt, flags: flagsOf(message.flags) })
      state = { ...put.state, packEnd: state.packEnd + source.byteLength }
    }
    await pack.sync()
  } finally {
    await pack.close()
  }
  return state
}

async function readSeed(seedDir: string, file: string): Promise<Buffer> {
  try {
    return await readFile(join(seedDir, file))
  } catch (cause) {
    throw new MailFailure('rejected', 'sample-seed-missing', `The sample mail is not where it should be: ${file}`, { cause })
  }
}

function arrivalOf(message: SeedMessage, reference: number, shift: Shift): number {
  const midnight = Math.floor(reference / day) * day - message.daysAgo * day
  return shift(midnight + (Date.parse(`1970-01-01T${message.at}Z`) % day))
}

function flagsOf(words: readonly string[]): RemoteFlags {
  const system = ['seen', 'flagged', 'answered', 'draft']
  return {
    seen: words.includes('seen'),
    flagged: words.includes('flagged'),
    answered: words.includes('answered'),
    draft: words.includes('draft'),
    keywords: words.filter((word) => !system.includes(word)),
  }
}

/** Where replies and copies of sent mail go, found by its use because the person may have renamed it. */
export function folderFor(state: SampleState, use: SpecialUse): string {
  const folder = state.folders.find((one) => one.special === use)
  if (!folder) throw new MailFailure('gone', 'folder-gone', `There is no folder for ${use}.`)
  return folderId(folder)
}
