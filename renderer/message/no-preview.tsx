import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Attachment } from '../../shared/model/message.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { Spinner } from '../parts/spinner.tsx'
import { openAttachment, saveAttachment } from './attachment-actions.ts'
import { shownFilename } from './file-names.ts'

export function PreviewLoading({ attachment }: { readonly attachment: Attachment }) {
  const t = useText()
  return (
    <div role="status" aria-busy className="flex h-full flex-col items-center justify-center gap-3 text-ink-3">
      <Spinner className="size-6" />
      {t('message:preview.loading', { name: shownFilename(attachment) })}
    </div>
  )
}

type NoPreviewProps = { readonly attachment?: Attachment; readonly icon: LucideIcon; readonly title: string; readonly text: string; readonly action?: ReactNode }

export function NoPreview({ attachment, icon: Icon, title, text, action }: NoPreviewProps) {
  const t = useText()
  return (
    <div role="status" className="flex h-full flex-col items-center justify-center px-8 pb-[8vh] text-center">
      <span className="mb-4 flex size-14 items-center justify-center rounded-full bg-fill text-ink-3">
        <Icon aria-hidden className="size-6" strokeWidth={1.5} />
      </span>
      <p className="text-md font-medium text-ink">{title}</p>
      <p className="mt-1 max-w-96 text-balance text-ink-3">{text}</p>
      <div className="mt-4 flex gap-2">
        {action}
        {attachment && (
          <>
            <Button onClick={() => void openAttachment(attachment)}>{t('message:attachments.open')}</Button>
            <Button look="quiet" onClick={() => void saveAttachment(attachment)}>
              {t('message:attachments.save')}
            </Button>
          </>
        )}
      </div>
    </div>
  )
}
