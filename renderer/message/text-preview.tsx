// Text, tables and everything else that is read rather than drawn. Never interpreted: markup shows as it is written.
import { useQuery } from '@tanstack/react-query'
import { FileWarning, WrapText } from 'lucide-react'
import { useMemo, useState } from 'react'
import { createPortal } from 'react-dom'
import type { Attachment } from '../../shared/model/message.ts'
import { useText } from '../locales/text.ts'
import { IconButton } from '../parts/icon-button.tsx'
import { extensionOf } from './file-names.ts'
import { NoPreview, PreviewLoading } from './no-preview.tsx'
import { decodeText } from './decode-text.ts'
import { textBlocks } from './source-text.ts'
import { readTable } from './table-text.ts'

const mostLetters = 2_000_000
const mostRows = 1000

type Props = { readonly url: string; readonly attachment: Attachment }

function useFileText({ url, attachment }: Props) {
  return useQuery({
    queryKey: ['attachment-text', attachment.messageId, attachment.index],
    queryFn: async ({ signal }) => {
      const answer = await fetch(url, { signal })
      if (!answer.ok) throw new Error(`HTTP ${String(answer.status)}`)
      const charset = /charset="?([\w-]+)/iu.exec(answer.headers.get('content-type') ?? '')?.[1] ?? null
      const text = decodeText(new Uint8Array(await answer.arrayBuffer()), charset)
      return { text: text.slice(0, mostLetters), cut: text.length > mostLetters }
    },
    retry: false,
    gcTime: 60_000,
  })
}

/** JSON is set out for reading when it is whole; anything else stays as it is. */
function setOut(text: string, attachment: Attachment): string {
  if (extensionOf(attachment.filename) !== 'json' || text.length > 500_000) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}

export function TextPreview({ url, attachment }: Props) {
  const t = useText()
  const query = useFileText({ url, attachment })
  const [wrap, setWrap] = useState(true)
  const blocks = useMemo(() => textBlocks(setOut(query.data?.text ?? '', attachment)), [query.data, attachment])
  const bar = document.getElementById('preview-tools')
  if (query.isPending) return <PreviewLoading attachment={attachment} />
  if (query.isError) return <NoPreview attachment={attachment} icon={FileWarning} title={t('message:preview.failed')} text={query.error.message} />
  return (
    <div tabIndex={0} className="ring-inset-focus size-full overflow-auto px-16 py-8 outline-none">
      {bar !== null && createPortal(<IconButton icon={WrapText} label={t('message:preview.wrap')} aria-pressed={wrap} onClick={() => setWrap(!wrap)} />, bar)}
      <div dir="auto" className={`selectable mx-auto w-fit max-w-full min-w-[min(48rem,100%)] rounded-lg bg-surface p-8 font-mono text-xs leading-5 shadow-card ${wrap ? 'break-words whitespace-pre-wrap' : 'max-w-none! whitespace-pre'}`}>
        {blocks.map((block, at) => (
          <div key={at} className="[contain-intrinsic-block-size:auto_125rem] [content-visibility:auto]">
            {block === '' ? '\u00a0' : block}
          </div>
        ))}
        {query.data.cut && <p className="mt-4 font-sans text-ink-3">{t('message:preview.cut')}</p>}
      </div>
    </div>
  )
}

export function TablePreview({ url, attachment }: Props) {
  const t = useText()
  const query = useFileText({ url, attachment })
  const table = useMemo(() => readTable(query.data?.text ?? '', mostRows), [query.data])
  if (query.isPending) return <PreviewLoading attachment={attachment} />
  if (query.isError) return <NoPreview attachment={attachment} icon={FileWarning} title={t('message:preview.failed')} text={query.error.message} />
  const [head, ...rows] = table.rows
  return (
    <div tabIndex={0} className="ring-inset-focus size-full overflow-auto px-16 py-8 outline-none">
      <div className="mx-auto w-fit overflow-clip rounded-lg bg-surface shadow-card">
        <table className="selectable border-separate border-spacing-0 text-xs">
          <thead>
            <tr>
              {head?.map((cell, at) => (
                <th key={at} className="sticky top-0 max-w-96 truncate border-b border-line bg-surface px-3 py-2 text-left font-semibold text-ink">
                  <bdi>{cell}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at} className="even:bg-fill">
                {row.map((cell, column) => (
                  <td key={column} title={cell.length > 60 ? cell : undefined} className="tabular max-w-96 truncate px-3 py-1.5 text-ink-2">
                    <bdi>{cell}</bdi>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(table.more || query.data.cut) && <p className="mt-3 text-center text-xs text-ink-3">{t('message:preview.cutRows', { rows: table.rows.length - 1 })}</p>}
    </div>
  )
}
