// A PDF page by page, drawn by the worker only where it is looked at, with its text laid invisibly over it so that it can
// be selected and copied.
import { FileWarning, LockKeyhole, Timer } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Attachment } from '../../shared/model/message.ts'
import { useText } from '../locales/text.ts'
import { Spinner } from '../parts/spinner.tsx'
import { NoPreview, PreviewLoading } from './no-preview.tsx'
import { openPdf, PdfError } from './pdf-reader.ts'
import type { PdfPage, PdfReader } from './pdf-reader.ts'
import type { PdfFailure, PdfText } from './pdf-words.ts'
import { PreviewTools } from './preview-tools.tsx'
import { useSize, useZoom } from './use-zoom.ts'

/** CSS pixels for a PDF point at 100 %. */
const pointSize = 96 / 72
const widestFit = 1000
const mostDevicePixels = 2

type Opened = { readonly state: 'opening' } | { readonly state: 'open'; readonly reader: PdfReader } | { readonly state: 'failed'; readonly reason: PdfFailure }

export function PdfPreview({ url, attachment }: { readonly url: string; readonly attachment: Attachment }) {
  const t = useText()
  const [opened, setOpened] = useState<Opened>({ state: 'opening' })
  useEffect(() => {
    let reader: PdfReader | null = null
    const ended = new AbortController()
    void (async () => {
      try {
        const answer = await fetch(url, { signal: ended.signal })
        if (!answer.ok) throw new PdfError('unexpected')
        reader = await openPdf(await answer.arrayBuffer())
        if (ended.signal.aborted) reader.close()
        else setOpened({ state: 'open', reader })
      } catch (error) {
        if (!ended.signal.aborted) setOpened({ state: 'failed', reason: error instanceof PdfError ? error.reason : 'unexpected' })
      }
    })()
    return () => {
      ended.abort()
      reader?.close()
    }
  }, [url])

  switch (opened.state) {
    case 'opening':
      return <PreviewLoading attachment={attachment} />
    case 'open':
      return <Pages reader={opened.reader} onFailed={(reason) => setOpened({ state: 'failed', reason })} />
    case 'failed':
      switch (opened.reason) {
        case 'password':
          return <NoPreview attachment={attachment} icon={LockKeyhole} title={t('message:preview.password')} text={t('message:preview.passwordText')} />
        case 'too-slow':
          return <NoPreview attachment={attachment} icon={Timer} title={t('message:preview.tooSlow')} text={t('message:preview.noneText')} />
        case 'damaged':
          return <NoPreview attachment={attachment} icon={FileWarning} title={t('message:preview.damaged')} text={t('message:preview.noneText')} />
        case 'unexpected':
          return <NoPreview attachment={attachment} icon={FileWarning} title={t('message:preview.failed')} text={t('message:preview.noneText')} />
      }
  }
}

function Pages({ reader, onFailed }: { readonly reader: PdfReader; readonly onFailed: (reason: PdfFailure) => void }) {
  const t = useText()
  const [area, room] = useSize()
  const scroller = useRef<HTMLDivElement>(null)
  const [page, setPage] = useState(1)
  const { first } = reader
  const natural = first.width * pointSize
  const fit = room === null ? 1 : Math.max(0.2, Math.min(widestFit, room.width - 160) / natural)
  const [zoom, setZoom] = useZoom(fit)
  const shown = zoom === 'fit' ? fit : zoom
  const numbers = useMemo(() => Array.from({ length: reader.pages }, (_, at) => at + 1), [reader.pages])
  const both = useCallback(
    (element: HTMLDivElement | null) => {
      scroller.current = element
      return area(element)
    },
    [area],
  )
  const onScroll = (): void => {
    const box = scroller.current
    if (box === null) return
    const middle = box.getBoundingClientRect().top + box.clientHeight / 3
    const at = [...box.querySelectorAll('[data-page]')].findLast((element) => element.getBoundingClientRect().top <= middle)
    setPage(Number(at?.getAttribute('data-page') ?? 1))
  }
  return (
    <div ref={both} tabIndex={0} className="size-full overflow-auto outline-none" onScroll={onScroll}>
      <PreviewTools zoom={zoom} shown={shown} onZoom={setZoom}>
        <span className="tabular px-2 text-xs text-ink-2">{t('message:preview.page', { page, pages: reader.pages })}</span>
      </PreviewTools>
      <div className="flex w-fit min-w-full flex-col items-center gap-4 px-16 py-6">
        {room !== null && numbers.map((number) => <Page key={number} reader={reader} number={number} zoom={shown * pointSize} scroller={scroller} onFailed={onFailed} />)}
      </div>
    </div>
  )
}

