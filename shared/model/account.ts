// An account is one mailbox the recruiter signs in to. Its password or tokens are never part of it: they live in the
// host's secret store under the account's id.
import { z } from 'zod'
import { AccountId } from './ids.ts'
import { Failure } from './failure.ts'

/** How the connection is protected. `plain` is used only after the person agreed to it (`plainConsent`). */
export const Security = z.enum(['tls', 'starttls', 'plain'])
export type Security = z.infer<typeof Security>

export const ServerAddress = z.object({
  host: z.string().trim().min(1).max(253).regex(/^[\p{L}\p{N}._:-]+$/u),
  port: z.number().int().min(1).max(65535),
  security: Security,
})
export type ServerAddress = z.infer<typeof ServerAddress>

/** A certificate the person chose to trust for one host although no authority vouches for it. */
export const TrustedCertificate = z.object({
  host: z.string().max(253),
  /** SHA-256 of the DER bytes, upper-case hex pairs joined by colons. */
  fingerprint: z.string().regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/),
  pem: z.string().max(20_000),
})
export type TrustedCertificate = z.infer<typeof TrustedCertificate>

/** The server mail leaves by (RFC 6409). */
export const OutgoingServer = z.object({
  server: ServerAddress,
  /** 'incoming': the same user name and password as for reading. 'own': its own. 'none': no sign-in. */
  signIn: z.enum(['incoming', 'own', 'none']),
  /** Used with 'own' only. */
  userName: z.string().max(320),
  /** Whether this program puts the copy into Sent or the server does; 'auto' finds out. */
  sentCopy: z.enum(['auto', 'here', 'server']),
})
export type OutgoingServer = z.infer<typeof OutgoingServer>

export const ImapSettings = z.object({
  kind: z.literal('imap'),
  incoming: ServerAddress,
  /** Null: this account only reads. */
  outgoing: OutgoingServer.nullable().default(null),
  userName: z.string().min(1).max(320),
  plainConsent: z.boolean(),
  trusted: z.array(TrustedCertificate).max(4),
})
export type ImapSettings = z.infer<typeof ImapSettings>

export const SampleSettings = z.object({ kind: z.literal('sample') })

export const AccountSettings = z.discriminatedUnion('kind', [ImapSettings, SampleSettings])
export type AccountSettings = z.infer<typeof AccountSettings>

/** What to keep on this computer. Months count back from today; 'all' keeps everything, 'demand' fetches when opened. */
export const KeepPolicy = z.object({
  bodies: z.union([z.literal('all'), z.number().int().min(1).max(240)]),
  attachments: z.union([z.literal('all'), z.literal('demand'), z.number().int().min(1).max(240)]),
})
export type KeepPolicy = z.infer<typeof KeepPolicy>

export const Account = z.object({
  id: AccountId,
  name: z.string().max(200),
  address: z.string().max(320),
  color: z.string().max(32),
  settings: AccountSettings,
  keep: KeepPolicy,
  paused: z.boolean(),
  position: z.number().int(),
})
export type Account = z.infer<typeof Account>

/** The engine's current step for one account. Counts are messages. */
export const SyncStep = z.enum(['idle', 'connecting', 'folders', 'listing', 'bodies', 'attachments', 'checking', 'waiting', 'paused'])
export type SyncStep = z.infer<typeof SyncStep>

export const AccountState = z.object({
  accountId: AccountId,
  step: SyncStep,
  /** Name of the folder being worked on, as shown to the person. */
  folderName: z.string().nullable(),
  done: z.number().int(),
  total: z.number().int(),
  /** Estimated milliseconds to the end of this step; null while unknown. */
  leftMs: z.number().nullable(),
  lastSuccessAt: z.number().nullable(),
  failure: Failure.nullable(),
  /** When the next attempt starts, if one is scheduled after a failure. */
  retryAt: z.number().nullable(),
  connected: z.boolean(),
  /** True only when every folder's count is proved equal to the server's and nothing is waiting to be fetched. */
  upToDate: z.boolean(),
})
export type AccountState = z.infer<typeof AccountState>
