import clsx from 'clsx'
import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Field, inputLook } from './text-field.tsx'

type Option<T extends string> = { readonly value: T; readonly label: string }

type Props<T extends string> = {
  readonly label: string
  readonly hideLabel?: boolean
  readonly hint?: ReactNode
  readonly value: T
  readonly options: readonly Option<T>[]
  /** Further choices under a heading of their own. */
  readonly more?: { readonly label: string; readonly options: readonly Option<T>[] }
  readonly onChange: (value: T) => void
  readonly disabled?: boolean
  readonly className?: string | undefined
}

function shown({ value, label }: Option<string>): ReactNode {
  return (
    <option key={value} value={value}>
      {label}
    </option>
  )
}

/** The system's own list of choices: complete by keyboard and by type-ahead everywhere. */
export function Select<T extends string>({ label, hideLabel = false, hint, value, options, more, onChange, disabled, className }: Props<T>) {
  const control = (ids: { readonly id?: string; readonly 'aria-describedby'?: string | undefined }) => (
    <span className="relative inline-flex w-full">
      <select
        {...ids}
        aria-label={hideLabel ? label : undefined}
        value={value}
        disabled={disabled}
        className={clsx(inputLook, 'appearance-none pr-8 [&_option]:bg-raised [&_option]:text-ink [&>optgroup]:bg-raised [&>optgroup]:text-ink-2')}
        onChange={(event) => {
          const chosen = [...options, ...(more?.options ?? [])].find((option) => option.value === event.target.value)
          if (chosen) onChange(chosen.value)
        }}
      >
        {options.map(shown)}
        {more && <optgroup label={more.label}>{more.options.map(shown)}</optgroup>}
      </select>
      <ChevronDown aria-hidden className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-ink-3" />
    </span>
  )
  if (hideLabel) return <span className={clsx('inline-flex', className)}>{control({})}</span>
  return (
    <Field label={label} hint={hint} className={className}>
      {({ id, 'aria-describedby': described }) => control({ id, 'aria-describedby': described })}
    </Field>
  )
}
