// Words with the frequencies of natural language (Zipf): a few hundred real ones in front, a long tail of plausible
// compounds behind, so that an index built from them has the shape of one built from real mail.

export type Language = 'en' | 'de' | 'nb'

/** Words that stand in a known share of generated messages, and are no part of any other word. */
export const PROBES = { half: 'interview', hundredth: 'onboarding', thousandth: 'sabbatical' } as const
export type Probe = keyof typeof PROBES

/** Uniform in [0, 1), the same sequence for the same seed (mulberry32). */
export type Random = () => number

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** Log-normal with the given median: most are near it, a few are very much larger. */
export function logNormal(random: Random, median: number, sigma: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  return median * Math.exp(sigma * normal)
}

const list = (text: string): readonly string[] => text.trim().split(/\s+/)

const COMMON: Readonly<Record<Language, readonly string[]>> = {
  en: list(`the to and a of in you for is we that on with your I be this have will are at as our it from if can or by an
    not please would has do me about was but us so all any next more there when which time team they what work been one
    know new also let just could experience role like after who some get meet up their week out should call day then
    other how time thank best regards position company candidate people think back very first see two before many over
    good well project years look manager make forward email offer hiring start salary send process only need contract
    great feel background engineer question hear talk client available soon today tomorrow morning afternoon office
    remote notice period reference feedback details happy attached agree discuss short list skills part confirm share
    product software senior current month market budget design lead report screening decision profile language plan
    technical family move visa relocation travel training benefits culture growth leadership finance sales support
    customer business data platform cloud health energy bank school city Oslo Berlin London Monday Tuesday Wednesday
    Thursday Friday January February March April May June July August September October November December`),
  de: list(`die der und in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch als an nach wie
    im für man aber aus durch wenn nur war noch werden bei hat wir was wird sein einen welche sind oder zur um haben
    einer mir über ihm diese einem ihr uns da zum kann doch vor dieser mich ihn du hatte seine mehr am denn nun unter
    sehr selbst schon hier bis habe ihre dann ihnen seiner alle wieder meine Zeit gegen vom ganz einzelnen wo muss ohne
    eines können sei Stelle Bewerbung Unterlagen Kandidat Kandidatin Gespräch Termin Lebenslauf Zeugnisse Unternehmen
    Mitarbeiter Erfahrung Kenntnisse Gehalt Vorstellung Kündigungsfrist Eintritt Rückmeldung Anhang Grüße freundlichen
    vielen Dank gerne bitte melden Woche Montag Dienstag Mittwoch Donnerstag Freitag Uhr Büro Standort Vertrag Angebot
    Leitung Entwicklung Vertrieb Einkauf Fertigung Qualität Kunde Markt Projekt Fachbereich Personal Abteilung
    Entscheidung Auswahl Referenz Sprache Englisch Deutsch Umzug Reise Schulung Weiterbildung Familie Arbeitszeit
    Teilzeit Vollzeit unbefristet Probezeit Bank Versicherung Energie Gesundheit Schule München Hamburg Köln Zürich
    Wien Januar Februar März April Mai Juni Juli August September Oktober November Dezember`),
  nb: list(`og i det på som er en til å han av for med at var de ikke den har jeg om et men så seg hun hadde fra vi du kan da
    ble ut skal vil ham etter over ved også bare eller sa nå dette noe være meg mot opp der når inn dem kunne andre blir
    alle noen sin ha år henne må selv sier få kom denne enn to hadde mange vært skulle hva dag tid hvor mer store man
    mye bli gikk her før uten under gå oss dere deg stilling søknad kandidat samtale møte vitnemål attest erfaring lønn
    oppsigelsestid oppstart tilbakemelding vedlegg hilsen vennlig takk gjerne vennligst uke mandag tirsdag onsdag
    torsdag fredag klokken kontor sted avtale tilbud leder utvikling salg innkjøp produksjon kvalitet kunde marked
    prosjekt fagområde personal avdeling beslutning utvalg referanse språk engelsk norsk flytting reise opplæring
    familie arbeidstid deltid heltid fast prøvetid bank forsikring energi helse skole Oslo Bergen Trondheim Stavanger
    Tromsø januar februar mars april mai juni juli august september oktober november desember`),
}

