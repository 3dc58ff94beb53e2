// The looks of the text: what is on where the caret stands, and switches for it, each with its key.
import type { Editor } from '@tiptap/react'
import { useEditorState } from '@tiptap/react'
import { Bold, Italic, Link2, List, ListOrdered, RemoveFormatting, Strikethrough, TextQuote, Underline } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { TextKey } from '../../locales/text.ts'
import { useText } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'

type Format = {
  readonly id: 'bold' | 'italic' | 'underline' | 'strike' | 'bulletList' | 'orderedList' | 'blockquote' | 'link' | 'clear'
  readonly icon: LucideIcon
  readonly labelKey: TextKey
  readonly keys?: string
}

const formats: readonly Format[] = [
  { id: 'bold', icon: Bold, labelKey: 'composer:format.bold', keys: 'mod+b' },
  { id: 'italic', icon: Italic, labelKey: 'composer:format.italic', keys: 'mod+i' },
  { id: 'underline', icon: Underline, labelKey: 'composer:format.underline', keys: 'mod+u' },
  { id: 'strike', icon: Strikethrough, labelKey: 'composer:format.strike', keys: 'mod+shift+s' },
  { id: 'bulletList', icon: List, labelKey: 'composer:format.bullets', keys: 'mod+shift+8' },
  { id: 'orderedList', icon: ListOrdered, labelKey: 'composer:format.numbers', keys: 'mod+shift+7' },
  { id: 'blockquote', icon: TextQuote, labelKey: 'composer:format.quote', keys: 'mod+shift+9' },
  { id: 'link', icon: Link2, labelKey: 'composer:format.link', keys: 'mod+k' },
  { id: 'clear', icon: RemoveFormatting, labelKey: 'composer:format.clear' },
]

export function FormatBar({ editor, onLink }: { readonly editor: Editor; readonly onLink: () => void }) {
  const t = useText()
  const on = useEditorState({
    editor,
    selector: ({ editor: now }) => formats.filter(({ id }) => id !== 'clear' && now.isActive(id)).map(({ id }) => id).join(' '),
  })
  const active = new Set(on.split(' '))
  const apply = (id: Format['id']): void => {
    const chain = editor.chain().focus()
    switch (id) {
      case 'bold': chain.toggleBold().run(); break
      case 'italic': chain.toggleItalic().run(); break
      case 'underline': chain.toggleUnderline().run(); break
      case 'strike': chain.toggleStrike().run(); break
      case 'bulletList': chain.toggleBulletList().run(); break
      case 'orderedList': chain.toggleOrderedList().run(); break
      case 'blockquote': chain.toggleBlockquote().run(); break
      case 'clear': chain.unsetAllMarks().clearNodes().run(); break
      case 'link': onLink(); break
    }
  }
  return (
    <div role="toolbar" aria-label={t('composer:format.label')} className="flex items-center">
      {formats.map(({ id, icon, labelKey, keys }) => (
        <IconButton
          key={id}
          icon={icon}
          label={t(labelKey)}
          shortcut={keys}
          className="size-7!"
          {...(id === 'clear' ? {} : { 'aria-pressed': active.has(id) })}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => apply(id)}
        />
      ))}
    </div>
  )
}
