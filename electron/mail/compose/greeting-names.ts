// Whether a greeting names somebody the mail goes to. It is to catch "Dear Peter" on its way to Paul and must stay silent
// about everything else: general greetings, nicknames, other spellings, addresses that name nobody.
import type { Address } from '../../../shared/model/message.ts'
import { folded, foldedSpelled } from './folded-text.ts'

const greeting =
  /^(?:hi|hello|hallo|hey|hiya|dear|good (?:morning|afternoon|evening|day)|greetings|liebe[rs]?|sehr geehrte[rs]?|verehrte[rs]?|guten (?:tag|morgen|abend)|moin(?: moin)?|servus|grü(?:ß|ss) (?:gott|dich|sie)|grüezi|hei(?:sann)?|kjære|god (?:dag|morgen|kveld|ettermiddag)|hej)(?![\p{L}\p{N}])/iu

/** Words in a greeting that stand for nobody in particular: with one of them there is nothing to compare. */
const general = new Set(
  ('all everyone everybody team both there folks guys friends colleagues sir madam sirs ladies gentlemen hiring manager committee recruiter recruiting people you again ' +
    'zusammen alle allen allerseits damen herren ihr leute miteinander beide kollegen kolleginnen kollege kollegin freunde nochmal wieder team personalabteilung ' +
    'dere alle sammen begge igjen venner kolleger kollega folkens der dokker').split(' '),
)
const titles = new Set('herr herrn frau fru mr mrs ms miss mx dr doktor prof professor dipl ing mag msc phd sir dame fräulein'.split(' '))
const joins = /\s*(?:,\s*(?=(?:and|und|og)\s)|,|&|\/|\+|\band\b|\bund\b|\bog\b|\bsowie\b|\bsamt\b)\s*/iu
/** Addresses and names that belong to a desk rather than a person. */
const desks =
  /(?:^|[\W_])(?:info|kontakt|contact|post|mail|office|hr|jobs?|job|karriere|career|careers|team|support|hello|hallo|hei|service|sales|salg|kundeservice|recruiting|recruitment|rekruttering|bewerbung|bewerbungen|application|applications|admin|sekretariat|reception|gmbh|ag|as|asa|ltd|inc|llc|group|gruppe|personal|firmapost|booking|billing|invoice|faktura|rechnung)(?:$|[\W_])/iu

const nicknames: readonly (readonly string[])[] = [
  'robert bob rob bobby bert', 'william bill will billy liam', 'elizabeth elisabeth liz lisa beth betty lisbeth elise sissi', 'katherine catherine katharina kathrin kate katie cathy kathi kari kari trine',
  'michael mike mick michi mikkel', 'richard dick rick ricky', 'james jim jimmy jamie', 'thomas tom tommy', 'john jack johnny jon', 'johannes hans johann jo hannes', 'margaret maggie peggy meg gretchen grete margarete margareth',
  'charles charlie chuck karl kalle', 'edward ed eddie ted', 'theodore ted theo', 'josef joseph joe sepp jupp', 'anthony tony anton toni', 'andrew andy drew andreas andi anders', 'alexander alex sascha sasha xander alexandra sandra',
  'henry harry hank heinrich heinz henrik', 'lawrence larry lars lasse lorenz', 'patricia pat patty tricia', 'rebecca becky', 'susan sue susie susanne sanne', 'victoria vicky', 'deborah debbie', 'eleanor nora ellie', 'helen ellen nell lena helena',
  'ludwig lutz wiggerl', 'ulrich uli ulrike ulli', 'friedrich fritz fred', 'wolfgang wolf wolle', 'gerhard gerd', 'stephen steven steve stefan steffen', 'philip phil philipp', 'dorothea dora thea', 'ingeborg inga inge', 'kristian chris christian christopher kristoffer',
  'olav ole', 'sebastian basti bastian seb', 'maximilian max', 'nicholas nick nikolaus klaus niklas nils', 'benjamin ben', 'samuel sam samantha', 'daniel dan danny', 'matthew matt matthias mats', 'gregory greg', 'abigail abby gail', 'jennifer jen jenny',
].map((line) => line.split(' '))

export type GreetingMismatch = { readonly greeting: string; readonly name: string }

