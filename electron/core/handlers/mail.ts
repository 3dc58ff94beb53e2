// Threads, messages, attachments and search.
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { getMessage, readBody } from '../../../db/queries/messages.ts'
import { runSearch } from '../../../db/queries/search.ts'
import { joinThreads, splitMessage } from '../../../db/queries/threading.ts'
import { noteOpened } from '../../../db/queries/snoozes.ts'
import { getThread, listThreads, messageIdsOf, threadsOf } from '../../../db/queries/threads.ts'
import { listAccounts } from '../../../db/queries/accounts.ts'
import { failureOf, MailFailure, type Failure } from '../../../shared/model/failure.ts'
import type { AccountId, MessageId } from '../../../shared/model/ids.ts'
import { parseSearch } from '../../../shared/model/search-query.ts'
import { flagMessages } from '../../tasks/message-tasks.ts'
import { readAttachment, readAttachments } from '../attachments.ts'
import type { Program } from '../program.ts'
import { base } from './base.ts'

type FlagChange = { readonly seen?: boolean | undefined; readonly flagged?: boolean | undefined }

/** Bytes of source shown for reading. */
const shownSource = 2 * 1024 * 1024

/** Reading is not a step that anybody takes back, so these are not journaled; what a person does on purpose is triage. */
function changeFlags(program: Program, messages: readonly MessageId[], change: FlagChange): void {
  program.db.write('set flags', (tx) => {
    const now = program.host.clock.now()
    if (change.seen !== undefined) flagMessages(tx, messages, 'seen', change.seen, now)
    if (change.flagged !== undefined) flagMessages(tx, messages, 'flagged', change.flagged, now)
    // Whoever reads a thread that came back from being snoozed has seen it.
    if (change.seen === true) for (const thread of threadsOf(tx, messages)) noteOpened(tx, thread)
  })
}

export function threadHandlers(program: Program) {
  const { db } = program
  return {
    list: base.threads.list.handler(({ input }) => listThreads(db, input.source, input.filter, input.lane, input.after, input.limit)),
    get: base.threads.get.handler(({ input }) => getThread(db, input.id)),
    split: base.threads.split.handler(({ input }) => {
      const thread = db.write('split a thread', (tx) => splitMessage(tx, input.messageId))
      if (thread === null) throw new MailFailure('gone', 'message-gone')
      return thread
    }),
    join: base.threads.join.handler(({ input }) => {
      const thread = db.write('join threads', (tx) => joinThreads(tx, input.ids))
      if (thread === null) throw new MailFailure('gone', 'thread-gone')
      return thread
    }),
    setFlags: base.threads.setFlags.handler(({ input }) => {
      changeFlags(program, messageIdsOf(db, input.ids), input)
    }),
  }
}

export function messageHandlers(program: Program) {
  const { db, engine } = program
  return {
    get: base.messages.get.handler(({ input }) => getMessage(db, input.id)),
    setFlags: base.messages.setFlags.handler(({ input }) => {
      changeFlags(program, input.ids, input)
    }),
    text: base.messages.text.handler(({ input }) => {
      const body = readBody(db, input.id)
      return body?.state === 'stored' ? body.text : null
    }),
    source: base.messages.source.handler(async ({ input }) => {
      const source = Buffer.from(await engine.ensureSource(input.id))
      const head = source.subarray(0, shownSource)
      return { text: textOf(head), truncated: head.length < source.length, size: source.length }
    }),
    fetchBody: base.messages.fetchBody.handler(({ input }) => engine.ensureBody(input.id)),
    fetchAttachments: base.messages.fetchAttachments.handler(async ({ input }) => {
      await engine.ensureSource(input.id)
    }),
  }
}

/** Raw mail as text: UTF-8 where it is, else one character a byte so that nothing is hidden. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}

export function attachmentHandlers(program: Program) {
  const { host } = program
  return {
    open: base.attachments.open.handler(async ({ input }) => {
      const file = await readAttachment(program, input.messageId, input.index)
      const root = join(host.dataDir, 'opened')
      await mkdir(root, { recursive: true, mode: 0o700 })
      const path = join(await mkdtemp(join(root, 'a-')), file.filename)
      await writeFile(path, file.bytes, { mode: 0o600 })
      return host.openFile(path)
    }),
    save: base.attachments.save.handler(async ({ input }) => {
      const file = await readAttachment(program, input.messageId, input.index)
      const path = await host.pickSavePath(file.filename)
      if (path !== null) await writeFile(path, file.bytes)
      return path
    }),
    saveAll: base.attachments.saveAll.handler(async ({ input }) => {
      const files = await readAttachments(program, input.messageId)
      const folder = await host.pickSaveFolder()
      if (folder === null) return null
      for (const file of files) await writeNew(folder, file.filename, file.bytes)
      return { folder, files: files.length }
    }),
  }
}

/** Never writes over a file that is there: 'cv.pdf', 'cv (2).pdf', ... */
async function writeNew(folder: string, filename: string, bytes: Uint8Array): Promise<void> {
  const dot = filename.lastIndexOf('.')
  const [stem, extension] = dot > 0 ? [filename.slice(0, dot), filename.slice(dot)] : [filename, '']
  for (let copy = 1; ; copy++) {
    try {
      await writeFile(join(folder, copy === 1 ? filename : `${stem} (${String(copy)})${extension}`), bytes, { flag: 'wx' })
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}

export function searchHandlers(program: Program) {
  const { db, engine, host } = program
  return {
    run: base.search.run.handler(({ input }) => runSearch(db, parseSearch(input.query, host.clock.now()), input.source, input.after, input.limit)),
    server: base.search.server.handler(async ({ input, signal }) => {
      const words = parseSearch(input.query, host.clock.now(), false)
        .terms.filter((term) => !term.negated)
        .map((term) => term.text)
      if (words.length === 0) return { found: 0, failures: [] }
      let found = 0
      const failures: { accountId: AccountId; failure: Failure }[] = []
      await Promise.all(
        listAccounts(db).map(async ({ id }) => {
          try {
            found += await engine.searchServer(id, words, signal ?? new AbortController().signal)
          } catch (error) {
            failures.push({ accountId: id, failure: failureOf(error).toData() })
          }
        }),
      )
      return { found, failures }
    }),
  }
}
