// Server settings of the large providers, as their own help pages give them, and guesses for everybody else. No network:
// an address is matched by its domain alone. Notes are keys of the locale files.
import { domainToASCII } from 'node:url'
import type { Preset } from '../../shared/api/contract.ts'
import type { Security, ServerAddress } from '../../shared/model/account.ts'

type Provider = {
  readonly provider: string
  readonly name: string
  readonly domains: readonly string[]
  readonly host: string
  readonly port: number
  readonly security: Security
  /** The server that sends (RFC 6409), under the same user name and password. */
  readonly sends: ServerAddress
  readonly notes: readonly string[]
  readonly usable: boolean
  /** What the server wants as user name; the whole address unless it says otherwise. */
  readonly userName?: 'local-part'
}

function imap(provider: string, name: string, domains: readonly string[], host: string, sendHost: string, notes: readonly string[] = [], more: Partial<Provider> = {}): Provider {
  return { provider, name, domains, host, port: 993, security: 'tls', sends: submission(sendHost), notes, usable: true, ...more }
}

/** TLS from the first byte, which RFC 8314 prefers. */
function submission(host: string): ServerAddress {
  return { host, port: 465, security: 'tls' }
}

/** Where only the older way is offered. */
function startTls(host: string, port = 587): ServerAddress {
  return { host, port, security: 'starttls' }
}

