// The source of a large message without the contents of its large attachments. The server names the parts (BODYSTRUCTURE);
// headers of all parts, texts and small parts are asked for, and put together between the message's own boundaries again. The
// result is valid MIME whose omitted parts are empty. Where the server's description is odd there is no skeleton.
import type { MessageStructureObject } from 'imapflow'

/** More parts than this are not worth asking for one by one. */
const mostParts = 200
const mostDepth = 20
/** Of a text longer than this only the beginning is fetched, bytes. */
const longestText = 2 * 1024 * 1024

export type SkeletonPlan = {
  /** Sections to fetch, besides the message's own header. */
  readonly parts: readonly { readonly key: string; readonly maxLength?: number }[]
  /** Encoded sizes of what stays on the server, in the order of the parts. */
  readonly omitted: readonly number[]
  readonly assemble: (header: Uint8Array, sections: ReadonlyMap<string, Uint8Array | null | undefined>) => Uint8Array | null
}

type Piece = { readonly section: string } | { readonly literal: string }

/** Null when the message has nothing worth leaving out, or cannot be taken apart safely. */
export function planSkeleton(root: MessageStructureObject, inlineLimit: number): SkeletonPlan | null {
  const parts: { key: string; maxLength?: number }[] = []
  const omitted: number[] = []
  const pieces: Piece[] = []
  const found = { odd: false }

  const section = (key: string, maxLength?: number): void => {
    parts.push(maxLength === undefined ? { key } : { key, maxLength })
    pieces.push({ section: key.toLowerCase() })
  }

  /** The body of a part; its header is already there. `number` is how IMAP addresses that body. */
  const body = (node: MessageStructureObject, number: string, depth: number): void => {
    if (depth > mostDepth || parts.length > mostParts) found.odd = true
    if (found.odd) return
    const children = node.childNodes ?? []
    if (node.type.startsWith('multipart/')) {
      const boundary = node.parameters?.['boundary']
      if (!boundary || /[\r\n]/.test(boundary) || boundary.length > 200 || children.length === 0) {
        found.odd = true
        return
      }
      children.forEach((child, index) => {
        const part = number === '' ? String(index + 1) : `${number}.${String(index + 1)}`
        pieces.push({ literal: `${index === 0 ? '' : '\r\n'}--${boundary}\r\n` })
        section(`${part}.MIME`)
        body(child, part, depth + 1)
      })
      pieces.push({ literal: `\r\n--${boundary}--\r\n` })
      return
    }
    const size = node.size ?? 0
    const inner = children[0]
    if (node.type === 'message/rfc822' && inner && size > inlineLimit) {
      section(`${number}.HEADER`)
      body(inner, inner.type.startsWith('multipart/') ? number : `${number}.1`, depth + 1)
      return
    }
    // A single-part message's only body is addressed as part 1.
    const key = number === '' ? '1' : number
    if (size <= inlineLimit) section(key)
    else if (isReadable(node)) {
      if (size > longestText) omitted.push(size)
      section(key, size > longestText ? longestText : undefined)
    } else omitted.push(size)
  }

  body(root, '', 0)
  if (found.odd || omitted.length === 0 || parts.length > mostParts) return null

  return {
    parts,
    omitted,
    assemble(header, sections) {
      const bytes: Uint8Array[] = [header]
      for (const piece of pieces) {
        if ('literal' in piece) {
          bytes.push(Buffer.from(piece.literal, 'latin1'))
          continue
        }
        const contents = sections.get(piece.section)
        // NIL stands for a section without contents; one that is missing altogether was not answered.
        if (contents === undefined) return null
        if (contents !== null) bytes.push(contents)
      }
      return new Uint8Array(Buffer.concat(bytes))
    },
  }
}

function isReadable(node: MessageStructureObject): boolean {
  return node.type.startsWith('text/') && node.disposition !== 'attachment'
}
