import { describe, expect, it } from 'vitest'
import { ariaKeys, shownKeys } from './key-names.ts'

describe('shownKeys', () => {
  it('writes a combination and a sequence as on this keyboard', () => {
    expect(shownKeys('mod+shift+k', 'mac')).toEqual([['⌘', '⇧', 'K']])
    expect(shownKeys('mod+k', 'other')).toEqual([['Ctrl', 'K']])
    expect(shownKeys('g i', 'other')).toEqual([['G'], ['I']])
    expect(shownKeys('?', 'other')).toEqual([['?']])
  })
})

describe('ariaKeys', () => {
  it('says combinations, and nothing for sequences', () => {
    expect(ariaKeys('mod+shift+k', 'other')).toBe('Control+Shift+k')
    expect(ariaKeys('g i', 'other')).toBeUndefined()
  })
})
