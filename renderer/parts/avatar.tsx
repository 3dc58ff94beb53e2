import clsx from 'clsx'
import { hueOf, initialsOf } from './initials.ts'

type Props = { readonly name: string; readonly address: string; readonly size?: 'small' | 'medium' | 'large' }

const sizes = { small: 'size-5 text-[0.5625rem]', medium: 'size-8 text-2xs', large: 'size-10 text-sm' }

/** Initials on a colour that stays with the address. Decoration: the name stands beside it. */
export function Avatar({ name, address, size = 'medium' }: Props) {
  return (
    <span
      aria-hidden
      style={{ '--hue': String(hueOf(address || name)) } as Record<string, string>}
      className={clsx('avatar-tint inline-flex shrink-0 items-center justify-center rounded-full font-semibold tracking-wide', sizes[size])}
    >
      {initialsOf(name, address)}
    </span>
  )
}
