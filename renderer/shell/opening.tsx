import { KeyRound, TriangleAlert } from 'lucide-react'
import { useEffect, useState } from 'react'
import { failureFrom, failureText } from '../api/failure.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Spinner } from '../parts/spinner.tsx'

/** Before the first answer. Quiet for the moment it normally takes. */
export function Opening({ failed }: { readonly failed: Error | null }) {
  const t = useText()
  const [slow, setSlow] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), 600)
    return () => clearTimeout(timer)
  }, [])
  if (failed) {
    const failure = failureFrom(failed)
    return (
      <EmptyState icon={TriangleAlert} title={failureText(failure)} action={<Button onClick={() => location.reload()}>{t('shell:retry')}</Button>}>
        {failure.said}
      </EmptyState>
    )
  }
  return (
    <div role="status" className="flex h-full items-center justify-center gap-2 text-ink-3">
      {slow && (
        <>
          <Spinner />
          {t('shell:connection.connecting')}
        </>
      )}
    </div>
  )
}

/** The main side does not accept this window any more. */
export function Refused() {
  const t = useText()
  return (
    <EmptyState icon={KeyRound} title={t('shell:connection.refused')}>
      {t('shell:connection.refusedDetail')}
    </EmptyState>
  )
}
