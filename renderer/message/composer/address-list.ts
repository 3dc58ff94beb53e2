// Reads the addresses a person types or pastes, in any of the forms they come in: 'Kari <k@a.no>; b@c.de, "Doe, Jane" <j@d.com>',
// one to a line, a mailto: link, a column from a table. Tolerant in what it reads; `isAddress` says what can be sent to.
import type { Recipient } from '../../../shared/model/draft.ts'

const angled = /<\s*(?:mailto:)?([^<>]*?)\s*>/iu

/**
 * Splits at commas, semicolons, line breaks and tabs, but not inside quotes, angle brackets or comments, and not at a comma
 * that belongs to a name ('Nordmann, Kari <kari@a.no>').
 */
function pieces(text: string): readonly string[] {
  const found: string[] = []
  let piece = ''
  let quoted = false
  let depth = 0
  const end = (): void => {
    if (piece.trim() !== '') found.push(piece.trim())
    piece = ''
  }
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at)
    if (quoted && sign === '\\') {
      piece += sign + text.charAt(at + 1)
      at += 1
      continue
    }
    if (sign === '"') quoted = !quoted && closes(text, at, '"') ? true : false
    else if (!quoted && sign === '<' && closes(text, at, '>')) depth += 1
    else if (!quoted && sign === '>') depth = Math.max(0, depth - 1)
    if (/[\r\n\t]/u.test(sign) || (!quoted && depth === 0 && /[,;，；]/u.test(sign))) {
      // A line break ends everything: a quote left open swallows one line at most.
      if (/[\r\n\t]/u.test(sign)) {
        quoted = false
        depth = 0
        end()
      } else if (sign === ',' && !piece.includes('@') && isFamilyName(piece, text.slice(at + 1))) piece += sign
      else end()
    } else piece += sign
  }
  end()
  return found
}

/**
 * What of a line being typed is finished, as its separators say, and what is still being written. A comma after a bare word
 * may be a family name, one in quotes belongs to a name.
 */
export function splitTyped(text: string): { readonly whole: readonly Recipient[]; readonly rest: string } {
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const before = text.slice(0, at)
    const sign = text.charAt(at)
    const ends = sign === '\n' || (/[,;]/u.test(sign) && !isInsideQuotes(before) && (sign === ';' || (/[^,;\n]*$/u.exec(before)?.[0] ?? '').includes('@')))
    if (ends) return { whole: splitAddresses(before), rest: text.slice(at + 1).trimStart() }
  }
  return { whole: [], rest: text }
}

export function isInsideQuotes(before: string): boolean {
  return (before.match(/"/gu) ?? []).length % 2 === 1
}

function closes(text: string, at: number, sign: string): boolean {
  const line = /[\r\n]/u.exec(text.slice(at + 1))
  const rest = text.slice(at + 1, line === null ? undefined : at + 1 + line.index)
  return rest.includes(sign)
}

/** Whether what stands before a comma is the first half of a name: the next piece brings the address in brackets. */
function isFamilyName(before: string, after: string): boolean {
  if (before.trim() === '') return false
  const next = /^([^,;<>@\r\n\t"]*)<[^<>\r\n]*@[^<>\r\n]*>/u.exec(after)
  return next !== null && (next[1] ?? '').trim() !== ''
}

function unquoted(name: string): string {
  const trimmed = name.trim()
  const inner = /^(["'])(.*)\1$/su.exec(trimmed)?.[2] ?? trimmed
  return inner.replaceAll(/\\(.)/gsu, '$1').replaceAll(/\s+/gu, ' ').trim()
}

/** One piece; without an address it becomes a recipient whose address is the text itself, for the person to mend. */
export function readAddress(piece: string): Recipient {
  const text = piece.trim().replace(/^(?:mailto:)/iu, '')
  const brackets = angled.exec(text)
  if (brackets !== null) {
    const address = (brackets[1] ?? '').trim()
    const name = unquoted(`${text.slice(0, brackets.index)} ${text.slice(brackets.index + brackets[0].length)}`)
    return { name: name === address ? '' : name, address }
  }
  // 'kari@a.no (Kari Nordmann)', the old way of naming.
  const comment = /^(\S+@\S+)\s*\(([^()]*)\)$/u.exec(text)
  if (comment !== null) return { name: unquoted(comment[2] ?? ''), address: comment[1] ?? '' }
  if (isAddress(text)) return { name: '', address: text }
  // 'Kari Nordmann kari@a.no', as copied from a table or a page.
  const apart = /^(.+?)\s+(\S+@\S+)$/su.exec(text)
  const last = trimmedAddress(apart?.[2] ?? '')
  if (apart !== null && isAddress(last)) return { name: unquoted(apart[1] ?? ''), address: last }
  return { name: '', address: trimmedAddress(text) }
}

function trimmedAddress(text: string): string {
  return text.replace(/^[<('"]+/u, '').replace(/[>)'".,;:]+$/u, '')
}

export function splitAddresses(text: string): readonly Recipient[] {
  const bare = text.trim().replace(/^mailto:/iu, '').replace(/\?.*$/su, (query) => (/^mailto:/iu.test(text.trim()) ? '' : query))
  return pieces(bare).flatMap((piece) => {
    // Several bare addresses with only spaces between them.
    const words = piece.split(/\s+/u)
    if (words.length > 1 && !angled.test(piece) && words.every((word) => isAddress(trimmedAddress(word)))) return words.map((word) => readAddress(word))
    return [readAddress(piece)]
  })
}

/**
 * Whether mail can be addressed to it: a local part, an @ and a domain of at least two labels or an address literal. Letters of
 * any script are fine (RFC 6531, IDN). Says nothing of whether anybody is there.
 */
export function isAddress(text: string): boolean {
  const at = text.lastIndexOf('@')
  if (at <= 0 || text.length > 320) return false
  const local = text.slice(0, at)
  const domain = text.slice(at + 1)
  // Octets, not letters: RFC 5321 4.5.3.1.
  if (new TextEncoder().encode(local).length > 64) return false
  const localOk = /^"(?:[^"\\\r\n]|\\[^\r\n])*"$/u.test(local) || (/^[^\s"(),:;<>@[\]\\]+$/u.test(local) && !local.startsWith('.') && !local.endsWith('.') && !local.includes('..'))
  if (!localOk) return false
  if (/^\[(?:IPv6:[\da-f:.]+|\d{1,3}(?:\.\d{1,3}){3})\]$/iu.test(domain)) return true
  const labels = domain.split('.')
  return labels.length >= 2 && domain.length <= 253 && labels.every((label) => /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u.test(label) && label.length <= 63)
}

/** Adds without saying anybody twice; a later one with a name gives the earlier its name. */
export function withRecipients(list: readonly Recipient[], more: readonly Recipient[]): readonly Recipient[] {
  const result = [...list]
  for (const one of more) {
    const at = result.findIndex((other) => sameAddress(other.address, one.address))
    const known = result[at]
    if (known === undefined) result.push(one)
    else if (known.name === '' && one.name !== '') result[at] = { ...known, name: one.name }
  }
  return result
}

export function sameAddress(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