const TAIL: Readonly<Record<Language, readonly (readonly string[])[]>> = {
  en: [
    list('over under re pre inter trans micro macro multi post semi sub super cross counter out up down fore non'),
    list(`work form plan rate struct port view scribe press act solve lead build grade market sign flow point line ground
      stand draft craft scope shift source track trade train value chain charge frame graph group land level light link
      load mark mount part phase place power range role sale scale screen set side space stage stock store stream`),
    list('ing ed er ers able ment ments ness tion al ally ive ity or ors ful less ship wise ist ists'),
  ],
  de: [
    list(`Arbeits Personal Projekt Fach Bereichs Haupt Neben Grund Markt Kunden Liefer Vertrags Leistungs Betriebs Daten
      System Netz Werk Bau Dienst Finanz Gesundheits Energie Umwelt`),
    list(`plan leit auftrag entwurf bericht gespräch anforder bewert führ steuer prüf planung verwalt beschaff abrechn
      unterstütz ausbild vermittl gestalt versorg auswert beratung schnitt stell lager lauf gang satz ordn sicher halt`),
    list('ung ungen er erin liste stelle kraft frage ziel weg wert punkt gruppe stand bild art maß form zeit tag feld'),
  ],
  nb: [
    list(`arbeids personal prosjekt fag hoved side grunn marked kunde leverings avtale ytelses drifts data system nett verk
      bygg tjeneste finans helse energi miljø samfunns`),
    list(`plan leder oppdrag utkast rapport samtale krav vurdering styring prøve forvaltning innkjøp regnskap støtte
      utdanning formidling forming forsyning analyse råd snitt stilling lager løp gang sats ordning sikring hold`),
    list('en er ene liste kraft spørsmål mål vei verdi punkt gruppe bilde type form tid dag felt skjema arbeid team'),
  ],
}

/** The sampler of one language: words by rank, drawn in constant time (Walker's alias method). */
export type Vocabulary = {
  readonly words: readonly string[]
  readonly draw: (random: Random) => string
}

const TAIL_SIZE = 12_000
const built = new Map<Language, Vocabulary>()

export function vocabularyOf(language: Language): Vocabulary {
  let vocabulary = built.get(language)
  if (vocabulary === undefined) {
    vocabulary = build(language)
    built.set(language, vocabulary)
  }
  return vocabulary
}

function build(language: Language): Vocabulary {
  const words = [...new Set([...COMMON[language], ...tailOf(language)])]
  // Zipf-Mandelbrot, with the usual constants for running text.
  const weights = words.map((_, rank) => 1 / (rank + 2.7) ** 1.12)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const chance = Float64Array.from(weights, (weight) => (weight / total) * words.length)
  const alias = new Int32Array(words.length)
  const small: number[] = []
  const large: number[] = []
  chance.forEach((each, index) => (each < 1 ? small : large).push(index))
  for (let low = small.pop(), high = large.at(-1); low !== undefined && high !== undefined; low = small.pop(), high = large.at(-1)) {
    alias[low] = high
    const left = (chance[high] ?? 0) - (1 - (chance[low] ?? 0))
    chance[high] = left
    if (left < 1) {
      large.pop()
      small.push(high)
    }
  }
  return {
    words,
    draw(random) {
      const place = random() * words.length
      const index = Math.floor(place)
      const chosen = place - index < (chance[index] ?? 1) ? index : (alias[index] ?? index)
      return words[chosen] ?? ''
    },
  }
}

function tailOf(language: Language): readonly string[] {
  const [starts = [], middles = [], ends = []] = TAIL[language]
  const random = createRandom(language.charCodeAt(0))
  const tail = new Set<string>()
  const attempts = TAIL_SIZE * 20
  for (let attempt = 0; tail.size < TAIL_SIZE && attempt < attempts; attempt += 1) {
    const parts = [random() < 0.6 ? pick(random, starts) : '', pick(random, middles), random() < 0.12 ? pick(random, middles) : '']
    const word = parts.join('') + (random() < 0.85 ? pick(random, ends) : '')
    if (!Object.values(PROBES).some((probe) => word.toLowerCase().includes(probe))) tail.add(word)
  }
  return [...tail]
}
