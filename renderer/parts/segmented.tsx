import clsx from 'clsx'
import { ToggleGroup } from 'radix-ui'
import type { ReactNode } from 'react'

type Choice<T extends string> = { readonly value: T; readonly label: string; readonly icon?: ReactNode; readonly badge?: string | undefined }

type Props<T extends string> = {
  readonly label: string
  readonly value: T
  readonly choices: readonly Choice<T>[]
  readonly onChange: (value: T) => void
  readonly className?: string | undefined
  /** 'plain' has no track behind it, for a toolbar. */
  readonly look?: 'track' | 'plain'
}

/** One of a few, all in view. Arrow keys move between the choices. */
export function Segmented<T extends string>({ label, value, choices, onChange, className, look = 'track' }: Props<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        const chosen = choices.find((choice) => choice.value === next)
        if (chosen) onChange(chosen.value)
      }}
      className={clsx('inline-flex shrink-0 items-center', look === 'track' ? 'gap-px rounded-md bg-fill-strong p-0.5' : 'gap-0.5', className)}
    >
      {choices.map((choice) => (
        <ToggleGroup.Item
          key={choice.value}
          value={choice.value}
          className={clsx(
            'inline-flex items-center justify-center gap-1.5 text-xs font-medium whitespace-nowrap text-ink-2 transition-colors duration-100 hover:text-ink',
            look === 'track'
              ? 'h-[calc(var(--control)-0.5rem)] rounded-[5px] px-2.5 data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-card dark:data-[state=on]:bg-fill-strong'
              : 'h-6 rounded-md px-2 hover:bg-fill data-[state=on]:bg-fill-strong data-[state=on]:text-ink',
          )}
        >
          {choice.icon}
          {choice.label}
          {choice.badge !== undefined && <span className="tabular text-ink-3">{choice.badge}</span>}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}
