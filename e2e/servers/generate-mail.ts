// A recruiter's mailbox of any size, the same for the same plan: threads with real References, three languages,
// HTML alternatives, attachments, sizes with a long tail, several folders. The mail is made up; the addresses are in
// domains that cannot exist (RFC 2606). It is made a thread at a time, so a hundred thousand messages need no memory.
import type { Maildir } from './maildir.ts'
import { PROBES, createRandom, logNormal, pick, vocabularyOf } from './vocabulary.ts'
import type { Language, Probe, Random } from './vocabulary.ts'

export type MailboxPlan = {
  readonly seed: number
  readonly messages: number
  /** Nothing is later, and the newest mail is near it. Default: now. */
  readonly until?: Date
  /** How far back it goes. Default: 36. */
  readonly months?: number
  /** Whose mailbox it is. */
  readonly owner?: Person
}

export type Person = { readonly name: string; readonly address: string }

export type GeneratedMail = {
  readonly path: readonly string[]
  /** With bare line feeds, as a Maildir keeps it. */
  readonly raw: Buffer
  readonly flags: readonly string[]
  readonly date: Date
  readonly messageId: string
  /** Mails of one conversation share this number. */
  readonly thread: number
  readonly attachments: number
  /** Which of the probe words its text contains. */
  readonly probes: readonly Probe[]
}

export type MailboxSummary = {
  readonly messages: number
  readonly bytes: number
  readonly largest: number
  readonly threads: number
  readonly withAttachments: number
  readonly unread: number
  /** By folder path joined with a slash. */
  readonly folders: Readonly<Record<string, number>>
  /** In how many messages each probe word stands. */
  readonly probes: Readonly<Record<Probe, number>>
}

/** Writes the whole mailbox. Twenty thousand messages are some 400 MB. */
export function writeMailbox(maildir: Maildir, plan: MailboxPlan): MailboxSummary {
  const folders: Record<string, number> = {}
  const probes: Record<Probe, number> = { half: 0, hundredth: 0, thousandth: 0 }
  const threads = new Set<number>()
  let [messages, bytes, largest, withAttachments, unread] = [0, 0, 0, 0, 0]
  for (const mail of generateMail(plan)) {
    maildir.add(mail.path, mail)
    const folder = mail.path.join('/')
    folders[folder] = (folders[folder] ?? 0) + 1
    for (const probe of mail.probes) probes[probe] += 1
    threads.add(mail.thread)
    messages += 1
    bytes += mail.raw.length
    largest = Math.max(largest, mail.raw.length)
    if (mail.attachments > 0) withAttachments += 1
    if (!mail.flags.includes('\\Seen')) unread += 1
  }
  return { messages, bytes, largest, threads: threads.size, withAttachments, unread, folders, probes }
}

type Kind = {
  readonly share: number
  /** Mean length of a thread. */
  readonly mails: number
  readonly html: number
  readonly attachment: number
  /** Median of the words in one mail, before quotes. */
  readonly words: number
  readonly subjects: Readonly<Record<Language, readonly string[]>>
}

const POSITIONS = [
  'Backend Developer', 'Frontend Developer', 'Data Engineer', 'Head of Sales', 'Controller', 'Nurse Manager',
  'Key Account Manager', 'Elektroingenieur', 'Projektleiter Bau', 'Buchhalterin', 'Sykepleier', 'Regnskapsfører',
  'Product Owner', 'UX Designer', 'Security Analyst', 'Mechatroniker', 'HR Business Partner', 'Prosjektleder IKT',
] as const

