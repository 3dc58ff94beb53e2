// Under which names and addresses mail goes out, and the signatures that stand below it.
import { useQuery } from '@tanstack/react-query'
import clsx from 'clsx'
import { MoreHorizontal, Pencil, Plus, Trash2, UserRound } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Account } from '../../../shared/model/account.ts'
import type { Identity, Signature } from '../../../shared/model/draft.ts'
import { api, client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useText } from '../../locales/text.ts'
import { Button } from '../../parts/button.tsx'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { IconButton } from '../../parts/icon-button.tsx'
import { Menu } from '../../parts/menu.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { showToast } from '../../parts/toast.tsx'
import { accountCssColor } from '../accounts/account-color.ts'
import { EditSender } from './edit-sender.tsx'

/** Brings the editor along, which the settings should not wait for. */
const Signatures = lazy(async () => ({ default: (await import('./signatures.tsx')).Signatures }))

type Editing = { readonly account: Account; readonly identity: Identity | null }

const noSignatures: readonly Signature[] = []

export function SendersSettings() {
  const t = useText()
  const accounts = useQuery(api.accounts.list.queryOptions())
  const identities = useQuery(api.identities.list.queryOptions())
  const signatures = useQuery(api.signatures.list.queryOptions()).data ?? noSignatures
  const [editing, setEditing] = useState<Editing | null>(null)
  const [removing, setRemoving] = useState<Identity | null>(null)

  if (accounts.isPending || identities.isPending) {
    return (
      <div aria-busy className="flex flex-col gap-2">
        <Skeleton className="h-14 rounded-lg" />
        <Skeleton className="h-14 rounded-lg" />
      </div>
    )
  }
  const failed = accounts.error ?? identities.error
  if (accounts.isError || identities.isError) {
    return <EmptyState title={failureText(failureFrom(failed))} action={<Button onClick={() => void Promise.all([accounts.refetch(), identities.refetch()])}>{t('shell:retry')}</Button>} />
  }
  if (accounts.data.length === 0) return <EmptyState icon={UserRound} title={t('senders:noAccounts')} />

  const remove = async (identity: Identity): Promise<void> => {
    try {
      await client.identities.remove({ id: identity.id })
    } catch (error) {
      showToast({ tone: 'error', message: failureText(failureFrom(error)) })
      throw error
    }
  }
  return (
    <>
      <p className="-mt-3 mb-5 max-w-[36rem] text-ink-3">{t('senders:intro')}</p>
      {accounts.data.map(({ account }) => {
        const own = identities.data.filter((identity) => identity.accountId === account.id)
        return (
          <section key={account.id} aria-label={account.name} className="mb-6">
            <div className="mb-2 flex items-center gap-2">
              <span aria-hidden style={{ background: accountCssColor(account.color) }} className="size-2.5 shrink-0 rounded-full" />
              <h2 className="min-w-0 flex-1 truncate text-xs font-semibold text-ink-2">{account.name}</h2>
              <Button look="quiet" className="h-7! px-2! text-xs!" icon={<Plus aria-hidden className="size-3.5" />} onClick={() => setEditing({ account, identity: null })}>
                {t('senders:add')}
              </Button>
            </div>
            <ul className="divide-y divide-line rounded-lg shadow-card dark:bg-fill">
              {own.map((identity) => (
                <SenderRow key={identity.id} identity={identity} signatures={signatures} last={own.length === 1} onEdit={() => setEditing({ account, identity })} onRemove={() => setRemoving(identity)} />
              ))}
            </ul>
          </section>
        )
      })}
      <Suspense fallback={<Skeleton className="h-24 rounded-lg" />}>
        <Signatures signatures={signatures} identities={identities.data} />
      </Suspense>
      {editing && <EditSender key={editing.identity?.id ?? 'new'} account={editing.account} identity={editing.identity} signatures={signatures} onClose={() => setEditing(null)} />}
      <ConfirmDialog
        open={removing !== null}
        onOpenChange={(open) => {
          if (!open) setRemoving(null)
        }}
        title={t('senders:removeTitle', { address: removing?.address ?? '' })}
        description={t('senders:removeText')}
        confirm={t('senders:remove')}
        danger
        onConfirm={async () => {
          if (removing) await remove(removing)
        }}
      />
    </>
  )
}

type RowProps = { readonly identity: Identity; readonly signatures: readonly Signature[]; readonly last: boolean; readonly onEdit: () => void; readonly onRemove: () => void }

function SenderRow({ identity, signatures, last, onEdit, onRemove }: RowProps) {
  const t = useText()
  const named = (id: Signature['id'] | null): string => signatures.find((signature) => signature.id === id)?.name ?? t('senders:noSignature')
  const title = identity.name || identity.address
  const makeDefault = (): void => {
    const { position: _position, ...rest } = identity
    client.identities.save({ ...rest, isDefault: true }).catch((error: unknown) => showToast({ tone: 'error', message: failureText(failureFrom(error)) }))
  }
  return (
    <li className="flex min-h-14 items-center gap-3 py-2 pr-2 pl-4">
      <div className="min-w-0 flex-1">
        <p className="flex items-center gap-2">
          <bdi className="truncate font-medium">{title}</bdi>
          {identity.isDefault && !last && <span className="shrink-0 rounded-sm bg-accent-soft px-1.5 text-2xs font-medium text-accent-ink">{t('senders:default')}</span>}
        </p>
        <p className="truncate text-xs text-ink-3">
          <bdi>{identity.address}</bdi>
          {identity.signatureNew !== null || identity.signatureReply !== null ? ` · ${[...new Set([named(identity.signatureNew), named(identity.signatureReply)])].join(' / ')}` : ''}
        </p>
      </div>
      <IconButton icon={Pencil} label={t('senders:edit', { name: title })} onClick={onEdit} />
      <Menu
        align="end"
        items={[
          { label: t('senders:makeDefault'), checked: identity.isDefault, disabled: identity.isDefault, onSelect: makeDefault },
          { type: 'line' },
          { label: last ? t('senders:lastOne') : t('senders:remove'), icon: Trash2, danger: true, disabled: last, onSelect: onRemove },
        ]}
      >
        <IconButton icon={MoreHorizontal} label={t('senders:more', { name: title })} tooltip={false} className={clsx(last && 'invisible')} />
      </Menu>
    </li>
  )
}
