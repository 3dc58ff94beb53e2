// Pictures in the text. They are written as <img src="cid:HASH">; while one is being stored it is shown from memory, and
// one that lies on another server is shown as a box, because fetching it would tell its owner who is writing.
import Image from '@tiptap/extension-image'
import type { Node as DocumentNode } from '@tiptap/pm/model'
import { assetPaths } from '../../../shared/api/contract.ts'
import { FileHash } from '../../../shared/model/draft.ts'
import { text } from '../../locales/text.ts'
import { assetUrl } from '../asset-url.ts'

/** Pictures put in by hand, by the name that stands in their place, 'upload:KEY'; `hash` once they are stored. */
const put = new Map<string, { readonly url: string; hash: FileHash | null }>()
let lastPut = 0

/** Names a picture that is being stored; its source in the text from now on. */
export function putPicture(file: Blob): string {
  const source = `upload:${String((lastPut += 1))}`
  put.set(source, { url: URL.createObjectURL(file), hash: null })
  return source
}

export function pictureStored(source: string, hash: FileHash): void {
  const picture = put.get(source)
  if (picture !== undefined) picture.hash = hash
  for (const image of document.querySelectorAll(`img[data-put="${source}"]`)) image.classList.remove('composer-waiting')
}

/** The source as it is stored; null for a picture that is not. */
export function storedSource(source: string): string | null {
  if (source.startsWith('data:')) return null
  if (!source.startsWith('upload:')) return source
  const hash = put.get(source)?.hash ?? null
  return hash === null ? null : `cid:${hash}`
}

const stringOf = (value: unknown): string => (typeof value === 'string' ? value : '')

function hostOf(source: string): string {
  return URL.parse(source)?.hostname ?? ''
}

/** Where the picture can be drawn from here; null when only from another server. */
function drawableFrom(source: string): string | null {
  if (source.startsWith('upload:')) return put.get(source)?.url ?? null
  if (source.startsWith('data:image/')) return source
  const hash = FileHash.safeParse(source.replace(/^cid:/u, ''))
  return source.startsWith('cid:') && hash.success ? assetUrl(assetPaths.file(hash.data)) : null
}

function draw(node: DocumentNode): HTMLElement {
  const source = stringOf(node.attrs['src'])
  const alt = stringOf(node.attrs['alt'])
  const url = drawableFrom(source)
  if (url === null) {
    const box = document.createElement('span')
    box.className = 'composer-remote'
    box.setAttribute('role', 'img')
    const name = /^https?:/u.test(source) ? text('composer:image.remote', { host: hostOf(source) }) : text('composer:image.missing')
    box.setAttribute('aria-label', alt === '' ? name : `${alt}. ${name}`)
    box.title = text('composer:image.remoteHint')
    box.textContent = alt === '' ? name : alt
    return box
  }
  const image = document.createElement('img')
  image.src = url
  image.alt = alt
  image.draggable = true
  const width = Number.parseInt(String(node.attrs['width']), 10)
  if (width > 0) image.width = width
  if (source.startsWith('upload:')) {
    image.dataset['put'] = source
    if (storedSource(source) === null) image.className = 'composer-waiting'
  }
  return image
}

export const InlineImage = Image.extend({
  parseHTML() {
    return [{ tag: 'img[src]', getAttrs: (element) => (/^(?:cid:|https?:|data:image\/|upload:)/iu.test(element.getAttribute('src') ?? '') ? null : false) }]
  },
  addNodeView() {
    return ({ node }) => {
      let shown = node
      let dom = draw(node)
      const holder = document.createElement('span')
      holder.append(dom)
      return {
        dom: holder,
        update(next) {
          if (next.type !== shown.type) return false
          shown = next
          const redrawn = draw(next)
          dom.replaceWith(redrawn)
          dom = redrawn
          return true
        },
        selectNode: () => holder.classList.add('composer-picked'),
        deselectNode: () => holder.classList.remove('composer-picked'),
        ignoreMutation: () => true,
      }
    }
  },
}).configure({ inline: true, allowBase64: true })
