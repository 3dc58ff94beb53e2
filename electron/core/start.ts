// All the wiring: opens the database, starts the engine and the task queue, and answers the contract. Rooms that must not
// know each other meet here as functions handed across.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Db, Tx } from '../../db/handles.ts'
import { openDb } from '../../db/open.ts'
import { accountsBeingRemoved, listAccounts, removeAccountPart } from '../../db/queries/accounts.ts'
import { discardedKeptMs, finishDraft, reopenDraft, purgeDiscarded } from '../../db/queries/drafts.ts'
import { getFolder } from '../../db/queries/folders.ts'
import { dropTexts, getMessage } from '../../db/queries/messages.ts'
import { specialFolder } from '../../db/queries/targets.ts'
import { threadRows } from '../../db/queries/threads.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import { readSettings } from '../../shared/model/settings.ts'
import type { Account } from '../../shared/model/account.ts'
import type { AccountId } from '../../shared/model/ids.ts'
import { buildCopy } from '../mail/compose/draft-message.ts'
import { openFileStore } from '../mail/compose/file-store.ts'
import { startEngine } from '../mail/engine/engine.ts'
import { createImapMailbox } from '../mail/imap/imap-mailbox.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { createParsePool } from '../mail/mime/parse-pool.ts'
import { createSampleMailbox } from '../mail/sample/sample-mailbox.ts'
import { bounceCode, noteReport } from '../tasks/bounces.ts'
import { frozenMailIn } from '../tasks/frozen-mail.ts'
import { openDraftCopies } from '../tasks/draft-copies.ts'
import { openOutbox } from '../tasks/outbox.ts'
import { keepLanes } from '../tasks/lane-keeper.ts'
import { flagMessages, markForwarded, takeBackFrom } from '../tasks/message-tasks.ts'
import { openTaskQueue } from '../tasks/task-queue.ts'
import { onStored, startSnoozeAlarm } from '../tasks/snooze.ts'
import { openTriage } from '../tasks/triage.ts'
import { draftBuilding, draftDomain } from './built-draft.ts'
import { openEvents } from './events.ts'
import { addSampleAccount } from './handlers/accounts.ts'
import { createRouter } from './handlers/router.ts'
import type { Host, HostedProgram } from './host.ts'
import { mailAssets } from './mail-assets.ts'
import { keepForeignVersion } from './open-draft.ts'
import { outgoingSecretName, secretName } from './program.ts'

export type StartOptions = { readonly sample: boolean; readonly parseWorkerUrl: URL; readonly indexWorkerUrl: URL; readonly migrationsDir: string }

/** When what is kept for a while is looked through, after the start and then, milliseconds. */
const cleanAfterMs = 60_000
const cleanEveryMs = 6 * 60 * 60_000
/** Notifications shown for one arrival of mail. */
const notesAtMost = 3

