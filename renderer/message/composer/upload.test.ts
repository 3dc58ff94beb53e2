import { describe, expect, it } from 'vitest'
import { FileHash } from '../../../shared/model/draft.ts'
import { uploadFile } from './upload.ts'
import type { FileCalls } from './upload.ts'

const hashOf = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)), (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Keeps what it is given, and refuses pieces out of order as the main side does. */
function shelf() {
  const kept: Uint8Array<ArrayBuffer>[] = []
  let begun: { filename: string; size: number } | null = null
  let cancelled = 0
  const calls: FileCalls = {
    begin: (input) => {
      begun = input
      return Promise.resolve({ uploadId: 'one' })
    },
    append: ({ offset, data }) => {
      const received = kept.reduce((sum, piece) => sum + piece.length, 0)
      if (offset !== received) return Promise.reject(new Error('out of order'))
      const piece = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0))
      kept.push(piece)
      return Promise.resolve({ received: received + piece.length })
    },
    finish: async () => {
      const whole = await new Blob(kept).bytes()
      return { hash: FileHash.parse(await hashOf(whole)), filename: begun?.filename ?? '', mimeType: '', size: whole.length }
    },
    cancel: () => {
      cancelled += 1
      return Promise.resolve()
    },
  }
  return { calls, cancelled: () => cancelled }
}

const bytes = Uint8Array.from({ length: 1_000_003 }, (_, at) => (at * 31) % 251)

describe('a file to send', () => {
  it('arrives byte for byte, telling how far it is', async () => {
    const { calls } = shelf()
    const told: number[] = []
    const stored = await uploadFile(calls, 'cv.pdf', new Blob([bytes]), { signal: new AbortController().signal, onProgress: (done) => told.push(done) })
    expect(stored.hash).toBe(await hashOf(bytes))
    expect(told).toEqual([...told].toSorted((a, b) => a - b))
    expect(told.at(-1)).toBe(bytes.length)
  })

  it('may be empty', async () => {
    const { calls } = shelf()
    expect((await uploadFile(calls, 'empty.txt', new Blob([]), { signal: new AbortController().signal, onProgress: () => undefined })).size).toBe(0)
  })

  it('is cleared away when it is stopped on the way', async () => {
    const { calls, cancelled } = shelf()
    const stop = new AbortController()
    const stopped = uploadFile(calls, 'cv.pdf', new Blob([bytes]), { signal: stop.signal, onProgress: () => stop.abort(new Error('stopped')) })
    await expect(stopped).rejects.toThrow('stopped')
    expect(cancelled()).toBe(1)
  })

  it('keeps its ending when its name is too long', async () => {
    const { calls } = shelf()
    const stored = await uploadFile(calls, `${'a'.repeat(400)}.docx`, new Blob(['x']), { signal: new AbortController().signal, onProgress: () => undefined })
    expect(stored.filename).toHaveLength(255)
    expect(stored.filename.endsWith('.docx')).toBe(true)
  })
})
