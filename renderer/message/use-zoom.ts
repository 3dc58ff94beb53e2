import { useEffect, useRef, useState } from 'react'
import { zoomStep } from './preview-tools.tsx'
import type { Zoom } from './preview-tools.tsx'

/** Zoom by the keys + - 0 and by ctrl with the wheel, while the preview is mounted. `shown` is what the zoom comes to. */
export function useZoom(shown: number): readonly [zoom: Zoom, setZoom: (zoom: Zoom) => void] {
  const [zoom, setZoom] = useState<Zoom>('fit')
  const now = useRef(shown)
  useEffect(() => {
    now.current = shown
  })
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      if (event.altKey || event.defaultPrevented) return
      if (event.key === '+' || event.key === '=') setZoom(zoomStep(now.current, 1))
      else if (event.key === '-') setZoom(zoomStep(now.current, -1))
      else if (event.key === '0') setZoom('fit')
      else return
      event.preventDefault()
    }
    const wheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return
      event.preventDefault()
      setZoom(zoomStep(now.current, event.deltaY < 0 ? 1 : -1))
    }
    addEventListener('keydown', key, true)
    addEventListener('wheel', wheel, { passive: false })
    return () => {
      removeEventListener('keydown', key, true)
      removeEventListener('wheel', wheel)
    }
  }, [])
  return [zoom, setZoom]
}

/** The size of an element, followed while it is mounted. */
export function useSize(): readonly [ref: (element: HTMLElement | null) => (() => void) | undefined, size: { readonly width: number; readonly height: number } | null] {
  const [size, setSize] = useState<{ readonly width: number; readonly height: number } | null>(null)
  const [follow] = useState(() => (element: HTMLElement | null) => {
    if (element === null) return undefined
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    observer.observe(element)
    return () => observer.disconnect()
  })
  return [follow, size]
}
