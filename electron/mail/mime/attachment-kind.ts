// What an attachment is called and what it may do. Names come from strangers: a name that leaves here is one path
// segment that every file system takes, says what it shows, and keeps the extension that decides how it opens.
import type { AttachmentKind } from '../../../shared/model/message.ts'
import { shownText } from './encoded-word.ts'

const reserved = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i
/** File systems count bytes: 255 of them, of which a name must leave room for " (2)" and a temporary suffix. */
const maxNameBytes = 200

/** A safe file name; '' when nothing of the given one is usable. */
export function safeFilename(raw: string): string {
  // A real path keeps its last segment; a slash inside a title ("Zeugnis 03/2026") becomes an underscore.
  const pathLike = /^([a-z]:)?[\\/]|(^|[\\/])\.{1,2}[\\/]|^[a-z]:|^file:|^~|^\\\\/i.test(raw) || /[\\/].*[\\/]/.test(raw.slice(0, 4000))
  const segment = pathLike ? (raw.slice(-4000).split(/[\\/]/).pop() ?? '') : raw
  let name = shownText(segment.normalize('NFC'), 1000).replace(/[\\/<>:"|?*]/g, '_')
  name = name.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '')
  if (name === '') return ''
  if (reserved.test(name)) name = `_${name}`
  return shortened(name)
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= maxNameBytes) return name
  const ext = extensionOf(name)
  const suffix = ext === '' ? '' : `.${ext.slice(0, 20)}`
  let stem = name.slice(0, name.length - (ext === '' ? 0 : ext.length + 1)).slice(0, maxNameBytes)
  while (Buffer.byteLength(stem) + Buffer.byteLength(suffix) > maxNameBytes) stem = stem.slice(0, -1)
  return stem.toWellFormed().replace(/\ufffd$/, '') + suffix
}

/** Lower case, without the dot; '' when there is none. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? '' : name.slice(dot + 1).trim().toLowerCase()
}

const list = (words: string): ReadonlySet<string> => new Set(words.split(' '))

// What Windows, macOS or a Linux desktop runs, mounts, installs or hands to an interpreter when opened, and the
// formats that carry macros or scripts of their own.
const runs = list(
  'exe com scr pif bat cmd ps1 ps1xml ps2 psm1 psd1 psc1 vb vbs vbe vbscript js jse mjs ws wsf wsh wsc sct hta cpl msi msp mst msu msix msixbundle appx appxbundle ' +
    'jar jnlp class lnk url scf reg inf chm hlp application appref-ms gadget msc dll ocx sys drv sh bash zsh csh ksh run bin command app pkg mpkg dmg deb rpm apk ipa snap flatpak appimage ' +
    'action workflow scpt scptd applescript osx terminal tool py pyc pyw pyz rb pl php lua desktop library-ms search-ms searchconnector-ms settingcontent-ms diagcab diagcfg diagpkg theme themepack ' +
    'website webloc rdp xll iqy oqy rqy slk grp job osd xbap xnk ade adp accda accde accdr mda mde mdt mdw mdz mad maf mag mam maq mar mas mat mau mav maw ops pcd prf prg shb shs',
)
const images = list('iso img vhd vhdx vmdk udf cab')
const macros = list('docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm one onepkg pub')
const pages = list('htm html shtml xht xhtml mht mhtml svg svgz swf xsl xslt')
const runningTypes = list(
  'application/x-msdownload application/x-msdos-program application/x-dosexec application/vnd.microsoft.portable-executable application/x-executable application/x-sh application/x-shellscript ' +
    'application/hta application/javascript text/javascript application/x-javascript application/x-bat application/x-ms-shortcut application/x-ms-installer application/x-msi application/java-archive ' +
    'application/x-apple-diskimage application/vnd.android.package-archive application/x-iso9660-image text/vbscript application/x-powershell image/svg+xml text/html application/xhtml+xml',
)

const documents = list('doc docx dot dotx odt ott rtf pages wpd wps xls xlsx xlt xltx ods csv tsv numbers ppt pptx pps ppsx odp key docm dotm xlsm xltm xlsb pptm')
const texts = list('txt text md markdown log ini json xml yml yaml vcf eml_ asc html htm')
const archives = list('zip rar 7z tar gz tgz bz2 tbz xz txz zst cab arj lzh lha z ace iso img')
const pictures = list('png jpg jpeg jpe jfif gif bmp webp tif tiff heic heif avif ico svg')

/** Kind by type, and by extension where the type says nothing; what runs is 'executable' whatever it claims. */
export function attachmentKind(mimeType: string, name: string): AttachmentKind {
  const ext = extensionOf(name)
  if (runs.has(ext)) return 'executable'
  if (mimeType === 'message/rfc822' || mimeType === 'message/global' || ext === 'eml' || ext === 'msg') return 'message'
  if (mimeType === 'text/calendar' || mimeType === 'application/ics' || ext === 'ics') return 'calendar'
  if (mimeType === 'application/pdf' || mimeType === 'application/x-pdf' || ext === 'pdf') return 'pdf'
  if (pictures.has(ext)) return 'image'
  if (documents.has(ext)) return 'document'
  if (archives.has(ext)) return 'archive'
  if (texts.has(ext)) return 'text'
  if (mimeType.startsWith('image/')) return 'image'
  if (/^application\/(msword|rtf|vnd\.(ms-(excel|powerpoint|word)|openxmlformats-officedocument|oasis\.opendocument))/.test(mimeType) || mimeType === 'text/rtf') return 'document'
  if (/^application\/(zip|x-zip|gzip|x-gzip|x-7z|x-rar|vnd\.rar|x-tar|x-bzip2)/.test(mimeType)) return 'archive'
  if (runningTypes.has(mimeType) && !mimeType.startsWith('text/')) return 'executable'
  if (mimeType.startsWith('text/') || mimeType === 'message/delivery-status' || mimeType === 'application/json') return 'text'
  return 'other'
}

 
const disguised = /[\u0000-\u001f\u202a-\u202e\u2066-\u2069]| {6,}/

