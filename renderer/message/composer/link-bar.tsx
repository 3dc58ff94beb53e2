import type { Editor } from '@tiptap/react'
import { useEffect, useRef, useState } from 'react'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { inputLook } from '../../parts/text-field.tsx'
import { isAddress } from './address-list.ts'

/** Where a link leads, over the selection or the link the caret is in. */
export function LinkBar({ editor, onClose }: { readonly editor: Editor; readonly onClose: () => void }) {
  const t = useText()
  const field = useRef<HTMLInputElement>(null)
  const [known] = useState(() => String(editor.getAttributes('link')['href'] ?? ''))
  const [target, setTarget] = useState(known)
  const [bad, setBad] = useState(false)
  useEffect(() => field.current?.select(), [])

  const apply = (): void => {
    const href = hrefFrom(target)
    if (href === null) {
      setBad(true)
      return
    }
    const chain = editor.chain().focus().extendMarkRange('link')
    if (editor.state.selection.empty && known === '') chain.insertContent({ type: 'text', text: target.trim(), marks: [{ type: 'link', attrs: { href } }] }).run()
    else chain.setLink({ href }).run()
    onClose()
  }
  const remove = (): void => {
    editor.chain().focus().extendMarkRange('link').unsetLink().run()
    onClose()
  }
  const cancel = (): void => {
    editor.commands.focus()
    onClose()
  }
  return (
    <form
      className="flex items-center gap-2 border-t border-line px-4 py-2"
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.stopPropagation()
        cancel()
      }}
    >
      <input
        ref={field}
        aria-label={t('composer:link.target')}
        aria-invalid={bad || undefined}
        placeholder={t('composer:link.placeholder')}
        autoFocus
        spellCheck={false}
        value={target}
        onChange={(event) => {
          setTarget(event.target.value)
          setBad(false)
        }}
        className={inputLook}
      />
      <Button submit look="primary" disabled={target.trim() === ''}>
        {t('composer:link.apply')}
      </Button>
      {known !== '' && (
        <Button look="quiet" onClick={remove}>
          {t('composer:link.remove')}
        </Button>
      )}
      <Button look="quiet" onClick={cancel}>
        {t('shell:cancel')}
      </Button>
    </form>
  )
}

/** What was meant by what was typed: an address of the web, of mail or of a telephone. Null for anything else. */
function hrefFrom(typed: string): string | null {
  const target = typed.trim()
  if (isAddress(target)) return `mailto:${target}`
  const whole = /^[a-z][a-z\d+.-]*:/iu.test(target) && !/^[\w.-]+:\d/u.test(target) ? target : `https://${target}`
  const url = URL.parse(whole)
  if (url === null || !['http:', 'https:', 'mailto:', 'tel:'].includes(url.protocol)) return null
  return url.protocol.startsWith('http') && url.hostname === '' ? null : whole
}
