import { shownLocale } from '../../locales/text.ts'

/** Languages a template can be written in here; any other that came in from a file stays. */
export const offeredLanguages = ['en', 'de', 'nb', 'sv', 'da', 'nl', 'fr', 'es', 'it', 'pl', 'fi', 'pt'] as const

/** A language in the person's own words, with a capital as a heading has it. */
export function languageName(language: string): string {
  const name = new Intl.DisplayNames([shownLocale()], { type: 'language' }).of(language) ?? language
  return name.slice(0, 1).toUpperCase() + name.slice(1)
}
