// Letters as people type them when in a hurry: without accents, umlauts with or without their e.

const plain: Readonly<Record<string, string>> = { ø: 'o', æ: 'ae', œ: 'oe', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i' }
const spelled: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' }

export function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[øæœßłđðþħı]/g, (letter) => plain[letter] ?? letter)
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
}

/** The same with umlauts written out: 'mueller' for 'Müller'; null where that changes nothing. */
export function foldedSpelled(text: string): string | null {
  const lower = text.toLowerCase().normalize('NFC')
  const written = lower.replace(/[äöüøå]/g, (letter) => spelled[letter] ?? letter)
  return written === lower ? null : folded(written)
}
