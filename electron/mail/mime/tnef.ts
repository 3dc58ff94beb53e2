// winmail.dat (MS-OXTNEF): what Outlook sends when it believes the receiver speaks it too. Reads names and byte ranges of
// the attachments and the body, nothing else. Each attribute is visited once and every length is checked against what is
// left, so garbage costs no more than its size and ends in null or a partial result, never an exception.
//
// Written here because the one library there is copies the rest of the file into an array of numbers for every attribute
// (half a minute for 67 kB of its own test files) and knows neither long names nor content ids.
import { decodeBytes } from './charset.ts'

export type TnefAttachment = {
  /** As sent; not yet safe. */
  readonly filename: string
  readonly mimeType: string | null
  readonly contentId: string | null
  readonly bytes: Buffer
}

export type TnefContent = {
  readonly attachments: readonly TnefAttachment[]
  readonly text: string | null
  readonly html: string | null
  /** The file ended early or held lengths that cannot be. */
  readonly damaged: boolean
}

const signature = 0x223e9f78
const levelAttachment = 2
const attributes = { oemCodepage: 0x9007, renderData: 0x9002, attachTitle: 0x8010, attachData: 0x800f, attachment: 0x9005, mapiProps: 0x9003, body: 0x800c } as const
const props = { body: 0x1000, html: 0x1013, longFilename: 0x3707, filename: 0x3704, displayName: 0x3001, mimeTag: 0x370e, contentId: 0x3712, dataObject: 0x3701 } as const
const maxAttachments = 500
const maxProps = 5_000

type Draft = { title: string; longName: string; mimeType: string | null; contentId: string | null; bytes: Buffer }

export function readTnef(bytes: Buffer): TnefContent | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== signature) return null
  const attachments: Draft[] = []
  let current: Draft | null = null
  let text: string | null = null
  let html: string | null = null
  let codepage = 'windows-1252'
  let damaged = false
  let at = 6
  while (at + 9 <= bytes.length) {
    const level = bytes[at]
    const name = bytes.readUInt16LE(at + 1)
    const length = bytes.readUInt32LE(at + 5)
    const start = at + 9
    if ((level !== 1 && level !== levelAttachment) || start + length > bytes.length) {
      damaged = true
      break
    }
    const data = bytes.subarray(start, start + length)
    at = start + length + 2
    switch (name) {
      case attributes.oemCodepage:
        if (data.length >= 4) codepage = codepageName(data.readUInt32LE(0))
        break
      case attributes.renderData:
        if (attachments.length >= maxAttachments) return finish(attachments, text, html, true)
        current = { title: '', longName: '', mimeType: null, contentId: null, bytes: Buffer.alloc(0) }
        attachments.push(current)
        break
      case attributes.attachTitle:
        if (current !== null) current.title = decodeText(data, codepage)
        break
      case attributes.attachData:
        if (current !== null) current.bytes = data
        break
      case attributes.attachment:
        if (current !== null) applyProps(current, readProps(data), codepage)
        break
      case attributes.mapiProps: {
        const found = readProps(data)
        text ??= propText(found.get(props.body), codepage)
        const rawHtml = found.get(props.html)
        if (rawHtml !== undefined) html ??= rawHtml.type === 0x0102 ? decodeBytes(rawHtml.value, codepage).text : propText(rawHtml, codepage)
        break
      }
      case attributes.body:
        text ??= decodeText(data, codepage)
        break
    }
  }
  return finish(attachments, text, html, damaged || at !== bytes.length)
}

function finish(drafts: readonly Draft[], text: string | null, html: string | null, damaged: boolean): TnefContent {
  const attachments = drafts
    .filter((draft) => draft.bytes.length > 0 || draft.title !== '' || draft.longName !== '')
    .map((draft) => ({ filename: draft.longName || draft.title, mimeType: draft.mimeType, contentId: draft.contentId, bytes: draft.bytes }))
  return { attachments, text: text === '' ? null : text, html: html === '' ? null : html, damaged }
}

