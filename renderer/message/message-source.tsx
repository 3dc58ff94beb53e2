// The source of a message as it arrived, for those who need to see headers or what could not be read.
import { useQuery } from '@tanstack/react-query'
import { Copy, Save } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { MessageId } from '../../shared/model/ids.ts'
import { api } from '../api/api.ts'
import { failureFrom, failureText } from '../api/failure.ts'
import { useFormat } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { Segmented } from '../parts/segmented.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { saveMessage } from './attachment-actions.ts'
import { showSource, useConversation } from './conversation-state.ts'
import { copyText } from './copy-text.ts'
import { headerFields, textBlocks } from './source-text.ts'

export function MessageSource() {
  const id = useConversation((state) => state.sourceOf)
  return id === null ? null : <SourceDialog id={id} />
}

function SourceDialog({ id }: { readonly id: MessageId }) {
  const t = useText()
  const format = useFormat()
  const [part, setPart] = useState<'headers' | 'everything'>('headers')
  const query = useQuery({ ...api.messages.source.queryOptions({ input: { id } }), retry: false })
  const message = useConversation((state) => state.messages.find((one) => one.id === id))
  const source = query.data
  const fields = useMemo(() => (source ? headerFields(source.text) : []), [source])
  const blocks = useMemo(() => (source ? textBlocks(source.text) : []), [source])
  const failure = query.error === null ? null : failureFrom(query.error)
  return (
    <Dialog
      open
      width="wide"
      onOpenChange={(open) => {
        if (!open) showSource(null)
      }}
      title={t('message:source.title')}
      description={message?.subject === '' ? undefined : message?.subject}
      footer={
        <>
          {source?.truncated === true && (
            <span className="mr-auto text-xs text-ink-3">{t('message:source.cut', { shown: format.size(source.text.length), size: format.size(source.size) })}</span>
          )}
          <Button look="quiet" icon={<Copy aria-hidden className="size-4" />} disabled={!source} onClick={() => void copyText(source?.text ?? '', t('message:source.copied'))}>
            {t('message:source.copy')}
          </Button>
          {message && (
            <Button icon={<Save aria-hidden className="size-4" />} onClick={() => void saveMessage(message)}>
              {t('message:command.saveMessage')}
            </Button>
          )}
        </>
      }
    >
      <Segmented
        label={t('message:source.title')}
        value={part}
        choices={[
          { value: 'headers', label: t('message:source.headers') },
          { value: 'everything', label: t('message:source.everything') },
        ]}
        onChange={setPart}
        className="mb-3"
      />
      {failure !== null ? (
        <div role="alert" className="rounded-lg bg-fill p-4">
          <p className="font-medium">{t('message:source.failed')}</p>
          <p className="mt-0.5 text-ink-2">{failureText(failure)}</p>
          {failure.said !== null && <p className="selectable mt-1 text-xs text-ink-3">{failure.said}</p>}
          <Button className="mt-3" onClick={() => void query.refetch()}>
            {t('shell:retry')}
          </Button>
        </div>
      ) : !source ? (
        <div role="status" aria-busy>
          <span className="text-xs text-ink-3">{t('message:source.loading')}</span>
          {[90, 70, 80, 60, 95, 40].map((width) => (
            <Skeleton key={width} className="mt-2 h-3" />
          ))}
        </div>
      ) : part === 'headers' ? (
        <dl className="selectable grid grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 font-mono text-xs">
          {fields.map(({ name, value }, at) => (
            <div key={at} className="contents">
              <dt className="max-w-56 text-right break-words text-ink-3">{name}</dt>
              <dd className="break-words whitespace-pre-wrap text-ink">{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <div className="selectable rounded-lg bg-fill p-3 font-mono text-xs break-all whitespace-pre-wrap">
          {blocks.map((block, at) => (
            <div key={at} className="[contain-intrinsic-block-size:auto_64rem] [content-visibility:auto]">
              {block}
            </div>
          ))}
        </div>
      )}
    </Dialog>
  )
}
