// Tells what a person wrote now from what they carried along: quoted history, forwarded mail, signatures. Used for the
// snippet and for folding in the reader. Every pattern looks at one bounded line, so a hostile text cannot make it slow.

export type TextSplit = {
  /** Written for this message, without signature. */
  readonly fresh: string
  /** From the signature delimiter on, up to the quoted history; '' when there is none. */
  readonly signature: string
  /** Quoted history at the end, with the line that introduces it; '' when there is none. */
  readonly quoted: string
  /** 'forward': the part after `fresh` is what the message is about and should not be folded away. */
  readonly quotedKind: 'none' | 'reply' | 'forward'
}

const maxLine = 400
/** Attribution lines wrap; they are recognised over at most this many lines. */
const maxAttributionLines = 4
const maxLines = 20_000

const wrote = 'wrote|writes|schrieb|schreibt|skrev|skriver|écrit|escribió|scritto|schreef|geschreven|escreveu|napisał|napsal|kirjoitti|írta|пишет|написал'
const attributionEnd = new RegExp(`(?:^|\\s)(?:${wrote})(?:\\s.{0,160}:|\\s*:?)\\s*$`, 'iu')
const attributionStart = /^(?:(?:on|am|den|le|el|il|op|på|em|dne|w dniu|a\(z\)|mån|tir|tirs|ons|tor|tors|fre|lør|lørd|søn|man|mandag|tirsdag|onsdag|torsdag|fredag|lørdag|søndag|mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun)(?=[\s.,:])|\d{1,4}[./-]\s?)/iu
const personWrote = new RegExp(`^.{2,200}(?:<[^<>\\s]+@[^<>\\s]+>|"|\\)).{0,80}(?:${wrote})(?:\\s.{0,100})?:\\s*$`, 'iu')

