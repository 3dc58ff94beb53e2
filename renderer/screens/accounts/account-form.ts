// What a person types to add or change a mailbox, as plain data. Owns the rules between the fields: a preset fills only
// what was not typed by hand, port and protection follow each other until both were chosen, pasted text is tidied.
// It never holds a password: that stays in the form element's own state and goes nowhere but to the check.
import { AccountDraft } from '../../../shared/api/contract.ts'
import type { Preset } from '../../../shared/api/contract.ts'
import { ServerAddress } from '../../../shared/model/account.ts'
import type { Account, KeepPolicy, Security, TrustedCertificate } from '../../../shared/model/account.ts'
import { emptyOutgoing, followed, outgoingDiffers, outgoingFormOf, outgoingOf, withOutgoingPreset } from './outgoing-form.ts'
import type { OutgoingForm } from './outgoing-form.ts'

export type Field = 'name' | 'address' | 'password' | 'host' | 'port' | 'userName' | 'plainConsent' | 'bodyMonths' | 'attachmentMonths'

export type KeepForm = {
  readonly bodies: 'all' | 'months'
  readonly bodyMonths: string
  readonly attachments: 'all' | 'demand' | 'months'
  readonly attachmentMonths: string
}

export type AccountForm = {
  readonly name: string
  readonly address: string
  readonly host: string
  readonly port: string
  readonly security: Security
  /** Empty: whatever the preset says, or the address; the check then tries the usual variants. */
  readonly userName: string
  readonly plainConsent: boolean
  readonly trusted: readonly TrustedCertificate[]
  readonly outgoing: OutgoingForm
  readonly keep: KeepForm
  /** What was typed by hand and so is never overwritten by a suggestion. */
  readonly byHand: { readonly host: boolean; readonly port: boolean; readonly security: boolean }
}

export type FieldProblem = 'missing' | 'bad-address' | 'bad-host' | 'bad-port' | 'bad-months' | 'too-long' | 'consent-missing'
export type FieldProblems = Partial<Record<Field, FieldProblem>>

export const defaultKeep: KeepForm = { bodies: 'months', bodyMonths: '12', attachments: 'demand', attachmentMonths: '3' }

export const emptyForm: AccountForm = {
  name: '',
  address: '',
  host: '',
  port: '993',
  security: 'tls',
  userName: '',
  plainConsent: false,
  trusted: [],
  outgoing: emptyOutgoing,
  keep: defaultKeep,
  byHand: { host: false, port: false, security: false },
}

export function formOfAccount(account: Account): AccountForm {
  const keep = keepFormOf(account.keep)
  // The sample mailbox has no server. The name stands in for one, since a draft must name one; it is never asked.
  if (account.settings.kind === 'sample') return { ...emptyForm, name: account.name, address: account.address, host: 'sample.invalid', outgoing: { ...emptyOutgoing, sends: false }, keep }
  const { incoming, outgoing, userName, plainConsent, trusted } = account.settings
  return {
    name: account.name,
    address: account.address,
    host: incoming.host,
    port: String(incoming.port),
    security: incoming.security,
    userName: userName === account.address ? '' : userName,
    plainConsent,
    trusted,
    outgoing: outgoingFormOf(outgoing, incoming),
    keep,
    byHand: { host: true, port: true, security: true },
  }
}

export function keepFormOf(keep: KeepPolicy): KeepForm {
  return {
    bodies: keep.bodies === 'all' ? 'all' : 'months',
    bodyMonths: keep.bodies === 'all' ? defaultKeep.bodyMonths : String(keep.bodies),
    attachments: typeof keep.attachments === 'number' ? 'months' : keep.attachments,
    attachmentMonths: typeof keep.attachments === 'number' ? String(keep.attachments) : defaultKeep.attachmentMonths,
  }
}

/** The port a protection usually goes with, RFC 8314 and RFC 9051. */
export const usualPort: Readonly<Record<Security, number>> = { tls: 993, starttls: 143, plain: 143 }

/** The protection a port usually goes with; null for a port that says nothing. */
export function usualSecurity(port: string, now: Security): Security | null {
  if (port === '993') return 'tls'
  if (port === '143') return now === 'plain' ? 'plain' : 'starttls'
  return null
}

