// Who a message is from and to, as it is written in a header line.
import type { Address, Message } from '../../shared/model/message.ts'

export function personName({ name, address }: Address): string {
  return name.trim() === '' ? address : name
}

/** 'Ada Lovelace <ada@acme.com>' as it is copied. */
export function spelledAddress({ name, address }: Address): string {
  if (name.trim() === '' || name === address) return address
  return /[",;<>@:\\]/u.test(name) ? `"${name.replaceAll(/["\\]/gu, '\\$&')}" <${address}>` : `${name} <${address}>`
}

export function recipientCount(message: Message): number {
  return message.to.length + message.cc.length + message.bcc.length + message.recipientsOmitted
}

/** A name that itself reads like another address is how a stranger passes for someone known. */
export function namePretends({ name, address }: Address): boolean {
  const claimed = /[^\s<>"'(]+@[^\s<>"')]+\.[^\s<>"')]+/u.exec(name)?.[0]
  return claimed !== undefined && claimed.toLowerCase() !== address.toLowerCase()
}

/** Where an answer would go when that is another house than the sender's; lists and programs do that as a matter of course. */
export function repliesElsewhere({ from, replyTo, listId, automatic }: Pick<Message, 'from' | 'replyTo' | 'listId' | 'automatic'>): string | null {
  const reply = replyTo[0]?.address ?? ''
  if (from === null || reply === '' || listId !== null || automatic) return null
  return hostOf(reply) === hostOf(from.address) ? null : reply
}

function hostOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
