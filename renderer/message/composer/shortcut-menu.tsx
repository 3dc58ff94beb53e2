// What is offered while ';word' is typed in the text. The keys go to the list while it is open; the text keeps the focus.
import type { Editor } from '@tiptap/react'
import clsx from 'clsx'
import { useId, useState } from 'react'
import { createPortal } from 'react-dom'
import { useText } from '../../locales/text.ts'
import { tellFailure } from './composer-actions.ts'
import { suggestionsFor } from './insertion.ts'
import type { Suggestion } from './insertion.ts'

type Shown = { readonly from: number; readonly to: number; readonly left: number; readonly bottom: number; readonly top: number; readonly rows: readonly Suggestion[]; readonly at: number }

export type ShortcutMenuState = {
  readonly shown: Shown | null
  readonly look: (editor: Editor) => void
  readonly onKey: (event: KeyboardEvent) => boolean
  readonly choose: (editor: Editor, row: Suggestion) => void
  readonly point: (at: number) => void
  readonly close: () => void
}

const typedShortcut = /(?:^|[\s(])(;[\p{L}\p{N}_-]{0,40})$/u

export function useShortcutMenu(): ShortcutMenuState {
  const [shown, setShown] = useState<Shown | null>(null)
  const [held, setHeld] = useState<Editor | null>(null)
  /** Closed by Escape: stays closed for this word. */
  const [refused, setRefused] = useState<number | null>(null)

  const close = (): void => setShown(null)
  const choose = (editor: Editor, row: Suggestion): void => {
    if (shown === null) return
    close()
    editor.chain().focus().deleteRange({ from: shown.from, to: shown.to }).run()
    void Promise.resolve(row.choose()).catch(tellFailure)
  }
  return {
    shown,
    close,
    choose,
    point: (at) => setShown((now) => now && { ...now, at }),
    look(editor) {
      const { selection } = editor.state
      const { $from, empty } = selection
      const before = empty && editor.isFocused ? $from.parent.textBetween(Math.max(0, $from.parentOffset - 60), $from.parentOffset, undefined, '\ufffc') : ''
      const typed = typedShortcut.exec(before)?.[1]
      if (typed === undefined) {
        if (shown !== null) close()
        if (refused !== null) setRefused(null)
        return
      }
      const from = selection.from - typed.length
      if (refused === from) return
      const rows = suggestionsFor(typed.slice(1))
      if (rows.length === 0) {
        if (shown !== null) close()
        return
      }
      const { left, bottom, top } = editor.view.coordsAtPos(from)
      setHeld(editor)
      setShown({ from, to: selection.from, left, bottom, top, rows, at: shown?.from === from ? Math.min(shown.at, rows.length - 1) : 0 })
    },
    onKey(event) {
      if (shown === null || held === null) return false
      const row = shown.rows[shown.at]
      switch (event.key) {
        case 'ArrowDown':
        case 'ArrowUp':
          setShown({ ...shown, at: (shown.at + (event.key === 'ArrowDown' ? 1 : shown.rows.length - 1)) % shown.rows.length })
          return true
        case 'Enter':
        case 'Tab':
          if (event.ctrlKey || event.metaKey || event.shiftKey || row === undefined) return false
          choose(held, row)
          return true
        case 'Escape':
          event.stopPropagation()
          setRefused(shown.from)
          close()
          return true
        default:
          return false
      }
    },
  }
}

export function ShortcutMenu({ menu, editor }: { readonly menu: ShortcutMenuState; readonly editor: Editor }) {
  const t = useText()
  const id = useId()
  const { shown } = menu
  if (shown === null) return null
  const above = shown.bottom + 240 > innerHeight
  return createPortal(
    <div
      role="listbox"
      id={id}
      aria-label={t('composer:shortcuts')}
      style={{ left: Math.min(shown.left, innerWidth - 340), ...(above ? { bottom: innerHeight - shown.top + 4 } : { top: shown.bottom + 4 }) }}
      className="fixed z-50 max-h-60 w-80 animate-rise overflow-y-auto rounded-lg bg-raised p-1 shadow-raised"
    >
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
      <div role="status" className="sr-only">
        {shown.rows[shown.at]?.label}
      </div>
    </div>,
    document.body,
  )
}
