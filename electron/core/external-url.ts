// Which addresses may leave the program for another one, checked by every host right before it hands one over.
import { MailFailure } from '../../shared/model/failure.ts'

const schemes: readonly string[] = ['http:', 'https:', 'mailto:', 'tel:']

/** The address in its normal, escaped form. Fails with 'rejected' for anything but http, https, mailto and tel. */
export function externalUrl(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || address.length > 8000 || !schemes.includes(url.protocol)) {
    throw new MailFailure('rejected', 'address-not-allowed', address.slice(0, 200))
  }
  return url.href
}

export function isExternalUrl(address: string): boolean {
  try {
    externalUrl(address)
    return true
  } catch {
    return false
  }
}
