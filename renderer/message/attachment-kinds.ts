// How each kind of attachment looks, and how it can be previewed.
import { Archive, CalendarDays, File, FileImage, FileText, FileType, Mail, TriangleAlert } from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import type { Attachment, AttachmentKind } from '../../shared/model/message.ts'
import { extensionOf } from './file-names.ts'

/** `tint` is the text colour of the icon. */
export const kindLooks: Readonly<Record<AttachmentKind, { readonly icon: LucideIcon; readonly tint: string }>> = {
  image: { icon: FileImage, tint: 'text-ok' },
  pdf: { icon: FileText, tint: 'text-danger' },
  text: { icon: FileText, tint: 'text-ink-2' },
  document: { icon: FileType, tint: 'text-accent-ink' },
  calendar: { icon: CalendarDays, tint: 'text-accent-ink' },
  message: { icon: Mail, tint: 'text-ink-2' },
  archive: { icon: Archive, tint: 'text-warn' },
  executable: { icon: TriangleAlert, tint: 'text-danger' },
  other: { icon: File, tint: 'text-ink-2' },
}

export type PreviewKind = 'image' | 'pdf' | 'text' | 'table' | 'none'

/** Pictures browsers can draw; the rest (TIFF, HEIC) would show as a broken one. */
const drawable = /^(png|jpe?g|jpe|jfif|gif|bmp|webp|avif)$/u
const tables = /^(csv|tsv)$/u
const readable = /^(txt|text|md|markdown|log|ini|json|xml|ya?ml|vcf|ics|eml|asc|srt|tex)$/u

export function previewKind(attachment: Attachment): PreviewKind {
  const extension = extensionOf(attachment.filename)
  const type = attachment.mimeType.toLowerCase()
  if (attachment.dangerous) return 'none'
  if (attachment.kind === 'pdf') return 'pdf'
  if (attachment.kind === 'image') return drawable.test(extension) || /^image\/(png|jpeg|gif|bmp|webp|avif)$/u.test(type) ? 'image' : 'none'
  if (tables.test(extension) || type === 'text/csv' || type === 'text/tab-separated-values') return 'table'
  if (attachment.kind === 'text' || attachment.kind === 'calendar' || attachment.kind === 'message' || readable.test(extension)) return 'text'
  return 'none'
}
