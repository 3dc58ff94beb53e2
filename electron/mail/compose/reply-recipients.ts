// Who an answer goes to. The writer's own addresses are never among them unless nobody else is left; everybody is named
// once.
import type { Address } from '../../../shared/model/message.ts'
import { addressKey } from './message-address.ts'

export type Answered = {
  readonly from: Address | null
  readonly replyTo: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  /** Where the list it came by takes mail. */
  readonly listPost: string | null
  readonly followupTo: readonly Address[]
}

export type ReplyRecipients = { readonly to: Address[]; readonly cc: Address[] }

export function replyRecipients(message: Answered, everyone: boolean, own: ReadonlySet<string>): ReplyRecipients {
  const isOwn = (one: Address): boolean => own.has(addressKey(one.address))
  // Answering what one sent oneself goes on to those it was sent to.
  if (message.from && isOwn(message.from)) {
    const to = unique(message.to)
    const others = to.filter((one) => !isOwn(one))
    const cc = everyone ? unique(message.cc, to).filter((one) => !isOwn(one)) : []
    if (others.length > 0 || cc.length > 0) return { to: others, cc }
    return { to: to.length > 0 ? to : [message.from], cc: [] }
  }
  if (everyone && message.followupTo.length > 0) return { to: withoutOwn(unique(message.followupTo), isOwn), cc: [] }
  const target = answerTo(message, everyone)
  if (!everyone) return { to: unique(target), cc: [] }
  const to = withoutOwn(unique([...target, ...message.to]), isOwn)
  return { to, cc: unique(message.cc, to).filter((one) => !isOwn(one)) }
}

/** The Reply-To field, unless the list put itself there: an answer to one person is then meant for the writer. */
function answerTo(message: Answered, everyone: boolean): readonly Address[] {
  const from = message.from ? [message.from] : []
  const replyTo = message.replyTo.filter((one) => one.address.includes('@'))
  if (replyTo.length === 0) return from
  const list = message.listPost === null ? null : addressKey(message.listPost)
  if (list === null || !replyTo.some((one) => addressKey(one.address) === list)) return replyTo
  if (everyone) return [...from, ...replyTo]
  const others = replyTo.filter((one) => addressKey(one.address) !== list)
  return others.length > 0 ? others : from.length > 0 ? from : replyTo
}

function withoutOwn(list: readonly Address[], isOwn: (one: Address) => boolean): Address[] {
  const others = list.filter((one) => !isOwn(one))
  return others.length > 0 ? others : [...list]
}

/** Each address once, and none that is already in `taken`. */
export function unique(list: readonly Address[], taken: readonly Address[] = []): Address[] {
  const seen = new Set(taken.map((one) => addressKey(one.address)))
  return list.flatMap((one) => {
    const key = addressKey(one.address)
    if (key === '' || seen.has(key)) return []
    seen.add(key)
    return [{ name: one.name === one.address ? '' : one.name, address: one.address }]
  })
}
