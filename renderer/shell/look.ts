// Theme, density and language on the document itself, following the settings and the system.
import { formatTag } from '../locales/format.ts'
import { localeFor, showLocale } from '../locales/text.ts'
import { api, queryClient } from '../api/api.ts'
import { currentSettings } from '../api/settings.ts'

const darkSystem = matchMedia('(prefers-color-scheme: dark)')

function draw(): void {
  const { theme, density, locale } = currentSettings()
  const root = document.documentElement
  root.dataset['theme'] = theme === 'system' ? (darkSystem.matches ? 'dark' : 'light') : theme
  root.dataset['density'] = density
  const chosen = localeFor(locale, navigator.languages)
  root.lang = formatTag(chosen, navigator.languages)
  void showLocale(chosen)
}

/** Applies the look now and after every change of the settings or the system's theme. */
export function applyLook(): void {
  draw()
  darkSystem.addEventListener('change', draw)
  const name = JSON.stringify(api.settings.get.queryKey())
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && JSON.stringify(event.query.queryKey) === name) draw()
  })
}

/** The theme on show, for frames that are drawn elsewhere. */
export function shownTheme(): 'light' | 'dark' {
  return document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light'
}
