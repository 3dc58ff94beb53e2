// How a shortcut is written on this computer's keyboard.
import { hasText } from '../locales/text.ts'
import type { Translate } from '../locales/text.ts'

type Platform = 'mac' | 'other'

export const platform: Platform = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent) ? 'mac' : 'other'

/** The sign on a Mac's key, and on any; where there is none, the key is called by its name. */
const signs: Readonly<Record<string, readonly [mac: string | null, other: string | null]>> = {
  mod: ['⌘', null],
  ctrl: ['⌃', null],
  alt: ['⌥', null],
  shift: ['⇧', null],
  enter: ['↩', null],
  escape: [null, null],
  delete: ['⌦', null],
  backspace: ['⌫', '⌫'],
  space: [null, null],
  tab: ['⇥', null],
  arrowup: ['↑', '↑'],
  arrowdown: ['↓', '↓'],
  arrowleft: ['←', '←'],
  arrowright: ['→', '→'],
  home: ['↖', null],
  end: ['↘', null],
  pageup: ['⇞', null],
  pagedown: ['⇟', null],
}

/** The strokes of a shortcut, each as its key caps, as they are called in the language of `t`: 'g i' is [['G'], ['I']],
 *  'mod+k' is [['Ctrl', 'K']]. */
export function shownKeys(keys: string, t: Translate, on: Platform = platform): readonly (readonly string[])[] {
  return keys.split(' ').map((stroke) => {
    const parts = stroke === '+' ? ['+'] : stroke.split('+')
    return parts.map((part) => {
      const key = part.toLowerCase()
      const sign = signs[key]?.[on === 'mac' ? 0 : 1]
      if (typeof sign === 'string') return sign
      const name = `shell:key.${key === 'mod' ? 'ctrl' : key}`
      if (hasText(name)) return t(name)
      return part.length === 1 ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1)
    })
  })
}

/** The same for `aria-keyshortcuts`, where a sequence cannot be said. */
export function ariaKeys(keys: string, on: Platform = platform): string | undefined {
  if (keys.includes(' ')) return undefined
  return keys.replace('mod', on === 'mac' ? 'Meta' : 'Control').replace('shift', 'Shift').replace('alt', 'Alt')
}
