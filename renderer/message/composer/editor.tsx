// The text of a mail being written. Loaded when the first composer opens, so that starting stays light.
import { Slice, Fragment, DOMParser as SchemaParser } from '@tiptap/pm/model'
import type { Node as DocumentNode, Schema } from '@tiptap/pm/model'
import type { EditorView } from '@tiptap/pm/view'
import { EditorContent, useEditor } from '@tiptap/react'
import type { Editor } from '@tiptap/react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { platform } from '../../parts/key-names.ts'
import { text } from '../../locales/text.ts'
import { cleanPaste } from './clean-paste.ts'
import { tellFailure } from './composer-actions.ts'
import type { DraftSession, EditorHandle } from './draft-session.ts'
import { editorKit, htmlOf, linesToSlice } from './editor-kit.ts'
import { pictureStored, putPicture } from './inline-image.ts'
import { expansionOf } from './insertion.ts'
import { ShortcutList, makeShortcutMenu } from './shortcut-menu.tsx'

type Props = {
  readonly session: DraftSession
  readonly label: string
  readonly onEditor: (editor: Editor | null) => void
  /** mod+k over a selection or in a link. */
  readonly onLink: () => void
}

export function MailEditor({ session, label, onEditor, onLink }: Props) {
  const holder = useRef<HTMLDivElement>(null)
  const [extensions] = useState(() => editorKit(() => text('composer:textPlaceholder')))
  const link = useEffectEvent(onLink)
  const [menu] = useState(makeShortcutMenu)
  const [editorProps] = useState(() => ({
    attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, class: 'composer-text', spellcheck: 'true' },
    transformPastedHTML: cleanPaste,
    transformPasted: (slice: Slice) => withoutData(slice, session),
    clipboardTextParser: (plain: string, _context: unknown, _plain: boolean, view: EditorView) => linesToSlice(plain, view.state.schema),
    // Keys that mean the composer, not the text, pass to the window.
    handleDOMEvents: { keydown: (_view: EditorView, event: KeyboardEvent) => isComposersOwn(event) },
    handleKeyDown: (view: EditorView, event: KeyboardEvent) => expandWord(view, event),
    handlePaste: (view: EditorView, event: ClipboardEvent) => takeFiles(view, session, event.clipboardData, view.state.selection.from),
    handleDrop: (view: EditorView, event: DragEvent, _slice: Slice, moved: boolean) =>
      !moved && takeFiles(view, session, event.dataTransfer, view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? view.state.selection.from),
  }))
  const editor = useEditor({
    extensions,
    content: session.use.getState().content.html,
    editorProps,
    shouldRerenderOnTransaction: false,
    onUpdate: () => session.textChanged(),
    onTransaction: ({ editor: changed }) => menu.look(changed),
    onBlur: () => {
      void session.saver.flush().catch(() => undefined)
      menu.close()
    },
  })

  useEffect(() => {
    session.lendEditor(handleOf(editor, session))
    onEditor(editor)
    return () => {
      session.lendEditor(null)
      onEditor(null)
    }
  }, [editor, session, onEditor])

  useEffect(() => {
    const element = holder.current
    const key = (event: KeyboardEvent): void => {
      if (menu.onKey(event, editor)) {
        event.preventDefault()
        event.stopPropagation()
        return
      }
      const mod = platform === 'mac' ? event.metaKey : event.ctrlKey
      if (!mod || event.altKey) return
      if (event.shiftKey && event.code === 'Digit9') editor.chain().focus().toggleBlockquote().run()
      else if (!event.shiftKey && event.key.toLowerCase() === 'k' && (!editor.state.selection.empty || editor.isActive('link'))) link()
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    // Before the editor sees them.
    element?.addEventListener('keydown', key, true)
    return () => element?.removeEventListener('keydown', key, true)
  }, [editor, menu])

  return (
    <div ref={holder} className="contents">
      <EditorContent editor={editor} className="contents" />
      <ShortcutList menu={menu} editor={editor} />
    </div>
  )
}

