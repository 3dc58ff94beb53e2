// Which elements have keys of their own.

/** A field of any kind, or a text being written. */
export function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))
}

/** One in which letters are letters, not commands. */
export function takesText(target: EventTarget | null): boolean {
  return isField(target) && !(target instanceof HTMLInputElement && ['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type))
}
