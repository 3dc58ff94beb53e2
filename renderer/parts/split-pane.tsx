import clsx from 'clsx'
import type { ReactNode } from 'react'
import { Fragment } from 'react'
import { Group, Panel, Separator } from 'react-resizable-panels'
import { changeSettings, currentSettings } from '../api/settings.ts'

export type Pane = {
  readonly id: string
  readonly content: ReactNode
  /** Sizes are pixels as numbers or '30%'. */
  readonly start: number | string
  readonly min: number | string
  readonly max?: number | string
  /** Keeps its pixels when the window grows; the others share the rest. */
  readonly fixed?: boolean
}

type Props = {
  /** The sizes are remembered under this name, separately for each set of panes. */
  readonly name: string
  readonly panes: readonly Pane[]
  readonly label: (left: Pane) => string
  readonly className?: string | undefined
}

/** Panes side by side with a movable line between them. The lines take the arrow keys. */
export function SplitPane({ name, panes, label, className }: Props) {
  const key = `${name}:${String(panes.length)}`
  const remembered = currentSettings().panes[key]
  const layout =
    remembered?.length === panes.length ? Object.fromEntries(panes.map((pane, at) => [pane.id, remembered[at] ?? 0])) : undefined
  return (
    <Group
      key={key}
      id={key}
      className={clsx('h-full', className)}
      {...(layout ? { defaultLayout: layout } : {})}
      onLayoutChanged={(sizes, meta) => {
        if (!meta.isUserInteraction) return
        const rounded = panes.map((pane) => Math.round((sizes[pane.id] ?? 0) * 100) / 100)
        void changeSettings({ panes: { ...currentSettings().panes, [key]: rounded } }).catch(() => undefined)
      }}
    >
      {panes.map((pane, at) => {
        const left = panes[at - 1]
        return (
          <Fragment key={pane.id}>
            {left && (
              <Separator
                aria-label={label(left)}
                className="relative z-10 w-px bg-line outline-none after:absolute after:inset-y-0 after:-left-px after:w-[3px] after:bg-accent after:opacity-0 after:transition-opacity data-[separator=active]:after:opacity-100 data-[separator=focus]:after:opacity-100 data-[separator=hover]:after:opacity-60"
              />
            )}
            <Panel
              id={pane.id}
              defaultSize={pane.start}
              minSize={pane.min}
              {...(pane.max === undefined ? {} : { maxSize: pane.max })}
              groupResizeBehavior={pane.fixed === true ? 'preserve-pixel-size' : 'preserve-relative-size'}
              className="min-w-0"
            >
              {pane.content}
            </Panel>
          </Fragment>
        )
      })}
    </Group>
  )
}
