// Begins drafts with everything they should hold: sender, recipients, subject, signature, quote, forwarded files. Works
// from what is on this computer; what is not here is asked for, and only for as long as a person would wait.
import { getAccount, listAccounts } from '../../db/queries/accounts.ts'
import { insertDraft, type NewDraft } from '../../db/queries/drafts.ts'
import { getIdentity, identitiesOf, ownAddresses } from '../../db/queries/identities.ts'
import { getMessage, readBody, readSource } from '../../db/queries/messages.ts'
import { messagePeople, replyHeader, shortenedReferences } from '../../db/queries/reply-headers.ts'
import { getSignature } from '../../db/queries/signatures.ts'
import type { DraftContent, DraftKind, Identity, Recipient, StoredFile } from '../../shared/model/draft.ts'
import { MailFailure } from '../../shared/model/failure.ts'
import type { AccountId, DraftId, IdentityId, MessageId } from '../../shared/model/ids.ts'
import type { Message } from '../../shared/model/message.ts'
import type { Original } from '../mail/compose/attribution.ts'
import { withoutHidden } from '../mail/compose/build-redirect.ts'
import { withoutCarried } from '../mail/compose/draft-checks.ts'
import { readMailto } from '../mail/compose/mailto.ts'
import { addressKey } from '../mail/compose/message-address.ts'
import { replyRecipients, unique, type Answered } from '../mail/compose/reply-recipients.ts'
import { forwardSubject, replySubject } from '../mail/compose/subject-prefix.ts'
import { simpleHtml } from '../mail/compose/written-html.ts'
import { htmlToText } from '../mail/mime/html-text.ts'
import { parseHeaders } from '../mail/mime/headers.ts'
import { escapeHtml } from '../mail/mime/plain-html.ts'
import { snippetOf } from '../mail/mime/quoted-text.ts'
import type { Program } from './program.ts'

export type DraftStart = {
  readonly kind: DraftKind
  readonly sourceMessageId: MessageId | null
  readonly accountId: AccountId | null
  readonly identityId: IdentityId | null
  readonly to: readonly Recipient[]
  readonly mailto: string | null
}

/** How long a person waits for a text that is not here, and for files that are to be sent on, milliseconds. */
const textWaitMs = 8_000
const pictureWaitMs = 3_000
const filesWaitMs = 60_000

export async function startDraft(program: Program, start: DraftStart): Promise<DraftId> {
  const source = start.sourceMessageId === null ? null : getMessage(program.db, start.sourceMessageId)
  if (start.kind === 'new') return startNew(program, start)
  if (!source) throw new MailFailure('gone', 'message-gone')
  const accountId = source.accountId
  const identity = senderOf(program, start, source)
  switch (start.kind) {
    case 'reply':
    case 'reply-all':
      return store(program, { ...(await answer(program, source, identity, start.kind === 'reply-all')), accountId, kind: start.kind, sourceMessageId: source.id })
    case 'forward':
      return store(program, { ...(await forward(program, source, identity, start.to)), accountId, kind: start.kind, sourceMessageId: source.id })
    case 'forward-attached': {
      const file = await sourceFile(program, source)
      const content = { ...empty(identity), to: [...start.to], subject: forwardSubject(source.subject), html: signed(program, identity?.signatureReply ?? null), files: [file] }
      return store(program, { content, accountId, kind: start.kind, sourceMessageId: source.id, threadId: source.threadId, inReplyTo: null, references: [], quote: null })
    }
    case 'edit':
      return store(program, { ...(await editAsNew(program, source, identity)), accountId, kind: start.kind, sourceMessageId: source.id })
    case 'redirect': {
      const file = await sourceFile(program, source)
      const content = { ...empty(identity), to: [...start.to], subject: source.subject, files: [file] }
      return store(program, { content, accountId, kind: start.kind, sourceMessageId: source.id, threadId: source.threadId, inReplyTo: null, references: [], quote: null })
    }
  }
}

function store(program: Program, fresh: Omit<NewDraft, 'snippet'>): DraftId {
  return program.db.write('start a draft', (tx) => insertDraft(tx, { ...fresh, snippet: snippetOfContent(fresh.content) }, program.host.clock.now()))
}

/** One line of what was written, without the signature. */
export function snippetOfContent(content: DraftContent): string {
  return snippetOf(htmlToText(withoutCarried(content.html)))
}

function empty(identity: Identity | null): DraftContent {
  return { identityId: identity?.id ?? null, to: [], cc: [], bcc: [], subject: '', html: '', quote: false, files: [], notify: false }
}

