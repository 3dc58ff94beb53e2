import clsx from 'clsx'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Tooltip } from './tooltip.tsx'

type Props = Omit<ComponentProps<'button'>, 'type' | 'children'> & {
  readonly icon: LucideIcon
  /** The name for assistive technology and the tooltip. */
  readonly label: string
  /** Shown in the tooltip, as in `Command.keys`: 'shift+u', 'g i'. */
  readonly shortcut?: string | undefined
  readonly size?: 'small' | 'medium'
  readonly tooltip?: boolean
}

export function IconButton({ icon: Icon, label, shortcut, size = 'medium', tooltip = true, className, ...rest }: Props) {
  const button = (
    <button
      {...rest}
      type="button"
      aria-label={label}
      className={clsx(
        'inline-flex shrink-0 items-center justify-center rounded-md text-ink-2 transition-colors duration-100 hover:bg-fill-strong hover:text-ink',
        'aria-pressed:bg-accent-soft aria-pressed:text-accent-ink data-[state=open]:bg-fill-strong data-[state=open]:text-ink',
        'disabled:opacity-40 disabled:pointer-events-none',
        size === 'medium' ? 'size-(--control)' : 'size-6',
        className,
      )}
    >
      <Icon aria-hidden className={size === 'medium' ? 'size-4' : 'size-3.5'} strokeWidth={1.75} />
    </button>
  )
  return tooltip ? (
    <Tooltip label={label} shortcut={shortcut}>
      {button}
    </Tooltip>
  ) : (
    button
  )
}