const KINDS: Readonly<Record<'application' | 'scheduling' | 'client' | 'internal' | 'notice' | 'newsletter' | 'junk', Kind>> = {
  application: {
    share: 0.3, mails: 3, html: 0.5, attachment: 0.42, words: 140,
    subjects: {
      en: ['Application for {position}', 'My CV for {position}', '{position} - {name}'],
      de: ['Bewerbung als {position}', 'Meine Unterlagen für {position}', 'Initiativbewerbung {name}'],
      nb: ['Søknad på stilling som {position}', 'Søknad {position}', 'Min CV - {name}'],
    },
  },
  scheduling: {
    share: 0.2, mails: 5, html: 0.6, attachment: 0.04, words: 60,
    subjects: {
      en: ['Your availability next week', 'Meeting about {position}', 'Times for a first call'],
      de: ['Terminvorschlag {position}', 'Kennenlernen nächste Woche', 'Ihr Gespräch am Dienstag'],
      nb: ['Tidspunkt for samtale', 'Møte om stillingen som {position}', 'Når passer det for deg?'],
    },
  },
  client: {
    share: 0.14, mails: 6, html: 0.75, attachment: 0.1, words: 120,
    subjects: {
      en: ['Shortlist for {position}', 'Fwd: Profile {name}', 'Feedback on {name}'],
      de: ['Auswahl für {position}', 'WG: Profil {name}', 'Rückmeldung zu {name}'],
      nb: ['Kandidater til {position}', 'VS: Profil {name}', 'Tilbakemelding på {name}'],
    },
  },
  internal: {
    share: 0.1, mails: 4, html: 0.4, attachment: 0.06, words: 70,
    subjects: {
      en: ['Numbers for {position}', 'Weekly meeting', 'Who takes {name}?'],
      de: ['Zahlen {position}', 'Runde am Montag', 'Wer übernimmt {name}?'],
      nb: ['Tall for {position}', 'Ukesmøte', 'Hvem tar {name}?'],
    },
  },
  notice: {
    share: 0.15, mails: 1, html: 1, attachment: 0, words: 90,
    subjects: {
      en: ['{name} viewed your job {position}', 'New applicants for {position}', 'You have 3 new messages'],
      de: ['Neue Bewerber für {position}', '{name} möchte sich vernetzen', 'Ihre Anzeige läuft ab'],
      nb: ['Nye søkere til {position}', '{name} vil knytte kontakt', 'Annonsen din utløper'],
    },
  },
  newsletter: {
    share: 0.08, mails: 1, html: 1, attachment: 0, words: 700,
    subjects: {
      en: ['What {position}s earn this year', 'The hiring week', 'Ten questions to ask'],
      de: ['Gehälter im Überblick', 'Der Personalbrief', 'Neues aus dem Arbeitsrecht'],
      nb: ['Lønnsstatistikken er her', 'Ukens stillinger', 'Nytt om arbeidslivet'],
    },
  },
  junk: {
    share: 0.03, mails: 1, html: 0.8, attachment: 0.05, words: 80,
    subjects: {
      en: ['Congratulations!!', 'Invoice overdue', 'Your parcel'],
      de: ['Glückwunsch!!', 'Offene Rechnung', 'Ihr Paket'],
      nb: ['Gratulerer!!', 'Ubetalt faktura', 'Din pakke'],
    },
  },
}
type KindName = keyof typeof KINDS

const FIRST_NAMES: Readonly<Record<Language, readonly string[]>> = {
  en: ['Olivia', 'James', 'Amelia', 'Noah', 'Priya', 'Daniel', 'Chloe', 'Marcus', 'Zoë', 'Liam', 'Grace', 'Owen', 'Sinéad', 'Ravi'],
  de: ['Anna', 'Jürgen', 'Sabine', 'Lukas', 'Käthe', 'Felix', 'Ayşe', 'Björn', 'Heike', 'Moritz', 'Jörg', 'Lena', 'Günther', 'Mehmet'],
  nb: ['Ingrid', 'Ola', 'Kari', 'Bjørn', 'Åse', 'Håkon', 'Sølvi', 'Lars', 'Astrid', 'Øyvind', 'Marit', 'Trond', 'Nora', 'Jonas'],
}
const LAST_NAMES: Readonly<Record<Language, readonly string[]>> = {
  en: ['Smith', 'Okafor', 'Walker', 'O\u2019Brien', 'Patel', 'Hughes', 'Clarke', 'Bennett', 'Fraser', 'Quinn', 'Sutton', 'Nwosu', 'Reid'],
  de: ['Müller', 'Schröder', 'Weiß', 'Köhler', 'Becker', 'Yılmaz', 'Groß', 'Krüger', 'Schäfer', 'Lang', 'Hübner', 'Vogt', 'Pohl'],
  nb: ['Nordmann', 'Hansen', 'Bråten', 'Sæther', 'Lunde', 'Østby', 'Haugen', 'Dahl', 'Moen', 'Strøm', 'Aasen', 'Bakke', 'Vik'],
}
const FREE_MAIL = ['postbox.example', 'mymail.example', 'postfach.example', 'epost.example', 'inbox.example'] as const
const COMPANIES = ['northwind', 'fjordkraft-drift', 'werk-und-partner', 'acme', 'helsehuset', 'stadtbank', 'loopworks', 'grenland-bygg'] as const
const NOTIFIERS: readonly Person[] = [
  { name: 'JobBoard', address: 'no-reply@jobboard.example' },
  { name: 'Network Notifications', address: 'messages-noreply@network.example' },
  { name: 'Stillingsbasen', address: 'varsel@stillingsbasen.example' },
]
const OWNER: Person = { name: 'Anna Recruiter', address: 'anna@shortlist.example' }

