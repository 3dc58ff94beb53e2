// What can be done with composers from anywhere: start one, answer a message, close, discard, send, take back.
import type { DraftKind, Recipient } from '../../../shared/model/draft.ts'
import type { AccountId, DraftId, IdentityId, MessageId, OutgoingId } from '../../../shared/model/ids.ts'
import type { Message } from '../../../shared/model/message.ts'
import { client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { formatFor } from '../../locales/format.ts'
import { shownLocale, text } from '../../locales/text.ts'
import { dismissToast, showToast } from '../../parts/toast.tsx'
import { askAboutAccount } from '../../screens/accounts/account-questions.ts'
import { whenText } from '../../when/when-text.ts'
import { ownZone } from '../../when/zones.ts'
import { useConversation } from '../conversation-state.ts'
import { composerOf, dropComposer, holdComposer, openComposer, showComposer, startComposer, useComposers } from './composers.ts'
import { sessionOf, warningKey } from './draft-session.ts'

export function tellFailure(error: unknown, message?: string): void {
  const failure = failureFrom(error)
  showToast({ tone: 'error', message: message ?? failureText(failure), detail: failure.said ?? (message === undefined ? undefined : failureText(failure)) })
}

type Start = {
  readonly accountId?: AccountId | null
  readonly identityId?: IdentityId | null
  readonly to?: readonly Recipient[]
  readonly mailto?: string | null
}

/** A new message, from the account being looked at where that is known. */
export async function writeNew({ accountId = null, identityId = null, to = [], mailto = null }: Start = {}): Promise<void> {
  await startComposer(() => client.drafts.create({ kind: 'new', sourceMessageId: null, accountId, identityId, to: [...to], mailto }), { field: to.length > 0 ? 'text' : 'any' })
}

/** Answers, forwards or writes a message anew. Where it answers the conversation on show, it opens at its foot. */
export async function answer(kind: Exclude<DraftKind, 'new'>, messageId: MessageId): Promise<void> {
  const started = useComposers.getState().open.find((one) => {
    const draft = sessionOf(one.id)?.use.getState().draft
    return one.shape !== 'held' && draft?.sourceMessageId === messageId && draft.kind === kind
  })
  // Pressing the key again means the answer that is being written, not a second one.
  if (started !== undefined) {
    showComposer(started.id, 'text')
    return
  }
  const answers = kind === 'reply' || kind === 'reply-all'
  const inline = useConversation.getState().messages.some(({ id }) => id === messageId) && kind !== 'edit'
  await startComposer(() => client.drafts.create({ kind, sourceMessageId: messageId, accountId: null, identityId: null, to: [], mailto: null }), {
    inline,
    field: answers ? 'text' : 'to',
  })
}

/** The same mail once more, to those it did not reach, for the person to mend the addresses and send. */
export async function sendAgain(messageId: MessageId, to: readonly Recipient[]): Promise<void> {
  const draft = await startComposer(() => client.drafts.create({ kind: 'edit', sourceMessageId: messageId, accountId: null, identityId: null, to: [], mailto: null }), { field: 'to' })
  sessionOf(draft.id)?.change({ to: to.map(({ name, address }) => ({ name, address })), cc: [], bcc: [] })
}

/** Goes on with a message that lies in a Drafts folder. */
export async function continueMessage(message: Pick<Message, 'id'>): Promise<void> {
  await startComposer(() => client.drafts.open({ messageId: message.id }))
}

/** Opens a draft by its id; says so when it is gone. */
export async function continueDraft(id: DraftId): Promise<void> {
  if (composerOf(id) !== undefined) {
    showComposer(id)
    return
  }
  const draft = await client.drafts.get({ id })
  if (draft === null) showToast({ message: text('composer:gone') })
  else openComposer(draft)
}

/** Closes the composer and keeps the draft; one in which nothing was written leaves nothing behind. */
export async function closeComposer(id: DraftId): Promise<void> {
  const session = sessionOf(id)
  if (session === undefined) {
    dropComposer(id)
    return
  }
  if (session.isAsBegun()) {
    dropComposer(id)
    await client.drafts.discard({ id })
    return
  }
  try {
    await session.uploaded()
    await session.saver.flush()
  } catch (error) {
    // It stays open: closing now would lose what could not be stored.
    tellFailure(error, text('composer:save.failed'))
    return
  }
  dropComposer(id)
  showToast({
    key: `closed:${String(id)}`,
    message: text('composer:kept'),
    action: { label: text('composer:open'), perform: () => void continueDraft(id).catch(tellFailure) },
  })
}

/** Asks for files to attach. */
export function chooseFiles(id: DraftId): void {
  const picker = document.createElement('input')
  picker.type = 'file'
  picker.multiple = true
  picker.addEventListener('change', () => sessionOf(id)?.attach([...(picker.files ?? [])]))
  picker.click()
}

export async function discardDraft(id: DraftId): Promise<void> {
  const session = sessionOf(id)
  const worthUndoing = session === undefined || !session.isAsBegun()
  // What was typed last is in the version that can be brought back.
  if (worthUndoing) await session?.saver.flush().catch(() => undefined)
  await client.drafts.discard({ id })
  dropComposer(id)
  if (!worthUndoing) return
  showToast({
    key: `discarded:${String(id)}`,
    message: text('composer:discarded'),
    action: { label: text('shell:undo'), perform: () => void bringBack(id).catch(tellFailure) },
  })
}

async function bringBack(id: DraftId): Promise<void> {
  openComposer(await client.drafts.undiscard({ id }))
}

export type SendTime = { readonly at: number | null; readonly timeZone: string | null }

/** A second press this soon is the same press, not an answer to what was just shown. */
const readingMs = 700

/**
 * Sends, now or at a time. The first try stops at what the look over it found and was not dismissed; trying again, or
 * `knowingly`, goes past what only warns. Says whether it went.
 */
export async function send(id: DraftId, { at, timeZone }: SendTime = { at: null, timeZone: null }, knowingly = false): Promise<boolean> {
  const session = sessionOf(id)
  if (session === undefined || session.use.getState().sending) return false
  session.use.setState({ sending: true })
  try {
    await session.uploaded()
    if (session.use.getState().uploads.length > 0) {
      showToast({ tone: 'error', key: 'upload', message: text('composer:files.unfinished') })
      return false
    }
    const warnings = await session.check()
    const { dismissed, stopped } = session.use.getState()
    const told = Date.now() - (stopped?.shownAt ?? Infinity) > readingMs ? new Set(stopped?.keys) : new Set<string>()
    const stops = warnings.filter((warning) => {
      const key = warningKey(warning)
      return warning.blocks || !(knowingly || dismissed.has(key) || told.has(key))
    })
    session.use.setState({ stopped: stops.length === 0 ? null : { at, timeZone, keys: warnings.map(warningKey), shownAt: Date.now() } })
    if (stops.length > 0) return false
    const outgoing = await client.outbox.send({ draftId: id, version: session.saver.version(), at, timeZone })
    holdComposer(id, outgoing.id)
    if (outgoing.state === 'scheduled') announce(id, outgoing.id, text('composer:scheduled', { when: whenText(formatFor(shownLocale(), navigator.languages).tag, outgoing.runAt, timeZone ?? ownZone()) }), 8000)
    else announce(id, outgoing.id, text('composer:sent'), Math.max(0, outgoing.runAt - Date.now()))
    return true
  } catch (error) {
    if (failureFrom(error).code === 'no-outgoing-server') await offerOutgoingServer(id)
    else tellFailure(error, text('composer:sendFailed'))
    return false
  } finally {
    session.use.setState({ sending: false })
  }
}

/** A mailbox that was only read until now: the way to the settings it lacks. */
async function offerOutgoingServer(id: DraftId): Promise<void> {
  const session = sessionOf(id)
  if (session === undefined) return
  const { content, draft } = session.use.getState()
  const identities = await client.identities.list()
  const accountId = identities.find((one) => one.id === content.identityId)?.accountId ?? draft.accountId
  showToast({
    tone: 'error',
    key: 'no-outgoing-server',
    message: text('composer:sendFailed'),
    detail: text('failures:no-outgoing-server'),
    leadsOn: true,
    action: { label: text('composer:setUpSending'), perform: () => askAboutAccount('edit-outgoing', accountId) },
  })
}

const sentKey = (id: OutgoingId): string => `sent:${String(id)}`

/** Says that it was sent, with the seconds left for taking it back. */
function announce(id: DraftId, outgoingId: OutgoingId, message: string, leftMs: number): void {
  const held = leftMs >= 500
  const release = (): void => {
    if (composerOf(id)?.shape === 'held') dropComposer(id)
  }
  if (!held) {
    release()
    showToast({ key: sentKey(outgoingId), message })
    return
  }
  setTimeout(release, leftMs)
  showToast({
    key: sentKey(outgoingId),
    message,
    lastsMs: leftMs,
    action: { label: text('shell:undo'), perform: () => void takeBack(outgoingId, id) },
  })
}

/** Takes a sent or scheduled mail back into its composer, as it was when it is still here. */
export async function takeBack(outgoingId: OutgoingId, known: DraftId | null = null): Promise<void> {
  try {
    const { draftId } = await client.outbox.cancel({ id: outgoingId })
    dismissToast(sentKey(outgoingId))
    const id = draftId ?? known
    if (id !== null && composerOf(id) !== undefined) showComposer(id, 'text')
    else if (id !== null) await continueDraft(id)
  } catch (error) {
    tellFailure(error)
  }
}
