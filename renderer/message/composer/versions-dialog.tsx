// The last versions of a draft: looked at, and made the newest again. Nothing is lost by it; the one before is a version too.
import { useQuery } from '@tanstack/react-query'
import { EditorContent, useEditor } from '@tiptap/react'
import clsx from 'clsx'
import { useState } from 'react'
import type { DraftContent } from '../../../shared/model/draft.ts'
import type { DraftId } from '../../../shared/model/ids.ts'
import { api, client } from '../../api/api.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { showToast } from '../../parts/toast.tsx'
import { personName } from '../people.ts'
import { tellFailure } from './composer-actions.ts'
import { showComposer } from './composers.ts'
import { sessionOf } from './draft-session.ts'
import { editorKit } from './editor-kit.ts'

export function VersionsDialog({ id, onClose }: { readonly id: DraftId; readonly onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const [chosen, setChosen] = useState<number | null>(null)
  const [busy, setBusy] = useState(false)
  const versions = useQuery({
    ...api.drafts.versions.queryOptions({ input: { id } }),
    // What is on the screen is a version too.
    queryFn: async () => {
      await sessionOf(id)?.saver.flush().catch(() => undefined)
      return client.drafts.versions({ id })
    },
  }).data
  const [openedAt] = useState(() => Date.now())
  // Versions of one sitting lie within a minute of each other.
  const savedText = (at: number): string => (openedAt - at < 2_700_000 ? format.relative(at) : format.dateTime(at))
  const version = chosen ?? versions?.[0]?.version ?? null
  const content = useQuery({ ...api.drafts.versionContent.queryOptions({ input: { id, version: version ?? 0 } }), enabled: version !== null }).data

  const restore = async (): Promise<void> => {
    if (version === null) return
    setBusy(true)
    try {
      const draft = await client.drafts.restore({ id, version })
      sessionOf(id)?.take(draft)
      onClose()
      showComposer(id, 'text')
      showToast({ message: t('composer:versions.restored') })
    } catch (error) {
      tellFailure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('composer:versions.title')}
      description={t('composer:versions.hint')}
      width="wide"
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('shell:close')}
          </Button>
          <Button look="primary" busy={busy} disabled={version === null || version === versions?.[0]?.version} onClick={() => void restore()}>
            {t('composer:versions.restore')}
          </Button>
        </>
      }
    >
      <div className="flex h-[26rem] gap-4">
        <div
          role="listbox"
          aria-label={t('composer:versions.title')}
          tabIndex={0}
          className="w-56 shrink-0 overflow-y-auto rounded-lg p-1 shadow-card"
          onKeyDown={(event) => {
            if ((event.key !== 'ArrowDown' && event.key !== 'ArrowUp') || versions === undefined) return
            event.preventDefault()
            const at = versions.findIndex((one) => one.version === version)
            const next = versions[at + (event.key === 'ArrowDown' ? 1 : -1)]
            if (next !== undefined) setChosen(next.version)
          }}
        >
          {versions?.map((one, at) => (
            <div
              key={one.version}
              role="option"
              aria-selected={one.version === version}
              onClick={() => setChosen(one.version)}
              className={clsx('rounded-md px-2 py-1.5', one.version === version ? 'bg-fill-strong' : 'hover:bg-fill')}
            >
              <div className="text-xs font-medium">{at === 0 ? t('composer:versions.newest') : savedText(one.savedAt)}</div>
              <div className="truncate text-xs text-ink-3">{one.snippet || one.subject || t('message:noSubject')}</div>
            </div>
          ))}
        </div>
        <div className="min-w-0 flex-1 overflow-y-auto rounded-lg p-4 shadow-card">{content != null && <Preview key={version} content={content} />}</div>
      </div>
    </Dialog>
  )
}

function Preview({ content }: { readonly content: DraftContent }) {
  const t = useText()
  const [extensions] = useState(() => editorKit(() => ''))
  const editor = useEditor({ extensions, content: content.html, editable: false, editorProps: { attributes: { class: 'composer-text p-0!' } } })
  return (
    <>
      <p className="text-xs text-ink-3">{t('composer:versions.to', { people: content.to.map(personName).join(', ') })}</p>
      <p className="mb-3 font-medium">{content.subject === '' ? t('message:noSubject') : content.subject}</p>
      <EditorContent editor={editor} className="selectable" />
      {content.files.length > 0 && <p className="mt-3 text-xs text-ink-3">{t('composer:files.label', { count: content.files.length })}: {content.files.map(({ filename }) => filename).join(', ')}</p>}
    </>
  )
}
