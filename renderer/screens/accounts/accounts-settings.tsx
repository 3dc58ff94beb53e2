// Every mailbox in its order: what it is doing, and everything that can be done with it.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { BookOpenCheck, ArrowDown, ArrowUp, GripVertical, Inbox, MoreHorizontal, Pause, Pencil, Play, Plus, RefreshCw, Trash2 } from 'lucide-react'
import { useRef, useState } from 'react'
import type { ComponentProps, KeyboardEvent, PointerEvent } from 'react'
import type { AccountId } from '../../../shared/model/ids.ts'
import { api, client } from '../../api/api.ts'
import { useAppInfo } from '../../api/shared-query.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { showToast } from '../../parts/toast.tsx'
import { addAccount } from '../../state.ts'
import { showLedger } from '../ledger/shown-ledger.ts'
import { accountCssColor } from './account-color.ts'
import { askAboutAccount } from './account-questions.ts'
import { moved, placeAt } from './reorder.ts'
import { SummaryIcon, accountLine, tickFor } from './sync-line.tsx'
import { setPaused, syncNow } from './sync-status.tsx'
import { needsSignIn, summaryOf } from './sync-summary.ts'
import type { AccountWithState } from './sync-summary.ts'
import { useNow } from './use-now.ts'

export function AccountsSettings() {
  const t = useText()
  const list = useQuery(api.accounts.list.queryOptions())
  const secrets = useAppInfo()?.secrets ?? null

  if (list.isPending) return <Loading />
  if (list.isError) {
    return (
      <EmptyState title={t('accounts:settings.loadFailed')} action={<Button onClick={() => void list.refetch()}>{t('shell:retry')}</Button>}>
        {failureText(failureFrom(list.error))}
      </EmptyState>
    )
  }
  const all = list.data

  return (
    <div className="flex flex-col gap-6">
      {all.length === 0 ? (
        <div className="py-12">
          <EmptyState icon={Inbox} title={t('accounts:settings.empty')} action={<AddButtons sample />}>
            {t('accounts:settings.emptyText')}
          </EmptyState>
        </div>
      ) : (
        <>
          <AccountList all={all} />
          <AddButtons sample={!all.some(({ account }) => account.settings.kind === 'sample')} />
        </>
      )}
      {secrets !== null && all.length > 0 && (
        <p className={clsx('max-w-[36rem] text-xs', secrets === 'weak' ? 'rounded-md bg-warn-soft p-3 text-ink' : 'text-ink-3')}>
          {t(secrets === 'keychain' ? 'accounts:settings.secretKeychain' : secrets === 'weak' ? 'accounts:settings.secretWeak' : 'accounts:settings.secretFile')}
        </p>
      )}
    </div>
  )
}

