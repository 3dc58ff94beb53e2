// What the keys and clicks mean in a list of threads: the cursor, the selection, and which thread is open. One set of
// rules for the folder's list and for search results.
import type { KeyboardEvent, MouseEvent, RefObject } from 'react'
import { useCallback, useEffect, useMemo, useRef } from 'react'
import { flushSync } from 'react-dom'
import { api, queryClient } from '../../api/api.ts'
import { setNavigator } from '../../commands/navigator.ts'
import type { Navigator, Step } from '../../commands/navigator.ts'
import { afterPaint } from '../../parts/after-paint.ts'
import type { ListHandle } from '../../parts/virtual-list.tsx'
import { openThread, select, useApp } from '../../state.ts'
import type { FolderId, ThreadId } from '../../../shared/model/ids.ts'

type Row = { readonly id: ThreadId }

type Options<R extends Row> = {
  readonly rows: readonly R[]
  readonly list: RefObject<ListHandle | null>
  readonly folderOf: (row: R) => FolderId | null
  /** Whether moving the cursor opens the thread beside the list. */
  readonly follow: boolean
  /** Takes the focus to the opened thread. */
  readonly enterThread: () => void
  /** The cursor reached the last loaded row. */
  readonly onEnd?: () => void
  /** The person asked for the last row of all (true), or went elsewhere (false). */
  readonly onWantEnd?: (wants: boolean) => void
}

export type ThreadNavigator<R extends Row> = {
  readonly onRowClick: (row: R, event: MouseEvent) => void
  readonly onRowContextMenu: (row: R) => void
  readonly onKeyDown: (event: KeyboardEvent) => void
  readonly onFocus: () => void
  readonly toggle: (row: R) => void
  readonly open: (row: R) => void
}

const steps: Readonly<Partial<Record<string, Step>>> = {
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  PageDown: 'page-down',
  PageUp: 'page-up',
}

/** Opening waits this long while the cursor runs, so that only the thread it rests on is read, milliseconds. */
const rest = 110
/** Moves that follow one another faster are a run, milliseconds. */
const run = 220

