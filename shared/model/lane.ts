// Lanes split the inbox by who writes. A rule the person made wins; without one the address book and the mail's own
// headers decide, and the reason can always be shown.
import { z } from 'zod'
import { LaneRuleId } from './ids.ts'

export const lanes = ['candidates', 'clients', 'unknown', 'bulk'] as const
export const Lane = z.enum(lanes)
export type Lane = z.infer<typeof Lane>

/** What a rule looks at: the sender's address, the part after the @, or the List-Id (RFC 2919). All lower-case. */
export const LaneRuleKind = z.enum(['address', 'domain', 'list'])
export type LaneRuleKind = z.infer<typeof LaneRuleKind>

export const LaneRule = z.object({
  id: LaneRuleId,
  kind: LaneRuleKind,
  value: z.string().min(1).max(320),
  lane: Lane,
  createdAt: z.number(),
})
export type LaneRule = z.infer<typeof LaneRule>

/** Why a thread is in its lane. `value` is what the reason is about: an address, a domain, a List-Id. */
export const LaneReason = z.object({
  lane: Lane,
  why: z.enum(['rule', 'list-id', 'automatic', 'written-to-person', 'written-to-company', 'never-written-to']),
  value: z.string(),
  rule: LaneRule.nullable(),
  /** What a rule of each kind would look at for this thread's sender; null where there is nothing to look at. */
  scopes: z.object({ address: z.string().nullable(), domain: z.string().nullable(), list: z.string().nullable() }),
})
export type LaneReason = z.infer<typeof LaneReason>
