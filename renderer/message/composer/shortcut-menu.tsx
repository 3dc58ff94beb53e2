// What is offered while ';word' is typed in the text. The keys go to the list while it is open; the text keeps the focus.
import type { Editor } from '@tiptap/react'
import clsx from 'clsx'
import { createPortal } from 'react-dom'
import { create } from 'zustand'
import type { StoreApi, UseBoundStore } from 'zustand'
import { useText } from '../../locales/text.ts'
import { tellFailure } from './composer-actions.ts'
import { suggestionsFor } from './insertion.ts'
import type { Suggestion } from './insertion.ts'

type Shown = {
  /** Where ';word' stands in the text. */
  readonly from: number
  readonly to: number
  /** The place of its first letter in the window. */
  readonly left: number
  readonly top: number
  readonly bottom: number
  readonly rows: readonly Suggestion[]
  readonly at: number
}

export type ShortcutMenu = {
  readonly use: UseBoundStore<StoreApi<{ readonly shown: Shown | null }>>
  /** The text or the caret changed. */
  readonly look: (editor: Editor) => void
  /** Says whether the key was the list's. */
  readonly onKey: (event: KeyboardEvent, editor: Editor | null) => boolean
  readonly choose: (editor: Editor, row: Suggestion) => void
  readonly point: (at: number) => void
  readonly close: () => void
}

const typedShortcut = /(?:^|[\s(])(;[\p{L}\p{N}_-]{0,40})$/u

export function makeShortcutMenu(): ShortcutMenu {
  const use = create<{ readonly shown: Shown | null }>(() => ({ shown: null }))
  /** Closed by Escape: stays closed for this word. */
  let refused: number | null = null

  const close = (): void => {
    if (use.getState().shown !== null) use.setState({ shown: null })
  }
  const point = (at: number): void => use.setState(({ shown }) => ({ shown: shown === null ? null : { ...shown, at } }))
  const choose = (editor: Editor, row: Suggestion): void => {
    const { shown } = use.getState()
    if (shown === null) return
    close()
    editor.chain().focus().deleteRange({ from: shown.from, to: shown.to }).run()
    void Promise.resolve(row.choose()).catch(tellFailure)
  }
  return {
    use,
    close,
    choose,
    point,
    look(editor) {
      const { selection } = editor.state
      const { $from, empty } = selection
      const before = empty && editor.isFocused ? $from.parent.textBetween(Math.max(0, $from.parentOffset - 60), $from.parentOffset, undefined, '\ufffc') : ''
      const typed = typedShortcut.exec(before)?.[1]
      const from = selection.from - (typed?.length ?? 0)
      if (typed === undefined || refused !== from) refused = null
      const rows = typed === undefined || refused === from ? [] : suggestionsFor(typed.slice(1))
      if (rows.length === 0) {
        close()
        return
      }
      const { left, bottom, top } = editor.view.coordsAtPos(from)
      const { shown } = use.getState()
      use.setState({ shown: { from, to: selection.from, left, bottom, top, rows, at: shown?.from === from ? Math.min(shown.at, rows.length - 1) : 0 } })
    },
    onKey(event, editor) {
      const { shown } = use.getState()
      if (shown === null || editor === null) return false
      const row = shown.rows[shown.at]
      switch (event.key) {
        case 'ArrowDown':
        case 'ArrowUp':
          point((shown.at + (event.key === 'ArrowDown' ? 1 : shown.rows.length - 1)) % shown.rows.length)
          return true
        case 'Enter':
        case 'Tab':
          if (event.ctrlKey || event.metaKey || event.shiftKey || row === undefined) return false
          choose(editor, row)
          return true
        case 'Escape':
          event.stopPropagation()
          refused = shown.from
          close()
          return true
        default:
          return false
      }
    },
  }
}

export function ShortcutList({ menu, editor }: { readonly menu: ShortcutMenu; readonly editor: Editor }) {
  const t = useText()
  const shown = menu.use((state) => state.shown)
  if (shown === null) return null
  const above = shown.bottom + 250 > innerHeight
  return createPortal(
    <div
      style={{ left: Math.min(shown.left, innerWidth - 340), ...(above ? { bottom: innerHeight - shown.top + 4 } : { top: shown.bottom + 4 }) }}
      className="fixed z-50 max-h-60 w-80 animate-rise overflow-y-auto rounded-lg bg-raised p-1 shadow-raised"
    >
      <div role="listbox" aria-label={t('composer:shortcuts')}>
        {shown.rows.map((row, at) => (
          <div
            key={row.id}
            role="option"
            aria-selected={at === shown.at}
            onPointerMove={() => {
              if (at !== shown.at) menu.point(at)
            }}
            onPointerDown={(event) => {
              event.preventDefault()
              menu.choose(editor, row)
            }}
            className={clsx('flex items-baseline gap-2 rounded-sm px-2 py-1', at === shown.at && 'bg-fill-strong')}
          >
            <span className="shrink-0 font-medium">{row.label}</span>
            <span className="min-w-0 flex-1 truncate text-xs text-ink-3">{row.detail}</span>
            <span className="shrink-0 font-mono text-xs text-ink-3">{`;${row.shortcut}`}</span>
          </div>
        ))}
      </div>
      <div role="status" className="sr-only">
        {shown.rows[shown.at]?.label}
      </div>
    </div>,
    document.body,
  )
}
