// Which language to write to somebody in, as far as their address tells.

const byDomain: Readonly<Record<string, string>> = {
  de: 'de', at: 'de', ch: 'de', li: 'de', no: 'nb', se: 'sv', dk: 'da', fi: 'fi', nl: 'nl', fr: 'fr', es: 'es', it: 'it', pl: 'pl', pt: 'pt',
  uk: 'en', ie: 'en', us: 'en', au: 'en', nz: 'en', ca: 'en',
}

/** Null for domains of no country, which is most of the world's mail. */
export function languageOfAddress(address: string): string | null {
  return byDomain[address.slice(address.lastIndexOf('.') + 1).toLowerCase()] ?? null
}

/** Norwegian goes by three codes. */
const sameAs = (language: string): string => (language === 'no' || language === 'nn' ? 'nb' : language)

/** The first of `wanted` that there is a variant in, else the first variant. */
export function chooseVariant<V extends { readonly language: string }>(variants: readonly V[], wanted: readonly (string | null)[]): V | undefined {
  for (const language of wanted) {
    const found = language === null ? undefined : variants.find((variant) => sameAs(variant.language) === sameAs(language))
    if (found) return found
  }
  return variants[0]
}
