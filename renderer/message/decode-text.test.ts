import { describe, expect, it } from 'vitest'
import { decodeText } from './decode-text.ts'

describe('decoding a text file', () => {
  it('reads UTF-8, UTF-16 with its mark, and Windows text', () => {
    expect(decodeText(new TextEncoder().encode('Grüße 👋'), null)).toBe('Grüße 👋')
    expect(decodeText(new Uint8Array([0xff, 0xfe, 0x41, 0x00]), null)).toBe('A')
    expect(decodeText(new Uint8Array([0x47, 0x72, 0xfc, 0xdf, 0x65]), null)).toBe('Grüße')
    expect(decodeText(new Uint8Array([0xc0]), 'koi8-r')).toBe('ю')
    expect(decodeText(new Uint8Array([0xc0]), 'no-such-charset')).toBe('À')
  })
})
