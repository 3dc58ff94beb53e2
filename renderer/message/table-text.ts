// Reads comma, semicolon and tab separated text for a preview: RFC 4180 with the quirks spreadsheets have. Stops at a
// limit instead of reading a whole export.

export type TableText = { readonly rows: readonly (readonly string[])[]; readonly more: boolean }

export function readTable(text: string, mostRows: number, mostColumns = 60): TableText {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text
  const separator = separatorOf(body)
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let quoted = false
  const endCell = (): void => {
    if (row.length < mostColumns) row.push(cell)
    cell = ''
  }
  const endRow = (): void => {
    endCell()
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  for (let at = 0; at < body.length; at += 1) {
    if (rows.length >= mostRows) return { rows, more: true }
    const letter = body.charAt(at)
    if (quoted) {
      if (letter !== '"') cell += letter
      else if (body.charAt(at + 1) === '"') {
        cell += '"'
        at += 1
      } else quoted = false
    } else if (letter === '"' && cell === '') quoted = true
    else if (letter === separator) endCell()
    else if (letter === '\n') endRow()
    else if (letter !== '\r') cell += letter
  }
  if (cell !== '' || row.length > 0) endRow()
  return { rows, more: false }
}

/** The separator seen most often in the first line, outside quotes; a comma when none is there. */
function separatorOf(text: string): string {
  const end = text.indexOf('\n')
  const line = (end === -1 ? text : text.slice(0, end)).slice(0, 10_000).replaceAll(/"[^"]*"/gu, '')
  const counts = [',', ';', '\t'].map((separator) => ({ separator, count: line.split(separator).length }))
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).separator
}