/** `text` is what was written, without quote and signature. Null when the greeting fits, or when that cannot be told. */
export function greetingMismatch(text: string, recipients: readonly Address[]): GreetingMismatch | null {
  if (recipients.length === 0 || recipients.length > 5) return null
  const first = text.split('\n').find((line) => line.trim() !== '')?.trim().slice(0, 200) ?? ''
  const opened = greeting.exec(first)
  if (!opened) return null
  const greeted = namesIn(first.slice(opened[0].length))
  if (greeted.length === 0) return null
  // Somebody who cannot be named may be the one who is greeted.
  if (recipients.some((one) => personWords(one) === null)) return null
  for (const name of greeted) {
    if (!recipients.some((one) => fits(name, personWords(one) ?? []))) {
      return { greeting: name.join(' '), name: recipients.map((one) => one.name || one.address).join(', ') }
    }
  }
  return null
}

/** The people a greeting names, each by one or more words; none when it is general or names nobody. */
function namesIn(rest: string): string[][] {
  // What follows the greeting's own punctuation is the letter; the point after a title is none.
  const head = /^[^!.:;–—(\n]*/.exec(rest.replace(/(?<![\p{L}])(Dr|Prof|Mr|Mrs|Ms|Dipl|Ing|Mag)\./giu, '$1'))?.[0] ?? ''
  const words = head.match(/[\p{L}'’-]+/gu) ?? []
  if (words.some((word) => general.has(word.toLowerCase()))) return []
  const names: string[][] = []
  // "Ada, Bob and Cy": a comma joins names only where another word says so; else the letter begins after it.
  const several = /(?<![\p{L}])(?:and|und|og)(?![\p{L}])|&/iu.test(head)
  for (const [index, piece] of head.split(joins).entries()) {
    const { name, addressed, whole } = nameIn(piece)
    if (name.length === 0 || name.length > 4 || (index > 0 && !(whole && (addressed || several)))) break
    names.push(name)
  }
  return names
}

/** The capitalised words a piece begins with; whether it addresses somebody ('lieber', 'Herr'), and whether it is a name alone. */
function nameIn(piece: string): { readonly name: string[]; readonly addressed: boolean; readonly whole: boolean } {
  const name: string[] = []
  let addressed = false
  for (const word of piece.match(/[\p{L}\p{N}'’.-]+/gu) ?? []) {
    const bare = word.replace(/[.'’-]+$/u, '')
    if (titles.has(bare.toLowerCase()) || /^(?:liebe[rs]?|sehr|geehrte[rs]?|kjære|dear)$/i.test(bare)) {
      addressed = true
      continue
    }
    // A name begins with a capital; the sentence that follows without a comma does not.
    if (!/^\p{Lu}/u.test(bare) || bare.length < 2) return { name, addressed, whole: false }
    name.push(bare)
  }
  return { name, addressed, whole: true }
}

/** Words by which a person may be greeted; null when the address and its name do not tell who it is. */
function personWords(one: Address): readonly string[] | null {
  const local = one.address.slice(0, Math.max(0, one.address.lastIndexOf('@')))
  const localWords = local.split(/[^\p{L}]+/u).filter((word) => word !== '')
  const nameWords = one.name.includes('@') ? [] : (one.name.match(/[\p{L}'’]+/gu) ?? [])
  if (nameWords.length > 0) return desks.test(one.name) ? null : [...nameWords, ...localWords, local]
  // Without a name only an address like given.family tells enough to be wrong about.
  if (desks.test(local) || /\d/.test(local) || localWords.filter((word) => word.length > 2).length < 2) return null
  return [...localWords, local]
}

function fits(name: readonly string[], words: readonly string[]): boolean {
  const forms = words.flatMap(formsOf)
  return name.some((word) => {
    // 'Anna-Lena' may be called by either half.
    const asked = [word, ...word.split('-')].flatMap(formsOf)
    return asked.some((one) => forms.some((other) => sameName(one, other)))
  })
}

function formsOf(word: string): string[] {
  const bare = word.replace(/['’]s?$/u, '')
  const spelled = foldedSpelled(bare)
  return spelled === null ? [folded(bare)] : [folded(bare), spelled]
}

function sameName(one: string, other: string): boolean {
  if (one === other) return true
  const [short, long] = one.length <= other.length ? [one, other] : [other, one]
  // Short forms, genitives, and initials that an address is made of.
  if (short.length >= 3 && long.startsWith(short)) return true
  if (short.length === 1 && long.startsWith(short)) return true
  if (short.length >= 4 && long.includes(short)) return true
  return nicknames.some((group) => group.includes(one) && group.includes(other))
}
