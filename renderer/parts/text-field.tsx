import clsx from 'clsx'
import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'

type FieldProps = {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly className?: string | undefined
  /** Gets the ids that tie the control to its label, hint and error. */
  readonly children: (control: { readonly id: string; readonly 'aria-describedby': string | undefined; readonly 'aria-invalid': true | undefined }) => ReactNode
}

/** A label above a control, a hint or an error below it. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId()
  const told = error ?? hint
  return (
    <div className={clsx('flex flex-col gap-1', className)}>
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {label}
      </label>
      {children({ id, 'aria-describedby': told === undefined ? undefined : `${id}-told`, 'aria-invalid': error === undefined ? undefined : true })}
      {told !== undefined && (
        <p id={`${id}-told`} role={error === undefined ? undefined : 'alert'} className={clsx('text-xs', error === undefined ? 'text-ink-3' : 'text-danger')}>
          {told}
        </p>
      )}
    </div>
  )
}

export const inputLook =
  'h-(--control) w-full min-w-0 rounded-md border border-line-control bg-surface px-2.5 text-sm text-ink transition-colors duration-100 hover:border-ink-3 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 disabled:opacity-50 aria-invalid:border-danger dark:bg-fill'

type Props = Omit<ComponentProps<'input'>, 'className' | 'onChange'> & {
  readonly label: string
  readonly hint?: ReactNode
  readonly error?: string | undefined
  readonly className?: string | undefined
  readonly onChange: (value: string) => void
}

export function TextField({ label, hint, error, className, onChange, ...rest }: Props) {
  return (
    <Field label={label} hint={hint} error={error} className={className}>
      {(control) => <input autoComplete="off" spellCheck={false} {...rest} {...control} className={inputLook} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  )
}
