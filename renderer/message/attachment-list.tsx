// The files of a message, with what can be done to each. Pictures that are part of the text stay in the text and are
// listed only when asked for.
import clsx from 'clsx'
import { Cloud, Download, ExternalLink, Eye, HardDriveDownload, MoreHorizontal, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Attachment, Message } from '../../shared/model/message.ts'
import { client } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { useFormat } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { IconButton } from '../parts/icon-button.tsx'
import { Menu } from '../parts/menu.tsx'
import type { MenuItem } from '../parts/menu.tsx'
import { Spinner } from '../parts/spinner.tsx'
import { showToast } from '../parts/toast.tsx'
import { Tooltip } from '../parts/tooltip.tsx'
import { dragAttachment, openAttachment, saveAllAttachments, saveAttachment } from './attachment-actions.ts'
import { extensionOf, shownFilename } from './file-names.ts'
import { kindLooks, previewKind } from './attachment-kinds.ts'
import { showPreview } from './preview-state.ts'
import { useImageUrl } from './use-image-url.ts'

/** Pictures up to this size are shown small in place of an icon. */
const largestThumbnail = 8_000_000

export function AttachmentList({ message }: { readonly message: Message }) {
  const t = useText()
  const format = useFormat()
  const [inlineShown, setInlineShown] = useState(false)
  const [busy, setBusy] = useState(false)
  const files = message.attachments.filter((attachment) => !attachment.inline)
  const inline = message.attachments.filter((attachment) => attachment.inline)
  if (files.length === 0 && inline.length === 0) return null
  const shown = inlineShown ? [...files, ...inline] : files
  const size = files.reduce((sum, attachment) => sum + attachment.size, 0)
  const missing = files.some((attachment) => !attachment.local)
  const saveAll = async (): Promise<void> => {
    setBusy(true)
    await saveAllAttachments(message)
    setBusy(false)
  }
  return (
    <section aria-label={t('message:attachments.title', { count: files.length })} className="mt-4 border-t border-line pt-3">
      <div className="mb-2 flex min-h-6 flex-wrap items-center gap-x-2 gap-y-1 text-xs whitespace-nowrap text-ink-3">
        {files.length > 0 && (
          <span>
            <span className="font-medium text-ink-2">{t('message:attachments.title', { count: files.length })}</span>
            <span className="tabular"> · {format.size(size)}</span>
          </span>
        )}
        {inline.length > 0 && (
          <button type="button" aria-expanded={inlineShown} className="rounded-sm px-1 hover:bg-fill hover:text-ink-2" onClick={() => setInlineShown(!inlineShown)}>
            {t('message:attachments.inline', { count: inline.length })}
          </button>
        )}
        <span className="flex-1" />
        {missing && <FetchAll message={message} />}
        {files.length > 1 && (
          <Button look="quiet" busy={busy} icon={<Download aria-hidden className="size-3.5" />} className="h-6! px-2! text-xs!" onClick={() => void saveAll()}>
            {busy ? t('message:attachments.saving') : t('message:attachments.saveAll')}
          </Button>
        )}
      </div>
      {shown.length > 0 && (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(15rem,100%),1fr))] gap-2">
          {shown.map((attachment) => (
            <AttachmentCard key={attachment.index} attachment={attachment} siblings={shown} />
          ))}
        </ul>
      )}
    </section>
  )
}

