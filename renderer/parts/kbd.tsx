import clsx from 'clsx'
import { Fragment } from 'react'
import { useText } from '../locales/text.ts'
import { shownKeys } from './key-names.ts'

/** A shortcut as keycaps. `keys` is written as in commands: 'mod+k', 'g i', '?'. */
export function Kbd({ keys, className }: { readonly keys: string; readonly className?: string | undefined }) {
  const t = useText()
  return (
    <kbd className={clsx('inline-flex items-center gap-0.5 font-sans', className)}>
      {shownKeys(keys, t).map((stroke, at) => (
        <Fragment key={at}>
          {at > 0 && <span className="w-0.5" />}
          {stroke.map((cap) => (
            <span key={cap} className="inline-flex h-[18px] min-w-[18px] items-center justify-center rounded-sm bg-fill-strong px-1 text-2xs whitespace-nowrap font-medium text-ink-2">
              {cap}
            </span>
          ))}
        </Fragment>
      ))}
    </kbd>
  )
}
