// Reads and draws a PDF away from the window. A PDF from a mail is hostile input: everything about it happens in this
// worker, which has no DOM and is ended by its reader when it takes too long. Nothing is fetched and no script in the
// document runs (pdf.js without its scripting parts, without WebAssembly, without XFA forms).
import { AnnotationMode, getDocument, InvalidPDFException, PasswordException, Util } from 'unpdf/pdfjs'
import type { PDFDocumentProxy, PDFPageProxy } from 'unpdf/pdfjs'
import type { PdfFailure, PdfRequest, PdfResponse, PdfText } from './pdf-words.ts'

/** Pixels in one drawn page or embedded image; beyond this a hostile file could exhaust memory. */
const mostPixels = 24_000_000
/** Runs of text offered for selection on one page. */
const mostTexts = 5000

type CanvasSlot = { canvas: OffscreenCanvas | null; context: OffscreenCanvasRenderingContext2D | null }

class WorkerCanvasFactory {
  create(width: number, height: number): CanvasSlot {
    if (width <= 0 || height <= 0 || width * height > mostPixels) throw new RangeError('canvas size')
    const canvas = new OffscreenCanvas(width, height)
    return { canvas, context: canvas.getContext('2d') }
  }
  reset(slot: CanvasSlot, width: number, height: number): void {
    if (slot.canvas === null || width * height > mostPixels) throw new RangeError('canvas size')
    slot.canvas.width = width
    slot.canvas.height = height
  }
  destroy(slot: CanvasSlot): void {
    if (slot.canvas !== null) {
      slot.canvas.width = 0
      slot.canvas.height = 0
    }
    slot.canvas = null
    slot.context = null
  }
}

/** pdf.js draws its SVG filters into a document; a worker has none, and pages stay readable without them. */
class NoFilters {
  addFilter(): string {
    return 'none'
  }
  addHCMFilter(): string {
    return 'none'
  }
  addAlphaFilter(): string {
    return 'none'
  }
  addLuminosityFilter(): string {
    return 'none'
  }
  addKnockoutFilter(): string {
    return 'none'
  }
  addHighlightHCMFilter(): string {
    return 'none'
  }
  destroy(): void {
    // Nothing was made.
  }
}

let opened: PDFDocumentProxy | null = null

async function open(data: ArrayBuffer): Promise<PDFDocumentProxy> {
  const host = globalThis as unknown as { readonly fonts: FontFaceSet }
  return getDocument({
    data: new Uint8Array(data),
    CanvasFactory: WorkerCanvasFactory,
    FilterFactory: NoFilters,
    // The one thing pdf.js asks of a document while drawing is where to add fonts.
    ownerDocument: { fonts: host.fonts } as unknown as HTMLDocument,
    enableXfa: false,
    useWasm: false,
    useWorkerFetch: false,
    useSystemFonts: true,
    isOffscreenCanvasSupported: true,
    maxImageSize: mostPixels,
    canvasMaxAreaInBytes: mostPixels * 4,
    disableAutoFetch: true,
    verbosity: 0,
  }).promise
}

async function draw(page: PDFPageProxy, wantedScale: number): Promise<Extract<PdfResponse, { type: 'page' }>> {
  const plain = page.getViewport({ scale: 1 })
  const scale = Math.min(wantedScale, Math.sqrt(mostPixels / Math.max(1, plain.width * plain.height)))
  const viewport = page.getViewport({ scale })
  const canvas = new OffscreenCanvas(Math.max(1, Math.floor(viewport.width)), Math.max(1, Math.floor(viewport.height)))
  const context = canvas.getContext('2d', { alpha: false })
  if (context === null) throw new Error('no canvas')
  await page.render({
    canvas: null,
    canvasContext: context as unknown as CanvasRenderingContext2D,
    viewport,
    background: '#ffffff',
    annotationMode: AnnotationMode.ENABLE,
  }).promise
  const texts = await textsOf(page)
  return { id: 0, type: 'page', size: { width: plain.width, height: plain.height }, image: canvas.transferToImageBitmap(), texts }
}

async function textsOf(page: PDFPageProxy): Promise<readonly PdfText[]> {
  const viewport = page.getViewport({ scale: 1 })
  const content = await page.getTextContent()
  const texts: PdfText[] = []
  for (const item of content.items) {
    if (!('str' in item) || (item.str === '' && !item.hasEOL)) continue
    if (texts.length >= mostTexts) break
    const [a, b, c, d, x, y] = Util.transform(viewport.transform, item.transform) as [number, number, number, number, number, number]
    const height = Math.hypot(c, d)
    const angle = Math.atan2(b, a)
    texts.push({
      text: item.str,
      x: x + height * Math.sin(angle),
      y: y - height * Math.cos(angle),
      width: item.width,
      height,
      angle,
      lineEnd: item.hasEOL,
    })
  }
  return texts
}

function reasonOf(error: unknown): PdfFailure {
  if (error instanceof PasswordException) return 'password'
  if (error instanceof InvalidPDFException) return 'damaged'
  return 'unexpected'
}

async function answer(request: PdfRequest): Promise<PdfResponse> {
  switch (request.type) {
    case 'open': {
      opened = await open(request.data)
      const first = (await opened.getPage(1)).getViewport({ scale: 1 })
      return { id: request.id, type: 'opened', pages: opened.numPages, first: { width: first.width, height: first.height } }
    }
    case 'page': {
      if (opened === null) return { id: request.id, type: 'failed', reason: 'unexpected' }
      const page = await opened.getPage(request.page)
      const drawn = await draw(page, request.scale)
      page.cleanup()
      return { ...drawn, id: request.id }
    }
  }
}

globalThis.addEventListener('message', (event: MessageEvent<PdfRequest>) => {
  const request = event.data
  answer(request)
    .catch((error: unknown): PdfResponse => ({ id: request.id, type: 'failed', reason: reasonOf(error) }))
    .then((response) => globalThis.postMessage(response, { transfer: response.type === 'page' ? [response.image] : [] }))
    .catch(() => globalThis.postMessage({ id: request.id, type: 'failed', reason: 'unexpected' } satisfies PdfResponse))
})
