// Templates to begin with, for those who ask for some. Each is written in three languages, not translated from one.
import type { Locale } from '../../shared/model/settings.ts'
import type { TemplateKind, TemplateVariant } from '../../shared/model/template.ts'

type Words = Readonly<Record<Locale, string>>
type Letter = { readonly subject: string; readonly paragraphs: readonly string[] }

type Example = {
  readonly kind: TemplateKind
  readonly folder: Words
  readonly name: Words
  readonly shortcut: string
  readonly letters: Readonly<Record<Locale, Letter>>
}

const sourcing: Words = { en: 'Sourcing', de: 'Ansprache', nb: 'Kontakt' }
const process: Words = { en: 'Process', de: 'Bewerbungsprozess', nb: 'Prosess' }

const examples: readonly Example[] = [
  {
    kind: 'template',
    folder: sourcing,
    name: { en: 'First contact', de: 'Erstansprache', nb: 'Første kontakt' },
    shortcut: 'first',
    letters: {
      en: {
        subject: '{{ position.title }} at {{ position.company | default: "one of our clients" }}',
        paragraphs: [
          '{{ greeting_informal }},',
          'I came across your profile while looking for a {{ position.title }} for {{ position.company | default: "one of our clients" }}{% if position.location %} in {{ position.location }}{% endif %}, and your experience stood out.',
          'Would you be open to a short call this week or next? Fifteen minutes are enough to find out whether it could be interesting for you – and if the timing is wrong, a one-line reply helps me just as much.',
          'Best regards<br>{{ sender.name }}',
        ],
      },
      de: {
        subject: '{{ position.title }} bei {{ position.company | default: "einem unserer Mandanten" }}',
        paragraphs: [
          '{{ greeting }},',
          'für {{ position.company | default: "einen unserer Mandanten" }}{% if position.location %} in {{ position.location }}{% endif %} suche ich eine Besetzung für die Position {{ position.title }} und bin dabei auf Ihr Profil aufmerksam geworden. Ihr Werdegang hat mich neugierig gemacht.',
          'Hätten Sie in dieser oder der nächsten Woche Zeit für ein kurzes, vertrauliches Telefonat? Eine Viertelstunde genügt, um herauszufinden, ob die Aufgabe für Sie interessant sein könnte. Wenn es gerade nicht passt, freue ich mich auch über eine kurze Rückmeldung.',
          'Mit freundlichen Grüßen<br>{{ sender.name }}',
        ],
      },
      nb: {
        subject: '{{ position.title }} hos {{ position.company | default: "en av våre kunder" }}',
        paragraphs: [
          '{{ greeting }}',
          'Jeg kom over profilen din mens jeg lette etter en {{ position.title }} til {{ position.company | default: "en av våre kunder" }}{% if position.location %} i {{ position.location }}{% endif %}, og la merke til erfaringen din.',
          'Har du tid til en kort prat denne eller neste uke? Et kvarter holder for å finne ut om dette kan være noe for deg. Passer det dårlig akkurat nå, setter jeg pris på et par ord om det også.',
          'Vennlig hilsen<br>{{ sender.name }}',
        ],
      },
    },
  },
  {
    kind: 'template',
    folder: sourcing,
    name: { en: 'Follow-up', de: 'Nachfassen', nb: 'Oppfølging' },
    shortcut: 'followup',
    letters: {
      en: {
        subject: 'Following up: {{ position.title }}',
        paragraphs: [
          '{{ greeting_informal }},',
          'I wrote to you recently about the role of {{ position.title }} and know how easily a message slips through. Is it worth a short conversation?',
          'If I do not hear from you by {{ today | in_days: 7, "full" }}, I will take it that the timing is not right and will not write again about this role.',
          'Best regards<br>{{ sender.name }}',
        ],
      },
      de: {
        subject: 'Noch einmal zu: {{ position.title }}',
        paragraphs: [
          '{{ greeting }},',
          'vor einigen Tagen hatte ich Ihnen wegen der Position {{ position.title }} geschrieben. Im vollen Postfach geht so etwas leicht unter, deshalb frage ich noch einmal nach: Wäre ein kurzes Gespräch für Sie interessant?',
          'Wenn ich bis {{ today | in_days: 7, "full" }} nichts von Ihnen höre, gehe ich davon aus, dass es gerade nicht passt, und melde mich zu dieser Position nicht mehr.',
          'Mit freundlichen Grüßen<br>{{ sender.name }}',
        ],
      },
      nb: {
        subject: 'Oppfølging: {{ position.title }}',
        paragraphs: [
          '{{ greeting }}',
          'Jeg skrev til deg for noen dager siden om stillingen som {{ position.title }}, og vet hvor lett en e-post forsvinner i mengden. Kunne det være aktuelt med en kort prat?',
          'Hører jeg ikke noe innen {{ today | in_days: 7, "full" }}, regner jeg med at det ikke passer nå, og tar ikke kontakt igjen om denne stillingen.',
          'Vennlig hilsen<br>{{ sender.name }}',
        ],
      },
    },
  },
  {
    kind: 'template',
    folder: process,
    name: { en: 'Interview invitation', de: 'Einladung zum Gespräch', nb: 'Invitasjon til intervju' },
    shortcut: 'interview',
    letters: {
      en: {
        subject: 'Interview: {{ position.title }}, {{ interview.date }}',
        paragraphs: [
          '{{ greeting_informal }},',
          '{{ position.company }} would like to meet you. May I suggest the following?',
          '<strong>When:</strong> {{ interview.date }}, {{ interview.time }}<br><strong>Where:</strong> {{ interview.place | default: "by video; I will send the link" }}',
          'Please let me know whether that suits you. If not, just name two other times and I will take care of the rest.',
          'Best regards<br>{{ sender.name }}',
        ],
      },
      de: {
        subject: 'Einladung zum Gespräch: {{ position.title }}, {{ interview.date }}',
        paragraphs: [
          '{{ greeting }},',
          '{{ position.company }} möchte Sie gern kennenlernen. Darf ich Ihnen folgenden Termin vorschlagen?',
          '<strong>Wann:</strong> {{ interview.date }}, {{ interview.time }} Uhr<br><strong>Wo:</strong> {{ interview.place | default: "per Video; den Link schicke ich Ihnen vorab" }}',
          'Bitte geben Sie mir kurz Bescheid, ob Ihnen das passt. Falls nicht, nennen Sie mir gern zwei andere Termine; um alles Weitere kümmere ich mich.',
          'Mit freundlichen Grüßen<br>{{ sender.name }}',
        ],
      },
      nb: {
        subject: 'Intervju: {{ position.title }}, {{ interview.date }}',
        paragraphs: [
          '{{ greeting }}',
          '{{ position.company }} vil gjerne møte deg. Passer dette?',
          '<strong>Når:</strong> {{ interview.date }} kl. {{ interview.time }}<br><strong>Hvor:</strong> {{ interview.place | default: "på video – jeg sender lenke" }}',
          'Gi meg beskjed om tidspunktet passer. Hvis ikke, foreslå gjerne to andre, så ordner jeg resten.',
          'Vennlig hilsen<br>{{ sender.name }}',
        ],
      },
    },
  },
  {
    kind: 'template',
    folder: process,
    name: { en: 'Rejection', de: 'Absage', nb: 'Avslag' },
    shortcut: 'rejection',
    letters: {
      en: {
        subject: 'Your application: {{ position.title }}',
        paragraphs: [
          '{{ greeting_informal }},',
          'Thank you for the time and thought you gave to your application for {{ position.title }}{% if position.company %} at {{ position.company }}{% endif %}. We have decided to go ahead with other candidates whose experience is closer to what the role asks for at the moment.',
          'This says nothing about the quality of your work, and I would be glad to stay in touch. If you would like some feedback, please give me a call or write back.',
          'Best regards<br>{{ sender.name }}',
        ],
      },
      de: {
        subject: 'Ihre Bewerbung: {{ position.title }}',
        paragraphs: [
          '{{ greeting }},',
          'vielen Dank für Ihr Interesse an der Position {{ position.title }}{% if position.company %} bei {{ position.company }}{% endif %} und für die Zeit, die Sie sich genommen haben. Nach sorgfältiger Prüfung haben wir uns für andere Bewerbungen entschieden, deren Erfahrung den derzeitigen Anforderungen noch näher kommt.',
          'Das ist kein Urteil über Ihre Qualifikation, und ich würde gern mit Ihnen in Kontakt bleiben. Wenn Sie eine Rückmeldung wünschen, rufen Sie mich gern an oder antworten Sie auf diese Nachricht.',
          'Für Ihren weiteren Weg wünsche ich Ihnen alles Gute.',
          'Mit freundlichen Grüßen<br>{{ sender.name }}',
        ],
      },
      nb: {
        subject: 'Søknaden din: {{ position.title }}',
        paragraphs: [
          '{{ greeting }}',
          'Takk for interessen for stillingen som {{ position.title }}{% if position.company %} hos {{ position.company }}{% endif %}, og for tiden du har brukt. Denne gangen går vi videre med andre kandidater som har erfaring enda nærmere det stillingen krever.',
          'Det sier ikke noe om hvor dyktig du er, og jeg holder gjerne kontakten. Ønsker du en tilbakemelding, er det bare å ringe eller svare på denne e-posten.',
          'Lykke til videre!',
          'Vennlig hilsen<br>{{ sender.name }}',
        ],
      },
    },
  },
  {
    kind: 'template',
    folder: process,
    name: { en: 'Offer', de: 'Angebot', nb: 'Tilbud' },
    shortcut: 'offer',
    letters: {
      en: {
        subject: 'Offer: {{ position.title }} at {{ position.company }}',
        paragraphs: [
          '{{ greeting_informal }},',
          'I have good news: {{ position.company }} would like you to join them as {{ position.title }}. Congratulations!',
          '<strong>Salary:</strong> {{ offer.salary }}<br><strong>Start:</strong> {{ offer.start_date }}{% if position.location %}<br><strong>Place of work:</strong> {{ position.location }}{% endif %}',
          'Please read everything at your leisure and call me with any questions. It would help to have your answer by {{ today | in_days: 7, "full" }}.',
          'Best regards<br>{{ sender.name }}',
        ],
      },
      de: {
        subject: 'Angebot: {{ position.title }} bei {{ position.company }}',
        paragraphs: [
          '{{ greeting }},',
          'ich habe eine gute Nachricht: {{ position.company }} möchte Sie gern für die Position {{ position.title }} gewinnen. Herzlichen Glückwunsch!',
          '<strong>Gehalt:</strong> {{ offer.salary }}<br><strong>Eintritt:</strong> {{ offer.start_date }}{% if position.location %}<br><strong>Arbeitsort:</strong> {{ position.location }}{% endif %}',
          'Sehen Sie sich alles in Ruhe an und rufen Sie mich bei Fragen gern an. Für Ihre Entscheidung bis {{ today | in_days: 7, "full" }} wäre ich Ihnen dankbar.',
          'Mit freundlichen Grüßen<br>{{ sender.name }}',
        ],
      },
      nb: {
        subject: 'Tilbud: {{ position.title }} hos {{ position.company }}',
        paragraphs: [
          '{{ greeting }}',
          'Jeg har gode nyheter: {{ position.company }} vil gjerne ha deg med på laget som {{ position.title }}. Gratulerer!',
          '<strong>Lønn:</strong> {{ offer.salary }}<br><strong>Oppstart:</strong> {{ offer.start_date }}{% if position.location %}<br><strong>Arbeidssted:</strong> {{ position.location }}{% endif %}',
          'Se gjennom alt i ro og mak, og ring meg hvis du lurer på noe. Det er fint om du svarer innen {{ today | in_days: 7, "full" }}.',
          'Vennlig hilsen<br>{{ sender.name }}',
        ],
      },
    },
  },
  {
    kind: 'snippet',
    folder: { en: 'Snippets', de: 'Textbausteine', nb: 'Tekstbiter' },
    name: { en: 'Call me any time', de: 'Rückruf jederzeit', nb: 'Ring meg gjerne' },
    shortcut: 'call',
    letters: {
      en: { subject: '', paragraphs: ['If it is easier, just call me – I am happy to find a time that suits you, also in the evening.'] },
      de: { subject: '', paragraphs: ['Wenn es für Sie einfacher ist, rufen Sie mich gern an – wir finden eine Zeit, die Ihnen passt, auch am Abend.'] },
      nb: { subject: '', paragraphs: ['Ring meg gjerne hvis det er enklere – vi finner et tidspunkt som passer deg, også på kveldstid.'] },
    },
  },
]

export type ExampleTemplate = { readonly kind: TemplateKind; readonly folder: string; readonly name: string; readonly shortcut: string; readonly variants: TemplateVariant[] }

/** Named in the person's language, whose variant comes first. */
export function exampleTemplates(locale: Locale): ExampleTemplate[] {
  const languages: readonly Locale[] = [locale, ...(['en', 'de', 'nb'] as const).filter((language) => language !== locale)]
  return examples.map(({ kind, folder, name, shortcut, letters }) => ({
    kind,
    folder: folder[locale],
    name: name[locale],
    shortcut,
    variants: languages.map((language) => ({
      language,
      subject: letters[language].subject,
      html: letters[language].paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('<p></p>'),
    })),
  }))
}
