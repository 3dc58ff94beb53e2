// A look at an attachment without leaving the window: pictures, PDF, tables and text, with the message's other files a
// key away. What cannot be drawn says so and offers the other ways.
import { useQuery } from '@tanstack/react-query'
import { ChevronLeft, ChevronRight, CloudOff, Download, ExternalLink, FileQuestion, FileWarning, X } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { KeyboardEvent } from 'react'
import { lazy, Suspense } from 'react'
import { assetPaths } from '../../shared/api/contract.ts'
import type { Attachment } from '../../shared/model/message.ts'
import { client } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { useFormat } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { useAppInfo } from '../api/shared-query.ts'
import { assetUrl } from './asset-url.ts'
import { openAttachment, saveAttachment } from './attachment-actions.ts'
import { shownFilename } from './file-names.ts'
import { kindLooks, previewKind } from './attachment-kinds.ts'
import { ImagePreview } from './image-preview.tsx'
import { NoPreview, PreviewLoading } from './no-preview.tsx'
import { closePreview, stepPreview, usePreview } from './preview-state.ts'
import { TablePreview, TextPreview } from './text-preview.tsx'

const PdfPreview = lazy(() => import('./pdf-preview.tsx').then((module) => ({ default: module.PdfPreview })))

/** Bytes; beyond this a preview would hold the window up. */
const largest = { image: 60_000_000, pdf: 150_000_000, text: 30_000_000, table: 30_000_000 } as const

export function AttachmentPreview() {
  const { files, at } = usePreview()
  const attachment = at === null ? undefined : files[at]
  if (at === null || attachment === undefined) return null
  return <Sheet key={`${String(attachment.messageId)}-${String(attachment.index)}`} files={files} at={at} attachment={attachment} />
}

function Sheet({ files, at, attachment }: { readonly files: readonly Attachment[]; readonly at: number; readonly attachment: Attachment }) {
  const t = useText()
  const format = useFormat()
  const name = shownFilename(attachment)
  const { icon: Icon, tint } = kindLooks[attachment.kind]
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const by = { ArrowRight: 1, n: 1, ArrowLeft: -1, p: -1 }[event.key]
    if ((by === 1 || by === -1) && stepPreview(by)) event.preventDefault()
  }
  return (
    <Dialog.Root
      open
      onOpenChange={(open) => {
        if (!open) closePreview()
      }}
    >
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          onKeyDown={onKeyDown}
          onOpenAutoFocus={(event) => {
            // The content itself takes the focus, so that the arrow keys page at once.
            event.preventDefault()
            ;(event.currentTarget as HTMLElement | null)?.focus()
          }}
          className="fixed inset-4 z-40 flex flex-col overflow-hidden rounded-xl bg-canvas shadow-raised outline-none"
        >
          <div className="flex h-12 shrink-0 items-center gap-2 border-b border-line bg-surface pr-2 pl-4">
            <Icon aria-hidden className={`size-4 shrink-0 ${tint}`} strokeWidth={1.75} />
            <Dialog.Title className="truncate font-medium">
              <bdi>{name}</bdi>
            </Dialog.Title>
            <span className="tabular shrink-0 text-xs text-ink-3">{format.size(attachment.size)}</span>
            {files.length > 1 && <span className="tabular shrink-0 text-xs text-ink-3">· {t('message:preview.position', { at: at + 1, count: files.length })}</span>}
            {/* Zoom and pages of what is shown are put here. */}
            <div id="preview-tools" className="ml-auto flex items-center gap-1" />
            <span aria-hidden className="mx-1 h-5 w-px bg-line" />
            <IconButton icon={ExternalLink} label={t('message:attachments.openOutside')} onClick={() => void openAttachment(attachment)} />
            <IconButton icon={Download} label={t('message:attachments.save')} onClick={() => void saveAttachment(attachment)} />
            <Dialog.Close asChild>
              <IconButton icon={X} label={t('shell:close')} tooltip={false} />
            </Dialog.Close>
          </div>
          <div className="relative min-h-0 flex-1">
            <Content attachment={attachment} />
            {files.length > 1 && (
              <>
                <Pager side="left" icon={ChevronLeft} label={t('message:preview.previous')} disabled={at === 0} onClick={() => stepPreview(-1)} />
                <Pager side="right" icon={ChevronRight} label={t('message:preview.next')} disabled={at === files.length - 1} onClick={() => stepPreview(1)} />
              </>
            )}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Pager({ side, icon, label, disabled, onClick }: { readonly side: 'left' | 'right'; readonly icon: LucideIcon; readonly label: string; readonly disabled: boolean; readonly onClick: () => void }) {
  if (disabled) return null
  return (
    <IconButton icon={icon} label={label} shortcut={side === 'left' ? 'arrowleft' : 'arrowright'} className={`absolute! top-1/2 size-10! -translate-y-1/2 rounded-full! bg-raised! shadow-card ${side === 'left' ? 'left-4' : 'right-5'}`} onClick={onClick} />
  )
}

function Content({ attachment }: { readonly attachment: Attachment }) {
  const t = useText()
  const kind = previewKind(attachment)
  const info = useAppInfo()
  // A file still on the server is fetched first; its failure is told here instead of as a broken picture.
  const ready = useQuery({
    queryKey: ['attachment-here', attachment.messageId],
    queryFn: async () => {
      await client.messages.fetchAttachments({ id: attachment.messageId })
      return true
    },
    enabled: !attachment.local && kind !== 'none',
    retry: false,
    gcTime: 0,
  })
  if (kind === 'none') return <NoPreview attachment={attachment} icon={FileQuestion} title={t('message:preview.none')} text={attachment.dangerous ? t('message:preview.noneDangerous') : t('message:preview.noneText')} />
  if (attachment.size > largest[kind]) return <NoPreview attachment={attachment} icon={FileWarning} title={t('message:preview.tooBig')} text={t('message:preview.noneText')} />
  if (ready.error !== null) {
    const failure = failureFrom(ready.error)
    const retry = <Button onClick={() => void ready.refetch()}>{t('shell:retry')}</Button>
    return failure.kind === 'offline' ? (
      <NoPreview icon={CloudOff} title={t('message:preview.offline')} text={t('message:preview.offlineText')} action={retry} />
    ) : (
      <NoPreview icon={FileWarning} title={t('message:preview.failed')} text={[failureText(failure), failure.said].filter((part) => part !== null).join(' ')} action={retry} />
    )
  }
  const url = assetUrl(assetPaths.attachment(attachment.messageId, attachment.index), info)
  if (url === null || (!attachment.local && ready.data !== true)) return <PreviewLoading attachment={attachment} />
  switch (kind) {
    case 'image':
      return <ImagePreview attachment={attachment} />
    case 'pdf':
      return (
        <Suspense fallback={<PreviewLoading attachment={attachment} />}>
          <PdfPreview url={url} attachment={attachment} />
        </Suspense>
      )
    case 'table':
      return <TablePreview url={url} attachment={attachment} />
    case 'text':
      return <TextPreview url={url} attachment={attachment} />
  }
}
