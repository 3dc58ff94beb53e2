// Senders, signatures, drafts and completion of recipients.
import {
  discardDraft, draftQuote, draftVersionContent, getDraft, listDrafts, listServerDrafts, listVersions, saveDraft, undiscardDraft,
} from '../../../db/queries/drafts.ts'
import { getAccount } from '../../../db/queries/accounts.ts'
import { getIdentity, insertIdentity, listIdentities, removeIdentity, updateIdentity } from '../../../db/queries/identities.ts'
import { listSignatures, removeSignature, saveSignature } from '../../../db/queries/signatures.ts'
import type { Draft } from '../../../shared/model/draft.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { DraftId } from '../../../shared/model/ids.ts'
import { writtenOriginal } from '../../mail/compose/written-original.ts'
import { quoteKind } from '../../mail/compose/draft-message.ts'
import { createRecipientIndex } from '../../mail/compose/recipient-index.ts'
import { forgetCorrespondent } from '../../../db/queries/recipients.ts'
import { writingLocale } from '../built-draft.ts'
import { draftWarnings, learnSizeLimit } from '../check-draft.ts'
import { openDraft } from '../open-draft.ts'
import type { Program } from '../program.ts'
import { snippetOfContent, startDraft } from '../start-draft.ts'
import { base } from './base.ts'

function existing(program: Program, id: DraftId): Draft {
  const draft = getDraft(program.db, id)
  if (!draft) throw new MailFailure('gone', 'draft-gone')
  return draft
}

/** What is on its way out is not written on: it has to come back first. */
function writable(program: Program, id: DraftId): Draft {
  const draft = existing(program, id)
  if (draft.outgoing) throw new MailFailure('rejected', 'draft-outgoing')
  return draft
}

export function identityHandlers({ db }: Program) {
  return {
    list: base.identities.list.handler(() => listIdentities(db)),
    save: base.identities.save.handler(({ input }) => {
      const { id, ...change } = input
      if (!getAccount(db, change.accountId)) throw new MailFailure('gone', 'account-gone')
      const saved = db.write('save an identity', (tx) => (id === null ? insertIdentity(tx, change) : updateIdentity(tx, id, change)))
      if (!saved) throw new MailFailure('gone', 'identity-gone')
      return saved
    }),
    remove: base.identities.remove.handler(({ input }) => {
      if (!db.write('remove an identity', (tx) => removeIdentity(tx, input.id))) throw new MailFailure('rejected', 'last-identity')
    }),
  }
}

export function signatureHandlers({ db, host }: Program) {
  return {
    list: base.signatures.list.handler(() => listSignatures(db)),
    save: base.signatures.save.handler(({ input }) => {
      const saved = db.write('save a signature', (tx) => saveSignature(tx, input, host.clock.now()))
      if (!saved) throw new MailFailure('gone', 'signature-gone')
      return saved
    }),
    remove: base.signatures.remove.handler(({ input }) => {
      db.write('remove a signature', (tx) => {
        removeSignature(tx, input.id)
      })
    }),
  }
}

export function draftHandlers(program: Program) {
  const { db, host } = program
  return {
    list: base.drafts.list.handler(() => listDrafts(db)),
    others: base.drafts.others.handler(() => listServerDrafts(db)),
    get: base.drafts.get.handler(({ input }) => getDraft(db, input.id)),
    create: base.drafts.create.handler(async ({ input }) => {
      const draft = existing(program, await startDraft(program, input))
      learnSizeLimit(program, draft.accountId)
      return draft
    }),
    open: base.drafts.open.handler(async ({ input }) => existing(program, await openDraft(program, input.messageId))),
    save: base.drafts.save.handler(({ input }) => {
      writable(program, input.id)
      const saved = db.write('save a draft', (tx) => saveDraft(tx, input.id, input.content, snippetOfContent(input.content), input.basedOn, host.clock.now()))
      if (!saved) throw new MailFailure('gone', 'draft-gone')
      return saved
    }),
    versions: base.drafts.versions.handler(({ input }) => listVersions(db, input.id)),
    versionContent: base.drafts.versionContent.handler(({ input }) => draftVersionContent(db, input.id, input.version)),
    restore: base.drafts.restore.handler(({ input }) => {
      const { version } = writable(program, input.id)
      const content = draftVersionContent(db, input.id, input.version)
      if (!content) throw new MailFailure('gone', 'version-gone')
      // The sender may have been removed since.
      const identityId = content.identityId !== null && getIdentity(db, content.identityId) ? content.identityId : null
      db.write('restore a version', (tx) => saveDraft(tx, input.id, { ...content, identityId }, snippetOfContent(content), version, host.clock.now()))
      return existing(program, input.id)
    }),
    discard: base.drafts.discard.handler(({ input }) => {
      writable(program, input.id)
      db.write('discard a draft', (tx) => {
        discardDraft(tx, input.id, host.clock.now())
      })
    }),
    undiscard: base.drafts.undiscard.handler(({ input }) => {
      db.write('bring a draft back', (tx) => undiscardDraft(tx, input.id))
      return existing(program, input.id)
    }),
    check: base.drafts.check.handler(({ input }) => draftWarnings(program, input.id)),
    quote: base.drafts.quote.handler(({ input }) => {
      const draft = existing(program, input.id)
      const quote = draftQuote(db, input.id)
      if (!quote) throw new MailFailure('gone', 'quote-gone')
      return { html: writtenOriginal(quote.about, quote.html, quoteKind(draft.kind), { locale: writingLocale(host) }) }
    }),
  }
}

export function recipientHandlers({ db, host }: Program) {
  const index = createRecipientIndex(db, host.clock.now)
  db.onChange((changes) => {
    if (changes.folders.size > 0 || changes.threads.size > 0 || changes.accounts) index.stale()
  })
  index.warm()
  return {
    suggest: base.recipients.suggest.handler(({ input }) => index.suggest(input)),
    forget: base.recipients.forget.handler(({ input }) => {
      db.write('forget a correspondent', (tx) => {
        forgetCorrespondent(tx, input.address, host.clock.now())
      })
      index.forget(input.address)
    }),
  }
}
