// Gives a message's frame the program's own typeface. The frame's policy lets it load nothing, so the bytes are handed in.
import latinExtended from '@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2?url'
import latin from '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2?url'

const faces = [
  {
    url: latin,
    needed: null,
    unicodeRange: 'U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD',
  },
  {
    url: latinExtended,
    needed: /[\u0100-\u0130\u0132-\u0151\u0154-\u02ba\u02bd-\u02c5\u02c7-\u02cc\u02ce-\u02d7\u02dd-\u02ff\u1d00-\u1dbf\u1e00-\u1e9f\u1ef2-\u1eff\u2020\u20a0-\u20ab\u20ad-\u20c0\u2113\u2c60-\u2c7f\ua720-\ua7ff]/u,
    unicodeRange: 'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
  },
] as const

type Face = (typeof faces)[number]

const made = new Map<Face, Promise<FontFace>>()

async function makeFace({ url, unicodeRange }: Face): Promise<FontFace> {
  const bytes = await (await fetch(url)).arrayBuffer()
  return new FontFace('Inter Variable', bytes, { weight: '100 900', unicodeRange }).load()
}

/** Made once for all frames, when one needs it: making a face takes milliseconds. */
async function faceFor(face: Face): Promise<FontFace | null> {
  const making = made.get(face) ?? makeFace(face)
  made.set(face, making)
  try {
    return await making
  } catch {
    // The system's typeface does as well; the next frame tries again.
    made.delete(face)
    return null
  }
}

/** Returns a function that takes them back, to be called while the frame is there: a face remembers where it is used. */
export function lendFonts(document: Document): () => void {
  const lent: FontFace[] = []
  let over = false
  const lend = async (face: Face): Promise<void> => {
    const ready = await faceFor(face)
    if (ready === null || over) return
    document.fonts.add(ready)
    lent.push(ready)
  }
  // Few mails have more than Western European letters.
  for (const face of faces) if (face.needed === null || face.needed.test(document.body.textContent)) void lend(face)
  return () => {
    over = true
    for (const face of lent) document.fonts.delete(face)
  }
}
