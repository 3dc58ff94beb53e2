// Server settings of the large providers, as their own help pages give them, and guesses for everybody else. No network:
// an address is matched by its domain alone. Notes are keys of the locale files.
import { domainToASCII } from 'node:url'
import type { Preset } from '../../shared/api/contract.ts'
import type { Security } from '../../shared/model/account.ts'

type Provider = {
  readonly provider: string
  readonly name: string
  readonly domains: readonly string[]
  readonly host: string
  readonly port: number
  readonly security: Security
  readonly notes: readonly string[]
  readonly usable: boolean
  /** What the server wants as user name; the whole address unless it says otherwise. */
  readonly userName?: 'local-part'
}

function imap(provider: string, name: string, domains: readonly string[], host: string, notes: readonly string[] = [], more: Partial<Provider> = {}): Provider {
  return { provider, name, domains, host, port: 993, security: 'tls', notes, usable: true, ...more }
}

const providers: readonly Provider[] = [
  imap('gmail', 'Google', ['gmail.com', 'googlemail.com'], 'imap.gmail.com', ['app-password']),
  imap(
    'microsoft', 'Microsoft 365 and Outlook.com',
    ['outlook.com', 'outlook.de', 'hotmail.com', 'hotmail.de', 'hotmail.no', 'live.com', 'live.de', 'live.no', 'msn.com', 'office365.com'],
    'outlook.office365.com', ['password-off'], { usable: false },
  ),
  imap('icloud', 'iCloud', ['icloud.com', 'me.com', 'mac.com'], 'imap.mail.me.com', ['app-password']),
  imap('yahoo', 'Yahoo', ['yahoo.com', 'yahoo.de', 'yahoo.no', 'yahoo.co.uk', 'ymail.com', 'rocketmail.com'], 'imap.mail.yahoo.com', ['app-password']),
  imap('aol', 'AOL', ['aol.com', 'aol.de'], 'imap.aol.com', ['app-password']),
  imap('fastmail', 'Fastmail', ['fastmail.com', 'fastmail.fm', 'messagingengine.com'], 'imap.fastmail.com', ['app-password']),
  imap('gmx', 'GMX', ['gmx.de', 'gmx.net', 'gmx.at', 'gmx.ch'], 'imap.gmx.net', ['imap-switch-on']),
  imap('gmx', 'GMX', ['gmx.com', 'gmx.us', 'gmx.co.uk'], 'imap.gmx.com', ['imap-switch-on']),
  imap('webde', 'WEB.DE', ['web.de'], 'imap.web.de', ['imap-switch-on']),
  imap('tonline', 'Telekom', ['t-online.de', 'magenta.de'], 'secureimap.t-online.de', ['mail-password']),
  imap('ionos', 'IONOS', ['ionos.de', 'ionos.com', '1und1.de', 'online.de', 'onlinehome.de'], 'imap.ionos.de'),
  imap('strato', 'STRATO', ['strato.de'], 'imap.strato.de'),
  imap('freenet', 'freenet', ['freenet.de'], 'mx.freenet.de'),
  imap('mailboxorg', 'mailbox.org', ['mailbox.org'], 'imap.mailbox.org'),
  imap('posteo', 'Posteo', ['posteo.de', 'posteo.net', 'posteo.org', 'posteo.eu', 'posteo.no'], 'posteo.de'),
  imap('domeneshop', 'Domeneshop', ['domeneshop.no', 'domainnameshop.com'], 'imap.domeneshop.no'),
  imap('online', 'Telenor', ['online.no', 'telenor.no'], 'imap.online.no'),
  imap('onecom', 'one.com', ['one.com'], 'imap.one.com'),
  imap('zoho', 'Zoho', ['zoho.com', 'zohomail.com'], 'imap.zoho.com', ['imap-switch-on', 'app-password']),
  imap('zoho', 'Zoho', ['zoho.eu', 'zohomail.eu'], 'imap.zoho.eu', ['imap-switch-on', 'app-password']),
  imap('proton', 'Proton Mail', ['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'], '127.0.0.1', ['proton-bridge'], { port: 1143, security: 'starttls' }),
  imap('tuta', 'Tuta', ['tuta.com', 'tuta.io', 'tutanota.com', 'tutanota.de', 'tutamail.com', 'keemail.me'], 'imap.tuta.com', ['no-imap'], { usable: false }),
]

const addressPattern = /^([^\s@]+)@([^\s@]+)$/

function preset(found: Provider, userName: string): Preset {
  return {
    provider: found.provider,
    name: found.name,
    settings: { kind: 'imap', incoming: { host: found.host, port: found.port, security: found.security }, userName, plainConsent: false, trusted: [] },
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
  return preset(imap('other', domain, [], host), address.trim() === '' ? 'user' : address.trim())
}

/** Every provider that is known, once, with settings for nobody in particular. */
export function allPresets(): readonly Preset[] {
  const seen = new Set<string>()
  return providers.filter((one) => !seen.has(one.provider) && seen.add(one.provider)).map((one) => preset(one, 'user'))
}
