import { Component } from 'react'
import type { ReactNode } from 'react'
import { Button } from '../parts/button.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { TriangleAlert } from 'lucide-react'
import { text } from '../locales/text.ts'

type Props = { readonly children: ReactNode; /** A change of this tries again. */ readonly resetKey?: unknown }
type State = { readonly error: Error | null; readonly resetKey: unknown }

/** Keeps a fault in one part of the window from taking the rest with it. */
export class Boundary extends Component<Props, State> {
  override state: State = { error: null, resetKey: this.props.resetKey }

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <div role="alert" className="h-full bg-surface">
        <EmptyState
          icon={TriangleAlert}
          title={text('shell:crash.title')}
          action={
            <div className="flex gap-2">
              <Button look="primary" onClick={() => this.setState({ error: null })}>
                {text('shell:crash.again')}
              </Button>
              <Button onClick={() => location.reload()}>{text('shell:crash.reload')}</Button>
            </div>
          }
        >
          <p>{text('shell:crash.detail')}</p>
          <p className="selectable mt-3 font-mono text-xs break-words">{error.message}</p>
        </EmptyState>
      </div>
    )
  }
}