export async function startProgram(host: Host, options: StartOptions): Promise<HostedProgram> {
  // Copies of attachments opened in the last run.
  await rm(join(host.dataDir, 'opened'), { recursive: true, force: true })
  const db = openDb({ file: join(host.dataDir, 'shortlist.db'), migrationsDir: options.migrationsDir, indexWorkerUrl: options.indexWorkerUrl })
  const parser = createParsePool({ workerUrl: options.parseWorkerUrl })
  const events = openEvents(db)
  const files = openFileStore({ dir: join(host.dataDir, 'files'), db, now: host.clock.now })

  const tasks = openTaskQueue({
    db,
    now: host.clock.now,
    onRefused: (_account, notice) => {
      events.tell({ type: 'notice', tone: 'error', code: notice.code, values: { ...notice.values, said: notice.said ?? '' } })
    },
  })

  const openMailbox = (account: Account): Mailbox => {
    switch (account.settings.kind) {
      case 'imap':
        return createImapMailbox({ settings: account.settings, password: () => passwordOf(host, secretName(account.id)), outgoingPassword: () => passwordOf(host, outgoingSecretName(account.id)) })
      case 'sample':
        return createSampleMailbox({ seedDir: host.seedDir, stateDir: sampleDir(host, account.id), address: account.address, now: host.clock.now })
    }
  }

  const engine = startEngine({
    db,
    clock: host.clock,
    parser,
    random: Math.random,
    openMailbox,
    onState: (state) => {
      events.tell({ type: 'account-state', state })
    },
    onArrived: (folderId, messages) => {
      if (!readSettings(host.settings.get()).notifications || getFolder(db, folderId)?.special !== 'inbox') return
      const unread = messages.flatMap((id) => getMessage(db, id) ?? []).filter((message) => !message.seen)
      for (const message of unread.slice(-notesAtMost)) {
        host.notify({
          title: message.from?.name || message.from?.address || '',
          body: message.subject,
          open: () => {
            events.tell({ type: 'open-thread', threadId: message.threadId, folderId })
          },
        })
      }
    },
    settleTasks: tasks.settle,
    onStored: (tx, account, folder, messages) => {
      onStored(tx, account, folder, messages, host.clock.now())
    },
    onReport: (tx, message, report) => {
      for (const { subject, address, state, status, said } of noteReport(tx, message, report)) {
        events.tell({ type: 'notice', tone: state === 'bounced' ? 'error' : 'info', code: state === 'bounced' ? bounceCode(status) : 'mail-delayed', values: { subject, address, status: status ?? '', said: said ?? '' } })
      }
    },
    onFolderGone: (tx, account, folder) => {
      takeBackFrom(tx, account, folder, host.clock.now())
    },
  })

  const outbox = openOutbox({
    db,
    clock: host.clock,
    random: Math.random,
    frozen: frozenMailIn(join(host.dataDir, 'outgoing')),
    mailboxOf: engine.mailboxOf,
    policy: () => readSettings(host.settings.get()),
    onDelivered: (tx, mail) => {
      if (mail.draftId !== null) finishDraft(tx, mail.draftId)
      if (mail.sourceMessageId === null) return
      if (mail.sourceMark === 'answered') flagMessages(tx, [mail.sourceMessageId], 'answered', true, host.clock.now())
      else if (mail.sourceMark === 'forwarded') markForwarded(tx, mail.sourceMessageId, host.clock.now())
    },
    onReturned: reopenDraft,
    onFiled: engine.syncNow,
    notice: (code, values) => {
      events.tell({ type: 'notice', tone: 'error', code, values })
    },
    onProgress: (id, done, total) => {
      events.tell({ type: 'job', job: `outgoing/${String(id)}`, done, total })
    },
  })

  const copies = openDraftCopies({
    db,
    clock: host.clock,
    mailboxOf: engine.mailboxOf,
    build: (draft, headerMessageId) => buildCopy(draftBuilding({ db, files, host }), draft, headerMessageId),
    idDomain: (draft) => draftDomain(db, draft),
    keepForeign: (draft, source) => keepForeignVersion({ db, files, host, parser }, draft, source),
    onChanged: engine.syncNow,
  })

  const stopTasks = db.onChange((changes) => {
    for (const account of changes.tasks) engine.tasksAdded(account)
    if (changes.accounts) outbox.accountChanged('all')
  })
  const stopWake = host.onWake(() => {
    engine.wake()
    snoozes.wake()
    outbox.wake()
    copies.wake()
  })

  const stopLanes = keepLanes(db)
  const snoozes = startSnoozeAlarm({
    db,
    clock: host.clock,
    onReturned: (threads) => {
      if (!readSettings(host.settings.get()).notifications) return
      for (const thread of threadRows(db, threads.slice(0, notesAtMost))) {
        const folderId = specialFolder(db, thread.accountId, 'inbox')
        if (folderId === null) continue
        host.notify({
          title: thread.people.find((one) => !one.me)?.name ?? '',
          body: thread.subject,
          open: () => {
            events.tell({ type: 'open-thread', threadId: thread.id, folderId })
          },
        })
      }
    },
  })

  // Discarded drafts after their 30 days, and files that nothing needs any more.
  let stopCleaning = (): void => undefined
  const clean = (): void => {
    db.write('purge discarded drafts', (tx) => purgeDiscarded(tx, host.clock.now() - discardedKeptMs, 50))
    const more = files.clean()
    stopCleaning = host.clock.after(more ? 1_000 : cleanEveryMs, clean)
  }
  stopCleaning = host.clock.after(cleanAfterMs, clean)

  const closing = new AbortController()
  // Long deletions go on in small writes while everything else goes on too; a removal begun is taken up at the next start.
  const deleting = new Set<Promise<void>>()
  const inBackground = (label: string, part: (tx: Tx) => boolean): void => {
    const run = async (): Promise<void> => {
      while (!closing.signal.aborted && db.write(label, part)) await setImmediate()
    }
    const running: Promise<void> = run().finally(() => deleting.delete(running))
    deleting.add(running)
  }
  const forgetAccount = (account: AccountId): void => {
    inBackground('delete a removed account', (tx) => removeAccountPart(tx, account, 40))
  }
  for (const account of accountsBeingRemoved(db)) forgetAccount(account)

  const program = {
    host,
    db,
    engine,
    tasks,
    outbox,
    triage: openTriage({ db, now: host.clock.now }),
    events,
    parser,
    files,
    forgetAccount,
    forgetTexts: (account: AccountId, before: number) => {
      inBackground('drop old texts', (tx) => dropTexts(tx, account, before, 20))
    },
  }
  if (options.sample && !hasSample(db)) await addSampleAccount(program)

  const end = async (onWait?: () => void): Promise<void> => {
    closing.abort()
    stopCleaning()
    // First of all: it still needs the mailboxes.
    await outbox.close(onWait)
    stopTasks()
    snoozes.stop()
    stopWake()
    events.close()
    await copies.close()
    await engine.close()
    await Promise.allSettled(deleting)
    await stopLanes()
    await parser.close()
    await db.close()
  }
  let ended: Promise<void> | null = null

  return {
    router: createRouter(program),
    assets: mailAssets(program),
    close: (onWait) => (ended ??= end(onWait)),
  }
}

async function passwordOf(host: Host, name: string): Promise<string> {
  const password = await host.secrets.get(name)
  if (password === null) throw new MailFailure('auth', 'password-missing')
  return password
}

function sampleDir(host: Host, account: AccountId): string {
  return join(host.dataDir, 'sample', account)
}

function hasSample(db: Db): boolean {
  return listAccounts(db).some((account) => account.settings.kind === 'sample')
}
