// How a shortcut is written on this computer's keyboard.

type Platform = 'mac' | 'other'

export const platform: Platform = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent) ? 'mac' : 'other'

const caps: Readonly<Record<string, readonly [mac: string, other: string]>> = {
  mod: ['⌘', 'Ctrl'],
  ctrl: ['⌃', 'Ctrl'],
  alt: ['⌥', 'Alt'],
  shift: ['⇧', 'Shift'],
  enter: ['↩', 'Enter'],
  escape: ['Esc', 'Esc'],
  delete: ['⌦', 'Del'],
  backspace: ['⌫', '⌫'],
  space: ['Space', 'Space'],
  arrowup: ['↑', '↑'],
  arrowdown: ['↓', '↓'],
  arrowleft: ['←', '←'],
  arrowright: ['→', '→'],
  pageup: ['PgUp', 'PgUp'],
  pagedown: ['PgDn', 'PgDn'],
}

/** The strokes of a shortcut, each as its key caps: 'g i' is [['G'], ['I']], 'mod+k' is [['Ctrl', 'K']]. */
export function shownKeys(keys: string, on: Platform = platform): readonly (readonly string[])[] {
  return keys.split(' ').map((stroke) => {
    const parts = stroke === '+' ? ['+'] : stroke.split('+')
    return parts.map((part) => {
      const known = caps[part.toLowerCase()]
      if (known) return on === 'mac' ? known[0] : known[1]
      return part.length === 1 ? part.toUpperCase() : part.charAt(0).toUpperCase() + part.slice(1)
    })
  })
}

/** The same for `aria-keyshortcuts`, where a sequence cannot be said. */
export function ariaKeys(keys: string, on: Platform = platform): string | undefined {
  if (keys.includes(' ')) return undefined
  return keys.replace('mod', on === 'mac' ? 'Meta' : 'Control').replace('shift', 'Shift').replace('alt', 'Alt')
}