/** A word that stands for a text gives way to it when Tab or a space follows. */
function expandWord(view: EditorView, event: KeyboardEvent): boolean {
  if ((event.key !== 'Tab' && event.key !== ' ') || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
  const { $from, empty, from } = view.state.selection
  if (!empty) return false
  const before = $from.parent.textBetween(Math.max(0, $from.parentOffset - 60), $from.parentOffset, undefined, '\ufffc')
  const word = /(?:^|[\s(])(;?[\p{L}\p{N}_-]{1,40})$/u.exec(before)?.[1]
  const act = word === undefined ? null : expansionOf(word, event.key)
  if (word === undefined || act === null) return false
  view.dispatch(view.state.tr.delete(from - word.length, from))
  void Promise.resolve(act()).catch(tellFailure)
  return true
}

const composersOwn = new Set(['a', 'b', 'c', 'x', 'backspace'])

/** Keys of the composer's commands, which the editor would take for its own: Escape, mod+enter for a line break, mod+shift+a for all of the text. */
function isComposersOwn(event: KeyboardEvent): boolean {
  if (event.key === 'Escape') return true
  const mod = platform === 'mac' ? event.metaKey : event.ctrlKey
  return mod && (event.key === 'Enter' || (event.shiftKey && composersOwn.has(event.key.toLowerCase())))
}

function handleOf(editor: Editor, session: DraftSession): EditorHandle {
  // An editor that is gone has no text; what it had when it went was taken before.
  let last = session.use.getState().content.html
  return {
    html: () => (last = editor.isDestroyed ? last : htmlOf(editor)),
    insert(html, at = 'caret') {
      if (at === 'caret') editor.chain().focus().insertContent(html).run()
      else editor.chain().insertContentAt(at === 'start' ? 0 : editor.state.doc.content.size, html).run()
    },
    setHtml(html) {
      editor.commands.setContent(html, { emitUpdate: false })
    },
    insertPictures(files) {
      const nodes = files.filter(isPicture).map((file) => ({ type: 'image', attrs: { src: keepPicture(file, editor.view, session), alt: '' } }))
      if (nodes.length > 0) editor.chain().focus().insertContent(nodes).run()
    },
    focus(at) {
      if (at !== undefined) editor.commands.setTextSelection(at === 'start' ? 0 : editor.state.doc.content.size)
      // At once, where the editor's own command waits a frame: the next letter already belongs here.
      editor.view.focus()
      editor.commands.scrollIntoView()
    },
    type(letters) {
      letters.split('\n').forEach((line, at) => {
        if (at > 0) editor.commands.splitBlock()
        if (line !== '') editor.view.dispatch(editor.state.tr.insertText(line))
      })
    },
    setSignature(signature, add) {
      setSignature(editor, signature, add)
    },
  }
}

function parsed(html: string, schema: Schema): Fragment {
  const page = new DOMParser().parseFromString(html, 'text/html')
  return SchemaParser.fromSchema(schema).parse(page.body).content
}

function setSignature(editor: Editor, signature: { readonly id: number; readonly html: string } | null, add: boolean): void {
  const { state, view } = editor
  const type = state.schema.nodes['signature']
  if (type === undefined) return
  const made = signature === null ? null : type.create({ id: String(signature.id) }, parsed(signature.html, state.schema))
  const places: { from: number; to: number }[] = []
  state.doc.forEach((node, offset) => {
    if (node.type === type) places.push({ from: offset, to: offset + node.nodeSize })
  })
  const [place] = places
  const { tr } = state
  if (place !== undefined) {
    if (made === null) tr.delete(place.from, place.to)
    else tr.replaceWith(place.from, place.to, made)
  } else if (made !== null && add) tr.insert(state.doc.content.size, made)
  else return
  view.dispatch(tr)
}

/** Files in a paste or drop: pictures go into the text, the rest is attached. False when there is text to take instead. */
function takeFiles(view: EditorView, session: DraftSession, data: DataTransfer | null, at: number): boolean {
  const files = [...(data?.files ?? [])]
  if (data === null || files.length === 0) return false
  const html = data.getData('text/html')
  // Office gives a picture of the text beside the text.
  if (html !== '' && (new DOMParser().parseFromString(html, 'text/html').body.textContent.trim() !== '')) return false
  const pictures = files.filter(isPicture)
  session.attach(files.filter((file) => !isPicture(file)))
  const type = view.state.schema.nodes['image']
  if (type !== undefined && pictures.length > 0) {
    const nodes = pictures.map((file) => type.create({ src: keepPicture(file, view, session), alt: '' }))
    view.dispatch(view.state.tr.insert(Math.min(at, view.state.doc.content.size), nodes).scrollIntoView())
    view.focus()
  }
  return true
}

/** What every mail program can draw. */
function isPicture(file: File): boolean {
  return /^image\/(?:png|jpeg|gif|webp)$/u.test(file.type)
}

function keepPicture(file: File, view: EditorView, session: DraftSession): string {
  const source = putPicture(file)
  session.addPicture(
    file,
    (stored) => pictureStored(source, stored.hash),
    () => dropPicture(view, source),
  )
  return source
}

function dropPicture(view: EditorView, source: string): void {
  if (view.isDestroyed) return
  const found: number[] = []
  view.state.doc.descendants((node, position) => {
    if (node.type.name === 'image' && node.attrs['src'] === source) found.unshift(position)
  })
  const { tr } = view.state
  for (const position of found) tr.delete(position, position + 1)
  view.dispatch(tr)
}

/** Pictures that come inside pasted HTML are stored like any other. */
function withoutData(slice: Slice, session: DraftSession): Slice {
  const swap = (fragment: Fragment): Fragment => {
    const nodes: DocumentNode[] = []
    fragment.forEach((node) => {
      const source: unknown = node.attrs['src']
      if (node.type.name === 'image' && typeof source === 'string' && source.startsWith('data:')) {
        const file = fileFrom(source)
        if (file === null) return
        const put = putPicture(file)
        session.addPicture(file, (stored) => pictureStored(put, stored.hash), () => undefined)
        nodes.push(node.type.create({ ...node.attrs, src: put }))
      } else nodes.push(node.copy(swap(node.content)))
    })
    return Fragment.from(nodes)
  }
  const images: DocumentNode[] = []
  slice.content.descendants((node) => {
    if (node.type.name === 'image') images.push(node)
  })
  return images.length > 0 ? new Slice(swap(slice.content), slice.openStart, slice.openEnd) : slice
}

function fileFrom(source: string): File | null {
  const [, type, data] = /^data:(image\/(?:png|jpeg|gif|webp));base64,([\w+/=\s]+)$/u.exec(source) ?? []
  if (type === undefined || data === undefined) return null
  try {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))
    return new File([bytes], `${text('composer:image.name')}.${type.slice(6).replace('jpeg', 'jpg')}`, { type })
  } catch {
    return null
  }
}
