// A file goes to the main side in pieces, in order, so that a large one shows its progress and can be stopped.
import type { StoredFile } from '../../../shared/model/draft.ts'

/** The calls it needs, as the contract has them. */
export type FileCalls = {
  readonly begin: (input: { filename: string; mimeType: string; size: number }) => Promise<{ uploadId: string }>
  readonly append: (input: { uploadId: string; offset: number; data: string }) => Promise<{ received: number }>
  readonly finish: (input: { uploadId: string }) => Promise<StoredFile>
  readonly cancel: (input: { uploadId: string }) => Promise<void>
}

export type UploadOptions = {
  readonly signal: AbortSignal
  /** Bytes stored so far. */
  readonly onProgress: (done: number) => void
}

/** A multiple of three, so that the pieces' base64 has no padding inside. */
const pieceSize = 384 * 1024
const longestName = 255

/** Stores a file; rejects with the signal's reason when it is stopped, and nothing is left of it then. */
export async function uploadFile(calls: FileCalls, filename: string, file: Blob, { signal, onProgress }: UploadOptions): Promise<StoredFile> {
  signal.throwIfAborted()
  const { uploadId } = await calls.begin({ filename: shortened(filename), mimeType: file.type.slice(0, 200), size: file.size })
  try {
    for (let offset = 0; offset < file.size; offset += pieceSize) {
      signal.throwIfAborted()
      const piece = await file.slice(offset, offset + pieceSize).bytes()
      const { received } = await calls.append({ uploadId, offset, data: base64(piece) })
      onProgress(received)
    }
    signal.throwIfAborted()
    return await calls.finish({ uploadId })
  } catch (error) {
    // What was begun is cleared away; that this fails too changes nothing for the person.
    await calls.cancel({ uploadId }).catch(() => undefined)
    throw error
  }
}

/** The end of a name says what the file is. */
function shortened(filename: string): string {
  const name = filename.trim() === '' ? 'file' : filename
  if (name.length <= longestName) return name
  const dot = name.lastIndexOf('.')
  const end = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : ''
  return `${name.slice(0, longestName - end.length)}${end}`
}

function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(binary)
}
