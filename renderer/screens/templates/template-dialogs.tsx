// What templates show over the whole window. Loaded when it is first needed: it brings the editor along.
import { lazy, Suspense, useEffect } from 'react'
import { offerTemplates } from './offer-templates.ts'
import { useTemplates } from './templates-state.ts'

const TemplatePicker = lazy(async () => ({ default: (await import('./template-picker.tsx')).TemplatePicker }))
const FillFields = lazy(async () => ({ default: (await import('./fill-fields.tsx')).FillFields }))
const KeepTemplate = lazy(async () => ({ default: (await import('./keep-template.tsx')).KeepTemplate }))

export function TemplateDialogs() {
  const picking = useTemplates((state) => state.picker !== null)
  const filling = useTemplates((state) => state.filling !== null)
  const keeping = useTemplates((state) => state.keeping !== null)
  useEffect(offerTemplates, [])
  return (
    <Suspense fallback={null}>
      {picking && <TemplatePicker />}
      {filling && <FillFields />}
      {keeping && <KeepTemplate />}
    </Suspense>
  )
}
