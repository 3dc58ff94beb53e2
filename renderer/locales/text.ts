// The texts of the program. One namespace per area, keys typed from the English files; a key is written 'area:name'.
import i18next from 'i18next'
import { useSyncExternalStore } from 'react'
import { locales } from '../../shared/model/settings.ts'
import type { Locale } from '../../shared/model/settings.ts'
import type accounts from './en/accounts.json'
import type commands from './en/commands.json'
import type composer from './en/composer.json'
import type failures from './en/failures.json'
import type inbox from './en/inbox.json'
import type ledger from './en/ledger.json'
import type message from './en/message.json'
import type outbox from './en/outbox.json'
import type queue from './en/queue.json'
import type search from './en/search.json'
import type senders from './en/senders.json'
import type settings from './en/settings.json'
import type shell from './en/shell.json'
import type templates from './en/templates.json'
import type triage from './en/triage.json'
import type welcome from './en/welcome.json'
import type when from './en/when.json'

type English = {
  accounts: typeof accounts
  commands: typeof commands
  composer: typeof composer
  failures: typeof failures
  inbox: typeof inbox
  ledger: typeof ledger
  message: typeof message
  outbox: typeof outbox
  queue: typeof queue
  search: typeof search
  senders: typeof senders
  settings: typeof settings
  shell: typeof shell
  templates: typeof templates
  triage: typeof triage
  welcome: typeof welcome
  when: typeof when
}
type Singular<K extends string> = K extends `${infer Base}_${'zero' | 'one' | 'two' | 'few' | 'many' | 'other'}` ? Base : K
type Paths<T> = { [K in keyof T & string]: T[K] extends string ? Singular<K> : `${K}.${Paths<T[K]>}` }[keyof T & string]

/** Every text of the program, e.g. 'inbox:empty.title'. Plural forms are one key. */
export type TextKey = { [N in keyof English]: `${N}:${Paths<English[N]>}` }[keyof English]
export type TextValues = Readonly<Record<string, string | number>>
export type Translate = (key: TextKey, values?: TextValues) => string

const files = import.meta.glob<Record<string, unknown>>('./*/*.json', { eager: true, import: 'default' })
const resources: Record<string, Record<string, Record<string, unknown>>> = {}
for (const [path, content] of Object.entries(files)) {
  const [, locale, namespace] = /^\.\/(\w+)\/([\w-]+)\.json$/.exec(path) ?? []
  if (locale && namespace) (resources[locale] ??= {})[namespace] = content
}

void i18next.init({
  resources,
  lng: localeFor('system', typeof navigator === 'undefined' ? [] : navigator.languages),
  fallbackLng: 'en',
  ns: Object.keys(resources['en'] ?? {}),
  defaultNS: 'shell',
  initAsync: false,
  interpolation: { escapeValue: false },
})

/** The language to show: the chosen one, else the first of the system's that is here. Norwegian of any form is Bokmål. */
export function localeFor(chosen: Locale | 'system', system: readonly string[]): Locale {
  if (chosen !== 'system') return chosen
  for (const tag of system) {
    const language = tag.toLowerCase().split('-')[0]
    if (language === 'no' || language === 'nn') return 'nb'
    const known = locales.find((locale) => locale === language)
    if (known) return known
  }
  return 'en'
}

export async function showLocale(locale: Locale): Promise<void> {
  if (i18next.language !== locale) await i18next.changeLanguage(locale)
}

export function shownLocale(): Locale {
  return locales.find((locale) => locale === i18next.language) ?? 'en'
}

/** Texts without values, by language and key: a screen asks for hundreds of them each time it is drawn. */
let plain: { readonly language: string; readonly texts: Map<TextKey, string> } = { language: '', texts: new Map() }

/** A text outside of components. Inside, use `useText`, which redraws when the language changes. */
export const text: Translate = (key, values) => {
  if (values !== undefined) return i18next.t(key, values)
  if (plain.language !== i18next.language) plain = { language: i18next.language, texts: new Map() }
  const known = plain.texts.get(key)
  if (known !== undefined) return known
  const found = i18next.t(key)
  plain.texts.set(key, found)
  return found
}

/** Whether there is a text for a key made at run time, such as one from a failure's code. Narrows it to a TextKey. */
export function hasText(key: string): key is TextKey {
  return i18next.exists(key)
}

function onLanguage(told: () => void): () => void {
  i18next.on('languageChanged', told)
  return () => i18next.off('languageChanged', told)
}

/** The language on show, for a component: redraws it when the language changes. */
export function useLocale(): Locale {
  return useSyncExternalStore(onLanguage, shownLocale)
}

const perLanguage = new Map<Locale, Translate>()

/** `t` for a component: redraws it when the language changes, and is another function then, so that memos follow. */
export function useText(): Translate {
  const language = useLocale()
  const known = perLanguage.get(language)
  if (known) return known
  const translate: Translate = (key, values) => text(key, values)
  perLanguage.set(language, translate)
  return translate
}
