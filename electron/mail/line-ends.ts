// Line ends of a whole message. A message may be tens of megabytes, so it is looked over in slices, and everything else has
// its turn in between.
import { setImmediate } from 'node:timers/promises'

/** Looked over in a few milliseconds, bytes. */
const sliceBytes = 1024 * 1024

/** Whether every line ends with CRLF, the last one too, and no CR or LF stands alone. */
export async function hasWholeLines(bytes: Uint8Array): Promise<boolean> {
  let before = 0
  for (let from = 0; from < bytes.length; from += sliceBytes) {
    if (from > 0) await setImmediate()
    const to = Math.min(bytes.length, from + sliceBytes)
    for (let at = from; at < to; at++) {
      const byte = bytes[at] ?? 0
      if ((byte === 0x0a) !== (before === 0x0d)) return false
      before = byte
    }
  }
  return bytes.length >= 2 && before === 0x0a
}
