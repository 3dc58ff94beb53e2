// Finds a folder's special use by its name, for servers without RFC 6154. Names as the common servers and clients
// create them in English, German and Norwegian (and a few neighbours).
import type { SpecialUse } from './folder.ts'

const names: Readonly<Record<Exclude<SpecialUse, 'inbox' | 'all' | 'flagged'>, readonly string[]>> = {
  drafts: ['drafts', 'draft', 'entwürfe', 'entwurf', 'utkast', 'kladder', 'brouillons', 'concepten', 'borradores'],
  sent: ['sent', 'sent items', 'sent mail', 'sent messages', 'gesendet', 'gesendete elemente', 'gesendete objekte', 'gesendete nachrichten',
    'sendt', 'sendte elementer', 'sendte meldinger', 'sendt e-post', 'sendt post', 'skickat', 'envoyés', 'éléments envoyés', 'verzonden items', 'enviados'],
  archive: ['archive', 'archives', 'archiv', 'arkiv', 'archief', 'archivo'],
  junk: ['junk', 'spam', 'junk e-mail', 'junk email', 'junk mail', 'bulk mail', 'junk-e-mail', 'spamverdacht', 'unerwünscht', 'søppelpost', 'uønsket e-post', 'skräppost', 'indésirables', 'ongewenste e-mail'],
  trash: ['trash', 'deleted', 'deleted items', 'deleted messages', 'bin', 'papierkorb', 'gelöscht', 'gelöschte elemente', 'gelöschte objekte',
    'søppel', 'søppelkurv', 'papirkurv', 'slettede elementer', 'slettet', 'borttaget', 'corbeille', 'prullenbak', 'papelera'],
}

/** `depth` is 0 for a top-level folder or one directly under INBOX; deeper folders never match by name. */
export function specialUseByName(name: string, depth: number): SpecialUse | null {
  if (depth > 0) return null
  const wanted = name.normalize('NFC').trim().toLowerCase()
  for (const [use, known] of Object.entries(names)) {
    if (known.includes(wanted)) return use as SpecialUse
  }
  return null
}