const DAY = 86_400_000
const QUOTE_LIMIT = 6_000

type Written = {
  readonly messageId: string
  readonly references: readonly string[]
  readonly from: Person
  readonly date: number
  readonly text: string
  readonly probes: ReadonlySet<Probe>
}

export function* generateMail(plan: MailboxPlan): Generator<GeneratedMail> {
  const random = createRandom(plan.seed)
  const until = (plan.until ?? new Date()).getTime()
  const span = (plan.months ?? 36) * 30.4 * DAY
  const owner = plan.owner ?? OWNER
  const people = Math.max(40, Math.floor(plan.messages / 7))
  const filler = createFiller(plan.seed)
  const counts: Record<Probe, number> = { half: 0, hundredth: 0, thousandth: 0 }
  const quotas: readonly (readonly [Probe, number])[] = [['half', 0.5], ['hundredth', 0.01], ['thousandth', 0.001]]
  const positions = POSITIONS.slice(0, Math.max(2, Math.min(POSITIONS.length, Math.ceil(plan.messages / 400))))
  let made = 0

  for (let thread = 0; made < plan.messages; thread += 1) {
    const kindName = pickKind(random)
    const kind = KINDS[kindName]
    const language: Language = pickLanguage(random)
    const position = pick(random, positions)
    const candidate = personOf(plan.seed, Math.floor(people * random() ** 2), language, pick(random, FREE_MAIL))
    const contact = personOf(plan.seed, people + Math.floor(60 * random() ** 2), language, `${pick(random, COMPANIES)}.example`)
    const colleague = personOf(plan.seed, people + 100 + Math.floor(12 * random()), language, domainOf(owner.address))
    const subject = pick(random, kind.subjects[language]).replace('{position}', position).replace('{name}', candidate.name)
    const others = othersOf(kindName, random, candidate, contact, colleague)
    // The mailbox grew: recent months hold more than early ones.
    let date = until - span * random() ** 1.35
    const length = Math.min(1 + geometric(random, kind.mails - 1), 60, plan.messages - made)
    const written: Written[] = []
    const pending: GeneratedMail[] = []

    for (let index = 0; index < length; index += 1) {
      const parent = index === 0 ? undefined : random() < 0.85 ? written.at(-1) : pick(random, written)
      const begins = kindName === 'client' || kindName === 'internal' || kindName === 'scheduling' ? random() < 0.5 : false
      const outgoing = parent === undefined ? begins : parent.from !== owner && random() < 0.7
      const from = outgoing ? owner : pick(random, others)
      const to = outgoing ? [pick(random, others)] : [owner]
      if (others.length > 1 && random() < 0.4) to.push(pick(random, others))
      if (parent !== undefined) date = Math.max(date, parent.date) + logNormal(random, 5 * 3_600_000, 1.4)
      if (date > until) break

      const inherited = parent !== undefined && random() < 0.6 ? parent : undefined
      const probes = new Set<Probe>(inherited?.probes)
      const own: string[] = []
      for (const [probe, quota] of quotas) {
        if (!probes.has(probe) && counts[probe] < quota * (made + 1)) {
          probes.add(probe)
          own.push(PROBES[probe])
        }
        if (probes.has(probe)) counts[probe] += 1
      }
      const words = Math.max(8, Math.round(logNormal(random, kind.words, 0.7)))
      const text = writeText(random, language, words, own, from) + (inherited === undefined ? '' : quote(inherited))
      const messageId = `<${plan.seed.toString(36)}.${made.toString(36)}.${hex(random, 8)}@${domainOf(from.address)}>`
      const references = parent === undefined ? [] : [...parent.references, parent.messageId]
      // The first mail brings the papers; later ones seldom do.
      const attachments = random() < kind.attachment * (parent === undefined ? 1 : 0.3) ? (random() < 0.75 ? 1 : 2) : 0
      written.push({ messageId, references, from, date, text, probes })

      const raw = compose(random, filler, {
        kind: kindName,
        from,
        to,
        subject: parent === undefined ? subject : `${random() < 0.9 || language === 'en' ? 'Re' : language === 'de' ? 'AW' : 'SV'}: ${subject}`,
        date,
        messageId,
        // A few programs keep In-Reply-To only, and a very few lose the thread altogether.
        inReplyTo: parent === undefined || (index > 1 && random() < 0.01) ? null : parent.messageId,
        references: random() < 0.05 ? [] : references,
        text,
        html: random() < kind.html,
        attachmentNames: Array.from({ length: attachments }, (_, place) => attachmentName(random, place, candidate, language)),
        candidate,
      })
      const age = until - date
      pending.push({
        path: folderOf(random, kindName, outgoing, age, position),
        raw,
        flags: flagsOf(random, kindName, outgoing, age),
        date: new Date(Math.floor(date / 1000) * 1000),
        messageId,
        thread,
        attachments,
        probes: [...probes],
      })
      made += 1
    }
    const answered = new Set(written.filter((each) => each.from === owner).map((each) => each.references.at(-1)))
    for (const mail of pending) yield answered.has(mail.messageId) ? { ...mail, flags: [...mail.flags, '\\Answered'] } : mail
  }
}

