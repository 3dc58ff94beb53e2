import { useEffect, useState } from 'react'
import { useConnection } from '../api/connection.ts'
import { useText } from '../locales/text.ts'
import { Spinner } from '../parts/spinner.tsx'
import { Tooltip } from '../parts/tooltip.tsx'

/** Says quietly that the window is reconnecting. A loss mended within half a second is not worth a word. */
export function ConnectionNote() {
  const t = useText()
  const lost = useConnection((connection) => connection.state === 'lost')
  const [told, setTold] = useState(false)
  useEffect(() => {
    if (!lost) return
    const timer = setTimeout(() => setTold(true), 500)
    return () => {
      clearTimeout(timer)
      setTold(false)
    }
  }, [lost])
  return (
    <div role="status">
      {lost && told && (
        <Tooltip label={t('shell:connection.lostDetail')}>
          <span tabIndex={0} className="flex h-7 items-center gap-2 rounded-full bg-fill px-3 text-xs text-ink-2">
            <Spinner className="size-3.5" />
            {t('shell:connection.lost')}
          </span>
        </Tooltip>
      )}
    </div>
  )
}