/** Opening this should be asked about first: it can run code, or its name was made to mislead. */
export function isDangerous(mimeType: string, safeName: string, rawName: string): boolean {
  const ext = extensionOf(safeName)
  if (runs.has(ext) || images.has(ext) || macros.has(ext) || pages.has(ext) || runningTypes.has(mimeType)) return true
  if (disguised.test(rawName)) return true
  // "invoice.pdf.exe." and "cv.exe .pdf": something that runs hides behind another extension.
  return safeName.split('.').slice(1, -1).some((middle) => runs.has(middle.trim().toLowerCase()) && middle.trim().toLowerCase() !== 'com')
}

const extensions: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', 'jpg'], ['image/png', 'png'], ['image/gif', 'gif'], ['image/webp', 'webp'], ['image/svg+xml', 'svg'], ['image/bmp', 'bmp'], ['image/tiff', 'tif'],
  ['application/pdf', 'pdf'], ['text/plain', 'txt'], ['text/html', 'html'], ['text/csv', 'csv'], ['text/calendar', 'ics'], ['text/vcard', 'vcf'], ['message/rfc822', 'eml'],
  ['application/zip', 'zip'], ['application/msword', 'doc'], ['application/rtf', 'rtf'], ['text/rtf', 'rtf'],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', 'pptx'],
  ['message/delivery-status', 'txt'], ['text/rfc822-headers', 'txt'], ['application/pgp-signature', 'asc'], ['application/pkcs7-signature', 'p7s'], ['application/pkcs7-mime', 'p7m'],
  ['application/ms-tnef', 'dat'], ['application/json', 'json'], ['audio/mpeg', 'mp3'], ['video/mp4', 'mp4'],
])

/** A name for a part that came without one. */
export function nameFor(mimeType: string, index: number, subject: string | null): string {
  const ext = extensions.get(mimeType)
  const stem = subject === null ? '' : safeFilename(subject)
  const base = stem !== '' ? stem : `${mimeType.startsWith('image/') ? 'image' : mimeType === 'message/rfc822' ? 'message' : 'attachment'}-${index + 1}`
  return ext === undefined ? base : shortened(`${base}.${ext}`)
}