// --- who writes ---

function personOf(seed: number, index: number, language: Language, domain: string): Person {
  const random = createRandom(seed * 7919 + index)
  const name = `${pick(random, FIRST_NAMES[language])} ${pick(random, LAST_NAMES[language])}`
  const local = name
    .toLowerCase()
    .replace(/ß/g, 'ss').replace(/ø/g, 'o').replace(/æ/g, 'ae').replace(/ı/g, 'i')
    .normalize('NFD')
    .replace(/[^a-z ]/g, '')
    .replace(' ', '.')
  return { name, address: `${local}${random() < 0.5 ? String(index) : ''}@${domain}` }
}

function othersOf(kind: KindName, random: Random, candidate: Person, contact: Person, colleague: Person): readonly Person[] {
  switch (kind) {
    case 'application':
      return [candidate]
    case 'scheduling':
      return random() < 0.5 ? [candidate] : [candidate, contact]
    case 'client':
      return random() < 0.7 ? [contact] : [contact, colleague]
    case 'internal':
      return [colleague, contact]
    case 'notice':
      return [pick(random, NOTIFIERS)]
    case 'newsletter':
      return [{ name: 'The Weekly', address: `news@${pick(random, COMPANIES)}.example` }]
    case 'junk':
      return [{ name: contact.name.toUpperCase(), address: `x${hex(random, 6)}@cheap.example` }]
  }
}

function domainOf(address: string): string {
  return address.slice(address.indexOf('@') + 1)
}

// --- what they write ---

function pickKind(random: Random): KindName {
  let place = random()
  for (const [name, { share }] of Object.entries(KINDS)) {
    place -= share
    if (place < 0) return name as KindName
  }
  return 'application'
}

function pickLanguage(random: Random): Language {
  const place = random()
  return place < 0.45 ? 'en' : place < 0.8 ? 'de' : 'nb'
}

function geometric(random: Random, mean: number): number {
  return mean <= 0 ? 0 : Math.floor(Math.log(1 - random()) / Math.log(mean / (mean + 1)))
}