/** What usually goes with the port or protection chosen, when the pair chosen is unusual; null when there is nothing to say. */
export function pairAdvice(form: AccountForm): { readonly port: number; readonly security: Security } | null {
  const usual = usualSecurity(form.port, form.security)
  return usual === null || usual === form.security ? null : { port: Number(form.port), security: usual }
}

export function withPort(form: AccountForm, port: string): AccountForm {
  const suggested = form.byHand.security ? null : usualSecurity(port, form.security)
  return withSecurityValue({ ...form, port, byHand: { ...form.byHand, port: true } }, suggested ?? form.security)
}

export function withSecurity(form: AccountForm, security: Security): AccountForm {
  const port = form.byHand.port ? form.port : String(usualPort[security])
  return withSecurityValue({ ...form, port, byHand: { ...form.byHand, security: true } }, security)
}

/** Consent was given to one way of connecting; another choice takes it back. */
function withSecurityValue(form: AccountForm, security: Security): AccountForm {
  return { ...form, security, plainConsent: form.plainConsent && (form.outgoing.sends && form.outgoing.security === 'plain' || (security === 'plain' && form.security === 'plain')) }
}

/** A host may be pasted as a whole URL or `host:port`: what it says about port and protection is used too. */
export function withHost(form: AccountForm, typed: string): AccountForm {
  const read = readHost(typed)
  const named = { ...form, host: read.host, outgoing: followed(form.outgoing, read.host), byHand: { ...form.byHand, host: true } }
  // Trust and consent were given for one host. They must not follow to another.
  const moved = read.host === form.host ? named : { ...named, plainConsent: false }
  const secured = read.security === null ? moved : withSecurityValue(moved, read.security)
  if (read.port !== null) return withPort(secured, read.port)
  return read.security !== null && !form.byHand.port ? { ...secured, port: String(usualPort[read.security]) } : secured
}

export function withPreset(form: AccountForm, preset: Preset): AccountForm {
  const { incoming } = preset.settings
  if (form.byHand.host) return form
  const outgoing = withOutgoingPreset(form.outgoing, preset.settings.outgoing)
  // Port and protection belong together: once one was chosen, the other followed it and no longer the preset.
  if (form.byHand.port || form.byHand.security) return { ...form, outgoing, host: incoming.host }
  return withSecurityValue({ ...form, outgoing, host: incoming.host, port: String(incoming.port) }, incoming.security)
}

export function withTrusted(form: AccountForm, certificate: TrustedCertificate): AccountForm {
  const others = form.trusted.filter((one) => !(one.host === certificate.host && one.fingerprint === certificate.fingerprint))
  const { host, fingerprint, pem } = certificate
  return { ...form, trusted: [...others.slice(-3), { host, fingerprint, pem }] }
}

/** `Kari Nordmann <kari@firma.no>` and `mailto:` links are read as people paste them. */
export function readAddress(pasted: string): { readonly address: string; readonly name: string } {
  const text = pasted.trim()
  const angled = /^"?([^"<>]*)"?\s*<\s*([^<>\s]+@[^<>\s]+)\s*>[,;]?$/u.exec(text)
  if (angled) return { address: angled[2] ?? '', name: (angled[1] ?? '').trim() }
  return { address: text.replace(/^mailto:/iu, '').replace(/\?.*$/u, '').replace(/[,;]$/u, ''), name: '' }
}

const schemes: Readonly<Record<string, Security | null>> = { imaps: 'tls', imap: null, https: null, http: null }