function startNew(program: Program, start: DraftStart): DraftId {
  const { db } = program
  const chosen = start.identityId === null ? null : getIdentity(db, start.identityId)
  const accountId = chosen?.accountId ?? start.accountId ?? listAccounts(db)[0]?.id
  if (accountId === undefined || !getAccount(db, accountId)) throw new MailFailure('gone', 'account-gone')
  const identity = chosen ?? identitiesOf(db, accountId)[0] ?? null
  const mailto = start.mailto === null ? null : readMailto(start.mailto)
  const content: DraftContent = {
    ...empty(identity),
    to: unique([...start.to, ...(mailto?.to ?? [])]),
    cc: unique(mailto?.cc ?? []),
    bcc: unique(mailto?.bcc ?? []),
    subject: mailto?.subject ?? '',
    html: paragraphs(mailto?.body ?? '') + signed(program, identity?.signatureNew ?? null),
  }
  const inReplyTo = mailto?.inReplyTo ?? null
  return store(program, { content, accountId, kind: 'new', sourceMessageId: null, threadId: null, inReplyTo, references: inReplyTo === null ? [] : [inReplyTo], quote: null })
}

function paragraphs(text: string): string {
  return text === '' ? '' : text.split('\n').map((line) => `<p>${escapeHtml(line)}</p>`).join('')
}

/** An empty line to write in, and the signature below it. */
function signed(program: Program, id: Identity['signatureNew']): string {
  const signature = id === null ? null : getSignature(program.db, id)
  return signature ? `<p></p><div data-signature="${String(signature.id)}">${signature.html}</div>` : '<p></p>'
}

/** The identity the mail was sent to, or the one that wrote it; else the account's default. */
function senderOf(program: Program, start: DraftStart, source: Message): Identity | null {
  const { db } = program
  const chosen = start.identityId === null ? null : getIdentity(db, start.identityId)
  if (chosen) return chosen
  const identities = identitiesOf(db, source.accountId)
  const people = messagePeople(db, source.id)
  const named = [...(source.from ? [source.from] : []), ...people.to, ...people.cc, ...people.bcc].map((one) => addressKey(one.address))
  for (const key of named) {
    const exact = identities.find((one) => addressKey(one.address) === key)
    if (exact) return exact
  }
  // An address with something after a plus sign reaches the one without.
  for (const key of named) {
    const bare = key.replace(/\+[^@]*@/, '@')
    const found = identities.find((one) => addressKey(one.address) === bare)
    if (found) return found
  }
  return identities[0] ?? null
}

function answered(program: Program, source: Message): Answered & { readonly references: readonly string[] } {
  const people = messagePeople(program.db, source.id)
  const kept = replyHeader(program.db, source.id)
  const basis = { from: source.from, replyTo: people.replyTo, to: people.to, cc: people.cc }
  if (kept) return { ...basis, ...kept }
  // Listed before these fields were kept: the source knows, where it is here.
  const bytes = readSource(program.db, source.id)
  if (!bytes) return { ...basis, references: [], listPost: null, followupTo: [] }
  const { references, listPost, followupTo } = parseHeaders(bytes)
  return { ...basis, references, listPost, followupTo }
}

async function answer(program: Program, source: Message, identity: Identity | null, everyone: boolean): Promise<Omit<NewDraft, 'snippet' | 'accountId' | 'kind' | 'sourceMessageId'>> {
  const about = answered(program, source)
  const own = new Set([...ownAddresses(program.db, source.accountId)].map(addressKey))
  const { to, cc } = replyRecipients(about, everyone, own)
  const quote = await quoted(program, source)
  return {
    content: { ...empty(identity), to, cc, subject: replySubject(source.subject), html: signed(program, identity?.signatureReply ?? null), quote: quote !== null },
    threadId: source.threadId,
    inReplyTo: source.headerMessageId,
    references: referencesFrom(about.references, source.headerMessageId),
    quote,
  }
}

async function forward(program: Program, source: Message, identity: Identity | null, to: readonly Recipient[]): Promise<Omit<NewDraft, 'snippet' | 'accountId' | 'kind' | 'sourceMessageId'>> {
  const about = answered(program, source)
  const quote = await quoted(program, source)
  const files = await attachedFiles(program, source.id)
  return {
    content: { ...empty(identity), to: [...to], subject: forwardSubject(source.subject), html: signed(program, identity?.signatureReply ?? null), quote: quote !== null, files },
    threadId: source.threadId,
    // A forward belongs to the conversation but answers nobody.
    inReplyTo: null,
    references: referencesFrom(about.references, source.headerMessageId),
    quote,
  }
}