const HELLO: Readonly<Record<Language, string>> = { en: 'Hello,', de: 'Guten Tag,', nb: 'Hei,' }
const GOODBYE: Readonly<Record<Language, string>> = { en: 'Best regards', de: 'Mit freundlichen Grüßen', nb: 'Med vennlig hilsen' }

function writeText(random: Random, language: Language, words: number, extra: readonly string[], from: Person): string {
  const { draw } = vocabularyOf(language)
  const room = Math.floor(words / Math.max(1, extra.length))
  const places = new Map(extra.map((word, index) => [index * room + Math.floor(random() * room), word]))
  let text = `${HELLO[language]}\n\n`
  let sentence = 0
  let line = 0
  for (let index = 0; index < words; index += 1) {
    const drawn = random() < 0.01 ? `${1 + Math.floor(random() * 28)}.${1 + Math.floor(random() * 12)}.` : draw(random)
    let word = places.get(index) ?? drawn
    if (sentence === 0) word = word.charAt(0).toUpperCase() + word.slice(1)
    text += word
    sentence += 1
    line += word.length + 1
    const ends = sentence > 5 && random() < 0.12
    if (ends) {
      text += random() < 0.9 ? '.' : '?'
      sentence = 0
    } else if (random() < 0.04) text += ','
    if (ends && random() < 0.25) {
      text += '\n\n'
      line = 0
    } else if (line > 66) {
      text += '\n'
      line = 0
    } else text += ' '
  }
  return `${text.trimEnd()}.\n\n${GOODBYE[language]}\n${from.name}\n`
}

function quote(parent: Written): string {
  const quoted = parent.text.replace(/^/gm, '> ')
  const when = new Date(parent.date).toISOString().slice(0, 16).replace('T', ' ')
  // A probe word must not be lost, so a quote is only cut behind the last one.
  const last = Math.max(0, ...[...parent.probes].map((probe) => quoted.toLowerCase().lastIndexOf(PROBES[probe]) + 20))
  const limit = quoted.indexOf('\n', Math.max(QUOTE_LIMIT, last))
  return `\n${when} ${parent.from.name} <${parent.from.address}>:\n${limit === -1 ? quoted : quoted.slice(0, limit + 1)}`
}

// --- how it is sent ---

