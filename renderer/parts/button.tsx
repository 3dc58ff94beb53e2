import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { Spinner } from './spinner.tsx'

type Look = 'primary' | 'secondary' | 'quiet' | 'danger'

const looks: Readonly<Record<Look, string>> = {
  primary: 'bg-accent text-on-accent hover:bg-accent-hover',
  secondary: 'bg-surface text-ink shadow-card hover:bg-fill dark:bg-fill dark:hover:bg-fill-strong',
  quiet: 'text-ink-2 hover:bg-fill hover:text-ink',
  danger: 'bg-danger text-on-danger hover:bg-danger-hover',
}

type Props = Omit<ComponentProps<'button'>, 'type'> & {
  readonly look?: Look
  readonly icon?: ReactNode
  /** Shows a spinner in the icon's place and refuses clicks, without moving the focus. */
  readonly busy?: boolean
  readonly submit?: boolean
}

export function Button({ look = 'secondary', icon, busy = false, submit = false, className, children, onClick, disabled, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={submit ? 'submit' : 'button'}
      disabled={disabled}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={(event) => {
        if (busy) event.preventDefault()
        else onClick?.(event)
      }}
      className={clsx(
        'inline-flex h-(--control) shrink-0 items-center justify-center gap-1.5 rounded-md px-3 text-sm font-medium whitespace-nowrap transition-colors duration-100',
        'disabled:opacity-45 disabled:pointer-events-none',
        looks[look],
        className,
      )}
    >
      {busy ? <Spinner className="size-4" /> : icon}
      {children}
    </button>
  )
}