const originalMessage = /^[-_=*\s]{2,}\s*(?:original message|original appointment|ursprüngliche nachricht|originalnachricht|ursprünglicher termin|opprinnelig melding|opprinnelig avtale|original melding|original besked|oprindelig meddelelse|ursprungligt meddelande|message d'origine|mensaje original|messaggio originale|oorspronkelijk bericht|mensagem original|reply message|antwort)\s*[-_=*\s]{2,}$/iu
const forwardedMessage = /^(?:[-_=*\s]{2,}\s*(?:forwarded message|forwarded by .{0,100}|weitergeleitete nachricht|videresendt melding|videresendt e-post|videresendt besked|vidarebefordrat meddelande|message transféré|mensaje reenviado|messaggio inoltrato|doorgestuurd bericht|mensagem encaminhada)\s*[-_=*\s]{0,}|begin forwarded message\s*:|anfang der weitergeleiteten (?:nachricht|e-mail)\s*:|videresendt melding\s*:|start på videresendt melding\s*:|début du message (?:réexpédié|transféré)\s*:)$/iu

const fromLine = /^[>*\s]*(?:from|von|fra|från|de|da|van|od)\s?:\*?\s*\S/iu
const headerLine = /^[>*\s]*(?:sent|date|to|cc|subject|reply-to|importance|gesendet|datum|an|betreff|wichtigkeit|antwort an|sendt|dato|til|kopi|emne|skickat|till|ämne|envoyé|à|objet|enviado|para|asunto|inviato|a|oggetto|verzonden|aan|onderwerp)\s?:\*?(?:\s|$)/iu
const rule = /^\s*(?:_{10,}|-{20,}|\*{20,}|={20,})\s*$/
const signatureDelimiter = /^(?:-- ?|--\u00a0|—)$/
const deviceSignature = /^(?:sent from my .{2,40}|sent from (?:outlook|mail|samsung|yahoo|proton).{0,60}|get outlook for .{2,20}|von meinem .{2,40} gesendet|gesendet von .{2,40}|diese nachricht wurde von meinem .{2,60}|sendt fra min .{2,40}|sendt fra (?:outlook|e-post|samsung).{0,60}|hent outlook for .{2,20}|skickat från min .{2,40}|envoyé de mon .{2,40}|outlook (?:für|for) (?:ios|android).{0,60}|holen sie sich outlook für .{2,20})$/iu

/** Splits plain text, with LF line ends. The pieces concatenate back to the input but for line ends between them. */
export function splitQuoted(text: string): TextSplit {
  const rows = text.split('\n')
  const count = Math.min(rows.length, maxLines)
  const line = (i: number): string => (rows[i] ?? '').slice(0, maxLine)
  let start = -1
  let kind: TextSplit['quotedKind'] = 'none'
  for (let i = 0; i < count; i++) {
    const found = introducesQuote(line, i, count)
    if (found === 'none') continue
    // A quote with answers below it is a conversation of its own: only what nobody writes after is history.
    if (found === 'reply' && startsWithQuoteMarks(line, i, count) && freshAfterQuotes(line, i, rows.length)) continue
    start = i
    kind = found
    break
  }
  if (start === -1) {
    start = trailingQuoteStart(line, count, rows.length)
    if (start !== -1) kind = 'reply'
  }
  const head = start === -1 ? rows : rows.slice(0, start)
  const quoted = start === -1 ? '' : rows.slice(start).join('\n')
  const sign = signatureStart(head)
  const fresh = sign === -1 ? head.join('\n') : head.slice(0, sign).join('\n')
  const signature = sign === -1 ? '' : head.slice(sign).join('\n')
  return { fresh: fresh.trimEnd(), signature: signature.trimEnd(), quoted: quoted.trim() === '' ? '' : quoted, quotedKind: quoted.trim() === '' ? 'none' : kind }
}

type LineAt = (index: number) => string

function introducesQuote(line: LineAt, i: number, count: number): TextSplit['quotedKind'] {
  const text = line(i).trim()
  if (text === '') return 'none'
  if (forwardedMessage.test(text)) return 'forward'
  if (originalMessage.test(text)) return 'reply'
  if (fromLine.test(text) && headerLines(line, i + 1, count) >= 2) return 'reply'
  if (rule.test(text)) {
    const next = nextFilled(line, i + 1, count)
    if (next !== -1 && next - i <= 3 && fromLine.test(line(next)) && headerLines(line, next + 1, count) >= 2) return 'reply'
    return 'none'
  }
  return isAttribution(line, i, count) ? 'reply' : 'none'
}

/** "On Tuesday Jane wrote:", perhaps wrapped, followed by a quote or by nothing that would speak against one. */
function isAttribution(line: LineAt, i: number, count: number): boolean {
  const first = line(i).trim().replace(/^>+\s*/, '')
  if (first.length < 8) return false
  const starts = attributionStart.test(first)
  if (!starts && !(first.endsWith(':') && personWrote.test(first))) return false
  let joined = first
  for (let used = 1; used <= maxAttributionLines; used++) {
    if (joined.length > maxLine) return false
    const complete = starts ? attributionEnd.test(joined) : personWrote.test(joined)
    if (complete) {
      const next = nextFilled(line, i + used, count)
      if (next !== -1 && line(next).trimStart().startsWith('>')) return true
      // Without quote marks below, only a date or an address tells an attribution from a sentence.
      return joined.endsWith(':') && /\d|@/.test(joined)
    }
    if (!starts || i + used >= count) return false
    const following = line(i + used).trim()
    if (following === '') return false
    joined = `${joined} ${following}`
  }
  return false
}

/** Header-like lines among the next few. */
function headerLines(line: LineAt, from: number, count: number): number {
  let found = 0
  for (let i = from; i < Math.min(from + 8, count); i++) if (headerLine.test(line(i))) found++
  return found
}

function nextFilled(line: LineAt, from: number, count: number): number {
  for (let i = from; i < Math.min(from + 10, count); i++) if (line(i).trim() !== '') return i
  return -1
}

function startsWithQuoteMarks(line: LineAt, i: number, count: number): boolean {
  for (let k = i; k < Math.min(i + maxAttributionLines + 3, count); k++) if (line(k).trimStart().startsWith('>')) return true
  return false
}

function freshAfterQuotes(line: LineAt, from: number, total: number): boolean {
  let seenQuote = false
  for (let i = from; i < Math.min(total, maxLines); i++) {
    const text = line(i).trim()
    if (text.startsWith('>')) seenQuote = true
    else if (text !== '' && seenQuote) return !signatureDelimiter.test(line(i).trimEnd()) && !deviceSignature.test(text)
  }
  return false
}

/** Where a block of '>' lines begins that reaches to the end of the text. */
function trailingQuoteStart(line: LineAt, count: number, total: number): number {
  if (total > maxLines) return -1
  let start = -1
  for (let i = count - 1; i >= 0; i--) {
    const text = line(i).trim()
    if (text.startsWith('>')) start = i
    else if (text !== '') break
  }
  return start
}

const maxSignatureLines = 40

function signatureStart(rows: readonly string[]): number {
  for (let i = rows.length - 1; i >= Math.max(0, rows.length - maxSignatureLines); i--) {
    const row = (rows[i] ?? '').slice(0, maxLine)
    if (signatureDelimiter.test(row) || deviceSignature.test(row.trim())) {
      // "Sent from my phone" often stands below a delimiter of its own.
      for (let k = i - 1; k >= Math.max(0, i - 10); k--) if (signatureDelimiter.test((rows[k] ?? '').slice(0, 10))) return k
      return i
    }
  }
  return -1
}

const snippetLength = 200

/** The first words of what was written now, on one line. Falls back to the quoted part when nothing else is there. */
export function snippetOf(text: string): string {
  const head = text.slice(0, 16_000)
  const split = splitQuoted(head)
  const own = oneLine(split.fresh)
  if (own !== '') return own
  const carried = oneLine(split.quoted.split('\n').filter((row) => !isHeaderRow(row)).join('\n').replace(/^[> ]+/gm, ''))
  return carried !== '' ? carried : oneLine(head)
}

function isHeaderRow(row: string): boolean {
  const text = row.slice(0, maxLine).trim()
  return fromLine.test(text) || headerLine.test(text) || forwardedMessage.test(text) || originalMessage.test(text) || rule.test(text)
}

// Noise in a one-line summary: inline image names, bare link targets, ruler lines, padding newsletters hide after the preheader.
const noise = /\[(?:cid|image|bild|bilde|inline)[^\]\n]{0,200}\]|<https?:[^>\s]{1,2000}>|<mailto:[^>\s]{1,500}>|[-_=*~#]{4,}|[\u034f\u200b\u200e\u200f\u00ad\u2060\ufeff\u2800]|[\u200c\u200d](?=[\s\u200c\u200d]|$)/gu

function oneLine(text: string): string {
  const short = flatten(text.slice(0, 1_000))
  const flat = short.length >= snippetLength || text.length <= 1_000 ? short : flatten(text.slice(0, 12_000))
  if (flat.length <= snippetLength) return flat
  const cut = flat.slice(0, snippetLength)
  const space = cut.lastIndexOf(' ')
  return (space > snippetLength - 40 ? cut.slice(0, space) : cut).toWellFormed().replace(/\ufffd$/, '')
}

function flatten(text: string): string {
  return text.replace(noise, ' ').replace(/[\s\u00a0\u2000-\u200a\u202a-\u202e\u2066-\u2069]+/g, ' ').trim().toWellFormed()
}
