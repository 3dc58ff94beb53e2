// Whom we talk to, for reading and for sending. A certificate is right if an authority vouches for it, or if it is exactly
// the one the person chose to trust for this host; nothing else, and no password is handed out before that is certain.
import { X509Certificate } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import type { ConnectionOptions, PeerCertificate } from 'node:tls'
import { domainToASCII } from 'node:url'
import { MailFailure } from '../../shared/model/failure.ts'
import type { ImapSettings, ServerAddress, TrustedCertificate } from '../../shared/model/account.ts'
import { tlsCode } from './connection-failure.ts'

/** A server and what the person said of trusting it. */
export type ServerTrust = {
  readonly server: ServerAddress
  readonly plainConsent: boolean
  readonly trusted: readonly TrustedCertificate[]
}

/** The server mail is read from. */
export function incomingTrust({ incoming, plainConsent, trusted }: ImapSettings): ServerTrust {
  return { server: incoming, plainConsent, trusted }
}

/** The host as it stands in certificates and name servers; names may be typed with umlauts. */
export function asciiHost(host: string): string {
  return domainToASCII(host) || host
}

export function trustedFor({ server, trusted }: ServerTrust): readonly TrustedCertificate[] {
  const host = server.host.toLowerCase()
  return trusted.filter((one) => one.host.toLowerCase() === host && fingerprintOf(one.pem) === one.fingerprint)
}

/** SHA-256 in upper-case hex pairs; null for text that is no certificate. */
export function fingerprintOf(pem: string): string | null {
  try {
    return new X509Certificate(pem).fingerprint256
  } catch {
    return null
  }
}

/**
 * Options for the handshake. Where a certificate was trusted by hand the handshake itself lets any certificate pass, since
 * OpenSSL refuses an expired one however much it is trusted; `assertTrusted` is then the judge, and no password leaves before it.
 */
export function tlsOptions(trust: ServerTrust): ConnectionOptions {
  return trustedFor(trust).length === 0 ? { minVersion: 'TLSv1.2' } : { minVersion: 'TLSv1.2', rejectUnauthorized: false }
}

/** Throws unless the connection is protected as the settings demand, by a server that is who it should be. */
export function assertTrusted(trust: ServerTrust, socket: unknown): void {
  if (trust.server.security === 'plain') {
    if (!trust.plainConsent) throw plainNotConsented()
    return
  }
  if (!(socket instanceof TLSSocket)) throw new MailFailure('offline', 'starttls-missing')
  if (socket.authorized) return
  const shown = shownCertificate(socket)?.fingerprint256
  const trusted = trustedFor(trust)
  if (shown !== undefined && trusted.some((one) => one.fingerprint === shown)) return
  const reason: unknown = socket.authorizationError
  const code = tlsCode(reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason)) ?? 'tls-untrusted'
  throw new MailFailure('offline', trusted.length > 0 ? 'tls-changed' : code, shown === undefined ? null : `SHA-256 ${shown}`)
}

/** The certificate the other side showed; null when it showed none. */
export function shownCertificate(socket: TLSSocket): X509Certificate | null {
  const peer: PeerCertificate | Record<string, never> = socket.getPeerCertificate()
  // An empty object stands for no certificate.
  return 'raw' in peer ? new X509Certificate(peer.raw) : null
}

export function plainNotConsented(): MailFailure {
  return new MailFailure('offline', 'plain-not-consented')
}
