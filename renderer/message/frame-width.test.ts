import { describe, expect, it } from 'vitest'
import { fitting } from './frame-width.ts'

describe('fitting a mail to its room', () => {
  it('leaves what fits, shrinks what is somewhat too wide, and leaves what could not be read any more', () => {
    expect(fitting(600, 600)).toBe(1)
    expect(fitting(600, 900)).toBe(1)
    expect(fitting(600, 480)).toBe(0.8)
    expect(fitting(3000, 480)).toBe(1)
    expect(fitting(600, 0)).toBe(1)
  })
})
