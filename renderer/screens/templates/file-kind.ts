import type { StoredFile } from '../../../shared/model/draft.ts'
import type { AttachmentKind } from '../../../shared/model/message.ts'

/** What a file is, for its icon. */
export function kindOfFile({ mimeType, filename }: Pick<StoredFile, 'mimeType' | 'filename'>): AttachmentKind {
  const type = mimeType.toLowerCase()
  if (type.startsWith('image/')) return 'image'
  if (type === 'application/pdf') return 'pdf'
  if (type.startsWith('text/')) return 'text'
  if (/word|excel|powerpoint|officedocument|opendocument|rtf/.test(type) || /\.(?:docx?|xlsx?|pptx?|odt|ods|rtf|pages)$/i.test(filename)) return 'document'
  if (/zip|compressed|tar/.test(type)) return 'archive'
  return 'other'
}
