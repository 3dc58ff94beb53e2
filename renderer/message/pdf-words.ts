// What the PDF worker and its reader say to each other. Pages are counted from 1, lengths are CSS pixels at 100 %.

/** A run of text on a page, for selecting and copying; `x`, `y` are its top left corner, `angle` in radians. */
export type PdfText = {
  readonly text: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly angle: number
  readonly lineEnd: boolean
}

export type PdfFailure = 'password' | 'damaged' | 'too-slow' | 'unexpected'

export type PdfSize = { readonly width: number; readonly height: number }

export type PdfRequest =
  | { readonly id: number; readonly type: 'open'; readonly data: ArrayBuffer }
  /** `scale` in device pixels per PDF pixel. */
  | { readonly id: number; readonly type: 'page'; readonly page: number; readonly scale: number }

export type PdfResponse =
  | { readonly id: number; readonly type: 'opened'; readonly pages: number; readonly first: PdfSize }
  | { readonly id: number; readonly type: 'page'; readonly size: PdfSize; readonly image: ImageBitmap; readonly texts: readonly PdfText[] }
  | { readonly id: number; readonly type: 'failed'; readonly reason: PdfFailure }
