import { X } from 'lucide-react'
import { useFormat } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import { IconButton } from './icon-button.tsx'

type Props = {
  readonly label: string
  readonly done: number
  /** 0 while unknown. */
  readonly total: number
  /** Milliseconds left, when known. */
  readonly leftMs?: number | null
  readonly onCancel?: (() => void) | undefined
}

/** Progress with its counts, the time left when known, and a way to stop it when there is one. */
export function ProgressBar({ label, done, total, leftMs = null, onCancel }: Props) {
  const t = useText()
  const format = useFormat()
  const share = total > 0 ? Math.min(1, done / total) : null
  const counts = total > 0 ? t('shell:progress.of', { done: format.number(done), total: format.number(total) }) : format.number(done)
  return (
    <div className="flex items-center gap-2">
      <div className="min-w-0 flex-1">
        <div className="mb-1 flex items-baseline justify-between gap-3 text-xs">
          <span className="truncate text-ink-2">{label}</span>
          <span className="tabular shrink-0 text-ink-3">
            {leftMs === null ? counts : t('shell:progress.left', { counts, time: format.duration(leftMs) })}
          </span>
        </div>
        <div
          role="progressbar"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={total > 0 ? total : undefined}
          aria-valuenow={share === null ? undefined : done}
          aria-valuetext={counts}
          className="h-1 overflow-hidden rounded-full bg-fill-strong"
        >
          <div
            className={share === null ? 'h-full w-1/3 animate-shimmer rounded-full bg-accent' : 'h-full origin-left rounded-full bg-accent transition-transform duration-200'}
            style={share === null ? undefined : { transform: `scaleX(${share})` }}
          />
        </div>
      </div>
      {onCancel && <IconButton icon={X} size="small" label={t('shell:cancel')} onClick={onCancel} />}
    </div>
  )
}
