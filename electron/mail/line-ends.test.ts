import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { hasWholeLines } from './line-ends.ts'

const whole = (text: string): Promise<boolean> => hasWholeLines(Buffer.from(text, 'latin1'))

it('lines are whole when each ends with CRLF, the last one too', async () => {
  for (const text of ['\r\n', 'a\r\n', 'a\r\n\r\nb\r\n']) expect(await whole(text), JSON.stringify(text)).toBe(true)
  for (const text of ['', 'a', '\n', 'a\n', '\na\r\n', 'a\nb\r\n', 'a\rb\r\n', 'a\r', 'a\r\r\n', 'a\r\n\n', 'a\r\nb']) expect(await whole(text), JSON.stringify(text)).toBe(false)
})

it('a CR and its LF may lie in two slices', async () => {
  for (const length of [1024 * 1024 - 2, 1024 * 1024 - 1, 1024 * 1024]) {
    expect(await whole(`${'x'.repeat(length)}\r\n`)).toBe(true)
    expect(await whole(`${'x'.repeat(length)}\ry\r\n`)).toBe(false)
  }
})

it('a large message does not keep everything else waiting', async () => {
  const state = { done: false, turns: 0 }
  const isDone = (): boolean => state.done
  const checked = hasWholeLines(Buffer.alloc(32 * 1024 * 1024, 'some text of a line\r\n')).finally(() => {
    state.done = true
  })
  while (!isDone()) {
    await setImmediate()
    state.turns++
  }
  expect(await checked).toBe(false)
  expect(state.turns).toBeGreaterThan(20)
})
