// A look over a mail before it goes: what blocks it, and what its writer may have overlooked. Works offline and on what was
// written alone: quotes and signatures are somebody else's words, or the same in every mail.
import type { DraftContent, DraftKind, DraftWarning } from '../../../shared/model/draft.ts'
import { greetingMismatch } from './greeting-names.ts'
import { addressKey, isAddress } from './message-address.ts'
import { textOfHtml } from './plain-text.ts'

export type CheckInput = {
  readonly kind: DraftKind
  readonly content: DraftContent
  readonly hasSender: boolean
  /** Names of files and pictures whose bytes are not here. */
  readonly missingFiles: readonly string[]
  /** Bytes of the whole message as it would travel, about. */
  readonly size: number
  /** Largest message the account's server takes; null: not known. */
  readonly sizeLimit: number | null
  /** Of the recipients those to whom mail could not be delivered before; addressKey. */
  readonly bounced: ReadonlySet<string>
}

const manyInTo = 10

export function checkDraft(input: CheckInput): DraftWarning[] {
  const { content, kind } = input
  const warnings: DraftWarning[] = []
  const warn = (code: DraftWarning['code'], values: DraftWarning['values'] = {}, blocks = false): void => {
    warnings.push({ code, blocks, values })
  }
  const everyone = [...content.to, ...content.cc, ...content.bcc]
  const whole = textOfHtml(content.html)
  const written = writtenText(content.html)
  const redirect = kind === 'redirect'

  if (everyone.every((one) => one.address.trim() === '')) warn('no-recipient', {}, true)
  for (const one of everyone) {
    if (one.address.trim() !== '' && !isAddress(one.address)) warn('bad-address', { address: one.address }, true)
  }
  if (!input.hasSender) warn('no-sender', {}, true)
  if (!redirect) {
    for (const field of unresolvedFields(`${content.subject}\n${whole}`)) warn('unresolved-field', { field }, true)
  }
  for (const name of input.missingFiles) warn('file-missing', { name }, true)
  if (input.sizeLimit !== null && input.size > input.sizeLimit) warn('too-large', { limit: String(input.sizeLimit), size: String(input.size) }, true)

  if (!redirect) {
    const shows = /<img\b/i.test(withoutCarried(content.html))
    const subject = kind === 'new' || kind === 'edit' ? `${content.subject}\n` : ''
    const promised = content.files.length === 0 && !shows ? promisedAttachment(subject + written) : null
    if (promised !== null) warn('attachment-forgotten', { word: promised })
    if (content.subject.trim() === '') warn('empty-subject')
    const carries = content.files.length > 0 || shows || ((kind === 'forward' || kind === 'forward-attached') && content.quote)
    if (written.trim() === '' && !carries) warn('empty-text')
    const mismatch = greetingMismatch(written, content.to.length > 0 ? content.to : content.cc)
    if (mismatch) warn('name-mismatch', { greeting: mismatch.greeting, name: mismatch.name })
  }
  if (content.to.length > manyInTo) warn('many-in-to', { count: String(content.to.length) })
  for (const one of everyone) {
    if (isAutomatic(one.address)) warn('automatic-address', { address: one.address })
    else if (input.bounced.has(addressKey(one.address))) warn('bounced-before', { address: one.address })
  }
  return warnings
}

/** What the writer wrote for this mail: no signature, nothing quoted. */
export function writtenText(html: string): string {
  return textOfHtml(withoutCarried(html))
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n')
}

/** The HTML without signature and quotes, counting tags of the same name to find where each ends. */
export function withoutCarried(html: string): string {
  return withoutElements(withoutElements(html, /<div\b[^>]*\sdata-signature\b[^>]*>/i, 'div'), /<blockquote\b[^>]*>/i, 'blockquote')
}

