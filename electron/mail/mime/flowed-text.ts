// format=flowed (RFC 3676): joins lines that were only broken for transport, within one quote depth.

export function unflow(text: string, deleteSpace: boolean): string {
  const out: string[] = []
  let paragraph: string[] = []
  let depth = 0
  let open = false
  const flush = (): void => {
    if (paragraph.length === 0) return
    out.push(depth > 0 ? `${'>'.repeat(depth)} ${paragraph.join('')}` : paragraph.join(''))
    paragraph = []
    open = false
  }
  for (const line of text.split('\n')) {
    let level = 0
    while (line.charCodeAt(level) === 0x3e) level++
    // One blank after the quote marks is stuffing (4.4).
    const content = line.charCodeAt(level) === 0x20 ? line.slice(level + 1) : line.slice(level)
    if (open && level !== depth) flush()
    depth = level
    // The signature delimiter ends in a blank but never flows (4.3).
    if (content === '-- ') {
      flush()
      out.push(level > 0 ? `${'>'.repeat(level)} -- ` : '-- ')
      continue
    }
    const flows = content.endsWith(' ')
    paragraph.push(flows && deleteSpace ? content.slice(0, -1) : content)
    open = flows
    if (!flows) flush()
  }
  flush()
  return out.join('\n')
}