function referencesFrom(ancestors: readonly string[], parent: string | null): string[] {
  return shortenedReferences([...ancestors.filter((id) => id !== parent), ...(parent === null ? [] : [parent])])
}

/** The message's own words, people and files as new mail. */
async function editAsNew(program: Program, source: Message, identity: Identity | null): Promise<Omit<NewDraft, 'snippet' | 'accountId' | 'kind' | 'sourceMessageId'>> {
  const people = messagePeople(program.db, source.id)
  const quote = await quoted(program, source)
  const files = await attachedFiles(program, source.id)
  return {
    content: { ...empty(identity), to: unique(people.to), cc: unique(people.cc), bcc: unique(people.bcc), subject: source.subject, html: quote ? simpleHtml(quote.html) : '<p></p>', files },
    threadId: null,
    inReplyTo: null,
    references: [],
    quote: null,
  }
}

/** The original made safe to go along, with its pictures kept as files; null when its text cannot be had now. */
export async function quoted(program: Program, source: Message): Promise<NewDraft['quote']> {
  const { db, engine, parser } = program
  if (source.bodyState === 'none' && !(await within(program, textWaitMs, engine.ensureBody(source.id)))) return null
  const body = readBody(db, source.id)
  if (!body || body.state !== 'stored') return null
  const message = getMessage(db, source.id) ?? source
  const people = messagePeople(db, source.id)
  const about: Original = { from: message.from, to: people.to, cc: people.cc, date: message.date, subject: message.subject }
  return { about, html: await parser.quote({ html: body.html, text: body.text, cids: await pictures(program, message, body.html ?? '') }) }
}

/** The pictures the text shows, as stored files, by Content-ID. Those that cannot be had are left out. */
async function pictures(program: Program, message: Message, html: string): Promise<Record<string, string>> {
  const lower = html.toLowerCase()
  const shown = message.attachments.filter((one) => one.contentId !== null && lower.includes('cid:') && lower.includes(one.contentId.toLowerCase()))
  if (shown.length === 0) return {}
  const { db, engine } = program
  if (!readSource(db, message.id) && !(engine.state(message.accountId).connected && (await within(program, pictureWaitMs, engine.ensureSource(message.id))))) return {}
  const source = readSource(db, message.id)
  const cids: Record<string, string> = {}
  for (const one of source ? shown : []) {
    const file = source ? await program.parser.extract(source, one.index) : null
    if (!file || one.contentId === null) continue
    cids[one.contentId.toLowerCase()] = (await program.files.put(file)).hash
  }
  return cids
}

/** Everything a reader would call an attachment. What cannot be fetched is left out, and the person told. */
async function attachedFiles(program: Program, id: MessageId): Promise<StoredFile[]> {
  const wanted = getMessage(program.db, id)?.attachments.filter((one) => !one.inline) ?? []
  if (wanted.length === 0) return []
  if (!readSource(program.db, id)) await within(program, filesWaitMs, program.engine.ensureSource(id))
  const source = readSource(program.db, id)
  const files: StoredFile[] = []
  for (const one of source ? wanted : []) {
    const file = source ? await program.parser.extract(source, one.index) : null
    if (file) files.push(await program.files.put({ ...file, filename: one.filename }))
  }
  if (files.length < wanted.length) program.events.tell({ type: 'notice', tone: 'error', code: 'forward-files-missing', values: { count: String(wanted.length - files.length) } })
  return files
}

/** The whole message as a file. It cannot be sent on without, so a failure to fetch it is told. */
async function sourceFile(program: Program, message: Message): Promise<StoredFile> {
  const bytes = withoutHidden(await program.engine.ensureSource(message.id))
  const stem = message.subject.replace(/[^\p{L}\p{N} ._-]/gu, ' ').replace(/\s+/g, ' ').trim().slice(0, 80) || 'message'
  return program.files.put({ filename: `${stem}.eml`, mimeType: 'message/rfc822', bytes })
}

/** True when it came in time. What comes later is kept for the next time it is needed. */
async function within(program: Program, ms: number, work: Promise<unknown>): Promise<boolean> {
  let cancel = (): void => undefined
  const late = new Promise<boolean>((resolve) => {
    cancel = program.host.clock.after(ms, () => { resolve(false) })
  })
  const done = work.then(() => true, () => false)
  const result = await Promise.race([done, late])
  cancel()
  return result
}
