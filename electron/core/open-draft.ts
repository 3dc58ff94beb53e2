// Drafts found in a server's Drafts folder. A copy of one of ours leads back to the draft; what another program wrote becomes
// a draft here, and its message on the server the copy of it.
import { isDeepStrictEqual } from 'node:util'
import { copyByHeader, copyByPlace, draftByName, insertCopy, messageByHeaderId, noteCopied, type DraftCopy } from '../../db/queries/draft-copies.ts'
import { draftBasis, draftVersionContent, getDraft, insertDraft, listVersions, saveDraft, undiscardDraft } from '../../db/queries/drafts.ts'
import { syncFolders } from '../../db/queries/folders.ts'
import { identitiesOf } from '../../db/queries/identities.ts'
import { getMessage, placementsOf } from '../../db/queries/messages.ts'
import { shortenedReferences } from '../../db/queries/reply-headers.ts'
import type { DraftContent, DraftKind } from '../../shared/model/draft.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import type { DraftId, MessageId } from '../../shared/model/ids.ts'
import type { Message } from '../../shared/model/message.ts'
import { addressKey } from '../mail/compose/message-address.ts'
import { textOfHtml } from '../mail/compose/plain-text.ts'
import { readDraft, type ReadDraft } from '../mail/compose/read-draft.ts'
import { simpleHtml } from '../mail/compose/written-html.ts'
import type { Program } from './program.ts'
import { quoted, snippetOfContent } from './start-draft.ts'

export async function openDraft(program: Program, id: MessageId): Promise<DraftId> {
  const { db } = program
  const message = getMessage(db, id)
  if (!message) throw new MailFailure('gone', 'message-gone')
  const places = placementsOf(db, id)
  const copy = message.headerMessageId === null ? copyByPlace(db, message.accountId, places.map((one) => one.remoteId)) : copyByHeader(db, message.accountId, message.headerMessageId)
  const known = copy === null ? null : draftByName(db, copy.draftName)
  if (copy && known !== null) {
    await takeEdit(program, message, copy, known)
    return reopened(program, known)
  }
  const read = await readDraft(program, await program.engine.ensureSource(id))
  if (!read) throw new MailFailure('rejected', 'draft-unreadable')
  // A copy whose Message-ID a server or another program wrote anew.
  const named = read.copyOf === null ? null : draftByName(db, read.copyOf.name)
  if (named !== null && getDraft(db, named)?.accountId === message.accountId) {
    await keepEdit(program, named, read)
    return reopened(program, named)
  }
  return adopt(program, message, read)
}

/** Somebody who opens the copy of a discarded draft wants it back. */
function reopened(program: Program, id: DraftId): DraftId {
  if (draftBasis(program.db, id)?.discarded) program.db.write('bring a draft back', (tx) => undiscardDraft(tx, id))
  return id
}

/** Under the Message-ID of a copy of ours may lie what another program made of it. */
async function takeEdit(program: Program, message: Message, copy: DraftCopy, id: DraftId): Promise<void> {
  const { db } = program
  if (copy.remoteId === null || placementsOf(db, message.id).some((one) => one.remoteId === copy.remoteId)) return
  const read = await readDraft(program, await program.engine.ensureSource(message.id)).catch(() => null)
  if (read) await keepEdit(program, id, read)
}

/** As a version: the newest where nothing was written here since the copy, else one to go back to. */
function keepEdit(program: Pick<Program, 'db' | 'host'>, id: DraftId, read: ReadDraft): Promise<void> {
  const { db, host } = program
  const draft = getDraft(db, id)
  if (!draft || draft.outgoing) return Promise.resolve()
  const foreign = merged(draft.content, read)
  for (const { version } of listVersions(db, id)) {
    const content = draftVersionContent(db, id, version)
    if (content && saysTheSame(content, foreign)) return Promise.resolve()
  }
  const now = host.clock.now()
  db.write('keep what another program wrote', (tx) => {
    const { version } = saveDraft(tx, id, foreign, snippetOfContent(foreign), draft.version, now) ?? draft
    if (draft.version !== draft.copiedVersion) saveDraft(tx, id, draft.content, snippetOfContent(draft.content), version, now)
  })
  return Promise.resolve()
}

/** What only a draft here knows stays as it was. */
function merged(content: DraftContent, read: ReadDraft): DraftContent {
  return { ...read.content, identityId: content.identityId, notify: content.notify, quote: read.copyOf === null ? false : content.quote }
}

function saysTheSame(one: DraftContent, other: DraftContent): boolean {
  const words = (content: DraftContent): string => textOfHtml(content.html).replace(/\s+/g, ' ').trim()
  const people = (content: DraftContent): string[][] => [content.to, content.cc, content.bcc].map((list) => list.map((each) => addressKey(each.address)))
  return one.subject.trim() === other.subject.trim() && words(one) === words(other) && isDeepStrictEqual(people(one), people(other)) && isDeepStrictEqual(one.files.map((file) => file.hash), other.files.map((file) => file.hash))
}

/** For whoever replaces a copy: keeps what another program made of it. False when it cannot be read. */
export async function keepForeignVersion(program: Pick<Program, 'db' | 'files' | 'host' | 'parser'>, id: DraftId, source: Uint8Array): Promise<boolean> {
  const read = await readDraft(program, source)
  if (!read) return false
  await keepEdit(program, id, read)
  return true
}

async function adopt(program: Program, message: Message, read: ReadDraft): Promise<DraftId> {
  const { db, host } = program
  const identities = identitiesOf(db, message.accountId)
  const from = read.from === null ? null : addressKey(read.from.address)
  const identity = identities.find((one) => addressKey(one.address) === from) ?? identities[0] ?? null
  const sourceId = read.inReplyTo === null ? null : messageByHeaderId(db, message.accountId, read.inReplyTo)
  const source = sourceId === null ? null : getMessage(db, sourceId)
  const quote = read.quoteHtml !== null && source ? await quoted(program, source) : null
  // Without the original to quote anew, what stood below goes on as a part of the text.
  const below = read.quoteHtml !== null && quote === null ? `<blockquote>${simpleHtml(read.quoteHtml)}</blockquote>` : ''
  const content: DraftContent = { ...read.content, identityId: identity?.id ?? null, html: read.content.html + below, quote: quote !== null }
  const kind: DraftKind = read.inReplyTo === null ? 'new' : 'reply'
  return db.write('adopt a draft from the server', (tx) => {
    const id = insertDraft(
      tx,
      {
        accountId: message.accountId, kind, content, snippet: snippetOfContent(content), sourceMessageId: source?.id ?? null, threadId: message.threadId,
        inReplyTo: read.inReplyTo, references: shortenedReferences(read.references), quote,
        // So that either computer finds in Sent what the other one sent.
        sendingName: read.copyOf?.sendingName ?? null,
      },
      host.clock.now(),
    )
    const name = draftBasis(tx, id)?.name ?? ''
    const drafts = new Set(syncFolders(tx, message.accountId).filter((one) => one.special === 'drafts').map((one) => one.id))
    for (const place of placementsOf(tx, message.id)) {
      if (!drafts.has(place.folderId)) continue
      insertCopy(tx, { accountId: place.accountId, draftName: name, version: 1, folderRemoteId: place.folderRemoteId, headerMessageId: message.headerMessageId ?? '', remoteId: place.remoteId, hash: null })
    }
    noteCopied(tx, id, 1)
    return id
  })
}