function FetchAll({ message }: { readonly message: Message }) {
  const t = useText()
  const [busy, setBusy] = useState(false)
  const fetch = async (): Promise<void> => {
    setBusy(true)
    try {
      await client.messages.fetchAttachments({ id: message.id })
    } catch (error) {
      const failure = failureFrom(error)
      showToast({ tone: 'error', key: 'attachment', message: failureText(failure), detail: failure.said ?? undefined })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button look="quiet" busy={busy} icon={<HardDriveDownload aria-hidden className="size-3.5" />} className="h-6! px-2! text-xs!" onClick={() => void fetch()}>
      {busy ? t('message:attachments.fetching') : t('message:attachments.fetchAll')}
    </Button>
  )
}

function AttachmentCard({ attachment, siblings }: { readonly attachment: Attachment; readonly siblings: readonly Attachment[] }) {
  const t = useText()
  const format = useFormat()
  const [busy, setBusy] = useState(false)
  const name = shownFilename(attachment)
  const extension = extensionOf(attachment.filename)
  const preview = previewKind(attachment)
  const during = async (work: () => void | Promise<void>): Promise<void> => {
    setBusy(true)
    await work()
    setBusy(false)
  }
  const items: readonly MenuItem[] = [
    ...(preview === 'none' ? [] : [{ label: t('message:attachments.previewShort'), icon: Eye, onSelect: () => showPreview(siblings, attachment.index) }]),
    { label: t('message:attachments.openOutside'), icon: ExternalLink, onSelect: () => void during(() => openAttachment(attachment)) },
    { label: t('message:attachments.save'), icon: Download, onSelect: () => void during(() => saveAttachment(attachment)) },
  ]
  return (
    <li
      draggable={attachment.local && !attachment.dangerous}
      onDragStart={(event) => dragAttachment(event.nativeEvent, attachment)}
      className="group relative flex min-w-0 items-center rounded-lg shadow-card transition-colors duration-100 hover:bg-fill dark:bg-fill dark:hover:bg-fill-strong"
    >
      <button
        type="button"
        aria-label={preview === 'none' ? `${t('message:attachments.open')} ${name}` : t('message:attachments.preview', { name })}
        className="flex min-w-0 flex-1 items-center gap-2.5 rounded-lg p-2 text-left"
        onClick={() => {
          if (preview === 'none') void during(() => openAttachment(attachment))
          else showPreview(siblings, attachment.index)
        }}
      >
        <Tile attachment={attachment} busy={busy} />
        <span className="min-w-0 flex-1">
          <Filename name={name} />
          <span className="flex items-center gap-1 text-xs text-ink-3">
            {attachment.dangerous ? (
              <span className="flex items-center gap-1 font-medium text-danger">
                <TriangleAlert aria-hidden className="size-3" />
                {extension === '' ? t('message:attachments.dangerous') : `.${extension.toUpperCase()}`}
              </span>
            ) : (
              <span>{extension === '' || extension.length > 5 ? t(`message:attachments.kind.${attachment.kind}`) : extension.toUpperCase()}</span>
            )}
            <span aria-hidden>·</span>
            <span className="tabular">{format.size(attachment.size)}</span>
            {!attachment.local && (
              <Tooltip label={t('message:attachments.cloud')}>
                <span className="ml-0.5">
                  <Cloud aria-label={t('message:attachments.cloud')} className="size-3.5" />
                </span>
              </Tooltip>
            )}
          </span>
        </span>
      </button>
      <span className="absolute right-1.5 flex rounded-md bg-surface opacity-0 transition-opacity duration-100 group-focus-within:opacity-100 group-hover:opacity-100 has-data-[state=open]:opacity-100 dark:bg-raised">
        <IconButton icon={Download} size="small" label={t('message:attachments.saveNamed', { name })} tooltip={false} onClick={() => void during(() => saveAttachment(attachment))} />
        <Menu items={items} align="end">
          <IconButton icon={MoreHorizontal} size="small" label={t('message:attachments.actions', { name })} tooltip={false} />
        </Menu>
      </span>
    </li>
  )
}

/** The end of a name says what the file is, so a long one is cut in the middle. */
function Filename({ name }: { readonly name: string }) {
  const keep = Math.min(8, name.length - Math.max(0, name.lastIndexOf('.')))
  return (
    <bdi title={name} className="flex font-medium text-ink">
      <span className="truncate">{name.slice(0, name.length - keep)}</span>
      <span className="shrink-0 whitespace-pre">{name.slice(name.length - keep)}</span>
    </bdi>
  )
}

function Tile({ attachment, busy }: { readonly attachment: Attachment; readonly busy: boolean }) {
  const { icon: Icon, tint } = kindLooks[attachment.dangerous ? 'executable' : attachment.kind]
  const [broken, setBroken] = useState(false)
  const thumbnail = previewKind(attachment) === 'image' && attachment.local && attachment.size <= largestThumbnail && !broken
  const url = useImageUrl(attachment, thumbnail)
  return (
    <span className={clsx('flex size-9 shrink-0 items-center justify-center overflow-hidden rounded-md bg-fill-strong', tint)}>
      {busy ? (
        <Spinner className="size-4 text-ink-2" />
      ) : !thumbnail || url === null ? (
        <Icon aria-hidden className="size-[18px]" strokeWidth={1.75} />
      ) : (
        <img src={url} alt="" loading="lazy" decoding="async" draggable={false} className="size-full object-cover" onError={() => setBroken(true)} />
      )}
    </span>
  )
}
