// The door for whatever puts text into mail being written: templates, snippets, files kept for sending. It means the
// composer the person is in, or was in last, so that a palette opened over it still knows where to write.
import type { Recipient, StoredFile } from '../../../shared/model/draft.ts'
import type { IdentityId } from '../../../shared/model/ids.ts'
import { showComposer, useComposers } from './composers.ts'
import { sessionOf } from './draft-session.ts'
import type { DraftSession } from './draft-session.ts'

function current(): DraftSession | null {
  const { current: id, open } = useComposers.getState()
  const shown = open.find((one) => one.id === id && one.shape !== 'held')
  return shown === undefined ? null : (sessionOf(shown.id) ?? null)
}

/** Whether there is a composer to write into. */
export function canInsert(): boolean {
  return current()?.editor() != null
}

/** Puts HTML at the caret and takes the focus there. Images refer to stored files as <img src="cid:HASH">. */
export function insertHtml(html: string): void {
  const session = current()
  if (session === null) return
  showComposer(session.id, 'text')
  session.editor()?.insert(html)
}

export function setSubjectIfEmpty(subject: string): void {
  const session = current()
  if (session !== null && session.use.getState().content.subject.trim() === '') session.change({ subject })
}

/** Attaches files that are stored already; those attached before are not attached twice. */
export function addFiles(files: readonly StoredFile[]): void {
  const session = current()
  if (session === null) return
  const here = session.use.getState().content.files
  session.attachStored(files.filter((file) => !here.some(({ hash, filename }) => hash === file.hash && filename === file.filename)))
}

/** Whom the mail greets: the first in To. */
export function currentRecipient(): Recipient | null {
  return current()?.use.getState().content.to[0] ?? null
}

export function currentIdentity(): IdentityId | null {
  return current()?.use.getState().content.identityId ?? null
}

/** Something offered while ';word' is typed in the text. */
export type Suggestion = {
  readonly id: string
  /** What is typed after ';'. */
  readonly shortcut: string
  readonly label: string
  readonly detail: string
  /** Done after the typed ';word' was taken out again; the caret stands where it was. */
  readonly choose: () => void | Promise<void>
}

/** What to offer for the letters typed after ';', best first. Answers at once, from what is loaded. */
export type SuggestionSource = (typed: string) => readonly Suggestion[]

const sources = new Set<SuggestionSource>()

/** Adds a source of suggestions; the returned function takes it away. */
export function offerSuggestions(source: SuggestionSource): () => void {
  sources.add(source)
  return () => {
    sources.delete(source)
  }
}

export function suggestionsFor(typed: string): readonly Suggestion[] {
  return [...sources].flatMap((source) => source(typed)).slice(0, 8)
}

/** What a typed word stands for when Tab or a space follows; null when it is only a word. Answers at once. */
export type Expansion = (word: string, key: 'Tab' | ' ') => (() => void | Promise<void>) | null

const expansions = new Set<Expansion>()

/** Adds words that stand for something; the returned function takes them away. */
export function offerExpansions(expansion: Expansion): () => void {
  expansions.add(expansion)
  return () => {
    expansions.delete(expansion)
  }
}

/** What to do for a typed word, once it was taken out of the text. */
export function expansionOf(word: string, key: 'Tab' | ' '): (() => void | Promise<void>) | null {
  for (const expansion of expansions) {
    const act = expansion(word, key)
    if (act) return act
  }
  return null
}
