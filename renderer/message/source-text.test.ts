import { describe, expect, it } from 'vitest'
import { headerFields, textBlocks } from './source-text.ts'

describe('reading a source', () => {
  it('undoes folding and keeps what is no field', () => {
    expect(headerFields('From: Ada\r\nSubject: a\r\n\tb\r\nnonsense\r\n\r\nBody: no')).toEqual([
      { name: 'From', value: 'Ada' }, { name: 'Subject', value: 'a b' }, { name: '', value: 'nonsense' },
    ])
  })

  it('takes a source without a body, and an empty one', () => {
    expect(headerFields('From: Ada')).toHaveLength(1)
    expect(headerFields('')).toEqual([])
  })
})

describe('cutting a text into blocks', () => {
  it('cuts after so many lines and loses no letter', () => {
    const text = Array.from({ length: 250 }, (_, at) => `line ${String(at)}`).join('\n')
    expect(textBlocks(text).map((block) => block.split('\n').length)).toEqual([100, 100, 50])
    expect(textBlocks(text).join('\n')).toBe(text)
  })

  it('cuts one endless line, but no emoji', () => {
    const blocks = textBlocks(`a${'😀'.repeat(30_000)}`)
    expect(blocks.join('')).toBe(`a${'😀'.repeat(30_000)}`)
    for (const block of blocks) {
      expect(block.length).toBeLessThanOrEqual(20_000)
      expect(block.isWellFormed()).toBe(true)
    }
  })
})