function withoutElements(html: string, opening: RegExp, name: string): string {
  let rest = html
  let out = ''
  for (let match = opening.exec(rest); match !== null; match = opening.exec(rest)) {
    out += rest.slice(0, match.index)
    const tag = new RegExp(`<(/?)${name}\\b[^>]*>`, 'gi')
    tag.lastIndex = match.index + match[0].length
    let depth = 1
    let end = rest.length
    for (let found = tag.exec(rest); found !== null; found = tag.exec(rest)) {
      depth += found[1] === '/' ? -1 : 1
      if (depth === 0) {
        end = found.index + found[0].length
        break
      }
    }
    rest = rest.slice(end)
  }
  return out + rest
}

/** Merge fields and conditions that were not filled in, as written. */
function unresolvedFields(text: string): string[] {
  const found = new Set<string>()
  for (const match of text.matchAll(/\{\{[\s\S]{0,300}?\}\}|\{%[\s\S]{0,300}?%\}/g)) {
    found.add(match[0].replace(/\s+/g, ' '))
    if (found.size >= 20) break
  }
  return [...found]
}

const promises = [
  // English
  /\b(?:attached|attachments?|enclosed|(?:i|we)(?:'ve| have| am|'m| are|'re)? attach(?:ing)?|find (?:\w+ ){0,3}attached|see attached)\b/giu,
  // German
  /(?<![\p{L}])(?:anbei|angehängte?[nrsm]?|beigefügte?[nrsm]?|beiliegende?[nrsm]?|anliegende?[nrsm]?|(?:im|den|als|siehe|dem|einen) anhang|anhänge|(?:in der|als|siehe|beiliegende) anlage)(?![\p{L}])|(?<![\p{L}])(?:hänge|hängen|füge|fügen|lege|legen)\b[^.!?\n]{0,60}\b(?:an|bei)(?![\p{L}])/giu,
  // Norwegian
  /(?<![\p{L}])(?:vedlagte?|vedlegg(?:et|ene|er|ene)?|(?:legger|legge|lagt|sender|la) (?:\p{L}+ ){0,4}ved(?:lagt)?)(?![\p{L}])/giu,
]

/** The other side's attachments, and their absence. */
const notPromised = [
  /\b(?:you|your|they|he|she|his|her|their)\b[^.!?\n]{0,25}$/iu,
  /\b(?:thanks|thank you|received|got|opened|read|reading|no|without|un|cannot open|can't open)\b[^.!?\n]{0,25}$/iu,
  /(?<![\p{L}])(?:ihr|ihre[nrsm]?|dein|deine[nrsm]?|euer|eure[nrsm]?|danke|dank|erhalten|ohne|kein|keine[nrm]?)(?![\p{L}])[^.!?\n]{0,25}$/iu,
  /(?<![\p{L}])(?:takk|ditt|deres|din|dine|uten|ingen|mottatt|fikk)(?![\p{L}])[^.!?\n]{0,25}$/iu,
]

function promisedAttachment(text: string): string | null {
  for (const pattern of promises) {
    for (const match of text.matchAll(pattern)) {
      const before = text.slice(Math.max(0, match.index - 60), match.index)
      if (notPromised.some((one) => one.test(before))) continue
      // Somebody attached to a team or a place.
      if (/^attached$/i.test(match[0]) && /^\s+to (?:the|our|a|an|my|your|his|her|their)\s+(?!(?:e-?mail|mail|message|letter|note)\b)/iu.test(text.slice(match.index + match[0].length))) continue
      return match[0].replace(/\s+/g, ' ')
    }
  }
  return null
}

/** Addresses behind which nobody reads. */
export function isAutomatic(address: string): boolean {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase()
  return /(?:^|[._+-])(?:no[._-]?reply|do[._-]?not[._-]?reply|dont[._-]?reply|donotrespond|no[._-]?response|mailer[._-]?daemon|postmaster|bounces?|noresponse|nicht[._-]?antworten|ikke[._-]?svar|unattended|auto[._-]?reply|notifications?)(?:$|[._+=-])/.test(local)
}
