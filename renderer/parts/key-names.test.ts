import { afterEach, describe, expect, it } from 'vitest'
import { showLocale, text } from '../locales/text.ts'
import { ariaKeys, shownKeys } from './key-names.ts'

afterEach(() => showLocale('en'))

describe('shownKeys', () => {
  it('writes a combination and a sequence as on this keyboard', async () => {
    await showLocale('en')
    expect(shownKeys('mod+shift+k', text, 'mac')).toEqual([['⌘', '⇧', 'K']])
    expect(shownKeys('mod+k', text, 'other')).toEqual([['Ctrl', 'K']])
    expect(shownKeys('g i', text, 'other')).toEqual([['G'], ['I']])
    expect(shownKeys('?', text, 'other')).toEqual([['?']])
    expect(shownKeys('f6', text, 'other')).toEqual([['F6']])
  })

  it('calls keys as they are called in the language, signs being the same in all', async () => {
    await showLocale('de')
    expect(shownKeys('mod+shift+enter', text, 'other')).toEqual([['Strg', 'Umschalt', 'Eingabe']])
    expect(shownKeys('alt+pageup', text, 'other')).toEqual([['Alt', 'Bild auf']])
    expect(shownKeys('mod+shift+enter', text, 'mac')).toEqual([['⌘', '⇧', '↩']])
    expect(shownKeys('space', text, 'mac')).toEqual([['Leertaste']])
    await showLocale('nb')
    expect(shownKeys('mod+space', text, 'other')).toEqual([['Ctrl', 'Mellomrom']])
  })
})

describe('ariaKeys', () => {
  it('says combinations, and nothing for sequences', () => {
    expect(ariaKeys('mod+shift+k', 'other')).toBe('Control+Shift+k')
    expect(ariaKeys('g i', 'other')).toBeUndefined()
  })
})