type Letter = {
  readonly kind: KindName
  readonly from: Person
  readonly to: readonly Person[]
  readonly subject: string
  readonly date: number
  readonly messageId: string
  readonly inReplyTo: string | null
  readonly references: readonly string[]
  readonly text: string
  readonly html: boolean
  readonly attachmentNames: readonly string[]
  readonly candidate: Person
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

function compose(random: Random, filler: Filler, letter: Letter): Buffer {
  const parts: Buffer[] = [Buffer.from(headersOf(random, letter))]
  const mixed = letter.attachmentNames.length === 0 ? null : `=_mixed_${hex(random, 16)}`
  if (mixed !== null) parts.push(Buffer.from(`Content-Type: multipart/mixed;\n boundary="${mixed}"\n\n--${mixed}\n`))
  if (letter.html) {
    const boundary = `=_alt_${hex(random, 16)}`
    parts.push(
      Buffer.from(`Content-Type: multipart/alternative;\n boundary="${boundary}"\n\n--${boundary}\n`),
      ...textPart(random, 'plain', letter.text),
      Buffer.from(`\n--${boundary}\n`),
      ...textPart(random, 'html', htmlOf(random, letter)),
      Buffer.from(`\n--${boundary}--\n`),
    )
  } else parts.push(...textPart(random, 'plain', letter.text))
  if (mixed !== null) {
    for (const name of letter.attachmentNames) {
      parts.push(Buffer.from(`\n--${mixed}\n`), ...attachmentPart(random, filler, name, letter.candidate))
    }
    parts.push(Buffer.from(`\n--${mixed}--\n`))
  }
  return Buffer.concat(parts)
}

function headersOf(random: Random, letter: Letter): string {
  const date = rfcDate(letter.date)
  const domain = domainOf(letter.from.address)
  const lines = [
    `Return-Path: <${letter.from.address}>`,
    `Received: from mx${hex(random, 2)}.${domain} (mx.${domain} [192.0.2.${Math.floor(random() * 254)}])\n\tby mail.shortlist.example (Postfix) with ESMTPS id ${hex(random, 12)}\n\tfor <${letter.to[0]?.address ?? ''}>; ${date}`,
    `Received: from [198.51.100.${Math.floor(random() * 254)}] by mx.${domain} with ESMTPSA id ${hex(random, 10)};\n\t${date}`,
    `Authentication-Results: mail.shortlist.example; dkim=pass header.d=${domain};\n\tspf=pass smtp.mailfrom=${letter.from.address}; dmarc=pass`,
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${domain}; s=mail;\n\th=from:to:subject:date:message-id; bh=${hex(random, 43)}=;\n\tb=${hex(random, 72)}\n\t ${hex(random, 72)}\n\t ${hex(random, 72)}==`,
    `From: ${mailbox(letter.from)}`,
    `To: ${letter.to.map(mailbox).join(',\n ')}`,
    `Subject: ${encodeWords(letter.subject)}`,
    `Date: ${date}`,
    `Message-ID: ${letter.messageId}`,
  ]
  if (letter.inReplyTo !== null) lines.push(`In-Reply-To: ${letter.inReplyTo}`)
  if (letter.inReplyTo !== null && letter.references.length > 0) lines.push(`References: ${letter.references.join('\n ')}`)
  if (letter.kind === 'newsletter' || letter.kind === 'notice') {
    lines.push(
      `List-Id: <${letter.kind}.${domain}>`,
      `List-Unsubscribe: <https://${domain}/unsubscribe/${hex(random, 24)}>`,
      'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
      'Precedence: bulk',
    )
  }
  lines.push(`X-Mailer: Mailer ${1 + Math.floor(random() * 16)}.${Math.floor(random() * 10)}`, 'MIME-Version: 1.0', '')
  return lines.join('\n')
}

function rfcDate(time: number): string {
  const date = new Date(time)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${DAYS[date.getUTCDay()] ?? ''}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCFullYear()} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}

function mailbox(person: Person): string {
  const name = /^[\w .-]+$/.test(person.name) ? `"${person.name}"` : encodeWords(person.name)
  return `${name} <${person.address}>`
}

/** RFC 2047, in words of at most 75 characters. */
function encodeWords(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (Buffer.byteLength(word + character) > 42) {
      words.push(word)
      word = ''
    }
    word += character
  }
  words.push(word)
  return words.map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join('\n ')
}

function textPart(random: Random, subtype: 'plain' | 'html', text: string): readonly Buffer[] {
  const place = random()
  const head = (charset: string, encoding: string): Buffer =>
    Buffer.from(`Content-Type: text/${subtype}; charset=${charset}\nContent-Transfer-Encoding: ${encoding}\n\n`)
  if (subtype === 'plain' && place < 0.12 && !/[^\x00-\xff]/.test(text)) return [head('iso-8859-1', '8bit'), Buffer.from(text, 'latin1')]
  if (place < 0.45) return [head('utf-8', '8bit'), Buffer.from(text)]
  if (place < 0.85) return [head('utf-8', 'quoted-printable'), quotedPrintable(Buffer.from(text))]
  return [head('utf-8', 'base64'), Buffer.from(wrap(Buffer.from(text).toString('base64')))]
}

const HEX = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)

/** RFC 2045 section 6.7. */
function quotedPrintable(text: Buffer): Buffer {
  const out = Buffer.allocUnsafe(text.length * 3 + Math.ceil(text.length / 20) * 2 + 16)
  let end = 0
  let column = 0
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0
    if (byte === 10) {
      out[end++] = 10
      column = 0
      continue
    }
    const next = text[at + 1]
    const plain = (byte > 32 && byte < 127 && byte !== 61) || (byte === 32 && next !== 10 && next !== undefined)
    const size = plain ? 1 : 3
    if (column + size > 75) {
      out[end++] = 61
      out[end++] = 10
      column = 0
    }
    if (plain) out[end++] = byte
    else end += out.write(HEX[byte] ?? '', end, 'latin1')
    column += size
  }
  return out.subarray(0, end)
}

