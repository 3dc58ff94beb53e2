/** Text from a file of unknown charset: its mark, what is said of it, UTF-8 when it is that, else what Windows writes. */
export function decodeText(bytes: Uint8Array, charset: string | null): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  for (const label of charset === null ? ['utf-8'] : ['utf-8', charset]) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes)
    } catch {
      // Not that one.
    }
  }
  return new TextDecoder('windows-1252').decode(bytes)
}
