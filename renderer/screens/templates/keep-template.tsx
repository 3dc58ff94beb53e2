// 'Save as template': the mail being written, under a name.
import { useQuery } from '@tanstack/react-query'
import { useId, useMemo, useState } from 'react'
import { api, client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { text, useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Select } from '../../parts/select.tsx'
import { Field, inputLook, TextField } from '../../parts/text-field.tsx'
import { showToast } from '../../parts/toast.tsx'
import { Checkbox } from '../../parts/toggle.tsx'
import { languageName, offeredLanguages } from './language-names.ts'
import { putTemplate } from './template-draft.ts'
import { foldersOf, plainText } from './template-rows.ts'
import { selectTemplate, showTemplates, useTemplates } from './templates-state.ts'
import type { Keeping } from './templates-state.ts'

const close = (): void => useTemplates.setState({ keeping: null })

export function KeepTemplate() {
  const keeping = useTemplates((state) => state.keeping)
  return keeping === null ? null : <Form keeping={keeping} />
}

function Form({ keeping: { variant, files } }: { readonly keeping: Keeping }) {
  const t = useText()
  const listId = useId()
  const all = useQuery(api.templates.list.queryOptions()).data
  const folders = useMemo(() => foldersOf(all ?? []), [all])
  const [name, setName] = useState(() => (variant.subject || plainText(variant)).slice(0, 60))
  const [folder, setFolder] = useState('')
  const [shortcut, setShortcut] = useState('')
  const [language, setLanguage] = useState<string>(variant.language)
  const [withFiles, setWithFiles] = useState(true)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<string | null>(null)

  const save = async (): Promise<void> => {
    if (name.trim() === '' || busy) return
    setBusy(true)
    try {
      const made = await client.templates.save({ id: null, kind: 'template', folder, name, shortcut: shortcut === '' ? null : shortcut, variants: [{ ...variant, language }], files: withFiles ? [...files] : [] })
      putTemplate(made)
      close()
      showToast({
        message: text('templates:keep.done', { name: made.name }),
        action: {
          label: text('templates:keep.open'),
          perform: () => {
            showTemplates('template')
            selectTemplate(made.id)
          },
        },
      })
    } catch (error) {
      setFailed(failureText(failureFrom(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) close()
      }}
      title={t('templates:command.keep')}
      description={t('templates:keep.intro')}
      width="narrow"
      footer={
        <>
          <Button look="quiet" onClick={close}>
            {t('shell:cancel')}
          </Button>
          <Button look="primary" busy={busy} disabled={name.trim() === ''} onClick={() => void save()}>
            {t('shell:save')}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <TextField label={t('templates:editor.name')} autoFocus onFocus={(event) => event.target.select()} value={name} maxLength={200} onChange={setName} />
        <Field label={t('templates:editor.folder')}>
          {(control) => (
            <>
              <input {...control} list={listId} value={folder} maxLength={300} autoComplete="off" placeholder={t('templates:editor.noFolder')} className={inputLook} onChange={(event) => setFolder(event.target.value)} />
              <datalist id={listId}>
                {folders.map((one) => (
                  <option key={one} value={one} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <div className="grid grid-cols-2 gap-3">
          <TextField label={t('templates:editor.shortcut')} value={shortcut} maxLength={40} placeholder={t('templates:editor.shortcutPlaceholder')} onChange={(value) => setShortcut(value.replace(/[^\p{L}\p{N}_-]/gu, ''))} />
          <Select label={t('templates:keep.language')} value={language} options={offeredLanguages.map((one) => ({ value: one, label: languageName(one) }))} onChange={setLanguage} />
        </div>
        {files.length > 0 && <Checkbox label={t('templates:keep.files', { count: files.length })} checked={withFiles} onChange={setWithFiles} />}
        {failed !== null && (
          <p role="alert" className="text-danger">
            {failed}
          </p>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  )
}
