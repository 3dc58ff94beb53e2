import { Popover } from 'radix-ui'
import { useState } from 'react'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useText } from '../../locales/text.ts'
import { FolderName } from '../../../shared/model/folder.ts'

type Props = {
  readonly label: string
  readonly start: string
  /** Allows an empty name, which means the usual one. */
  readonly mayBeEmpty?: boolean
  readonly onSave: (name: string) => Promise<void>
  /** Whatever the outcome; the focus should go back to the row. */
  readonly onDone: () => void
}

/** A folder's name, typed in its place in the tree. Enter and leaving keep it, Escape drops it. */
export function NameField({ label, start, mayBeEmpty = false, onSave, onDone }: Props) {
  const t = useText()
  const [name, setName] = useState(start)
  const [error, setError] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)

  const save = async (leaving: boolean) => {
    const wanted = name.trim()
    if (saving) return
    if (wanted === start.trim()) {
      onDone()
      return
    }
    if (!(mayBeEmpty && wanted === '') && !FolderName.safeParse(wanted).success) {
      if (leaving) onDone()
      else setError(t('inbox:folders.nameBad'))
      return
    }
    setSaving(true)
    try {
      await onSave(wanted)
      onDone()
    } catch (failed) {
      setSaving(false)
      const failure = failureFrom(failed)
      setError(failure.code === 'folder-name-taken' ? t('inbox:folders.nameTaken') : failureText(failure))
    }
  }

  return (
    <Popover.Root open={error !== null}>
      <Popover.Anchor asChild>
        <input
          // The field appears because the person asked to type a name.
          ref={(element) => {
            if (element && document.activeElement !== element) {
              element.focus()
              element.select()
            }
          }}
          aria-label={label}
          aria-invalid={error === null ? undefined : true}
          value={name}
          maxLength={120}
          readOnly={saving}
          spellCheck={false}
          onChange={(event) => {
            setName(event.target.value)
            setError(null)
          }}
          onClick={(event) => event.stopPropagation()}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key === 'Enter') void save(false)
            if (event.key === 'Escape') onDone()
          }}
          onBlur={() => void save(true)}
          className="h-6 min-w-0 flex-1 rounded-sm border border-accent bg-surface px-1.5 text-sm outline-none aria-invalid:border-danger"
        />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          role="alert"
          side="bottom"
          align="start"
          sideOffset={4}
          collisionPadding={8}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onCloseAutoFocus={(event) => event.preventDefault()}
          className="z-50 max-w-64 rounded-md bg-raised px-3 py-2 text-xs text-danger shadow-raised"
        >
          {error}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
