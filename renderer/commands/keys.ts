// From key presses to commands. Pure, so that it can be tested: the listening is in dispatcher.ts.
import type { Command } from './command.ts'

export type Press = {
  readonly key: string
  readonly code: string
  readonly shiftKey: boolean
  readonly altKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

/** A press as written in commands: 'j', 'shift+u', 'mod+k', '?'. Null for a bare modifier. */
export function strokeOf(press: Press, mac: boolean): string | null {
  let { key } = press
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'CapsLock', 'Dead', 'Unidentified'].includes(key)) return null
  const mod = mac ? press.metaKey : press.ctrlKey
  const other = mac ? press.ctrlKey : press.metaKey
  const parts: string[] = []
  if (mod) parts.push('mod')
  if (other) parts.push(mac ? 'ctrl' : 'meta')
  // Alt with a letter types another character on many keyboards; there the key's place tells which letter was meant.
  if (press.altKey && (mod || mac || key.length > 1)) parts.push('alt')
  if (press.altKey && mac && /^(Key|Digit)/.test(press.code)) key = press.code.replace(/^(Key|Digit)/, '')
  if (key === ' ') key = 'space'
  // A letter's case says nothing (caps lock); a sign such as '?' already contains its shift.
  const shiftCounts = key.length > 1 || key.toLowerCase() !== key.toUpperCase()
  if (press.shiftKey && shiftCounts) parts.push('shift')
  parts.push(key.toLowerCase())
  return parts.join('+')
}

export type Match =
  | { readonly type: 'command'; readonly command: Command }
  /** The beginning of a sequence such as 'g i'; wait for the next press. */
  | { readonly type: 'prefix'; readonly pressed: string }
  | { readonly type: 'none' }

/** What a stroke means after the strokes in `pending` ('' for none). A sequence that leads nowhere starts over with this stroke. */
export function match(commands: readonly Command[], pending: string, stroke: string): Match {
  const pressed = pending === '' ? stroke : `${pending} ${stroke}`
  const command = commands.find(({ keys }) => keys.includes(pressed))
  if (command) return { type: 'command', command }
  if (commands.some(({ keys }) => keys.some((key) => key.startsWith(`${pressed} `)))) return { type: 'prefix', pressed }
  return pending === '' ? { type: 'none' } : match(commands, '', stroke)
}
