// The small form for fields that have no value, on a template's way into a mail.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Gender } from '../../../shared/model/template.ts'
import { api } from '../../api/api.ts'
import { useText } from '../../locales/text.ts'
import { currentIdentity } from '../../message/composer/insertion.ts'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { TextField } from '../../parts/text-field.tsx'
import { fieldLabel } from './field-menu.tsx'
import { putIn, renderForMail } from './insert-template.ts'
import { RichTextView } from './rich-text.tsx'
import { tellFailed } from './template-actions.ts'
import { GenderChoice } from './template-preview.tsx'
import { giveValue, useTemplates } from './templates-state.ts'
import type { Filling } from './templates-state.ts'
import { useSettled } from './use-settled.ts'

const close = (): void => useTemplates.setState({ filling: null })

export function FillFields() {
  const filling = useTemplates((state) => state.filling)
  return filling === null ? null : <Form key={filling.template.id} filling={filling} />
}

function Form({ filling: { template, rendered, to, language } }: { readonly filling: Filling }) {
  const t = useText()
  const [asked] = useState(rendered.unresolved)
  // What was given for the last mail is likely right for this one, and can be seen and changed.
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() => {
    const known = useTemplates.getState().values
    return Object.fromEntries(asked.map((name) => [name, name.startsWith('candidate.') ? '' : (known[name] ?? '')]))
  })
  const [gender, setGender] = useState<Gender | null>(null)
  const [busy, setBusy] = useState(false)
  const settled = useSettled(values, 150)
  const preview = useQuery({
    ...api.templates.render.queryOptions({ input: { id: template.id, language, to, identityId: currentIdentity(), gender, values: { ...settled } } }),
    placeholderData: keepPreviousData,
    gcTime: 0,
  })
  const shown = preview.data ?? rendered
  const lacking = asked.filter((name) => (values[name] ?? '').trim() === '')

  const insert = async (): Promise<void> => {
    setBusy(true)
    try {
      const whole = await renderForMail(template, { language, gender, values })
      for (const name of asked) if (!name.startsWith('candidate.')) giveValue(name, values[name] ?? '')
      close()
      // The dialog gives the focus back first.
      requestAnimationFrame(() => void putIn(template, whole).catch(tellFailed))
    } catch (error) {
      tellFailed(error)
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
      title={template.name}
      description={t('templates:fill.intro', { count: asked.length })}
      width="wide"
      keepOnOutsideClick
      footer={
        <>
          <Button look="quiet" onClick={close}>
            {t('shell:cancel')}
          </Button>
          <Button look="primary" busy={busy} onClick={() => void insert()}>
            {t(lacking.length === 0 ? 'templates:fill.insert' : 'templates:fill.insertAnyway')}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-[15rem_1fr] gap-6">
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault()
            void insert()
          }}
        >
          {asked.map((name, at) => (
            <TextField key={name} label={fieldLabel(name)} autoFocus={at === 0} value={values[name] ?? ''} maxLength={2000} onChange={(value) => setValues((before) => ({ ...before, [name]: value }))} />
          ))}
          {shown.gender !== null && <GenderChoice value={gender ?? shown.gender} onChange={setGender} />}
          <button type="submit" hidden />
        </form>
        <div className="max-h-[45vh] min-w-0 overflow-y-auto rounded-lg bg-surface p-4 shadow-card">
          {shown.subject !== '' && <p className="selectable mb-3 border-b border-line pb-2 font-semibold">{shown.subject}</p>}
          <RichTextView html={shown.html} label={t('templates:preview.title')} />
        </div>
      </div>
    </Dialog>
  )
}
