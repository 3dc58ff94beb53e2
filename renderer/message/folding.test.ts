import { describe, expect, it } from 'vitest'
import { MessageId } from '../../shared/model/ids.ts'
import { layOut, openAtFirst, startOfReading } from './folding.ts'

const thread = (...seen: readonly boolean[]): readonly { readonly id: MessageId; readonly seen: boolean }[] =>
  seen.map((isSeen, index) => ({ id: MessageId.parse(index + 1), seen: isSeen }))
const read = (count: number): readonly boolean[] => Array.from({ length: count }, () => true)
const shape = (seen: readonly boolean[], revealed = false): string =>
  layOut(thread(...seen), openAtFirst(thread(...seen)), revealed)
    .map((entry) => (entry.kind === 'hidden' ? `(${entry.messages.map((message) => message.id).join(' ')})` : `${String(entry.message.id)}${entry.open ? '*' : ''}`))
    .join(' ')

describe('laying out a conversation', () => {
  it('opens the newest message alone when all are read', () => {
    expect(shape(read(3))).toBe('1 2 3*')
    expect(shape(read(1))).toBe('1*')
    expect(shape([])).toBe('')
  })

  it('opens every unread message too', () => {
    expect(shape([true, false, true, false, true])).toBe('1 2* 3 4* 5*')
  })

  it('opens the first twenty of many unread ones and the newest', () => {
    const many = thread(...Array.from({ length: 175 }, () => false))
    expect([...openAtFirst(many)]).toEqual([...Array.from({ length: 20 }, (_, at) => at + 1), 175])
  })

  it('hides a long run in the middle but keeps the first message and the one before an open one', () => {
    expect(shape(read(9))).toBe('1 (2 3 4 5 6 7) 8 9*')
  })

  it('does not hide fewer than three', () => {
    expect(shape(read(5))).toBe('1 2 3 4 5*')
    expect(shape(read(6))).toBe('1 (2 3 4) 5 6*')
  })

  it('hides each run apart', () => {
    expect(shape([...read(6), false, ...read(6)])).toBe('1 (2 3 4 5) 6 7* (8 9 10 11) 12 13*')
  })

  it('shows everything when asked', () => {
    expect(shape(read(9), true)).toBe('1 2 3 4 5 6 7 8 9*')
  })

  it('loses and repeats no message, whatever is open', () => {
    for (let bits = 0; bits < 512; bits += 1) {
      const messages = thread(...read(9))
      const open = new Set(messages.filter((_, index) => (bits >> index) & 1).map((message) => message.id))
      const ids = layOut(messages, open, false).flatMap((entry) => (entry.kind === 'hidden' ? entry.messages.map((message) => message.id) : [entry.message.id]))
      expect(ids).toEqual(messages.map((message) => message.id))
    }
  })
})

describe('where reading starts', () => {
  it('is the oldest unread message, else the newest', () => {
    expect(startOfReading(thread(true, false, false))).toBe(2)
    expect(startOfReading(thread(true, true))).toBe(2)
    expect(startOfReading([])).toBeNull()
  })
})
