import { Schema } from '@tiptap/pm/model'
import type { Node as DocumentNode } from '@tiptap/pm/model'
import { describe, expect, it } from 'vitest'
import { linesOf, positionOf } from './merge-marks.ts'

const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { content: 'inline*', group: 'block' },
    bulletList: { content: 'listItem+', group: 'block' },
    listItem: { content: 'block+' },
    text: { group: 'inline' },
    hardBreak: { group: 'inline', inline: true },
    image: { group: 'inline', inline: true, atom: true },
  },
  marks: { bold: {} },
})
const node = (name: string, ...content: readonly (DocumentNode | string)[]): DocumentNode =>
  schema.node(name, null, content.map((one) => (typeof one === 'string' ? schema.text(one) : one)))
const letter = node(
  'doc',
  node('paragraph', 'Hello'),
  node('paragraph'),
  node('bulletList', node('listItem', node('paragraph', 'one', node('hardBreak'), 'two')), node('listItem', node('paragraph', '😀', node('image'), 'x'))),
)

describe('the lines of a text', () => {
  it('are its blocks and what line breaks make of them, empty ones included', () => {
    expect(linesOf(letter).map((line) => line.text)).toEqual(['Hello', '', 'one', 'two', '😀x'])
  })

  it('lead from a line and a character to a place in the document', () => {
    const at = (line: number, column: number) => {
      const position = positionOf(letter, line, column)
      return position === null ? null : letter.textBetween(position, Math.min(position + 2, letter.content.size), '|', '*')
    }
    expect(at(1, 2)).toBe('el')
    expect(at(3, 1)).toBe('on')
    expect(at(4, 2)).toMatch(/^wo/)
    expect(at(5, 2)).toBe('x')
    expect(at(9, 1)).toBeNull()
    // A place behind the end of a line is its end.
    expect(positionOf(letter, 1, 99)).toBe(6)
  })
})
