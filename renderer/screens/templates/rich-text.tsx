// Rich text outside of a mail: templates, snippets and signatures, with the composer's own editor, looks and pictures.
import type { Extensions } from '@tiptap/core'
import type { Transaction } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { EditorContent, useEditor } from '@tiptap/react'
import clsx from 'clsx'
import { ImagePlus } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import { useEffect, useImperativeHandle, useRef, useState } from 'react'
import { client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { text, useText } from '../../locales/text.ts'
import { cleanPaste } from '../../message/composer/clean-paste.ts'
import { editorKit, htmlOf, linesToSlice } from '../../message/composer/editor-kit.ts'
import { FormatBar } from '../../message/composer/format-bar.tsx'
import { pictureStored, putPicture } from '../../message/composer/inline-image.ts'
import { LinkBar } from '../../message/composer/link-bar.tsx'
import { uploadFile } from '../../message/composer/upload.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { platform } from '../../parts/key-names.ts'
import { showToast } from '../../parts/toast.tsx'
import { markProblems, positionOf } from './merge-marks.ts'
import type { MarkedProblem } from './merge-marks.ts'

export type RichTextHandle = {
  readonly insertText: (text: string) => void
  readonly focus: () => void
  readonly goTo: (line: number, column: number) => void
}

type Props = {
  readonly label: string
  /** What it begins with; another text needs another key. */
  readonly initial: string
  readonly placeholder: string
  readonly onChange: (html: string) => void
  /** Pictures are on their way; they are not in the text yet. */
  readonly onStoring?: (storing: boolean) => void
  readonly extensions?: Extensions
  readonly problems?: readonly MarkedProblem[]
  readonly tools?: ReactNode
  readonly handle?: Ref<RichTextHandle>
  readonly className?: string
}

const none: readonly MarkedProblem[] = []
const noExtensions: Extensions = []

export function RichText({ label, initial, placeholder, onChange, onStoring, extensions: more = noExtensions, problems = none, tools, handle, className }: Props) {
  const t = useText()
  const holder = useRef<HTMLDivElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [linking, setLinking] = useState(false)
  const [extensions] = useState(() => [...editorKit(() => placeholder), ...more])
  const latest = useRef(onChange)
  const storing = useRef<Storing>(() => undefined)
  const waiting = useRef(0)
  const [options] = useState(() => ({
    attributes: { role: 'textbox', 'aria-multiline': 'true', 'aria-label': label, class: 'composer-text min-h-full p-3!', spellcheck: 'true' },
    transformPastedHTML: cleanPaste,
    clipboardTextParser: (plain: string, _context: unknown, _plain: boolean, view: EditorView) => linesToSlice(plain, view.state.schema),
    handlePaste: (view: EditorView, event: ClipboardEvent) => takePictures(view, [...(event.clipboardData?.files ?? [])], (change) => storing.current(change)),
    handleDrop: (view: EditorView, event: DragEvent, _slice: unknown, moved: boolean) => !moved && takePictures(view, [...(event.dataTransfer?.files ?? [])], (change) => storing.current(change)),
  }))
  const editor = useEditor({
    extensions,
    content: initial,
    editorProps: options,
    shouldRerenderOnTransaction: false,
    onUpdate: ({ editor: now }) => latest.current(htmlOf(now)),
  })
  useEffect(() => {
    latest.current = onChange
    storing.current = (change) => {
      waiting.current += change
      onStoring?.(waiting.current > 0)
      if (change === -1 && !editor.isDestroyed) onChange(htmlOf(editor))
    }
  })

  useImperativeHandle(
    handle,
    () => ({
      insertText: (inserted) => void editor.chain().focus().insertContent({ type: 'text', text: inserted }).run(),
      focus: () => void editor.commands.focus('end'),
      goTo(line, column) {
        const position = positionOf(editor.state.doc, line, column)
        if (position !== null) editor.chain().focus().setTextSelection(position).scrollIntoView().run()
      },
    }),
    [editor],
  )
  useEffect(() => {
    if (more.length > 0) markProblems(editor, problems)
  }, [editor, problems, more])
  useEffect(() => {
    const element = holder.current
    const onKey = (event: KeyboardEvent): void => {
      const mod = platform === 'mac' ? event.metaKey : event.ctrlKey
      if (!mod || event.altKey || event.shiftKey || event.key.toLowerCase() !== 'k' || (editor.state.selection.empty && !editor.isActive('link'))) return
      setLinking(true)
      event.preventDefault()
      event.stopPropagation()
    }
    element?.addEventListener('keydown', onKey)
    return () => element?.removeEventListener('keydown', onKey)
  }, [editor])

  return (
    <div className={clsx('flex min-h-0 flex-col overflow-hidden rounded-md border border-line-control bg-surface focus-within:border-accent dark:bg-fill', className)}>
      <div className="flex shrink-0 flex-wrap items-center gap-1 border-b border-line px-1.5 py-1">
        <FormatBar editor={editor} onLink={() => setLinking(true)} />
        <IconButton icon={ImagePlus} label={t('templates:editor.picture')} className="size-7!" onMouseDown={(event) => event.preventDefault()} onClick={() => picker.current?.click()} />
        <input
          ref={picker}
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          multiple
          hidden
          onChange={(event) => {
            takePictures(editor.view, [...(event.target.files ?? [])], (change) => storing.current(change))
            event.target.value = ''
          }}
        />
        {tools}
      </div>
      <div
        ref={holder}
        className="min-h-40 flex-1 cursor-text overflow-y-auto"
        onMouseDown={(event) => {
          if (event.target !== event.currentTarget) return
          event.preventDefault()
          editor.commands.focus('end')
        }}
      >
        <EditorContent editor={editor} className="contents" />
      </div>
      {linking && <LinkBar editor={editor} onClose={() => setLinking(false)} />}
    </div>
  )
}

/** Puts pictures where the caret is and stores them meanwhile. False when there are none among the files. */
function takePictures(view: EditorView, files: readonly File[], storing: Storing): boolean {
  const pictures = files.filter(isPicture)
  const type = view.state.schema.nodes['image']
  if (type === undefined || pictures.length === 0) return false
  for (const file of pictures) view.dispatch(view.state.tr.replaceSelectionWith(type.create({ src: keepPicture(file, view, storing), alt: '' }), false).scrollIntoView())
  view.focus()
  return true
}

/** Told when a picture begins to be stored, and when it is or could not be: until then the text is written without it. */
type Storing = (change: 1 | -1) => void

function keepPicture(file: File, view: EditorView, storing: Storing): string {
  const source = putPicture(file)
  storing(1)
  uploadFile(client.files, file.name, file, { signal: new AbortController().signal, onProgress: () => undefined }).then(
    (stored) => {
      pictureStored(source, stored.hash)
      storing(-1)
    },
    (error: unknown) => {
      showToast({ tone: 'error', message: text('templates:editor.pictureFailed', { name: file.name }), detail: failureText(failureFrom(error)) })
      if (!view.isDestroyed) view.dispatch(withoutPicture(view, source))
      storing(-1)
    },
  )
  return source
}

/** What every mail program can draw. */
function isPicture(file: File): boolean {
  return /^image\/(?:png|jpeg|gif|webp)$/.test(file.type)
}

function placesOf(view: EditorView, source: string): number[] {
  const found: number[] = []
  view.state.doc.descendants((node, position) => {
    if (node.type.name === 'image' && node.attrs['src'] === source) found.unshift(position)
  })
  return found
}

function withoutPicture(view: EditorView, source: string): Transaction {
  const { tr } = view.state
  for (const position of placesOf(view, source)) tr.delete(position, position + 1)
  return tr
}

/** A text as it will look in a mail, not to be written in. */
export function RichTextView({ html, label }: { readonly html: string; readonly label: string }) {
  const [extensions] = useState(() => editorKit(() => ''))
  const editor = useEditor({
    extensions,
    content: html,
    editable: false,
    shouldRerenderOnTransaction: false,
    editorProps: { attributes: { class: 'composer-text p-0! min-h-0! selectable', 'aria-label': label, role: 'document', tabindex: '-1' } },
  })
  useEffect(() => {
    editor.commands.setContent(html, { emitUpdate: false })
  }, [editor, html])
  return <EditorContent editor={editor} className="contents" />
}
