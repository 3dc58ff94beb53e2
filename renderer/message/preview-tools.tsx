import { Minus, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { createPortal } from 'react-dom'
import { useFormat } from '../locales/format.ts'
import { useText } from '../locales/text.ts'
import { Button } from '../parts/button.tsx'
import { IconButton } from '../parts/icon-button.tsx'

/** 'fit' fills the width; a number is a share of the real size. */
export type Zoom = 'fit' | number

const steps = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const

/** The next step up or down from what is shown now. */
export function zoomStep(shown: number, by: 1 | -1): number {
  return by === 1 ? (steps.find((step) => step > shown + 0.01) ?? shown) : (steps.findLast((step) => step < shown - 0.01) ?? shown)
}

type Props = { readonly zoom: Zoom; readonly shown: number; readonly onZoom: (zoom: Zoom) => void; readonly children?: ReactNode }

/** Zoom and whatever else belongs to the preview on show, drawn into the sheet's bar. */
export function PreviewTools({ zoom, shown, onZoom, children }: Props) {
  const t = useText()
  const format = useFormat()
  const bar = document.getElementById('preview-tools')
  if (bar === null) return null
  return createPortal(
    <>
      {children}
      <IconButton icon={Minus} label={t('message:preview.zoomOut')} shortcut="-" onClick={() => onZoom(zoomStep(shown, -1))} />
      <span className="tabular w-10 text-center text-xs text-ink-2">{format.percent(shown)}</span>
      <IconButton icon={Plus} label={t('message:preview.zoomIn')} shortcut="+" onClick={() => onZoom(zoomStep(shown, 1))} />
      <Button look="quiet" aria-pressed={zoom === 'fit'} className="px-2! text-xs! aria-pressed:bg-fill-strong" onClick={() => onZoom('fit')}>
        {t('message:preview.fit')}
      </Button>
    </>,
    bar,
  )
}
