// The one contract. Both ends derive their types from it and every input is validated against it. Queries read local
// data only; commands resolve on their local commit; only `accounts.check` and `accounts.add`, `search.server`,
// `ledger.check` and the fetching of a message that is not here yet wait for a server.
import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { Account, AccountState, ImapSettings, KeepPolicy, TrustedCertificate } from '../model/account.ts'
import { Failure } from '../model/failure.ts'
import { Folder, FolderName, LedgerLine } from '../model/folder.ts'
import { AccountId, DraftId, FolderId, MessageId, ThreadId } from '../model/ids.ts'
import type { FileHash } from '../model/draft.ts'
import { Message, Thread, ThreadRow } from '../model/message.ts'
import { Settings } from '../model/settings.ts'
import { AppEvent } from './events.ts'
import { Lane } from '../model/lane.ts'
import { ThreadFilter, ThreadSource } from './lists.ts'
import { outboxContract } from './outbox.ts'
import { libraryContract, templatesContract } from './templates.ts'
import { lanesContract, queueContract, triageContract } from './triage.ts'
import { draftsContract, filesContract, identitiesContract, recipientsContract, signaturesContract } from './writing.ts'

const none = z.void()

export const Page = z.object({
  rows: z.array(ThreadRow),
  /** Pass back to get the rows after these; null at the end. */
  next: z.string().nullable(),
})
export type Page = z.infer<typeof Page>

export const SearchHit = ThreadRow.extend({
  messageId: MessageId,
  folderId: FolderId.nullable(),
  /** The matched text around the words. Matches stand between U+E000 and U+E001. */
  excerpt: z.string(),
  /** The subject, its matches marked the same way. */
  markedSubject: z.string(),
})
export type SearchHit = z.infer<typeof SearchHit>

export const SearchPage = z.object({
  hits: z.array(SearchHit),
  next: z.string().nullable(),
  /** Messages whose text is not on this computer, and so not searched; 0 when the index covers everything. */
  notCovered: z.number().int(),
  /** The words searched for, to highlight them in an open message. */
  words: z.array(z.string()),
  /** What in the query could not be used, as typed. */
  ignored: z.array(z.string()),
})
export type SearchPage = z.infer<typeof SearchPage>

/** The steps of checking an account, in order. 'outgoing' connects and signs in to the server that sends. */
export const checkSteps = ['resolve', 'connect', 'secure', 'login', 'folders', 'outgoing'] as const
export const CheckStep = z.enum(checkSteps)
export type CheckStep = z.infer<typeof CheckStep>

export const CheckEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('step'), step: CheckStep, state: z.enum(['running', 'ok']), detail: z.string().nullable() }),
  z.object({
    type: z.literal('failed'),
    step: CheckStep,
    failure: Failure,
    /** A certificate no authority vouches for, when that is what failed. */
    certificate: TrustedCertificate.extend({ subject: z.string(), issuer: z.string(), validFrom: z.number(), validTo: z.number() }).nullable(),
  }),
  /** `report` is plain text for IT, without secrets; also sent after a failure. `userName` is the one that worked. */
  z.object({ type: z.literal('done'), ok: z.boolean(), userName: z.string(), folders: z.number().int(), report: z.string() }),
])
export type CheckEvent = z.infer<typeof CheckEvent>

export const Preset = z.object({
  /** Stable word for the locale files and icons, e.g. 'gmail', 'fastmail', 'other'. */
  provider: z.string(),
  name: z.string(),
  settings: ImapSettings,
  /** What the person must know first, as locale keys: e.g. 'app-password', 'password-off'. */
  notes: z.array(z.string()),
  /** False when this provider cannot be used with a password at all. */
  usable: z.boolean(),
})
export type Preset = z.infer<typeof Preset>

const Password = z.string().min(1).max(1000)

export const AccountDraft = z.object({
  name: z.string().trim().min(1).max(200),
  address: z.string().trim().max(320).regex(/^[^\s@]+@[^\s@]+$/),
  settings: ImapSettings,
})
export type AccountDraft = z.infer<typeof AccountDraft>

