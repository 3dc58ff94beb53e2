// What texts for mail can hold, and how they are read from and written as HTML. Shared by everything that writes such texts.
import type { Editor, Extensions } from '@tiptap/core'
import HardBreak from '@tiptap/extension-hard-break'
import Placeholder from '@tiptap/extension-placeholder'
import { DOMSerializer, Fragment, Slice } from '@tiptap/pm/model'
import type { Schema } from '@tiptap/pm/model'
import StarterKit from '@tiptap/starter-kit'
import { InlineImage, storedSource } from './inline-image.ts'
import { SignatureNode } from './signature-node.ts'

export function editorKit(placeholder: () => string): Extensions {
  return [
    StarterKit.configure({
      heading: false,
      codeBlock: false,
      hardBreak: false,
      code: false,
      trailingNode: false,
      link: {
        openOnClick: false,
        autolink: true,
        linkOnPaste: true,
        defaultProtocol: 'https',
        protocols: ['mailto', 'tel'],
        HTMLAttributes: { target: null, rel: null, class: null },
      },
      dropcursor: { color: 'var(--accent)', width: 2 },
      undoRedo: { depth: 500 },
    }),
    HardBreak.extend({ parseHTML: () => [{ tag: 'br', priority: 60, ignore: true, getAttrs: (element) => endsLine(element) && null }, { tag: 'br' }] }),
    InlineImage,
    SignatureNode,
    Placeholder.configure({ placeholder, showOnlyWhenEditable: true }),
  ]
}

const blocks = 'p,div,ul,ol,li,blockquote,hr,table,td,th,pre,body,address,article,section,h1,h2,h3,h4,h5,h6'

/** A break that nothing follows on its line shows nothing on a page, and mail programs fill their empty lines with one. */
function endsLine(lineBreak: Element): boolean {
  for (let node: Node = lineBreak; ; ) {
    for (let next = node.nextSibling; next !== null; next = next.nextSibling) {
      if (next instanceof Element && next.matches(blocks)) return true
      if ((next.textContent ?? '').trim() !== '' || (next instanceof Element && (next.matches('img,br') || next.querySelector('img,br') !== null))) return false
    }
    const parent = node.parentNode
    if (!(parent instanceof Element) || parent.matches(blocks)) return true
    node = parent
  }
}

/** The text as HTML, made in a document that loads nothing. Pictures that are not stored yet are left out. */
export function htmlOf(editor: Editor): string {
  const inert = document.implementation.createHTMLDocument()
  const box = inert.createElement('div')
  box.append(DOMSerializer.fromSchema(editor.schema).serializeFragment(editor.state.doc.content, { document: inert }))
  for (const image of box.querySelectorAll('img')) {
    const source = storedSource(image.getAttribute('src') ?? '')
    if (source === null) image.remove()
    else image.setAttribute('src', source)
  }
  return box.innerHTML
}

/** Pasted plain text line by line; empty lines stay. */
export function linesToSlice(text: string, schema: Schema): Slice {
  const paragraph = schema.nodes['paragraph']
  if (paragraph === undefined) return Slice.empty
  const lines = text.replaceAll(/\r\n?/gu, '\n').replace(/\n$/u, '').split('\n')
  return new Slice(Fragment.from(lines.map((line) => paragraph.create(null, line === '' ? null : schema.text(line)))), 1, 1)
}
