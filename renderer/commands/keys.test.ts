import { Star } from 'lucide-react'
import { describe, expect, it } from 'vitest'
import type { Command } from './command.ts'
import { match, strokeOf } from './keys.ts'

const press = (key: string, held: Partial<Record<'shiftKey' | 'altKey' | 'ctrlKey' | 'metaKey', boolean>> = {}, code = '') => ({
  key, code, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...held,
})
const command = (id: string, ...keys: string[]): Command => ({ id, labelKey: 'commands:thread.star', icon: Star, section: 'app', keys, perform: () => undefined })

describe('strokeOf', () => {
  it('names a plain key, whatever caps lock does to it', () => {
    expect(strokeOf(press('j'), false)).toBe('j')
    expect(strokeOf(press('J'), false)).toBe('j')
  })

  it('says shift with letters and named keys, and leaves it inside signs that need it', () => {
    expect(strokeOf(press('U', { shiftKey: true }), false)).toBe('shift+u')
    expect(strokeOf(press('?', { shiftKey: true }), false)).toBe('?')
    expect(strokeOf(press('*', { shiftKey: true }), false)).toBe('*')
    expect(strokeOf(press('ArrowDown', { shiftKey: true }), false)).toBe('shift+arrowdown')
  })

  it('calls Control or Command mod, each on its own platform', () => {
    expect(strokeOf(press('k', { ctrlKey: true }), false)).toBe('mod+k')
    expect(strokeOf(press('k', { metaKey: true }), true)).toBe('mod+k')
    expect(strokeOf(press('k', { ctrlKey: true }), true)).toBe('ctrl+k')
  })

  it('lets AltGr type a sign', () => {
    expect(strokeOf(press('[', { altKey: true, ctrlKey: false }), false)).toBe('[')
  })

  it('ignores a bare modifier and a dead key', () => {
    expect(strokeOf(press('Shift', { shiftKey: true }), false)).toBeNull()
    expect(strokeOf(press('Dead'), false)).toBeNull()
  })
})

describe('match', () => {
  const commands = [command('inbox', 'g i'), command('next', 'j'), command('open', 'o', 'enter'), command('index', 'i')]

  it('finds a command by any of its keys', () => {
    expect(match(commands, '', 'enter')).toMatchObject({ type: 'command', command: { id: 'open' } })
  })

  it('waits for the second key of a sequence and then performs it', () => {
    expect(match(commands, '', 'g')).toEqual({ type: 'prefix', pressed: 'g' })
    expect(match(commands, 'g', 'i')).toMatchObject({ type: 'command', command: { id: 'inbox' } })
  })

  it('starts over when a sequence leads nowhere', () => {
    expect(match(commands, 'g', 'j')).toMatchObject({ type: 'command', command: { id: 'next' } })
    expect(match(commands, 'g', 'g')).toEqual({ type: 'prefix', pressed: 'g' })
    expect(match(commands, 'g', 'q')).toEqual({ type: 'none' })
  })
})
