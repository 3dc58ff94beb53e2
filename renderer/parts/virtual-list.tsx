// A long list of rows of one height, drawn only where it is looked at. It owns scrolling: the rows in view stay where they
// are on the screen when rows come or go above them, and the row under the cursor is brought into view when the cursor
// moves. The list itself has the focus (aria-activedescendant names the row), so focus is never lost with a row.
import { useVirtualizer } from '@tanstack/react-virtual'
import clsx from 'clsx'
import type { DragEvent, KeyboardEvent, MouseEvent, ReactNode, Ref } from 'react'
import { memo, useCallback, useEffect, useId, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react'

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
  /** Should stay the same function while it draws the same: rows are only drawn again for a reason. So should `labelOf`. */
  readonly renderRow: (row: Row, state: RowState) => ReactNode
  readonly onRowClick: (row: Row, event: MouseEvent) => void
  readonly onRowDoubleClick?: ((row: Row) => void) | undefined
  readonly onRowContextMenu?: ((row: Row) => void) | undefined
  /** Makes rows draggable. */
  readonly onRowDragStart?: ((row: Row, event: DragEvent) => void) | undefined
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
  /** Below the last row; only there while that is near, because what turns out of sight keeps the whole window drawing. */
  readonly footer?: ReactNode
  readonly busy?: boolean
  readonly multiple?: boolean
  readonly handle?: Ref<ListHandle>
  readonly className?: string | undefined
}

/** Rows drawn above and below those in view. */
const overscan = 6

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
    overscan,
    initialOffset: props.start ?? 0,
    getItemKey: (at) => {
      const row = rows[at]
      return row === undefined ? at : keyOf(row)
    },
    // The row under the cursor always exists, so that aria-activedescendant always points at something.
    rangeExtractor: ({ startIndex, endIndex, count }) => {
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

  // Rows are of one height and the view's size is known, so that bringing one into view measures nothing.
  const reveal = useCallback(
    (at: number) => {
      const element = scroller.current
      const shown = virtual.scrollRect?.height ?? element?.clientHeight ?? 0
      const top = virtual.scrollOffset ?? 0
      if (!element) return
      if (at * rowHeight < top) element.scrollTop = at * rowHeight
      else if ((at + 1) * rowHeight > top + shown) element.scrollTop = (at + 1) * rowHeight - shown
    },
    [virtual, rowHeight],
  )

  // Follows the cursor, but only when it moved to another row: a row that shifts under it is left where it is.
  const followed = useRef<Key | null>(null)
  useLayoutEffect(() => {
    if (cursor === followed.current) return
    if (cursor !== null && cursorIndex < 0) return
    followed.current = cursor
    if (cursorIndex >= 0) reveal(cursorIndex)
  }, [cursor, cursorIndex, reveal])

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
        if (at >= 0) reveal(at)
      },
      pageRows: () => Math.max(1, Math.floor((scroller.current?.clientHeight ?? rowHeight) / rowHeight) - 1),
    }),
    [virtual, reveal, rows, keyOf, rowHeight],
  )

  // Handlers of the newest render behind one object that never changes, so that rows are only drawn again for their own sake.
  const latest = useRef(props)
  useEffect(() => {
    latest.current = props
  })
  const [events] = useState<RowEvents<Row>>(() => ({
    click: (row, event) => latest.current.onRowClick(row, event),
    doubleClick: (row) => latest.current.onRowDoubleClick?.(row),
    contextMenu: (row) => latest.current.onRowContextMenu?.(row),
    dragStart: (row, event) => latest.current.onRowDragStart?.(row, event),
  }))

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
          return (
            <Option
              key={item.key}
              id={`${id}-${String(keyOf(row))}`}
              row={row}
              at={item.index}
              size={props.size ?? -1}
              draggable={props.onRowDragStart !== undefined}
              top={item.start}
              height={rowHeight}
              active={item.index === cursorIndex}
              selected={props.isSelected(row)}
              listFocused={focused && item.index === cursorIndex}
              labelOf={props.labelOf}
              renderRow={props.renderRow}
              events={events}
            />
          )
        })}
      </div>
      {last + overscan >= rows.length - 1 && props.footer}
    </div>
  )
}

type RowEvents<Row> = {
  readonly click: (row: Row, event: MouseEvent) => void
  readonly doubleClick: (row: Row) => void
  readonly contextMenu: (row: Row) => void
  readonly dragStart: (row: Row, event: DragEvent) => void
}

type OptionProps<Row> = RowState & {
  readonly id: string
  readonly row: Row
  readonly at: number
  readonly size: number
  readonly draggable: boolean
  readonly top: number
  readonly height: number
  readonly labelOf: (row: Row) => string
  readonly renderRow: (row: Row, state: RowState) => ReactNode
  readonly events: RowEvents<Row>
}

function DrawnOption<Row>({ id, row, at, size, draggable, top, height, active, selected, listFocused, labelOf, renderRow, events }: OptionProps<Row>) {
  // A row that goes gives all below it another place, which is all that changes of them.
  const label = useMemo(() => labelOf(row), [labelOf, row])
  const content = useMemo(() => renderRow(row, { active, selected, listFocused }), [renderRow, row, active, selected, listFocused])
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-label={label}
      aria-posinset={at + 1}
      aria-setsize={size}
      data-active={active || undefined}
      style={{ height, transform: `translateY(${top}px)` }}
      className="absolute inset-x-0 top-0 [contain:strict]"
      onClick={(event) => events.click(row, event)}
      onDoubleClick={() => events.doubleClick(row)}
      onContextMenu={() => events.contextMenu(row)}
      draggable={draggable || undefined}
      onDragStart={draggable ? (event) => events.dragStart(row, event) : undefined}
    >
      {content}
    </div>
  )
}

// `memo` forgets that a component is generic.
const Option = memo(DrawnOption) as typeof DrawnOption
