import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

type Props = {
  readonly icon?: LucideIcon
  /** Instead of an icon, e.g. a drawing. */
  readonly art?: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}

/** What stands where nothing is. Says why it is empty and, where there is one, the next step. */
export function EmptyState({ icon: Icon, art, title, children, action }: Props) {
  return (
    <div className="flex h-full flex-col items-center justify-center px-8 pb-[8vh] text-center">
      {art}
      {Icon && (
        <span className="mb-4 flex size-12 items-center justify-center rounded-full bg-fill text-ink-3">
          <Icon aria-hidden className="size-5" strokeWidth={1.5} />
        </span>
      )}
      <p className="text-md font-medium text-ink">{title}</p>
      {children !== undefined && <div className="mt-1 max-w-72 text-balance text-ink-3">{children}</div>}
      {action !== undefined && <div className="mt-4">{action}</div>}
    </div>
  )
}
