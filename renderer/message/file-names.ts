import type { Attachment } from '../../shared/model/message.ts'
import { text } from '../locales/text.ts'

export function shownFilename({ filename }: Attachment): string {
  return filename === '' ? text('message:attachments.unnamed') : filename
}

/** Lower case, without the dot; '' when the name has none. */
export function extensionOf(filename: string): string {
  const dot = filename.lastIndexOf('.')
  return dot <= 0 ? '' : filename.slice(dot + 1).trim().toLowerCase()
}