function applyProps(draft: Draft, found: ReadonlyMap<number, Prop>, codepage: string): void {
  draft.longName = propText(found.get(props.longFilename), codepage) ?? propText(found.get(props.filename), codepage) ?? propText(found.get(props.displayName), codepage) ?? draft.longName
  const mime = propText(found.get(props.mimeTag), codepage)?.trim().toLowerCase()
  if (mime !== undefined && /^[\w.+-]{1,60}\/[\w.+-]{1,100}$/.test(mime)) draft.mimeType = mime
  draft.contentId = propText(found.get(props.contentId), codepage)?.replace(/^<|>$/g, '') ?? draft.contentId
  const object = found.get(props.dataObject)
  // An embedded message or OLE object: its first 16 bytes name the interface.
  if (draft.bytes.length === 0 && object !== undefined) draft.bytes = object.type === 0x000d && object.value.length > 16 ? object.value.subarray(16) : object.value
}

type Prop = { readonly type: number; readonly value: Buffer }

const fixedSizes: ReadonlyMap<number, number> = new Map([[0x0002, 4], [0x0003, 4], [0x0004, 4], [0x000a, 4], [0x000b, 4], [0x0005, 8], [0x0006, 8], [0x0007, 8], [0x0014, 8], [0x0040, 8], [0x0048, 16], [0x0000, 4], [0x0001, 4]])

/** MAPI properties of variable and fixed types; the first value of each. Stops quietly at the first senseless length. */
function readProps(data: Buffer): ReadonlyMap<number, Prop> {
  const found = new Map<number, Prop>()
  if (data.length < 4) return found
  const count = Math.min(data.readUInt32LE(0), maxProps)
  let at = 4
  for (let i = 0; i < count && at + 4 <= data.length; i++) {
    const rawType = data.readUInt16LE(at)
    const id = data.readUInt16LE(at + 2)
    at += 4
    if (id >= 0x8000) {
      const next = skipName(data, at)
      if (next === -1) return found
      at = next
    }
    const multiple = (rawType & 0x1000) !== 0
    const type = rawType & 0x0fff
    const fixed = fixedSizes.get(type)
    let values = 1
    if (multiple || fixed === undefined) {
      if (at + 4 > data.length) return found
      values = data.readUInt32LE(at)
      at += 4
    }
    if (values > maxProps) return found
    for (let k = 0; k < values; k++) {
      let length: number
      if (fixed !== undefined) length = fixed
      else {
        if (at + 4 > data.length) return found
        length = data.readUInt32LE(at)
        at += 4
      }
      if (at + length > data.length) return found
      if (!found.has(id)) found.set(id, { type, value: data.subarray(at, at + length) })
      at += fixed === undefined ? length + ((4 - (length % 4)) % 4) : length
    }
  }
  return found
}

/** A named property carries a GUID and a number or a name before its value. */
function skipName(data: Buffer, at: number): number {
  if (at + 24 > data.length) return -1
  const kind = data.readUInt32LE(at + 16)
  if (kind === 0) return at + 24
  const length = data.readUInt32LE(at + 20)
  const end = at + 24 + length + ((4 - (length % 4)) % 4)
  return end > data.length ? -1 : end
}

function propText(prop: Prop | undefined, codepage: string): string | null {
  if (prop === undefined) return null
  if (prop.type === 0x001f) return decodeBytes(prop.value, 'utf-16le').text
  return prop.type === 0x001e ? decodeText(prop.value, codepage) : null
}

function decodeText(data: Buffer, codepage: string): string {
  const end = data.indexOf(0)
  return decodeBytes(end === -1 ? data : data.subarray(0, end), codepage).text
}

function codepageName(code: number): string {
  if (code === 65001) return 'utf-8'
  if (code === 20127 || code === 28591) return 'iso-8859-1'
  return code >= 1 && code < 65000 ? `windows-${code}` : 'windows-1252'
}
