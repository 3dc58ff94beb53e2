import type { LedgerLine } from '../../shared/model/folder.ts'

const columns = [
  'folder', 'on_server', 'here', 'still_to_fetch', 'text_to_fetch', 'kept_raw', 'removed_meanwhile', 'waiting_to_be_sent', 'unexplained', 'compared_at', 'proved_at',
] as const

/** RFC 4180, times in ISO 8601 UTC. A folder name that a spreadsheet would take for a formula is kept from running. */
export function ledgerCsv(lines: readonly LedgerLine[]): string {
  const time = (at: number | null): string => (at === null ? '' : new Date(at).toISOString())
  const text = (value: string): string => `"${(/^[=+\-@\t]/.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`
  const rows = lines.map((line) =>
    [
      text(line.path), line.serverCount ?? '', line.ourCount, line.toFetch, line.bodiesToFetch, line.unparsed, line.expunged, line.pending, line.unexplained,
      time(line.comparedAt), time(line.provedAt),
    ].join(','),
  )
  return [columns.join(','), ...rows, ''].join('\r\n')
}