export const AppInfo = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'node', 'test']),
  platform: z.string(),
  secrets: z.enum(['keychain', 'file', 'weak']),
  /** Prefix of asset URLs on the app's own origin; ends in '/'. */
  assetBase: z.string(),
  canPickFiles: z.boolean(),
})
export type AppInfo = z.infer<typeof AppInfo>

export const contract = {
  app: {
    info: oc.output(AppInfo),
    events: oc.output(eventIterator(AppEvent)),
    openExternal: oc.input(z.object({ url: z.string().max(8000) })).output(none),
  },
  settings: {
    get: oc.output(Settings),
    set: oc.input(Settings.partial()).output(Settings),
  },
  accounts: {
    list: oc.output(z.array(z.object({ account: Account, state: AccountState }))),
    /** Server settings for an address, from the built-in list; 'other' with guesses when unknown. No network. */
    preset: oc.input(z.object({ address: z.string().max(320) })).output(Preset),
    presets: oc.output(z.array(Preset)),
    /** Connects, signs in and lists folders, telling each step. Waits for the server. Without a password: the stored one of `accountId`. */
    check: oc
      .input(z.object({ draft: AccountDraft, password: Password.nullable(), outgoingPassword: Password.nullable(), accountId: AccountId.nullable() }))
      .output(eventIterator(CheckEvent)),
    /** Stores the account and its secret and starts syncing. Fails with 'rejected' when the address is already here. */
    add: oc.input(z.object({ draft: AccountDraft, password: Password, outgoingPassword: Password.nullable(), keep: KeepPolicy })).output(Account),
    addSample: oc.output(Account),
    update: oc
      .input(z.object({ id: AccountId, draft: AccountDraft, password: Password.nullable(), outgoingPassword: Password.nullable(), keep: KeepPolicy, color: z.string().max(32) }))
      .output(Account),
    pause: oc.input(z.object({ id: AccountId, paused: z.boolean() })).output(none),
    reorder: oc.input(z.object({ ids: z.array(AccountId).max(100) })).output(none),
    syncNow: oc.input(z.object({ id: AccountId })).output(none),
    /** What removal would delete from this computer. Nothing on the server is touched. `drafts`, `outgoing` (mail not yet sent) and
     *  `owed` (changes the server has not been told) would be lost. */
    size: oc
      .input(z.object({ id: AccountId }))
      .output(z.object({ messages: z.number(), bytes: z.number(), drafts: z.number().int(), outgoing: z.number().int(), owed: z.number().int() })),
    remove: oc.input(z.object({ id: AccountId })).output(z.object({ messages: z.number(), bytes: z.number() })),
  },
  folders: {
    list: oc.output(z.array(Folder)),
    create: oc.input(z.object({ accountId: AccountId, parentId: FolderId.nullable(), name: FolderName })).output(Folder),
    rename: oc.input(z.object({ id: FolderId, name: FolderName })).output(none),
    move: oc.input(z.object({ id: FolderId, parentId: FolderId.nullable() })).output(none),
    /** Deletes the folder and its messages on the server too. Refuses special folders and folders with children. */
    remove: oc.input(z.object({ id: FolderId })).output(none),
    subscribe: oc.input(z.object({ id: FolderId, subscribed: z.boolean() })).output(none),
    /** Local look of a folder; never reaches the server. */
    present: oc
      .input(
        z.object({
          id: FolderId,
          icon: z.string().max(40).nullable(),
          shownName: z.string().trim().max(120).nullable(),
          hidden: z.boolean(),
          position: z.number().int().nullable(),
        }),
      )
      .output(none),
  },
  threads: {
    list: oc
      .input(z.object({ source: ThreadSource, filter: ThreadFilter, lane: Lane.nullable(), after: z.string().max(100).nullable(), limit: z.number().int().min(1).max(200) }))
      .output(Page),
    /** Null when the thread is gone. Stored data only; gaps are asked of the server and announced by a 'body' event. */
    get: oc.input(z.object({ id: ThreadId })).output(Thread.nullable()),
    /** Makes one message a thread of its own. Survives resync. Gives the new thread. */
    split: oc.input(z.object({ messageId: MessageId })).output(ThreadId),
    /** Joins threads into the first. Survives resync. */
    join: oc.input(z.object({ ids: z.array(ThreadId).min(2).max(50) })).output(ThreadId),
    setFlags: oc
      .input(z.object({ ids: z.array(ThreadId).min(1).max(1000), seen: z.boolean().optional(), flagged: z.boolean().optional() }))
      .output(none),
  },
  messages: {
    get: oc.input(z.object({ id: MessageId })).output(Message.nullable()),
    setFlags: oc
      .input(z.object({ ids: z.array(MessageId).min(1).max(1000), seen: z.boolean().optional(), flagged: z.boolean().optional() }))
      .output(none),
    /** Plain text of the message, from this computer; null while it is not here. */
    text: oc.input(z.object({ id: MessageId })).output(z.string().nullable()),
    /** The source as text for reading, at most 2 MB of it. Fetches it when it is not here. */
    source: oc.input(z.object({ id: MessageId })).output(z.object({ text: z.string(), truncated: z.boolean(), size: z.number() })),
    /** Makes sure the text is on this computer; resolves when it is, fails with the reason when it cannot be. */
    fetchBody: oc.input(z.object({ id: MessageId })).output(none),
    /** Makes sure all attachments can be opened offline. */
    fetchAttachments: oc.input(z.object({ id: MessageId })).output(none),
  },
  attachments: {
    /** Opens it with the operating system's program. False where the host cannot; then the renderer offers a download. */
    open: oc.input(z.object({ messageId: MessageId, index: z.number().int().min(0) })).output(z.boolean()),
    /** Asks where, then writes. The path, or null when cancelled or when the host has no dialogs. */
    save: oc.input(z.object({ messageId: MessageId, index: z.number().int().min(0) })).output(z.string().nullable()),
    saveAll: oc.input(z.object({ messageId: MessageId })).output(z.object({ folder: z.string(), files: z.number() }).nullable()),
  },
  search: {
    run: oc
      .input(z.object({ query: z.string().max(500), source: ThreadSource.nullable(), after: z.string().max(100).nullable(), limit: z.number().int().min(1).max(100) }))
      .output(SearchPage),
    /** Asks the accounts' servers for matches that are not on this computer, fetches what is found, and says how many came. */
    server: oc.input(z.object({ query: z.string().max(500) })).output(z.object({ found: z.number(), failures: z.array(z.object({ accountId: AccountId, failure: Failure })) })),
  },
  ledger: {
    get: oc.input(z.object({ accountId: AccountId })).output(z.array(LedgerLine)),
    /** Compares the full set of ids of every folder with the server's and mends what differs. Waits for the server. */
    check: oc.input(z.object({ accountId: AccountId })).output(z.array(LedgerLine)),
    /** The ledger as a text file (CSV). */
    export: oc.input(z.object({ accountId: AccountId })).output(z.string()),
  },
  triage: triageContract,
  lanes: lanesContract,
  queue: queueContract,
  identities: identitiesContract,
  signatures: signaturesContract,
  drafts: draftsContract,
  files: filesContract,
  recipients: recipientsContract,
  outbox: outboxContract,
  templates: templatesContract,
  library: libraryContract,
}
export type Contract = typeof contract

/** Asset paths under AppInfo.assetBase. */
export const assetPaths = {
  /** The message as a complete, safe HTML page for the sandboxed frame. */
  message: (id: MessageId, options: { images: boolean; theme: 'light' | 'dark'; words?: readonly string[] }) =>
    `message/${String(id)}?images=${options.images ? '1' : '0'}&theme=${options.theme}${options.words?.length ? `&words=${encodeURIComponent(options.words.join(' '))}` : ''}`,
  /** One attachment's bytes; `download` asks the browser to save it under its name. */
  attachment: (id: MessageId, index: number, options?: { download?: boolean }) =>
    `attachment/${String(id)}/${String(index)}${options?.download ? '?download=1' : ''}`,
  /** All attachments of a message as a zip is not offered; the source as an .eml file is. */
  source: (id: MessageId) => `source/${String(id)}`,
  /** A stored file that is an image, as itself; any other as bytes to save. */
  file: (hash: FileHash) => `file/${hash}`,
  /** The original a draft quotes, as a complete, safe page for a sandboxed frame. */
  quote: (id: DraftId, options: { theme: 'light' | 'dark' }) => `quote/${String(id)}?theme=${options.theme}`,
}
