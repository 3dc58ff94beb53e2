// What the look over a mail before sending found: calm, in one place, each to be dismissed; what stops it is explained.
import clsx from 'clsx'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import type { DraftWarning } from '../../../shared/model/draft.ts'
import { useFormat } from '../../locales/format.ts'
import type { Format } from '../../locales/format.ts'
import { text, useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { warningKey } from './draft-session.ts'
import type { DraftSession } from './draft-session.ts'

type Props = { readonly session: DraftSession; readonly onSendAnyway: () => void }

export function DraftWarnings({ session, onSendAnyway }: Props) {
  const t = useText()
  const format = useFormat()
  const warnings = session.use((state) => state.warnings)
  const dismissed = session.use((state) => state.dismissed)
  const later = session.use((state) => state.stopped !== null && state.stopped.at !== null)
  const shown = warnings.filter((warning) => warning.blocks || !dismissed.has(warningKey(warning)))
  const blocked = shown.some(({ blocks }) => blocks)
  return (
    <div role="status" aria-live="polite">
      {shown.length > 0 && (
        <div className={clsx('flex items-start gap-3 border-t border-line py-2 pr-2 pl-4', blocked ? 'bg-danger-soft' : 'bg-warn-soft')}>
          <ul className="min-w-0 flex-1 space-y-1">
            {shown.map((warning) => (
              <li key={warningKey(warning)} className="flex items-start gap-2">
                {warning.blocks ? (
                  <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />
                ) : (
                  <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
                )}
                <span className="min-w-0 flex-1 break-words text-ink">{warningText(warning, format)}</span>
                {!warning.blocks && (
                  <button type="button" className="shrink-0 rounded-sm px-1.5 text-xs leading-5 text-ink-2 hover:bg-fill-strong hover:text-ink" onClick={() => session.dismiss(warning)}>
                    {t('composer:check.dismiss')}
                  </button>
                )}
              </li>
            ))}
          </ul>
          {!blocked && (
            <Button className="h-7!" onClick={onSendAnyway}>
              {later ? t('composer:check.laterAnyway') : t('composer:check.sendAnyway')}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

function warningText({ code, values }: DraftWarning, format: Format): string {
  const bytes = (name: string): string => format.size(Number(values[name]) || 0)
  switch (code) {
    case 'too-large':
      return text('composer:check.too-large', { size: bytes('size'), limit: bytes('limit') })
    case 'many-in-to':
      return text('composer:check.many-in-to', { count: Number(values['count']) || 0 })
    case 'no-recipient':
    case 'no-sender':
    case 'empty-subject':
    case 'empty-text':
      return text(`composer:check.${code}`)
    case 'attachment-forgotten':
      return text('composer:check.attachment-forgotten', { word: values['word'] ?? '' })
    case 'bad-address':
    case 'automatic-address':
    case 'bounced-before':
      return text(`composer:check.${code}`, { address: values['address'] ?? '' })
    case 'unresolved-field':
      return text('composer:check.unresolved-field', { field: values['field'] ?? '' })
    case 'file-missing':
      return text('composer:check.file-missing', { name: values['name'] ?? values['filename'] ?? '' })
    case 'name-mismatch':
      return text('composer:check.name-mismatch', { name: values['name'] ?? '', greeting: values['greeting'] ?? '' })
  }
}