export function useThreadNavigator<R extends Row>(options: Options<R>): ThreadNavigator<R> {
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })
  const anchor = useRef<ThreadId | null>(null)
  const lastMove = useRef(0)
  const opening = useRef<{ readonly now: () => void; readonly cancel: () => void } | null>(null)
  // A list that leaves the screen leaves the cursor's conversation open behind it.
  useEffect(
    () => () => {
      opening.current?.cancel()
      opening.current?.now()
    },
    [],
  )

  const open = useCallback((row: R) => {
    opening.current?.cancel()
    opening.current = null
    useApp.setState({ cursor: row.id })
    openThread(row.id, latest.current.folderOf(row))
  }, [])

  // The list answers the key in its own frame; drawing the conversation takes longer and comes in the next.
  const openSoon = useCallback(
    (id: ThreadId) => {
      opening.current?.cancel()
      const now = (): void => {
        opening.current = null
        // Meanwhile the person may have gone elsewhere, or the row may have left.
        if (useApp.getState().cursor !== id) return
        const row = latest.current.rows.find((candidate) => candidate.id === id)
        if (row) open(row)
        else useApp.setState({ open: null })
      }
      const moved = performance.now()
      const running = moved - lastMove.current < run
      lastMove.current = moved
      const timer = running ? setTimeout(now, rest) : null
      const cancel = timer === null ? afterPaint(now) : () => clearTimeout(timer)
      opening.current = { now, cancel }
    },
    [open],
  )

  const pickTo = useCallback((to: ThreadId) => {
    const { rows } = latest.current
    const from = rows.findIndex(({ id }) => id === (anchor.current ?? to))
    const end = rows.findIndex(({ id }) => id === to)
    if (from < 0 || end < 0) return
    select(rows.slice(Math.min(from, end), Math.max(from, end) + 1).map(({ id }) => id))
  }, [])

  const toggle = useCallback((row: R) => {
    const { selection } = useApp.getState()
    const now = new Set(selection)
    if (!now.delete(row.id)) now.add(row.id)
    anchor.current = row.id
    useApp.setState({ selection: now, cursor: row.id })
  }, [])

  const navigator = useMemo<Navigator>(
    () => ({
      move: (step, extend) => {
        const { rows, list } = latest.current
        const { cursor, selection } = useApp.getState()
        const at = rows.findIndex(({ id }) => id === cursor)
        const page = list.current?.pageRows() ?? 10
        const wanted = {
          next: at + 1,
          previous: at < 0 ? 0 : at - 1,
          first: 0,
          last: rows.length - 1,
          'page-down': Math.max(0, at) + page,
          'page-up': at - page,
        }[step]
        const to = Math.min(rows.length - 1, Math.max(0, wanted))
        const row = rows[to]
        if (!row) return
        // Keys typed into nowhere belong to the list from here on; in the conversation they leave the focus where it is.
        if (document.activeElement === document.body) list.current?.focus()
        latest.current.onWantEnd?.(step === 'last')
        if (to === rows.length - 1 && step !== 'previous' && step !== 'page-up') latest.current.onEnd?.()
        if (extend) {
          if (selection.size === 0 || anchor.current === null) anchor.current = cursor ?? row.id
          useApp.setState({ cursor: row.id })
          pickTo(row.id)
        } else {
          anchor.current = row.id
          if (row.id === cursor && at >= 0) {
            list.current?.scrollToKey(row.id)
            return
          }
          useApp.setState({ cursor: row.id })
          if (latest.current.follow) openSoon(row.id)
        }
      },
      open: () => {
        const { cursor } = useApp.getState()
        const { rows, enterThread } = latest.current
        const row = rows.find(({ id }) => id === cursor) ?? rows[0]
        if (!row) return
        latest.current.onWantEnd?.(false)
        open(row)
        enterThread()
      },
      toggle: () => {
        const row = latest.current.rows.find(({ id }) => id === useApp.getState().cursor)
        if (row) toggle(row)
      },
      selectAll: () => select(latest.current.rows.map(({ id }) => id)),
      meant: () => {
        const { cursor, selection, open: shown } = useApp.getState()
        if (selection.size > 0) return [...selection]
        if (cursor !== null && latest.current.rows.some(({ id }) => id === cursor)) return [cursor]
        return shown ? [shown.threadId] : []
      },
      focus: () => latest.current.list.current?.focus(),
      neighbour: (gone) => {
        const { rows } = latest.current
        const { cursor } = useApp.getState()
        const from = rows.findIndex(({ id }) => (cursor !== null && gone.has(cursor) ? id === cursor : gone.has(id)))
        if (from < 0) return rows[0]?.id ?? null
        const stays = ({ id }: Row) => !gone.has(id)
        return (rows.slice(from).find(stays) ?? rows.slice(0, from).findLast(stays))?.id ?? null
      },
      show: openSoon,
      settle: () => {
        const soon = opening.current
        if (soon === null) return
        soon.cancel()
        flushSync(soon.now)
      },
    }),
    [open, openSoon, pickTo, toggle],
  )
  useEffect(() => setNavigator(navigator), [navigator])
  usePrefetch(options.rows)

  return {
    open,
    toggle,
    onRowClick: (row, event) => {
      latest.current.onWantEnd?.(false)
      if (event.shiftKey) {
        anchor.current ??= useApp.getState().cursor ?? row.id
        useApp.setState({ cursor: row.id })
        pickTo(row.id)
      } else if (event.ctrlKey || event.metaKey) {
        // The first pick takes the row that was under the cursor along, as file lists do.
        const { selection, cursor } = useApp.getState()
        if (selection.size === 0 && cursor !== null && cursor !== row.id) select([cursor])
        toggle(row)
      } else {
        anchor.current = row.id
        useApp.setState({ selection: new Set() })
        open(row)
      }
    },
    // The menu is about the picked rows when it is opened on one of them, else about this row alone.
    onRowContextMenu: (row) => {
      const { selection } = useApp.getState()
      useApp.setState({ cursor: row.id, ...(selection.size > 0 && !selection.has(row.id) ? { selection: new Set() } : {}) })
    },
    onKeyDown: (event) => {
      const step = steps[event.key]
      if (step && !event.ctrlKey && !event.metaKey && !event.altKey) {
        navigator.move(step, event.shiftKey)
        event.preventDefault()
      } else if (event.key === 'Enter') {
        navigator.open()
        event.preventDefault()
      } else if (event.key === ' ') {
        navigator.toggle()
        event.preventDefault()
      }
    },
    onFocus: () => {
      const { cursor } = useApp.getState()
      const { rows, follow: opens } = latest.current
      const first = rows[0]
      if (first && !opens && !rows.some(({ id }) => id === cursor)) useApp.setState({ cursor: first.id })
    },
  }
}

/** How many conversations below the cursor are read ahead, so that the next one opens in the frame of the key press. */
const ahead = 3

function usePrefetch(rows: readonly Row[]): void {
  const cursor = useApp((state) => state.cursor)
  useEffect(() => {
    const at = rows.findIndex(({ id }) => id === cursor)
    if (at < 0) return
    // After the conversation that is being opened itself.
    const timer = setTimeout(() => {
      for (const { id } of [...rows.slice(at + 1, at + 1 + ahead), ...rows.slice(Math.max(0, at - 1), at)]) void queryClient.query(api.threads.get.queryOptions({ input: { id } })).catch(() => undefined)
    }, 30)
    return () => clearTimeout(timer)
  }, [rows, cursor])
}
