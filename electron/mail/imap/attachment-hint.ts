// Whether a message has attachments, as far as its header block tells. Asking the server for every message's structure would
// make it read every message; the text, once fetched, settles what stays open here.

const header = /^content-type:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)/im
/** Exchange and Outlook write what they know. */
const hasAttach = /^x-ms-has-attach:[ \t]*(yes)?[ \t]*\r?$/im

/** Null when the headers do not tell. */
export function attachmentByHeaders(headers: Uint8Array): boolean | null {
  const text = Buffer.from(headers.buffer, headers.byteOffset, Math.min(headers.byteLength, 256 * 1024)).toString('latin1')
  const said = hasAttach.exec(text)
  if (said) return said[1] !== undefined
  const value = header.exec(text)?.[1]
  if (value === undefined) return false
  const type = value.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  switch (type) {
    case '':
    case 'text':
    case 'text/plain':
    case 'text/html':
    case 'text/enriched':
    case 'text/calendar':
    case 'multipart/report':
      return false
    case 'multipart/alternative':
      // Apple Mail puts attachments inside the HTML alternative.
      return /boundary="?Apple-Mail/i.test(value) ? null : false
    case 'application/pkcs7-mime':
    case 'application/x-pkcs7-mime':
    case 'application/ms-tnef':
    case 'application/vnd.ms-tnef':
      return null
    case 'message/rfc822':
      return true
    default:
      return /^(?:application|image|audio|video|model|font)\//.test(type) ? true : null
  }
}
