import { useQuery } from '@tanstack/react-query'
import { HardDrive, KeyRound, Mail, TriangleAlert } from 'lucide-react'
import type { Account } from '../../../shared/model/account.ts'
import { api, client } from '../../api/api.ts'
import { failureFrom, failureText } from '../../api/failure.ts'
import { useFormat } from '../../locales/format.ts'
import { useText } from '../../locales/text.ts'
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx'
import { Skeleton } from '../../parts/skeleton.tsx'
import { showToast } from '../../parts/toast.tsx'

/** What would be lost for good, the worst first. */
const unfinished = ['outgoing', 'drafts', 'owed'] as const

type Props = { readonly account: Account; readonly onClose: () => void }

/** Says exactly what goes and what stays. The focus starts on Cancel. */
export function RemoveAccountDialog({ account, onClose }: Props) {
  const t = useText()
  const format = useFormat()
  // Counted anew at every opening: an old figure would be a wrong promise.
  const size = useQuery(api.accounts.size.queryOptions({ input: { id: account.id }, staleTime: 0, gcTime: 0 }))

  const remove = async () => {
    try {
      const freed = await client.accounts.remove({ id: account.id })
      showToast({ message: t('accounts:remove.done', { name: account.name, count: freed.messages, size: format.size(freed.bytes) }) })
    } catch (error) {
      const failure = failureFrom(error)
      showToast({ tone: 'error', message: failureText(failure), ...(failure.said === null ? {} : { detail: failure.said }) })
      throw error
    }
  }

  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      title={t('accounts:remove.title', { name: account.name })}
      description={account.settings.kind === 'sample' ? t('accounts:remove.sample') : t('accounts:remove.server')}
      confirm={t('accounts:remove.confirm')}
      danger
      onConfirm={remove}
    >
      <div className="mt-4 rounded-lg bg-fill p-3" aria-busy={size.isPending}>
        <p className="mb-2 text-xs font-medium text-ink-2">{t('accounts:remove.text')}</p>
        <ul className="flex flex-col gap-1.5">
          {size.isPending ? (
            <li>
              <span className="sr-only">{t('accounts:remove.counting')}</span>
              <Skeleton className="h-4 w-40" />
            </li>
          ) : size.isError ? (
            <li>{t('accounts:remove.notCounted')}</li>
          ) : (
            <>
              <li className="flex items-center gap-2">
                <Mail aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
                {t('accounts:remove.messages', { count: size.data.messages })}
              </li>
              <li className="flex items-center gap-2">
                <HardDrive aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
                {t('accounts:remove.bytes', { size: format.size(size.data.bytes) })}
              </li>
              {unfinished.map((what) =>
                size.data[what] === 0 ? null : (
                  <li key={what} className="flex items-center gap-2 font-medium text-danger">
                    <TriangleAlert aria-hidden className="size-4" strokeWidth={1.75} />
                    {t(`accounts:remove.${what}`, { count: size.data[what] })}
                  </li>
                ),
              )}
            </>
          )}
          {account.settings.kind === 'imap' && (
            <li className="flex items-center gap-2">
              <KeyRound aria-hidden className="size-4 text-ink-3" strokeWidth={1.75} />
              {t('accounts:remove.secret')}
            </li>
          )}
        </ul>
      </div>
    </ConfirmDialog>
  )
}
