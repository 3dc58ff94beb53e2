// A draft as the message it will be: gathers what building needs from the database and the file store.
import { randomUUID } from 'node:crypto'
import type { Db } from '../../../db/handles.ts'
import { draftBasis, draftQuote, getDraft } from '../../../db/queries/drafts.ts'
import { getIdentity } from '../../../db/queries/identities.ts'
import { getAccount } from '../../../db/queries/accounts.ts'
import { cidsIn } from '../../../db/queries/stored-files.ts'
import type { Draft, DraftKind, FileHash, Identity } from '../../../shared/model/draft.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { DraftId } from '../../../shared/model/ids.ts'
import type { Locale } from '../../../shared/model/settings.ts'
import { buildMessage, type MessageInput } from './build-message.ts'
import { buildRedirect } from './build-redirect.ts'
import type { BuiltMessage } from './built-message.ts'
import type { FileStore } from './file-store.ts'
import { idDomain } from './message-address.ts'

export type DraftBuilding = {
  readonly db: Db
  readonly files: Pick<FileStore, 'read'>
  readonly now: () => number
  readonly locale: () => Locale
  readonly timeZone?: string | undefined
}

/** The same on every computer that goes on with the draft, so that one which was sent elsewhere is recognised in Sent. */
function sendingMessageId(name: string, address: string): string {
  return `${name}.sent@${idDomain(address)}`
}

export function freshMessageId(address: string): string {
  return `${randomUUID()}@${idDomain(address)}`
}

/** What goes below the text of a draft of this kind. */
export function quoteKind(kind: DraftKind): 'reply' | 'forward' {
  return kind === 'forward' || kind === 'forward-attached' ? 'forward' : 'reply'
}

/** The draft's newest version as it would be sent now. Fails with 'gone' 'draft-gone', or 'rejected' 'no-sender' or 'file-missing'. */
export async function buildDraft(building: DraftBuilding, id: DraftId): Promise<BuiltMessage> {
  const draft = getDraft(building.db, id)
  const basis = draftBasis(building.db, id)
  if (!draft || !basis) throw new MailFailure('gone', 'draft-gone')
  const headerMessageId = (identity: Identity): string => sendingMessageId(basis.sendingName, identity.address)
  const identity = draft.content.identityId === null ? null : getIdentity(building.db, draft.content.identityId)
  if (!identity) throw new MailFailure('rejected', 'no-sender')
  if (draft.kind === 'redirect') {
    const [original] = draft.content.files
    const source = original ? await building.files.read(original.hash) : null
    if (source === null) throw new MailFailure('rejected', 'file-missing')
    return buildRedirect({ source, identityId: identity.id, from: identity, content: draft.content, headerMessageId: headerMessageId(identity), date: building.now(), timeZone: building.timeZone })
  }
  const input = await gather(building, draft, identity)
  if (draft.content.files.some((file) => !input.bytes.has(file.hash))) throw new MailFailure('rejected', 'file-missing')
  return buildMessage({ ...input, headerMessageId: headerMessageId(identity), copyOf: null })
}

/** The draft as a copy for the server's Drafts folder, under this Message-ID; also when it could not be sent yet. */
export async function buildCopy(building: DraftBuilding, draft: Draft, headerMessageId: string): Promise<Uint8Array> {
  const basis = draftBasis(building.db, draft.id)
  if (!basis) throw new MailFailure('gone', 'draft-gone')
  const identity = draft.content.identityId === null ? null : getIdentity(building.db, draft.content.identityId)
  const account = getAccount(building.db, draft.accountId)
  const sender = identity ?? { id: null, name: account?.name ?? '', address: account?.address ?? '', replyTo: null }
  const input = await gather(building, draft, sender)
  return (await buildMessage({ ...input, headerMessageId, copyOf: { name: basis.name, version: draft.version, sendingName: basis.sendingName } })).copy
}

type Sender = Pick<Identity, 'name' | 'address' | 'replyTo'> & { readonly id: Identity['id'] | null }

async function gather(building: DraftBuilding, draft: Draft, sender: Sender): Promise<Omit<MessageInput, 'headerMessageId' | 'copyOf'>> {
  const basis = draftBasis(building.db, draft.id)
  const quote = draft.content.quote ? draftQuote(building.db, draft.id) : null
  const wanted = new Set<FileHash>([...draft.content.files.map((file) => file.hash), ...cidsIn(draft.content.html), ...(quote ? cidsIn(quote.html) : [])])
  const bytes = new Map<FileHash, Uint8Array>()
  for (const hash of wanted) {
    const content = await building.files.read(hash)
    if (content) bytes.set(hash, content)
  }
  return {
    identityId: sender.id,
    from: { name: sender.name, address: sender.address },
    replyTo: sender.replyTo,
    content: draft.content,
    quote: quote ? { kind: quoteKind(draft.kind), about: quote.about, html: quote.html } : null,
    inReplyTo: basis?.inReplyTo ?? null,
    references: basis?.references ?? [],
    bytes,
    date: building.now(),
    locale: building.locale(),
    timeZone: building.timeZone,
  }
}
