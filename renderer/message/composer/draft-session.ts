// One draft being written, apart from the components that show it: what it holds, what of it is stored, the files on their
// way into it. It owns that nothing typed is lost: every change is stored by its saver, and what is not yet stored when the
// page goes away is kept for its reload. The editor lends its text; it is read only when it is stored.
import { create } from 'zustand'
import type { StoreApi, UseBoundStore } from 'zustand'
import { DraftContent } from '../../../shared/model/draft.ts'
import type { Draft, DraftWarning, Identity, StoredFile } from '../../../shared/model/draft.ts'
import type { Failure } from '../../../shared/model/failure.ts'
import type { DraftId } from '../../../shared/model/ids.ts'
import { api, client, queryClient } from '../../api/api.ts'
import { failureFrom } from '../../api/failure.ts'
import { text } from '../../locales/text.ts'
import { showToast } from '../../parts/toast.tsx'
import { draftSaver } from './draft-saver.ts'
import type { DraftSaver, SaveState } from './draft-saver.ts'
import { uploadFile } from './upload.ts'

export type Upload = {
  readonly key: number
  readonly filename: string
  readonly size: number
  readonly done: number
  readonly failure: Failure | null
}

/** What the rest of the composer may do with the editor. */
export type EditorHandle = {
  /** The text as it is stored. */
  readonly html: () => string
  /** Puts HTML at the caret; with `at` 'start' or 'end' there. Unsafe parts do not survive. */
  readonly insert: (html: string, at?: 'caret' | 'start' | 'end') => void
  readonly setHtml: (html: string) => void
  /** Puts those of the files that are pictures at the caret. */
  readonly insertPictures: (files: readonly File[]) => void
  readonly focus: (at?: 'start' | 'end') => void
  /** Writes plain letters at the caret, as if they were typed. */
  readonly type: (letters: string) => void
  /** Swaps the signature; null takes it away. `add`: puts one in where there is none. */
  readonly setSignature: (signature: { readonly id: number; readonly html: string } | null, add: boolean) => void
}

export type SessionState = {
  readonly draft: Draft
  /** Its `html` is the text as last stored or loaded; the editor has the newest. */
  readonly content: DraftContent
  readonly save: SaveState
  readonly uploads: readonly Upload[]
  /** What the last look over it found. */
  readonly warnings: readonly DraftWarning[]
  readonly dismissed: ReadonlySet<string>
  readonly sending: boolean
  /** A try to send stopped at warnings: the time it was meant for (null: at once), what was shown then, and when. */
  readonly stopped: { readonly at: number | null; readonly timeZone: string | null; readonly keys: readonly string[]; readonly shownAt: number } | null
  readonly ccShown: boolean
  readonly bccShown: boolean
  /** In a conversation the subject is out of sight until it is asked for. */
  readonly subjectShown: boolean
  /** A field that was asked for and takes the focus once it is there. */
  readonly askedField: 'cc' | 'bcc' | 'subject' | null
}

export type DraftSession = {
  readonly id: DraftId
  readonly use: UseBoundStore<StoreApi<SessionState>>
  readonly saver: DraftSaver
  /** Whether the person changed anything since it was opened. */
  readonly touched: () => boolean
  /** Whether it is as it was begun: nobody wrote anything, now or before, here or in a copy on the server. */
  readonly isAsBegun: () => boolean
  readonly change: (change: Partial<DraftContent>) => void
  /** The text changed in the editor. */
  readonly textChanged: () => void
  readonly lendEditor: (editor: EditorHandle | null) => void
  readonly editor: () => EditorHandle | null
  readonly attach: (files: Iterable<File>) => void
  /** Stores a picture for the text. `stored` gets its hash; `dropped` hears when the person gave it up. */
  readonly addPicture: (file: File, stored: (file: StoredFile) => void, dropped: () => void) => void
  /** Attaches files that are stored already. */
  readonly attachStored: (files: readonly StoredFile[]) => void
  readonly detach: (at: number) => void
  readonly cancelUpload: (key: number) => void
  readonly retryUpload: (key: number) => void
  /** Resolves when no file is on its way any more. */
  readonly uploaded: () => Promise<unknown>
  readonly setIdentity: (identity: Identity) => Promise<void>
  /** Shows a version that was made the newest elsewhere. */
  readonly take: (draft: Draft) => void
  readonly check: () => Promise<readonly DraftWarning[]>
  readonly dismiss: (warning: DraftWarning) => void
}

type Waiting = { readonly file: File; readonly stored: (file: StoredFile) => void; readonly dropped: () => void }

