// Fields and conditions of a template shown as such while it is written, and mistakes at their place. Places come from the
// main side as lines and characters of the text as it is seen: a block of text begins a line, and so does a line break.
import { Extension } from '@tiptap/react'
import type { Editor } from '@tiptap/react'
import type { Node as DocumentNode } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet } from '@tiptap/pm/view'

export type MarkedProblem = { readonly line: number; readonly column: number; readonly told: string }

type Marks = { readonly problems: readonly MarkedProblem[]; readonly drawn: DecorationSet }

const key = new PluginKey<Marks>('merge-marks')

type Line = { readonly text: string; /** Where each character of the line stands in the document, and where the line ends. */ readonly places: readonly number[] }

export function linesOf(doc: DocumentNode): Line[] {
  const lines: Line[] = []
  doc.descendants((block, position) => {
    if (!block.isTextblock) return true
    let text = ''
    let places: number[] = []
    let at = position + 1
    const end = () => {
      lines.push({ text, places: [...places, at] })
      text = ''
      places = []
    }
    block.forEach((child) => {
      if (child.isText) {
        const content = child.text ?? ''
        for (let unit = 0; unit < content.length; unit++) places.push(at + unit)
        text += content
      } else if (child.type.name === 'hardBreak') {
        end()
      }
      at += child.nodeSize
      if (child.type.name === 'hardBreak' && places.length === 0) places = []
    })
    end()
    return false
  })
  return lines
}

/** The position in the document of a line and a character, both from 1; the nearest there is when the text has changed. */
export function positionOf(doc: DocumentNode, line: number, column: number): number | null {
  const found = linesOf(doc)[line - 1]
  if (!found) return null
  return found.places[unitsOf(found.text, column)] ?? found.places.at(-1) ?? null
}

/** Code units before a character. */
function unitsOf(text: string, column: number): number {
  return Array.from(text).slice(0, column - 1).join('').length
}

function draw(doc: DocumentNode, problems: readonly MarkedProblem[]): DecorationSet {
  const marks: Decoration[] = []
  for (const [index, { text, places }] of linesOf(doc).entries()) {
    for (const found of text.matchAll(/\{\{.*?\}\}|\{%.*?%\}/g)) {
      const [from, to] = [places[found.index], places[found.index + found[0].length - 1]]
      if (from !== undefined && to !== undefined) marks.push(Decoration.inline(from, to + 1, { class: found[0].startsWith('{{') ? 'rounded-sm bg-accent-soft text-accent-ink' : 'rounded-sm bg-fill-strong text-ink-2' }))
    }
    for (const problem of problems) {
      if (problem.line !== index + 1) continue
      const unit = unitsOf(text, problem.column)
      const length = /^(?:[\p{L}\p{N}_.]+|\S+)/u.exec(text.slice(unit))?.[0].length ?? 1
      const [from, to] = [places[unit], places[unit + length - 1]]
      if (from !== undefined && to !== undefined) marks.push(Decoration.inline(from, to + 1, { class: 'underline decoration-danger decoration-wavy underline-offset-4', title: problem.told }))
    }
  }
  return DecorationSet.create(doc, marks)
}

export const MergeMarks = Extension.create({
  name: 'mergeMarks',
  addProseMirrorPlugins() {
    return [
      new Plugin<Marks>({
        key,
        state: {
          init: (_config, state) => ({ problems: [], drawn: draw(state.doc, []) }),
          apply(transaction, marks) {
            const told: unknown = transaction.getMeta(key)
            // Until the text was looked at again, old mistakes would stand in the wrong place.
            const problems = Array.isArray(told) ? (told as readonly MarkedProblem[]) : transaction.docChanged ? [] : marks.problems
            return problems === marks.problems && !transaction.docChanged ? marks : { problems, drawn: draw(transaction.doc, problems) }
          },
        },
        props: { decorations: (state) => key.getState(state)?.drawn ?? null },
      }),
    ]
  },
})

export function markProblems(editor: Editor, problems: readonly MarkedProblem[]): void {
  if (!editor.isDestroyed) editor.view.dispatch(editor.state.tr.setMeta(key, problems).setMeta('addToHistory', false))
}
