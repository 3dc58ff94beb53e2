import { describe, expect, it } from 'vitest'
import { newestStep, pushStep, takeStep } from './undo-stack.ts'
import type { UndoStep } from './undo-stack.ts'

const step = (label: string): UndoStep => ({ label, at: 0, undo: () => Promise.resolve(true) })

describe('the steps that can be taken back', () => {
  it('are taken newest first, each once', () => {
    const [first, second] = [step('first'), step('second')]
    pushStep(first)
    pushStep(second)
    expect(newestStep()).toBe(second)
    expect(takeStep(second)).toBe(true)
    expect(takeStep(second)).toBe(false)
    expect(newestStep()).toBe(first)
    expect(takeStep(first)).toBe(true)
    expect(newestStep()).toBeUndefined()
  })

  it('can be taken out of the middle, by the note that offers it or when it was not done after all', () => {
    const [first, second] = [step('first'), step('second')]
    pushStep(first)
    pushStep(second)
    expect(takeStep(first)).toBe(true)
    expect(newestStep()).toBe(second)
    takeStep(second)
  })
})
