// A template as somebody would get it: chosen from everyone written to, with the fields asked for that nothing else gives.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Gender, TemplateVariant } from '../../../shared/model/template.ts'
import { api } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useText } from '../../locales/text.ts'
import { Segmented } from '../../parts/segmented.tsx'
import { TextField } from '../../parts/text-field.tsx'
import { fieldLabel } from './field-menu.tsx'
import { RecipientChoice } from './recipient-choice.tsx'
import { RichTextView } from './rich-text.tsx'
import { giveValue, useTemplates } from './templates-state.ts'
import { useSettled } from './use-settled.ts'

export function TemplatePreview({ variant, snippet }: { readonly variant: TemplateVariant; readonly snippet: boolean }) {
  const t = useText()
  const to = useTemplates((state) => state.previewTo)
  const gender = useTemplates((state) => state.previewGender)
  const values = useTemplates((state) => state.values)
  const input = useMemo(() => ({ ...variant, to, identityId: null, gender, values }), [variant, to, gender, values])
  const settled = useSettled(input, 200)
  const preview = useQuery({ ...api.templates.preview.queryOptions({ input: settled }), placeholderData: keepPreviousData, gcTime: 0 })
  const rendered = preview.data
  const named = useMemo(() => {
    const written = `${variant.subject} ${variant.html}`
    const mistaken = new Set(rendered?.problems.map((problem) => problem.values['name']))
    return [...new Set([...(rendered?.unresolved ?? []), ...Object.keys(values).filter((name) => written.includes(name))])].filter((name) => !mistaken.has(name))
  }, [rendered, values, variant])

  return (
    <section aria-label={t('templates:preview.title')} className="flex h-full min-h-0 flex-col gap-3 overflow-y-auto bg-canvas px-5 py-4">
      <h2 className="text-xs font-semibold text-ink-2">{t('templates:preview.title')}</h2>
      <RecipientChoice label={t('templates:preview.for')} placeholder={t('templates:preview.forPlaceholder')} value={to} onChange={(previewTo) => useTemplates.setState({ previewTo, previewGender: null })} />
      {rendered !== undefined && rendered.gender !== null && <GenderChoice value={gender ?? rendered.gender} onChange={(previewGender) => useTemplates.setState({ previewGender })} />}
      {named.length > 0 && (
        <div className="flex flex-col gap-2">
          <p className="text-xs text-ink-3">{t('templates:preview.asked')}</p>
          {named.map((name) => (
            <TextField key={name} label={fieldLabel(name)} value={values[name] ?? ''} maxLength={2000} onChange={(value) => giveValue(name, value)} />
          ))}
        </div>
      )}
      <div aria-busy={preview.isFetching} className="rounded-lg bg-surface p-4 shadow-card">
        {preview.isError ? (
          <p role="alert" className="text-danger">
            {failureText(failureFrom(preview.error))}
          </p>
        ) : (
          <>
            {!snippet && <p className="selectable mb-3 border-b border-line pb-2 font-semibold">{rendered?.subject || <span className="font-normal text-ink-3">{t('templates:preview.noSubject')}</span>}</p>}
            <RichTextView html={rendered?.html ?? ''} label={t('templates:preview.title')} />
          </>
        )}
      </div>
    </section>
  )
}

export function GenderChoice({ value, onChange }: { readonly value: Gender; readonly onChange: (gender: Gender) => void }) {
  const t = useText()
  return (
    <div className="flex flex-col items-start gap-1">
      <span className="text-xs font-medium text-ink-2">{t('templates:gender.label')}</span>
      <Segmented
        label={t('templates:gender.label')}
        value={value}
        choices={[
          { value: 'female', label: t('templates:gender.female') },
          { value: 'male', label: t('templates:gender.male') },
          { value: 'unknown', label: t('templates:gender.unknown') },
        ]}
        onChange={onChange}
      />
    </div>
  )
}
