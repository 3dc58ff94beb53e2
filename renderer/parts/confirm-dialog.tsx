import { AlertDialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { useRef, useState } from 'react'
import { useText } from '../locales/text.ts'
import { Button } from './button.tsx'
import { useReturnFocus } from './return-focus.ts'

type Props = {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  /** What happens, what is kept, and whether it can be undone. */
  readonly description: string
  readonly children?: ReactNode
  readonly confirm: string
  readonly danger?: boolean
  /** What can be taken back is confirmed by Enter alone; everything else begins on Cancel. */
  readonly undoable?: boolean
  /** The dialog stays, busy, until this settles, and closes when it succeeds. */
  readonly onConfirm: () => void | Promise<void>
}

export function ConfirmDialog({ open, onOpenChange, title, description, children, confirm, danger = false, undoable = false, onConfirm }: Props) {
  const t = useText()
  const focus = useReturnFocus()
  const confirming = useRef<HTMLButtonElement>(null)
  const [busy, setBusy] = useState(false)
  const run = async () => {
    setBusy(true)
    try {
      await onConfirm()
      onOpenChange(false)
    } catch {
      // Whoever asked shows the failure; the dialog stays for another try.
    } finally {
      setBusy(false)
    }
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <AlertDialog.Content
          onCloseAutoFocus={focus.onCloseAutoFocus}
          onOpenAutoFocus={(event) => {
            focus.onOpenAutoFocus()
            if (!undoable) return
            event.preventDefault()
            confirming.current?.focus()
          }}
          className="fixed top-[22vh] left-1/2 z-40 w-[26rem] max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-rise rounded-xl bg-raised p-6 shadow-raised"
        >
          <AlertDialog.Title className="text-lg font-semibold tracking-[-0.01em]">{title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-ink-2">{description}</AlertDialog.Description>
          {children}
          <div className="mt-6 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button look="quiet">{t('shell:cancel')}</Button>
            </AlertDialog.Cancel>
            <Button ref={confirming} look={danger ? 'danger' : 'primary'} busy={busy} onClick={() => void run()}>
              {confirm}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
