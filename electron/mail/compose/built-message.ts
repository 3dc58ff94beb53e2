// What building a draft into mail gives: the frozen bytes and everything that sending and filing them needs.
import type { IdentityId } from '../../../shared/model/ids.ts'
import type { Address } from '../../../shared/model/message.ts'

export type BuiltMessage = {
  /** RFC 5322 with CRLF, without a Bcc field: what travels. */
  readonly raw: Uint8Array
  /** The same with the Bcc field, for the recruiter's own copy in Sent; equal to `raw` when nobody is in Bcc. */
  readonly copy: Uint8Array
  /** Without angle brackets. */
  readonly headerMessageId: string
  readonly identityId: IdentityId | null
  readonly from: Address
  readonly subject: string
  readonly recipients: readonly (Address & { readonly kind: 'to' | 'cc' | 'bcc' })[]
  readonly notify: boolean
}
