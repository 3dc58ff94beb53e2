import { getAccount } from '../../../db/queries/accounts.ts'
import { draftBasis, getDraft, markOutgoing } from '../../../db/queries/drafts.ts'
import { getIdentity } from '../../../db/queries/identities.ts'
import { countOutgoing, getOutgoing, listOutgoing, outgoingForMessage, outgoingOfDraft } from '../../../db/queries/outgoing.ts'
import type { Draft, DraftKind } from '../../../shared/model/draft.ts'
import { MailFailure } from '../../../shared/model/failure.ts'
import type { AccountId, OutgoingId } from '../../../shared/model/ids.ts'
import type { Outgoing } from '../../../shared/model/outgoing.ts'
import { isTimeZone } from '../../tasks/wall-clock.ts'
import { builtDraft } from '../built-draft.ts'
import { draftWarnings } from '../check-draft.ts'
import type { Program } from '../program.ts'
import { base } from './base.ts'

/** What sending makes of the message a draft began from. */
function markFor(kind: DraftKind): 'answered' | 'forwarded' | null {
  switch (kind) {
    case 'reply':
    case 'reply-all':
      return 'answered'
    case 'forward':
    case 'forward-attached':
    case 'redirect':
      return 'forwarded'
    case 'new':
    case 'edit':
      return null
  }
}

export function outboxHandlers(program: Program) {
  const { db, outbox } = program

  const existing = (id: OutgoingId): Outgoing => {
    const found = getOutgoing(db, id)
    if (!found) throw new MailFailure('gone', 'outgoing-gone')
    return found
  }

  const readyDraft = (id: Draft['id'], version: number): Draft => {
    const draft = getDraft(db, id)
    if (!draft) throw new MailFailure('gone', 'draft-gone')
    if (draft.version !== version) throw new MailFailure('rejected', 'draft-changed')
    if (draft.outgoing) throw new MailFailure('rejected', 'already-sent')
    return draft
  }

  /** The sender decides the account, whichever one the draft was begun in. */
  const senderAccount = (draft: Draft): AccountId => {
    const identity = draft.content.identityId === null ? null : getIdentity(db, draft.content.identityId)
    if (!identity) throw new MailFailure('rejected', 'no-sender')
    const account = getAccount(db, identity.accountId)
    if (!account) throw new MailFailure('gone', 'account-gone')
    if (account.settings.kind === 'imap' && account.settings.outgoing === null) throw new MailFailure('rejected', 'no-outgoing-server')
    return account.id
  }

  return {
    send: base.outbox.send.handler(async ({ input }) => {
      if (input.timeZone !== null && !isTimeZone(input.timeZone)) throw new MailFailure('rejected', 'time-zone')
      const accountId = senderAccount(readyDraft(input.draftId, input.version))
      if (draftWarnings(program, input.draftId).some((one) => one.blocks)) throw new MailFailure('rejected', 'draft-blocked')
      const built = await builtDraft(program, input.draftId)
      const frozen = await outbox.freeze(built)
      const id = db.write(
        'hand a draft to the outbox',
        (tx) => {
          // It may have been written on, or sent from another window, while it was being built.
          const draft = readyDraft(input.draftId, input.version)
          if (outgoingOfDraft(tx, input.draftId) !== null) throw new MailFailure('rejected', 'already-sent')
          const basis = draftBasis(tx, input.draftId)
          // It was begun on another computer, which may have been told to send it at the same time.
          const continued = basis !== null && basis.sendingName !== basis.name
          markOutgoing(tx, input.draftId)
          return outbox.take(tx, frozen, {
            accountId,
            draftId: input.draftId,
            sourceMessageId: draft.sourceMessageId,
            sourceMark: markFor(draft.kind),
            // What lies in Drafts may have been sent from there by another program, what was given back by this one.
            lookFirst: continued || draft.copiedVersion !== null || basis?.mayHaveLeft === true,
            continued,
            at: input.at,
            timeZone: input.timeZone,
          })
        },
        { durable: true },
      )
      return existing(id)
    }),
    list: base.outbox.list.handler(({ input }) => listOutgoing(db, input.part, input.after, input.limit)),
    counts: base.outbox.counts.handler(() => countOutgoing(db)),
    get: base.outbox.get.handler(({ input }) => getOutgoing(db, input.id)),
    cancel: base.outbox.cancel.handler(async ({ input }) => ({ draftId: await outbox.cancel(input.id) })),
    reschedule: base.outbox.reschedule.handler(({ input }) => {
      if (input.timeZone !== null && !isTimeZone(input.timeZone)) throw new MailFailure('rejected', 'time-zone')
      outbox.reschedule(input.id, input.at, input.timeZone)
      return existing(input.id)
    }),
    sendNow: base.outbox.sendNow.handler(({ input }) => {
      outbox.sendNow(input.id)
    }),
    retry: base.outbox.retry.handler(({ input }) => {
      outbox.retry(input.id)
    }),
    resolve: base.outbox.resolve.handler(({ input }) => outbox.resolve(input.id, input.answer)),
    forMessage: base.outbox.forMessage.handler(({ input }) => outgoingForMessage(db, input.messageId)),
  }
}