function wrap(base64: string): string {
  let wrapped = ''
  for (let at = 0; at < base64.length; at += 76) wrapped += `${base64.slice(at, at + 76)}\n`
  return wrapped
}

// What office programs put in front of every message.
const OFFICE_STYLE = `<style><!--
${['MsoNormal', 'MsoListParagraph', 'MsoPlainText', 'MsoAcetate', 'EmailStyle17', 'BalloonText', 'MsoChpDefault', 'WordSection1']
  .map((name, index) => `p.${name}, li.${name}, div.${name}\n\t{mso-style-priority:${index};\n\tmargin:0cm;\n\tmargin-bottom:.0001pt;\n\tfont-size:11.0pt;\n\tfont-family:"Calibri",sans-serif;\n\tmso-fareast-language:EN-US;}`)
  .join('\n')}
--></style>`

function htmlOf(random: Random, letter: Letter): string {
  const paragraphs = letter.text.split('\n\n').map((each) => escapeHtml(each).replaceAll('\n', '<br>\n'))
  if (letter.kind === 'newsletter' || letter.kind === 'notice') {
    const host = domainOf(letter.from.address)
    const cells = paragraphs.map(
      (each) => `<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0" align="center" style="width:600px;max-width:100%;border-collapse:collapse;background-color:#ffffff;">
<tr><td style="padding:12px 24px 12px 24px;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:22px;color:#333333;text-align:left;"><a href="https://${host}/click?u=${hex(random, 48)}" style="color:#0a66c2;text-decoration:none;"><img src="https://img.${host}/${hex(random, 20)}.png" width="552" height="120" alt="" style="display:block;border:0;outline:none;"></a>
${each}</td></tr></table>`,
    )
    return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"></head><body style="margin:0;padding:0;background-color:#f3f2ef;">${cells.join('\n')}<img src="https://${host}/open/${hex(random, 32)}.gif" width="1" height="1" alt=""></body></html>\n`
  }
  const office = random() < 0.6
  const body = paragraphs.map((each) => (office ? `<p class="MsoNormal">${each}<o:p></o:p></p>` : `<div>${each}</div>`))
  return `<html${office ? ' xmlns:o="urn:schemas-microsoft-com:office:office"' : ''}><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">${office ? OFFICE_STYLE : ''}</head><body>${body.join('\n')}</body></html>\n`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

// --- attachments ---

function attachmentName(random: Random, place: number, candidate: Person, language: Language): string {
  const name = candidate.name.replaceAll(' ', '_')
  if (random() < 0.22) return `IMG_${1000 + Math.floor(random() * 8999)}.jpg`
  if (place === 0) return `${{ en: 'CV', de: 'Lebenslauf', nb: 'CV' }[language]}_${name}.pdf`
  return `${{ en: 'Certificates', de: 'Zeugnisse', nb: 'Vitnemål' }[language]}_${name}.pdf`
}

const LINE_BYTES = 57
const FILLER_LINES = 36_000

/** Incompressible bytes, encoded once: lines of base64, of which attachments take slices. */
type Filler = { readonly base64: Buffer }

function createFiller(seed: number): Filler {
  const random = createRandom(seed ^ 0x5eed)
  const raw = new Uint32Array(Math.ceil((FILLER_LINES * LINE_BYTES) / 4))
  for (let at = 0; at < raw.length; at += 1) raw[at] = random() * 4294967296
  const bytes = Buffer.from(raw.buffer).subarray(0, FILLER_LINES * LINE_BYTES)
  return { base64: Buffer.from(wrap(bytes.toString('base64')), 'latin1') }
}

function fillerLines(random: Random, filler: Filler, lines: number): readonly Buffer[] {
  const slices: Buffer[] = []
  for (let left = lines; left > 0; ) {
    const start = Math.floor(random() * FILLER_LINES)
    const taken = Math.min(left, FILLER_LINES - start)
    slices.push(filler.base64.subarray(start * 77, (start + taken) * 77))
    left -= taken
  }
  return slices
}

function attachmentPart(random: Random, filler: Filler, name: string, candidate: Person): readonly Buffer[] {
  const pdf = name.endsWith('.pdf')
  const lines = Math.ceil(Math.min(logNormal(random, 52_000, 1.25), 12_000_000) / LINE_BYTES)
  const encodedName = encodeURIComponent(name)
  const nameParameter = encodedName === name ? `="${name}"` : `*=UTF-8''${encodedName}`
  const head = Buffer.from(
    `Content-Type: ${pdf ? 'application/pdf' : 'image/jpeg'}\nContent-Disposition: attachment;\n filename${nameParameter}\nContent-Transfer-Encoding: base64\n\n`,
  )
  const [start, end] = pdf ? pdfAround(lines * LINE_BYTES, candidate) : jpegAround()
  return [head, start, ...fillerLines(random, filler, lines), end]
}

/** A PDF a reader opens: one page with the candidate's name, and a stream of `size` further bytes as scans have. */
function pdfAround(size: number, candidate: Person): readonly [Buffer, Buffer] {
  const name = Buffer.from(candidate.name, 'latin1').toString('latin1').replace(/[()\\]/g, '')
  const page = `BT /F1 20 Tf 72 720 Td (Curriculum vitae) Tj 0 -32 Td (${name}) Tj 0 -24 Td (${candidate.address}) Tj ET`
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    `<</Length ${page.length}>>\nstream\n${page}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
  ]
  const offsets: number[] = []
  let start = '%PDF-1.4\n'
  objects.forEach((object, index) => {
    offsets.push(start.length)
    start += `${index + 1} 0 obj\n${object}\nendobj\n`
  })
  const open = `6 0 obj\n<</Length ${size}>>\nstream\n`
  // The start has to end where a line of base64 does.
  const spare = (LINE_BYTES - ((start.length + 2 + open.length) % LINE_BYTES)) % LINE_BYTES
  start += `%${'-'.repeat(spare)}\n`
  offsets.push(start.length)
  start += open
  let end = '\nendstream\nendobj\n'
  const table = start.length + size + end.length
  end += `xref\n0 7\n0000000000 65535 f \n${offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')}trailer\n<</Size 7/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`
  return [encodeLines(Buffer.from(start, 'latin1')), encodeLines(Buffer.from(end, 'latin1'))]
}

function jpegAround(): readonly [Buffer, Buffer] {
  const start = Buffer.alloc(LINE_BYTES, 0)
  start.set([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01])
  return [encodeLines(start), encodeLines(Buffer.from([0xff, 0xd9]))]
}

function encodeLines(bytes: Buffer): Buffer {
  return Buffer.from(wrap(bytes.toString('base64')), 'latin1')
}

// --- where it lies ---

function folderOf(random: Random, kind: KindName, outgoing: boolean, age: number, position: string): readonly string[] {
  if (kind === 'junk') return ['Junk']
  if (outgoing) return ['Sent']
  if (random() < 0.03) return ['Trash']
  if (kind === 'newsletter' && age > 7 * DAY) return ['Newsletters']
  // Half of the old mail was never filed.
  if (random() < (age < 90 * DAY ? 0.9 : 0.5)) return ['INBOX']
  return random() < 0.35 ? ['Positions', position] : ['Archive']
}

function flagsOf(random: Random, kind: KindName, outgoing: boolean, age: number): readonly string[] {
  const flags: string[] = []
  if (outgoing || random() < (age < 7 * DAY ? 0.7 : kind === 'newsletter' ? 0.8 : 0.98)) flags.push('\\Seen')
  if (random() < 0.02) flags.push('\\Flagged')
  if (kind === 'scheduling' && random() < 0.1) flags.push('$Interview')
  if (kind === 'client' && random() < 0.1) flags.push('$Forwarded')
  return flags
}

const HEX_DIGITS = '0123456789abcdef'

function hex(random: Random, length: number): string {
  let text = ''
  for (let at = 0; at < length; at += 1) text += HEX_DIGITS.charAt(Math.floor(random() * 16))
  return text
}
