// A long list of rows of one height, drawn only where it is looked at. It owns scrolling: the rows in view stay where they
// are on the screen when rows come or go above them, and the row under the cursor is brought into view when the cursor
// moves. The list itself has the focus (aria-activedescendant names the row), so focus is never lost with a row.
import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import type { KeyboardEvent, MouseEvent, ReactNode, Ref } from 'react'
import { useCallback, useEffect, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'

type Key = string | number

export type ListHandle = {
  readonly focus: () => void
  readonly scrollToTop: () => void
  readonly scrollToKey: (key: Key) => void
  /** Whole rows that fit in view. */
  readonly pageRows: () => number
}

export type RowState = { readonly active: boolean; readonly selected: boolean; readonly listFocused: boolean }

type Props<Row> = {
  readonly label: string
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => Key
  /** The row's name for assistive technology. */
  readonly labelOf: (row: Row) => string
  readonly rowHeight: number
  readonly cursor: Key | null
  readonly isSelected: (row: Row) => boolean
  readonly renderRow: (row: Row, state: RowState) => ReactNode
  readonly onRowClick: (row: Row, event: MouseEvent) => void
  readonly onRowDoubleClick?: ((row: Row) => void) | undefined
  readonly onRowContextMenu?: ((row: Row) => void) | undefined
  readonly onKeyDown?: ((event: KeyboardEvent) => void) | undefined
  readonly onFocus?: (() => void) | undefined
  /** Rows in view changed; also called with the last ones when more should be loaded. */
  readonly onVisible?: ((first: number, last: number) => void) | undefined
  /** Where to begin, in pixels, and being told where the person scrolled, to begin there the next time. */
  readonly start?: number
  readonly onPlace?: ((top: number) => void) | undefined
  readonly onTopChange?: ((atTop: boolean) => void) | undefined
  /** The number of rows in all, when known. */
  readonly size?: number | undefined
  readonly footer?: ReactNode
  readonly busy?: boolean
  readonly multiple?: boolean
  readonly handle?: Ref<ListHandle>
  readonly className?: string | undefined
}

export function VirtualList<Row>(props: Props<Row>) {
  const { rows, keyOf, rowHeight, cursor, onVisible, onTopChange, onPlace } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(false)
  const cursorIndex = cursor === null ? -1 : rows.findIndex((row) => keyOf(row) === cursor)

  // eslint-disable-next-line react-hooks/incompatible-library -- its functions are only called here, in effects and events
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    initialOffset: props.start ?? 0,
    getItemKey: (at) => {
      const row = rows[at]
      return row === undefined ? at : keyOf(row)
    },
    // The row under the cursor always exists, so that aria-activedescendant always points at something.
    rangeExtractor: ({ startIndex, endIndex, overscan, count }) => {
      const first = Math.max(0, startIndex - overscan)
      const last = Math.min(count - 1, endIndex + overscan)
      const drawn = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
      if (cursorIndex >= 0 && cursorIndex < first) drawn.unshift(cursorIndex)
      if (cursorIndex > last) drawn.push(cursorIndex)
      return drawn
    },
  })

  useLayoutEffect(() => virtual.measure(), [virtual, rowHeight])

  // Which rows were at the top of the view, to find one of them again after the rows changed.
  const anchor = useRef<readonly { readonly key: Key; readonly offset: number }[]>([])
  const remember = useCallback(() => {
    const element = scroller.current
    if (!element) return
    const first = Math.floor(element.scrollTop / rowHeight)
    anchor.current = rows.slice(first, first + 12).map((row, at) => ({ key: keyOf(row), offset: (first + at) * rowHeight - element.scrollTop }))
  }, [rows, keyOf, rowHeight])

  const shownRows = useRef(rows)
  const shownHeight = useRef(rowHeight)
  useLayoutEffect(() => {
    const element = scroller.current
    const changed = shownRows.current !== rows || shownHeight.current !== rowHeight
    shownRows.current = rows
    if (element && changed && element.scrollTop > 1) {
      for (const { key, offset } of anchor.current) {
        const now = rows.findIndex((row) => keyOf(row) === key)
        if (now < 0) continue
        const top = Math.max(0, now * rowHeight - (shownHeight.current === rowHeight ? offset : 0))
        if (Math.abs(top - element.scrollTop) > 0.5) virtual.scrollToOffset(top)
        break
      }
    }
    shownHeight.current = rowHeight
    remember()
  }, [rows, keyOf, rowHeight, remember, virtual])

  // Follows the cursor, but only when it moved to another row: a row that shifts under it is left where it is.
  const followed = useRef<Key | null>(null)
  useLayoutEffect(() => {
    if (cursor === followed.current) return
    if (cursor !== null && cursorIndex < 0) return
    followed.current = cursor
    if (cursorIndex >= 0) virtual.scrollToIndex(cursorIndex, { align: 'auto' })
  }, [cursor, cursorIndex, virtual])

  const items = virtual.getVirtualItems()
  const range = virtual.range
  const first = range?.startIndex ?? 0
  const last = range?.endIndex ?? -1
  useEffect(() => {
    if (last >= 0) onVisible?.(first, last)
  }, [first, last, rows, onVisible])

  const atTop = useRef(true)
  const onScroll = () => {
    remember()
    const top = scroller.current?.scrollTop ?? 0
    onPlace?.(top)
    const now = top < rowHeight / 2
    if (now !== atTop.current) {
      atTop.current = now
      onTopChange?.(now)
    }
  }

  useImperativeHandle(
    props.handle,
    () => ({
      focus: () => scroller.current?.focus({ preventScroll: true }),
      scrollToTop: () => virtual.scrollToOffset(0),
      scrollToKey: (key) => {
        const at = rows.findIndex((row) => keyOf(row) === key)
        if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
      },
      pageRows: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1),
    }),
    [virtual, rows, keyOf, rowHeight],
  )

  return (
    <div
      ref={scroller}
      role="listbox"
      tabIndex={0}
      aria-label={props.label}
      aria-multiselectable={props.multiple === true || undefined}
      aria-busy={props.busy === true || undefined}
      aria-activedescendant={cursorIndex >= 0 ? `${id}-${String(cursor)}` : undefined}
      onScroll={onScroll}
      onKeyDown={props.onKeyDown}
      onFocus={() => {
        setFocused(true)
        props.onFocus?.()
      }}
      onBlur={() => setFocused(false)}
      className={clsx('virtual-list relative h-full overflow-x-hidden overflow-y-auto outline-none [overflow-anchor:none]', props.className)}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize() }} className="relative">
        {items.map((item) => {
          const row = rows[item.index]
          if (row === undefined) return null
          const state: RowState = { active: item.index === cursorIndex, selected: props.isSelected(row), listFocused: focused }
          return (
            <div
              key={item.key}
              id={`${id}-${String(keyOf(row))}`}
              role="option"
              aria-selected={state.selected}
              aria-label={props.labelOf(row)}
              aria-posinset={item.index + 1}
              aria-setsize={props.size ?? -1}
              data-active={state.active || undefined}
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              className="absolute inset-x-0 top-0"
              onClick={(event) => props.onRowClick(row, event)}
              onDoubleClick={() => props.onRowDoubleClick?.(row)}
              onContextMenu={() => props.onRowContextMenu?.(row)}
            >
              {props.renderRow(row, state)}
            </div>
          )
        })}
      </div>
      {props.footer}
    </div>
  )
}