export function readHost(pasted: string): { readonly host: string; readonly port: string | null; readonly security: Security | null } {
  const text = pasted.trim()
  const scheme = /^([a-z]+):\/\//iu.exec(text)
  const security = scheme?.[1] ? (schemes[scheme[1].toLowerCase()] ?? null) : null
  const rest = scheme ? text.slice(scheme[0].length) : text
  const authority = (scheme ? rest.replace(/[/?#].*$/u, '') : rest.replace(/\/+$/u, '')).replace(/^[^@]*@/u, '')
  // More than one colon is an IPv6 address, not a host with a port.
  const withPortNumber = /^([^:]+):(\d{1,5})$/u.exec(authority)
  if (withPortNumber) return { host: withPortNumber[1] ?? '', port: withPortNumber[2] ?? null, security }
  return { host: authority.replace(/^\[(.*)\]$/u, '$1'), port: null, security }
}

/** The one common spelling of a user name the check does not try by itself: `FIRMA\kari`, as Windows servers want it. */
export function domainUserName(address: string): string | null {
  const [, local, label] = /^([^\s@]+)@([^\s@.]+)\./u.exec(address.trim()) ?? []
  return local === undefined || label === undefined ? null : `${label.toUpperCase()}\\${local}`
}

export function formDraft(form: AccountForm, fallbackUserName: string | null): AccountDraft {
  const address = form.address.trim()
  const host = form.host.trim()
  const outgoing = outgoingOf(form.outgoing)
  const hosts = [host.toLowerCase(), ...(outgoing ? [outgoing.server.host.toLowerCase()] : [])]
  return {
    name: form.name.trim() || address,
    address,
    settings: {
      kind: 'imap',
      incoming: { host, port: Number(form.port), security: form.security },
      outgoing,
      userName: form.userName.trim() || (fallbackUserName ?? address),
      plainConsent: isPlain(form) && form.plainConsent,
      trusted: form.trusted.filter((one) => hosts.includes(one.host.toLowerCase())),
    },
  }
}

/** Mail would be read or sent without encryption. */
export function isPlain(form: AccountForm): boolean {
  return form.security === 'plain' || (form.outgoing.sends && form.outgoing.security === 'plain')
}

export function keepOf(keep: KeepForm): KeepPolicy {
  return {
    bodies: keep.bodies === 'all' ? 'all' : Number(keep.bodyMonths),
    attachments: keep.attachments === 'months' ? Number(keep.attachmentMonths) : keep.attachments,
  }
}

const isMonths = (text: string): boolean => /^\d{1,3}$/u.test(text.trim()) && Number(text) >= 1 && Number(text) <= 240

/** `password`: null when none is asked for. The contract's own schema has the last word, so nothing passes here and fails there. */
export function formProblems(form: AccountForm, password: string | null): FieldProblems {
  const problems: FieldProblems = {}
  const address = form.address.trim()
  if (address === '') problems.address = 'missing'
  else if (!AccountDraft.shape.address.safeParse(address).success) problems.address = 'bad-address'
  if (form.name.trim().length > 200) problems.name = 'too-long'
  if (password === '') problems.password = 'missing'
  else if (password !== null && password.length > 1000) problems.password = 'too-long'
  // Without an address nothing is known of its server yet; asking for both would ask for one too many.
  if (form.host.trim() === '') {
    if (problems.address === undefined) problems.host = 'missing'
  } else if (!ServerAddress.shape.host.safeParse(form.host).success) problems.host = 'bad-host'
  if (!/^\d+$/u.test(form.port) || !ServerAddress.shape.port.safeParse(Number(form.port)).success) problems.port = 'bad-port'
  if (form.userName.trim().length > 320) problems.userName = 'too-long'
  if (isPlain(form) && !form.plainConsent) problems.plainConsent = 'consent-missing'
  return { ...problems, ...keepProblems(form.keep) }
}

/** Of the fields complained about, those still wrong: a complaint ends with its reason and none is added while typing. */
export function problemsLeft(told: FieldProblems, now: FieldProblems): FieldProblems {
  return Object.fromEntries(Object.entries(now).filter(([field]) => field in told))
}

export function keepProblems(keep: KeepForm): FieldProblems {
  return {
    ...(keep.bodies === 'months' && !isMonths(keep.bodyMonths) ? { bodyMonths: 'bad-months' as const } : {}),
    ...(keep.attachments === 'months' && !isMonths(keep.attachmentMonths) ? { attachmentMonths: 'bad-months' as const } : {}),
  }
}

/** True when what the server is asked with differs, so that it must be checked again before it is kept. */
export function needsCheck(before: AccountForm, after: AccountForm, password: string): boolean {
  return (
    password !== '' ||
    before.address.trim() !== after.address.trim() ||
    before.host.trim() !== after.host.trim() ||
    before.port !== after.port ||
    before.security !== after.security ||
    before.userName.trim() !== after.userName.trim() ||
    outgoingDiffers(before.outgoing, after.outgoing)
  )
}
