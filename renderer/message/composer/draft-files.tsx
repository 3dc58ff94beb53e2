// What goes along with a mail: files that are attached, and files on their way with how far they are.
import clsx from 'clsx'
import { RotateCcw, X } from 'lucide-react'
import type { AttachmentKind } from '../../../shared/model/message.ts'
import { failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { IconButton } from '../../parts/icon-button.tsx'
import { kindLooks } from '../attachment-kinds.ts'
import { extensionOf } from '../file-names.ts'
import type { DraftSession, Upload } from './draft-session.ts'

export function DraftFiles({ session }: { readonly session: DraftSession }) {
  const t = useText()
  const format = useFormat()
  const files = session.use((state) => state.content.files)
  const uploads = session.use((state) => state.uploads)
  // What is passed on unchanged is the mail itself.
  const fixed = session.use((state) => state.draft.kind === 'redirect')
  const tooLarge = session.use((state) => state.warnings.find(({ code }) => code === 'too-large'))
  if (files.length === 0 && uploads.length === 0) return null
  const size = files.reduce((sum, file) => sum + file.size, 0) + uploads.reduce((sum, upload) => sum + upload.size, 0)
  const limit = Number(tooLarge?.values['limit'])
  return (
    <section aria-label={t('composer:files.label', { count: files.length })} className="border-t border-line px-4 py-2">
      <ul className="flex max-h-32 flex-wrap gap-1.5 overflow-y-auto">
        {files.map((file, at) => {
          const { icon: Icon, tint } = kindLooks[kindOf(file.mimeType, file.filename)]
          return (
            <li key={`${file.hash}${String(at)}`} className={clsx('flex h-7 max-w-64 min-w-0 items-center gap-1.5 rounded-md bg-fill pl-2', fixed ? 'pr-2' : 'pr-0.5')}>
              <Icon aria-hidden className={clsx('size-3.5 shrink-0', tint)} strokeWidth={1.75} />
              <bdi className="truncate text-xs font-medium" title={file.filename}>
                {file.filename}
              </bdi>
              <span className="tabular shrink-0 text-xs text-ink-3">{format.size(file.size)}</span>
              {!fixed && <IconButton icon={X} size="small" label={t('composer:files.remove', { name: file.filename })} tooltip={false} className="size-5!" onClick={() => session.detach(at)} />}
            </li>
          )
        })}
        {uploads.map((upload) => (
          <UploadChip key={upload.key} upload={upload} session={session} />
        ))}
      </ul>
      <p className={clsx('tabular mt-1 text-2xs', tooLarge === undefined ? 'text-ink-3' : 'font-medium text-danger')}>
        {tooLarge !== undefined && limit > 0
          ? t('composer:files.overLimit', { size: format.size(Number(tooLarge.values['size']) || size), limit: format.size(limit) })
          : t('composer:files.total', { count: files.length + uploads.length, size: format.size(size) })}
      </p>
    </section>
  )
}

function UploadChip({ upload, session }: { readonly upload: Upload; readonly session: DraftSession }) {
  const t = useText()
  const format = useFormat()
  const { key, filename, size, done, failure } = upload
  const share = size === 0 ? 1 : done / size
  return (
    <li className={clsx('relative flex h-7 max-w-72 min-w-0 items-center gap-1.5 overflow-hidden rounded-md pr-0.5 pl-2', failure === null ? 'bg-fill' : 'bg-danger-soft')}>
      <bdi className="truncate text-xs font-medium" title={failure === null ? filename : `${filename}: ${failureText(failure)}`}>
        {filename}
      </bdi>
      <span className={clsx('tabular shrink-0 text-xs', failure === null ? 'text-ink-3' : 'text-danger')}>{failure === null ? format.percent(share) : t('composer:files.failed')}</span>
      {failure !== null && <IconButton icon={RotateCcw} size="small" label={t('composer:files.again', { name: filename })} tooltip={false} className="size-5!" onClick={() => session.retryUpload(key)} />}
      <IconButton icon={X} size="small" label={t('composer:files.cancel', { name: filename })} tooltip={false} className="size-5!" onClick={() => session.cancelUpload(key)} />
      {failure === null && (
        <span
          role="progressbar"
          aria-label={t('composer:files.storing', { name: filename })}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(share * 100)}
          className="absolute inset-x-0 bottom-0 h-0.5 origin-left bg-accent transition-transform duration-150"
          style={{ transform: `scaleX(${String(share)})` }}
        />
      )}
    </li>
  )
}

function kindOf(mimeType: string, filename: string): AttachmentKind {
  const type = mimeType.toLowerCase()
  if (type.startsWith('image/')) return 'image'
  if (type === 'application/pdf') return 'pdf'
  if (type === 'message/rfc822') return 'message'
  if (type === 'text/calendar') return 'calendar'
  if (type.startsWith('text/')) return 'text'
  if (/word|excel|powerpoint|officedocument|opendocument|rtf/u.test(type) || /^(?:docx?|xlsx?|pptx?|odt|ods|rtf|pages)$/u.test(extensionOf(filename))) return 'document'
  if (/zip|compressed|tar/u.test(type)) return 'archive'
  return 'other'
}
