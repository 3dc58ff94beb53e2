// Files of a template, and putting files into the main side's keeping by picker and drop.
import clsx from 'clsx'
import { Paperclip, X } from 'lucide-react'
import { useRef, useState } from 'react'
import type { StoredFile } from '../../../shared/model/draft.ts'
import { client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { uploadFile } from '../../message/composer/upload.ts'
import { Button } from '../../parts/button.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { showToast } from '../../parts/toast.tsx'

/** Stores files one after the other, telling how far the bytes are. */
export function useStoring(onStored: (file: StoredFile) => void | Promise<void>) {
  const t = useText()
  const [busy, setBusy] = useState<{ readonly name: string; readonly share: number } | null>(null)
  const store = async (files: readonly File[]): Promise<void> => {
    for (const file of files) {
      setBusy({ name: file.name, share: 0 })
      try {
        const stored = await uploadFile(client.files, file.name, file, {
          signal: new AbortController().signal,
          onProgress: (done) => setBusy({ name: file.name, share: file.size === 0 ? 1 : done / file.size }),
        })
        await onStored(stored)
      } catch (error) {
        showToast({ tone: 'error', message: t('templates:files.failed', { name: file.name }), detail: failureText(failureFrom(error)) })
      }
    }
    setBusy(null)
  }
  return { busy, store }
}

export function TemplateFiles({ files, onChange }: { readonly files: readonly StoredFile[]; readonly onChange: (files: readonly StoredFile[]) => void }) {
  const t = useText()
  const format = useFormat()
  const picker = useRef<HTMLInputElement>(null)
  const latest = useRef(files)
  const [over, setOver] = useState(false)
  const { busy, store } = useStoring((file) => {
    if (latest.current.some((other) => other.hash === file.hash && other.filename === file.filename)) return
    latest.current = [...latest.current, file]
    onChange(latest.current)
  })
  const take = (list: FileList | null): void => {
    latest.current = files
    void store([...(list ?? [])])
  }
  return (
    <section
      aria-label={t('templates:files.title')}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        take(event.dataTransfer.files)
      }}
      className={clsx('flex shrink-0 flex-wrap items-center gap-1.5 rounded-md p-1 -m-1', over && 'bg-accent-soft')}
    >
      <Button look="quiet" className="px-2!" busy={busy !== null} icon={<Paperclip aria-hidden className="size-4" strokeWidth={1.75} />} onClick={() => picker.current?.click()}>
        {busy === null ? t('templates:files.add') : `${busy.name} ${format.percent(busy.share)}`}
      </Button>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('templates:files.add')}
        onChange={(event) => {
          take(event.target.files)
          event.target.value = ''
        }}
      />
      {files.map((file, at) => (
        <span key={`${file.hash}${file.filename}`} className="flex h-7 max-w-64 min-w-0 items-center gap-1.5 rounded-md bg-fill pr-0.5 pl-2">
          <bdi className="truncate text-xs font-medium" title={file.filename}>
            {file.filename}
          </bdi>
          <span className="tabular shrink-0 text-xs text-ink-3">{format.size(file.size)}</span>
          <IconButton icon={X} size="small" className="size-5!" tooltip={false} label={t('templates:files.remove', { name: file.filename })} onClick={() => onChange(files.filter((_, other) => other !== at))} />
        </span>
      ))}
    </section>
  )
}
