// 'Re:' and 'Fwd:' in the languages mail programs write them, so that they are recognised and never pile up.

// Danish, Dutch, Estonian, Finnish, French, German, Greek, Hebrew, Hungarian, Icelandic, Indonesian, Italian, Norwegian,
// Polish, Portuguese, Romanian, Spanish, Swedish, Turkish, Vietnamese, Welsh, Chinese, Japanese, Korean.
const reply = 're|aw|sv|antw|antwoord|antwort|vá|odp|ynt|res|ref|rif|ats|vb|bls|atb|svar|vastus|r|ré|回复|回覆|答复|答覆|返信|회신|σχετ|השב'
const forward = 'fwd|fw|wg|vs|tr|rv|rvs|enc|doorst|vl|továbbítás|továbbított|i|pd|yml|fs|videresendt|vidarebefordrat|weitergeleitet|转发|轉寄|轉發|転送|전달|προωθ|הועבר'
const leading = new RegExp(`^\\s*(?:${reply}|${forward})(?:\\s?\\[\\d{1,4}\\]|\\s?\\(\\d{1,4}\\))?\\s?[:\\uff1a]\\s*`, 'iu')

/** The subject without anything put before it by answering or forwarding. */
export function bareSubject(subject: string): string {
  let rest = subject.replace(/\s+/g, ' ').trim()
  for (let match = leading.exec(rest); match !== null; match = leading.exec(rest)) rest = rest.slice(match[0].length)
  return rest
}

/** 'Re: ' is what every program knows. */
export function replySubject(subject: string): string {
  return `Re: ${bareSubject(subject)}`.trimEnd().slice(0, 2000)
}

export function forwardSubject(subject: string): string {
  return `Fwd: ${bareSubject(subject)}`.trimEnd().slice(0, 2000)
}
