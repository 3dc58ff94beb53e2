// The window's end of the PDF worker: one worker per open document, a time limit on every answer, and an end.
import type { PdfFailure, PdfRequest, PdfResponse, PdfSize } from './pdf-words.ts'

/** Milliseconds a document may take to open, and a page to be drawn, before it counts as too slow. */
const openLimitMs = 20_000
const pageLimitMs = 20_000

export class PdfError extends Error {
  readonly reason: PdfFailure

  constructor(reason: PdfFailure) {
    super(`pdf: ${reason}`)
    this.name = 'PdfError'
    this.reason = reason
  }
}

export type PdfPage = Omit<Extract<PdfResponse, { type: 'page' }>, 'id' | 'type'>

export type PdfReader = {
  readonly pages: number
  /** Size of the first page; the others are taken for as large until they are drawn. */
  readonly first: PdfSize
  /** `wanted` is asked when its turn comes; a page nobody looks at any more gives null. */
  readonly draw: (page: number, scale: number, wanted: () => boolean) => Promise<PdfPage | null>
  readonly close: () => void
}

type Waiting = { readonly resolve: (response: PdfResponse) => void; readonly reject: (error: PdfError) => void; readonly timer: number }

// Without `Omit` distributing by hand, TypeScript would merge the requests into one.
type Asked = PdfRequest extends infer R ? (R extends PdfRequest ? Omit<R, 'id'> : never) : never

export async function openPdf(data: ArrayBuffer): Promise<PdfReader> {
  const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), { type: 'module', name: 'pdf' })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let ended: PdfFailure | null = null

  const end = (reason: PdfFailure): void => {
    ended ??= reason
    worker.terminate()
    for (const { reject, timer } of waiting.values()) {
      clearTimeout(timer)
      reject(new PdfError(reason))
    }
    waiting.clear()
  }
  worker.addEventListener('error', () => {
    end('unexpected')
  })
  worker.addEventListener('message', (event: MessageEvent<PdfResponse>) => {
    const waiter = waiting.get(event.data.id)
    if (waiter === undefined) return
    waiting.delete(event.data.id)
    clearTimeout(waiter.timer)
    if (event.data.type === 'failed') waiter.reject(new PdfError(event.data.reason))
    else waiter.resolve(event.data)
  })

  const ask = (request: Asked, limitMs: number, transfer: Transferable[]): Promise<PdfResponse> => {
    if (ended !== null) return Promise.reject(new PdfError(ended))
    lastId += 1
    const id = lastId
    return new Promise((resolve, reject) => {
      const timer = window.setTimeout(() => {
        end('too-slow')
      }, limitMs)
      waiting.set(id, { resolve, reject, timer })
      worker.postMessage({ ...request, id }, transfer)
    })
  }

  try {
    const opened = await ask({ type: 'open', data }, openLimitMs, [data])
    if (opened.type !== 'opened') throw new PdfError('unexpected')
    // One page at a time: a time limit is only fair to a page that is not waiting behind others.
    let queue: Promise<unknown> = Promise.resolve()
    const draw = (page: number, scale: number, wanted: () => boolean): Promise<PdfPage | null> => {
      const drawn = queue.then(async () => {
        if (!wanted()) return null
        const response = await ask({ type: 'page', page, scale }, pageLimitMs, [])
        if (response.type !== 'page') throw new PdfError('unexpected')
        return response
      })
      queue = drawn.catch(() => undefined)
      return drawn
    }
    return { pages: opened.pages, first: opened.first, draw, close: () => end('unexpected') }
  } catch (error) {
    end('unexpected')
    throw error
  }
}
