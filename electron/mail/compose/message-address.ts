// Addresses as they travel. What a person typed is cleaned of anything that could begin another header field, and the
// domain is written the way the wire wants it.
import { domainToASCII } from 'node:url'
import type { Address } from '../../../shared/model/message.ts'

/** Control characters, which no name or address has a use for. */
const controls = /[\p{Cc}\u2028\u2029]+/gu

export function cleanName(name: string): string {
  return name.replace(controls, ' ').replace(/\s+/g, ' ').trim()
}

/** The address with its domain in ASCII, or as written where the part before the @ needs SMTPUTF8 anyway (RFC 6531). */
export function wireAddress(address: string): string {
  const clean = address.replace(controls, '').trim()
  const at = clean.lastIndexOf('@')
  if (at === -1) return clean
  const local = clean.slice(0, at)
  const domain = clean.slice(at + 1)
  if (/[^\p{ASCII}]/u.test(local)) return `${local.normalize('NFC')}@${domain.normalize('NFC').toLowerCase()}`
  return `${local}@${domainToASCII(domain) || domain}`
}

export function wireOf(address: Address): Address {
  const [name, wire] = [cleanName(address.name), wireAddress(address.address)]
  return { name: name.toLowerCase() === wire.toLowerCase() ? '' : name, address: wire }
}

/** For comparing: case never tells two people apart. */
export function addressKey(address: string): string {
  return wireAddress(address).toLowerCase()
}

/** Whether mail can be addressed like this: something before an @, and a domain that could be one. */
export function isAddress(address: string): boolean {
  const clean = address.trim()
  if (clean.length > 320 || /[\p{Cc}\s<>,;:()]/u.test(clean.replace(/^"(?:[^"\\]|\\.)*"/, 'x'))) return false
  const at = clean.lastIndexOf('@')
  const local = clean.slice(0, at)
  const domain = clean.slice(at + 1)
  if (at < 1 || Buffer.byteLength(local) > 64) return false
  if (!/^"(?:[^"\\]|\\.)+"$/.test(local) && (/^\.|\.$|\.\./.test(local) || /["\\@[\]]/.test(local))) return false
  if (/^\[(?:IPv6:[0-9a-f:.]+|\d{1,3}(?:\.\d{1,3}){3})\]$/i.test(domain)) return true
  const ascii = domainToASCII(domain)
  return ascii !== '' && ascii.length <= 253 && /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]*[a-z0-9]$/i.test(ascii)
}

/** The domain for Message-IDs and Content-IDs of mail from this address. */
export function idDomain(address: string): string {
  const domain = domainToASCII(address.slice(address.lastIndexOf('@') + 1).trim())
  return /^[a-z0-9.-]+$/i.test(domain) ? domain.toLowerCase() : 'localhost'
}