type PageProps = {
  readonly reader: PdfReader
  readonly number: number
  /** CSS pixels for a PDF point. */
  readonly zoom: number
  readonly scroller: React.RefObject<HTMLDivElement | null>
  readonly onFailed: (reason: PdfFailure) => void
}

function Page({ reader, number, zoom, scroller, onFailed }: PageProps) {
  const t = useText()
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [near, setNear] = useState(false)
  const [drawn, setDrawn] = useState<Pick<PdfPage, 'size' | 'texts'> | null>(null)
  const [failed, setFailed] = useState(false)
  const size = drawn?.size ?? reader.first

  useEffect(() => {
    const element = box.current
    if (element === null) return
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), { root: scroller.current, rootMargin: '100% 0px' })
    observer.observe(element)
    return () => observer.disconnect()
  }, [scroller])

  useEffect(() => {
    if (!near) return
    let wanted = true
    // A zoom being turned through its steps draws once, when it rests.
    const timer = setTimeout(() => {
      reader.draw(number, zoom * Math.min(devicePixelRatio, mostDevicePixels), () => wanted).then(
        (result) => {
          if (result === null) return
          const element = canvas.current
          if (!wanted || element === null) {
            result.image.close()
            return
          }
          element.width = result.image.width
          element.height = result.image.height
          element.getContext('bitmaprenderer')?.transferFromImageBitmap(result.image)
          setDrawn({ size: result.size, texts: result.texts })
          setFailed(false)
        },
        (error: unknown) => {
          if (!wanted) return
          if (error instanceof PdfError && error.reason === 'too-slow') onFailed('too-slow')
          else setFailed(true)
        },
      )
    }, 60)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [near, number, zoom, reader, onFailed])

  // Far pages give their memory back; near ones keep what they show until it is drawn anew.
  useEffect(() => {
    const element = canvas.current
    if (!near && element !== null) element.width = 0
  }, [near])

  return (
    <div
      ref={box}
      data-page={number}
      aria-label={t('message:preview.page', { page: number, pages: reader.pages })}
      style={{ width: size.width * zoom, height: size.height * zoom, '--zoom': String(zoom) } as React.CSSProperties}
      className="selectable relative shrink-0 overflow-hidden rounded-[2px] bg-white shadow-card"
    >
      <canvas ref={canvas} aria-hidden className="absolute inset-0 size-full" />
      {near && drawn === null && !failed && <Spinner className="absolute top-1/2 left-1/2 size-6 -translate-1/2 text-[#8d8d99]" />}
      {near && drawn !== null && <TextLayer texts={drawn.texts} />}
      {failed && <p className="absolute inset-0 flex items-center justify-center text-sm text-[#5b5c66]">{t('message:preview.pageFailed')}</p>}
    </div>
  )
}

const measuring = document.createElement('canvas').getContext('2d')

/** Text for selecting, invisible above the drawn page; each run is stretched to the width it has in the drawing. */
function TextLayer({ texts }: { readonly texts: readonly PdfText[] }) {
  return (
    <div className="absolute inset-0 cursor-text overflow-hidden leading-none text-transparent selection:bg-[rgb(11_106_131/0.28)] selection:text-transparent">
      {texts.map((run, at) => (
        <span key={at}>
          {run.text !== '' && (
            <span
              style={{
                left: `calc(${String(run.x)}px * var(--zoom))`,
                top: `calc(${String(run.y)}px * var(--zoom))`,
                fontSize: `calc(${String(run.height)}px * var(--zoom))`,
                transform: `rotate(${String(run.angle)}rad) scaleX(${String(stretch(run))})`,
              }}
              className="absolute origin-top-left font-[sans-serif] whitespace-pre"
            >
              {run.text}
            </span>
          )}
          {run.lineEnd && <br />}
        </span>
      ))}
    </div>
  )
}

function stretch(run: PdfText): number {
  if (measuring === null || run.width <= 0 || run.height <= 0) return 1
  measuring.font = '100px sans-serif'
  const width = (measuring.measureText(run.text).width * run.height) / 100
  return width > 0 ? run.width / width : 1
}
