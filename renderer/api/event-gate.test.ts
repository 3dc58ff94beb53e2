import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { AppEvent } from '../../shared/api/events.ts'
import type { AccountId, MessageId, ThreadId } from '../../shared/model/ids.ts'
import { eventGate } from './event-gate.ts'
import type { EventGate } from './event-gate.ts'

const folders: AppEvent = { type: 'folders', accountId: 'acc' as AccountId }
const body: AppEvent = { type: 'body', threadId: 1 as ThreadId, messageId: 2 as MessageId }

let released: (readonly AppEvent[])[]
let gate: EventGate
beforeEach(() => {
  vi.useFakeTimers()
  released = []
  gate = eventGate((events) => released.push(events))
})
afterEach(() => vi.useRealTimers())

it('lets the first of a burst through at once and the rest together', () => {
  gate.add(folders)
  vi.advanceTimersByTime(16)
  expect(released).toEqual([[folders]])
  for (let each = 0; each < 100; each++) gate.add(folders)
  vi.advanceTimersByTime(100)
  expect(released).toHaveLength(1)
  vi.advanceTimersByTime(50)
  expect(released.map((events) => events.length)).toEqual([1, 100])
})

it('holds changes while keys come, until they rest', () => {
  for (let key = 0; key < 5; key++) {
    gate.noteKey()
    gate.add(folders)
    vi.advanceTimersByTime(250)
  }
  expect(released).toEqual([])
  vi.advanceTimersByTime(700)
  expect(released.map((events) => events.length)).toEqual([5])
})

it('holds nothing for ever', () => {
  for (let key = 0; key < 20; key++) {
    gate.noteKey()
    gate.add(folders)
    vi.advanceTimersByTime(250)
  }
  expect(released).toHaveLength(1)
})

it('holds from when it began to, whatever passed through before', () => {
  gate.noteKey()
  gate.add(body)
  vi.advanceTimersByTime(10_000)
  gate.noteKey()
  gate.add(folders)
  vi.advanceTimersByTime(600)
  expect(released).toEqual([[body]])
})

it('lets through at once what the person waits for, also while it holds the rest', () => {
  gate.noteKey()
  gate.add(folders)
  vi.advanceTimersByTime(100)
  gate.add(body)
  vi.advanceTimersByTime(16)
  expect(released).toEqual([[body]])
  vi.advanceTimersByTime(700)
  expect(released).toEqual([[body], [folders]])
})
