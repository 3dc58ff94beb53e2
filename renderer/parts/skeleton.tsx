import clsx from 'clsx'

/** A grey bar where text will be. Decoration: whoever waits says so with aria-busy. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden className={clsx('block animate-shimmer rounded-sm bg-fill-strong', className)} />
}
