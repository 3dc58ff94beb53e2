// What a written address tells about a person: names, titles, and a gender only where a form of address states one.
// Guesses nothing from first names. What cannot be told stays empty, and whoever uses it falls back.
import type { Recipient } from '../../shared/model/draft.ts'
import type { Gender } from '../../shared/model/template.ts'

export type PersonName = {
  readonly first: string
  readonly last: string
  /** First and last name, or what stands for them; '' when nothing but an address is known. */
  readonly full: string
  /** Academic titles as written: 'Dr.', 'Prof. Dr.'. */
  readonly title: string
  readonly gender: Gender
}

const forms: ReadonlyMap<string, Gender> = new Map([
  ['frau', 'female'], ['fr', 'female'], ['herr', 'male'], ['herrn', 'male'], ['hr', 'male'],
  ['mrs', 'female'], ['ms', 'female'], ['miss', 'female'], ['mr', 'male'],
  ['fru', 'female'], ['frøken', 'female'],
])
const titles = new Set(['dr', 'prof', 'professor', 'professorin', 'mag', 'ing', 'dipl-ing', 'dipl', 'rer', 'nat', 'med', 'phil', 'jur', 'pol', 'h', 'c', 'hc'])
/** Titles that are said in a greeting; the rest of a degree ('rer. nat.') is not. */
const said = new Set(['dr', 'prof', 'professor', 'professorin'])
const suffixes = new Set(['jr', 'sr', 'ii', 'iii', 'iv', 'phd', 'mba', 'msc', 'bsc', 'ma', 'ba', 'md', 'llm', 'esq', 'cpa'])
const particles = new Set(['von', 'van', 'der', 'den', 'de', 'del', 'della', 'di', 'da', 'dos', 'du', 'la', 'le', 'zu', 'zum', 'zur', 'vom', 'ten', 'ter', 'af', 'av', 'bin', 'al', 'el', "'t"])
/** Words that make a name one of an organisation or a mailbox rather than of a person. */
const notPeople = new Set(
  'gmbh ag kg ohg se as asa sa ltd llc inc plc bv nv ab oy aps team support info office kontakt contact hello noreply no-reply newsletter jobs career careers karriere recruiting recruitment hr admin service sales post postmaster mail mailer billing invoice rechnung buchhaltung marketing press presse webmaster notifications notification news kundeservice kundenservice via group gruppe holding consulting stilling jobb'.split(' '),
)

const bare = (word: string): string => word.toLowerCase().replace(/[.,]/g, '')

export function nameOf({ name, address }: Recipient): PersonName {
  const written = cleaned(name)
  if (written === '' || written.includes('@')) return fromAddress(address)
  const nothing: PersonName = { first: '', last: '', full: written, title: '', gender: 'unknown' }
  // 'Müller, Dr. Anna'; a comma before a suffix or a company is something else.
  const [before = '', after = ''] = written.split(/,\s*/, 2)
  const reversed = after !== '' && !suffixes.has(bare(after).replace(/\s/g, '')) && !after.split(/\s+/).some((word) => notPeople.has(bare(word)))
  const { words, title, gender } = withoutTitles((reversed ? after : before).split(/\s+/))
  const front = reversed ? withoutTitles(before.split(/\s+/)) : null
  const lastWords = front ? front.words : lastNameOf(words)
  const firstWords = front ? words : words.slice(0, words.length - lastWords.length)
  if ([...firstWords, ...lastWords].some((word) => notPeople.has(bare(word)) || /\d/.test(word))) return nothing
  const first = firstWords.map(properCase).join(' ')
  const last = lastWords.map(properCase).join(' ')
  return {
    first,
    last,
    full: [first, last].filter(Boolean).join(' '),
    title: [title, front?.title ?? ''].filter(Boolean).join(' '),
    gender: gender === 'unknown' ? (front?.gender ?? 'unknown') : gender,
  }
}

/** Without quotes, what stands in brackets, and what follows a bar: 'Anna Müller (Nordlys)', 'Anna Müller | Nordlys'. */
function cleaned(name: string): string {
  return name
    .replace(/[\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\([^)]*\)|\[[^\]]*\]/g, ' ')
    .replace(/\s[|·–—/-]\s.*$/u, '')
    .replace(/\s(via|c\/o|at|@|bei|hos)\s.*$/iu, '')
    .replace(/^["'“„«\s]+|["'”“»\s]+$/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
}

function withoutTitles(all: readonly string[]): { words: readonly string[]; title: string; gender: Gender } {
  let at = 0
  let gender: Gender = 'unknown'
  const spoken: string[] = []
  for (; at < all.length; at++) {
    const word = bare(all[at] ?? '')
    const form = forms.get(word)
    if (form !== undefined && all.length > at + 1) gender = form
    else if (titles.has(word) && all.length > at + 1) {
      if (said.has(word)) spoken.push(all[at] ?? '')
    } else break
  }
  const words = all.slice(at)
  while (words.length > 1 && suffixes.has(bare(words.at(-1) ?? ''))) words.pop()
  return { words: words.filter((word) => word !== ''), title: spoken.join(' '), gender }
}

/** The last word with the particles before it: 'von der Leyen'. A single word is a first name. */
function lastNameOf(words: readonly string[]): readonly string[] {
  if (words.length < 2) return []
  let from = words.length - 1
  while (from > 1 && particles.has((words[from - 1] ?? '').toLowerCase())) from--
  return words.slice(from)
}

/** 'MÜLLER' and 'müller' as 'Müller', also 'anne-marie' and "o'neill"; a mix of cases is how the person writes it. */
function properCase(word: string): string {
  const lower = word.toLowerCase()
  if (particles.has(lower)) return word === word.toUpperCase() ? lower : word
  if (word !== lower && (word !== word.toUpperCase() || word.length < 3)) return word
  return lower.replace(/(^|[-'’])\p{L}/gu, (start) => start.toUpperCase())
}

/** Only from addresses that plainly spell a name: 'anna.mueller@', 'anna_mueller@', 'anna-lena.mueller@'. */
function fromAddress(address: string): PersonName {
  const local = address.split('@', 1)[0]?.toLowerCase().replace(/\+.*$/, '') ?? ''
  const spelt = /^(\p{L}{2,}(?:-\p{L}{2,})?)[._](\p{L}{2,}(?:-\p{L}{2,})?)$/u.exec(local)
  const [, first = '', last = ''] = spelt ?? []
  if (first === '' || last === '' || [first, last].some((word) => notPeople.has(word) || titles.has(word))) {
    return { first: '', last: '', full: '', title: '', gender: 'unknown' }
  }
  const [given, family] = [properCase(first), properCase(last)]
  return { first: given, last: family, full: `${given} ${family}`, title: '', gender: 'unknown' }
}