const sessions = new Map<DraftId, DraftSession>()

export function sessionOf(id: DraftId): DraftSession | undefined {
  return sessions.get(id)
}

/** The same warning with the same values is one warning. */
export function warningKey({ code, values }: DraftWarning): string {
  return JSON.stringify([code, values])
}

const unstored = (id: DraftId): string => `composer:unstored:${String(id)}`

export function startSession(draft: Draft): DraftSession {
  const known = sessions.get(draft.id)
  if (known !== undefined) return known
  const made = makeSession(draft)
  sessions.set(draft.id, made)
  return made
}

export function endSession(id: DraftId): void {
  sessions.get(id)?.saver.stop()
  sessions.delete(id)
  sessionStorage.removeItem(unstored(id))
}

/** What the page had not stored when it went away, if the draft was not changed elsewhere since. */
function takeUnstored(draft: Draft): DraftContent | null {
  const kept = sessionStorage.getItem(unstored(draft.id))
  if (kept === null) return null
  sessionStorage.removeItem(unstored(draft.id))
  try {
    const { version, content } = JSON.parse(kept) as { version?: unknown; content?: unknown }
    const read = DraftContent.safeParse(content)
    // One higher is the save that was under way when the page went.
    return read.success && typeof version === 'number' && draft.version - version >= 0 && draft.version - version <= 1 ? read.data : null
  } catch {
    return null
  }
}

