// The words of the menu bar, the tray and the last notification, which the operating system draws and the renderer's texts do not reach.
import type { MenuCommand } from '../../../shared/api/host-window.ts'
import type { Locale } from '../../../shared/model/settings.ts'

export type MenuRole = 'undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'selectAll' | 'resetZoom' | 'zoomIn' | 'zoomOut' | 'togglefullscreen' | 'minimize' | 'close' | 'quit'
type MenuWord = MenuRole | MenuCommand | 'file' | 'edit' | 'view' | 'window' | 'help' | 'show' | 'sending'

export const menuText: Readonly<Record<Locale, Readonly<Record<MenuWord, string>>>> = {
  en: {
    file: 'File', edit: 'Edit', view: 'View', window: 'Window', help: 'Help', show: 'Show Shortlist', sending: 'Your last mail is being sent; then Shortlist closes.',
    'add-account': 'Add Mailbox…', 'sync-now': 'Check for Mail Now', print: 'Print…', settings: 'Settings…', search: 'Search', 'command-palette': 'Commands…', shortcuts: 'Keyboard Shortcuts',
    undo: 'Undo', redo: 'Redo', cut: 'Cut', copy: 'Copy', paste: 'Paste', selectAll: 'Select All',
    resetZoom: 'Actual Size', zoomIn: 'Zoom In', zoomOut: 'Zoom Out', togglefullscreen: 'Full Screen', minimize: 'Minimize', close: 'Close Window', quit: 'Quit',
  },
  de: {
    file: 'Datei', edit: 'Bearbeiten', view: 'Ansicht', window: 'Fenster', help: 'Hilfe', show: 'Shortlist anzeigen', sending: 'Ihre letzten Mails werden noch gesendet, dann schließt Shortlist.',
    'add-account': 'Postfach hinzufügen …', 'sync-now': 'Jetzt Mails abrufen', print: 'Drucken …', settings: 'Einstellungen …', search: 'Suchen', 'command-palette': 'Befehle …', shortcuts: 'Tastenkürzel',
    undo: 'Rückgängig', redo: 'Wiederholen', cut: 'Ausschneiden', copy: 'Kopieren', paste: 'Einfügen', selectAll: 'Alles auswählen',
    resetZoom: 'Originalgröße', zoomIn: 'Vergrößern', zoomOut: 'Verkleinern', togglefullscreen: 'Vollbild', minimize: 'Minimieren', close: 'Fenster schließen', quit: 'Beenden',
  },
  nb: {
    file: 'Fil', edit: 'Rediger', view: 'Vis', window: 'Vindu', help: 'Hjelp', show: 'Vis Shortlist', sending: 'Den siste e-posten sendes; deretter lukkes Shortlist.',
    'add-account': 'Legg til postkasse …', 'sync-now': 'Hent e-post nå', print: 'Skriv ut …', settings: 'Innstillinger …', search: 'Søk', 'command-palette': 'Kommandoer …', shortcuts: 'Tastatursnarveier',
    undo: 'Angre', redo: 'Gjør om', cut: 'Klipp ut', copy: 'Kopier', paste: 'Lim inn', selectAll: 'Merk alt',
    resetZoom: 'Faktisk størrelse', zoomIn: 'Forstørr', zoomOut: 'Forminsk', togglefullscreen: 'Fullskjerm', minimize: 'Minimer', close: 'Lukk vindu', quit: 'Avslutt',
  },
}

/** The program's language for a system's, e.g. 'nn-NO' is read best as Bokmål. */
export function localeFor(setting: Locale | 'system', system: string): Locale {
  if (setting !== 'system') return setting
  const language = system.toLowerCase().split(/[-_]/, 1)[0]
  return language === 'de' ? 'de' : language === 'nb' || language === 'nn' || language === 'no' ? 'nb' : 'en'
}
