// Short notes at the bottom of the window, with undo where there is something to undo. Pausing while pointed at or focused.
import { AlertCircle, X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { create } from 'zustand'
import { useText } from '../locales/text.ts'
import { IconButton } from './icon-button.tsx'

export type Toast = {
  readonly tone?: 'info' | 'error'
  readonly message: string
  /** A second, quieter line: what was kept, what to do next, the server's words. */
  readonly detail?: string | undefined
  readonly action?: { readonly label: string; readonly perform: () => void } | undefined
  /** A later toast with the same key takes this one's place. */
  readonly key?: string
  /** Its action is kept as a step to undo elsewhere as well; `undoLatest` leaves it alone. */
  readonly inSteps?: boolean
  /** Its action leads somewhere and takes nothing back; `undoLatest` leaves it alone. */
  readonly leadsOn?: boolean
  /** Stays exactly this long, counting down the seconds, because its action is possible no longer. */
  readonly lastsMs?: number
}

type Shown = Toast & { readonly id: number; readonly at: number; readonly endsAt: number | null }
type Toasts = { readonly shown: readonly Shown[] }

const useToasts = create<Toasts>(() => ({ shown: [] }))
let lastId = 0

export function showToast(toast: Toast): void {
  const id = ++lastId
  useToasts.setState(({ shown }) => ({
    shown: [...shown.filter((other) => toast.key === undefined || other.key !== toast.key), { ...toast, id, at: Date.now(), endsAt: toast.lastsMs === undefined ? null : Date.now() + toast.lastsMs }].slice(-3),
  }))
}

function dismiss(id: number): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter((toast) => toast.id !== id) }))
}

/** Takes a toast away before its time. */
export function dismissToast(key: string): void {
  useToasts.setState(({ shown }) => ({ shown: shown.filter((toast) => toast.key !== key) }))
}

/** Performs the newest toast's action, as mod+z does. False when there is none newer than `after`. */
export function undoLatest(after: number): boolean {
  const latest = useToasts.getState().shown.findLast((toast) => toast.action && toast.inSteps !== true && toast.leadsOn !== true && toast.at >= after)
  if (!latest?.action) return false
  latest.action.perform()
  dismiss(latest.id)
  return true
}

export function ToastArea() {
  const t = useText()
  const shown = useToasts((state) => state.shown)
  return (
    <section aria-label={t('shell:notes')} aria-live="polite" className="pointer-events-none fixed right-(--docked) bottom-14 left-[calc(1rem+var(--docked-left))] z-50 flex flex-col items-start gap-2 pr-4">
      {/* One that takes another's place stands there already: at a key a second nothing may keep moving. */}
      {shown.map((toast) => (
        <ToastCard key={toast.key === undefined ? toast.id : `${toast.key} ${toast.tone ?? 'info'}`} toast={toast} />
      ))}
    </section>
  )
}

function ToastCard({ toast }: { readonly toast: Shown }) {
  const t = useText()
  const [held, setHeld] = useState(false)
  const { endsAt } = toast
  const time = toast.tone === 'error' ? 12_000 : toast.action ? 8000 : 4000
  useEffect(() => {
    if (held && endsAt === null) return
    const timer = setTimeout(() => dismiss(toast.id), endsAt === null ? time : endsAt - Date.now())
    return () => clearTimeout(timer)
  }, [held, time, endsAt, toast.id])
  return (
    <div
      role={toast.tone === 'error' ? 'alert' : undefined}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
      className="pointer-events-auto flex max-w-[min(32rem,100%)] min-w-72 animate-rise items-center gap-3 rounded-lg bg-raised py-2 pr-2 pl-4 shadow-raised"
    >
      {toast.tone === 'error' && <AlertCircle aria-hidden className="size-4 shrink-0 text-danger" />}
      <div className="selectable min-w-0 flex-1 py-0.5">
        {/* Said again when it is the same again. */}
        <p key={toast.id} className="line-clamp-3 font-medium break-words">
          {toast.message}
        </p>
        {toast.detail !== undefined && <p className="line-clamp-3 text-xs text-ink-3">{toast.detail}</p>}
      </div>
      {endsAt !== null && <SecondsLeft endsAt={endsAt} />}
      {toast.action && (
        <button
          type="button"
          className="h-7 shrink-0 rounded-md px-2 font-medium text-accent-ink hover:bg-fill"
          onClick={() => {
            toast.action?.perform()
            dismiss(toast.id)
          }}
        >
          {toast.action.label}
        </button>
      )}
      <IconButton icon={X} size="small" label={t('shell:dismiss')} tooltip={false} onClick={() => dismiss(toast.id)} />
    </div>
  )
}

/** Not spoken: a number that changes every second would drown everything else. */
function SecondsLeft({ endsAt }: { readonly endsAt: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  return (
    <span aria-hidden className="tabular min-w-4 text-right text-xs text-ink-3">
      {Math.max(0, Math.ceil((endsAt - now) / 1000))}
    </span>
  )
}