function AddButtons({ sample }: { readonly sample: boolean }) {
  const t = useText()
  const [busy, setBusy] = useState(false)
  const addSample = async () => {
    setBusy(true)
    try {
      await client.accounts.addSample()
    } catch (error) {
      const failure = failureFrom(error)
      showToast({ tone: 'error', message: failureText(failure), ...(failure.said === null ? {} : { detail: failure.said }) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className="flex flex-wrap gap-2">
      <Button look="primary" icon={<Plus aria-hidden className="size-4" strokeWidth={2} />} onClick={() => addAccount()}>
        {t('accounts:settings.add')}
      </Button>
      {sample && (
        <Button look="quiet" busy={busy} onClick={() => void addSample()}>
          {t('accounts:settings.addSample')}
        </Button>
      )}
    </div>
  )
}

function Loading() {
  return (
    <div aria-busy className="flex flex-col gap-2">
      <Skeleton className="h-14 rounded-lg" />
      <Skeleton className="h-14 rounded-lg" />
    </div>
  )
}

function AccountList({ all }: { readonly all: readonly AccountWithState[] }) {
  const t = useText()
  const now = useNow(tickFor(all))
  const rows = useRef<HTMLOListElement>(null)
  // The order while it is being changed and until the stored one agrees; null: the stored one.
  const [order, setOrder] = useState<readonly AccountId[] | null>(null)
  const [dragged, setDragged] = useState<AccountId | null>(null)
  const [said, setSaid] = useState('')

  const stored = all.map(({ account }) => account.id)
  const ids = order !== null && order.length === stored.length && order.every((id) => stored.includes(id)) ? order : stored
  const shown = ids.flatMap((id) => all.find(({ account }) => account.id === id) ?? [])

  const store = async (next: readonly AccountId[]) => {
    if (next.every((id, at) => id === stored[at])) {
      setOrder(null)
      return
    }
    try {
      await client.accounts.reorder({ ids: [...next] })
    } catch (error) {
      setOrder(null)
      showToast({ tone: 'error', message: failureText(failureFrom(error)) })
    }
  }

  const moveBy = (id: AccountId, by: number) => {
    const from = ids.indexOf(id)
    const next = moved(ids, from, from + by)
    if (next === ids) return
    const name = all.find(({ account }) => account.id === id)?.account.name ?? ''
    setOrder(next)
    setSaid(t('accounts:settings.moved', { name, position: next.indexOf(id) + 1, total: next.length }))
    void store(next)
  }

  const drag = (event: PointerEvent) => {
    if (dragged === null || rows.current === null) return
    const middles = [...rows.current.children].map((row) => {
      const { top, height } = row.getBoundingClientRect()
      return top + height / 2
    })
    const from = ids.indexOf(dragged)
    // Only a neighbour whose middle was passed changes place; otherwise rows of unequal height would flicker.
    const place = placeAt(event.clientY, middles)
    const to = place > from ? place - (event.clientY < (middles[place] ?? 0) ? 1 : 0) : place
    setOrder(moved(ids, from, to))
  }

  return (
    <>
      {all.length > 1 && <p className="-mb-3 text-xs text-ink-3">{t('accounts:settings.intro')}</p>}
      <ol ref={rows} aria-label={t('accounts:settings.list')} className="flex flex-col overflow-hidden rounded-lg shadow-card dark:bg-fill">
        {shown.map((one, at) => (
          <AccountRow
            key={one.account.id}
            one={one}
            now={now}
            at={at}
            count={shown.length}
            dragged={dragged === one.account.id}
            onMove={(by) => moveBy(one.account.id, by)}
            handle={{
              onPointerDown: (event) => {
                if (event.button !== 0) return
                event.currentTarget.setPointerCapture(event.pointerId)
                setDragged(one.account.id)
              },
              onPointerMove: drag,
              onPointerUp: () => {
                if (dragged === null) return
                setDragged(null)
                void store(ids)
              },
              onPointerCancel: () => {
                setDragged(null)
                setOrder(null)
              },
            }}
          />
        ))}
      </ol>
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  )
}

type Handle = Pick<ComponentProps<'button'>, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel'>
type RowProps = {
  readonly one: AccountWithState
  readonly now: number
  readonly at: number
  readonly count: number
  readonly dragged: boolean
  readonly onMove: (by: number) => void
  readonly handle: Handle
}

function AccountRow({ one, now, at, count, dragged, onMove, handle }: RowProps) {
  const t = useText()
  const format = useFormat()
  const { account, state } = one
  const paused = account.paused || state.step === 'paused'
  const byKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    if (!event.altKey && !(event.target instanceof HTMLElement && event.target.dataset['move'] === 'handle')) return
    event.preventDefault()
    event.stopPropagation()
    onMove(event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <li onKeyDown={byKey} className={clsx('flex min-h-[3.75rem] items-center gap-2 border-b border-line py-2.5 pr-2 pl-1 last:border-b-0', dragged && 'bg-accent-soft')}>
      {count > 1 ? (
        <button
          type="button"
          data-move="handle"
          aria-label={t('accounts:settings.move', { name: account.name })}
          className={clsx('flex h-9 w-6 shrink-0 touch-none items-center justify-center rounded-md text-ink-3 hover:text-ink', dragged ? 'cursor-grabbing' : 'cursor-grab')}
          {...handle}
        >
          <GripVertical aria-hidden className="size-4" strokeWidth={1.75} />
        </button>
      ) : (
        <span className="w-2" />
      )}
      <span aria-hidden style={{ background: accountCssColor(account.color) }} className="size-2.5 shrink-0 rounded-full" />
      <span className="ml-1 min-w-0 flex-1">
        <span className="block truncate font-medium">{account.name}</span>
        {(account.settings.kind === 'sample' || account.name !== account.address) && (
          <span className="block truncate text-xs text-ink-3">{account.settings.kind === 'sample' ? t('accounts:settings.sample') : account.address}</span>
        )}
      </span>
      <span className="flex min-w-0 shrink items-center gap-1.5 text-xs text-ink-2">
        <SummaryIcon kind={summaryOf([one]).kind} />
        <span className="tabular truncate">{accountLine(t, format, one, now)}</span>
      </span>
      {needsSignIn(state) && (
        <Button className="!h-7 !px-2 text-xs" onClick={() => askAboutAccount('sign-in', account.id)}>
          {t('accounts:status.reconnect')}
        </Button>
      )}
      <IconButton icon={Pencil} label={`${t('accounts:settings.edit')} ${account.name}`} onClick={() => askAboutAccount('edit', account.id)} />
      <Menu
        align="end"
        items={[
          { label: t('accounts:status.syncNow'), icon: RefreshCw, disabled: paused, onSelect: () => void syncNow(account) },
          paused
            ? { label: t('accounts:settings.resume'), icon: Play, onSelect: () => void setPaused(account, false) }
            : { label: t('accounts:settings.pause'), icon: Pause, onSelect: () => void setPaused(account, true) },
          { label: t('accounts:settings.ledger'), icon: BookOpenCheck, onSelect: () => showLedger(account.id) },
          ...(count > 1
            ? ([
                { type: 'line' },
                { label: t('accounts:settings.moveUp'), icon: ArrowUp, shortcut: 'alt+arrowup', disabled: at === 0, onSelect: () => onMove(-1) },
                { label: t('accounts:settings.moveDown'), icon: ArrowDown, shortcut: 'alt+arrowdown', disabled: at === count - 1, onSelect: () => onMove(1) },
              ] as const)
            : []),
          { type: 'line' },
          { label: t('accounts:settings.remove'), icon: Trash2, danger: true, onSelect: () => askAboutAccount('remove', account.id) },
        ]}
      >
        <IconButton icon={MoreHorizontal} label={t('accounts:settings.more', { name: account.name })} tooltip={false} />
      </Menu>
    </li>
  )
}
