// The colours a mailbox can have. They are stored as they are drawn: middle tones that hold in light and dark.
export const accountColors = {
  blue: '#4f6bed',
  green: '#0f8f6f',
  rust: '#b5562b',
  violet: '#8a4fbf',
  gold: '#b8912a',
  petrol: '#3a86a8',
  rose: '#c0476d',
  olive: '#5f7a3a',
} as const
export type AccountColor = keyof typeof accountColors
export const accountColorNames = ['blue', 'green', 'rust', 'violet', 'gold', 'petrol', 'rose', 'olive'] as const satisfies readonly AccountColor[]

/** A stored colour goes into a style, so it is one of the form `#rrggbb` or the first colour. */
export function accountCssColor(color: string): string {
  return /^#[0-9a-f]{6}$/iu.test(color) ? color : accountColors.blue
}
