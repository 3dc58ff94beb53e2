// Documents that are sent often, in folders, most used first within them.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { Download, Files, FolderInput, MoreHorizontal, Paperclip, Plus, Trash2 } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { assetPaths } from '../../../shared/api/contract.ts'
import type { LibraryFile } from '../../../shared/model/template.ts'
import { api, client, queryClient } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { text, useText } from '../../locales/text.ts'
import { assetUrl } from '../../message/asset-url.ts'
import { kindLooks } from '../../message/attachment-kinds.ts'
import { addFiles, canInsert } from '../../message/composer/insertion.ts'
import { downloadFrom } from '../../message/download.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { inputLook, TextField } from '../../parts/text-field.tsx'
import { showToast } from '../../parts/toast.tsx'
import { kindOfFile } from './file-kind.ts'
import { tellFailed } from './template-actions.ts'
import { useStoring } from './template-files.tsx'

const noFiles: readonly LibraryFile[] = []

export function LibraryTab() {
  const t = useText()
  const format = useFormat()
  const list = useQuery(api.library.list.queryOptions())
  const files = list.data ?? noFiles
  const picker = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [words, setWords] = useState('')
  const [placing, setPlacing] = useState<LibraryFile | null>(null)
  const { busy, store } = useStoring(async ({ hash, filename, mimeType }) => {
    await client.library.add({ hash, filename, mimeType, folder: '' })
    await queryClient.invalidateQueries({ queryKey: api.library.list.key() })
  })
  const folders = useMemo(() => {
    const wanted = words.trim().toLowerCase()
    const found = files.filter((file) => `${file.folder} ${file.filename}`.toLowerCase().includes(wanted))
    return [...new Set(found.map((file) => file.folder))].map((folder) => ({ folder, files: found.filter((file) => file.folder === folder).toSorted((a, b) => b.uses - a.uses) }))
  }, [files, words])
  const add = (
    <Button look="primary" busy={busy !== null} icon={<Plus aria-hidden className="size-4" strokeWidth={2} />} onClick={() => picker.current?.click()}>
      {busy === null ? t('templates:library.add') : `${busy.name} ${format.percent(busy.share)}`}
    </Button>
  )

  return (
    <div
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void store([...event.dataTransfer.files])
      }}
      className={clsx('flex h-full flex-col overflow-y-auto', over && 'bg-accent-soft')}
    >
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('templates:library.add')}
        onChange={(event) => {
          void store([...(event.target.files ?? [])])
          event.target.value = ''
        }}
      />
      {list.isPending ? (
        <div aria-busy className="p-5">
          <Skeleton className="h-10 rounded-lg" />
        </div>
      ) : list.isError ? (
        <EmptyState title={t('templates:loadFailed')} action={<Button onClick={() => void list.refetch()}>{t('shell:retry')}</Button>}>
          {failureText(failureFrom(list.error))}
        </EmptyState>
      ) : files.length === 0 ? (
        <EmptyState icon={Files} title={t('templates:library.empty')} action={add}>
          {t('templates:library.emptyText')}
        </EmptyState>
      ) : (
        <div className="mx-auto w-full max-w-[52rem] px-5 py-5">
          <div className="mb-4 flex items-center gap-3">
            <input type="search" aria-label={t('templates:library.search')} placeholder={t('templates:library.search')} value={words} onChange={(event) => setWords(event.target.value)} className={clsx(inputLook, '!w-64')} />
            <span className="flex-1" />
            {add}
          </div>
          {folders.length === 0 && <p className="py-8 text-center text-ink-3">{t('templates:nothingFound')}</p>}
          {folders.map(({ folder, files: own }) => (
            <section key={folder} aria-label={folder || t('templates:library.top')} className="mb-6">
              {folder !== '' && <h2 className="mb-2 text-xs font-semibold text-ink-2">{folder}</h2>}
              <ul className="divide-y divide-line rounded-lg shadow-card">
                {own.map((file) => (
                  <FileRow key={file.id} file={file} onPlace={() => setPlacing(file)} />
                ))}
              </ul>
            </section>
          ))}
        </div>
      )}
      {placing && <PlaceFile key={placing.id} file={placing} onClose={() => setPlacing(null)} />}
    </div>
  )
}

function FileRow({ file, onPlace }: { readonly file: LibraryFile; readonly onPlace: () => void }) {
  const t = useText()
  const format = useFormat()
  const { icon: Icon, tint } = kindLooks[kindOfFile(file)]
  const save = (): void => {
    const url = assetUrl(assetPaths.file(file.hash))
    if (url !== null) downloadFrom(url, file.filename)
  }
  return (
    <li className="flex items-center gap-3 px-4 py-2.5">
      <Icon aria-hidden className={clsx('size-5 shrink-0', tint)} strokeWidth={1.5} />
      <span className="min-w-0 flex-1">
        <bdi className="block truncate font-medium">{file.filename}</bdi>
        <span className="tabular block text-xs text-ink-3">{[format.size(file.size), file.uses === 0 ? t('templates:usesNone') : t('templates:library.uses', { count: file.uses })].join(' · ')}</span>
      </span>
      {canInsert() && (
        <Button icon={<Paperclip aria-hidden className="size-4" strokeWidth={1.75} />} onClick={() => void attachFromLibrary(file)}>
          {t('templates:library.attach')}
        </Button>
      )}
      <Menu
        align="end"
        items={[
          { label: t('templates:library.place'), icon: FolderInput, onSelect: onPlace },
          { label: t('templates:library.save'), icon: Download, onSelect: save },
          { type: 'line' },
          { label: t('templates:action.remove'), icon: Trash2, danger: true, onSelect: () => void removeFile(file) },
        ]}
      >
        <IconButton icon={MoreHorizontal} label={t('templates:action.more', { name: file.filename })} tooltip={false} />
      </Menu>
    </li>
  )
}

export async function attachFromLibrary({ id, hash, filename, mimeType, size }: LibraryFile): Promise<void> {
  try {
    addFiles([{ hash, filename, mimeType, size }])
    await client.library.used({ id })
    showToast({ message: text('templates:library.attached', { name: filename }) })
  } catch (error) {
    tellFailed(error)
  }
}

async function removeFile(file: LibraryFile): Promise<void> {
  try {
    await client.library.remove({ ids: [file.id] })
    showToast({
      message: text('templates:removed', { name: file.filename }),
      detail: text('templates:removedDetail'),
      action: { label: text('shell:undo'), perform: () => void client.library.restore({ ids: [file.id] }).catch(tellFailed) },
    })
  } catch (error) {
    tellFailed(error)
  }
}

function PlaceFile({ file, onClose }: { readonly file: LibraryFile; readonly onClose: () => void }) {
  const t = useText()
  const [filename, setFilename] = useState(file.filename)
  const [folder, setFolder] = useState(file.folder)
  const store = (): void => {
    client.library.update({ id: file.id, filename: filename.trim(), folder }).then(onClose, tellFailed)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={t('templates:library.place')}
      width="narrow"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('shell:cancel')}
          </Button>
          <Button look="primary" disabled={filename.trim() === ''} onClick={store}>
            {t('shell:save')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (filename.trim() !== '') store()
        }}
      >
        <TextField label={t('templates:library.name')} value={filename} maxLength={255} onChange={setFilename} />
        <TextField label={t('templates:editor.folder')} hint={t('templates:folderHint')} value={folder} maxLength={300} onChange={setFolder} />
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
