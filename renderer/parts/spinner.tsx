import clsx from 'clsx'

export function Spinner({ className }: { readonly className?: string }) {
  return (
    <svg aria-hidden viewBox="0 0 16 16" className={clsx('animate-spin motion-reduce:animate-none', className ?? 'size-4')}>
      <circle cx="8" cy="8" r="6.25" fill="none" stroke="currentColor" strokeWidth="1.75" opacity="0.22" />
      <path d="M8 1.75A6.25 6.25 0 0 1 14.25 8" fill="none" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
    </svg>
  )
}
