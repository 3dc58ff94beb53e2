// A Mailbox talks to one account on one server. It owns the protocol and nothing else: no database, no retry, no
// policy. Every failure it lets out is a MailFailure whose kind it chose at its own edge. Cursors are opaque text that
// only the provider that wrote them reads. It never keeps state a restart would miss: what must survive is in a cursor.
import type { SpecialUse } from '../../shared/model/folder.ts'

/** Provider-owned name of a folder on the server (for IMAP its decoded path). */
export type RemoteFolder = {
  readonly remoteId: string
  readonly parentRemoteId: string | null
  readonly name: string
  readonly special: SpecialUse | null
  readonly selectable: boolean
  readonly subscribed: boolean
  /** Counts and a change mark as far as listing tells without opening the folder (LIST-STATUS); null if it did not. */
  readonly status: RemoteFolderStatus | null
}

export type RemoteFolderStatus = {
  readonly total: number
  readonly unseen: number | null
  /** Differs whenever anything in the folder may have changed; the same text means nothing did. Opaque. */
  readonly mark: string
}

export type RemoteFlags = {
  readonly seen: boolean
  readonly flagged: boolean
  readonly answered: boolean
  readonly draft: boolean
  /** Keywords other than the above, as the server spells them. */
  readonly keywords: readonly string[]
}

/** A message the caller has not been told of before. `headers` are the raw bytes up to and including the empty line. */
export type ListedMessage = {
  readonly remoteId: string
  readonly flags: RemoteFlags
  /** When the server received it (IMAP INTERNALDATE), UTC milliseconds; null if unknown. */
  readonly receivedAt: number | null
  /** RFC822.SIZE, bytes. */
  readonly size: number
  readonly headers: Uint8Array
  /** From the server's own structure listing, before any body is fetched; null if it did not say. */
  readonly hasAttachment: boolean | null
}

export type PullPage = {
  readonly added: readonly ListedMessage[]
  readonly flagged: readonly { readonly remoteId: string; readonly flags: RemoteFlags }[]
  readonly removed: readonly string[]
  /** Commit together with the page. Pulling again from it resumes exactly after this page. */
  readonly cursor: string
  /** The server's message count for the folder at the time of this page. */
  readonly total: number
  /** Messages that exist on the server and are still to be listed by later pages. 0 on the last page of a pull. */
  readonly toFetch: number
}

export type PullOptions = {
  readonly signal: AbortSignal
  /** The remote ids we hold for the folder, asked for only when the server cannot tell what was removed. */
  readonly known: () => readonly string[]
  /** At most this many `added` in a page. */
  readonly pageSize: number
  /** Compare flags of every message even when the server offers no cheap way. */
  readonly thorough?: boolean
}

export type FetchedBody = {
  readonly remoteId: string
  /** RFC 5322 source. When `complete` is false, the contents of large attachments are left out (their part headers stay),
   *  and `omitted` gives their encoded sizes by part order. Null when the message is gone from the server. */
  readonly source: Uint8Array | null
  readonly complete: boolean
  readonly omitted?: readonly number[]
}

export type FolderChange =
  | { readonly kind: 'create-folder'; readonly parentRemoteId: string | null; readonly name: string }
  | { readonly kind: 'rename-folder'; readonly remoteId: string; readonly parentRemoteId: string | null; readonly name: string }
  | { readonly kind: 'delete-folder'; readonly remoteId: string }
  | { readonly kind: 'subscribe-folder'; readonly remoteId: string; readonly subscribed: boolean }

export type MessageChange =
  | {
      readonly kind: 'set-flags'
      readonly folderRemoteId: string
      readonly remoteIds: readonly string[]
      readonly add: readonly ('seen' | 'flagged' | 'answered')[]
      readonly remove: readonly ('seen' | 'flagged' | 'answered')[]
    }
  /** Keywords (RFC 3501 flags without a backslash) such as $Junk; ignored by servers that keep none. */
  | { readonly kind: 'set-keywords'; readonly folderRemoteId: string; readonly remoteIds: readonly string[]; readonly add: readonly string[]; readonly remove: readonly string[] }
  | { readonly kind: 'copy'; readonly folderRemoteId: string; readonly remoteIds: readonly string[]; readonly toRemoteId: string }
  | { readonly kind: 'move'; readonly folderRemoteId: string; readonly remoteIds: readonly string[]; readonly toRemoteId: string }
  | { readonly kind: 'delete'; readonly folderRemoteId: string; readonly remoteIds: readonly string[] }

/** A message on its way out. The bytes are final: the provider changes nothing in them. */
export type Submission = {
  /** RFC 5322 with CRLF, without a Bcc field. */
  readonly raw: Uint8Array
  /** Without angle brackets. */
  readonly headerMessageId: string
  /** The envelope (RFC 5321), which decides who gets it. */
  readonly from: string
  readonly to: readonly string[]
  /** Ask the server to hold it until then (RFC 4865); null: at once. */
  readonly holdUntil: number | null
  /** Ask for delivery status notices (RFC 3461). */
  readonly notify: boolean
}