function makeSession(draft: Draft): DraftSession {
  const { id } = draft
  const rescued = takeUnstored(draft)
  const content = rescued ?? draft.content
  const use = create<SessionState>(() => ({
    draft,
    content,
    save: { phase: 'saved', savedAt: draft.updatedAt },
    uploads: [],
    warnings: [],
    dismissed: new Set<string>(),
    sending: false,
    stopped: null,
    ccShown: content.cc.length > 0,
    bccShown: content.bcc.length > 0,
    subjectShown: false,
    askedField: null,
  }))
  let editor: EditorHandle | null = null
  let touched = rescued !== null
  let lastKey = 0
  const stops = new Map<number, AbortController>()
  const waiting = new Map<number, Waiting>()
  let idle = Promise.withResolvers<null>()
  idle.resolve(null)

  let lookedOver = false
  let filesLooked = content.files
  /** What was told to be wrong is looked at again once it was changed; new files may be too large, which is told at once. */
  const lookAgain = async (): Promise<void> => {
    const { warnings: known, content: now } = use.getState()
    if (now.files === filesLooked && known.length === 0) return
    filesLooked = now.files
    const warnings = await client.drafts.check({ id }).catch(() => known)
    use.setState({ warnings: lookedOver ? warnings : warnings.filter(({ code }) => code === 'too-large' || code === 'file-missing') })
  }

  const collect = (): DraftContent => {
    const html = editor?.html()
    if (html !== undefined && html !== use.getState().content.html) use.setState((state) => ({ content: { ...state.content, html } }))
    return use.getState().content
  }
  const saver = draftSaver<DraftContent>({
    version: draft.version,
    collect,
    save: (newest, basedOn) => client.drafts.save({ id, content: newest, basedOn }),
    failureFrom,
    onState: (save) => {
      use.setState({ save })
      if (save.phase === 'saved') void lookAgain()
    },
    onOvertook: () => showToast({ key: `overtook:${String(id)}`, message: text('composer:overtook'), detail: text('composer:overtookDetail') }),
  })
  if (rescued !== null) saver.touch()

  const touch = (): void => {
    touched = true
    saver.touch()
  }
  const change = (to: Partial<DraftContent>): void => {
    use.setState((state) => ({ content: { ...state.content, ...to } }))
    touch()
  }
  const progress = (key: number, to: Partial<Upload>): void => {
    use.setState((state) => ({ uploads: state.uploads.map((one) => (one.key === key ? { ...one, ...to } : one)) }))
  }
  const settle = (): void => {
    if (use.getState().uploads.every(({ failure }) => failure !== null)) idle.resolve(null)
  }
  const dropUpload = (key: number): void => {
    waiting.delete(key)
    stops.delete(key)
    use.setState((state) => ({ uploads: state.uploads.filter((one) => one.key !== key) }))
    settle()
  }

  const store = async (key: number, { file, stored: took, dropped }: Waiting): Promise<void> => {
    const stop = new AbortController()
    stops.set(key, stop)
    try {
      const stored = await uploadFile(client.files, file.name, file, { signal: stop.signal, onProgress: (done) => progress(key, { done }) })
      took(stored)
      dropUpload(key)
    } catch (error) {
      if (stop.signal.aborted) {
        dropped()
        dropUpload(key)
      } else {
        progress(key, { failure: failureFrom(error) })
        settle()
      }
    }
  }

  const begin = (what: Waiting): void => {
    const key = (lastKey += 1)
    if (use.getState().uploads.every(({ failure }) => failure !== null)) idle = Promise.withResolvers<null>()
    use.setState((state) => ({ uploads: [...state.uploads, { key, filename: what.file.name, size: what.file.size, done: 0, failure: null }] }))
    waiting.set(key, what)
    touched = true
    void store(key, what)
  }

  return {
    id,
    use,
    saver,
    touched: () => touched,
    isAsBegun: () => !touched && draft.version === 1 && draft.copiedVersion === null,
    change,
    textChanged: touch,
    lendEditor(lent) {
      // The one that goes leaves its text.
      if (lent === null && editor !== null) collect()
      editor = lent
    },
    editor: () => editor,
    attach(files) {
      for (const file of files) begin({ file, stored: (stored) => change({ files: [...use.getState().content.files, stored] }), dropped: () => undefined })
    },
    addPicture(file, stored, dropped) {
      const took = (picture: StoredFile): void => {
        stored(picture)
        touch()
      }
      begin({ file, stored: took, dropped })
    },
    attachStored(files) {
      if (files.length > 0) change({ files: [...use.getState().content.files, ...files] })
    },
    detach(at) {
      change({ files: use.getState().content.files.filter((_file, index) => index !== at) })
    },
    cancelUpload(key) {
      if (use.getState().uploads.find((one) => one.key === key)?.failure == null) stops.get(key)?.abort()
      else {
        waiting.get(key)?.dropped()
        dropUpload(key)
      }
    },
    retryUpload(key) {
      const what = waiting.get(key)
      if (what === undefined) return
      if (use.getState().uploads.every(({ failure }) => failure !== null)) idle = Promise.withResolvers<null>()
      progress(key, { failure: null, done: 0 })
      void store(key, what)
    },
    uploaded: () => idle.promise,
    async setIdentity(identity) {
      const { content: now, draft: started } = use.getState()
      const all = queryClient.getQueryData<Identity[]>(api.identities.list.queryKey()) ?? []
      const signatureOf = (one: Identity | undefined) => (started.kind === 'new' || started.kind === 'edit' ? one?.signatureNew : one?.signatureReply) ?? null
      const former = signatureOf(all.find((one) => one.id === now.identityId))
      const wanted = signatureOf(identity)
      change({ identityId: identity.id })
      if (former === wanted) return
      const signature = wanted === null ? null : (await client.signatures.list()).find((one) => one.id === wanted)
      // Where the person took the signature out, changing the sender does not bring one back.
      editor?.setSignature(signature === undefined || signature === null ? null : { id: signature.id, html: signature.html }, former === null)
    },
    take(newer) {
      saver.builtOn(newer.version)
      use.setState({ draft: newer, content: newer.content, save: { phase: 'saved', savedAt: newer.updatedAt }, ccShown: newer.content.cc.length > 0, bccShown: newer.content.bcc.length > 0 })
      editor?.setHtml(newer.content.html)
    },
    async check() {
      await saver.flush()
      const warnings = await client.drafts.check({ id })
      lookedOver = true
      filesLooked = use.getState().content.files
      use.setState({ warnings })
      return warnings
    },
    dismiss(warning) {
      use.setState((state) => ({ dismissed: new Set([...state.dismissed, warningKey(warning)]) }))
    },
  }
}

/** Stores everything that is open, when the window is left; what cannot be stored any more waits for the reload. */
export function followLeaving(): () => void {
  const store = (): void => {
    for (const { saver } of sessions.values()) void saver.flush().catch(() => undefined)
  }
  const leave = (): void => {
    for (const { id, saver, use, editor } of sessions.values()) {
      if (!saver.isDirty()) continue
      const { content } = use.getState()
      const html = editor()?.html() ?? content.html
      try {
        sessionStorage.setItem(unstored(id), JSON.stringify({ version: saver.version(), content: { ...content, html } }))
      } catch {
        // Too large for the window's memory: the save under way is all there is.
      }
    }
    store()
  }
  const hide = (): void => {
    if (document.hidden) store()
  }
  addEventListener('pagehide', leave)
  addEventListener('blur', store)
  document.addEventListener('visibilitychange', hide)
  return () => {
    removeEventListener('pagehide', leave)
    removeEventListener('blur', store)
    document.removeEventListener('visibilitychange', hide)
  }
}
