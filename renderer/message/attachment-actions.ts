// Opening, saving and dragging attachments. A file that can run something asks first, with its real extension; a file
// that is still on the server is fetched by whichever call needs it, and its absence is said in plain words.
import { create } from 'zustand'
import { assetPaths } from '../../shared/api/contract.ts'
import type { HostGlobal } from '../../shared/api/host-window.ts'
import type { AppInfo } from '../../shared/api/contract.ts'
import type { Attachment, Message } from '../../shared/model/message.ts'
import { api, client, queryClient } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { text } from '../locales/text.ts'
import { showToast } from '../parts/toast.tsx'
import { assetUrl } from './asset-url.ts'
import { downloadFrom } from './download.ts'
import { shownFilename } from './file-names.ts'

export type Warning = { readonly act: 'open' | 'save' | 'save-all'; readonly files: readonly Attachment[]; readonly go: () => void | Promise<void> }

/** The question being asked before a dangerous file is opened or saved. */
export const useWarning = create<{ readonly warning: Warning | null }>(() => ({ warning: null }))

export function dropWarning(): void {
  useWarning.setState({ warning: null })
}

function askFirst(act: Warning['act'], files: readonly Attachment[], go: () => void | Promise<void>): void | Promise<void> {
  const dangerous = files.filter((file) => file.dangerous)
  if (dangerous.length === 0) return go()
  useWarning.setState({ warning: { act, files: dangerous, go } })
}

async function appInfo(): Promise<AppInfo> {
  return queryClient.query({ ...api.app.info.queryOptions(), staleTime: 'static' })
}

function tellFailure(error: unknown, attachment: Attachment, what: 'message:attachments.saveFailed' | 'message:attachments.openFailed'): void {
  const failure = failureFrom(error)
  const name = shownFilename(attachment)
  showToast({
    tone: 'error',
    key: 'attachment',
    message: text(what, { name }),
    detail: failure.kind === 'offline' ? text('message:attachments.offline', { name }) : [failureText(failure), failure.said].filter((part) => part !== null).join(' '),
  })
}

export function openAttachment(attachment: Attachment): void | Promise<void> {
  return askFirst('open', [attachment], async () => {
    const { messageId, index } = attachment
    try {
      if (await client.attachments.open({ messageId, index })) return
      await download(attachment)
    } catch (error) {
      tellFailure(error, attachment, 'message:attachments.openFailed')
    }
  })
}

export function saveAttachment(attachment: Attachment): void | Promise<void> {
  return askFirst('save', [attachment], async () => {
    const { messageId, index } = attachment
    try {
      if (!(await appInfo()).canPickFiles) {
        await download(attachment)
        return
      }
      const path = await client.attachments.save({ messageId, index })
      if (path !== null) showToast({ key: 'attachment', message: text('message:attachments.saved', { path }) })
    } catch (error) {
      tellFailure(error, attachment, 'message:attachments.saveFailed')
    }
  })
}

/** A browser shows nothing when a download fails, so the file is made local first and a failure is told. */
async function download(attachment: Attachment): Promise<void> {
  const { messageId, index, filename } = attachment
  if (!attachment.local) await client.messages.fetchAttachments({ id: messageId })
  const url = assetUrl(assetPaths.attachment(messageId, index, { download: true }), await appInfo())
  if (url !== null) downloadFrom(url, filename)
}

export function saveAllAttachments(message: Message): void | Promise<void> {
  const files = message.attachments.filter((attachment) => !attachment.inline)
  const first = files[0]
  if (first === undefined) return
  return askFirst('save-all', files, async () => {
    try {
      if ((await appInfo()).canPickFiles) {
        const saved = await client.attachments.saveAll({ messageId: message.id })
        if (saved !== null) showToast({ key: 'attachment', message: text('message:attachments.savedAll', { count: saved.files, folder: saved.folder }) })
        return
      }
      for (const file of files) {
        await download(file)
        // Browsers drop downloads that start in the same moment.
        await new Promise((resolve) => setTimeout(resolve, 250))
      }
      showToast({ key: 'attachment', message: text('message:attachments.downloads', { count: files.length }) })
    } catch (error) {
      tellFailure(error, first, 'message:attachments.saveFailed')
    }
  })
}

/** The message's source as an .eml file named after its subject. */
export async function saveMessage(message: Message): Promise<void> {
  const url = assetUrl(assetPaths.source(message.id), await appInfo())
  const name = message.subject.replaceAll(/[\p{Cc}\p{Cf}\\/:*?"<>|]+/gu, ' ').replaceAll(/\s+/gu, ' ').trim().slice(0, 80)
  if (url !== null) downloadFrom(url, `${name === '' ? 'message' : name}.eml`)
}

/** Lets a file be dragged out of the window: by the desktop host, or by Chromium's DownloadURL. */
export function dragAttachment(event: DragEvent, attachment: Attachment): void {
  const host = (globalThis as HostGlobal).shortlistHost
  if (!attachment.local || attachment.dangerous) {
    event.preventDefault()
    return
  }
  if (host !== undefined) {
    event.preventDefault()
    host.startDrag(attachment.messageId, attachment.index)
    return
  }
  const url = assetUrl(assetPaths.attachment(attachment.messageId, attachment.index, { download: true }))
  if (url === null || event.dataTransfer === null) return
  const name = attachment.filename.replaceAll(':', '_')
  event.dataTransfer.effectAllowed = 'copy'
  event.dataTransfer.setData('DownloadURL', `${attachment.mimeType}:${name}:${new URL(url, location.href).href}`)
}