const providers: readonly Provider[] = [
  imap('gmail', 'Google', ['gmail.com', 'googlemail.com'], 'imap.gmail.com', 'smtp.gmail.com', ['app-password']),
  imap(
    'microsoft', 'Microsoft 365 and Outlook.com',
    ['outlook.com', 'outlook.de', 'hotmail.com', 'hotmail.de', 'hotmail.no', 'live.com', 'live.de', 'live.no', 'msn.com', 'office365.com'],
    'outlook.office365.com', 'smtp.office365.com', ['password-off'], { usable: false, sends: startTls('smtp.office365.com') },
  ),
  imap('icloud', 'iCloud', ['icloud.com', 'me.com', 'mac.com'], 'imap.mail.me.com', 'smtp.mail.me.com', ['app-password'], { sends: startTls('smtp.mail.me.com') }),
  imap('yahoo', 'Yahoo', ['yahoo.com', 'yahoo.de', 'yahoo.no', 'yahoo.co.uk', 'ymail.com', 'rocketmail.com'], 'imap.mail.yahoo.com', 'smtp.mail.yahoo.com', ['app-password']),
  imap('aol', 'AOL', ['aol.com', 'aol.de'], 'imap.aol.com', 'smtp.aol.com', ['app-password']),
  imap('fastmail', 'Fastmail', ['fastmail.com', 'fastmail.fm', 'messagingengine.com'], 'imap.fastmail.com', 'smtp.fastmail.com', ['app-password']),
  imap('gmx', 'GMX', ['gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch'], 'imap.gmx.net', 'mail.gmx.net', ['imap-switch-on']),
  imap('gmx', 'GMX', ['gmx.com', 'gmx.us', 'gmx.co.uk'], 'imap.gmx.com', 'mail.gmx.com', ['imap-switch-on']),
  imap('webde', 'WEB.DE', ['web.de'], 'imap.web.de', 'smtp.web.de', ['imap-switch-on'], { sends: startTls('smtp.web.de') }),
  imap('tonline', 'Telekom', ['t-online.de', 'magenta.de'], 'secureimap.t-online.de', 'securesmtp.t-online.de', ['mail-password']),
  imap('ionos', 'IONOS', ['ionos.de', 'ionos.com', '1und1.de', 'online.de', 'onlinehome.de'], 'imap.ionos.de', 'smtp.ionos.de'),
  imap('strato', 'STRATO', ['strato.de'], 'imap.strato.de', 'smtp.strato.de'),
  imap('freenet', 'freenet', ['freenet.de'], 'mx.freenet.de', 'mx.freenet.de'),
  imap('mailboxorg', 'mailbox.org', ['mailbox.org'], 'imap.mailbox.org', 'smtp.mailbox.org'),
  imap('posteo', 'Posteo', ['posteo.de', 'posteo.net', 'posteo.org', 'posteo.eu', 'posteo.no'], 'posteo.de', 'posteo.de'),
  imap('domeneshop', 'Domeneshop', ['domeneshop.no', 'domainnameshop.com'], 'imap.domeneshop.no', 'smtp.domeneshop.no', [], { sends: startTls('smtp.domeneshop.no') }),
  imap('online', 'Telenor', ['online.no', 'telenor.no'], 'imap.online.no', 'smtp.online.no', [], { sends: startTls('smtp.online.no') }),
  imap('onecom', 'one.com', ['one.com'], 'imap.one.com', 'send.one.com'),
  imap('zoho', 'Zoho', ['zoho.com', 'zohomail.com'], 'imap.zoho.com', 'smtp.zoho.com', ['imap-switch-on', 'app-password']),
  imap('zoho', 'Zoho', ['zoho.eu', 'zohomail.eu'], 'imap.zoho.eu', 'smtp.zoho.eu', ['imap-switch-on', 'app-password']),
  imap('proton', 'Proton Mail', ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'], '127.0.0.1', '127.0.0.1', ['proton-bridge'], { port: 1143, security: 'starttls', sends: startTls('127.0.0.1', 1025) }),
  imap('tuta', 'Tuta', ['tuta.com', 'tuta.io', 'tutanota.com', 'tutanota.de', 'tutamail.com', 'keemail.me'], 'imap.tuta.com', 'imap.tuta.com', ['no-imap'], { usable: false }),
]

const addressPattern = /^([^\s@]+)@([^\s@]+)$/

function preset(found: Provider, userName: string): Preset {
  return {
    provider: found.provider,
    name: found.name,
    settings: {
      kind: 'imap',
      incoming: { host: found.host, port: found.port, security: found.security },
      outgoing: { server: found.sends, signIn: 'incoming', userName: '', sentCopy: 'auto' },
      userName,
      plainConsent: false,
      trusted: [],
    },
    notes: [...found.notes],
    usable: found.usable,
  }
}

/** Settings to begin with for an address; `other` with a guess from its domain when the provider is not known. An address
 *  that is still being typed gives the guess for what is there. */
export function presetFor(address: string): Preset {
  const [, , rawDomain = ''] = addressPattern.exec(address.trim()) ?? []
  const domain = domainToASCII(rawDomain.toLowerCase())
  const known = providers.find((one) => one.domains.includes(domain))
  if (known) return preset(known, address.trim())
  const host = domain === '' ? 'imap.' : `imap.${domain}`
  const sendHost = domain === '' ? 'smtp.' : `smtp.${domain}`
  return preset(imap('other', domain, [], host, sendHost), address.trim() === '' ? 'user' : address.trim())
}

/** The server that most likely sends for mail read from `incoming`. */
export function outgoingFor(incoming: ServerAddress): ServerAddress {
  const host = incoming.host.toLowerCase()
  const known = providers.find((one) => one.host === host && (one.host !== '127.0.0.1' || one.port === incoming.port))
  if (known) return known.sends
  return submission(host.replace(/^imap(?=[.-])/, 'smtp'))
}

/** Servers that look right and cannot be used to send from a recruiter's own computer. */
const unfitHosts: Readonly<Record<string, string>> = {
  // Wants the sender's network registered beforehand.
  'smtp-relay.gmail.com': 'outgoing-relay-only',
  // Takes mail for Google's own mailboxes only, from anybody, and signs nobody in.
  'aspmx.l.google.com': 'outgoing-receives-only',
}

/** Why this server cannot be the one that sends, as a failure code; null when nothing speaks against it. */
export function unfitToSend({ host }: ServerAddress): string | null {
  const bare = host.toLowerCase().replace(/\.$/, '')
  return unfitHosts[bare.replace(/^alt\d\.(?=aspmx\.)/, '')] ?? null
}

/** Every provider that is known, once, with settings for nobody in particular. */
export function allPresets(): readonly Preset[] {
  const seen = new Set<string>()
  return providers.filter((one) => !seen.has(one.provider) && seen.add(one.provider)).map((one) => preset(one, 'user'))
}
