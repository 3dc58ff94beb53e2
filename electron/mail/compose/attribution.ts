// The lines that introduce an original: who wrote it and when, in the writer's language, in forms that mail programs
// recognise when they fold history away.
import type { Address } from '../../../shared/model/message.ts'
import type { Locale } from '../../../shared/model/settings.ts'

export type Original = {
  readonly from: Address | null
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  /** UTC milliseconds. */
  readonly date: number
  readonly subject: string
}

export type AttributionOptions = { readonly locale: Locale; /** IANA name; undefined: this computer's. */ readonly timeZone?: string | undefined }

const languages: Readonly<Record<Locale, string>> = { en: 'en-GB', de: 'de-DE', nb: 'nb-NO' }

function whenOf(at: number, { locale, timeZone }: AttributionOptions, weekday: boolean): { readonly day: string; readonly time: string } {
  const language = languages[locale]
  const zone = timeZone === undefined ? {} : { timeZone }
  return {
    day: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', year: 'numeric', ...(weekday ? { weekday: 'short' } : {}), ...zone }).format(at),
    time: new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', ...zone }).format(at),
  }
}

function shown(address: Address | null): string {
  if (!address) return ''
  return address.name === '' || address.name === address.address ? address.address : `${address.name} <${address.address}>`
}

export function replyLine(original: Original, options: AttributionOptions): string {
  const { day, time } = whenOf(original.date, options, options.locale === 'en')
  const who = shown(original.from)
  switch (options.locale) {
    case 'en':
      return `On ${day} at ${time}, ${who} wrote:`
    case 'de':
      return `Am ${day} um ${time} schrieb ${who}:`
    case 'nb':
      return `Den ${day} kl. ${time} skrev ${who}:`
  }
}

const forwardWords = {
  en: { title: 'Forwarded message', from: 'From', date: 'Date', subject: 'Subject', to: 'To', cc: 'Cc' },
  de: { title: 'Weitergeleitete Nachricht', from: 'Von', date: 'Datum', subject: 'Betreff', to: 'An', cc: 'Cc' },
  nb: { title: 'Videresendt melding', from: 'Fra', date: 'Dato', subject: 'Emne', to: 'Til', cc: 'Kopi' },
} as const

/** More recipients than this are counted instead of named. */
const namedAtMost = 50

export type ForwardBlock = { readonly title: string; readonly fields: readonly { readonly label: string; readonly value: string }[] }

export function forwardBlock(original: Original, options: AttributionOptions): ForwardBlock {
  const words = forwardWords[options.locale]
  const { day, time } = whenOf(original.date, options, true)
  const people = (list: readonly Address[]): string =>
    list.slice(0, namedAtMost).map(shown).join(', ') + (list.length > namedAtMost ? ` (+${String(list.length - namedAtMost)})` : '')
  const fields = [
    { label: words.from, value: shown(original.from) },
    { label: words.date, value: `${day}, ${time}` },
    { label: words.subject, value: original.subject },
    { label: words.to, value: people(original.to) },
    { label: words.cc, value: people(original.cc) },
  ]
  return { title: `---------- ${words.title} ----------`, fields: fields.filter((field) => field.value !== '') }
}
