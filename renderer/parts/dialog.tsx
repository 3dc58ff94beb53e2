import clsx from 'clsx'
import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { useText } from '../locales/text.ts'
import { IconButton } from './icon-button.tsx'

type Props = {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly title: string
  readonly description?: string | undefined
  readonly width?: 'narrow' | 'medium' | 'wide'
  readonly children: ReactNode
  /** Buttons at the bottom, the main one last. */
  readonly footer?: ReactNode
  /** For work that must not be lost by a stray click: only Escape, the cross and the buttons close. */
  readonly keepOnOutsideClick?: boolean
}

const widths = { narrow: 'w-[26rem]', medium: 'w-[36rem]', wide: 'w-[52rem]' }

export function Dialog({ open, onOpenChange, title, description, width = 'medium', children, footer, keepOnOutsideClick = false }: Props) {
  const t = useText()
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onInteractOutside={(event) => {
            if (keepOnOutsideClick) event.preventDefault()
          }}
          className={clsx(
            'fixed top-[12vh] left-1/2 z-40 flex max-h-[80vh] max-w-[calc(100vw-2rem)] -translate-x-1/2 animate-rise flex-col rounded-xl bg-raised shadow-raised',
            widths[width],
          )}
        >
          <div className="flex items-start gap-4 px-6 pt-5 pb-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold tracking-[-0.01em]">{title}</Radix.Title>
              {description !== undefined && <Radix.Description className="mt-1 text-ink-2">{description}</Radix.Description>}
            </div>
            <Radix.Close asChild>
              <IconButton icon={X} label={t('shell:close')} tooltip={false} className="-mr-2" />
            </Radix.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-6 pt-1 pb-6">{children}</div>
          {footer !== undefined && <div className="flex items-center justify-end gap-2 border-t border-line px-6 py-3">{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
