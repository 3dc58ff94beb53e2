// Cuts an IMAP byte stream (RFC 3501 section 2.2) into lines and literals without changing or holding back a byte:
// every byte given to `scan` comes out in exactly one piece, in order. It knows nothing of commands or their meaning.

export type LinePiece = {
  readonly kind: 'line'
  readonly bytes: Buffer
  /** The line without its line ending once it is complete, else null. A line after a literal counts as a line of its own. */
  readonly text: string | null
  /** The size the complete line announces for the literal that follows it. */
  readonly literalSize: number | null
}

export type LiteralPiece = {
  readonly kind: 'literal'
  readonly bytes: Buffer
  /** How much of the literal came before this piece. */
  readonly offset: number
  readonly size: number
}

export type Piece = LinePiece | LiteralPiece

export type ImapScanner = {
  readonly scan: (chunk: Buffer) => readonly Piece[]
  /** A server may refuse a literal before it is sent (RFC 3501 section 7.5); the next bytes are then a line again. */
  readonly forgetLiteral: () => void
}

const NEWLINE = 10
const LITERAL = /\{(\d+)[+-]?\}$/
// Text for people may end in braces; these responses never carry a literal.
const STATUS = /^\S+ (?:OK|NO|BAD|BYE|PREAUTH)\b/i

export function createImapScanner(side: 'client' | 'server'): ImapScanner {
  let lineStart: Buffer[] = []
  let literal: { readonly size: number; seen: number } | null = null

  const literalSizeOf = (text: string): number | null => {
    if (side === 'server' && STATUS.test(text)) return null
    const match = LITERAL.exec(text)
    return match === null ? null : Number(match[1])
  }

  const scan = (chunk: Buffer): readonly Piece[] => {
    const pieces: Piece[] = []
    let at = 0
    while (at < chunk.length) {
      if (literal !== null) {
        const bytes = chunk.subarray(at, at + literal.size - literal.seen)
        pieces.push({ kind: 'literal', bytes, offset: literal.seen, size: literal.size })
        literal.seen += bytes.length
        at += bytes.length
        if (literal.seen === literal.size) literal = null
        continue
      }
      const newline = chunk.indexOf(NEWLINE, at)
      const bytes = chunk.subarray(at, newline === -1 ? chunk.length : newline + 1)
      at += bytes.length
      lineStart.push(bytes)
      if (newline === -1) {
        pieces.push({ kind: 'line', bytes, text: null, literalSize: null })
        continue
      }
      const text = Buffer.concat(lineStart).toString('latin1').replace(/\r?\n$/, '')
      lineStart = []
      const literalSize = literalSizeOf(text)
      if (literalSize !== null && literalSize > 0) literal = { size: literalSize, seen: 0 }
      pieces.push({ kind: 'line', bytes, text, literalSize })
    }
    return pieces
  }

  return {
    scan,
    forgetLiteral() {
      literal = null
    },
  }
}
