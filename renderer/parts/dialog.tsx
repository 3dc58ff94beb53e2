import clsx from 'clsx'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { useText } from '../locales/text.ts'
import { IconButton } from './icon-button.tsx'
import { useReturnFocus } from './return-focus.ts'

type Props = {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description?: string | undefined
  readonly width?: 'narrow' | 'medium' | 'wide' | 'full'
  readonly children: ReactNode
  /** Buttons at the bottom, the main one last. */
  readonly footer?: ReactNode
  /** For work that must not be lost by a stray click: only Escape, the cross and the buttons close. */
  readonly keepOnOutsideClick?: boolean
}

const widths = { narrow: 'w-[26rem]', medium: 'w-[36rem]', wide: 'w-[52rem]', full: 'w-[76rem]' }

export function Dialog({ open, onOpenChange, title, description, width = 'medium', children, footer, keepOnOutsideClick = false }: Props) {
  const t = useText()
  const focus = useReturnFocus()
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Radix.Content
          {...focus}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onInteractOutside={(event) => {
            if (keepOnOutsideClick) event.preventDefault()
          }}
          className={clsx(
            'fixed top-[12vh] left-1/2 z-40 flex max-h-[80vh] max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-rise flex-col rounded-xl bg-raised shadow-raised',
            widths[width],
          )}
        >
          <div className="py-5 pr-14 pb-3 pl-6">
            <Radix.Title className="text-lg font-semibold tracking-[-0.01em]">{title}</Radix.Title>
            {description !== undefined && <Radix.Description className="mt-1 text-ink-2">{description}</Radix.Description>}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-6 pt-1 pb-6">{children}</div>
          {footer !== undefined && <div className="flex items-center justify-end gap-2 border-t border-line px-6 py-3">{footer}</div>}
          {/* Last, so that the focus begins with what the dialog is about. */}
          <Radix.Close asChild>
            <IconButton icon={X} label={t('shell:close')} tooltip={false} className="absolute top-4 right-4" />
          </Radix.Close>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
