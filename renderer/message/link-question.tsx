import { useText } from '../locales/text.ts'
import type { TextKey } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { ConfirmDialog } from '../parts/confirm-dialog.tsx'
import type { LinkReason } from './link-verdict.ts'
import { dropQuestion, openOutside, useLinks } from './open-link.ts'

const reasonTexts: Readonly<Record<LinkReason, TextKey>> = {
  'shown-elsewhere': 'message:link.reason.shownElsewhere',
  punycode: 'message:link.reason.punycode',
  ip: 'message:link.reason.ip',
  credentials: 'message:link.reason.credentials',
}

/** Asks before a link opens that is not what it seems, with both addresses spelled out. */
export function LinkQuestion() {
  const t = useText()
  const question = useLinks((state) => state.question)
  if (question === null) return null
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) dropQuestion()
      }}
      title={t('message:link.askTitle', { host: question.host })}
      description={question.reasons.map((reason) => t(reasonTexts[reason])).join(' ')}
      confirm={t('message:link.openHost', { host: question.host })}
      onConfirm={() => openOutside(question.target)}
    >
      <dl className="selectable mt-4 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 rounded-lg bg-fill p-3">
        {question.shown !== null && (
          <>
            <dt className="text-ink-3">{t('message:link.shown')}</dt>
            <dd className="font-medium break-all">{question.shown}</dd>
          </>
        )}
        <dt className="text-ink-3">{t('message:link.real')}</dt>
        <dd className="max-h-40 overflow-y-auto break-all">
          <Target url={question.target} host={question.host} />
        </dd>
      </dl>
      <Button look="quiet" className="mt-2 -ml-3" onClick={() => void navigator.clipboard.writeText(question.target).then(dropQuestion)}>
        {t('message:link.copy')}
      </Button>
    </ConfirmDialog>
  )
}

/** A URL with its host set off, so the eye lands on the part that decides. */
export function Target({ url, host }: { readonly url: string; readonly host: string }) {
  const at = url.indexOf(host, url.indexOf('@') > 0 && url.indexOf('@') < url.indexOf(host) ? url.indexOf('@') : 0)
  if (at < 0) return <>{url}</>
  return (
    <>
      <span className="text-ink-3">{url.slice(0, at)}</span>
      <span className="font-semibold text-ink">{host}</span>
      <span className="text-ink-3">{url.slice(at + host.length)}</span>
    </>
  )
}

/** Where the link under the pointer or the focus really goes, as browsers show it. */
export function LinkTarget() {
  const t = useText()
  const verdict = useLinks((state) => state.pointedAt)
  if (verdict === null) return null
  return (
    <div aria-live="polite" className="pointer-events-none absolute bottom-2 left-2 z-20 max-w-[min(44rem,calc(100%-1rem))] animate-appear truncate rounded-md bg-raised px-2 py-1 text-xs shadow-raised">
      {verdict.kind === 'refuse' ? <span className="text-danger">{t('message:link.refused')}</span> : <Target url={verdict.target} host={verdict.host} />}
    </div>
  )
}
