import { describe, expect, it } from 'vitest'
import { scoreOf } from './palette-score.ts'

describe('scoreOf', () => {
  it('wants every word that was typed, in any order', () => {
    expect(scoreOf('inbox go', 'Go to the inbox', '')).toBeGreaterThan(0)
    expect(scoreOf('go contoso', 'Go to the inbox', '')).toBe(0)
  })

  it('puts beginnings before middles, and names before where they are', () => {
    const start = scoreOf('cont', 'Contoso', 'Clients')
    const word = scoreOf('cont', 'Old Contoso', 'Clients')
    const middle = scoreOf('ntos', 'Contoso', 'Clients')
    const around = scoreOf('clie', 'Contoso', 'Clients')
    expect([around, middle, word, start]).toEqual([around, middle, word, start].toSorted((a, b) => a - b))
    expect(around).toBeGreaterThan(0)
  })

  it('does not take letters spread over a name for it', () => {
    expect(scoreOf('contoso', 'Manage connections to some', '')).toBe(0)
  })

  it('reads signs as they are', () => {
    expect(scoreOf('c++ (', 'C++ (backend)', '')).toBeGreaterThan(0)
  })
})
