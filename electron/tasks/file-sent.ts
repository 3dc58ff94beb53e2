// The copy in Sent, exactly one: the server's own where it saves what it sends, else ours. Where nobody says which it is,
// Sent is looked into for a few seconds, and what is found is remembered for that server. Before a copy is put there a
// second time after anything went wrong, Sent is searched for the first.
import { failureOf, MailFailure } from '../../shared/model/failure.ts'
import { getAccount } from '../../db/queries/accounts.ts'
import { changeOutgoing, getOwed, knownToSaveSent, learnSavesSent, type OwedMail } from '../../db/queries/outgoing.ts'
import type { Mailbox } from '../mail/mailbox.ts'
import { patience, sentFolder, type OutboxWork } from './send-mail.ts'

/** Waits before looking again, milliseconds: servers that save do so within moments. */
const lookAgainMs = [1_000, 3_000, 8_000]
/** A server that has saved until now is given longer. */
const lookLongerMs = [1_000, 3_000, 8_000, 20_000, 60_000]

export async function fileMail(work: OutboxWork, mail: OwedMail, signal: AbortSignal): Promise<void> {
  const { db, clock } = work
  try {
    const mailbox = work.mailboxOf(mail.accountId)
    if (!mailbox) throw new MailFailure('offline', 'paused')
    await file(work, mail, mailbox, signal)
  } catch (error) {
    const failure = failureOf(error)
    if (failure.code === 'stopped' || !getOwed(db, mail.id)) return
    const attempt = mail.attempts + 1
    if (failure.kind === 'rejected' || (failure.kind === 'bug' && attempt >= 3)) {
      // Delivered it is; a full mailbox must not keep it in the outbox for ever.
      await finish(work, mail, null, { kind: 'rejected', code: 'sent-copy-refused', said: failure.said, retryAfterMs: null })
      work.notice('sent-copy-refused', { subject: mail.subject, said: failure.said ?? '' })
      return
    }
    const delay = patience(work, failure, attempt)
    db.write('filing waits', (tx) => {
      changeOutgoing(tx, mail.id, { attempts: attempt, runAt: clock.now() + (delay ?? 10 * 60_000), failure: failure.toData() })
    })
    if (failure.kind !== 'gone' && failure.kind !== 'bug') work.noteBlocked(mail.accountId, 'mailbox', clock.now() + (delay ?? 10 * 60_000))
  }
}

async function file(work: OutboxWork, mail: OwedMail, mailbox: Mailbox, signal: AbortSignal): Promise<void> {
  const { db, clock } = work
  const settings = getAccount(db, mail.accountId)?.settings
  const server = settings?.kind === 'imap' && settings.outgoing ? `${settings.outgoing.server.host}:${String(settings.outgoing.server.port)}` : ''
  const told = await mailbox.savesSent(signal)
  const learned = knownToSaveSent(db, mail.accountId, server)
  const saves = told ?? learned
  const folder = await sentFolder(work, mail.accountId, mailbox, signal)
  work.onStep?.('filing')

  // What was learned may have changed since; one look costs little.
  if (folder !== null && (told !== false || mail.appendBegun)) {
    const [found] = await mailbox.findByMessageId(folder, mail.headerMessageId, signal)
    work.onStep?.('searched-sent')
    if (found !== undefined) {
      if (told === null && !mail.appendBegun) {
        db.write('the server saves what it sends', (tx) => {
          learnSavesSent(tx, mail.accountId, server, true)
        })
      }
      await finish(work, mail, { folder, remoteId: found }, null)
      return
    }
    const waits = told === null && learned === true ? lookLongerMs : lookAgainMs
    const wait = waits[mail.looks]
    if (saves !== false && !mail.appendBegun && wait !== undefined) {
      db.write('look into Sent again', (tx) => {
        changeOutgoing(tx, mail.id, { looks: mail.looks + 1, runAt: clock.now() + wait })
      })
      return
    }
    // It says it saves, and may be slow, or the person had it otherwise: another copy would be one too many.
    if (told === true && !mail.appendBegun) {
      await finish(work, mail, null, null)
      return
    }
  }

  const name = mail.copyFile ?? mail.rawFile
  if (name === null) throw new MailFailure('rejected', 'frozen-missing')
  const copy = await work.frozen.read(name).catch((cause: unknown) => {
    throw new MailFailure('rejected', 'frozen-missing', null, { cause })
  })
  const into = folder ?? (await makeSentFolder(mailbox, signal))
  db.write('put a copy into Sent', (tx) => {
    changeOutgoing(tx, mail.id, { appendBegun: true })
  }, { durable: true })
  work.onStep?.('append-begun')
  const remoteId = await mailbox.append(into, copy, { flags: ['seen'], at: mail.sentAt ?? clock.now() }, signal)
  work.onStep?.('appended')
  if (told === null && learned !== false) {
    db.write('the server does not save what it sends', (tx) => {
      learnSavesSent(tx, mail.accountId, server, false)
    })
  }
  await finish(work, mail, { folder: into, remoteId }, null)
}

async function makeSentFolder(mailbox: Mailbox, signal: AbortSignal): Promise<string> {
  const { remoteId } = await mailbox.apply({ kind: 'create-folder', parentRemoteId: null, name: 'Sent' }, signal)
  if (remoteId === null) throw new MailFailure('rejected', 'folder-create-refused')
  return remoteId
}

async function finish(work: OutboxWork, mail: OwedMail, copy: { readonly folder: string; readonly remoteId: string | null } | null, failure: { kind: 'rejected'; code: string; said: string | null; retryAfterMs: null } | null): Promise<void> {
  if (!getOwed(work.db, mail.id)) return
  // The bytes stay while somebody the server refused may be tried again.
  const keeps = mail.recipients.some((one) => one.state === 'refused')
  work.onStep?.('before-sent')
  work.db.write('a mail is done', (tx) => {
    changeOutgoing(tx, mail.id, {
      state: 'sent',
      failure,
      passed: false,
      looks: 0,
      ...(copy === null ? {} : { sentFolderRemoteId: copy.folder, sentRemoteId: copy.remoteId }),
      ...(keeps ? {} : { rawFile: null, copyFile: null }),
    })
  })
  work.onStep?.('after-sent')
  if (copy !== null) work.onFiled?.(mail.accountId)
  if (!keeps) await work.frozen.remove([mail.rawFile, mail.copyFile])
  work.onStep?.('removed')
}
