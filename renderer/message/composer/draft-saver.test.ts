import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { draftSaver } from './draft-saver.ts'
import type { Saved, SaveState } from './draft-saver.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A disk that stores after `takes` milliseconds, or fails when told to. */
function desk(takes = 5) {
  const stored: { text: string; basedOn: number; at: number }[] = []
  const states: SaveState[] = []
  let text = ''
  let fails = 0
  let overtaken = false
  let told = 0
  const started = performance.now()
  const saver = draftSaver<string>({
    version: 1,
    collect: () => text,
    save: async (content, basedOn): Promise<Saved> => {
      await new Promise((done) => setTimeout(done, takes))
      if (fails > 0) {
        fails -= 1
        throw new Error('the disk is full')
      }
      stored.push({ text: content, basedOn, at: performance.now() - started })
      const overtook = overtaken
      overtaken = false
      return { version: basedOn + 1, savedAt: performance.now(), overtook }
    },
    failureFrom: (error) => ({ kind: 'bug', code: 'unexpected', said: String(error), retryAfterMs: null }),
    onState: (state) => states.push(state),
    onOvertook: () => (told += 1),
  })
  return {
    stored,
    states,
    saver,
    type: (more: string) => {
      text += more
      saver.touch()
    },
    fail: (times: number) => (fails = times),
    overtake: () => (overtaken = true),
    told: () => told,
  }
}

describe('saving a draft', () => {
  it('stores a pause once, with all that was typed before it', async () => {
    const { saver, stored, type, states } = desk()
    for (const letter of 'Hello') {
      type(letter)
      await vi.advanceTimersByTimeAsync(60)
    }
    await vi.advanceTimersByTimeAsync(1000)
    expect(stored.map(({ text }) => text)).toEqual(['Hello'])
    expect(states.at(-1)?.phase).toBe('saved')
    expect(saver.isDirty()).toBe(false)
  })

  it('never leaves typing that goes on unstored for two seconds', async () => {
    const { stored, type } = desk(40)
    const typed: number[] = []
    const start = performance.now()
    for (let at = 0; at < 200; at += 1) {
      type('x')
      typed.push(performance.now() - start)
      await vi.advanceTimersByTimeAsync(50)
    }
    await vi.advanceTimersByTimeAsync(2000)
    for (const [index, at] of typed.entries()) {
      const kept = stored.find(({ text }) => text.length > index)
      expect((kept?.at ?? Infinity) - at).toBeLessThanOrEqual(2000)
    }
  })

  it('builds each version on the one stored before, one at a time', async () => {
    const { saver, stored, type } = desk(300)
    type('a')
    const first = saver.flush()
    await vi.advanceTimersByTimeAsync(100)
    type('b')
    const second = saver.flush()
    await vi.advanceTimersByTimeAsync(1000)
    await first
    expect(await second).toBe(3)
    expect(stored.map(({ text, basedOn }) => [text, basedOn])).toEqual([['a', 1], ['ab', 2]])
  })

  it('tries again until it is stored, and says meanwhile that it is not', async () => {
    const { stored, type, states, fail } = desk()
    fail(3)
    type('kept')
    await vi.advanceTimersByTimeAsync(900)
    expect(states.at(-1)).toMatchObject({ phase: 'failed', failure: { kind: 'bug' } })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(stored.map(({ text }) => text)).toEqual(['kept'])
    expect(states.at(-1)?.phase).toBe('saved')
  })

  it('stores what was typed after a failure too', async () => {
    const { stored, type, fail } = desk()
    fail(1)
    type('one')
    await vi.advanceTimersByTimeAsync(850)
    type(' two')
    await vi.advanceTimersByTimeAsync(5000)
    expect(stored.map(({ text }) => text)).toEqual(['one two'])
  })

  it('rejects a save that was asked for when it fails, and still keeps the text to be stored', async () => {
    const { saver, stored, type, fail } = desk()
    fail(1)
    type('send me')
    const asked = expect(saver.flush()).rejects.toThrow('the disk is full')
    await vi.advanceTimersByTimeAsync(10)
    await asked
    expect(saver.isDirty()).toBe(true)
    await vi.advanceTimersByTimeAsync(2000)
    expect(stored.map(({ text }) => text)).toEqual(['send me'])
  })

  it('tells when it overtook a version stored elsewhere', async () => {
    const { type, overtake, told } = desk()
    overtake()
    type('mine')
    await vi.advanceTimersByTimeAsync(2000)
    expect(told()).toBe(1)
  })

  it('does nothing while nothing changed', async () => {
    const { saver, stored } = desk()
    expect(await saver.flush()).toBe(1)
    await vi.advanceTimersByTimeAsync(5000)
    expect(stored).toEqual([])
  })
})
