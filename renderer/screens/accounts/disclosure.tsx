import clsx from 'clsx'
import { ChevronRight } from 'lucide-react'
import { useId } from 'react'
import type { ReactNode } from 'react'

type Props = {
  readonly title: string
  /** What is inside, in a few words, while it is closed. */
  readonly summary: string
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
  readonly children: ReactNode
}

/** Settings most people never need, one click away, with what they are now in view. */
export function Disclosure({ title, summary, open, onOpenChange, children }: Props) {
  const id = useId()
  return (
    <div className="rounded-lg shadow-card dark:bg-fill">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => onOpenChange(!open)}
        className="ring-inset-focus flex w-full items-center gap-2 rounded-lg px-3 py-2 text-left hover:bg-fill"
      >
        <ChevronRight aria-hidden className={clsx('size-4 shrink-0 text-ink-3 transition-transform duration-100', open && 'rotate-90')} strokeWidth={1.75} />
        <span className="min-w-0 flex-1">
          <span className="block text-sm font-medium">{title}</span>
          {!open && <span className="block truncate text-xs text-ink-3">{summary}</span>}
        </span>
      </button>
      <div id={id} hidden={!open} className="flex flex-col gap-4 px-3 pt-1 pb-4">
        {children}
      </div>
    </div>
  )
}