export type Submitted =
  | {
      readonly outcome: 'accepted'
      /** The server's answer. */
      readonly said: string
      readonly refused: readonly { readonly address: string; readonly said: string; readonly status: string | null }[]
      /** The server keeps it until `holdUntil`. */
      readonly held: boolean
    }
  /** The last bytes left and no answer came: it may have been taken. */
  | { readonly outcome: 'uncertain'; readonly said: string | null }

export type SubmissionSteps = {
  readonly signal: AbortSignal
  /** Called before the bytes that make the message complete leave: from here on only the server knows. Must not fail. */
  readonly onPointOfNoReturn: () => void
  /** Host, port and protection in use, once connected. */
  readonly onRoute: (route: string) => void
  /** How many of the message's bytes have been handed over. */
  readonly onProgress?: (done: number, total: number) => void
  /** A recipient the server refused, when it then took the message for nobody; before the failure is thrown. */
  readonly onRefused?: (refusal: { readonly address: string; readonly said: string; readonly status: string | null }) => void
}

export type AppendOptions = {
  readonly flags: readonly ('seen' | 'draft' | 'answered' | 'flagged')[]
  /** INTERNALDATE, UTC milliseconds. */
  readonly at: number
}

export type MailboxChange = FolderChange | MessageChange

export type Applied = {
  /** The folder's remote id after create or rename. */
  readonly remoteId: string | null
  /** Old remote id -> new remote id. After a move or copy: of messages, as far as the server told. After renaming a folder: of
   *  every folder below it, whose ids change with it. */
  readonly moved: ReadonlyMap<string, string>
}

/** A hint that something changed; the caller pulls to learn what. */
export type WatchHint = { readonly folderRemoteId: string | null }

export type Mailbox = {
  readonly listFolders: (signal: AbortSignal) => Promise<readonly RemoteFolder[]>
  /** Changes since `cursor` (null: from the beginning), newest messages first, deletions included. Throws `cursor-lost`
   *  when the server's numbering changed (IMAP UIDVALIDITY): drop the folder's placements and pull from null. */
  readonly pull: (folderRemoteId: string, cursor: string | null, options: PullOptions) => AsyncIterable<PullPage>
  /** Text of messages for reading and search, in the order asked for; attachments over `inlineLimit` bytes may be left out. */
  readonly fetchBodies: (folderRemoteId: string, remoteIds: readonly string[], options: { readonly signal: AbortSignal; readonly inlineLimit: number }) => AsyncIterable<FetchedBody>
  /** The whole source. Rejects with `gone` when the message no longer exists. Uses a connection of its own if sync is busy. */
  readonly fetchRaw: (folderRemoteId: string, remoteId: string, signal: AbortSignal) => Promise<Uint8Array>
  /** Every remote id in the folder. */
  readonly listRemoteIds: (folderRemoteId: string, signal: AbortSignal) => Promise<readonly string[]>
  /** Ids of messages that contain all the words, searched by the server. */
  readonly search: (folderRemoteId: string, words: readonly string[], signal: AbortSignal) => Promise<readonly string[]>
  readonly apply: (change: MailboxChange, signal: AbortSignal) => Promise<Applied>
  /** Puts a message into a folder. Its remote id there, or null when the server did not say. */
  readonly append: (folderRemoteId: string, raw: Uint8Array, options: AppendOptions, signal: AbortSignal) => Promise<string | null>
  /** Remote ids of messages in the folder with this Message-ID (without angle brackets), in that field or, where the sending
   *  server wrote a Message-ID of its own, in `X-Shortlist-Message-Id`. */
  readonly findByMessageId: (folderRemoteId: string, headerMessageId: string, signal: AbortSignal) => Promise<readonly string[]>
  /** Hands a message over for delivery. Throws a MailFailure only while it is certain that nobody gets it; 'rejected' when
   *  the server wants none of it, with code 'no-outgoing-server', 'recipients-refused', 'sender-refused', 'too-large', 'message-refused',
   *  'needs-smtputf8' with the address that does, or 'hold-unsupported' when it cannot hold it until `holdUntil`. */
  readonly submit: (submission: Submission, steps: SubmissionSteps) => Promise<Submitted>
  /** Whether the server that sends puts a copy into Sent by itself; null: not known. */
  readonly savesSent: (signal: AbortSignal) => Promise<boolean | null>
  /** Largest message the server takes, bytes (RFC 1870); null: it does not say. Asks the server once and remembers. */
  readonly sizeLimit: (signal: AbortSignal) => Promise<number | null>
  /** For how long the server keeps a message until its time (RFC 4865), milliseconds; null: it does not. Asks once. */
  readonly holdLimit: (signal: AbortSignal) => Promise<number | null>
  /** Calls `hint` until the signal aborts; rejects when the connection is lost (the caller decides when to try again).
   *  A dead peer is noticed within two minutes. */
  readonly watch: (folderRemoteId: string, hint: (change: WatchHint) => void, signal: AbortSignal) => Promise<void>
  readonly close: () => Promise<void>
}
